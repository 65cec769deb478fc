//! What a document can tell the network to do: the verbs that this network carries out.

use std::fmt;
use std::time::Duration;

use crate::domain::Language;

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verb {
    /// Something to hear.
    Hear(Prompt),
    /// Ask for keys.
    Gather(Gather),
    /// Record what is said.
    Record(Record),
    /// Ring somebody and join the two.
    Dial(Dial),
    /// Go on with another document.
    Redirect(Target),
    /// End this leg.
    Hangup,
    /// Refuse the call without answering it; `true`: as engaged.
    Reject(bool),
}

impl Verb {
    /// The element's name, as the log shows a document.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Hear(Prompt::Say { .. }) => "Say",
            Self::Hear(Prompt::Play { .. } | Prompt::Tones { .. }) => "Play",
            Self::Hear(Prompt::Pause(_)) => "Pause",
            Self::Gather(_) => "Gather",
            Self::Record(_) => "Record",
            Self::Dial(_) => "Dial",
            Self::Redirect(_) => "Redirect",
            Self::Hangup => "Hangup",
            Self::Reject(_) => "Reject",
        }
    }
}

/// One thing to hear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Prompt {
    Say { text: String, language: Option<Language> },
    Play { url: String },
    Tones { time: Duration },
    Pause(Duration),
}

/// An address with the method to ask it by, as it stands in the document: perhaps relative,
/// perhaps with a fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) url: String,
    pub(super) get: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gather {
    pub(super) prompts: Vec<Prompt>,
    /// Absent: the document's own address.
    pub(super) action: Option<Target>,
    pub(super) digits: Option<usize>,
    pub(super) finish: Option<char>,
    pub(super) timeout: Duration,
    pub(super) empty_too: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Absent: the document's own address.
    pub(super) action: Option<Target>,
    /// Silence that ends it; zero: none does.
    pub(super) timeout: Duration,
    pub(super) finish: String,
    pub(super) max: Duration,
    pub(super) beep: bool,
    pub(super) trim: bool,
    pub(super) callback: Option<Target>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dial {
    pub(super) number: String,
    pub(super) caller_id: Option<String>,
    /// As written; the network adds its surplus.
    pub(super) timeout: Duration,
    pub(super) time_limit: Duration,
    pub(super) answer_on_bridge: bool,
    pub(super) hangup_on_star: bool,
    pub(super) action: Option<Target>,
    pub(super) screening: Option<Target>,
    pub(super) callback: Option<Target>,
    pub(super) events: Vec<Progress>,
}

/// A step of a leg that a status callback can tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    Initiated,
    Ringing,
    Answered,
    Completed,
}

impl Progress {
    pub(super) fn read(word: &str) -> Option<Self> {
        match word {
            "initiated" => Some(Self::Initiated),
            "ringing" => Some(Self::Ringing),
            "answered" => Some(Self::Answered),
            "completed" => Some(Self::Completed),
            _ => None,
        }
    }
}

/// Why a document cannot be carried out, by the provider's error code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: u32,
    pub(super) what: String,
}

impl Fault {
    pub(super) fn new(code: u32, what: impl fmt::Display) -> Self {
        Self { code, what: what.to_string() }
    }
}
