//! Hours in the OpenStreetMap `opening_hours` language, on the Dutch clock, with Dutch holidays.
//!
//! Evaluated on the wall clock (R13): a window inside the hour that daylight saving skips is
//! empty, one inside the doubled hour holds twice. `PH` is a public holiday of the Algemene
//! termijnenwet (see `holidays`). What is `unknown`, or depends on a comment (`"if at home"`),
//! counts as closed.
//!
//! Of the language, what this place cannot answer is refused instead of guessed: sunrise and
//! sunset (no location), `SH` (school holidays differ by region and year).

use std::fmt;
use std::time::Duration;

use chrono::{NaiveDate, NaiveDateTime, TimeZone, Timelike};
use chrono_tz::Europe::Amsterdam;
use opening_hours::{OpeningHours, RuleKind};
use serde::{Deserialize, Serialize};

use super::Timestamp;

mod appointment;
mod courtesy;
mod holidays;
mod refuse;
#[cfg(test)]
mod tests;
mod week;
mod words;

pub use appointment::appointment_in_words;
pub use courtesy::{day_in_words, last_day_in_words, quiet};
pub use week::{Holidays, WEEKDAYS, Week, Windows};
pub use words::{DayInWords, week_in_words};

/// Longest expression that is read, in characters; a busy week with holidays takes a hundred.
pub const LONGEST: usize = 500;

/// Farthest that [`Hours::next_opening`] looks ahead, in days: a year and a day.
pub const FARTHEST_DAYS: u32 = 366;

/// A parsed `opening_hours` expression, for example `Mo-Fr 09:00-17:00; PH off`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Hours {
    text: Box<str>,
    parsed: OpeningHours,
}

/// The expression cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("hours cannot be read: {0}; write them like \"Mo-Fr 09:00-17:00; PH off\"")]
pub struct NotHours(pub String);

impl Hours {
    /// Reads an expression of at most [`LONGEST`] characters.
    ///
    /// # Errors
    /// [`NotHours`] with what the parser found, in one line.
    pub fn parse(text: &str) -> Result<Self, NotHours> {
        refuse::unreadable(text)?;
        let parsed = text.parse::<OpeningHours>().map_err(|e| refuse::in_one_line(text, &e))?;
        refuse::nested_windows(&parsed)?;
        Ok(Self { text: text.into(), parsed: parsed.with_context(holidays::dutch()) })
    }

    /// Whether `now` falls inside.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let wall = now.wall_clock();
        let minute = minute_of_day(wall);
        self.windows(wall.date()).any(|(start, end)| (start..end).contains(&minute))
    }

    /// The first moment from `now` on that falls inside, within `ahead` (at most
    /// [`FARTHEST_DAYS`]); `None` if there is none.
    pub fn next_opening(&self, now: Timestamp, ahead: Duration) -> Option<Timestamp> {
        if self.is_open(now) {
            return Some(now);
        }
        let farthest = Duration::from_secs(u64::from(FARTHEST_DAYS) * 24 * 3600);
        let until = now + ahead.min(farthest);
        let last_day = until.wall_clock().date();
        now.wall_clock()
            .date()
            .iter_days()
            .take_while(|day| *day <= last_day)
            .find_map(|day| self.first_opening(day, now))
            .filter(|at| *at <= until)
    }

    /// Whether nothing is open from `now` on for this many days (at most [`FARTHEST_DAYS`]).
    pub fn never_opens_within(&self, days: u32, now: Timestamp) -> bool {
        let ahead = Duration::from_secs(u64::from(days) * 24 * 3600);
        self.next_opening(now, ahead).is_none()
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first moment of this calendar day, not before `now`, at which it becomes open.
    fn first_opening(&self, day: NaiveDate, now: Timestamp) -> Option<Timestamp> {
        let mut moments: Vec<Timestamp> = self
            .windows(day)
            .filter_map(|(start, _)| day.and_hms_opt(start / 60, start % 60, 0))
            .flat_map(moments_of)
            .chain(clock_change(day))
            .filter(|at| *at >= now && self.is_open(*at))
            .collect();
        moments.sort_unstable();
        moments.first().copied()
    }

    /// The open windows of one calendar day, in minutes from midnight, on the wall clock.
    fn windows(&self, day: NaiveDate) -> impl Iterator<Item = (u32, u32)> {
        self.parsed
            .schedule_at(day)
            .into_iter()
            .filter(|window| window.kind == RuleKind::Open && window.comment.is_empty())
            .map(|window| {
                let minutes = window.range.start.mins_from_midnight();
                (u32::from(minutes), u32::from(window.range.end.mins_from_midnight()))
            })
    }
}

fn minute_of_day(wall: NaiveDateTime) -> u32 {
    wall.hour() * 60 + wall.minute()
}

/// The moments at which a Dutch wall clock shows this: one, two in the doubled hour, none in the
/// skipped one (then [`clock_change`] stands in for it).
fn moments_of(wall: NaiveDateTime) -> impl Iterator<Item = Timestamp> {
    let local = Amsterdam.from_local_datetime(&wall);
    let (first, second) = (local.earliest(), local.latest());
    first.into_iter().chain(second).map(|at| Timestamp(at.timestamp_millis()))
}

/// The moment of this day at which the clock is put forward or back: 01:00 UTC throughout the
/// European Union. A window may begin in the middle by it.
fn clock_change(day: NaiveDate) -> Option<Timestamp> {
    let change = Timestamp(day.and_hms_opt(1, 0, 0)?.and_utc().timestamp_millis());
    let before = change - Duration::from_secs(1);
    let shift = change.wall_clock() - before.wall_clock();
    (shift != chrono::TimeDelta::seconds(1)).then_some(change)
}

impl PartialEq for Hours {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hours({:?})", self.text)
    }
}

impl TryFrom<String> for Hours {
    type Error = NotHours;
    fn try_from(text: String) -> Result<Self, NotHours> {
        Self::parse(&text)
    }
}

impl From<Hours> for String {
    fn from(hours: Hours) -> String {
        hours.text.into()
    }
}
