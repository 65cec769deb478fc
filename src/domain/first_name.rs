//! What somebody is called: a first name, as it is written on a form. Nothing can hide in it.

use super::Language;

/// Most characters of a name.
const LONGEST: usize = 40;

/// A first name, or what somebody likes to be called: 1 to 40 characters, letters with what stands
/// between them in names.
#[derive(Clone, PartialEq, Eq)]
pub struct FirstName(Box<str>);

/// Why this is not taken for a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAName {
    /// No letters.
    #[error("there is no name")]
    Empty,
    /// More than 40 characters.
    #[error("the name is longer than 40 characters")]
    TooLong,
    /// Something else than letters, spaces, hyphens, full stops and apostrophes.
    #[error("the name has something in it that names do not have")]
    OtherSigns,
}

impl NotAName {
    /// What is wrong and what to do about it, for whoever typed it.
    pub fn advice(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Empty, Language::Nl) => "Vul uw voornaam in, of laat het vakje leeg.",
            (Self::Empty, Language::En) => "Fill in your first name, or leave the box empty.",
            (Self::TooLong, Language::Nl) => "Deze naam is te lang. Alleen een voornaam is genoeg.",
            (Self::TooLong, Language::En) => "This name is too long. A first name is enough.",
            (Self::OtherSigns, Language::Nl) => "Gebruik alleen letters, zonder andere tekens.",
            (Self::OtherSigns, Language::En) => "Use letters only, without other signs.",
        }
    }
}

impl FirstName {
    /// Reads what was typed; spaces and line ends become one space each.
    ///
    /// # Errors
    /// [`NotAName`] with the reason.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.chars().count() > LONGEST {
            return Err(NotAName::TooLong);
        }
        if name.chars().any(|c| !belongs(c)) {
            return Err(NotAName::OtherSigns);
        }
        if !name.chars().any(char::is_alphabetic) {
            return Err(NotAName::Empty);
        }
        Ok(Self(name.into()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Letters of any script, the marks that are written over them, and what joins names.
fn belongs(c: char) -> bool {
    c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '\u{2019}' | '\u{300}'..='\u{36f}')
}

impl std::fmt::Debug for FirstName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FirstName(...)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_of_the_neighbourhood_are_taken() {
        for name in
            ["Anna", "Jan-Willem", "mw. De Vries", "Zoë", "Şükrü", "D'Arcy", "李", "Ana  María"]
        {
            assert!(FirstName::parse(name).is_ok(), "{name}");
        }
        assert_eq!(
            FirstName::parse(" Ana \n María ").map(|n| n.as_str().to_owned()),
            Ok("Ana María".into())
        );
    }

    #[test]
    fn markup_pictures_numbers_and_books_are_not() {
        for (text, why) in [
            ("<b>Anna</b>", NotAName::OtherSigns),
            ("Anna 😀", NotAName::OtherSigns),
            ("Anna 0601000001", NotAName::OtherSigns),
            ("an\u{202e}na", NotAName::OtherSigns),
            ("{{ naam }}", NotAName::OtherSigns),
            ("  ", NotAName::Empty),
            ("--", NotAName::Empty),
        ] {
            assert_eq!(FirstName::parse(text), Err(why), "{text:?}");
        }
        assert_eq!(FirstName::parse(&"a".repeat(500)), Err(NotAName::TooLong));
        assert_eq!(format!("{:?}", FirstName::parse("Anna").expect("a name")), "FirstName(...)");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_taken_as_it_is_or_refused(text in "\\PC{0,60}") {
            if let Ok(name) = FirstName::parse(&text) {
                prop_assert_eq!(FirstName::parse(name.as_str()), Ok(name.clone()));
                prop_assert!(!name.as_str().contains(['<', '>', '&', '"']));
            }
        }
    }
}
