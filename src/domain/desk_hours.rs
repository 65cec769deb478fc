//! When the desk takes calls: the line's office hours, extra closing days, and what somebody at the
//! desk settled for the time being.
//!
//! What was settled by hand wins over everything until its end; an extra closing day wins over the
//! office hours. Nothing here knows who settled it.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveTime};

use super::hours::day_in_words;
use super::{Hours, Language, Timestamp};

/// How far ahead the next opening is looked for.
const AHEAD: Duration = Duration::from_secs(60 * 24 * 3600);
/// A promise is given this much of an opening before it is overdue.
const AN_HOUR: Duration = Duration::from_secs(3600);
/// For a desk that never opens, which `check` refuses.
const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// Open or closed by hand, until a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenOrClosed {
    /// Which of the two.
    pub open: bool,
    /// Until when; from then on the hours count again.
    pub until: Timestamp,
}

/// What differs from the office hours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeskExceptions {
    /// Settled by hand.
    pub by_hand: Option<OpenOrClosed>,
    /// Days, on the Dutch calendar, on which the desk stays closed.
    pub closed_on: BTreeSet<NaiveDate>,
}

/// The hours of a desk, with everything that differs.
#[derive(Debug, Clone)]
pub struct DeskHours<'a> {
    office: &'a Hours,
    exceptions: DeskExceptions,
}

impl<'a> DeskHours<'a> {
    /// These office hours, but for these exceptions.
    pub fn new(office: &'a Hours, exceptions: DeskExceptions) -> Self {
        Self { office, exceptions }
    }

    /// Whether the desk takes calls at this moment.
    pub fn is_open(&self, now: Timestamp) -> bool {
        match self.by_hand_at(now) {
            Some(by_hand) => by_hand.open,
            None => self.office.is_open(now) && !self.closing_day(now),
        }
    }

    /// The first moment from `from` on at which it is open, within sixty days.
    pub fn next_opening(&self, from: Timestamp) -> Option<Timestamp> {
        let until = from + AHEAD;
        let mut from = match self.by_hand_at(from) {
            Some(by_hand) if by_hand.open => return Some(from),
            Some(by_hand) => by_hand.until,
            None => from,
        };
        // Each closing day is stepped over once.
        for _ in 0..=self.exceptions.closed_on.len() {
            let opening = self.office.next_opening(from, until.since(from))?;
            if !self.closing_day(opening) {
                return Some(opening);
            }
            let next = opening.wall_clock().date().checked_add_days(Days::new(1))?;
            from = Timestamp::from_wall_clock(next.and_time(NaiveTime::MIN));
        }
        None
    }

    /// When something that is promised now is due: while the desk is open, an hour from now or
    /// later; a desk that never opens gets a day.
    pub fn due(&self, now: Timestamp) -> Timestamp {
        let soonest = if self.is_open(now) { now + AN_HOUR } else { now };
        match self.next_opening(soonest) {
            Some(opening) if opening > soonest => opening + AN_HOUR,
            Some(opening) => opening,
            None => now + A_DAY,
        }
    }

    /// The same time on the next day that the desk opens, for what may wait a working day; where it is
    /// closed at that time, an hour after that day's opening.
    pub fn a_working_day_later(&self, now: Timestamp) -> Timestamp {
        let wall = now.wall_clock();
        let midnight = |days: u64| {
            let day = wall.date().checked_add_days(Days::new(days));
            day.map_or(now + A_DAY, |day| Timestamp::from_wall_clock(day.and_time(NaiveTime::MIN)))
        };
        let Some(opening) = self.next_opening(midnight(1)) else { return now + A_DAY };
        let same_time = opening.wall_clock().date().and_time(wall.time());
        let same_time = Timestamp::from_wall_clock(same_time);
        if self.is_open(same_time) { same_time } else { opening + AN_HOUR }
    }

    /// The day of [`DeskHours::due`], in words that can be spoken: "vandaag", "morgen", "maandag".
    pub fn day(&self, now: Timestamp, language: Language) -> String {
        day_in_words(now, self.due(now), language)
    }

    fn by_hand_at(&self, at: Timestamp) -> Option<OpenOrClosed> {
        self.exceptions.by_hand.filter(|by_hand| at < by_hand.until)
    }

    fn closing_day(&self, at: Timestamp) -> bool {
        self.exceptions.closed_on.contains(&at.wall_clock().date())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    fn office() -> Hours {
        Hours::parse("Mo-Fr 09:00-17:00; PH off").expect("hours")
    }

    fn closed_on(days: &[&str]) -> DeskExceptions {
        let days = days.iter().map(|day| day.parse().expect("a day"));
        DeskExceptions { by_hand: None, closed_on: days.collect() }
    }

    fn by_hand(open: bool, until: &str) -> DeskExceptions {
        let by_hand = Some(OpenOrClosed { open, until: at(until) });
        DeskExceptions { by_hand, closed_on: BTreeSet::new() }
    }

    #[test]
    fn without_exceptions_the_office_hours_count() {
        let office = office();
        let desk = DeskHours::new(&office, DeskExceptions::default());
        let monday = at("2026-11-23T10:00:00+01:00");
        assert!(desk.is_open(monday));
        assert_eq!(desk.due(monday), at("2026-11-23T11:00:00+01:00"));
        // Half an hour before the end: not in the evening, but within the next morning's first hour.
        assert_eq!(desk.due(at("2026-11-23T16:30:00+01:00")), at("2026-11-24T10:00:00+01:00"));
        assert_eq!(desk.day(at("2026-11-27T18:00:00+01:00"), Language::Nl), "maandag");
    }

    #[test]
    fn a_promise_steps_over_closing_days_weekends_and_holidays_together() {
        let office = office();
        // Thursday 24 and Monday 28 December are closed besides Christmas and the weekend.
        let desk = DeskHours::new(&office, closed_on(&["2026-12-24", "2026-12-28"]));
        let wednesday = at("2026-12-23T17:30:00+01:00");
        assert_eq!(desk.due(wednesday), at("2026-12-29T10:00:00+01:00"));
        assert!(!desk.is_open(at("2026-12-24T10:00:00+01:00")));
        assert!(desk.is_open(at("2026-12-29T09:00:00+01:00")));
    }

    #[test]
    fn a_working_day_later_is_the_same_time_on_the_next_day_that_it_opens() {
        let office = office();
        let desk = DeskHours::new(&office, closed_on(&["2026-11-30"]));
        for (now, later) in [
            ("2026-11-24T15:00:00+01:00", "2026-11-25T15:00:00+01:00"),
            ("2026-11-24T19:00:00+01:00", "2026-11-25T10:00:00+01:00"),
            ("2026-11-27T15:00:00+01:00", "2026-12-01T15:00:00+01:00"),
        ] {
            assert_eq!(desk.a_working_day_later(at(now)), at(later), "{now}");
        }
    }

    #[test]
    fn closed_by_hand_until_its_end_and_not_a_moment_longer() {
        let office = office();
        let desk = DeskHours::new(&office, by_hand(false, "2026-11-24T13:00:00+01:00"));
        let ten = at("2026-11-24T10:00:00+01:00");
        assert!(!desk.is_open(ten));
        assert_eq!(desk.next_opening(ten), Some(at("2026-11-24T13:00:00+01:00")));
        assert_eq!(desk.due(ten), at("2026-11-24T14:00:00+01:00"));
        assert!(desk.is_open(at("2026-11-24T13:00:00+01:00")));
    }

    #[test]
    fn open_by_hand_also_in_the_evening_and_on_a_closing_day() {
        let office = office();
        let exceptions = DeskExceptions {
            closed_on: closed_on(&["2026-11-24"]).closed_on,
            ..by_hand(true, "2026-11-24T21:00:00+01:00")
        };
        let desk = DeskHours::new(&office, exceptions);
        let evening = at("2026-11-24T19:00:00+01:00");
        assert!(desk.is_open(evening));
        assert_eq!(desk.due(evening), at("2026-11-24T20:00:00+01:00"));
        // An hour from now is past the end by hand: the next ordinary opening.
        assert_eq!(desk.due(at("2026-11-24T20:30:00+01:00")), at("2026-11-25T10:00:00+01:00"));
    }

    #[test]
    fn a_year_of_closing_days_still_gets_a_promise_with_a_day() {
        let office = office();
        let first: NaiveDate = "2026-11-24".parse().expect("a day");
        let closed_on = first.iter_days().take(366).collect();
        let desk = DeskHours::new(&office, DeskExceptions { by_hand: None, closed_on });
        let now = at("2026-11-24T10:00:00+01:00");
        assert_eq!(desk.next_opening(now), None);
        assert_eq!(desk.due(now), now + A_DAY);
    }
}
