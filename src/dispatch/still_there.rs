//! Whether somebody still takes part: who is asked that, when, and how often. Pure policy, one place.
//!
//! Nobody is dropped silently, and nobody is rung for ever. Whoever did not answer five rings in a
//! row gets one friendly call; whoever has not been heard of for a year gets a few, over a month.
//! Until they say so they rest, however they say it: in that call, by calling in, or on their own page.

use std::time::Duration;

use chrono::{NaiveTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};

use super::choose::Pause;
use crate::domain::hours::quiet;
use crate::domain::{Hours, Timestamp};

/// Why somebody is asked whether they still take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyAsked {
    /// Nobody answered so often in a row.
    Unanswered,
    /// A year went by without a word from them.
    Silent,
}

/// So long after the last word from somebody the question is put to them, within the day that follows.
pub const SILENT_AFTER: Duration = Duration::from_secs(364 * 24 * 3600);

/// From one call in vain to the next, of somebody who has been silent for a year: a week, and then two.
const LATER: [Duration; 2] =
    [Duration::from_secs(7 * 24 * 3600), Duration::from_secs(14 * 24 * 3600)];

/// How far ahead a moment is looked for that suits both sides.
const AHEAD: Duration = Duration::from_secs(30 * 24 * 3600);

/// Changes from closed to open that are looked at, at the most: two a day for as long as that.
const MOST_OPENINGS: usize = 120;

/// So much of the silence on the evening of the fourth of May is waited for at a time.
const A_MOMENT: Duration = Duration::from_secs(10 * 60);

/// From when somebody is rung about it who did not answer just now: the next day, at the other end of
/// it, since at this hour they are not there.
pub fn at_another_hour(now: Timestamp) -> Timestamp {
    let (early, late) = (NaiveTime::from_hms_opt(10, 0, 0), NaiveTime::from_hms_opt(17, 0, 0));
    let wall = now.wall_clock();
    let hour = if wall.hour() < 13 { late } else { early };
    let tomorrow = wall.date() + TimeDelta::days(1);
    Timestamp::from_wall_clock(tomorrow.and_time(hour.unwrap_or(NaiveTime::MIN)))
}

/// How long after the `tries`-th call in vain (from 1) the next one comes; `None`: that was the last.
pub fn next_after(why: WhyAsked, tries: u32) -> Option<Duration> {
    match why {
        WhyAsked::Unanswered => None,
        WhyAsked::Silent => LATER.get(usize::try_from(tries).ok()?.checked_sub(1)?).copied(),
    }
}

/// The first moment from then on at which they may be rung about it: in the line's `ringing` hours and
/// in their own (R13), and not in a pause. `None`: they are not rung about it.
pub fn may_ring_from(
    ringing: &Hours,
    own: &Hours,
    pause: Option<Pause>,
    then: Timestamp,
) -> Option<Timestamp> {
    let mut at = match pause {
        Some(Pause::Until(end)) => then.max(end),
        Some(Pause::UntilTheyCall | Pause::StopNotConfirmed) => return None,
        None => then,
    };
    for _ in 0..MOST_OPENINGS {
        if !ringing.is_open(at) {
            at = ringing.next_opening(at, AHEAD)?;
        } else if !own.is_open(at) {
            at = own.next_opening(at, AHEAD)?;
        } else if quiet(at) {
            at = at + A_MOMENT;
        } else {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    fn hours(text: &str) -> Hours {
        Hours::parse(text).expect(text)
    }

    fn from(own: &str, pause: Option<Pause>, then: &str) -> Option<Timestamp> {
        may_ring_from(&hours("Mo-Sa 09:00-21:00; Su,PH 10:00-20:00"), &hours(own), pause, at(then))
    }

    #[test]
    fn whoever_does_not_answer_in_the_morning_is_rung_the_next_evening_and_the_other_way_round() {
        for (now, then) in [
            ("2026-11-24T10:00:00+01:00", "2026-11-25T17:00:00+01:00"),
            ("2026-11-24T19:30:00+01:00", "2026-11-25T10:00:00+01:00"),
            ("2026-10-24T12:59:00+02:00", "2026-10-25T17:00:00+01:00"),
        ] {
            assert_eq!(at_another_hour(at(now)), at(then), "{now}");
        }
    }

    #[test]
    fn one_call_for_whoever_never_answers_and_three_in_a_month_for_whoever_was_silent_for_a_year() {
        assert_eq!(next_after(WhyAsked::Unanswered, 1), None);
        let mut at = Duration::ZERO;
        let mut calls = 1;
        while let Some(after) = next_after(WhyAsked::Silent, calls) {
            assert!(after >= Duration::from_secs(24 * 3600), "at most one a day");
            at += after;
            calls += 1;
        }
        assert_eq!(calls, 3);
        assert!(at < Duration::from_secs(28 * 24 * 3600), "before they are erased");
    }

    #[test]
    fn r13_both_sides_hours_are_open_and_no_pause_holds() {
        let evening = "Mo-Fr 19:00-23:00";
        for (own, pause, then, rung) in [
            ("24/7", None, "2026-11-24T10:00:00+01:00", "2026-11-24T10:00:00+01:00"),
            ("24/7", None, "2026-11-24T22:00:00+01:00", "2026-11-25T09:00:00+01:00"),
            (evening, None, "2026-11-24T10:00:00+01:00", "2026-11-24T19:00:00+01:00"),
            (evening, None, "2026-11-27T21:30:00+01:00", "2026-11-30T19:00:00+01:00"),
            ("24/7", None, "2027-05-04T19:58:00+02:00", "2027-05-04T20:08:00+02:00"),
            (
                "24/7",
                Some(Pause::Until(at("2026-12-01T00:00:00+01:00"))),
                "2026-11-24T10:00:00+01:00",
                "2026-12-01T09:00:00+01:00",
            ),
        ] {
            assert_eq!(from(own, pause, then), Some(at(rung)), "{own} {then}");
        }
        for pause in [Pause::UntilTheyCall, Pause::StopNotConfirmed] {
            assert_eq!(from("24/7", Some(pause), "2026-11-24T10:00:00+01:00"), None);
        }
        assert_eq!(
            from("Mo-Su 22:00-23:00", None, "2026-11-24T10:00:00+01:00"),
            None,
            "never both"
        );
    }
}
