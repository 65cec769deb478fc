//! One leg: a telephone call of the provider, from its first sign of life to its end.

use std::collections::VecDeque;
use std::time::Duration;

use super::document::{Dial, Gather, Progress, Prompt, Record, Verb};
use super::number::{CallerId, Number};
use super::script::Act;
use crate::domain::Timestamp;

/// Names a leg in the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LegId(pub u32);

/// Which way a leg goes, seen from the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Somebody dialled a line.
    Inbound,
    /// A dial of another leg.
    OutboundDial,
    /// Ordered by REST.
    OutboundApi,
}

impl Direction {
    /// The provider's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::OutboundDial => "outbound-dial",
            Self::OutboundApi => "outbound-api",
        }
    }
}

/// Where a leg stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Accepted, not yet dialled.
    Queued,
    /// Being dialled.
    Initiated,
    /// Ringing.
    Ringing,
    /// Answered.
    InProgress,
    /// Was answered, is over.
    Completed,
    /// Engaged.
    Busy,
    /// Ended unanswered.
    NoAnswer,
    /// Could not be reached.
    Failed,
    /// Stopped before it was answered.
    Canceled,
}

impl Status {
    /// The provider's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Initiated => "initiated",
            Self::Ringing => "ringing",
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Busy => "busy",
            Self::NoAnswer => "no-answer",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }

    /// Whether the leg is over.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Initiated | Self::Ringing | Self::InProgress)
    }
}

/// What a leg is busy with. Every change makes timers that were set before it void.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    /// Not answered yet; nothing is carried out.
    Waiting,
    /// A document or a sound was asked for.
    Fetching,
    /// Something is being heard.
    Hearing,
    /// Keys are waited for.
    Listening,
    /// What is said is recorded.
    Recording,
    /// Another telephone is rung, or hears its screening.
    Dialling,
    /// Joined with another leg.
    Talking,
    /// Over.
    Over,
}

/// Who is told how a leg goes.
#[derive(Debug, Clone)]
pub(super) struct Callback {
    pub(super) url: String,
    pub(super) get: bool,
    pub(super) events: Vec<Progress>,
    pub(super) sent: u32,
}

/// Words that are being spoken.
#[derive(Debug, Clone)]
pub(super) struct Speech {
    pub(super) text: String,
    pub(super) from: Timestamp,
    pub(super) time: Duration,
}

impl Speech {
    /// When these words will have been spoken, if that is at `now` or later.
    pub(super) fn heard_at(&self, words: &str, now: Timestamp) -> Option<Timestamp> {
        let (text, words) = (self.text.to_lowercase(), words.to_lowercase());
        text.match_indices(&words)
            .map(|(at, found)| {
                let share = (at + found.len()) as f64 / text.len() as f64;
                self.from + self.time.mul_f64(share)
            })
            .find(|at| *at >= now)
    }
}

/// A question that is being asked.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    pub(super) gather: Gather,
    pub(super) keyed: String,
}

/// A recording that is being made.
#[derive(Debug, Clone)]
pub(super) struct Taping {
    pub(super) record: Record,
    /// From the end of the tone.
    pub(super) from: Timestamp,
    /// Until when something was said; at first the start.
    pub(super) spoken_until: Timestamp,
}

/// A dial that is under way.
#[derive(Debug, Clone)]
pub(super) struct Dialling {
    pub(super) dial: Dial,
    pub(super) child: LegId,
    pub(super) joined: bool,
    /// The child was sent elsewhere by REST; its length is then not told.
    pub(super) redirected: bool,
}

/// The person at the telephone, or the machine.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) script: VecDeque<Act>,
    /// Makes a wake-up that was set earlier void.
    pub(super) turn: u64,
    /// The step at the front has been waited for and is due at the wake-up.
    pub(super) due: Option<Timestamp>,
    pub(super) talks_until: Option<Timestamp>,
    /// Somebody at the controls has taken over; what was drawn for this ring no longer counts.
    pub(super) by_hand: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Leg {
    pub(super) sid: String,
    pub(super) direction: Direction,
    pub(super) from: CallerId,
    pub(super) to: Number,
    pub(super) forwarded_from: Option<Number>,
    pub(super) parent: Option<LegId>,
    /// The other half of a call that was forwarded back into the network.
    pub(super) twin: Option<LegId>,
    pub(super) status: Status,
    pub(super) began: Timestamp,
    pub(super) answered: Option<Timestamp>,
    pub(super) ended: Option<Timestamp>,
    pub(super) doing: Doing,
    pub(super) epoch: u64,
    /// The address of the document that is being carried out.
    pub(super) document: String,
    pub(super) verbs: VecDeque<Verb>,
    /// The verb in hand is the first of its call.
    pub(super) first_verb: bool,
    pub(super) prompts: VecDeque<Prompt>,
    pub(super) speech: Option<Speech>,
    pub(super) asking: Option<Asking>,
    pub(super) taping: Option<Taping>,
    pub(super) dialling: Option<Dialling>,
    pub(super) person: Person,
    pub(super) callback: Option<Callback>,
    /// Where to ask first once this leg is answered; a dialled one without is joined at once.
    pub(super) voice: Option<(String, bool)>,
    pub(super) fallback: Option<String>,
    pub(super) in_fallback: bool,
    pub(super) ring_limit: Duration,
}

impl Leg {
    pub(super) fn is_over(&self) -> bool {
        self.doing == Doing::Over
    }

    /// The number of the telephone at the far end.
    pub(super) fn telephone(&self) -> Option<&Number> {
        match self.direction {
            Direction::Inbound => self.from.number(),
            Direction::OutboundDial | Direction::OutboundApi => Some(&self.to),
        }
    }

    /// Whole seconds from being answered to the end.
    pub(super) fn seconds(&self) -> Option<u64> {
        Some(self.ended?.since(self.answered?).as_millis().div_ceil(1000) as u64)
    }

    /// Goes over to something else; timers set before are void.
    pub(super) fn turn_to(&mut self, doing: Doing) {
        self.doing = doing;
        self.epoch += 1;
    }

    /// Drops whatever is being heard, asked or recorded.
    pub(super) fn drop_verb(&mut self) {
        self.prompts.clear();
        self.speech = None;
        self.asking = None;
        self.taping = None;
    }
}
