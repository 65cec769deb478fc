//! Anything at all: any events in any order, at any place, even one that was never stored.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::super::{Event, FlowError, Flows, Position, Turn, Value, Vars, Wait};
use crate::domain::Language;

static FLOWS: LazyLock<Flows> = LazyLock::new(Flows::built_in);

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("connected"),
        Just("nobody"),
        Just("closed"),
        Just("gone"),
        Just("connect"),
        Just("noted"),
        Just("Scheveningen"),
        Just("")
    ]
    .prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::Bool),
        word().prop_map(Value::Text),
        Just(Value::Undefined)
    ]
}

fn vars(names: &'static [&'static str]) -> impl Strategy<Value = Vars> {
    let name = proptest::sample::select(names).prop_map(str::to_owned);
    proptest::collection::btree_map(name, value(), 0..6)
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        6 => "[0-9*#]".prop_map(Event::Keys),
        2 => "[0-9]{4}".prop_map(Event::Keys),
        1 => ".{0,8}".prop_map(Event::Keys),
        2 => Just(Event::Silence),
        1 => any::<u32>().prop_map(|seconds| Event::Recorded { seconds }),
        6 => vars(&["result", "found", "served", "name", "kept", "day", "again", ""])
            .prop_map(Event::Returned),
    ]
}

fn session() -> impl Strategy<Value = Vars> {
    vars(&[
        "known",
        "area",
        "desk_open",
        "ringing_open",
        "withheld",
        "voice_note",
        "more_languages",
        "service_name",
        "offers.groceries",
        "offers.dog",
        "solved",
        "has_note",
        "note_url",
        "task",
        "language",
        "part_of_day",
    ])
}

fn ended(turn: &Turn) -> bool {
    matches!(turn.wait, Wait::Exit | Wait::Disconnect)
}

proptest! {
    #[test]
    fn any_events_lead_to_a_wait_and_are_taken_the_same_after_a_restart(
        flow in proptest::sample::select(&["caller", "neighbour", "desk"][..]),
        english in any::<bool>(),
        session in session(),
        events in proptest::collection::vec(event(), 0..40),
    ) {
        let flows = &*FLOWS;
        let language = if english { Language::En } else { Language::Nl };
        let mut session = session;
        session.insert("no name of a flow".into(), Value::Bool(english));
        let (mut position, mut turn) = flows.start(flow, language, session).expect("it starts");
        for event in events {
            let stored = serde_json::to_string(&position).expect("JSON");
            let read: Position = serde_json::from_str(&stored).expect("it reads back");
            prop_assert!(read == position);
            let over = ended(&turn);
            let kept = flows.resume(position, event.clone()).expect("it goes on");
            let again = flows.resume(read, event).expect("it goes on");
            prop_assert!(kept == again);
            (position, turn) = kept;
            prop_assert!(!over || ended(&turn) && turn.spoken.is_empty(), "an end is an end");
        }
    }

    #[test]
    fn a_place_that_was_never_stored_is_an_error_at_worst(
        form in 0usize..60,
        place in prop_oneof![
            (0usize..8).prop_map(|item| json!({ "item": item })),
            Just(json!("hung_up")),
            Just(json!("ended"))
        ],
        done in proptest::collection::btree_set(0usize..9, 0..4),
        counts in proptest::collection::btree_map(
            0usize..9,
            (any::<u32>(), any::<u32>(), prop_oneof![Just(u32::MAX), any::<u32>()]),
            0..4,
        ),
        vars in session(),
        event in event(),
    ) {
        let flows = &*FLOWS;
        let counts: serde_json::Map<_, _> = counts
            .into_iter()
            .map(|(item, (visits, silences, wrong))| {
                let counts = json!({ "visits": visits, "silences": silences, "wrong": wrong });
                (item.to_string(), counts)
            })
            .collect();
        let stored = json!({
            "v": 1, "flows": flows.version(), "flow": "caller", "language": "nl", "form": form,
            "place": place, "done": done, "counts": counts, "vars": ["", "", vars],
        });
        let position: Position = serde_json::from_value(stored).expect("a position in form");
        match flows.resume(position, event) {
            Ok((after, _)) => prop_assert_eq!(after.version(), flows.version()),
            Err(error) => prop_assert_eq!(error, FlowError::Damaged("caller".into())),
        }
    }

    #[test]
    fn reading_and_checking_any_spoiled_flow_never_panics(
        at in 0usize..30_000,
        cut in 0usize..200,
        put in proptest::sample::select(&[
            "", "<", "</form>", "\"", "<goto next=\"#desk\"/>", "<block/>", "<if cond=\"a\"/>",
            "<prompt/>", "#", "<menu/>", "<enumerate/>", "!", "\u{1F4DE}",
        ][..]),
    ) {
        let mut files: super::super::Files =
            serde_json::from_str(FLOWS.files()).expect("files");
        let text = files.get_mut("caller.vxml").expect("the caller's flow");
        let mut spoiled: Vec<char> = text.chars().collect();
        let at = at % spoiled.len();
        let end = (at + cut).min(spoiled.len());
        spoiled.splice(at..end, put.chars());
        *text = spoiled.into_iter().collect();
        if let Err(faults) = Flows::read(&files) {
            let lines = files["caller.vxml"].lines().count().max(1);
            let outside = faults.iter().find(|fault| !(1..=lines).contains(&fault.line));
            prop_assert_eq!(outside, None, "of {} lines", lines);
        }
        if let Ok(flows) = Flows::reopen(&files) {
            let _ = flows.start("caller", Language::Nl, Vars::new());
        }
    }
}
