//! The flows in `voice-flows/`, as they are built in: every key, every silence, every ending, in
//! both languages.

mod callback;
mod caller;
mod checkin;
mod confirm;
mod desk;
mod everywhere;
mod explorer;
mod listening;
mod neighbour;
mod participant;
mod question;
mod readme;
mod ringback;
mod signup;
mod steered;
mod words;

use std::sync::LazyLock;

use super::super::{Flows, Utterance, Value, Wait};
use super::walk::{Walk, YES, text};
use crate::domain::Language;

/// The built-in flows, read once for all tests.
fn built_in() -> Flows {
    static FLOWS: LazyLock<Flows> = LazyLock::new(Flows::built_in);
    FLOWS.clone()
}

const NO: Value = Value::Bool(false);

/// Every service of the catalogue, by the variable that tells whether the line has it.
const OFFERS: [&str; 7] = [
    "offers.groceries",
    "offers.odd-job",
    "offers.transport",
    "offers.company",
    "offers.dog",
    "offers.paperwork",
    "offers.digital",
];

fn services() -> [&'static str; 7] {
    OFFERS.map(|offer| offer.trim_start_matches("offers."))
}

/// What the exchange tells every flow of the line in these tests, in office hours.
fn line() -> Vec<(&'static str, Value)> {
    vec![
        ("service_name", text("Burenhulp Scheveningen")),
        ("desk_open", YES),
        ("desk_exists", YES),
        ("desk_day_nl", text("morgen")),
        ("desk_day_en", text("tomorrow")),
    ]
}

/// A first-time caller on a weekday morning, on a line with every service and one language.
fn session() -> Vec<(&'static str, Value)> {
    let mut vars = line();
    vars.extend([
        ("part_of_day", text("morning")),
        ("ringing_open", YES),
        ("known", NO),
        ("withheld", NO),
        ("can_call_back", YES),
        ("searching", NO),
        ("voice_note", NO),
        ("more_languages", NO),
        ("notice_nl", NO),
        ("notice_en", NO),
    ]);
    vars.extend(OFFERS.map(|offer| (offer, YES)));
    vars
}

/// The same vars with some of them otherwise; undefined takes one away.
fn but(
    mut vars: Vec<(&'static str, Value)>,
    changes: &[(&'static str, Value)],
) -> Vec<(&'static str, Value)> {
    for (name, value) in changes {
        vars.retain(|(known, _)| known != name);
        vars.push((name, value.clone()));
    }
    vars
}

fn caller(changes: &[(&'static str, Value)]) -> Walk {
    Walk::of(built_in(), "caller", Language::Nl, &but(session(), changes))
}

impl Walk {
    /// The door that the flow stands at.
    fn door(&self) -> &str {
        match &self.turn.wait {
            Wait::Object { name, .. } => name,
            other => panic!("a door, not {other:?}, after \"{}\"", self.heard()),
        }
    }

    /// A parameter that the door is given.
    fn param(&self, name: &str) -> Value {
        match &self.turn.wait {
            Wait::Object { params, .. } => params.get(name).cloned().unwrap_or_default(),
            other => panic!("a door, not {other:?}"),
        }
    }

    /// The door answers with one word.
    fn result(&mut self, word: &str) -> &mut Self {
        self.returns(&[("result", text(word))])
    }

    /// The screened person's answer is told to the exchange as this word.
    fn answers(&self, word: &str) {
        assert_eq!((self.door(), self.param("is")), ("answer", text(word)));
    }

    fn asks(&self) -> bool {
        matches!(self.turn.wait, Wait::Keys { .. })
    }

    fn records(&self) -> bool {
        matches!(self.turn.wait, Wait::Record { .. })
    }

    fn hung_up(&self) -> bool {
        self.turn.wait == Wait::Disconnect
    }
}

/// Words that are spoken, without recordings and silences.
fn words_of(spoken: &[Utterance]) -> String {
    let said = spoken.iter().filter_map(|utterance| match utterance {
        Utterance::Say { text, .. } => Some(text.as_str()),
        Utterance::Play { .. } | Utterance::Pause { .. } => None,
    });
    said.collect::<Vec<_>>().join(" ")
}
