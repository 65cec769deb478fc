//! What stands around every page: title, navigation, who is logged in, a notice.

use axum::http::Method;

use super::route::Access;
use super::routes::KNOWN;
use crate::domain::{Language, Operator};
use crate::web::layout;

pub(super) use crate::web::site::escaped;

/// The pages of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// Calls and searches that are under way.
    Now,
    /// Requests.
    Requests,
    /// Messages and promises.
    Promises,
    /// People who take part.
    Participants,
    /// Reports.
    Reports,
    /// The desk open or closed.
    Opening,
    /// Operators and the audit trail.
    Administration,
    /// One's own account; none of the navigation's pages.
    Account,
}

impl Section {
    const ALL: [Self; 7] = [
        Self::Now,
        Self::Requests,
        Self::Promises,
        Self::Participants,
        Self::Reports,
        Self::Opening,
        Self::Administration,
    ];

    /// Where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Now => "/loket",
            Self::Requests => "/loket/vragen",
            Self::Promises => "/loket/berichten",
            Self::Participants => "/loket/deelnemers",
            Self::Reports => "/loket/verslagen",
            Self::Opening => "/loket/open",
            Self::Administration => "/loket/beheer",
            Self::Account => "/loket/ik",
        }
    }

    /// What it is called.
    pub fn name(self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::Now => ("Nu bezig", "Now"),
            Self::Requests => ("Vragen", "Requests"),
            Self::Promises => ("Berichten en beloftes", "Messages and promises"),
            Self::Participants => ("Deelnemers", "Participants"),
            Self::Reports => ("Verslagen", "Reports"),
            Self::Opening => ("Loket open of dicht", "Desk open or closed"),
            Self::Administration => ("Beheer", "Administration"),
            Self::Account => ("Uw account", "Your account"),
        };
        language.pick(nl, en)
    }

    /// What it is called where there is little room.
    pub fn short(self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::Promises => ("Beloftes", "Promises"),
            Self::Opening => ("Open of dicht", "Open or closed"),
            Self::Administration => ("Beheer", "Admin"),
            _ => return self.name(language),
        };
        language.pick(nl, en)
    }

    /// One sentence on what is done there.
    pub fn what(self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::Now => {
                ("Gesprekken en zoektochten van dit moment.", "Calls and searches of this moment.")
            }
            Self::Requests => (
                "Wat er gevraagd is, en hoe het verder gaat.",
                "What was asked, and how it goes on.",
            ),
            Self::Promises => (
                "Wat u moet terugbellen of beantwoorden, het eerste bovenaan.",
                "Whom to ring back or answer, the most urgent first.",
            ),
            Self::Participants => {
                ("Wie er meedoet, en wanneer het uitkomt.", "Who takes part, and when it suits.")
            }
            Self::Reports => ("Cijfers per maand en per jaar.", "Figures by month and by year."),
            Self::Opening => (
                "Nu open of dicht, sluitingsdagen en een mededeling.",
                "Open or closed right now, closing days and a notice.",
            ),
            Self::Administration => (
                "Collega's, en wie wat bekeek of veranderde.",
                "Colleagues, and who looked at or changed what.",
            ),
            Self::Account => ("Uw wachtwoord en inloggen.", "Your password and logging in."),
        };
        language.pick(nl, en)
    }
}

/// A place in the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub path: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// The same where there is little room.
    pub short: &'static str,
    /// One sentence on what is done there.
    pub what: &'static str,
    /// Whether this page is there.
    pub here: bool,
}

/// What `desk/templates/layout.html` needs; a page's struct has it as `layout`.
pub type Layout = layout::Layout<Own>;

/// What is around the pages of the desk only.
#[derive(Debug, Clone, Default)]
pub struct Own {
    /// The name of whoever is logged in; none on the log-in page.
    pub name: Option<String>,
    /// Where this operator may go.
    pub places: Vec<Place>,
}

impl Layout {
    /// Around a page for somebody who is not logged in.
    pub(super) fn outside(language: Language, path: &str, title: &str) -> Self {
        Self {
            title: title.to_owned(),
            language,
            path: path.to_owned(),
            filled_in: false,
            csrf: String::new(),
            notice: None,
            events: None,
            own: Own::default(),
        }
    }
}

/// Where somebody may go: only pages that are there, and that come with their role.
pub(super) fn places(operator: &Operator, here: Section, language: Language) -> Vec<Place> {
    let may = |section: &Section| {
        KNOWN.iter().any(|(method, path, access)| match access {
            Access::Right(right) => {
                *method == Method::GET && *path == section.path() && operator.role.may(*right)
            }
            _ => false,
        })
    };
    let place = |section: Section| Place {
        path: section.path(),
        name: section.name(language),
        short: section.short(language),
        what: section.what(language),
        here: section == here,
    };
    Section::ALL.into_iter().filter(may).map(place).collect()
}
