//! What is kept sealed: readable only with the key beside the database.
//!
//! XChaCha20-Poly1305 (RFC 8439 with the 24-byte nonce): a nonce drawn for each piece stands in front
//! of it. Each piece is bound to what it belongs to, so that one cannot be put in another's place.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use rand::TryRng;
use rand::rngs::SysRng;

/// Bytes of the nonce.
const NONCE: usize = 24;

/// Seals `plain`, which belongs to `about`; `None` when the machine has no random source.
pub fn seal(key: &[u8; 32], about: &str, plain: &[u8]) -> Option<Vec<u8>> {
    let mut nonce = [0; NONCE];
    SysRng.try_fill_bytes(&mut nonce).ok()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg: plain, aad: about.as_bytes() };
    let sealed = cipher.encrypt(&XNonce::from(nonce), payload).ok()?;
    Some([&nonce[..], &sealed].concat())
}

/// Opens what was sealed for `about`; `None` when it was not, or is damaged.
pub fn open(key: &[u8; 32], about: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg: sealed, aad: about.as_bytes() };
    cipher.decrypt(&XNonce::from(*nonce), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn what_is_sealed_can_be_opened_and_does_not_show() {
        let plain = b"een paar woorden na de toon";
        let sealed = seal(&KEY, "message 1", plain).expect("a random source");
        assert!(!sealed.windows(5).any(|part| plain.windows(5).any(|word| word == part)));
        assert_eq!(open(&KEY, "message 1", &sealed).as_deref(), Some(&plain[..]));
        let again = seal(&KEY, "message 1", plain).expect("a random source");
        assert_ne!(sealed, again, "another nonce each time");
    }

    #[test]
    fn with_another_key_in_anothers_place_or_damaged_it_stays_shut() {
        let sealed = seal(&KEY, "message 1", b"woorden").expect("a random source");
        assert_eq!(open(&[8; 32], "message 1", &sealed), None);
        assert_eq!(open(&KEY, "message 2", &sealed), None);
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(open(&KEY, "message 1", &damaged), None, "byte {at}");
            assert_eq!(open(&KEY, "message 1", &sealed[..at]), None, "{at} bytes");
        }
    }
}
