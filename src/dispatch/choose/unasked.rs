//! Why somebody was not asked for a while: each question of that time held against what is known of
//! them, and the reasons counted.
//!
//! Silent about other people: whom somebody is not brought together with is no reason here.

use super::{Ask, Facts, PassedOver, assess};
use crate::domain::{Language, Timestamp};

/// Why somebody was not asked for one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They might have been: somebody else was asked first and said yes.
    OthersFirst,
    /// They were passed over.
    PassedOver(PassedOver),
}

/// Questions of a while for what somebody likes to do, and why they were not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unasked {
    /// Each reason with how often, the most frequent first.
    pub reasons: Vec<(Why, u32)>,
}

impl Unasked {
    /// Counts one question: what was known of somebody at its moment.
    pub fn count(&mut self, facts: &Facts, ask: &Ask) {
        let why = assess(facts, ask).map_or_else(Why::PassedOver, |_| Why::OthersFirst);
        // Their own question is none that they could have been asked.
        if why == Why::PassedOver(PassedOver::IsCaller) {
            return;
        }
        match self.reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, times)) => *times += 1,
            None => self.reasons.push((why, 1)),
        }
        self.reasons.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    }

    /// How many questions there were.
    pub fn questions(&self) -> u32 {
        self.reasons.iter().map(|(_, times)| times).sum()
    }

    /// For the desk, with counts: "buiten eigen tijden (12), verder dan deze deelnemer wil (3)".
    pub fn in_words(&self, language: Language) -> String {
        let told = self.reasons.iter().map(|(why, times)| {
            let why = match (why, language) {
                (Why::PassedOver(why), _) => why.in_words(language),
                (Why::OthersFirst, Language::Nl) => "een ander was eerder aan de beurt".to_owned(),
                (Why::OthersFirst, Language::En) => "somebody else came first".to_owned(),
            };
            format!("{why} ({times})")
        });
        match (self.reasons.is_empty(), language) {
            (true, Language::Nl) => "niemand vroeg hierom".to_owned(),
            (true, Language::En) => "nobody asked for this".to_owned(),
            (false, _) => told.collect::<Vec<_>>().join(", "),
        }
    }

    /// For themselves, without a count that could point at somebody: "Sinds 1 juli bent u niet
    /// gevraagd. Meestal was een ander eerder aan de beurt." `since` is the day, in words.
    pub fn sentence(&self, since: &str, language: Language) -> String {
        let begin = match language {
            Language::Nl => format!("Sinds {since} bent u niet gevraagd."),
            Language::En => format!("You were not asked since {since}."),
        };
        let own = |why: &Why| own_words(*why, language);
        let why = match (self.reasons.as_slice(), language) {
            ([], Language::Nl) => "Niemand vroeg om wat u graag doet.".to_owned(),
            ([], Language::En) => "Nobody asked for what you like to do.".to_owned(),
            ([(why, _)], Language::Nl) => format!("Dat komt doordat {}.", own(why)),
            ([(why, _)], Language::En) => format!("That is because {}.", own(why)),
            ([(most, _), (then, _), ..], Language::Nl) => {
                format!("Meestal kwam dat doordat {}. Soms doordat {}.", own(most), own(then))
            }
            ([(most, _), (then, _), ..], Language::En) => {
                format!("Mostly that is because {}. Sometimes because {}.", own(most), own(then))
            }
        };
        format!("{begin} {why}")
    }
}

/// The reason as it is told to the person themselves; fits "doordat ...", "because ...".
fn own_words(why: Why, language: Language) -> String {
    let Why::PassedOver(why) = why else {
        return language
            .pick("een ander eerder aan de beurt was", "somebody else came first")
            .to_owned();
    };
    let words = match why {
        PassedOver::OutsideOwnHours => [
            "de vraag buiten de tijden kwam die u koos",
            "the question came outside the hours that you chose",
        ],
        PassedOver::OutsideRingingHours => [
            "de vraag buiten de tijden kwam waarop wij bellen",
            "the question came outside the hours in which we ring",
        ],
        PassedOver::TooFar => {
            ["het verder weg was dan u wilt gaan", "it was farther away than you like to go"]
        }
        PassedOver::TooNear => {
            ["het dichterbij was dan u graag wilt", "it was nearer than you like"]
        }
        PassedOver::NotInside => [
            "iemand werd gevraagd die ook mee naar binnen gaat",
            "somebody was asked for who goes inside too",
        ],
        PassedOver::BeyondReach => ["het te ver weg was", "it was too far away"],
        PassedOver::PostcodeUnknown => [
            "wij niet weten waar uw postcode ligt. Zeg het tegen het loket",
            "we do not know where your postcode is. Please tell the desk",
        ],
        PassedOver::OtherLanguage => [
            "de vraag in een andere taal was dan u spreekt",
            "the question was in a language that you do not speak",
        ],
        PassedOver::Paused(_) => ["u pauze hebt", "you are on pause"],
        PassedOver::NeverAnswers => [
            "u een paar keer niet opnam. Laat weten of u nog meedoet",
            "you did not answer a few times. Let us know whether you still take part",
        ],
        PassedOver::Silent => [
            "wij een jaar niets van u hoorden. Laat weten of u nog meedoet",
            "we did not hear from you for a year. Let us know whether you still take part",
        ],
        PassedOver::NotApproved
        | PassedOver::NoCertificate
        | PassedOver::CertificateExpired(_)
        | PassedOver::AgeNotKnown(_) => [
            "het loket u hiervoor eerst moet toelaten. Bel het loket",
            "the desk has to approve of you for this first. Call the desk",
        ],
        PassedOver::NumberRefused => [
            "wij uw nummer niet kunnen bellen. Zeg het tegen het loket",
            "we cannot ring your number. Please tell the desk",
        ],
        _ => ["het net niet uitkwam", "it did not quite suit"],
    };
    language.one_of(words).to_owned()
}

/// The quarter about which somebody is told in this one: the last that is over, from its first moment
/// to its last.
pub fn last_quarter(now: Timestamp) -> (Timestamp, Timestamp) {
    use chrono::{Datelike, Months, NaiveDate, NaiveTime};
    let today = now.wall_clock().date();
    let month = today.month0() / 3 * 3 + 1;
    let begin = NaiveDate::from_ymd_opt(today.year(), month, 1).unwrap_or(today);
    let before = begin.checked_sub_months(Months::new(3)).unwrap_or(begin);
    let midnight = |day: NaiveDate| Timestamp::from_wall_clock(day.and_time(NaiveTime::MIN));
    (midnight(before), midnight(begin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::choose::Pause;
    use crate::domain::unkind_word;

    fn unasked(reasons: &[(Why, u32)]) -> Unasked {
        Unasked { reasons: reasons.to_vec() }
    }

    #[test]
    fn somebody_is_told_in_one_sentence_or_two_and_without_a_count() {
        let hours = Why::PassedOver(PassedOver::OutsideOwnHours);
        let told = |reasons: &[(Why, u32)]| unasked(reasons).sentence("1 juli", Language::Nl);
        assert_eq!(
            told(&[]),
            "Sinds 1 juli bent u niet gevraagd. Niemand vroeg om wat u graag doet."
        );
        assert_eq!(
            told(&[(hours, 4)]),
            "Sinds 1 juli bent u niet gevraagd. Dat komt doordat de vraag buiten de tijden kwam die u koos."
        );
        assert_eq!(
            unasked(&[(Why::OthersFirst, 9), (hours, 2)]).sentence("1 July", Language::En),
            "You were not asked since 1 July. Mostly that is because somebody else came first. \
             Sometimes because the question came outside the hours that you chose."
        );
    }

    #[test]
    fn every_reason_is_told_kindly_and_none_tells_of_another_person() {
        let at = Timestamp(0);
        for why in [
            PassedOver::NotApproved,
            PassedOver::NoCertificate,
            PassedOver::CertificateExpired(at),
            PassedOver::AgeNotKnown(18),
            PassedOver::NumberRefused,
            PassedOver::Blocked,
            PassedOver::Paused(Pause::UntilTheyCall),
            PassedOver::NeverAnswers,
            PassedOver::Silent,
            PassedOver::PostcodeUnknown,
            PassedOver::TooFar,
            PassedOver::TooNear,
            PassedOver::BeyondReach,
            PassedOver::OtherLanguage,
            PassedOver::OutsideRingingHours,
            PassedOver::OutsideOwnHours,
            PassedOver::CapDay,
        ] {
            for language in Language::ALL {
                let told = unasked(&[(Why::PassedOver(why), 3)]).sentence("1 juli", language);
                assert_eq!(unkind_word(&told, language), None);
                assert!(!told.contains('3') && !told.contains("samen"), "{told}");
            }
        }
    }

    #[test]
    fn the_quarter_that_is_told_about_is_the_last_that_is_over() {
        let at = |text: &str| Timestamp::parse(text).expect("a moment");
        let november = at("2026-11-24T10:00:00+01:00");
        assert_eq!(last_quarter(november), (at("2026-07-01"), at("2026-10-01")));
        assert_eq!(last_quarter(at("2027-01-01")), (at("2026-10-01"), at("2027-01-01")));
    }
}
