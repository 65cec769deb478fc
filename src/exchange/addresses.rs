//! The addresses that are handed to the provider, all absolute.
//!
//! They hold row numbers and step numbers only, plain digits and letters: no telephone number, no
//! name, nothing that a proxy would encode another way (which would break the signature). A step
//! number in every one makes a repeat recognisable (R11).

use crate::domain::{AttemptId, CallId, CallbackId, PlacedId};

/// Path of the one address that an organisation configures at its provider.
pub const INCOMING: &str = "/voice/incoming";
/// Path of the address asked when all else fails.
pub const FALLBACK: &str = "/voice/fallback";
/// Path of the address told when an incoming call is over.
pub const STATUS: &str = "/voice/status";

/// Writes addresses below one public address.
#[derive(Debug, Clone)]
pub struct Addresses {
    public_url: String,
}

impl Addresses {
    /// Addresses below `public_url`, which has no path and no trailing slash.
    pub fn below(public_url: &str) -> Self {
        Self { public_url: public_url.trim_end_matches('/').to_owned() }
    }

    /// What to say when all else fails, on a leg that we placed; for calls to a line it is settled at
    /// the provider.
    pub fn fallback(&self) -> String {
        format!("{}{FALLBACK}", self.public_url)
    }

    /// The desk, rung from there, is off the telephone or never came to it.
    pub fn fallback_dialled(&self) -> String {
        format!("{}{FALLBACK}/dialled", self.public_url)
    }

    /// A message was left there.
    pub fn fallback_message(&self) -> String {
        format!("{}{FALLBACK}/message", self.public_url)
    }

    /// The sound of that message can be fetched.
    pub fn fallback_recorded(&self) -> String {
        format!("{}{FALLBACK}/recorded", self.public_url)
    }

    /// What next, on this leg, after keys, a recording or a redirect.
    pub fn step(&self, call: CallId, step: u32) -> String {
        format!("{}/voice/leg/{call}/{step}", self.public_url)
    }

    /// What next, on the caller's leg, now that ringing this attempt is over.
    pub fn dialled(&self, call: CallId, step: u32, attempt: AttemptId) -> String {
        format!("{}/voice/dialled/{call}/{step}/{attempt}", self.public_url)
    }

    /// What next, on the caller's leg, now that a transfer is over.
    pub fn transferred(&self, call: CallId, step: u32) -> String {
        format!("{}/voice/transferred/{call}/{step}", self.public_url)
    }

    /// The rung telephone was picked up: what does it hear?
    pub fn screening(&self, attempt: AttemptId) -> String {
        format!("{}/voice/screening/{attempt}", self.public_url)
    }

    /// How the rung telephone's leg goes.
    pub fn attempt_status(&self, attempt: AttemptId) -> String {
        format!("{}/voice/attempt/{attempt}", self.public_url)
    }

    /// The caller who is called back picked up: what do they hear before anybody is joined?
    pub fn callback(&self, callback: CallbackId) -> String {
        format!("{}/voice/callback/{callback}", self.public_url)
    }

    /// How the leg of a caller goes who is called back.
    pub fn callback_status(&self, callback: CallbackId) -> String {
        format!("{}/voice/callback/{callback}/status", self.public_url)
    }

    /// How the leg of somebody goes whom the desk calls back.
    pub fn called_back_status(&self, desk_call: i64) -> String {
        format!("{}/voice/called-back/{desk_call}/status", self.public_url)
    }

    /// What next, on the neighbour's leg, now that ringing the caller is over.
    pub fn dialled_caller(&self, call: CallId, step: u32, callback: CallbackId) -> String {
        format!("{}/voice/dialled-caller/{call}/{step}/{callback}", self.public_url)
    }

    /// Somebody picked up a call that the exchange placed: what do they hear?
    pub fn placed(&self, placed: PlacedId) -> String {
        format!("{}/voice/placed/{placed}", self.public_url)
    }

    /// How a call goes that the exchange placed.
    pub fn placed_status(&self, placed: PlacedId) -> String {
        format!("{}/voice/placed/{placed}/status", self.public_url)
    }

    /// A recording made at this step can be fetched.
    pub fn recording(&self, call: CallId, step: u32) -> String {
        format!("{}/voice/recording/{call}/{step}", self.public_url)
    }

    /// The sound of a voice note, for the screened neighbour; the token cannot be guessed.
    pub fn note(&self, token: &str) -> String {
        format!("{}/voice/note/{token}", self.public_url)
    }

    /// Where the exchange is on the web, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// A recorded prompt of the organisation's own, `name` below the flow directory's `audio/`.
    pub fn audio(&self, name: &str) -> String {
        format!("{}/voice/audio/{name}", self.public_url)
    }
}
