//! Everything that happened in the network, in order: what scenarios and rules are checked on.

use std::fmt;
use std::time::Duration;

use super::leg::{LegId, Status};
use super::number::{CallerId, Number};
use super::wire::{Kind, RequestId};
use crate::domain::{Language, Timestamp};

/// One thing that happened on one leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// When.
    pub at: Timestamp,
    /// On which leg.
    pub leg: LegId,
    /// What.
    pub what: What,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Somebody dialled; the leg begins.
    Dialled {
        /// Who, as shown.
        from: CallerId,
        /// The number dialled.
        to: Number,
    },
    /// The application has a telephone rung; the leg begins.
    Rung {
        /// Whose telephone.
        number: Number,
        /// What it shows.
        caller_id: String,
        /// The leg that dialled; none when it was ordered by REST.
        parent: Option<LegId>,
        /// How long it will ring at most.
        limit: Duration,
    },
    /// The telephone was found and rings.
    Rings,
    /// A rung telephone was picked up, or an incoming call was answered.
    Answered,
    /// A document was accepted.
    Document {
        /// The request that it answers.
        request: RequestId,
        /// What was asked.
        kind: Kind,
        /// Its verbs at the top level.
        verbs: Vec<&'static str>,
    },
    /// Words began to be spoken.
    Said {
        /// The words.
        text: String,
        /// In which language, as far as the document says so.
        language: Option<Language>,
    },
    /// A sound began to be played.
    Played {
        /// Its address.
        url: String,
    },
    /// What was being heard was cut short by a key.
    CutShort,
    /// Keys are waited for; the question has been asked to its end.
    Listening,
    /// The person pressed a key.
    Pressed(Key),
    /// The tone of a recording.
    Tone,
    /// A recording was made.
    Recorded {
        /// Whole seconds.
        seconds: u32,
    },
    /// The two can hear each other; written on the leg that dialled.
    Joined {
        /// The other leg.
        with: LegId,
    },
    /// A dial is over; written on the leg that dialled.
    DialEnded {
        /// How the other leg ended.
        status: Status,
        /// Whether the two were joined.
        bridged: bool,
        /// The other leg.
        child: LegId,
    },
    /// The leg is over.
    Ended {
        /// How.
        status: Status,
        /// Who ended it.
        by: By,
    },
    /// The leg ended while its person still waited for something.
    StillWaiting {
        /// The step that was never done.
        step: String,
    },
    /// Something went wrong that a provider would raise an alarm for.
    Alarm {
        /// The provider's error code.
        code: u32,
        /// In words; no number, no key.
        what: String,
    },
}

/// Who ended a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The person at the telephone.
    Person,
    /// The application, by a document or by REST.
    Exchange,
    /// The network: rang out, engaged, dropped along with the other leg, cut off.
    Network,
}

/// A pressed key; `Debug` does not show it (R14).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Key(pub char);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
