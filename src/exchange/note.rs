//! The address of a voice note: short-lived, and impossible to guess.
//!
//! A provider fetches sound without a signature, so the address itself is the key: the note's
//! number and a keyed hash of it. The note is deleted when its search ends, and the address with it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::exchange::{Exchange, Failure};
use crate::store::NoteAudio;

/// Bytes of the keyed hash that go into an address: 128 bits.
const TAG_BYTES: usize = 16;

/// The last part of a note's address: letters, digits, `-` and `_` only.
pub(super) fn token(key: &[u8; 32], note: i64) -> String {
    format!("{note}-{}", URL_SAFE_NO_PAD.encode(&tag(key, note)[..TAG_BYTES]))
}

/// The note of an address, if the exchange made that address.
fn note_of(key: &[u8; 32], token: &str) -> Option<i64> {
    use subtle::ConstantTimeEq;
    let (note, given) = token.split_once('-')?;
    let note: i64 = note.parse().ok()?;
    let given = URL_SAFE_NO_PAD.decode(given).ok()?;
    let right = tag(key, note);
    bool::from(given.ct_eq(&right[..TAG_BYTES])).then_some(note)
}

fn tag(key: &[u8; 32], note: i64) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(b"voice note ");
    mac.update(&note.to_be_bytes());
    mac.finalize().into_bytes().into()
}

impl Exchange {
    /// The sound behind a note's address; `None` when it was never made or is gone.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn note(&self, token: &str) -> Result<Option<NoteAudio>, Failure> {
        let Some(note) = note_of(&self.context.token_key, token) else { return Ok(None) };
        Ok(self.store.read(move |tx| tx.note_audio(note)).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    #[test]
    fn an_address_leads_back_to_its_note() {
        let made = token(&KEY, 42);
        assert_eq!(note_of(&KEY, &made), Some(42));
        assert!(made.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn another_note_another_key_or_half_an_address_leads_nowhere() {
        let made = token(&KEY, 42);
        let tag = made.split_once('-').expect("a number and a tag").1;
        for wrong in
            [format!("43-{tag}"), made[..made.len() - 1].to_owned(), "42-".into(), "".into()]
        {
            assert_eq!(note_of(&KEY, &wrong), None, "{wrong}");
        }
        assert_eq!(note_of(&[8; 32], &made), None);
    }
}
