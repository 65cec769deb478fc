//! Each rule is broken once, on purpose.

use std::time::Duration;

use super::super::leg::Status;
use super::super::log::Key;
use super::super::number::CallerId;
use super::super::wire::RequestId;
use super::*;
use crate::domain::Timestamp;

const LINE: &str = "+31700002586";
const CALLER: &str = "+31601000001";
const BOS: &str = "+31700010001";
const VISSER: &str = "+31700010002";

fn log(entries: Vec<(u32, What)>) -> Vec<LogEntry> {
    let at = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
    entries.into_iter().map(|(leg, what)| LogEntry { at, leg: LegId(leg), what }).collect()
}

fn dialled() -> What {
    What::Dialled { from: CallerId::Shown(Number::new(CALLER)), to: Number::new(LINE) }
}

fn rung(number: &str, parent: u32) -> What {
    What::Rung {
        number: Number::new(number),
        caller_id: LINE.to_owned(),
        parent: Some(LegId(parent)),
        limit: Duration::from_secs(20),
    }
}

fn said(text: &str) -> What {
    What::Said { text: text.to_owned(), language: None }
}

fn ended(by: By) -> What {
    What::Ended { status: Status::Completed, by }
}

fn dial_ended(child: u32, bridged: bool) -> What {
    What::DialEnded { status: Status::Completed, bridged, child: LegId(child) }
}

fn document(verbs: &[&'static str]) -> What {
    What::Document { request: RequestId(1), kind: Kind::DialAction, verbs: verbs.to_vec() }
}

fn complaints(entries: Vec<(u32, What)>) -> Vec<String> {
    let mut known = Known::lines([LINE]);
    known.desks.insert(Number::new("+31700090001"));
    known.names.push("Visser".to_owned());
    broken(&log(entries), &known)
}

/// A whole good call, with `middle` between the greeting and the goodbye.
fn call_with(middle: Vec<(u32, What)>) -> Vec<String> {
    let mut entries = vec![(1, dialled()), (1, said("Goedemorgen"))];
    entries.extend(middle);
    entries.extend([(1, said("Dank u wel")), (1, ended(By::Exchange))]);
    complaints(entries)
}

fn only_breaks(rule: &str, complaints: &[String]) {
    assert_eq!(complaints.len(), 1, "{complaints:?}");
    assert!(complaints[0].starts_with(rule), "{complaints:?}");
}

#[test]
fn a_good_call_breaks_nothing() {
    let good = call_with(vec![
        (2, rung(BOS, 1)),
        (2, ended(By::Person)),
        (1, dial_ended(2, false)),
        (1, document(&["Say", "Dial"])),
        (3, rung(VISSER, 1)),
        (3, What::Pressed(Key('1'))),
        (1, What::Joined { with: LegId(3) }),
        (3, ended(By::Person)),
        (1, dial_ended(3, true)),
    ]);
    assert_eq!(good, [""; 0]);
}

#[test]
fn somebody_at_the_desk_who_pressed_a_key_is_put_through_to_whom_they_call_back() {
    let calls_back = |key: char| {
        let seat = What::Rung {
            number: Number::new("+31700090001"),
            caller_id: LINE.to_owned(),
            parent: None,
            limit: Duration::from_secs(20),
        };
        complaints(vec![
            (1, seat),
            (1, What::Pressed(Key(key))),
            (2, rung(BOS, 1)),
            (1, What::Joined { with: LegId(2) }),
            (2, ended(By::Person)),
            (1, dial_ended(2, true)),
            (1, said("Dank u wel")),
            (1, ended(By::Exchange)),
        ])
    };
    assert_eq!(calls_back('1'), [""; 0]);
    only_breaks("R5", &calls_back('2'));
}

#[test]
fn r2_two_telephones_at_once_are_seen() {
    let both = call_with(vec![
        (2, rung(BOS, 1)),
        (3, rung(VISSER, 1)),
        (2, ended(By::Network)),
        (3, ended(By::Network)),
    ]);
    only_breaks("R2", &both);
}

#[test]
fn r3_a_telephone_rung_for_two_callers_is_seen() {
    let twice = complaints(vec![
        (1, dialled()),
        (2, dialled()),
        (1, said("Dag")),
        (2, said("Dag")),
        (3, rung(BOS, 1)),
        (4, rung(BOS, 2)),
        (3, ended(By::Network)),
        (4, ended(By::Network)),
        (1, ended(By::Person)),
        (2, ended(By::Person)),
    ]);
    only_breaks("R3", &twice);
}

#[test]
fn r4_ringing_somebody_twice_or_the_caller_is_seen() {
    let again = |number: &str| {
        call_with(vec![
            (2, rung(number, 1)),
            (2, ended(By::Network)),
            (1, dial_ended(2, false)),
            (1, document(&["Dial"])),
            (3, rung(number, 1)),
            (3, ended(By::Network)),
            (1, dial_ended(3, false)),
            (1, document(&["Gather"])),
        ])
    };
    only_breaks("R4", &again(BOS));
    assert_eq!(again("+31700090001"), [""; 0], "the desk may be reached twice");
    only_breaks("R4", &call_with(vec![(2, rung(CALLER, 1)), (2, ended(By::Network))]));
}

#[test]
fn r5_joining_without_a_yes_is_seen() {
    for key in [None, Some('2')] {
        let mut middle = vec![(2, rung(BOS, 1))];
        middle.extend(key.map(|key| (2, What::Pressed(Key(key)))));
        middle.extend([(1, What::Joined { with: LegId(2) }), (2, ended(By::Person))]);
        only_breaks("R5", &call_with(middle));
    }
}

#[test]
fn r5_a_desk_that_is_dialled_plainly_needs_no_key_but_a_screened_one_does() {
    const DESK: &str = "+31700090001";
    let screened = What::Document {
        request: RequestId(2),
        kind: Kind::Screening,
        verbs: vec!["Gather", "Hangup"],
    };
    let plain =
        vec![(2, rung(DESK, 1)), (1, What::Joined { with: LegId(2) }), (2, ended(By::Person))];
    assert_eq!(call_with(plain.clone()), Vec::<String>::new());
    let mut asked = plain;
    asked.insert(1, (2, screened));
    only_breaks("R5", &call_with(asked));
}

#[test]
fn r7_an_answer_that_does_not_ring_the_next_is_seen() {
    for verbs in [&["Say", "Redirect"][..], &["Hangup"], &["Pause", "Dial"]] {
        let complaints = call_with(vec![
            (2, rung(BOS, 1)),
            (2, ended(By::Network)),
            (1, dial_ended(2, false)),
            (1, document(verbs)),
        ]);
        only_breaks("R7", &complaints);
    }
}

#[test]
fn r8_a_spoken_number_or_name_and_a_foreign_caller_id_are_seen() {
    for words in ["Bel 0601000001 terug", "nul 6, 0 1 0 0 0 0 0 1", "Dit is Visser"] {
        only_breaks("R8", &call_with(vec![(1, said(words))]));
    }
    assert_eq!(call_with(vec![(1, said("2, 5, 8, 4. Dat is Vissershaven. Toets 1."))]), [""; 0]);
    let shown = What::Rung {
        number: Number::new(BOS),
        caller_id: CALLER.to_owned(),
        parent: Some(LegId(1)),
        limit: Duration::ZERO,
    };
    only_breaks("R8", &call_with(vec![(2, shown), (2, ended(By::Network))]));
}

#[test]
fn r10_a_wordless_end_and_a_forgotten_leg_are_seen() {
    only_breaks("R10", &complaints(vec![(1, dialled()), (1, ended(By::Exchange))]));
    let after_talking = complaints(vec![
        (1, dialled()),
        (1, said("Dag")),
        (2, rung(BOS, 1)),
        (2, What::Pressed(Key('1'))),
        (1, What::Joined { with: LegId(2) }),
        (2, ended(By::Person)),
        (1, ended(By::Exchange)),
    ]);
    only_breaks("R10", &after_talking);
    only_breaks("R10", &complaints(vec![(1, dialled()), (1, said("Dag"))]));
    assert_eq!(complaints(vec![(1, dialled()), (1, ended(By::Person))]), [""; 0]);
}

#[test]
fn r12_a_number_that_is_not_for_us_is_seen() {
    for number in ["+31909123456", "+441134960001", "112", LINE] {
        only_breaks("R12", &call_with(vec![(2, rung(number, 1)), (2, ended(By::Network))]));
    }
}

#[test]
fn an_alarm_is_a_breach() {
    let alarm = What::Alarm { code: 11200, what: "status 500".to_owned() };
    only_breaks("alarm", &call_with(vec![(1, alarm)]));
}
