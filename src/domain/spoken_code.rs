//! A code of six digits that is spoken in a call to somebody's own telephone, to be typed on a page.

use serde::{Deserialize, Serialize};

/// How many digits it has.
const DIGITS: usize = 6;
/// How many codes there are.
const CODES: u32 = 1_000_000;

/// Six digits. `Debug` shows none of them (R14).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SpokenCode(Box<str>);

/// Not six digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has six digits")]
pub struct NotACode;

impl SpokenCode {
    /// The code of a number that was drawn evenly from 0 to 999,999; of a larger one its last six
    /// digits.
    pub fn of(drawn: u32) -> Self {
        Self(format!("{:06}", drawn % CODES).into())
    }

    /// Reads what somebody typed; spaces and hyphens between the digits are fine.
    ///
    /// # Errors
    /// [`NotACode`] when that is not six digits.
    pub fn parse(typed: &str) -> Result<Self, NotACode> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let fits = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(digits.into())) } else { Err(NotACode) }
    }

    /// The six digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SpokenCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SpokenCode(...)")
    }
}

impl TryFrom<String> for SpokenCode {
    type Error = NotACode;
    fn try_from(text: String) -> Result<Self, NotACode> {
        Self::parse(&text)
    }
}

impl From<SpokenCode> for String {
    fn from(code: SpokenCode) -> String {
        code.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_six_digits_and_reads_back_as_people_type_it() {
        assert_eq!(SpokenCode::of(0).as_str(), "000000");
        assert_eq!(SpokenCode::of(1_234_567).as_str(), "234567");
        for typed in ["012345", " 012 345 ", "01-23-45"] {
            assert_eq!(SpokenCode::parse(typed), Ok(SpokenCode::of(12_345)), "{typed}");
        }
        for odd in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦"] {
            assert_eq!(SpokenCode::parse(odd), Err(NotACode), "{odd}");
        }
        assert_eq!(format!("{:?}", SpokenCode::of(1)), "SpokenCode(...)");
    }
}
