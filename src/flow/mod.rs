//! Voice flows: what is said and which keys do what, as data in a profile of W3C VoiceXML 2.1.
//!
//! Pure: files come in as text, one step at a time goes out. A flow never waits itself: it runs
//! until it needs something ([`Wait`]) and is resumed with an [`Event`]. It knows no telephone
//! and no dispatch; `<object classid="builtin:...">` is the only door out, and `exchange` stands
//! on the other side of it.

pub mod expr;
pub mod parse;
pub mod tree;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::Language;

/// A value in a flow. Digits are text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// Text, also digits.
    Text(String),
    /// Declared without a value, or never filled.
    #[default]
    Undefined,
}

/// Names and their values: what a flow is started with, an object is given, an object returns.
pub type Vars = BTreeMap<String, Value>;

/// What a waiting flow is resumed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Keys were pressed: `0` to `9`, `*`, `#`.
    Keys(String),
    /// Nobody pressed anything in time.
    Silence,
    /// A recording was made; `seconds` long. The sound itself stays with the exchange.
    Recorded {
        /// Length in whole seconds.
        seconds: u32,
    },
    /// The object that was called returned these.
    Returned(Vars),
}

/// One thing to hear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Utterance {
    /// Words, in a language.
    Say {
        /// What to say, plain text.
        text: String,
        /// In which voice.
        language: Language,
    },
    /// A recording, by its address as it stands in the flow. The words beside it in the flow are
    /// spoken instead where there is no such recording.
    Play {
        /// Absolute address, or a name under the flow directory's `audio/`.
        src: String,
        /// What it says, for captions and as a replacement.
        text: String,
        /// In which voice the replacement is spoken.
        language: Language,
    },
    /// Silence.
    Pause {
        /// How long, in milliseconds.
        ms: u32,
    },
}

/// What a flow needs before it can go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Wait {
    /// Keys, after what is spoken.
    Keys {
        /// End after this many keys; `None`: any number, ended by `#` or a pause.
        digits: Option<u8>,
        /// Whole seconds of silence, from the end of what is spoken, before [`Event::Silence`].
        timeout: u8,
        /// Whether a key interrupts what is spoken.
        barge_in: bool,
    },
    /// A recording.
    Record {
        /// Longest, in whole seconds.
        max_seconds: u16,
        /// Whole seconds of silence that end it.
        final_silence: u8,
        /// Whether a tone sounds first.
        beep: bool,
    },
    /// The exchange is to do something: `find-neighbour`, `answer`, `find-desk` ...
    Object {
        /// The part of `classid` after `builtin:`.
        name: String,
        /// Its parameters, evaluated.
        params: Vars,
    },
    /// Put through to a number of the organisation's choice, then come back.
    Transfer {
        /// As in `dest`: `tel:+31...`. The exchange's gate decides whether it may be rung.
        dest: String,
    },
    /// Hang up.
    Disconnect,
    /// The flow ended without hanging up. What that means depends on who listens.
    Exit,
}

/// One step of a flow: hear this, then wait for that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// What is heard, in order.
    pub spoken: Vec<Utterance>,
    /// What the flow waits for.
    pub wait: Wait,
}

/// Something wrong in a flow file: where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{file}:{line}: {sentence}")]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub sentence: String,
}

impl Fault {
    fn new(file: &str, line: usize, sentence: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, sentence: sentence.into() }
    }
}
