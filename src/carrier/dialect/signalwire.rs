//! SignalWire's compatibility interface. Three signatures are in use, the newest preferred; the
//! key is the project's signing key, not its API token.

use reqwest::header::HeaderMap;

use super::twilio::{Twilio, verify_form};
use super::{Capabilities, Dialect, RestStyle, header};
use crate::carrier::form::Params;
use crate::carrier::signature::{
    BadSignature, Secrets, from_hex, hmac_sha1, hmac_sha256, port_variants, same,
};
use crate::domain::Timestamp;

const SHA256: &str = "x-signalwire-sha256-signature";
const SIGNATURES: [&str; 2] = ["x-signalwire-signature", "x-twilio-signature"];

#[derive(Debug)]
pub(super) struct SignalWire;

impl Dialect for SignalWire {
    fn verify(
        &self,
        secrets: &Secrets,
        _now: Timestamp,
        headers: &HeaderMap,
        url: &str,
        raw_body: &[u8],
        params: &Params,
    ) -> Result<(), BadSignature> {
        // A newer signature that does not fit is not excused by an older one.
        if headers.contains_key(SHA256) {
            let signature = header(headers, SHA256).ok_or(BadSignature::Missing)?;
            let theirs = from_hex(signature).ok_or(BadSignature::Malformed)?;
            return verify_raw(secrets, url, raw_body, |key, message| {
                same(&hmac_sha256(key, message), &theirs)
            });
        }
        let signature = SIGNATURES.iter().find_map(|name| header(headers, name));
        let signature = signature.ok_or(BadSignature::Missing)?;
        match from_hex(signature) {
            Some(theirs) => verify_raw(secrets, url, raw_body, |key, message| {
                same(&hmac_sha1(key, message), &theirs)
            }),
            None => verify_form(secrets, signature, url, raw_body, params),
        }
    }

    fn capabilities(&self) -> Capabilities {
        // It adds about 5 s sometimes: ringing too short is better than reaching a voicemail box.
        Twilio.capabilities()
    }

    fn rest(&self) -> RestStyle {
        RestStyle { accounts_path: "/api/laml/2010-04-01/Accounts/", ..Twilio.rest() }
    }
}

/// Over the address, with or without its port, followed by the body as it came.
fn verify_raw(
    secrets: &Secrets,
    url: &str,
    raw_body: &[u8],
    fits: impl Fn(&str, &[u8]) -> bool,
) -> Result<(), BadSignature> {
    for url in port_variants(url) {
        let message = [url.as_bytes(), raw_body].concat();
        if secrets.keys().any(|key| fits(key, &message)) {
            return Ok(());
        }
    }
    Err(BadSignature::Mismatch)
}
