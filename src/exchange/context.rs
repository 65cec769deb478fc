//! What is settled when the exchange starts.

use std::sync::Arc;
use std::time::Duration;

use crate::carrier::dialect::Capabilities;
use crate::domain::{Line, Numbering, Phone, Referral};
use crate::exchange::Recordings;
use crate::exchange::addresses::Addresses;
use crate::exchange::shelf::Shelf;

/// Lines, addresses and flows.
pub struct Context {
    /// Addresses handed to the provider.
    pub addresses: Addresses,
    /// The lines, in the order of the configuration; at least one.
    pub lines: Vec<Line>,
    /// Organisations to which somebody can be referred, the usual ones first.
    pub referrals: Vec<Referral>,
    /// Which numbers may be rung.
    pub numbering: Numbering,
    /// What the provider can do, and how much longer than asked it rings.
    pub capabilities: Capabilities,
    /// Between two calls that the exchange places, at the least.
    pub call_interval: Duration,
    /// The voice flows, today's and those that calls are still on.
    pub flows: Arc<Shelf>,
    /// The organisation's own recorded prompts.
    pub recordings: Recordings,
    /// Makes addresses of voice notes that cannot be guessed.
    pub token_key: [u8; 32],
    /// Seals what was said in messages.
    pub message_key: [u8; 32],
}

impl Context {
    /// The line with this number, as the provider wrote it.
    pub fn line(&self, number: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.number.e164() == number)
    }

    /// The last gate before dialling (R12): a number of a kind that may be rung, and not our own.
    pub(super) fn may_dial(&self, phone: &Phone) -> bool {
        self.numbering.may_ring(phone).is_ok() && !self.is_line(phone)
    }

    /// The same gate for a telephone of the desk, which may be a number for organisations.
    pub(super) fn may_dial_desk(&self, phone: &Phone) -> bool {
        self.numbering.may_ring_desk(phone).is_ok() && !self.is_line(phone)
    }

    /// Whether this is the number of one of our own lines.
    pub(super) fn is_line(&self, phone: &Phone) -> bool {
        self.lines.iter().any(|line| line.number == *phone)
    }

    /// Whether this is one of our own lines or a desk: a call from there is served like one that
    /// shows no number.
    pub fn is_ours(&self, phone: &Phone) -> bool {
        self.is_line(phone) || self.lines.iter().any(|line| line.desk.contains(phone))
    }
}
