//! What somebody at the desk types: a short note for colleagues, a sentence to be spoken to callers.
//!
//! Neither holds a telephone number, an e-mail address, a web address or markup: a note is read by
//! others, and outlives what it was meant for. What somebody's health is like belongs in neither,
//! which no program can tell; the page says so.

use serde::{Deserialize, Serialize};

use super::{Language, unkind_word};

/// From so many digits in a row a number could be dialled.
const DIGITS_OF_A_NUMBER: usize = 7;

/// A note for colleagues: 1 to 140 characters, one line.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Note(Box<str>);

/// A sentence that is spoken to callers: 1 to 200 characters, one line.
#[derive(Clone, PartialEq, Eq)]
pub struct Sentence(Box<str>);

/// Why a text is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotWritten {
    /// Nothing, or only spaces.
    #[error("there is no text")]
    Empty,
    /// Too many characters.
    #[error("the text is longer than {most} characters")]
    TooLong {
        /// The most there may be.
        most: usize,
    },
    /// Angle brackets, braces or control characters.
    #[error("the text has markup in it")]
    Markup,
    /// A telephone number, or as many digits as one.
    #[error("the text has a telephone number in it")]
    Number,
    /// An e-mail or web address.
    #[error("the text has an e-mail or web address in it")]
    Address,
    /// A word that is not used for people here.
    #[error("the text has a word in it that is not used here")]
    Unkind(String),
}

impl NotWritten {
    /// What is wrong and what to do about it, for whoever typed it.
    pub fn advice(&self, language: Language) -> String {
        let text = match (self, language) {
            (Self::Empty, Language::Nl) => "Er staat nog geen tekst.",
            (Self::Empty, Language::En) => "There is no text yet.",
            (Self::TooLong { most }, Language::Nl) => {
                return format!("De tekst is te lang. Er passen {most} tekens.");
            }
            (Self::TooLong { most }, Language::En) => {
                return format!("The text is too long. There is room for {most} characters.");
            }
            (Self::Markup, Language::Nl) => "De tekens < > { } kunnen niet. Haal ze weg.",
            (Self::Markup, Language::En) => "The characters < > { } cannot be used. Take them out.",
            (Self::Number, Language::Nl) => "Er staat een telefoonnummer in. Haal het weg.",
            (Self::Number, Language::En) => "There is a telephone number in it. Take it out.",
            (Self::Address, Language::Nl) => {
                "Er staat een e-mailadres of website in. Haal het weg."
            }
            (Self::Address, Language::En) => {
                "There is an e-mail or web address in it. Take it out."
            }
            (Self::Unkind(word), Language::Nl) => {
                return format!("Het woord \"{word}\" gebruiken wij niet. Schrijf het anders op.");
            }
            (Self::Unkind(word), Language::En) => {
                return format!("We do not use the word \"{word}\". Please put it differently.");
            }
        };
        text.to_owned()
    }
}

impl Note {
    /// Most characters of a note.
    pub const LONGEST: usize = 140;

    /// Reads what was typed; spaces and line ends become one space each.
    ///
    /// # Errors
    /// [`NotWritten`] with the reason.
    pub fn parse(text: &str) -> Result<Self, NotWritten> {
        Ok(Self(plain(text, Self::LONGEST)?.into()))
    }

    /// The text, in one line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Sentence {
    /// Most characters of a sentence: about fifteen seconds.
    pub const LONGEST: usize = 200;

    /// Reads what was typed, to be spoken in this language.
    ///
    /// # Errors
    /// [`NotWritten`] with the reason.
    pub fn parse(text: &str, language: Language) -> Result<Self, NotWritten> {
        let text = plain(text, Self::LONGEST)?;
        match unkind_word(&text, language) {
            Some(word) => Err(NotWritten::Unkind(word)),
            None => Ok(Self(text.into())),
        }
    }

    /// The text, in one line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// One line of plain words.
fn plain(text: &str, most: usize) -> Result<String, NotWritten> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(NotWritten::Empty);
    }
    if text.chars().count() > most {
        return Err(NotWritten::TooLong { most });
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c) || "<>{}".contains(c)) {
        return Err(NotWritten::Markup);
    }
    if text.split(' ').any(is_address) {
        return Err(NotWritten::Address);
    }
    if has_number(&text) {
        return Err(NotWritten::Number);
    }
    Ok(text)
}

/// What could hide something in between: characters without width, and those that turn the
/// direction of reading.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_address(word: &str) -> bool {
    let word = word.to_lowercase();
    let mail =
        word.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    mail || word.starts_with("www.") || word.contains("://")
}

/// As many digits as a telephone number has, with nothing but what people write between them.
/// A date is none.
fn has_number(text: &str) -> bool {
    let mut digits = 0;
    for word in text.split(' ') {
        if is_date(word) || is_time(word) {
            digits = 0;
            continue;
        }
        for c in word.chars() {
            match c {
                // Also digits of other scripts, which a person reads as well.
                c if c.is_numeric() => digits += 1,
                '+' | '-' | '.' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}' => {}
                _ => digits = 0,
            }
            if digits >= DIGITS_OF_A_NUMBER {
                return true;
            }
        }
    }
    false
}

/// `24-11-2026`, `24/11/26`, `24-11`.
fn is_date(word: &str) -> bool {
    let word = word.trim_end_matches([',', '.', ';', ')']).trim_start_matches('(');
    let parts: Vec<&str> = word.split(['-', '/']).collect();
    let all_digits = parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()));
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    all_digits
        && matches!(lengths[..], [1..=2, 1..=2] | [1..=2, 1..=2, 2] | [1..=2, 1..=2, 4] | [4, 2, 2])
        && (lengths.len() == 3 || !word.starts_with("06"))
}

/// `14:30`.
fn is_time(word: &str) -> bool {
    word.split_once(':').is_some_and(|(hour, minute)| {
        let minute = minute.trim_end_matches([',', '.', ';']);
        (1..=2).contains(&hour.len())
            && minute.len() == 2
            && hour.bytes().chain(minute.bytes()).all(|b| b.is_ascii_digit())
    })
}

impl std::fmt::Debug for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Note(...)")
    }
}

impl std::fmt::Debug for Sentence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sentence(...)")
    }
}

impl TryFrom<String> for Note {
    type Error = NotWritten;
    fn try_from(text: String) -> Result<Self, NotWritten> {
        Self::parse(&text)
    }
}

impl From<Note> for String {
    fn from(note: Note) -> String {
        note.0.into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_notes_are_taken_in_one_line() {
        for text in [
            "Graag na 14:00 uur bellen, op 24-11-2026 of 25-11.",
            "Koffie & thee om 10 uur; derde verdieping, nummer 12",
            "Ma 2 t/m vr 6 november, 9:00 tot 17:00",
            "1 december 2026 10 uur",
            "2584 AB, huis 7",
        ] {
            assert_eq!(Note::parse(text).map(|note| note.as_str().to_owned()), Ok(text.to_owned()));
        }
        let two_lines = Note::parse("  Belt\r\n liever   zelf ").expect("a note");
        assert_eq!(two_lines.as_str(), "Belt liever zelf");
    }

    #[test]
    fn a_telephone_number_is_refused_however_it_is_written() {
        for text in [
            "bel 0700002586",
            "bel 070 000 25 86 even",
            "06-01 00 00 01",
            "+31 (0)70 - 000 25 86",
            "070/0002586",
            "nr.070.000.25.86",
            "0 6 0 1 0 0 0 0 0 1",
            "06-01-00-00-01",
            "zes: 6010000012",
        ] {
            assert_eq!(Note::parse(text), Err(NotWritten::Number), "{text}");
        }
    }

    #[test]
    fn addresses_markup_and_hidden_characters_are_refused() {
        for (text, why) in [
            ("mail naar bos@voorbeeld.nl", NotWritten::Address),
            ("zie www.voorbeeld.nl", NotWritten::Address),
            ("https://voorbeeld.nl", NotWritten::Address),
            ("<b>let op</b>", NotWritten::Markup),
            ("{{ naam }}", NotWritten::Markup),
            ("stil\u{202e}teken", NotWritten::Markup),
            ("nul\u{0}", NotWritten::Markup),
            (" \n\t ", NotWritten::Empty),
        ] {
            assert_eq!(Note::parse(text), Err(why), "{text:?}");
        }
        let long = "é".repeat(141);
        assert_eq!(Note::parse(&long), Err(NotWritten::TooLong { most: 140 }));
        assert!(Note::parse(&"é".repeat(140)).is_ok());
    }

    #[test]
    fn a_sentence_is_free_of_words_that_make_a_neighbour_into_a_case() {
        let text = "Onze vrijwilligers zijn er weer.";
        let word = NotWritten::Unkind("vrijwilligers".into());
        assert_eq!(Sentence::parse(text, Language::Nl), Err(word));
        assert!(Sentence::parse("Wij zijn er maandag weer.", Language::Nl).is_ok());
        assert!(Sentence::parse(&"a".repeat(201), Language::Nl).is_err());
    }

    #[test]
    fn advice_is_kind_in_both_languages_and_shows_no_text() {
        let all = [
            NotWritten::Empty,
            NotWritten::TooLong { most: 140 },
            NotWritten::Markup,
            NotWritten::Number,
            NotWritten::Address,
        ];
        for (why, language) in all.iter().flat_map(|why| Language::ALL.map(|l| (why, l))) {
            let advice = why.advice(language);
            assert!(advice.ends_with('.') && unkind_word(&advice, language).is_none(), "{advice}");
        }
        let note = Note::parse("Gaat naar de markt").expect("a note");
        assert_eq!(format!("{note:?}"), "Note(...)");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_taken_as_it_is_or_refused(text in "\\PC{0,220}") {
            if let Ok(note) = Note::parse(&text) {
                prop_assert!(note.as_str().chars().count() <= Note::LONGEST);
                let again = Note::parse(note.as_str());
                prop_assert_eq!(again, Ok(note));
            }
            let _ = Sentence::parse(&text, Language::Nl);
        }

        /// Ten digits of a number, written with anything that people put between them.
        #[test]
        fn no_way_of_spacing_hides_a_number(
            digits in "0[1-9][0-9]{8}",
            between in prop::collection::vec("[ .()/]{0,2}|-", 9),
        ) {
            let spaced: String = digits
                .chars()
                .zip(between.iter().map(String::as_str).chain([""]))
                .flat_map(|(digit, gap)| std::iter::once(digit).chain(gap.chars()))
                .collect();
            prop_assume!(!spaced.split(' ').any(is_date));
            prop_assert_eq!(Note::parse(&spaced), Err(NotWritten::Number));
        }
    }
}
