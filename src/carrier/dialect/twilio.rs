//! Twilio, and the form signature that others took over from it.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::HeaderMap;
use sha2::{Digest, Sha256};

use super::{Authorisation, Capabilities, Dialect, Events, RestStyle, header};
use crate::carrier::form::Params;
use crate::carrier::signature::{
    BadSignature, Secrets, form_message, from_hex, hmac_sha1, hmac_sha256, port_variants, same,
};
use crate::domain::Timestamp;

const SIGNATURE: &str = "x-twilio-signature";

/// Names the shared key and the algorithm where webhooks are signed with a key of their own.
const SETTINGS: &str = "x-twilio-webhooks-signature-settings";

#[derive(Debug)]
pub(super) struct Twilio;

impl Dialect for Twilio {
    fn verify(
        &self,
        secrets: &Secrets,
        _now: Timestamp,
        headers: &HeaderMap,
        url: &str,
        raw_body: &[u8],
        params: &Params,
    ) -> Result<(), BadSignature> {
        let signature = header(headers, SIGNATURE).ok_or(BadSignature::Missing)?;
        if !headers.contains_key(SETTINGS) {
            return verify_form(secrets, signature, url, raw_body, params);
        }
        let settings = header(headers, SETTINGS).ok_or(BadSignature::Malformed)?;
        let key = shared_key(secrets, settings)?;
        let theirs = STANDARD.decode(signature).map_err(|_| BadSignature::Malformed)?;
        let fits = messages(url, raw_body, params)?
            .any(|message| same(&hmac_sha256(key, message.as_bytes()), &theirs));
        if fits { Ok(()) } else { Err(BadSignature::Mismatch) }
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { screening: true, pause: true, ring_surplus_seconds: 5, recording_life: None }
    }

    fn rest(&self) -> RestStyle {
        RestStyle {
            accounts_path: "/2010-04-01/Accounts/",
            calls_ending: ".json",
            authorisation: Authorisation::Basic,
            events: Events::Repeated,
            recordings_elsewhere: None,
        }
    }
}

/// Base64 of HMAC-SHA1 over the address and the form, with any of the keys.
pub(super) fn verify_form(
    secrets: &Secrets,
    signature: &str,
    url: &str,
    raw_body: &[u8],
    params: &Params,
) -> Result<(), BadSignature> {
    let theirs = STANDARD.decode(signature).map_err(|_| BadSignature::Malformed)?;
    let fits = messages(url, raw_body, params)?.any(|message| {
        secrets.keys().any(|key| same(&hmac_sha1(key, message.as_bytes()), &theirs))
    });
    if fits { Ok(()) } else { Err(BadSignature::Mismatch) }
}

/// What may have been signed: the address with or without its port, and the form. Without a body
/// (GET) the address has it all; a body that is no form counts through its signed hash only.
fn messages<'a>(
    url: &'a str,
    raw_body: &[u8],
    params: &'a Params,
) -> Result<impl Iterator<Item = Cow<'a, str>>, BadSignature> {
    let in_the_form = match signed_body_hash(url) {
        Some(hash) => {
            let ours = Sha256::digest(raw_body);
            if !from_hex(hash).is_some_and(|theirs| same(&ours, &theirs)) {
                return Err(BadSignature::BodyNotCovered);
            }
            false
        }
        None => !raw_body.is_empty(),
    };
    if in_the_form && params.is_empty() {
        return Err(BadSignature::BodyNotCovered);
    }
    Ok(port_variants(url).map(move |url| match in_the_form {
        true => Cow::Owned(form_message(&url, params)),
        false => url,
    }))
}

fn signed_body_hash(url: &str) -> Option<&str> {
    let (_, query) = url.split_once('?')?;
    query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256="))
}

/// `key=<id>,algorithm=HMAC_SHA256`, in any order.
fn shared_key<'a>(secrets: &'a Secrets, settings: &str) -> Result<&'a str, BadSignature> {
    let value = |name: &str| {
        let mut parts = settings.split(',').filter_map(|part| part.trim().split_once('='));
        parts.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    match (value("key"), value("algorithm")) {
        (Some(id), Some("HMAC_SHA256")) => secrets.shared_key(id).ok_or(BadSignature::UnknownKey),
        (_, Some(_)) => Err(BadSignature::UnknownAlgorithm),
        (_, None) => Err(BadSignature::Malformed),
    }
}
