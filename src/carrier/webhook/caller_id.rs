//! Who calls, from the text that a network sent: a number, a word, or a word spelled on a keypad.

use crate::domain::{Caller, Numbering, Phone};

/// Words that networks send when no number is to be shown, in lower case.
const WITHHELD: [&str; 7] =
    ["anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld"];

/// The older form of the same: the words ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE
/// on the letters of a keypad. `+266` is a country too: only the whole number counts.
const SPELLED: [&str; 5] = ["266696687", "7378742833", "2562533", "8656696", "86282452253"];

/// Most characters that are kept of a number that is never rung.
const OTHER_LENGTH: usize = 32;

/// Reads `From`. Only full E.164 becomes a number that may be rung back; a carrier's raw text is
/// kept for the desk to read and nothing else.
pub(super) fn read(from: &str, numbering: Numbering) -> Caller {
    let text: String = from.trim().chars().filter(|c| !c.is_control()).collect();
    if is_withheld(&text) {
        return Caller::Withheld;
    }
    match is_e164(&text).then(|| Phone::parse(&text, numbering)) {
        Some(Ok(phone)) => Caller::Known(phone),
        _ => Caller::Other(text.chars().take(OTHER_LENGTH).collect()),
    }
}

fn is_withheld(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let spelled = |digits: &str| SPELLED.contains(&digits);
    text.is_empty()
        || WITHHELD.contains(&text.to_ascii_lowercase().as_str())
        || spelled(digits)
        || digits.strip_prefix('1').is_some_and(spelled)
}

fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn from(text: &str) -> Caller {
        read(text, Numbering::NlFixtures)
    }

    #[test]
    fn a_withheld_number_comes_as_a_word_in_any_case_or_as_nothing() {
        for text in ["", "  ", "anonymous", "Anonymous", "RESTRICTED", "blocked", "unknown\r\n"] {
            assert_eq!(from(text), Caller::Withheld, "{text:?}");
        }
        for text in ["Unavailable", "private", "withheld", "\u{0}"] {
            assert_eq!(from(text), Caller::Withheld, "{text:?}");
        }
    }

    #[test]
    fn or_as_a_word_spelled_on_the_keypad_also_behind_a_one() {
        for digits in ["266696687", "7378742833", "2562533", "8656696", "86282452253"] {
            for text in [digits.to_owned(), format!("+{digits}"), format!("+1{digits}")] {
                assert_eq!(from(&text), Caller::Withheld, "{text}");
            }
        }
        // Only the whole number is the word, not one that begins with it.
        assert!(matches!(from("+2666966870000000"), Caller::Other(_)));
    }

    #[test]
    fn a_dutch_number_is_known() {
        let caller = from("+31601000001");
        assert_eq!(caller.phone().map(Phone::e164), Some("+31601000001"));
    }

    #[test]
    fn anything_else_is_kept_to_read_and_never_rung() {
        for text in ["+441134960000", "client:jo", "sip:a@b", "0601000001", "+0601000001", "112"] {
            assert_eq!(from(text), Caller::Other(text.into()), "{text}");
        }
        let long = from(&"é".repeat(100));
        assert_eq!(long, Caller::Other("é".repeat(32).into()));
    }

    proptest! {
        #[test]
        fn any_text_is_somebody(text in any::<String>()) {
            if let Caller::Other(kept) = from(&text) {
                prop_assert!((1..=32).contains(&kept.chars().count()));
                prop_assert!(!kept.contains(char::is_control));
            }
        }
    }
}
