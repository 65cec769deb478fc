//! Words that are not used for people here, in nothing that anybody can hear or read.
//!
//! There is one kind of person, who can ask and can offer. A word that makes one of the two into
//! a case, or the other into a helper by profession, keeps people from asking at all.

use super::Language;

/// Beginnings of Dutch words.
const NL: [&str; 21] = [
    "vrijwillig",
    "mantelzorg",
    "hulpbehoevend",
    "hulpvrager",
    "zorgvrager",
    "hulpbieder",
    "hulpverlen",
    "kwetsba",
    "zelfredza",
    "beperking",
    "zorgbehoevend",
    "cliënt",
    "client",
    "patiënt",
    "patient",
    "eenza",
    "doelgroep",
    "match",
    "gematch",
    "bejaard",
    "niet-zelfredza",
];

/// Dutch words that are only wrong together.
const NL_TOGETHER: [&str; 1] = ["eigen kracht"];

/// Beginnings of English words.
const EN: [&str; 5] = ["volunteer", "vulnerab", "needy", "client", "carer"];

/// The first word in `text` that is not used here, as it stands there in lower case.
pub fn unkind_word(text: &str, language: Language) -> Option<String> {
    let text = text.to_lowercase();
    let (beginnings, together): (&[&str], &[&str]) = match language {
        Language::Nl => (&NL, &NL_TOGETHER),
        Language::En => (&EN, &[]),
    };
    let words = || text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty());
    let unkind = |word: &&str| beginnings.iter().any(|beginning| word.starts_with(beginning));
    if let Some(word) = words().find(unkind) {
        return Some(word.to_owned());
    }
    let joined = words().collect::<Vec<_>>().join(" ");
    together.iter().find(|phrase| joined.contains(**phrase)).map(|phrase| (*phrase).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_make_a_neighbour_into_a_case_are_found() {
        for (text, word) in [
            ("Een Vrijwilliger komt langs.", "vrijwilliger"),
            ("Bent u eenzaam?", "eenzaam"),
            ("voor eenzame mensen", "eenzame"),
            ("niet-zelfredzame ouderen", "niet-zelfredzame"),
            ("Uit  eigen\nkracht.", "eigen kracht"),
            ("onze cliënten", "cliënten"),
            ("een match!", "match"),
        ] {
            assert_eq!(unkind_word(text, Language::Nl).as_deref(), Some(word), "{text}");
        }
        for (text, word) in [("A VOLUNTEER will call", "volunteer"), ("the needy", "needy")] {
            assert_eq!(unkind_word(text, Language::En).as_deref(), Some(word), "{text}");
        }
    }

    #[test]
    fn ordinary_words_are_not() {
        let nl = "Een medewerker helpt u. Iemand uit de buurt wil graag hulp bij een klusje.";
        assert_eq!(unkind_word(nl, Language::Nl), None);
        let en = "You need not say why. If it is needed, a career can wait. Please be patient.";
        assert_eq!(unkind_word(en, Language::En), None);
    }
}
