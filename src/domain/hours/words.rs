//! Hours as people read them: the seven days from today on, whatever the expression is.

use chrono::{Datelike, NaiveDate};

use super::Hours;
use crate::domain::{Language, Timestamp, calendar};

/// Minutes in a day.
const WHOLE_DAY: u32 = 24 * 60;

/// One day, or several in a row that are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayInWords {
    /// `dinsdag 24`, or `dinsdag 24 t/m donderdag 26`.
    pub day: String,
    /// `09:00 tot 12:30 en 14:00 tot 21:00`, `de hele dag`, `niet`.
    pub times: String,
}

/// The seven days from today on, with the public holidays that fall in them. Days in a row with the
/// same times are told together.
pub fn week_in_words(hours: &Hours, now: Timestamp, language: Language) -> Vec<DayInWords> {
    let days = now.wall_clock().date().iter_days().take(7);
    let mut runs: Vec<(NaiveDate, NaiveDate, String)> = Vec::new();
    for day in days {
        let times = times(hours, day, language);
        match runs.last_mut() {
            Some((_, last, same)) if *same == times => *last = day,
            _ => runs.push((day, day, times)),
        }
    }
    let told = |(first, last, times): (NaiveDate, NaiveDate, String)| {
        let to = language.pick("t/m", "to");
        let day = match first == last {
            true => named(first, language),
            false => format!("{} {to} {}", named(first, language), named(last, language)),
        };
        DayInWords { day, times }
    };
    runs.into_iter().map(told).collect()
}

fn named(day: NaiveDate, language: Language) -> String {
    let at = day.weekday().num_days_from_monday() as usize;
    format!("{} {}", calendar::weekdays(language)[at], day.day())
}

fn times(hours: &Hours, day: NaiveDate, language: Language) -> String {
    let (never, always, to, and) = match language {
        Language::Nl => ("niet", "de hele dag", "tot", " en "),
        Language::En => ("not", "all day", "to", " and "),
    };
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let windows: Vec<(u32, u32)> = hours.windows(day).collect();
    match windows[..] {
        [] => never.to_owned(),
        [(0, end)] if end >= WHOLE_DAY => always.to_owned(),
        _ => {
            let told = windows.iter().map(|&(start, end)| {
                // The night is told on the day that it begins, up to midnight.
                format!("{} {to} {}", clock(start), clock(end.min(WHOLE_DAY)))
            });
            told.collect::<Vec<_>>().join(and)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(hours: &str, at: &str, language: Language) -> Vec<String> {
        let hours = Hours::parse(hours).expect("hours");
        let now = Timestamp::parse(at).expect("a moment");
        let days = week_in_words(&hours, now, language).into_iter();
        days.map(|told| format!("{}: {}", told.day, told.times)).collect()
    }

    #[test]
    fn days_that_are_the_same_are_told_together() {
        assert_eq!(
            told(
                "Mo-Fr 09:00-17:00; Sa 10:00-12:00,14:00-16:00; PH off",
                "2026-11-24",
                Language::Nl
            ),
            [
                "dinsdag 24 t/m vrijdag 27: 09:00 tot 17:00",
                "zaterdag 28: 10:00 tot 12:00 en 14:00 tot 16:00",
                "zondag 29: niet",
                "maandag 30: 09:00 tot 17:00",
            ]
        );
        assert_eq!(told("24/7", "2026-11-24", Language::En), ["Tuesday 24 to Monday 30: all day"]);
    }

    #[test]
    fn a_public_holiday_in_the_week_is_seen() {
        let week = told("Mo-Fr 09:00-17:00; PH off", "2026-04-25", Language::Nl);
        assert_eq!(week[0], "zaterdag 25 t/m maandag 27: niet", "King's Day is a Monday");
    }

    #[test]
    fn a_night_is_told_up_to_midnight() {
        let week = told("Mo-Su 22:00-02:00", "2026-11-24", Language::Nl);
        assert_eq!(week, ["dinsdag 24 t/m maandag 30: 00:00 tot 02:00 en 22:00 tot 00:00"]);
    }
}
