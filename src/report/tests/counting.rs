//! Rows to counts, days to months to years.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::dispatch::{AttemptResult, Outcome};
use crate::domain::{Phone, Postcode, ServiceId, Timestamp};
use crate::report::counts::{
    Asked, AskedRow, Counts, Ended, HourOfWeek, RingEnd, RingRow, Settled,
};
use crate::report::period::bounds;
use crate::report::{Month, Period};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect(text)
}

fn seconds(from: Timestamp, seconds: u64) -> Timestamp {
    from + std::time::Duration::from_secs(seconds)
}

const TEN: &str = "2026-11-24T10:00:00+01:00";

fn asked(outcome: Option<Outcome>) -> AskedRow {
    AskedRow {
        neighbour: true,
        asked: Asked(ServiceId::parse("dog").ok(), Postcode::try_from(2584).ok()),
        opened_at: at(TEN),
        outcome,
        worked_out: None,
        settled: None,
    }
}

fn ring(after: u64, result: AttemptResult, yes_after: Option<u64>) -> RingRow {
    RingRow {
        reserved_at: seconds(at(TEN), after),
        accepted_at: yes_after.map(|after| seconds(at(TEN), after)),
        result: Some(result),
    }
}

#[test]
fn a_no_and_a_yes_make_one_connection_of_two_rings() {
    let mut counts = Counts::default();
    let rings =
        [ring(1, AttemptResult::Declined, None), ring(14, AttemptResult::Connected, Some(31))];
    counts.request(&AskedRow { worked_out: Some(true), ..asked(Some(Outcome::Connected)) }, &rings);
    assert_eq!((counts.requests(), counts.connected(), counts.all_rings()), (1, 1, 2));
    assert_eq!(counts.ended, BTreeMap::from([(Ended::Within60, 1)]), "31 s is not within 30");
    assert_eq!(counts.rings, BTreeMap::from([(RingEnd::Yes, 1), (RingEnd::No, 1)]));
    assert_eq!(counts.to_first_ring.iter().collect::<Vec<_>>(), [(1, 1)]);
    assert_eq!(counts.to_connection.iter().collect::<Vec<_>>(), [(31, 1)]);
    assert_eq!((counts.worked_out, counts.did_not_work_out), (1, 0));
}

#[test]
fn a_yes_that_led_to_nothing_is_no_connection() {
    let mut counts = Counts::default();
    counts
        .request(&asked(Some(Outcome::CallerLeft)), &[ring(1, AttemptResult::NotJoined, Some(9))]);
    assert_eq!(counts.connected(), 0);
    assert!(counts.to_connection.is_empty());
    assert_eq!(counts.ended, BTreeMap::from([(Ended::CallerLeft, 1)]));
}

#[test]
fn what_the_desk_says_of_a_request_counts_unless_a_neighbour_was_found() {
    let mut counts = Counts::default();
    for (outcome, settled) in [
        (None, Settled::Done),
        (Some(Outcome::Nobody), Settled::Referred),
        (Some(Outcome::UsedUp), Settled::CouldNot),
        (Some(Outcome::CallerLeft), Settled::NotNeeded),
    ] {
        counts.request(&AskedRow { settled: Some(settled), ..asked(outcome) }, &[]);
    }
    let ways = [Ended::OtherWay, Ended::ByTheDesk, Ended::Referred, Ended::CouldNot];
    assert_eq!(counts.ended, ways.map(|way| (way, 1)).into());
    assert_eq!((counts.requests(), counts.connected()), (4, 0));
    let done = AskedRow { settled: Some(Settled::Done), ..asked(Some(Outcome::Connected)) };
    counts.request(&done, &[ring(1, AttemptResult::Connected, Some(20))]);
    assert_eq!(counts.ended.get(&Ended::Within30), Some(&1), "the neighbour did it");
}

#[test]
fn the_desk_is_counted_apart() {
    let mut counts = Counts::default();
    counts.request(&AskedRow { neighbour: false, ..asked(Some(Outcome::Connected)) }, &[]);
    counts.request(&AskedRow { neighbour: false, ..asked(Some(Outcome::Nobody)) }, &[]);
    assert_eq!((counts.desk_asked, counts.desk_spoken, counts.requests()), (2, 1, 0));
}

#[test]
fn a_promise_is_on_time_until_the_moment_it_is_due() {
    let due = at(TEN);
    let mut counts = Counts::default();
    counts.promise(due, Some(due));
    counts.promise(due, Some(seconds(due, 1)));
    counts.promise(due, None);
    assert_eq!((counts.promises_due, counts.promises_on_time), (3, 1));
}

#[test]
fn hours_are_those_of_the_wall_on_both_daylight_saving_days() {
    let hour = |text: &str| HourOfWeek::of(at(text));
    let sunday = |hour| HourOfWeek { weekday: 6, hour };
    // The hour that comes twice is one; the one that is skipped never comes.
    assert_eq!(hour("2026-10-25T02:30:00+02:00"), sunday(2));
    assert_eq!(hour("2026-10-25T02:30:00+01:00"), sunday(2));
    assert_eq!(hour("2026-03-29T01:59:00+01:00"), sunday(1));
    assert_eq!(hour("2026-03-29T03:00:00+02:00"), sunday(3));
    // 23 and 25 hours long, and one begins where the other ends.
    for (day, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-24", 24)] {
        let (begin, end) = bounds(day.parse().unwrap());
        assert_eq!(end.since(begin).as_secs(), hours * 3600, "{day}");
    }
}

#[test]
fn periods_read_back_and_have_their_days() {
    for text in ["2026-11", "2026", "2000-01", "2999-12"] {
        assert_eq!(Period::parse(text).unwrap().to_string(), text);
    }
    for wrong in
        ["", "26", "2026-", "2026-13", "2026-00", "2026-1", "1999", "november", "2026-11-24"]
    {
        assert!(Period::parse(wrong).is_err(), "{wrong}");
    }
    assert_eq!(Period::parse("2028-02").unwrap().days().count(), 29);
    assert_eq!(Period::parse("2026").unwrap().days().count(), 365);
    let december = Month::parse("2026-12").unwrap();
    assert_eq!(december.next().to_string(), "2027-01");
    assert_eq!(december.next().previous(), december);
}

fn any_counts() -> impl Strategy<Value = Counts> {
    let ended = prop_oneof![
        Just(None),
        Just(Some(Outcome::Connected)),
        Just(Some(Outcome::Nobody)),
        Just(Some(Outcome::CallerLeft)),
    ];
    let request = (ended, 0_u64..400, 0_u16..3, prop::option::of(any::<bool>()));
    prop::collection::vec(request, 0..12).prop_map(|requests| {
        let mut counts = Counts::default();
        for (outcome, wait, place, worked_out) in requests {
            let place = Postcode::try_from(2581 + place).ok();
            let result = match outcome {
                Some(Outcome::Connected) => AttemptResult::Connected,
                _ => AttemptResult::NoAnswer,
            };
            let yes = (result == AttemptResult::Connected).then_some(wait);
            let row = AskedRow {
                asked: Asked(ServiceId::parse("dog").ok(), place),
                worked_out,
                ..asked(outcome)
            };
            counts.call(row.opened_at);
            counts.request(&row, &[ring(0, result, yes)]);
        }
        counts
    })
}

proptest! {
    #[test]
    fn sums_fit_each_other_however_days_are_added(days in prop::collection::vec(any_counts(), 0..6)) {
        let line = Phone::from_stored("+31700002586").unwrap();
        let first: chrono::NaiveDate = "2026-11-28".parse().unwrap();
        let days: BTreeMap<_, _> = first
            .iter_days()
            .zip(days)
            .map(|(day, counts)| (day, BTreeMap::from([(line.clone(), counts)])))
            .collect();
        let mut whole = Counts::default();
        days.values().for_each(|lines| whole.add(&lines[&line]));
        let mut months = BTreeMap::<Month, Counts>::new();
        for (day, lines) in &days {
            months.entry(Month::of(*day)).or_default().add(&lines[&line]);
        }
        let mut again = Counts::default();
        months.values().for_each(|month| again.add(month));
        prop_assert_eq!(&whole, &again);
        prop_assert_eq!(whole.requests(), whole.ended.values().sum::<u64>());
        prop_assert_eq!(whole.calls, whole.hours.values().sum::<u64>());
        prop_assert_eq!(whole.connected(), whole.to_connection.len());
        prop_assert_eq!(whole.to_connection.within(30), whole.ended.get(&Ended::Within30).copied().unwrap_or(0));
        // What is kept reads back.
        let kept = serde_json::to_string(&days).unwrap();
        let read: BTreeMap<chrono::NaiveDate, crate::report::DayCounts> = serde_json::from_str(&kept).unwrap();
        prop_assert_eq!(read, days);
    }
}
