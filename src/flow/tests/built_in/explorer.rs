//! Goes everywhere that a flow can lead, for every kind of caller.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::*;
use crate::flow::{Event, Position, Turn, Vars};

/// A place of a flow, and everything heard there since a person last did something.
#[derive(Clone)]
pub(super) struct Place {
    pub(super) position: Position,
    pub(super) turn: Turn,
    pub(super) heard: Vec<Utterance>,
    /// What was done to come here, for the message of a test that fails.
    pub(super) way: String,
}

pub(super) struct Explorer {
    flows: Flows,
    pub(super) places: Vec<Place>,
    seen: BTreeSet<String>,
}

impl Explorer {
    /// Goes everywhere that this session can lead.
    pub(super) fn go(flow: &str, language: Language, session: &[(&'static str, Value)]) -> Self {
        let flows = built_in();
        let vars = session.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        let (position, turn) = flows.start(flow, language, vars.collect()).expect("it starts");
        let mut explorer = Self { flows, places: Vec::new(), seen: BTreeSet::new() };
        let heard = turn.spoken.clone();
        explorer.arrive(Place { position, turn, heard, way: language.code().into() });
        let mut next = 0;
        while let Some(place) = explorer.places.get(next).cloned() {
            for event in events(&place) {
                let there = explorer.step(&place, event);
                explorer.arrive(there);
            }
            next += 1;
        }
        explorer
    }

    fn arrive(&mut self, place: Place) {
        if self.seen.insert(name_of(&place)) {
            self.places.push(place);
        }
    }

    pub(super) fn step(&self, from: &Place, event: Event) -> Place {
        let way = format!("{} > {}", from.way, word_for(&event));
        let resumed = self.flows.resume(from.position.clone(), event);
        let (position, turn) = resumed.unwrap_or_else(|error| panic!("{way}: {error}"));
        // What was said before a door that answers at once is heard with what follows it.
        let mut heard = match &from.turn.wait {
            Wait::Object { name, .. } if !rings(name) => from.heard.clone(),
            _ => Vec::new(),
        };
        heard.extend(turn.spoken.iter().cloned());
        Place { position, turn, heard, way }
    }

    /// The places where a person is asked for keys.
    pub(super) fn questions(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|place| matches!(place.turn.wait, Wait::Keys { .. }))
    }

    pub(super) fn endings(&self) -> impl Iterator<Item = &Place> {
        self.places.iter().filter(|p| matches!(p.turn.wait, Wait::Disconnect | Wait::Exit))
    }
}

fn rings(door: &str) -> bool {
    ["find-neighbour", "try-again", "keep-waiting", "connect-me", "find-desk"].contains(&door)
}

/// Two places are one when they wait at the same item and have forgiven the same things.
fn name_of(place: &Place) -> String {
    let remembered = |name: &str| {
        name.ends_with("_once")
            || name.ends_with("_twice")
            || [
                "language",
                "switched",
                "repeated",
                "was_silent",
                "answer.result",
                "back.result",
                "back.confirm",
                "join.ask",
                "new.result",
            ]
            .contains(&name)
    };
    let vars: Vec<_> = place.position.vars().iter().filter(|(name, _)| remembered(name)).collect();
    let count = match place.turn.wait {
        Wait::Object { .. } => place.position.counts.values().map(|c| c.visits.min(2)).sum(),
        _ => 0,
    };
    format!("{} {:?} {count} {vars:?}", place.position.form, place.position.place)
}

fn word_for(event: &Event) -> String {
    match event {
        Event::Keys(keys) => keys.clone(),
        Event::Silence => "silence".into(),
        Event::Recorded { seconds } => format!("{seconds} s"),
        Event::Returned(vars) => format!("{vars:?}"),
    }
}

pub(super) fn returned(pairs: &[(&str, Value)]) -> Event {
    let vars: Vars = pairs.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
    Event::Returned(vars)
}

/// Everything that can happen at a place.
pub(super) fn events(place: &Place) -> Vec<Event> {
    let keys = |keys: &str| Event::Keys(keys.to_owned());
    match &place.turn.wait {
        Wait::Keys { digits: Some(1), .. } => {
            let mut all: Vec<_> = "0123456789*#".chars().map(|k| keys(&k.to_string())).collect();
            all.push(Event::Silence);
            all
        }
        Wait::Keys { digits: Some(10), .. } => {
            vec![keys("0601000001"), keys("2586"), keys("0"), keys("9"), keys("*"), Event::Silence]
        }
        Wait::Keys { .. } => {
            vec![keys("2586"), keys("25"), keys("0"), keys("9"), keys("*"), Event::Silence]
        }
        Wait::Record { .. } => {
            vec![Event::Recorded { seconds: 0 }, Event::Recorded { seconds: 7 }, Event::Silence]
        }
        Wait::Object { name, params } => door_answers(name, params),
        _ => Vec::new(),
    }
}

/// Everything that a door can answer: the contract with `exchange::doors`.
pub(super) fn door_answers(door: &str, params: &Vars) -> Vec<Event> {
    let words = |words: &[&str]| words.iter().map(|w| returned(&[("result", text(w))])).collect();
    let mut answers: Vec<Event> = match door {
        "find-neighbour" => {
            words(&["connected", "gone", "nobody", "settled", "closed", "long", "coordinator"])
        }
        "ask-coordinator" => {
            let promised = [("result", text("promised")), ("day", text("uiterlijk morgen"))];
            vec![returned(&promised), returned(&[("result", text("refused"))])]
        }
        "try-again" => words(&["connected", "gone", "nobody", "settled", "closed", "long"]),
        "find-desk" => words(&["connected", "gone", "nobody", "closed"]),
        "keep-waiting" | "connect-me" => words(&["connected", "gone", "nobody", "settled"]),
        "check-number" => words(&["fine", "foreign", "ours", "kind", "unknown"]),
        "call-back" => {
            let moment = ("moment", text("uiterlijk morgen"));
            let promised = ("result", text("promised"));
            let desk = [("result", text("desk")), ("day", text("morgen"))];
            vec![
                returned(&[promised.clone(), ("confirm", NO), moment.clone()]),
                returned(&[promised, ("confirm", YES), moment]),
                returned(&desk),
                returned(&[("result", text("refused"))]),
            ]
        }
        "my-search" => vec![returned(&[("moment", text("uiterlijk morgen"))])],
        "referral" => vec![
            returned(&[]),
            returned(&[("name", text("Wijkteam"))]),
            returned(&[("name", text("Wijkteam")), ("number", text("14070"))]),
        ],
        "ring-caller" => words(&["talked", "no-answer", "gone"]),
        "fits" => vec![returned(&[])],
        "answer-question" if params.get("is") == Some(&text("yes")) => {
            ["searching", "planned", "desk", "gone"]
                .map(|word| returned(&[("result", text(word)), ("day", text("morgen"))]))
                .to_vec()
        }
        "answer-question" => words(&["noted"]),
        "answer-call" if params.get("is") == Some(&text("yes")) => words(&["connect", "gone"]),
        "answer-call" => vec![returned(&[("result", text("noted")), ("day", text("morgen"))])],
        "look-up-place" => vec![
            returned(&[("found", NO), ("served", NO)]),
            returned(&[("found", YES), ("served", NO), ("name", text("Monster"))]),
            returned(&[("found", YES), ("served", YES), ("name", text("Scheveningen"))]),
            returned(&[
                ("found", YES),
                ("served", YES),
                ("name", text("Lettele")),
                ("coordinator", YES),
            ]),
        ],
        "keep-note" => vec![returned(&[("kept", NO)]), returned(&[("kept", YES)])],
        "leave-message" => {
            vec![returned(&[("kept", NO)]), returned(&[("kept", YES), ("day", text("morgen"))])]
        }
        "outcome" => vec![returned(&[])],
        "answer" if params.get("is") == Some(&text("yes")) => words(&["connect", "gone", "ring"]),
        "answer" => vec![returned(&[("result", text("noted")), ("day", text("morgen"))])],
        // Where it leads somewhere, the flow is another one and does not come back.
        "flow" => words(&["none"]),
        "own-pause" => vec![returned(&[("day", text("zondag"))]), returned(&[])],
        "sign-up-choice" | "sign-up-go-on" => vec![returned(&[])],
        "sign-up" => words(&["soon", "later", "nothing", "too-many", "refused"]),
        "sign-up-ring-me" => words(&["soon", "later", "refused"]),
        "ask-to-join" => vec![returned(&[("ask", YES)]), returned(&[("ask", NO)])],
        "confirm-sign-up" if params.get("is") == Some(&text("yes")) => words(&["done", "gone"]),
        "confirm-sign-up" => vec![returned(&[("result", text("noted")), ("day", text("morgen"))])],
        "still-there" => vec![returned(&[("result", text("noted")), ("day", text("morgen"))])],
        "code-not-mine" | "own-resume" | "own-stop" => vec![returned(&[])],
        "own-hours" => vec![
            returned(&[
                ("times", text("elke dag, de hele dag")),
                ("services", text("boodschappen")),
            ]),
            returned(&[]),
        ],
        "yes-after-all" => vec![returned(&[("day", text("morgen"))]), returned(&[])],
        other => panic!("there is no door {other}"),
    };
    if rings(door) {
        answers.push(returned(&[("again", YES)]));
    }
    answers
}

/// Sessions that lead to different places: five things that are so, or not.
fn sessions() -> Vec<Vec<(&'static str, Value)>> {
    let mut all = Vec::new();
    for bits in 0..32u8 {
        let on = |bit: u8| Value::Bool(bits & (1 << bit) != 0);
        let mut changes = vec![
            ("desk_open", on(0)),
            ("ringing_open", on(1)),
            ("known", on(2)),
            ("withheld", Value::Bool(bits & 4 == 0)),
            ("more_languages", on(3)),
            ("voice_note", on(3)),
        ];
        if bits & 4 != 0 {
            changes.push(("area", text("Duindorp")));
        }
        for other in ["offers.dog", "offers.paperwork", "offers.digital", "offers.company"] {
            changes.push((other, on(4)));
        }
        all.push(but(session(), &changes));
    }
    for desk_open in [YES, NO] {
        all.push(but(session(), &[("desk_open", desk_open.clone()), ("searching", YES)]));
        all.push(but(session(), &[("desk_open", desk_open), ("can_call_back", NO)]));
    }
    all
}

/// Gone everywhere once for all tests; with whether the desk is open.
pub(super) static CALLERS: LazyLock<Vec<(Explorer, bool)>> = LazyLock::new(|| {
    let both = |session: Vec<(&'static str, Value)>| {
        Language::ALL.map(|language| {
            let desk_open = session.contains(&("desk_open", YES));
            (Explorer::go("caller", language, &session), desk_open)
        })
    };
    sessions().into_iter().flat_map(both).collect()
});

pub(super) fn for_every_caller(holds: impl Fn(&Explorer, bool)) {
    for (explorer, desk_open) in CALLERS.iter() {
        holds(explorer, *desk_open);
    }
}

pub(super) fn for_everybody_who_is_rung(holds: impl Fn(&Explorer)) {
    for (solved, waits) in [(YES, YES), (NO, YES), (NO, NO)] {
        for area in ["", "Scheveningen"] {
            let vars = but(
                line(),
                &[
                    ("solved", solved.clone()),
                    ("caller_waits", waits.clone()),
                    ("area", text(area)),
                    ("task", text("een praatje")),
                ],
            );
            for language in Language::ALL {
                holds(&Explorer::go("neighbour", language, &vars));
                holds(&Explorer::go("desk", language, &vars));
            }
        }
    }
}

pub(super) fn for_everybody_who_is_called_back(holds: impl Fn(&Explorer)) {
    for why in ["join", "again", "confirm", "outcome"] {
        let vars = but(line(), &[("why", text(why)), ("part_of_day", text("evening"))]);
        for language in Language::ALL {
            holds(&Explorer::go("callback", language, &vars));
        }
    }
}
