//! What somebody agrees to who signs up, word for word, and by which way.
//!
//! The telephone says the same in `voice-flows/signup.vxml`; what was agreed to there is the version
//! of the flows. This text is for pages and for paper.

use serde::{Deserialize, Serialize};

use super::Language;

/// The version of [`text`]. Another text is another version: what somebody agreed to stays known.
pub const TEXT_VERSION: &str = "2";

/// What is agreed to: short, and all of it.
pub fn text(language: Language) -> &'static str {
    match language {
        Language::Nl => {
            "Wij bewaren uw telefoonnummer, uw postcode en uw keuzes. Wij bellen u als een buur iets \
             wil vragen. Nee zeggen mag altijd. U kunt altijd stoppen; dan wissen wij uw gegevens."
        }
        Language::En => {
            "We keep your telephone number, your postcode and your choices. We call you when a \
             neighbour would like to ask something. You can always say no. You can stop at any time; \
             we then erase your details."
        }
    }
}

/// By which way somebody signed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// By telephone, with keys.
    Phone,
    /// On the web page.
    Web,
    /// Somebody at the desk, or at the door, entered it while they spoke.
    Desk,
    /// On paper, entered later.
    Paper,
}

impl Channel {
    /// The word under which it is stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Web => "web",
            Self::Desk => "desk",
            Self::Paper => "paper",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unkind_word;

    #[test]
    fn what_is_agreed_to_is_kind_and_says_that_it_ends_when_they_like() {
        for (language, ends) in
            [(Language::Nl, "altijd stoppen"), (Language::En, "stop at any time")]
        {
            assert!(text(language).contains(ends));
            assert_eq!(unkind_word(text(language), language), None);
        }
    }
}
