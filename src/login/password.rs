//! Passwords: what is asked of one, and its argon2id hash.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use rand::TryRng;
use rand::rngs::SysRng;
use tokio::sync::Semaphore;

/// Memory for one hash, KiB. With [`PASSES`] and [`LANES`] what OWASP's Password Storage Cheat
/// Sheet (2025) recommends for argon2id where memory is shared with other work: 19 MiB, 2, 1.
const MEMORY: u32 = 19 * 1024;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// Fewest characters; a sentence is easily longer.
pub const SHORTEST: usize = 12;
/// Most characters.
pub const LONGEST: usize = 200;

/// Hashes that are made at the same moment: calls go on beside them on a machine with few cores.
const AT_ONCE: usize = 2;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Under [`SHORTEST`].
    #[error("a password has at least {SHORTEST} characters; a few words in a row are easy to keep")]
    Short,
    /// Over [`LONGEST`].
    #[error("a password has at most {LONGEST} characters")]
    Long,
    /// The name of whoever it is for, or one sign again and again.
    #[error(
        "this password is too easy to guess; take a few words that have nothing to do with each other"
    )]
    Guessed,
}

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
#[error("no password can be hashed on this machine: {0}")]
pub struct NotHashed(String);

/// Whether this may be the password of whoever has this name.
///
/// # Errors
/// [`Weak`] with what is wrong with it.
pub fn judge(password: &str, name: &str) -> Result<(), Weak> {
    let count = password.chars().count();
    if count < SHORTEST {
        return Err(Weak::Short);
    }
    if count > LONGEST {
        return Err(Weak::Long);
    }
    let bare = password.to_lowercase();
    let mut different: Vec<char> = bare.chars().collect();
    different.sort_unstable();
    different.dedup();
    let only_the_name = bare.replace(&name.to_lowercase(), "").chars().count() < SHORTEST / 2;
    if different.len() < 5 || (!name.is_empty() && only_the_name) {
        return Err(Weak::Guessed);
    }
    Ok(())
}

/// The hash of a password, as a PHC string. Takes tens of milliseconds: not for an async thread.
///
/// # Errors
/// [`NotHashed`] when the machine has no memory or no random source.
pub fn hash(password: &str) -> Result<String, NotHashed> {
    let mut salt = [0; 16];
    SysRng.try_fill_bytes(&mut salt).map_err(|why| NotHashed(why.to_string()))?;
    let hashed: PasswordHash = argon2id()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|why| NotHashed(why.to_string()))?;
    Ok(hashed.to_string())
}

/// Whether this is the password of the hash. Without a hash (nobody has that name) it takes as long
/// and says no.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let parsed = PasswordHash::new(hash.unwrap_or(&NOBODYS));
    let right =
        parsed.is_ok_and(|hash| argon2id().verify_password(password.as_bytes(), &hash).is_ok());
    right && hash.is_some()
}

/// The hash of a password that nobody knows.
static NOBODYS: LazyLock<String> = LazyLock::new(|| {
    let mut password = [0; 16];
    let filled = SysRng.try_fill_bytes(&mut password);
    let hashed = filled.ok().and_then(|()| hash(&String::from_utf8_lossy(&password)).ok());
    hashed.unwrap_or_default()
});

fn argon2id() -> Argon2<'static> {
    let params = Params::new(MEMORY, PASSES, LANES, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes beside the async threads, a few at a time.
pub struct Passwords {
    room: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { room: Semaphore::new(AT_ONCE) }
    }
}

impl Passwords {
    /// [`hash()`], beside the async threads.
    ///
    /// # Errors
    /// As [`hash()`].
    pub async fn hash(&self, password: String) -> Result<String, NotHashed> {
        let _turn = self.room.acquire().await;
        let hashed = tokio::task::spawn_blocking(move || hash(&password)).await;
        hashed.unwrap_or_else(|why| Err(NotHashed(why.to_string())))
    }

    /// [`verify`], beside the async threads.
    pub async fn verify(&self, password: String, hash: Option<String>) -> bool {
        let _turn = self.room.acquire().await;
        let looked = tokio::task::spawn_blocking(move || verify(&password, hash.as_deref())).await;
        looked.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "fiets lamp regen boom";

    #[test]
    fn a_password_is_known_by_its_hash_and_no_other_is() {
        let hashed = hash(PASSWORD).expect("hashed");
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(!hashed.contains("fiets"));
        assert!(verify(PASSWORD, Some(&hashed)));
        assert!(!verify("fiets lamp regen boo", Some(&hashed)));
        assert_ne!(hash(PASSWORD).expect("hashed"), hashed, "each with its own salt");
    }

    #[test]
    fn nobody_logs_in_without_a_hash_or_with_a_broken_one() {
        assert!(!verify(PASSWORD, None));
        for broken in ["", "fiets lamp regen boom", "$argon2id$v=19$m=19456,t=2,p=1$"] {
            assert!(!verify(broken, Some(broken)), "{broken:?}");
        }
    }

    #[test]
    fn what_is_asked_of_a_password() {
        assert_eq!(judge(PASSWORD, "Anneke"), Ok(()));
        for (weak, why) in [
            ("elf tekens!", Weak::Short),
            ("aaaaaaaaaaaaaaa", Weak::Guessed),
            ("121212121212", Weak::Guessed),
            ("ANNEKEanneke1", Weak::Guessed),
        ] {
            assert_eq!(judge(weak, "Anneke"), Err(why), "{weak}");
        }
        assert_eq!(judge(&"lang ".repeat(41), "Anneke"), Err(Weak::Long));
    }
}
