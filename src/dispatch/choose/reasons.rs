//! Why somebody stands where they stand, in words that the desk can read out.

use super::{Band, Ranked};
use crate::domain::{DayPart, Language};

/// Fewer rings than this say nothing about a habit.
const ENOUGH_RINGS: u32 = 3;
/// From this share of rings picked up on, somebody "often" picks up; below the other, "seldom".
const OFTEN: f64 = 0.6;
const SELDOM: f64 = 0.3;

impl Ranked {
    /// The reason: how near, what habit, how often asked lately.
    pub fn in_words(&self, language: Language) -> String {
        let parts = [
            Some(self.nearness(language)),
            self.inside(language),
            self.habit(language),
            Some(self.asked(language)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn nearness(&self, language: Language) -> String {
        match (self.standing.band, language) {
            (Band::Klik, Language::Nl) => "eerder tot beider tevredenheid".into(),
            (Band::Klik, Language::En) => "both were happy before".into(),
            (Band::Offered, Language::Nl) => "biedt dit zelf aan op het prikbord".into(),
            (Band::Offered, Language::En) => "offers this on the board".into(),
            (Band::SamePostcode, Language::Nl) => "zelfde postcode".into(),
            (Band::SamePostcode, Language::En) => "same postcode".into(),
            (Band::Within(m), Language::Nl) => format!("binnen {} km", m / 1000),
            (Band::Within(m), Language::En) => format!("within {} km", m / 1000),
        }
    }

    fn inside(&self, language: Language) -> Option<String> {
        self.inside.then(|| match language {
            Language::Nl => "gaat mee naar binnen".to_owned(),
            Language::En => "goes inside too".to_owned(),
        })
    }

    fn habit(&self, language: Language) -> Option<String> {
        let facts = &self.facts;
        if facts.rings < ENOUGH_RINGS {
            return None;
        }
        let share = f64::from(facts.picked_up) / f64::from(facts.rings);
        let when = day_part(self.day_part, language);
        Some(match language {
            Language::Nl if share >= OFTEN => format!("neemt {when} vaak op"),
            Language::Nl if share < SELDOM => format!("neemt {when} zelden op"),
            Language::Nl => format!("neemt {when} soms op"),
            Language::En if share >= OFTEN => format!("often picks up {when}"),
            Language::En if share < SELDOM => format!("seldom picks up {when}"),
            Language::En => format!("sometimes picks up {when}"),
        })
    }

    fn asked(&self, language: Language) -> String {
        match (self.facts.asks_28_days, language) {
            (0, Language::Nl) => "de laatste vier weken niet gevraagd".into(),
            (0, Language::En) => "not asked in the last four weeks".into(),
            (1, Language::Nl) => "één keer gevraagd in vier weken".into(),
            (1, Language::En) => "asked once in four weeks".into(),
            (n, Language::Nl) => format!("{n} keer gevraagd in vier weken"),
            (n, Language::En) => format!("asked {n} times in four weeks"),
        }
    }
}

fn day_part(part: DayPart, language: Language) -> &'static str {
    match language {
        Language::En => part.words(),
        Language::Nl => match part {
            DayPart::WeekdayMorning => "op doordeweekse ochtenden",
            DayPart::WeekdayAfternoon => "op doordeweekse middagen",
            DayPart::WeekdayEvening => "op doordeweekse avonden",
            DayPart::WeekendMorning => "op weekendochtenden",
            DayPart::WeekendAfternoon => "op weekendmiddagen",
            DayPart::WeekendEvening => "op weekendavonden",
        },
    }
}
