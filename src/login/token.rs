//! Tokens of sessions: what the cookie holds, and what is kept of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What a logged-in browser shows: 256 random bits. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// A new one; `None` when the machine has no random source.
    pub fn new() -> Option<Self> {
        let mut bytes = [0; 32];
        SysRng.try_fill_bytes(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// As it stands in the cookie.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads [`Token::text`].
    pub fn parse(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok().map(Self)
    }

    /// What the database keeps: from it no cookie can be made.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// What every form of this session carries, so that no other site can send one.
    pub fn form_key(&self) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(b"a form of this session");
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    }

    /// What seals words that stand in addresses of this session.
    pub fn address_key(&self) -> AddressKey {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(b"words in an address of this session");
        AddressKey(mac.finalize().into_bytes().into())
    }

    /// Whether a form carries it.
    pub fn is_form_key(&self, text: &str) -> bool {
        self.form_key().as_bytes().ct_eq(text.as_bytes()).into()
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(masked)")
    }
}

/// A key that a session has for what stands in its addresses. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct AddressKey([u8; 32]);

impl AddressKey {
    /// As a cipher takes it.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Debug for AddressKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AddressKey(masked)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_shows_nothing() {
        let token = Token::new().expect("random");
        assert_eq!(Token::parse(&token.text()), Some(token.clone()));
        assert_ne!(Token::new(), Some(token.clone()));
        assert_eq!(format!("{token:?}"), "Token(masked)");
        assert_ne!(token.hash().to_vec(), token.0.to_vec());
        for odd in ["", "abc", "%%%", &"a".repeat(44), &"a".repeat(10_000)] {
            assert_eq!(Token::parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_form_of_another_session_is_none_of_this_one() {
        let (one, other) = (Token::new().expect("random"), Token::new().expect("random"));
        assert!(one.is_form_key(&one.form_key()));
        assert!(!one.is_form_key(&other.form_key()));
        assert!(!one.is_form_key(&one.text()) && !one.is_form_key(""));
    }
}
