//! What the signatures of all providers are made of: the address that was signed, the message over
//! a form, keyed hashes and their comparison in constant time. Which of them a provider uses, and
//! in which header, is in [`super::dialect`].

use std::borrow::Cow;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::form::Params;

/// What webhooks are signed with. `Debug` shows nothing of it.
#[derive(Clone, Default)]
pub struct Secrets {
    keys: Vec<Box<str>>,
    shared: Vec<(Box<str>, Box<str>)>,
}

/// Why a webhook has no effect (R15). For the technician; the provider only hears 403.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// The header is not there, or empty.
    #[error("the webhook is not signed; does provider.kind name the right provider?")]
    Missing,
    /// The header holds something else than a signature of this provider.
    #[error("the signature header cannot be read; does provider.kind name the right provider?")]
    Malformed,
    /// Signed in a way that is not known here.
    #[error("the webhook is signed with an unknown algorithm; HMAC_SHA256 is understood")]
    UnknownAlgorithm,
    /// Signed with a shared key that is not in the configuration.
    #[error("the webhook is signed with a shared key that is not configured here")]
    UnknownKey,
    /// Signed too long ago, or in the future.
    #[error("the webhook was signed over 5 minutes from now; is the clock of this machine right?")]
    WrongTime,
    /// The signature says nothing about the body.
    #[error("the webhook's body is not a form and its hash is not signed")]
    BodyNotCovered,
    /// It was made with another key, for another address or over another body.
    #[error(
        "the signature does not fit; check the provider's key, and that public_url is exactly \
         the address set at the provider"
    )]
    Mismatch,
}

impl Secrets {
    /// One key, or two while it is being changed; with two either is good. Empty ones, with which
    /// anybody could sign, are left out.
    pub fn new<K: Into<Box<str>>>(keys: impl IntoIterator<Item = K>) -> Self {
        let mut keys: Vec<Box<str>> = keys.into_iter().map(Into::into).collect();
        keys.retain(|key| !key.is_empty());
        Self { keys, shared: Vec::new() }
    }

    /// Adds a key that the provider names by `id` in each request.
    #[must_use]
    pub fn with_shared_key(mut self, id: impl Into<Box<str>>, key: impl Into<Box<str>>) -> Self {
        let key = key.into();
        self.shared.extend((!key.is_empty()).then(|| (id.into(), key)));
        self
    }

    /// Every key without a name.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(AsRef::as_ref)
    }

    /// The key of this name.
    pub(super) fn shared_key(&self, id: &str) -> Option<&str> {
        self.shared.iter().find(|(name, _)| **name == *id).map(|(_, key)| key.as_ref())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({} masked)", self.keys.len() + self.shared.len())
    }
}

/// The address that a provider signed: our public address and the request's own path and query,
/// byte for byte. Never made from `Host` or `X-Forwarded-*`, which anybody can send.
pub fn signed_url(public_url: &str, request_target: &str) -> String {
    // Behind some proxies the target is a whole address; only what follows its host is ours.
    let path = match request_target.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphabetic()) => {
            rest.find('/').map_or("/", |at| &rest[at..])
        }
        _ => request_target,
    };
    // The fragment holds time-outs for the provider; it is neither sent nor signed.
    let path = path.split('#').next().unwrap_or_default();
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("{}{slash}{path}", public_url.trim_end_matches('/'))
}

/// The address as it is and with its port the other way round: providers do not agree whether a
/// port is signed.
pub(super) fn port_variants(url: &str) -> impl Iterator<Item = Cow<'_, str>> {
    // The other one is only made when the first does not fit.
    let other = std::iter::once_with(|| other_port_variant(url)).flatten();
    std::iter::once(Cow::Borrowed(url)).chain(other.map(Cow::Owned))
}

fn other_port_variant(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let host_at = authority.rfind('@').map_or(0, |at| at + 1);
    // The colons of an IPv6 address stand inside brackets.
    let port_at =
        authority.rfind(':').filter(|at| *at >= host_at && !authority[*at..].contains(']'));
    Some(match port_at {
        Some(at) => format!("{scheme}://{}{path}", &authority[..at]),
        None => {
            let port = if scheme.eq_ignore_ascii_case("http") { 80 } else { 443 };
            format!("{scheme}://{authority}:{port}{path}")
        }
    })
}

/// The address with every name and its value appended, in the order of the names' bytes; of a
/// repeated name each different value once, in order, the name before each.
pub(super) fn form_message(url: &str, params: &Params) -> String {
    let mut pairs: Vec<(&str, &str)> = params.iter().collect();
    pairs.sort_unstable();
    pairs.dedup();
    let length = pairs.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
    let mut message = String::with_capacity(url.len() + length);
    message.push_str(url);
    for (name, value) in pairs {
        message.push_str(name);
        message.push_str(value);
    }
    message
}

pub(super) fn hmac_sha1(key: &str, message: &[u8]) -> [u8; 20] {
    keyed::<Hmac<Sha1>>(key).chain_update(message).finalize().into_bytes().into()
}

pub(super) fn hmac_sha256(key: &str, message: &[u8]) -> [u8; 32] {
    keyed::<Hmac<Sha256>>(key).chain_update(message).finalize().into_bytes().into()
}

fn keyed<M: KeyInit>(key: &str) -> M {
    M::new_from_slice(key.as_bytes()).expect("HMAC takes a key of any length")
}

/// Whether two hashes are the same, in a time that tells nothing about where they differ.
pub(super) fn same(ours: &[u8], theirs: &[u8]) -> bool {
    ours.ct_eq(theirs).into()
}

/// Bytes written as two hexadecimal digits each, in either case; `None`: they are not.
pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_signed_address_is_ours_with_the_requests_own_path() {
        for (public, target, signed) in [
            (
                "https://h.example",
                "/voice/in?x=a+b&y=%C3%A9",
                "https://h.example/voice/in?x=a+b&y=%C3%A9",
            ),
            ("https://h.example/", "/voice/in#rc=2", "https://h.example/voice/in"),
            ("https://h.example/sub", "/voice", "https://h.example/sub/voice"),
            (
                "https://h.example",
                "http://evil.example:81/voice?u=http://x",
                "https://h.example/voice?u=http://x",
            ),
            ("https://h.example", "http://evil.example", "https://h.example/"),
            ("https://h.example", "", "https://h.example/"),
            ("https://h.example", "/voice?u=https://x/y", "https://h.example/voice?u=https://x/y"),
        ] {
            assert_eq!(signed_url(public, target), signed, "{target}");
        }
    }

    #[test]
    fn a_port_is_tried_both_ways() {
        for (url, other) in [
            ("https://h.example/v", "https://h.example:443/v"),
            ("http://h.example?x=1:2", "http://h.example:80?x=1:2"),
            ("https://h.example:8443/v", "https://h.example/v"),
            ("https://u:p@h.example/v", "https://u:p@h.example:443/v"),
            ("https://u:p@h.example:9/v", "https://u:p@h.example/v"),
            ("http://[::1]/v", "http://[::1]:80/v"),
            ("http://[::1]:8080/v", "http://[::1]/v"),
        ] {
            assert_eq!(port_variants(url).collect::<Vec<_>>(), [url, other]);
        }
        assert_eq!(port_variants("no address").collect::<Vec<_>>(), ["no address"]);
    }

    #[test]
    fn the_message_has_sorted_names_and_each_value_once() {
        let params = Params::read(b"from=lower&Tag=b&Tag=a&Tag=b&From=&A=1").expect("a form");
        assert_eq!(form_message("https://h/", &params), "https://h/A1FromTagaTagbfromlower");
    }

    #[test]
    fn the_keyed_hash_is_the_one_of_the_published_value() {
        let message = br#"1735689600.{"call_sid":"abc","from":"31612345678"}"#;
        let published = "b95724028aad4be3c972606dde44e0e0456d2bb451143f9e96f5e3e555fbf351";
        assert_eq!(from_hex(published), Some(hmac_sha256("wh_secret", message).to_vec()));
    }

    #[test]
    fn hexadecimal_is_read_in_either_case_and_only_whole() {
        assert_eq!(from_hex("00fFa1"), Some(vec![0, 255, 161]));
        assert_eq!((from_hex("0"), from_hex("0g"), from_hex("é")), (None, None, None));
    }

    #[test]
    fn r14_debug_shows_no_secret() {
        let secrets = Secrets::new(["hidden", ""]).with_shared_key("id", "hidden");
        assert_eq!(format!("{secrets:?}"), "Secrets(2 masked)");
    }

    proptest! {
        #[test]
        fn no_address_makes_it_panic(public in ".{0,40}", target in ".{0,40}") {
            for url in [signed_url(&public, &target), target] {
                let _ = port_variants(&url).count();
            }
        }
    }
}
