//! Kinds of certificate that the desk may have seen. A closed list: what stands in a certificate, or
//! its number, is never written down.

use serde::{Deserialize, Serialize};

use super::Language;

/// What kind of certificate was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// A certificate of conduct ("VOG").
    Conduct,
    /// A driving licence.
    Driving,
    /// First aid.
    FirstAid,
    /// Another one that the organisation asks for.
    Other,
}

impl CertificateKind {
    /// Every kind, in the order of a form.
    pub const ALL: [Self; 4] = [Self::Conduct, Self::Driving, Self::FirstAid, Self::Other];

    /// One word, as it is stored and as a form sends it: `first_aid`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Conduct => "conduct",
            Self::Driving => "driving",
            Self::FirstAid => "first_aid",
            Self::Other => "other",
        }
    }

    /// Reads [`CertificateKind::code`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == text)
    }

    /// What it is called on a page.
    pub fn name(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Conduct, Language::Nl) => "VOG (verklaring omtrent het gedrag)",
            (Self::Conduct, Language::En) => "certificate of conduct (VOG)",
            (Self::Driving, Language::Nl) => "rijbewijs",
            (Self::Driving, Language::En) => "driving licence",
            (Self::FirstAid, Language::Nl) => "EHBO of BHV",
            (Self::FirstAid, Language::En) => "first aid",
            (Self::Other, Language::Nl) => "een ander bewijs",
            (Self::Other, Language::En) => "another certificate",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_reads_back_from_its_word_and_nothing_else_does() {
        for kind in CertificateKind::ALL {
            assert_eq!(CertificateKind::parse(kind.code()), Some(kind));
        }
        assert_eq!(CertificateKind::parse("vog 2026-1234"), None);
    }
}
