//! What makes two webhooks the same: the content that a handler acts on, and nothing that changes
//! from one delivery to the next (tokens, time stamps, sequence numbers).

use sha2::{Digest, Sha256};

use super::{LegStatus, Webhook};
use crate::dispatch::Ending;

/// The first 16 bytes of SHA-256 over the fields, each preceded by its length, so that nothing can
/// move from one field to the next unseen.
pub(super) fn of(webhook: &Webhook) -> [u8; 16] {
    let recording = webhook.recording.as_ref();
    let mut hash = Sha256::new();
    for field in [
        Some(webhook.call_sid.as_str()),
        Some(status(webhook.status)),
        webhook.digits.as_deref(),
        recording.map(|recording| recording.url.as_str()),
        recording.map(|recording| if recording.by_hangup { "hangup" } else { "" }),
        webhook.dial.as_ref().map(|dial| ending(dial.ending)),
    ] {
        // An absent field is not an empty one: lengths are stored one higher.
        hash.update(field.map_or(0, |text| text.len() as u64 + 1).to_be_bytes());
        hash.update(field.unwrap_or_default());
    }
    let whole: [u8; 32] = hash.finalize().into();
    let mut first = [0; 16];
    first.copy_from_slice(&whole[..16]);
    first
}

/// Stored with answers that were given: these words never change.
fn status(status: LegStatus) -> &'static str {
    match status {
        LegStatus::Initiated => "initiated",
        LegStatus::Ringing => "ringing",
        LegStatus::InProgress => "in-progress",
        LegStatus::Over(how) => ending(how),
        LegStatus::Unknown => "unknown",
    }
}

fn ending(ending: Ending) -> &'static str {
    match ending {
        Ending::Completed { bridged: None } => "completed",
        Ending::Completed { bridged: Some(true) } => "completed bridged",
        Ending::Completed { bridged: Some(false) } => "completed unbridged",
        Ending::NoAnswer => "no-answer",
        Ending::Busy => "busy",
        Ending::Failed => "failed",
        Ending::Canceled => "canceled",
    }
}
