//! From what a person types or a provider sends to the national digits. Says nothing about kinds.

use super::Refused;

/// Characters; longer than any way to write a Dutch number with spaces and brackets.
const LONGEST: usize = 28;

/// The digits after `+31` or the leading 0, at least one; 1 to 6 digits are refused as short.
///
/// Everything that an exchange or a telephone would act on is refused rather than dropped:
/// `* # , ; p w @`, letters, control characters.
pub(super) fn national_digits(text: &str) -> Result<String, Refused> {
    let text = text.trim_matches(' ');
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Refused::NotANumber);
    }
    let (international, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let written: String = rest.chars().filter(|c| !is_separator(*c)).collect();
    if international || written.starts_with("00") {
        let abroad = if international { &written[..] } else { &written[2..] };
        return after_country_code(abroad);
    }
    let digits = without_brackets(&written)?;
    match digits.strip_prefix('0') {
        Some(national) if !national.is_empty() => Ok(national.to_owned()),
        // Without a leading 0 only service numbers are dialled: 112, 144, 1888, 14070, 116123.
        None if digits.len() <= 6 => Err(Refused::Short),
        _ => Err(Refused::NotANumber),
    }
}

fn after_country_code(written: &str) -> Result<String, Refused> {
    // "+31 (0)70": the trunk 0 that many people put between brackets.
    let (country, national) = match written.split_once("(0)") {
        Some((country, national)) => (without_brackets(country)?, without_brackets(national)?),
        None => {
            let all = without_brackets(written)?;
            match all.strip_prefix("31") {
                Some(national) => ("31".to_owned(), national.to_owned()),
                None => (all, String::new()),
            }
        }
    };
    match (country.as_str(), national.is_empty()) {
        ("31", false) => Ok(national),
        ("31" | "", _) => Err(Refused::NotANumber),
        _ => Err(Refused::Foreign),
    }
}

/// Only digits, of which some may stand between one pair of brackets.
fn without_brackets(text: &str) -> Result<String, Refused> {
    let bare = match text.split_once('(') {
        Some((before, inside)) => {
            let (inside, after) = inside.split_once(')').ok_or(Refused::NotANumber)?;
            [before, inside, after].concat()
        }
        None => text.to_owned(),
    };
    if bare.bytes().all(|b| b.is_ascii_digit()) { Ok(bare) } else { Err(Refused::NotANumber) }
}

fn is_separator(c: char) -> bool {
    // Space, no-break spaces, hyphens and the en dash that a word processor makes of them.
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '.')
}
