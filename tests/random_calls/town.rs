//! Stories drawn at random, written as scenario files, so that a found one can be kept as it is.

use std::fmt::Write as _;

use proptest::prelude::*;

/// A story as the text of a scenario.
pub(super) fn story() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec![
            "2026-11-24T10:00:00+01:00", // a Tuesday in office hours
            "2026-11-24T20:57:30+01:00", // the last minutes of ringing hours
            "2026-11-28T19:00:00+01:00", // a Saturday evening
            "2026-10-25T01:58:00+02:00", // the night in which an hour comes twice
        ]),
        prop::collection::vec(neighbour(), 0..7),
        prop::collection::vec(seat(), 0..3),
        prop::collection::vec(caller(), 1..5),
        delivery(),
        prop::collection::vec(trouble(), 0..3),
        prop::bool::weighted(0.3),
    )
        .prop_map(|(at, neighbours, desk, callers, delivery, trouble, voice_note)| {
            let mut text = format!("title = \"random\"\nat = \"{at}\"\n{delivery}");
            if voice_note {
                text.push_str("[[line]]\nvoice_note = true\n");
            }
            for (n, neighbour) in neighbours.iter().enumerate() {
                let _ = write!(text, "[[neighbour]]\nname = \"buur{n}\"\n{neighbour}");
            }
            for (n, seat) in desk.iter().enumerate() {
                let _ = write!(text, "[[desk]]\nname = \"balie{n}\"\ndoes = \"{seat}\"\n");
            }
            for (n, caller) in callers.iter().enumerate() {
                let _ = write!(text, "[[caller]]\nname = \"beller{n}\"\n{caller}");
            }
            let mut troubled: Vec<u8> = Vec::new();
            for (webhook, what) in trouble {
                // The last resort rings the desk without writing it down, so a desk may then be rung
                // that is in a call: of the troubles, only restarts do not lead there.
                let is_meant = desk.is_empty() || what == "restart";
                if is_meant && !troubled.contains(&webhook) {
                    troubled.push(webhook);
                    let _ = write!(text, "[[trouble]]\nwebhook = {webhook}\nwhat = \"{what}\"\n");
                }
            }
            text
        })
}

/// How a rung telephone behaves.
fn ring() -> impl Strategy<Value = String> {
    let after = 1..25_u32;
    prop_oneof![
        2 => Just("rings out".to_owned()),
        1 => Just("is busy".to_owned()),
        1 => Just("is dead".to_owned()),
        1 => after.clone().prop_map(|after| format!("declines after {after}")),
        2 => after.clone().prop_map(|after| format!("voicemail after {after}")),
        1 => (after.clone(), 1..20_u32).prop_map(|(a, b)| format!("picks up after {a}, hangs up after {b}")),
        1 => after.clone().prop_map(|after| format!("picks up after {after}, stays silent")),
        8 => (after, keys()).prop_map(|(after, keys)| format!("picks up after {after}, {keys}")),
    ]
}

fn keys() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "presses 1, talks 20",
        "presses 1 at once, talks 5",
        "presses 7, presses 1, talks 10",
        "presses 2",
        "presses 3",
        "presses 0",
        "presses 4, presses 1",
        "presses 4, presses 2",
        "presses 4, hangs up after 2",
        "presses 8, presses 8",
        "presses 1, hangs up",
    ])
    .prop_map(str::to_owned)
}

fn neighbour() -> impl Strategy<Value = String> {
    (
        prop::collection::vec(ring(), 1..3),
        prop::sample::select(vec![2584_u16, 2586, 2581, 9101]),
        prop::sample::select(vec!["24/7", "Mo-Su 09:00-12:00", "Mo-Fr 19:00-23:00"]),
        prop::sample::select(vec![
            "", "", "", "", "opted_in = false\n", "verified = false\n", "stopped = true\n",
            "pause = \"until_they_call\"\n", "services = [\"groceries\"]\n", "max_per_day = 1\n",
            "min_km = 1.0\n", "max_km = 0.5\n", "languages = [\"en\"]\n",
        ]),
    )
        .prop_map(|(rings, postcode, hours, more)| {
            let rings: Vec<String> = rings.iter().map(|ring| format!("\"{ring}\"")).collect();
            let rings = rings.join(", ");
            format!("does = [{rings}]\ncut_off = true\npostcode = {postcode}\nhours = \"{hours}\"\n{more}")
        })
}

fn seat() -> impl Strategy<Value = String> {
    ring()
}

fn caller() -> impl Strategy<Value = String> {
    let step = prop_oneof![
        4 => prop::sample::select(vec![
            "presses 1", "presses 2", "presses 3", "presses 4", "presses 5", "presses 9", "presses 0",
            "presses 2584", "presses 9999", "presses *", "presses 1 at once",
        ]).prop_map(str::to_owned),
        1 => (1..40_u32).prop_map(|seconds| format!("wait {seconds}")),
    ];
    let usual = Just("presses 4, presses 2584, presses 1".to_owned());
    let way_in = prop_oneof![
        3 => usual,
        1 => Just("presses 1, presses 4, presses 2584, presses 1".to_owned()),
        2 => prop::collection::vec(step.clone(), 0..4).prop_map(|steps| steps.join(", ")),
    ];
    let after = prop::collection::vec(step, 0..4).prop_map(|steps| steps.join(", "));
    let ends = prop_oneof![
        2 => Just("stays silent".to_owned()),
        2 => (0..90_u32).prop_map(|after| format!("hangs up after {after}")),
        1 => Just("joined, wait 10, hangs up".to_owned()),
    ];
    let from = prop::sample::select(vec![
        "unknown",
        "withheld",
        "withheld as anonymous",
        "buur0",
        "buur1",
    ]);
    (0..120_u32, from, way_in, after, ends).prop_map(|(begins, from, way_in, after, ends)| {
        let does: Vec<&str> =
            [way_in.as_str(), &after, &ends].into_iter().filter(|part| !part.is_empty()).collect();
        let does = does.join(", ");
        format!(
            "after = {begins}\nfrom = \"{from}\"\ndoes = \"{does}\"\ncut_off = true\nends = \"goodbye\"\n"
        )
    })
}

fn delivery() -> impl Strategy<Value = String> {
    (
        prop::sample::select(vec!["before", "after", "instead"]),
        prop::option::of(prop::sample::select(vec!["same-token", "other-token"])),
        prop::sample::select(vec!["canceled", "no-answer"]),
        1..20_u32,
    )
        .prop_map(|(callbacks, duplicate, dropped_as, lag)| {
            let duplicate =
                duplicate.map_or_else(String::new, |word| format!("duplicate = \"{word}\"\n"));
            format!(
                "[delivery]\ncallbacks = \"{callbacks}\"\n{duplicate}dropped_as = \"{dropped_as}\"\nlag = {lag}\n"
            )
        })
}

fn trouble() -> impl Strategy<Value = (u8, &'static str)> {
    (2..60_u8, prop::sample::select(vec!["restart", "unreachable", "answer-lost", "too-late"]))
}
