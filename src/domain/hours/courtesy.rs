//! Two courtesies of the calendar: the two minutes of silence, and a day said in words.

use chrono::{Datelike, NaiveTime};

use super::super::calendar::{month, weekday};
use super::super::{Language, Timestamp};

/// Whether it is around the silence of 4 May, 19:55 to 20:05 on the Dutch clock, when nobody is
/// rung whatever the hours say.
pub fn quiet(now: Timestamp) -> bool {
    let wall = now.wall_clock();
    let (from, until) = (NaiveTime::from_hms_opt(19, 55, 0), NaiveTime::from_hms_opt(20, 5, 0));
    (wall.month(), wall.day()) == (5, 4) && Some(wall.time()) >= from && Some(wall.time()) < until
}

/// The calendar day of `then`, as it is said at `now`: `vandaag`, `morgen`, `maandag`, and from a
/// week ahead (or in the past) `op maandag 4 januari`.
///
/// English: `today`, `tomorrow`, `on Monday`, `on Monday 4 January`.
pub fn day_in_words(now: Timestamp, then: Timestamp, language: Language) -> String {
    let (today, day) = (now.wall_clock(), then.wall_clock());
    let ahead = (day.date() - today.date()).num_days();
    let weekday = weekday(day, language);
    match (language, ahead) {
        (Language::Nl, 0) => "vandaag".to_owned(),
        (Language::Nl, 1) => "morgen".to_owned(),
        (Language::Nl, 2..=6) => weekday.to_owned(),
        (Language::Nl, _) => format!("op {weekday} {} {}", day.day(), month(day, language)),
        (Language::En, 0) => "today".to_owned(),
        (Language::En, 1) => "tomorrow".to_owned(),
        (Language::En, 2..=6) => format!("on {weekday}"),
        (Language::En, _) => format!("on {weekday} {} {}", day.day(), month(day, language)),
    }
}

/// The last calendar day before `end`, as it is said at `now` after "up to and including":
/// `vandaag`, `morgen`, `maandag`, `maandag 4 januari` (`today`, `tomorrow`, `Monday` ...).
pub fn last_day_in_words(now: Timestamp, end: Timestamp, language: Language) -> String {
    let words = day_in_words(now, end - std::time::Duration::from_millis(1), language);
    let bare = words.strip_prefix("op ").or_else(|| words.strip_prefix("on "));
    bare.map_or(words.clone(), str::to_owned)
}
