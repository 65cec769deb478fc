//! What the exchange asks of a provider. Nothing here knows HTTP; [`super::client`] does.
//!
//! No provider can be told that a request to place a call is a repeat. So every error says
//! whether the request may simply be sent again or whether somebody's telephone may be ringing.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use super::sid::Sid;
use super::webhook::LegStatus;
use crate::domain::{Phone, Timestamp};

/// A provider's answer to come.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, CarrierError>> + Send + 'a>>;

/// A telephony provider, or the simulated carrier.
pub trait Carrier: Send + Sync {
    /// Rings a number; the document at its `url` is asked for when it picks up. On
    /// [`CarrierError::Unknown`] look with [`Carrier::find_call`] before trying again.
    fn place<'a>(&'a self, call: &'a PlaceCall) -> Answer<'a, Sid>;

    /// Lets a running leg leave what it does for the document at this absolute address. A leg in
    /// a dial then asks its old `action` as well. May be repeated.
    fn redirect<'a>(&'a self, sid: &'a Sid, url: &'a str) -> Answer<'a, ()>;

    /// Ends a leg, whether it rings or speaks; one that is over already is no error. May be
    /// repeated.
    fn hang_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, ()>;

    /// Where a leg stands. A leg that the provider does not know is [`CarrierError::CallOver`].
    fn look_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, LegStatus>;

    /// The newest call from one number to another that was made at `since` or later, if any.
    fn find_call<'a>(
        &'a self,
        to: &'a Phone,
        from: &'a Phone,
        since: Timestamp,
    ) -> Answer<'a, Option<Sid>>;

    /// Fetches the sound at an address that a webhook told, at most `max_bytes` of it.
    /// [`CarrierError::NotYet`] is usual for some seconds after a recording.
    fn fetch_recording<'a>(&'a self, url: &'a str, max_bytes: usize) -> Answer<'a, Sound>;

    /// Deletes a recording at the provider; one that is gone already is no error. May be repeated.
    fn delete_recording<'a>(&'a self, sid: &'a Sid) -> Answer<'a, ()>;
}

/// A call to place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceCall {
    /// Whom.
    pub to: Phone,
    /// The number shown: the line's own (R8).
    pub from: Phone,
    /// Absolute address asked when it is picked up.
    pub url: String,
    /// Absolute address asked instead when a document cannot be had or carried out, at any time.
    pub fallback: String,
    /// Absolute address told how the leg goes.
    pub status_callback: String,
    /// Seconds that the telephone really rings, 10 to 600.
    pub ring_seconds: u32,
    /// The same for every try of the same call, visible ASCII. Sent along for the provider's own
    /// log; no provider is known to act on it.
    pub key: String,
}

/// A recorded sound. `Debug` shows its size only.
#[derive(Clone, PartialEq, Eq)]
pub struct Sound {
    /// Its media type, `audio/x-wav`, without parameters.
    pub content_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sound({}, {} bytes)", self.content_type, self.bytes.len())
    }
}

/// Why the provider did not do it. No sentence repeats a number or an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CarrierError {
    /// Too many requests at once; this one was not looked at. Safe to repeat, later.
    #[error("the provider is busy (429); the request is repeated later")]
    Busy {
        /// How long it asks to be left alone, where it says so.
        retry_after: Option<Duration>,
    },
    /// No connection came about, so nothing was asked. Safe to repeat.
    #[error("the provider cannot be reached; check api_base and this machine's network")]
    Unreachable,
    /// The number cannot be rung. Not to be repeated.
    #[error("the provider says that the number cannot be rung (code {code})")]
    BadNumber {
        /// The provider's own code.
        code: u32,
    },
    /// The leg is over, or was never one of this account's.
    #[error("the call is over, or unknown to the provider")]
    CallOver,
    /// Anything else that is wrong with the request or the account. Not to be repeated.
    #[error(
        "the provider refused the request (HTTP {status}, code {code:?}); at 401 or 403 check the \
         account and its token, else look the code up in the provider's list of errors"
    )]
    Refused {
        /// The HTTP status; 0 when the request could not even be written.
        status: u16,
        /// The provider's own code, where it gave one.
        code: Option<u32>,
    },
    /// Time-out, broken connection, 5xx or an answer that cannot be read: it may have been done.
    #[error("the provider did not say whether it was done ({why})")]
    Unknown {
        /// What happened instead.
        why: &'static str,
    },
    /// The recording is not there yet. Safe to repeat.
    #[error("the recording cannot be fetched yet")]
    NotYet,
    /// The recording is said to be on a host that is not the provider's.
    #[error("the recording's address is not at the provider; it is not fetched")]
    Elsewhere,
    /// The recording is larger than it may be.
    #[error("the recording is over {max_bytes} bytes; it is not fetched")]
    TooLarge {
        /// The most that was allowed.
        max_bytes: usize,
    },
}

impl CarrierError {
    /// Whether the provider did look at what it was asked.
    pub fn is_an_answer(&self) -> bool {
        !matches!(self, Self::Busy { .. } | Self::Unreachable | Self::Unknown { .. })
    }

    /// How long the provider asks to be left alone, where it says so.
    pub fn retry_after(self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after } => retry_after,
            _ => None,
        }
    }

    /// Whether the same request can be sent again without ringing somebody twice.
    pub fn retry_is_safe(self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Unreachable | Self::NotYet)
    }
}
