//! Voice flows: what is said and which keys do what, as data in a profile of W3C VoiceXML 2.1.
//!
//! Pure: files come in as text, one step at a time goes out. A flow never waits itself: it runs
//! until it needs something ([`Wait`]) and is resumed with an [`Event`]. It knows no telephone
//! and no dispatch; `<object classid="builtin:...">` is the only door out, and `exchange` stands
//! on the other side of it.
//!
//! # How a flow runs
//!
//! A flow is one file; `caller.vxml` is the flow `caller`. It begins at its first form.
//!
//! - **Variables.** One flat map a run. The file's `<var>`s give first values, what the session
//!   brings overrides them. `language` (`'nl'`, `'en'`) is one of them: assigning it changes what
//!   is spoken from there on; anything else assigned to it is ignored.
//! - **Forms.** Entering a form forgets what its named items held and sets its counters to zero.
//!   Then the first item that holds nothing and whose `cond` holds is visited, again and again. A
//!   block is visited once. A form with nothing left to visit ends the flow ([`Wait::Exit`]).
//! - **Prompts.** Each visit of an item counts. Of its prompts that fit the language and whose
//!   `cond` holds, those with the highest `count` not above that number are spoken. A prompt with
//!   `xml:lang` fits when that is the current language, or, when its `cond` names `language`,
//!   whenever the `cond` holds: that is how a Dutch flow says one English sentence.
//! - **Keys.** A menu takes one key, a boolean field 1 (yes) or 2 (no), a digits field its length.
//!   A choice whose text is the id of a service is called by its catalogue name and is there only
//!   when `offers.<id>` is true. A choice without text is not enumerated; a prompt names it.
//! - **Global keys.** The property `burenhulp.key.K`, on a document, form or item (inner wins),
//!   makes the key K go to a form (`#form`) or speak the item again (`repeat`) wherever the item
//!   has no use for K itself; an empty value switches it off. A digits field longer than one takes
//!   a lonely K as global too. Neither counts as a wrong key.
//! - **Silence and wrong keys** raise `noinput` and `nomatch`, each counted for its item. Of the
//!   handlers in scope, the one with the highest `count` not above that number acts, the innermost
//!   among equals. When it goes nowhere, the item is asked again.
//! - **Objects.** What an object returns becomes `name.key`, and `name` becomes true. When it
//!   returns `again = true` it is visited once more instead and waits again. A transfer sets
//!   `name` and `name.result` to the result word; a recording `name` to true and `name$.duration`
//!   to its seconds.
//! - **Order.** Prompts are queued and heard before whatever follows them. A run of more than a
//!   few hundred actions without a wait is a [`FlowError::Loop`].
//! - **Anything unexpected**, such as a recording where keys are awaited, counts as silence. A flow
//!   that has ended stays ended.

mod catalogue;
mod check;
mod doors;
mod draw;
mod flows;
mod graph;
mod hear;
mod position;
mod run;
mod scope;
mod speak;
#[cfg(test)]
mod tests;

pub mod expr;
pub mod parse;
pub mod tree;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::Language;

pub use catalogue::{Catalogue, Service};
pub use flows::{Files, FlowError, Flows};
pub use position::Position;

/// A value in a flow. Digits are text. `Debug` shows no text: it may be what somebody keyed (R14).
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
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

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(yes) => write!(f, "{yes}"),
            Self::Text(text) => write!(f, "<text of {}>", text.chars().count()),
            Self::Undefined => f.write_str("undefined"),
        }
    }
}

// By hand: the derived reading of an untagged enum tries every variant and writes an error for each
// that does not fit, for every variable at every step of every call.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct AsItIs;
        impl serde::de::Visitor<'_> for AsItIs {
            type Value = Value;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("true, false, text or null")
            }
            fn visit_bool<E>(self, yes: bool) -> Result<Value, E> {
                Ok(Value::Bool(yes))
            }
            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Undefined)
            }
        }
        from.deserialize_any(AsItIs)
    }
}

/// Names and their values: what a flow is started with, an object is given, an object returns.
pub type Vars = BTreeMap<String, Value>;

/// What a waiting flow is resumed with. `Debug` shows no keys (R14).
#[derive(Clone, PartialEq, Eq)]
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

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keys(keys) => write!(f, "Keys(<{} of them>)", keys.chars().count()),
            Self::Silence => f.write_str("Silence"),
            Self::Recorded { seconds } => write!(f, "Recorded({seconds} s)"),
            Self::Returned(vars) => f.debug_tuple("Returned").field(vars).finish(),
        }
    }
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
