//! A moment as it is said to somebody who is asked for it: "donderdag 4 december, om half drie".

use chrono::{Datelike, NaiveDateTime, Timelike};

use crate::domain::calendar::{month, weekday};
use crate::domain::{Language, Timestamp};

const NL: [&str; 12] = [
    "twaalf", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf",
];
const EN: [&str; 12] = [
    "twelve", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven",
];

/// A day and a time of the clock, as they are said at `now` after "voor" or "for". Today and
/// tomorrow are called that; every other day has its date, which is what people write down.
///
/// Dutch: `vandaag, om tien uur`, `donderdag 4 december, om half drie 's middags`. English: `today, at
/// ten o'clock`, `Thursday 4 December, at half past two in the afternoon`.
pub fn appointment_in_words(now: Timestamp, then: Timestamp, language: Language) -> String {
    let (today, then) = (now.wall_clock(), then.wall_clock());
    let ahead = (then.date() - today.date()).num_days();
    let day = match (language, ahead) {
        (Language::Nl, 0) => "vandaag".to_owned(),
        (Language::Nl, 1) => "morgen".to_owned(),
        (Language::En, 0) => "today".to_owned(),
        (Language::En, 1) => "tomorrow".to_owned(),
        _ => format!("{} {} {}", weekday(then, language), then.day(), month(then, language)),
    };
    match language {
        Language::Nl => format!("{day}, om {}{}", clock_nl(then), part_nl(then)),
        Language::En => format!("{day}, at {}{}", clock_en(then), part_en(then)),
    }
}

fn clock_nl(then: NaiveDateTime) -> String {
    let hour = |ahead| NL[((then.hour() + ahead) % 12) as usize];
    match then.minute() {
        0 => format!("{} uur", hour(0)),
        15 => format!("kwart over {}", hour(0)),
        30 => format!("half {}", hour(1)),
        45 => format!("kwart voor {}", hour(1)),
        minute if minute < 30 => format!("{minute} over {}", hour(0)),
        minute => format!("{} voor {}", 60 - minute, hour(1)),
    }
}

fn clock_en(then: NaiveDateTime) -> String {
    let hour = |ahead| EN[((then.hour() + ahead) % 12) as usize];
    match then.minute() {
        0 => format!("{} o'clock", hour(0)),
        15 => format!("a quarter past {}", hour(0)),
        30 => format!("half past {}", hour(0)),
        45 => format!("a quarter to {}", hour(1)),
        minute if minute < 30 => format!("{minute} minutes past {}", hour(0)),
        minute => format!("{} minutes to {}", 60 - minute, hour(1)),
    }
}

/// Ten and eleven o'clock, and noon, are of the day for everybody; the other hours come twice.
fn part_nl(then: NaiveDateTime) -> &'static str {
    match then.hour() {
        0..6 => " 's nachts",
        6..10 => " 's ochtends",
        10..13 => "",
        13..18 => " 's middags",
        _ => " 's avonds",
    }
}

fn part_en(then: NaiveDateTime) -> &'static str {
    match then.hour() {
        0..6 => " at night",
        6..10 => " in the morning",
        10..13 => "",
        13..18 => " in the afternoon",
        _ => " in the evening",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(then: &str, language: Language) -> String {
        let now = Timestamp::parse("2026-11-24T10:00:00+01:00").expect("now");
        appointment_in_words(now, Timestamp::parse(then).expect("then"), language)
    }

    #[test]
    fn a_moment_is_said_as_people_say_it() {
        for (then, nl, en) in [
            ("2026-11-24T11:00:00+01:00", "vandaag, om elf uur", "today, at eleven o'clock"),
            (
                "2026-11-25T14:30:00+01:00",
                "morgen, om half drie 's middags",
                "tomorrow, at half past two in the afternoon",
            ),
            (
                "2026-12-03T10:00:00+01:00",
                "donderdag 3 december, om tien uur",
                "Thursday 3 December, at ten o'clock",
            ),
            (
                "2026-11-27T09:45:00+01:00",
                "vrijdag 27 november, om kwart voor tien 's ochtends",
                "Friday 27 November, at a quarter to ten in the morning",
            ),
            (
                "2026-12-04T19:15:00+01:00",
                "vrijdag 4 december, om kwart over zeven 's avonds",
                "Friday 4 December, at a quarter past seven in the evening",
            ),
            (
                "2026-12-04T12:40:00+01:00",
                "vrijdag 4 december, om 20 voor een",
                "Friday 4 December, at 20 minutes to one",
            ),
            (
                "2026-12-05T00:05:00+01:00",
                "zaterdag 5 december, om 5 over twaalf 's nachts",
                "Saturday 5 December, at 5 minutes past twelve at night",
            ),
        ] {
            assert_eq!(said(then, Language::Nl), nl);
            assert_eq!(said(then, Language::En), en);
        }
    }

    #[test]
    fn r13_it_is_the_dutch_clock_that_is_read_also_in_summer() {
        assert!(said("2027-07-01T08:00:00Z", Language::Nl).ends_with("om tien uur"));
        assert!(said("2027-01-05T09:00:00Z", Language::Nl).ends_with("om tien uur"));
    }
}
