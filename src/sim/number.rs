//! Numbers as a network carries them: text, without judgement about who may be rung.

use std::fmt;

/// A telephone number as it is dialled or shown, usually E.164. `Debug` masks it.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(Box<str>);

impl Number {
    /// Takes the text as it is; what a network makes of it shows when it is dialled.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The number itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `+`, then 7 to 15 digits of which the first is not 0: the only form that can be dialled.
    pub fn is_e164(&self) -> bool {
        self.0.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len())
                && !digits.starts_with('0')
                && digits.bytes().all(|b| b.is_ascii_digit())
        })
    }

    /// A Dutch number that nobody has: 06 0… or a subscriber's part that begins with 0.
    ///
    /// The patterns are those of the fixture plan; whatever else is dialled in a simulation is a
    /// fault of the exchange.
    pub fn is_dutch_fixture(&self) -> bool {
        const THREE_DIGIT_AREAS: [&str; 21] = [
            "10", "13", "15", "20", "23", "24", "26", "30", "33", "35", "36", "38", "40", "43",
            "45", "46", "50", "53", "55", "58", "70",
        ];
        let Some(national) = self.0.strip_prefix("+31") else { return false };
        if national.len() != 9 || !national.bytes().all(|b| b.is_ascii_digit()) {
            return false;
        }
        let (area, zero_at) = (&national[..2], |i: usize| national.as_bytes()[i] == b'0');
        if national.starts_with('6') {
            zero_at(1)
        } else if THREE_DIGIT_AREAS.contains(&area) || national.starts_with('7') {
            zero_at(2)
        } else {
            zero_at(3)
        }
    }

    /// The last eight digits, by which it would be recognised when it is spoken.
    pub(super) fn tail(&self) -> String {
        let digits: String = self.0.chars().filter(char::is_ascii_digit).collect();
        digits[digits.len().saturating_sub(8)..].to_owned()
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tail = self.0.char_indices().rev().nth(1).map_or("", |(at, _)| &self.0[at..]);
        write!(f, "Number(…{tail})")
    }
}

/// Who a call says that it is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallerId {
    /// A number that is shown.
    Shown(Number),
    /// Withheld, in the words of this carrier: `anonymous`, `Anonymous`, `+266696687`, nothing.
    Withheld(String),
}

impl CallerId {
    /// What stands in `From`.
    pub fn as_sent(&self) -> &str {
        match self {
            Self::Shown(number) => number.as_str(),
            Self::Withheld(word) => word,
        }
    }

    /// The number, if one is shown.
    pub fn number(&self) -> Option<&Number> {
        match self {
            Self::Shown(number) => Some(number),
            Self::Withheld(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_that_nobody_has_count_as_fixtures() {
        for fixture in ["+31601000001", "+31700010001", "+31519001001", "+31570001001"] {
            assert!(Number::new(fixture).is_dutch_fixture(), "{fixture}");
        }
        for other in ["+31970123456789", "+441134960001", "112", "+3170001", "0700010001"] {
            assert!(!Number::new(other).is_dutch_fixture(), "{other}");
        }
    }

    #[test]
    fn r14_a_number_is_masked_when_it_is_printed_for_debugging() {
        assert_eq!(format!("{:?}", Number::new("+31700010001")), "Number(…01)");
        assert_eq!(format!("{:?}", Number::new("é")), "Number(…)");
    }

    #[test]
    fn what_cannot_be_dialled_is_told_from_what_can() {
        assert!(Number::new("+31700010001").is_e164());
        for wrong in ["0700010001", "112", "+0700010001", "+31 70", "", "*21*0#"] {
            assert!(!Number::new(wrong).is_e164(), "{wrong}");
        }
    }
}
