//! A person on a telephone, talking to a flow.

use super::super::{Event, Files, FlowError, Flows, Position, Turn, Utterance, Value, Vars, Wait};
use crate::domain::Language;

pub(super) const SERVICES: &str = r#"
[[service]]
id = "groceries"
name = { nl = "boodschappen", en = "shopping" }
task = { nl = "hulp bij de boodschappen", en = "a hand with shopping" }

[[service]]
id = "dog"
name = { nl = "de hond", en = "the dog" }
task = { nl = "dat iemand de hond uitlaat", en = "someone to walk the dog" }
"#;

/// Flows with this as the inside of the caller's file, and nothing much in the others. Small
/// flows need not be fit for callers, only readable.
pub(super) fn flows(inside: &str) -> Flows {
    Flows::reopen(&files(inside)).unwrap_or_else(|faults| {
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    })
}

pub(super) fn files(inside: &str) -> Files {
    let file = |inside: &str| {
        format!("<vxml version=\"2.1\" xmlns=\"http://www.w3.org/2001/vxml\">{inside}</vxml>")
    };
    let quiet = file("<form id=\"only\"><block><disconnect/></block></form>");
    Files::from([
        ("caller.vxml".into(), file(inside)),
        ("neighbour.vxml".into(), quiet.clone()),
        ("desk.vxml".into(), quiet.clone()),
        ("steered.vxml".into(), quiet.clone()),
        ("callback.vxml".into(), quiet.clone()),
        ("ringback.vxml".into(), quiet.clone()),
        ("confirm.vxml".into(), quiet.clone()),
        ("checkin.vxml".into(), quiet.clone()),
        ("code.vxml".into(), quiet.clone()),
        ("question.vxml".into(), quiet),
        ("services.toml".into(), SERVICES.into()),
    ])
}

/// One run of the caller's flow.
#[derive(Clone)]
pub(super) struct Walk {
    flows: Flows,
    stored: String,
    pub(super) turn: Turn,
}

impl Walk {
    pub(super) fn new(inside: &str) -> Self {
        Self::with(inside, Language::Nl, &[])
    }

    pub(super) fn with(inside: &str, language: Language, vars: &[(&str, Value)]) -> Self {
        Self::of(flows(inside), "caller", language, vars)
    }

    pub(super) fn of(flows: Flows, flow: &str, language: Language, vars: &[(&str, Value)]) -> Self {
        let vars = vars.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let (position, turn) = flows.start(flow, language, vars).expect("it starts");
        Self { flows, stored: store(&position), turn }
    }

    pub(super) fn goes(&mut self, event: Event) -> Result<&mut Self, FlowError> {
        let (position, turn) = self.flows.resume(self.position(), event)?;
        self.stored = store(&position);
        self.turn = turn;
        Ok(self)
    }

    pub(super) fn event(&mut self, event: Event) -> &mut Self {
        self.goes(event).expect("the flow goes on")
    }

    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        self.event(Event::Keys(keys.to_owned()))
    }

    pub(super) fn silence(&mut self) -> &mut Self {
        self.event(Event::Silence)
    }

    pub(super) fn returns(&mut self, pairs: &[(&str, Value)]) -> &mut Self {
        let vars: Vars = pairs.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
        self.event(Event::Returned(vars))
    }

    /// The position as it would be read back after a crash.
    pub(super) fn position(&self) -> Position {
        serde_json::from_str(&self.stored).expect("what was stored reads back")
    }

    /// Everything heard in this turn; recordings in brackets, silences as their milliseconds.
    pub(super) fn heard(&self) -> String {
        let one = |utterance: &Utterance| match utterance {
            Utterance::Say { text, .. } => text.clone(),
            Utterance::Play { src, .. } => format!("[{src}]"),
            Utterance::Pause { ms } => format!("<{ms}>"),
        };
        self.turn.spoken.iter().map(one).collect::<Vec<_>>().join(" | ")
    }

    pub(super) fn ended(&self) -> bool {
        matches!(self.turn.wait, Wait::Exit | Wait::Disconnect)
    }
}

fn store(position: &Position) -> String {
    let stored = serde_json::to_string(position).expect("a position is always JSON");
    let again: Position = serde_json::from_str(&stored).expect("what was stored reads back");
    assert!(again == *position, "a position survives being stored");
    stored
}

pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub(super) const YES: Value = Value::Bool(true);
