//! Telnyx's TeXML. It signs the time and the body, but not the address, with a key of which only
//! the public half is known here.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, VerifyingKey};
use reqwest::header::HeaderMap;

use super::{Authorisation, Capabilities, Dialect, Events, RestStyle, header};
use crate::carrier::form::Params;
use crate::carrier::signature::{BadSignature, Secrets};
use crate::domain::Timestamp;

const SIGNATURE: &str = "telnyx-signature-ed25519";
const TIMESTAMP: &str = "telnyx-timestamp";

/// How far the provider's clock and ours may be apart; its documentation says 5 minutes.
const WINDOW: Duration = Duration::from_secs(300);

#[derive(Debug)]
pub(super) struct Telnyx;

impl Dialect for Telnyx {
    fn verify(
        &self,
        secrets: &Secrets,
        now: Timestamp,
        headers: &HeaderMap,
        _url: &str,
        raw_body: &[u8],
        _params: &Params,
    ) -> Result<(), BadSignature> {
        let signature = header(headers, SIGNATURE).ok_or(BadSignature::Missing)?;
        let signature = STANDARD.decode(signature).map_err(|_| BadSignature::Malformed)?;
        let signature = Signature::from_slice(&signature).map_err(|_| BadSignature::Malformed)?;
        let stamp = header(headers, TIMESTAMP).ok_or(BadSignature::Missing)?;
        let seconds: u32 = stamp.parse().map_err(|_| BadSignature::Malformed)?;
        let signed_at = Timestamp(i64::from(seconds) * 1_000);
        let message = [stamp.as_bytes(), b"|", raw_body].concat();
        let mut keys = secrets.keys().filter_map(public_key);
        if !keys.any(|key| key.verify_strict(&message, &signature).is_ok()) {
            return Err(BadSignature::Mismatch);
        }
        // Only now, so that a wrong clock is reported for the provider's requests alone.
        let apart = now.since(signed_at).max(signed_at.since(now));
        if apart <= WINDOW { Ok(()) } else { Err(BadSignature::WrongTime) }
    }

    fn fits_key(&self, key: &str) -> bool {
        public_key(key).is_some()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            screening: true,
            pause: true,
            ring_surplus_seconds: 0,
            recording_life: Some(Duration::from_secs(600)),
        }
    }

    fn rest(&self) -> RestStyle {
        RestStyle {
            accounts_path: "/v2/texml/Accounts/",
            calls_ending: "",
            authorisation: Authorisation::Bearer,
            events: Events::Joined,
            recordings_elsewhere: Some(("s3.amazonaws.com", "/telephony-recorder-prod/")),
        }
    }
}

/// Base64 of 32 bytes.
fn public_key(key: &str) -> Option<VerifyingKey> {
    let bytes: [u8; 32] = STANDARD.decode(key).ok()?.try_into().ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}
