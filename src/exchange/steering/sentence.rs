//! A sentence that the desk types, to be spoken to a caller.

use super::Why;

/// Longest sentence, characters: some fifteen seconds.
const LONGEST: usize = 200;
/// Digits in a row that may be spoken: a postcode or a time, not a telephone number (R8).
const MOST_DIGITS: usize = 6;

/// The sentence as it is spoken: blanks put in order, nothing else changed.
///
/// # Errors
/// [`Why`] it is not spoken.
pub(super) fn spoken(typed: &str) -> Result<String, Why> {
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        return Err(Why::NothingToSay);
    }
    if words.chars().count() > LONGEST {
        return Err(Why::TooLong);
    }
    if words.contains(['<', '>']) || words.chars().any(char::is_control) {
        return Err(Why::Markup);
    }
    if longest_number(&words) > MOST_DIGITS {
        return Err(Why::Number);
    }
    Ok(words)
}

/// What may stand between two digits of one number.
const WITHIN_A_NUMBER: &str = " -.,/()+";

/// Digits of the longest number, however it is written.
fn longest_number(words: &str) -> usize {
    let (mut longest, mut here) = (0, 0);
    for c in words.chars() {
        if c.is_numeric() {
            here += 1;
            longest = longest.max(here);
        } else if !WITHIN_A_NUMBER.contains(c) {
            here = 0;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_sentence_is_spoken_as_it_is() {
        let typed = "  Wij zoeken nog even verder,\n  tot 14.30 uur. ";
        assert_eq!(spoken(typed), Ok("Wij zoeken nog even verder, tot 14.30 uur.".to_owned()));
        assert!(spoken("Bij u om de hoek, in 2584 & 2586.").is_ok());
    }

    #[test]
    fn r8_a_telephone_number_is_not_spoken_however_it_is_written() {
        for number in
            ["0612345678", "06 12 34 56 78", "06-1234 5678", "(070) 3.52.12.34", "+31.6/1234567"]
        {
            assert_eq!(spoken(&format!("Bel {number} maar.")), Err(Why::Number), "{number}");
        }
    }

    #[test]
    fn markup_nothing_and_a_speech_are_not_spoken() {
        assert_eq!(spoken("<Dial>"), Err(Why::Markup));
        assert_eq!(spoken("a\u{0}b"), Err(Why::Markup));
        assert_eq!(spoken(" \n\t "), Err(Why::NothingToSay));
        assert_eq!(spoken(&"lang ".repeat(60)), Err(Why::TooLong));
    }

    proptest! {
        #[test]
        fn nothing_that_is_typed_breaks_it(typed in "\\PC{0,300}") {
            if let Ok(words) = spoken(&typed) {
                prop_assert!(words.chars().count() <= LONGEST);
                prop_assert!(!words.contains('<') && longest_number(&words) <= MOST_DIGITS);
            }
        }
    }
}
