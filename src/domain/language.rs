//! The languages that the exchange speaks: Dutch first, English beside it.

use serde::{Deserialize, Serialize};

/// A spoken language.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Dutch, as spoken in the Netherlands.
    #[default]
    Nl,
    /// British English.
    En,
}

impl Language {
    /// Every language, the leading one first.
    pub const ALL: [Self; 2] = [Self::Nl, Self::En];

    /// Two letters, as in the configuration: `nl`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nl => "nl",
            Self::En => "en",
        }
    }

    /// BCP 47 tag, as in `xml:lang` and for the provider's voices: `nl-NL`, `en-GB`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Nl => "nl-NL",
            Self::En => "en-GB",
        }
    }

    /// The one of the two that is in this language: `language.pick("vraag", "request")`.
    pub fn pick<T>(self, nl: T, en: T) -> T {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }

    /// The same of words that stand side by side in a table.
    pub fn one_of<T>(self, [nl, en]: [T; 2]) -> T {
        self.pick(nl, en)
    }

    /// Reads a code or a tag: `nl`, `nl-NL`, `en`, `en-GB`, in any letter case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|l| text.eq_ignore_ascii_case(l.code()) || text.eq_ignore_ascii_case(l.tag()))
    }
}
