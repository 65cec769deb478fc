//! What stands on the board of the neighbourhood, and why somebody finds that it does not belong there.

use serde::{Deserialize, Serialize};

use super::{Language, OfferId, RequestId};

/// Something on the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pinned {
    /// What somebody asks.
    Request(RequestId),
    /// What somebody offers.
    Offer(OfferId),
}

/// Why something does not belong on the board. Chosen from these few: nobody writes about a neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Misplaced {
    /// It is to earn money.
    Commercial,
    /// It is unkind, or does not feel safe.
    UnkindOrUnsafe,
    /// It is something else than what the service is for.
    NotMeantFor,
    /// Something else.
    Other,
}

impl Misplaced {
    /// Every reason, in the order in which they are read.
    pub const ALL: [Self; 4] =
        [Self::Commercial, Self::UnkindOrUnsafe, Self::NotMeantFor, Self::Other];

    /// Its word in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Commercial => "commercial",
            Self::UnkindOrUnsafe => "unkind_or_unsafe",
            Self::NotMeantFor => "not_meant_for",
            Self::Other => "other",
        }
    }

    /// Reads [`Misplaced::code`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.code() == text)
    }

    /// As somebody chooses it.
    pub fn sentence(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Commercial, Language::Nl) => "Het is om geld te verdienen",
            (Self::Commercial, Language::En) => "It is to earn money",
            (Self::UnkindOrUnsafe, Language::Nl) => "Het is niet aardig of voelt niet veilig",
            (Self::UnkindOrUnsafe, Language::En) => "It is not kind, or does not feel safe",
            (Self::NotMeantFor, Language::Nl) => "Daar is het prikbord niet voor",
            (Self::NotMeantFor, Language::En) => "That is not what the board is for",
            (Self::Other, Language::Nl) => "Iets anders",
            (Self::Other, Language::En) => "Something else",
        }
    }

    /// In the middle of a line.
    pub fn in_short(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Commercial, Language::Nl) => "om geld te verdienen",
            (Self::Commercial, Language::En) => "to earn money",
            (Self::UnkindOrUnsafe, Language::Nl) => "niet aardig of niet veilig",
            (Self::UnkindOrUnsafe, Language::En) => "not kind or not safe",
            (Self::NotMeantFor, Language::Nl) => "daar is het prikbord niet voor",
            (Self::NotMeantFor, Language::En) => "not what the board is for",
            (Self::Other, Language::Nl) => "iets anders",
            (Self::Other, Language::En) => "something else",
        }
    }

    /// To whoever had put it there: never that anybody reported it.
    pub fn to_whoever_put_it_there(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Commercial, Language::Nl) => {
                "Op het prikbord helpen buren elkaar zonder dat het geld kost."
            }
            (Self::Commercial, Language::En) => {
                "On the board neighbours help each other without paying."
            }
            (Self::UnkindOrUnsafe, Language::Nl) => {
                "Op het prikbord moet iedereen zich prettig en veilig voelen."
            }
            (Self::UnkindOrUnsafe, Language::En) => {
                "On the board everybody should feel at ease and safe."
            }
            (Self::NotMeantFor, Language::Nl) => "Het past niet bij waar het prikbord voor is.",
            (Self::NotMeantFor, Language::En) => "It does not go with what the board is for.",
            (Self::Other, Language::Nl) => "Het past hier nu niet.",
            (Self::Other, Language::En) => "It does not fit here now.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::unkind_word;

    #[test]
    fn every_reason_reads_back_and_is_told_kindly_in_both_languages() {
        for why in Misplaced::ALL {
            assert_eq!(Misplaced::parse(why.code()), Some(why));
            assert_eq!(serde_json::to_value(why).expect("a word"), why.code());
            for language in Language::ALL {
                for text in [
                    why.sentence(language),
                    why.in_short(language),
                    why.to_whoever_put_it_there(language),
                ] {
                    assert_eq!(unkind_word(text, language), None, "{text}");
                }
            }
        }
        assert_eq!(Misplaced::parse("rude"), None);
    }
}
