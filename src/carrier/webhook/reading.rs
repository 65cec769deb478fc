//! From parameters to a [`Webhook`].

use super::{DialResult, LegStatus, Recording, Webhook, fingerprint};
use crate::carrier::form::Params;
use crate::carrier::sid::Sid;
use crate::dispatch::Ending;

/// Most keys that are kept of one answer; nobody is asked for more than ten.
const MOST_KEYS: usize = 32;

/// Longest address of a recording, in bytes.
const LONGEST_ADDRESS: usize = 2_048;

/// Why parameters are not a webhook. No sentence repeats a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadWebhook {
    /// Which leg is meant is not said.
    #[error("the webhook has no CallSid: is this URL set as a voice webhook at the provider?")]
    NoCallSid,
    /// An id that no provider gives out.
    #[error("{field} is not a provider's id: 1 to 128 visible ASCII characters were expected")]
    NotASid {
        /// In which parameter.
        field: &'static str,
    },
    /// Longer than any address that a provider gives out.
    #[error("RecordingUrl is over {LONGEST_ADDRESS} bytes; no recording can be fetched from it")]
    LongAddress,
}

impl Webhook {
    /// Reads what the provider sent about one leg. Unknown parameters are ignored.
    ///
    /// # Errors
    /// [`BadWebhook`] when the leg is not named, or an id or address cannot be one.
    pub fn read(params: &Params) -> Result<Self, BadWebhook> {
        let keys = params.filled("Digits");
        let mut webhook = Self {
            call_sid: sid(params, "CallSid")?.ok_or(BadWebhook::NoCallSid)?,
            parent_sid: sid(params, "ParentCallSid")?,
            from: params.get("From").unwrap_or_default().to_owned(),
            to: params.get("To").unwrap_or_default().to_owned(),
            status: params.get("CallStatus").map_or(LegStatus::Unknown, LegStatus::read),
            digits: keys.and_then(read_digits),
            recording: read_recording(params)?,
            dial: read_dial(params),
            fingerprint: [0; 16],
        };
        webhook.fingerprint = fingerprint::of(&webhook);
        Ok(webhook)
    }
}

impl LegStatus {
    /// Reads `CallStatus` of a webhook or `status` of a REST answer, which use the same words.
    pub fn read(word: &str) -> Self {
        match word {
            "queued" | "initiated" => Self::Initiated,
            "ringing" => Self::Ringing,
            "in-progress" => Self::InProgress,
            "completed" => Self::Over(Ending::Completed { bridged: None }),
            "no-answer" => Self::Over(Ending::NoAnswer),
            "busy" => Self::Over(Ending::Busy),
            "failed" => Self::Over(Ending::Failed),
            "canceled" => Self::Over(Ending::Canceled),
            _ => Self::Unknown,
        }
    }
}

fn sid(params: &Params, field: &'static str) -> Result<Option<String>, BadWebhook> {
    let read = |text| Sid::parse(text).map_err(|_| BadWebhook::NotASid { field });
    params.filled(field).map(read).transpose().map(|sid| sid.map(String::from))
}

/// After a recording the field holds the word `hangup` or the key that ended it.
fn read_digits(keys: &str) -> Option<String> {
    let is_key = |c: &char| c.is_ascii_digit() || matches!(c, '*' | '#');
    let digits: String = keys.chars().filter(is_key).take(MOST_KEYS).collect();
    (!digits.is_empty()).then_some(digits)
}

fn read_recording(params: &Params) -> Result<Option<Recording>, BadWebhook> {
    let Some(url) = params.filled("RecordingUrl") else { return Ok(None) };
    if url.len() > LONGEST_ADDRESS {
        return Err(BadWebhook::LongAddress);
    }
    Ok(Some(Recording {
        url: url.to_owned(),
        sid: sid(params, "RecordingSid").unwrap_or_default(),
        seconds: seconds(params, "RecordingDuration").unwrap_or(0),
        by_hangup: params.get("Digits") == Some("hangup"),
    }))
}

fn read_dial(params: &Params) -> Option<DialResult> {
    Some(DialResult {
        ending: dial_ending(params.filled("DialCallStatus")?, params.get("DialBridged")),
        sid: sid(params, "DialCallSid").unwrap_or_default(),
        seconds: seconds(params, "DialCallDuration"),
    })
}

/// `DialBridged=true` outweighs every word. A word that is not known leaves the question to the
/// machine's own mark, as `completed` does: a dial that reports at all is over.
fn dial_ending(word: &str, bridged: Option<&str>) -> Ending {
    let bridged = match bridged {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    };
    match LegStatus::read(word) {
        LegStatus::Over(ending) if bridged != Some(true) => match ending {
            Ending::Completed { .. } => Ending::Completed { bridged },
            unanswered => unanswered,
        },
        _ => Ending::Completed { bridged },
    }
}

/// Whole seconds; some providers send fractions.
fn seconds(params: &Params, field: &str) -> Option<u32> {
    params.get(field)?.split('.').next()?.parse().ok()
}
