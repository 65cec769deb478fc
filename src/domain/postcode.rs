//! The four digits of a Dutch postcode: all that is ever asked of a caller.

use serde::{Deserialize, Serialize};

/// A four-digit postcode, 1000 to 9999. A place in it may or may not exist; `store` knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Postcode(u16);

/// Not a postcode: four digits were expected, the first from 1 to 9.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a postcode is four digits, 1000 to 9999; letters may follow")]
pub struct NotAPostcode;

impl Postcode {
    /// Reads `2584`, `2584AB` or `2584 AB` (the letters are checked, then dropped).
    ///
    /// # Errors
    /// [`NotAPostcode`] for anything else, also for the letters SA, SD and SS, which are not used.
    pub fn parse(text: &str) -> Result<Self, NotAPostcode> {
        let text = text.trim();
        let digits = text.get(..4).ok_or(NotAPostcode)?;
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NotAPostcode);
        }
        let letters = text[4..].trim_start().to_ascii_uppercase();
        let letters_fit = letters.is_empty()
            || (letters.len() == 2
                && letters.bytes().all(|b| b.is_ascii_uppercase())
                && !["SA", "SD", "SS"].contains(&letters.as_str()));
        if !letters_fit {
            return Err(NotAPostcode);
        }
        digits.parse::<u16>().map_err(|_| NotAPostcode)?.try_into()
    }

    /// The four digits as a number, 1000 to 9999.
    pub fn number(self) -> u16 {
        self.0
    }
}

impl TryFrom<u16> for Postcode {
    type Error = NotAPostcode;
    fn try_from(number: u16) -> Result<Self, NotAPostcode> {
        if (1000..=9999).contains(&number) { Ok(Self(number)) } else { Err(NotAPostcode) }
    }
}

impl From<Postcode> for u16 {
    fn from(postcode: Postcode) -> u16 {
        postcode.0
    }
}

impl std::fmt::Display for Postcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_digits_with_or_without_letters() {
        for good in ["2584", "2584AB", " 2584 ab ", "1000", "9999 ZZ"] {
            assert!(Postcode::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "258", "0584", "25840", "2584A", "2584 SS", "2584 AB C", "25é4", "²584"] {
            assert_eq!(Postcode::parse(bad), Err(NotAPostcode), "{bad}");
        }
    }
}
