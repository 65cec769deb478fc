//! The exchange's own moment in time. Always handed in; nothing pure asks a clock.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::{Europe::Amsterdam, Tz};
use serde::{Deserialize, Serialize};

/// Noon on 1 January of the year 1, and on 31 December 9999: what a calendar shows, with room around it
/// for a time zone and a week.
const FIRST: i64 = -62_135_553_600_000;
const LAST: i64 = 253_402_257_600_000;

/// Milliseconds since 1970-01-01T00:00:00Z. Stored as such; shown in Dutch local time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment on the Dutch clock, with its offset.
    ///
    /// A stamp outside the years 1 to 9999 (a damaged row, a broken clock) reads as the first or the last
    /// day of them.
    pub fn local(self) -> DateTime<Tz> {
        let told = self.0.clamp(FIRST, LAST);
        DateTime::<Utc>::from_timestamp_millis(told).unwrap_or_default().with_timezone(&Amsterdam)
    }

    /// What a clock on a Dutch wall shows at this moment.
    pub fn wall_clock(self) -> NaiveDateTime {
        self.local().naive_local()
    }

    /// The first moment at which a Dutch wall clock shows `wall` or, in the hour that daylight
    /// saving skips, the moment the clock jumps past it.
    pub fn from_wall_clock(wall: NaiveDateTime) -> Self {
        let mut probe = wall;
        // The skipped hour has no moment of its own; an hour later always has one.
        for _ in 0..2 {
            if let Some(at) = Amsterdam.from_local_datetime(&probe).earliest() {
                return Self(at.timestamp_millis());
            }
            probe += chrono::TimeDelta::hours(1);
        }
        Self(wall.and_utc().timestamp_millis())
    }

    /// Reads RFC 3339 (`2026-04-27T10:00:00+02:00`) or a date (`2026-04-27`, its local midnight).
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Some(Self(at.timestamp_millis()));
        }
        let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self::from_wall_clock(day.and_hms_opt(0, 0, 0)?))
    }

    /// Reads what a form of a browser sends for a moment on the Dutch clock: `2026-11-24T13:00`.
    pub fn parse_local(text: &str) -> Option<Self> {
        let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S"));
        wall.ok().map(Self::from_wall_clock)
    }

    /// Local midnight at the start of this moment's Dutch calendar day.
    pub fn start_of_day(self) -> Self {
        let day = self.wall_clock().date();
        Self::from_wall_clock(day.and_time(chrono::NaiveTime::MIN))
    }

    /// Local midnight at the start of this moment's week; a week begins on Monday.
    pub fn start_of_week(self) -> Self {
        use chrono::Datelike;
        let day = self.wall_clock().date();
        let monday = day - chrono::TimeDelta::days(day.weekday().num_days_from_monday().into());
        Self::from_wall_clock(monday.and_time(chrono::NaiveTime::MIN))
    }

    /// Time from `earlier` to this moment; zero when `earlier` is the later one.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    #[test]
    fn a_day_starts_at_local_midnight_also_on_both_daylight_saving_days() {
        for (moment, midnight) in [
            ("2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00"),
            ("2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00"),
            ("2026-07-01T00:00:00+02:00", "2026-07-01T00:00:00+02:00"),
        ] {
            assert_eq!(at(moment).start_of_day(), at(midnight), "{moment}");
        }
    }

    #[test]
    fn a_week_starts_on_monday() {
        assert_eq!(at("2026-11-29T23:00:00+01:00").start_of_week(), at("2026-11-23"));
        assert_eq!(at("2026-11-23T00:00:00+01:00").start_of_week(), at("2026-11-23"));
    }

    #[test]
    fn the_skipped_hour_reads_as_the_moment_after_it() {
        let skipped = at("2026-03-29").wall_clock() + chrono::TimeDelta::minutes(150);
        assert_eq!(Timestamp::from_wall_clock(skipped), at("2026-03-29T03:30:00+02:00"));
    }
    #[test]
    fn a_moment_that_no_clock_tells_is_told_as_the_first_or_the_last() {
        for wrong in [i64::MIN, -8_334_601_228_800_000, 8_210_266_876_799_999, i64::MAX] {
            let (moment, now) = (Timestamp(wrong), at("2026-11-24"));
            assert!(["0001", "9999"].contains(&&*moment.wall_clock().format("%Y").to_string()));
            let _ = (moment.start_of_day(), moment.start_of_week());
            assert!(now.since(moment).is_zero() || moment.since(now).is_zero());
        }
        for typed in ["+262142-12-31T23:59", "-262143-01-01T00:00"] {
            let read = Timestamp::parse_local(typed).expect("the calendar goes so far");
            assert_eq!(read.wall_clock().format("%m-%d").to_string(), typed[8..13]);
        }
    }
}
