//! What an attempt means afterwards: rest, caps, habits and pauses. Pure policy, one place.

use std::time::Duration;

use super::choose::Pause;
use super::{Answer, AttemptResult};
use crate::domain::{Line, Timestamp};

/// How long a neighbour who asked for a pause instead of stopping is left alone.
const A_MONTH: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long somebody is left in peace after this result; `None`: not at all.
pub fn rest_after(result: AttemptResult, line: &Line) -> Option<Duration> {
    use AttemptResult::{
        Busy, CallerEnded, Connected, Declined, Failed, HungUp, LateYes, Lost, NoAnswer, NotJoined,
        NotPlaced, NotToday, Paused, Stopped, Voicemail, WantsDesk,
    };
    match result {
        Connected | LateYes | NotJoined | Declined | NotToday | Stopped | Paused | WantsDesk
        | HungUp => Some(line.rest_after_answer),
        Voicemail | NoAnswer | Busy | Failed | Lost => Some(line.rest_after_ring),
        CallerEnded | NotPlaced => None,
    }
}

/// Whether the ring counts towards how often somebody likes to be asked.
pub fn counts_for_caps(result: AttemptResult) -> bool {
    !matches!(result, AttemptResult::CallerEnded | AttemptResult::NotPlaced)
}

/// Whether a person picked up: a voicemail box does not count, and what the caller cut short is
/// not known (`None`).
pub fn was_picked_up(result: AttemptResult) -> Option<bool> {
    use AttemptResult::{Busy, CallerEnded, Failed, Lost, NoAnswer, NotPlaced, Voicemail};
    match result {
        CallerEnded | Lost | NotPlaced => None,
        NoAnswer | Busy | Failed | Voicemail => Some(false),
        _ => Some(true),
    }
}

/// How many rings in a row nobody answered, after this one. A busy line says that somebody is there,
/// and what the caller cut short says nothing.
pub fn unanswered_after(result: AttemptResult, before: u32) -> u32 {
    use AttemptResult::{Failed, NoAnswer, Voicemail};
    match result {
        NoAnswer | Voicemail | Failed => before.saturating_add(1),
        other if was_picked_up(other) == Some(true) => 0,
        _ => before,
    }
}

/// Whether the question was answered with yes; `None` where it was not answered at all.
pub fn said_yes(result: AttemptResult) -> Option<bool> {
    use AttemptResult::{
        Connected, Declined, LateYes, NotJoined, NotToday, Paused, Stopped, WantsDesk,
    };
    match result {
        Connected | LateYes | NotJoined => Some(true),
        Declined | NotToday | Paused | Stopped | WantsDesk => Some(false),
        _ => None,
    }
}

/// The pause that an answer brings at once, whatever becomes of the search.
pub fn pause_after_answer(answer: Answer, now: Timestamp) -> Option<Pause> {
    match answer {
        Answer::NotToday => Some(Pause::Until(end_of_day(now))),
        Answer::Pause => Some(Pause::Until(now + A_MONTH)),
        Answer::StopAsked => Some(Pause::StopNotConfirmed),
        _ => None,
    }
}

/// How long somebody who asks for it takes a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseFor {
    /// The rest of this day.
    Today,
    /// Today and the six days after it.
    Week,
    /// Today and the twenty-nine days after it.
    Month,
    /// Until they say otherwise.
    UntilTheyCall,
}

/// The pause that somebody asks for; it ends at a local midnight.
pub fn pause_for(how_long: PauseFor, now: Timestamp) -> Pause {
    let whole_days = |days: u32| {
        // Noon is on the same calendar day whatever the clock does at night.
        let noon = now.start_of_day() + Duration::from_secs(12 * 3600);
        Pause::Until(end_of_day(noon + Duration::from_secs(24 * 3600) * (days - 1)))
    };
    match how_long {
        PauseFor::Today => whole_days(1),
        PauseFor::Week => whole_days(7),
        PauseFor::Month => whole_days(30),
        PauseFor::UntilTheyCall => Pause::UntilTheyCall,
    }
}

/// The next local midnight; a day with a change of clock has 23 or 25 hours.
fn end_of_day(now: Timestamp) -> Timestamp {
    let tomorrow = now.wall_clock().date() + chrono::TimeDelta::days(1);
    Timestamp::from_wall_clock(tomorrow.and_time(chrono::NaiveTime::MIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_today_lasts_until_local_midnight_also_when_the_clock_changes() {
        for (now, midnight) in [
            ("2026-10-25T10:00:00+01:00", "2026-10-26T00:00:00+01:00"),
            ("2026-03-29T01:00:00+01:00", "2026-03-30T00:00:00+02:00"),
            ("2026-11-24T23:59:59+01:00", "2026-11-25T00:00:00+01:00"),
        ] {
            let [now, midnight] = [now, midnight].map(|t| Timestamp::parse(t).expect(t));
            let pause = pause_after_answer(Answer::NotToday, now);
            assert_eq!(pause, Some(Pause::Until(midnight)));
        }
    }

    #[test]
    fn a_pause_ends_at_a_local_midnight_also_over_a_change_of_clock() {
        let now = Timestamp::parse("2026-10-22T23:30:00+02:00").expect("a moment");
        for (how_long, end) in [
            (PauseFor::Today, "2026-10-23T00:00:00+02:00"),
            (PauseFor::Week, "2026-10-29T00:00:00+01:00"),
            (PauseFor::Month, "2026-11-21T00:00:00+01:00"),
        ] {
            let end = Timestamp::parse(end).expect(end);
            assert_eq!(pause_for(how_long, now), Pause::Until(end), "{how_long:?}");
        }
        assert_eq!(pause_for(PauseFor::UntilTheyCall, now), Pause::UntilTheyCall);
    }

    #[test]
    fn a_ring_that_the_caller_ended_counts_for_nothing() {
        assert!(!counts_for_caps(AttemptResult::CallerEnded));
        assert_eq!(was_picked_up(AttemptResult::CallerEnded), None);
        assert_eq!(said_yes(AttemptResult::CallerEnded), None);
    }

    #[test]
    fn unanswered_rings_count_until_somebody_picks_up() {
        use AttemptResult::{Busy, CallerEnded, Declined, HungUp, NoAnswer, Voicemail};
        let after = |results: &[AttemptResult]| {
            results.iter().fold(0, |before, result| unanswered_after(*result, before))
        };
        assert_eq!(after(&[NoAnswer, Voicemail, CallerEnded, Busy, NoAnswer]), 3);
        assert_eq!(after(&[NoAnswer, NoAnswer, Declined]), 0);
        assert_eq!(after(&[Voicemail, HungUp, NoAnswer]), 1);
    }

    #[test]
    fn a_voicemail_box_is_nobody_picking_up() {
        assert_eq!(was_picked_up(AttemptResult::Voicemail), Some(false));
        assert_eq!(said_yes(AttemptResult::Voicemail), None);
    }
}
