//! Who works at the desk, and what each may do and see there.
//!
//! What a page or an action needs is a [`Right`]; which rights come with a [`Role`] stands here and
//! nowhere else. Passwords and sessions are not here: those are `login` and `store`.

use serde::{Deserialize, Serialize};

use super::{Language, OperatorId, Phone, Postcode};

/// What somebody does at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Takes calls in office hours, for some lines.
    Operator,
    /// Looks after an area or a village: some postcodes, on whichever line.
    Coordinator,
    /// Sees to everything, operators among it.
    Administrator,
}

/// What a page or an action of the desk needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// One's own password, second factor and sessions.
    OwnAccount,
    /// See the calls and searches that are under way.
    WatchCalls,
    /// Step into them: take over, ring somebody next, skip, give up, say a sentence.
    SteerCalls,
    /// See requests, enter them, claim them and write down how they ended.
    WorkOnRequests,
    /// Hear messages, and keep what was promised.
    KeepPromises,
    /// See who takes part, numbers masked; pause, correct or stop somebody at their wish.
    CareForParticipants,
    /// Open or close the desk, enter closing days, speak a notice.
    OpenAndClose,
    /// See reports, and take them along as a file.
    SeeReports,
    /// See who looked at what, and who changed what.
    SeeAudit,
    /// Add operators, switch them off, settle what they see.
    ManageOperators,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 10] = [
        Self::OwnAccount,
        Self::WatchCalls,
        Self::SteerCalls,
        Self::WorkOnRequests,
        Self::KeepPromises,
        Self::CareForParticipants,
        Self::OpenAndClose,
        Self::SeeReports,
        Self::SeeAudit,
        Self::ManageOperators,
    ];
}

impl Role {
    /// Every role, the one that may least first.
    pub const ALL: [Self; 3] = [Self::Operator, Self::Coordinator, Self::Administrator];

    /// Whether this right comes with the role. *Which* calls, requests and people is another
    /// question: [`Operator::sees`].
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::OwnAccount
            | Right::WatchCalls
            | Right::WorkOnRequests
            | Right::CareForParticipants
            | Right::SeeReports => true,
            Right::SteerCalls | Right::KeepPromises | Right::OpenAndClose => {
                self != Self::Coordinator
            }
            Right::SeeAudit | Right::ManageOperators => self == Self::Administrator,
        }
    }

    /// One word, as in the configuration and on the command line: `operator`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Coordinator => "coordinator",
            Self::Administrator => "administrator",
        }
    }

    /// Reads [`Role::code`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == text)
    }

    /// What it is called on a page.
    pub fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Operator, Language::Nl) => "medewerker",
            (Self::Operator, Language::En) => "operator",
            (Self::Coordinator, Language::Nl) => "coördinator",
            (Self::Coordinator, Language::En) => "coordinator",
            (Self::Administrator, Language::Nl) => "beheerder",
            (Self::Administrator, Language::En) => "administrator",
        }
    }
}

/// Longest name, in characters.
const LONGEST_NAME: usize = 40;

/// Not a name to log in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name to log in with is 2 to {LONGEST_NAME} letters, digits, spaces or . - ' @ _")]
pub struct NotAName;

/// Reads a name to log in with; several spaces become one.
///
/// # Errors
/// [`NotAName`] when it is too short, too long, or has other characters.
pub fn name_of(text: &str) -> Result<String, NotAName> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = |c: char| c.is_alphanumeric() || " .-'’@_".contains(c);
    let length = name.chars().count();
    if (2..=LONGEST_NAME).contains(&length) && name.chars().all(fits) {
        Ok(name)
    } else {
        Err(NotAName)
    }
}

/// Somebody who may log in at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// Their row.
    pub id: OperatorId,
    /// What they log in with; shown to colleagues.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// The lines that an operator works for, by number.
    pub lines: Vec<Phone>,
    /// The postcodes that a coordinator looks after.
    pub areas: Vec<Postcode>,
}

impl Operator {
    /// Whether something of this line, about this place, is theirs to see. What has no place yet is
    /// seen by the line's operators and by administrators.
    pub fn sees(&self, line: &Phone, place: Option<Postcode>) -> bool {
        match self.role {
            Role::Operator => self.lines.contains(line),
            Role::Coordinator => place.is_some_and(|place| self.areas.contains(&place)),
            Role::Administrator => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_may_everything_and_each_right_is_somebodys() {
        for right in Right::ALL {
            assert!(Role::Administrator.may(right), "{right:?}");
        }
        assert!(!Role::Operator.may(Right::ManageOperators));
        assert!(!Role::Coordinator.may(Right::SteerCalls));
    }

    #[test]
    fn a_role_reads_back_from_its_word() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.code()), Some(role));
        }
        assert_eq!(Role::parse("Administrator"), None);
    }

    #[test]
    fn a_name_is_something_that_can_be_read_and_typed() {
        assert_eq!(name_of("  Kees   Bos "), Ok("Kees Bos".into()));
        for good in ["Jo", "Anneke-Marijke d'Hont", "Zoë", "a.jansen@welzijn"] {
            assert_eq!(name_of(good).as_deref(), Ok(good));
        }
        for bad in ["", "a", "a:b", "<b>", "a\u{202e}b", &"a".repeat(41)] {
            assert_eq!(name_of(bad), Err(NotAName), "{bad}");
        }
    }

    #[test]
    fn operators_see_their_lines_and_coordinators_their_areas() {
        let here = Phone::from_stored("+31700002586").expect("a line");
        let there = Phone::from_stored("+31519002586").expect("a line");
        let place = |number: u16| Postcode::try_from(number).ok();
        let somebody = |role| Operator {
            id: OperatorId(1),
            name: "Anneke".into(),
            role,
            lines: vec![here.clone()],
            areas: place(9101).into_iter().collect(),
        };
        let operator = somebody(Role::Operator);
        assert!(operator.sees(&here, None) && operator.sees(&here, place(9101)));
        assert!(!operator.sees(&there, place(9101)), "a place is not an operator's");
        let coordinator = somebody(Role::Coordinator);
        assert!(coordinator.sees(&there, place(9101)));
        assert!(!coordinator.sees(&here, None) && !coordinator.sees(&here, place(2584)));
        assert!(somebody(Role::Administrator).sees(&there, None));
    }
}
