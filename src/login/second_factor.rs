//! The second factor: codes from an app (TOTP, RFC 6238), and recovery codes for whoever lost it.
//!
//! SHA-1, six digits, thirty seconds: what every authenticator app can do. A code of the step before
//! or after is right too, since clocks differ; which step it was, is for `store` to remember, so
//! that a code is good for once.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use qrcode::QrCode;
use qrcode::render::svg;
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;
use totp_rs::{Builder, Totp};

use crate::domain::{OperatorId, Timestamp};

/// Bytes of a secret: what RFC 4226 recommends.
const SECRET: usize = 20;
/// Bytes in front of what is sealed.
const NONCE: usize = 24;
/// Recovery codes that are made at once.
pub const RECOVERY_CODES: usize = 8;
/// Characters of a recovery code: 60 bits.
const RECOVERY_LENGTH: usize = 12;
/// Characters that are not taken for one another, 32 of them.
const RECOVERY_SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// The secret that an app and the exchange share. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; SECRET]);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(masked)")
    }
}

impl Secret {
    /// A new one; `None` when the machine has no random source.
    pub fn new() -> Option<Self> {
        let mut bytes = [0; SECRET];
        SysRng.try_fill_bytes(&mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// As it is typed into an app by hand: base32, in groups of four.
    pub fn text(&self) -> String {
        let plain = totp_rs::Secret::from(self.0.to_vec()).to_base32();
        let groups: Vec<&str> = plain.as_bytes().chunks(4).filter_map(as_text).collect();
        groups.join(" ")
    }

    /// Reads [`Secret::text`].
    pub fn parse(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let read = totp_rs::Secret::try_from_base32(plain).ok()?;
        read.as_bytes().try_into().ok().map(Self)
    }

    /// The address that an app reads from a picture: whose account, and where.
    pub fn address(&self, issuer: &str, name: &str) -> Option<String> {
        let plain = |text: &str| text.replace(':', " ");
        let totp = self.builder().with_issuer(Some(plain(issuer))).with_account_name(plain(name));
        totp.build().ok()?.to_url().ok()
    }

    /// That address as a picture, SVG.
    pub fn picture(&self, issuer: &str, name: &str) -> Option<String> {
        let code = QrCode::new(self.address(issuer, name)?).ok()?;
        let drawn = code.render::<svg::Color<'_>>().min_dimensions(200, 200).build();
        // The page that it stands in is no XML document.
        drawn.find("<svg").map(|begin| drawn[begin..].to_owned())
    }

    /// The step of thirty seconds that this code belongs to, if it is right at this moment.
    pub fn step_of(&self, code: &str, now: Timestamp) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let six_digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = u64::try_from(now.0 / 1000).ok()?;
        let step = self.totp()?.check(&code, seconds).filter(|_| six_digits)?;
        i64::try_from(step).ok()
    }

    /// The code of this moment, as an app shows it.
    pub fn code(&self, now: Timestamp) -> Option<String> {
        let seconds = u64::try_from(now.0 / 1000).ok()?;
        Some(self.totp()?.generate(seconds).to_string())
    }

    fn builder(&self) -> Builder {
        Builder::new().with_secret(self.0.to_vec())
    }

    fn totp(&self) -> Option<Totp> {
        self.builder().build().ok()
    }
}

fn as_text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// Seals secrets for the database, and hashes recovery codes, with a key that is not in it.
#[derive(Clone)]
pub struct Sealer {
    key: [u8; 32],
}

impl Sealer {
    /// With this key, which is beside the database.
    pub fn with(key: [u8; 32]) -> Self {
        Self { key }
    }

    /// A secret as the database keeps it: useless without the key, and in another's row. `None` when
    /// the machine has no random source.
    pub fn seal(&self, secret: &Secret, operator: OperatorId) -> Option<Vec<u8>> {
        let mut sealed = vec![0; NONCE];
        SysRng.try_fill_bytes(&mut sealed).ok()?;
        let nonce = XNonce::try_from(sealed.as_slice()).ok()?;
        let belongs_to = operator.0.to_be_bytes();
        let plain = Payload { msg: &secret.0, aad: &belongs_to };
        sealed.extend(self.cipher().encrypt(&nonce, plain).ok()?);
        Some(sealed)
    }

    /// The secret back; `None` when the key or the row is another one.
    pub fn open(&self, sealed: &[u8], operator: OperatorId) -> Option<Secret> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let belongs_to = operator.0.to_be_bytes();
        let payload = Payload { msg: sealed, aad: &belongs_to };
        let plain = self.cipher().decrypt(&XNonce::try_from(nonce).ok()?, payload).ok()?;
        plain.try_into().ok().map(Secret)
    }

    /// What the database keeps of a recovery code, however it is typed.
    pub fn hash(&self, recovery_code: &str, operator: OperatorId) -> [u8; 32] {
        let plain: String = recovery_code
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect();
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.key)
            .expect("HMAC takes a key of any length");
        mac.update(&operator.0.to_be_bytes());
        mac.update(plain.as_bytes());
        mac.finalize().into_bytes().into()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.key.into())
    }
}

/// New recovery codes, `abcd-efgh-jkmn` each; `None` when the machine has no random source.
pub fn recovery_codes() -> Option<Vec<String>> {
    (0..RECOVERY_CODES).map(|_| recovery_code()).collect()
}

fn recovery_code() -> Option<String> {
    let mut bytes = [0; RECOVERY_LENGTH];
    SysRng.try_fill_bytes(&mut bytes).ok()?;
    let signs: Vec<u8> = bytes.iter().map(|byte| RECOVERY_SIGNS[usize::from(byte % 32)]).collect();
    let groups: Vec<&str> = signs.chunks(4).filter_map(as_text).collect();
    Some(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_795_510_800_000);
    const ANNEKE: OperatorId = OperatorId(1);

    fn secret() -> Secret {
        Secret::parse("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ").expect("RFC 6238's own secret")
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, the last six digits.
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")]
        {
            let now = Timestamp(seconds * 1000);
            assert_eq!(secret().code(now).as_deref(), Some(code));
            assert_eq!(secret().step_of(code, now), Some(seconds / 30));
        }
    }

    #[test]
    fn a_code_is_right_one_step_early_and_late_and_knows_its_step() {
        let code = secret().code(NOW).expect("a code");
        let step = NOW.0 / 30_000;
        for seconds in [-30_i64, 0, 29, 30, 59] {
            let then = Timestamp(NOW.0 + seconds * 1000);
            assert_eq!(secret().step_of(&code, then), Some(step), "{seconds}");
        }
        for seconds in [-61_i64, 60, 3600] {
            assert_eq!(
                secret().step_of(&code, Timestamp(NOW.0 + seconds * 1000)),
                None,
                "{seconds}"
            );
        }
        let typed = format!("{} {}", &code[..3], &code[3..]);
        assert_eq!(secret().step_of(&typed, NOW), Some(step), "as an app shows it");
        for odd in ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", &code[1..]] {
            assert_eq!(secret().step_of(odd, NOW), None, "{odd}");
        }
    }

    #[test]
    fn an_app_reads_whose_account_it_is() {
        let address = secret().address("centrale.example.nl:8080", "Anneke: loket").expect("one");
        assert!(address.starts_with("otpauth://totp/"), "{address}");
        assert!(address.contains("secret=GEZDGNBVGY3TQOJQ"), "{address}");
        let picture = secret().picture("centrale.example.nl", "Anneke").expect("a picture");
        assert!(picture.starts_with("<svg") && !picture.contains("style="), "{picture}");
    }

    #[test]
    fn a_secret_is_sealed_for_one_row_and_one_key() {
        let sealer = Sealer::with([1; 32]);
        let sealed = sealer.seal(&secret(), ANNEKE).expect("sealed");
        assert!(!sealed.windows(SECRET).any(|part| part == secret().0));
        assert_eq!(sealer.open(&sealed, ANNEKE), Some(secret()));
        assert_eq!(sealer.open(&sealed, OperatorId(2)), None, "another's row");
        assert_eq!(Sealer::with([2; 32]).open(&sealed, ANNEKE), None, "another key");
        assert_eq!(sealer.open(&sealed[..10], ANNEKE), None);
        assert_eq!(sealer.open(&[], ANNEKE), None);
        assert_ne!(sealer.seal(&secret(), ANNEKE), Some(sealed), "twice is not the same");
    }

    #[test]
    fn recovery_codes_are_each_another_and_may_be_typed_in_any_way() {
        let codes = recovery_codes().expect("random");
        let mut different = codes.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), RECOVERY_CODES);
        assert!(codes.iter().all(|code| code.len() == 14), "{codes:?}");
        let sealer = Sealer::with([1; 32]);
        let hash = sealer.hash("abcd-efgh-jkmn", ANNEKE);
        assert_eq!(sealer.hash(" ABCD efgh jkmn", ANNEKE), hash);
        assert_ne!(sealer.hash("abcd-efgh-jkmn", OperatorId(2)), hash);
        assert_ne!(Sealer::with([2; 32]).hash("abcd-efgh-jkmn", ANNEKE), hash);
    }
}
