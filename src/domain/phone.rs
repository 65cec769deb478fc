//! Dutch telephone numbers that may be rung, and nothing else.
//!
//! Rule R12: every number that is dialled passes one gate, an allow-list. The gate is applied on
//! entry ([`Phone::parse`], [`Phone::parse_desk`]), on load ([`Phone::from_stored`]) and
//! immediately before dialling ([`Numbering::may_ring`], [`Numbering::may_ring_desk`], together
//! with the line's own numbers, in `exchange`). On entry libphonenumber has a say as well; the
//! two others are a handful of comparisons, because they are made for every candidate.

use std::fmt;

use serde::{Deserialize, Serialize};

mod plan;
#[cfg(test)]
mod tests;
mod typed;

use plan::Kind;

/// A number in E.164 form, `+31` and nine digits, of a kind that the exchange may ring.
///
/// 088 numbers pass as well: a desk may have one. [`Numbering::may_ring`] tells them apart.
///
/// `Debug` and `Display` show it masked (`+31 70 ••• ••42`, `+31 6 •••• ••42`), so that it can
/// never reach a log by accident (R14). [`Phone::e164`] is the number itself, for the provider and
/// the database.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(Box<str>);

/// Which numbers may be rung.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Numbering {
    /// Numbers in use in the Netherlands: fixed, mobile, 085 and 091.
    #[default]
    #[serde(rename = "nl")]
    Nl,
    /// Those and the fixture numbers, which nobody has. Only with the simulated carrier.
    #[serde(rename = "nl-fixtures")]
    NlFixtures,
}

/// Why a number is not rung. The sentences are for technicians and import reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Empty, letters, or characters that a telephone exchange would act on.
    #[error("this is not a telephone number; write it as 070 000 25 86 or +31700002586")]
    NotANumber,
    /// Outside the Netherlands (`+31`), Caribbean Netherlands included.
    #[error("only Dutch numbers are rung; this one is foreign")]
    Foreign,
    /// 112, 14070, 1888, 116xxx and other short numbers.
    #[error("short and emergency numbers are never rung")]
    Short,
    /// 0800, 082, 084, 087, 088, 0900, 0906, 0909, 097, 066, 067, 069 ...
    #[error("this kind of number is never rung: only fixed, mobile, 085 and 091 numbers are")]
    Kind,
    /// The right kind, but not a number of the Dutch numbering plan.
    #[error("this number does not exist in the Dutch numbering plan; check the digits")]
    Unassigned,
    /// A fixture number, which exists only in tests and in the demo.
    #[error("this is a test number that nobody has; it is only rung in the demo and in tests")]
    Fixture,
}

impl Phone {
    /// Reads what a person typed or a provider sent: `070 000 25 86`, `+31 (0)70-0002586`,
    /// `0031 70...`. Only numbers that may be rung as a neighbour, or rung back, pass.
    ///
    /// # Errors
    /// [`Refused`] with the reason; the number itself is never part of it.
    pub fn parse(text: &str, numbering: Numbering) -> Result<Self, Refused> {
        let phone = Self::parse_desk(text, numbering)?;
        numbering.may_ring(&phone)?;
        Ok(phone)
    }

    /// The same for a number of the organisation itself, a desk or a line: 088 passes as well.
    ///
    /// # Errors
    /// [`Refused`] with the reason; the number itself is never part of it.
    pub fn parse_desk(text: &str, numbering: Numbering) -> Result<Self, Refused> {
        let national = typed::national_digits(text)?;
        let phone = Self(format!("+31{national}").into());
        plan::kind(national.as_bytes())?;
        numbering.may_ring_desk(&phone)?;
        if plan::is_assigned(&phone.0) { Ok(phone) } else { Err(Refused::Unassigned) }
    }

    /// Reads a number from the database: E.164, of a kind that may be rung; fixture numbers and
    /// 088 pass here and meet [`Numbering::may_ring`] before they are dialled.
    ///
    /// # Errors
    /// [`Refused`] when it is anything else.
    pub fn from_stored(text: &str) -> Result<Self, Refused> {
        let digits = text.strip_prefix('+').ok_or(Refused::NotANumber)?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refused::NotANumber);
        }
        let national = digits.strip_prefix("31").ok_or(Refused::Foreign)?;
        plan::kind(national.as_bytes())?;
        Ok(Self(text.into()))
    }

    /// The number itself: `+31700002586`.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// The number as people in the Netherlands write it: `06 0100 0001`, `070 001 00 01`,
    /// `0519 001 001`. Only for a page on which somebody asked for it, which is written down.
    pub fn in_full(&self) -> String {
        let digits = &self.0["+31".len()..];
        let parts: &[usize] = match plan::area_length(digits.as_bytes()) {
            1 => &[1, 4, 4],
            2 => &[2, 3, 2, 2],
            _ => &[3, 3, 3],
        };
        let mut rest = digits;
        let mut groups = Vec::new();
        for part in parts {
            let (group, after) = rest.split_at_checked(*part).unwrap_or((rest, ""));
            groups.push(group);
            rest = after;
        }
        format!("0{}", groups.join(" "))
    }

    fn national(&self) -> &[u8] {
        &self.0.as_bytes()["+31".len()..]
    }
}

impl Numbering {
    /// The gate for neighbours and callers who are rung back: whether this number may be dialled
    /// under this numbering (R12). A few comparisons; no regular expression.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn may_ring(self, phone: &Phone) -> Result<(), Refused> {
        self.may_ring_desk(phone)?;
        match plan::kind(phone.national())? {
            Kind::Company => Err(Refused::Kind),
            Kind::Fixed | Kind::Mobile | Kind::FixtureMobile | Kind::Anywhere => Ok(()),
        }
    }

    /// The gate for the organisation's own desk telephones: also 088.
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn may_ring_desk(self, phone: &Phone) -> Result<(), Refused> {
        match self {
            Self::Nl if plan::is_fixture(phone.national()) => Err(Refused::Fixture),
            Self::Nl | Self::NlFixtures => Ok(()),
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = &self.0[10..];
        if self.0.as_bytes()[3] == b'6' {
            write!(f, "+31 6 •••• ••{last}")
        } else {
            write!(f, "+31 {} ••• ••{last}", &self.0[3..5])
        }
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0.into()
    }
}

impl TryFrom<String> for Phone {
    type Error = Refused;
    fn try_from(stored: String) -> Result<Self, Refused> {
        Self::from_stored(&stored)
    }
}
