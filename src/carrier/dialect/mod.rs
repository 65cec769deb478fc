//! Where providers of the same document language differ: how they sign, what they can do, and how
//! their REST interface is reached. One small file each; everything else is common.

mod signalwire;
mod somleng;
mod telnyx;
mod twilio;

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderMap;

use super::form::Params;
use super::signature::{BadSignature, Secrets};
use crate::domain::Timestamp;

/// Which provider, as `provider.kind` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Twilio, and the simulated carrier.
    Twilio,
    /// SignalWire's compatibility interface (cXML).
    SignalWire,
    /// Telnyx's TeXML.
    Telnyx,
    /// Somleng. Known, but not usable: see [`Kind::usable`].
    Somleng,
}

/// The provider cannot ask a neighbour before joining them with the caller (R5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this provider joins a caller with whoever picks up, a voicemail box too: it cannot ask the \
     neighbour first; choose provider.kind twilio, signalwire or telnyx"
)]
pub struct NoScreening;

/// What one provider does in its own way.
pub trait Dialect: Send + Sync + fmt::Debug {
    /// Whether the provider made this request, for this address and with this body (R15).
    ///
    /// `url` is [`signed_url`](super::signature::signed_url); `params` are those of `raw_body`,
    /// none when it is empty or not a form.
    ///
    /// # Errors
    /// [`BadSignature`] with the reason; the request then has no effect.
    fn verify(
        &self,
        secrets: &Secrets,
        now: Timestamp,
        headers: &HeaderMap,
        url: &str,
        raw_body: &[u8],
        params: &Params,
    ) -> Result<(), BadSignature>;

    /// Whether a key of the configuration has the form of this provider's keys.
    fn fits_key(&self, key: &str) -> bool {
        !key.is_empty()
    }

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// How its REST interface is reached.
    fn rest(&self) -> RestStyle;
}

/// What a provider can do, as documented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// It fetches a document when a dialled number picks up, before the two are joined.
    pub screening: bool,
    /// It knows `<Pause>`.
    pub pause: bool,
    /// Seconds that a telephone rings longer than was asked.
    pub ring_surplus_seconds: u32,
    /// How long a recording can be fetched after its call; `None`: until it is deleted.
    pub recording_life: Option<Duration>,
}

/// The differences between REST interfaces that otherwise take the same parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestStyle {
    /// Path before the account id.
    pub accounts_path: &'static str,
    /// Ending of the paths of calls.
    pub calls_ending: &'static str,
    /// How requests are authorised.
    pub authorisation: Authorisation,
    /// How the events of a placed call are named.
    pub events: Events,
    /// Another host, and the beginning of its paths, where recordings are kept under addresses
    /// that are good for a while without authorisation.
    pub recordings_elsewhere: Option<(&'static str, &'static str)>,
}

/// How REST requests are authorised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorisation {
    /// Account and token.
    Basic,
    /// The token alone.
    Bearer,
}

/// How several events are written in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Events {
    /// The parameter again for each.
    Repeated,
    /// In one parameter, with blanks between.
    Joined,
    /// They cannot be chosen.
    Unnamed,
}

impl Kind {
    /// Reads `provider.kind`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "twilio" => Some(Self::Twilio),
            "signalwire" => Some(Self::SignalWire),
            "telnyx" => Some(Self::Telnyx),
            "somleng" => Some(Self::Somleng),
            _ => None,
        }
    }

    /// Its ways.
    pub fn dialect(self) -> &'static dyn Dialect {
        match self {
            Self::Twilio => &twilio::Twilio,
            Self::SignalWire => &signalwire::SignalWire,
            Self::Telnyx => &telnyx::Telnyx,
            Self::Somleng => &somleng::Somleng,
        }
    }

    /// Whether the exchange can work with it at all; asked once, at start-up.
    ///
    /// # Errors
    /// [`NoScreening`] when it cannot screen.
    pub fn usable(self) -> Result<(), NoScreening> {
        if self.dialect().capabilities().screening { Ok(()) } else { Err(NoScreening) }
    }
}

/// A header's value as text; `None` when it is absent, empty or not text.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;
