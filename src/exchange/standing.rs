//! Where a leg stands between two webhooks: stored with it, in the same transaction.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::carrier::Sid;
use crate::domain::{
    AttemptId, CallbackId, ParticipantId, Phone, QuestionId, RequestId, ServiceId,
};
use crate::flow::Position;

/// The version of the stored form; another one is refused, never guessed at.
const VERSION: u8 = 1;

/// Everything that a leg needs to go on, on any node, after any crash.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Standing {
    version: u8,
    /// Where its flow is.
    pub(super) position: Position,
    /// What the provider was told to do last.
    pub(super) doing: Doing,
    /// The last recording that this leg made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) recording: Option<Recorded>,
    /// The voice note of this leg, once it is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<i64>,
    /// The neighbour search of this leg, live or over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) search: Option<RequestId>,
    /// The search for somebody at the desk, live or over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) desk: Option<RequestId>,
    /// The search that goes on without this leg, or that it is called back about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) background: Option<RequestId>,
    /// The ring that led to this leg, of a caller who is called back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) callback: Option<CallbackId>,
    /// Who is asked on this leg whether they signed up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) newcomer: Option<ParticipantId>,
    /// The question on the web that this leg is asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) question: Option<QuestionId>,
    /// What somebody chose so far who signs up on this leg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) signing_up: Option<Choices>,
    /// What the desk wants done with this caller at the next answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) steered: Option<Steered>,
    /// The telephone of the desk that is to ring first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) seat: Option<Phone>,
    /// Sentences of the desk that are to be heard at the next answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) say: Vec<String>,
}

/// What somebody would like to do, and to ask, who is signing up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Choices {
    pub(super) does: BTreeSet<ServiceId>,
    pub(super) asks: BTreeSet<ServiceId>,
}

/// What the desk can do with a caller who waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Steered {
    /// Put through to this telephone of the desk, or else to another.
    TakenOver {
        /// Whose.
        seat: Phone,
    },
    /// Promised to be called back.
    GivenUp,
    /// Asked to leave a message: no number is known to call back.
    LeaveWord,
    /// Waited for the desk: promised to be called back, or asked to leave a message.
    DeskLater {
        /// A number is known to call back.
        promised: bool,
    },
    /// Taken back from the desk, to wait for a neighbour.
    Fetched {
        /// Which ring of theirs it stands for.
        callback: CallbackId,
    },
}

/// What the provider was told to do at the end of the last answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Doing {
    /// Wait for keys.
    Keys,
    /// Record.
    Record,
    /// Ring the telephone of this attempt; the flow waits at the object that asked for it.
    Ring {
        /// Which request is being worked on.
        request: RequestId,
        /// Whom.
        attempt: AttemptId,
        /// The object that waits: `find-neighbour`, `try-again` or `find-desk`.
        object: String,
    },
    /// Ring the caller of this leg's request; the flow waits at the object that asked for it.
    RingCaller {
        /// Which ring it is.
        callback: CallbackId,
        /// The object that waits.
        object: String,
    },
    /// Put through to a number of the organisation's choice.
    Transfer,
    /// Nothing more: the leg was hung up, or joined with another.
    Nothing,
}

/// A recording, as far as the exchange needs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recorded {
    pub(super) url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sid: Option<Sid>,
    pub(super) seconds: u32,
}

impl Standing {
    /// A leg at the beginning of its flow.
    pub(super) fn at(position: Position) -> Self {
        Self {
            version: VERSION,
            position,
            doing: Doing::Nothing,
            recording: None,
            note: None,
            search: None,
            desk: None,
            steered: None,
            seat: None,
            say: Vec::new(),
            background: None,
            callback: None,
            newcomer: None,
            question: None,
            signing_up: None,
        }
    }

    /// Which version of the flows a stored leg is on, read without the rest; `None` as for `read`.
    pub(super) fn flows_of(stored: &str) -> Option<String> {
        #[derive(Deserialize)]
        struct OnFlows {
            version: u8,
            position: Version,
        }
        #[derive(Deserialize)]
        struct Version {
            flows: String,
        }
        let on = serde_json::from_str::<OnFlows>(stored).ok()?;
        (on.version == VERSION).then_some(on.position.flows)
    }

    /// Reads what was stored; `None` for another version or a damaged row.
    pub(super) fn read(stored: &str) -> Option<Self> {
        serde_json::from_str::<Self>(stored).ok().filter(|s| s.version == VERSION)
    }

    /// The stored form.
    pub(super) fn write(&self) -> String {
        // Most have a kilobyte or a little more: room for it at once, not doubled four times.
        let mut stored = Vec::with_capacity(2048);
        serde_json::to_writer(&mut stored, self)
            .expect("a standing holds only strings, numbers and maps of strings");
        String::from_utf8(stored).expect("JSON is UTF-8")
    }
}
