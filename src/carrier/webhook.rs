//! A webhook as the exchange sees it, whatever the provider called its fields.
//!
//! It reads what was sent and judges nothing: whether a `completed` was a conversation is decided
//! by the dispatch machine, from its own mark.

mod caller_id;
mod fingerprint;
mod reading;

use std::fmt;

pub use reading::BadWebhook;

use crate::dispatch::Ending;
use crate::domain::{Caller, Numbering};

/// One request of the provider about one leg. `Debug` shows no number, key or sound (R14).
#[derive(Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The leg's id, opaque text of 1 to 128 visible ASCII characters.
    pub call_sid: String,
    /// The caller's leg, when this leg was made by a dial.
    pub parent_sid: Option<String>,
    /// Who calls, on an incoming call, as sent: see [`Webhook::caller`].
    pub from: String,
    /// The number dialled, as sent: on an incoming call one of our lines.
    pub to: String,
    /// Where the leg stands.
    pub status: LegStatus,
    /// Keys: `None` when the field is absent or empty. At most 32 of `0-9*#`; others are dropped.
    pub digits: Option<String>,
    /// After a recording.
    pub recording: Option<Recording>,
    /// After a dial: how it ended.
    pub dial: Option<DialResult>,
    /// The content that makes a repeat recognisable: a hash of the fields that a handler acts on.
    pub fingerprint: [u8; 16],
}

/// Where a leg stands, as the provider reports it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LegStatus {
    /// Accepted, queued or being dialled.
    Initiated,
    /// Ringing.
    Ringing,
    /// Answered.
    InProgress,
    /// Over.
    Over(Ending),
    /// A word that is not known; not final.
    Unknown,
}

/// A recording that a leg made. `Debug` does not show its address (R14).
#[derive(Clone, PartialEq, Eq)]
pub struct Recording {
    /// The provider's address of the sound.
    pub url: String,
    /// The provider's id, when sent.
    pub sid: Option<String>,
    /// Length in whole seconds; 0 when absent.
    pub seconds: u32,
    /// The caller ended it by hanging up.
    pub by_hangup: bool,
}

/// How a dial ended, as reported to the leg that dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialResult {
    /// How.
    pub ending: Ending,
    /// The other leg, where the provider tells it.
    pub sid: Option<String>,
    /// Seconds that it was answered, screening included.
    pub seconds: Option<u32>,
}

impl Webhook {
    /// Who calls, on an incoming call; their number is known if `numbering` lets it be rung back.
    pub fn caller(&self, numbering: Numbering) -> Caller {
        caller_id::read(&self.from, numbering)
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("call_sid", &self.call_sid)
            .field("parent_sid", &self.parent_sid)
            .field("status", &self.status)
            .field("digits", &self.digits.as_ref().map(|_| "masked"))
            .field("recording", &self.recording)
            .field("dial", &self.dial)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("sid", &self.sid)
            .field("seconds", &self.seconds)
            .field("by_hangup", &self.by_hangup)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
