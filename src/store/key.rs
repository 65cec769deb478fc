//! The secret beside the database: what makes hashes of the stop list and addresses of voice notes.
//!
//! It is a file of its own, `burenhulp.db.key` beside `burenhulp.db`, so that a copy of the database
//! alone says nothing about who stopped. Made once, at the first opening; it goes into the back-up,
//! apart from the database. Never logged, never in the configuration.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::Sha256;

/// What is derived from the file, one key a purpose. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// For [`Store::open`](super::Store::open): hashes of numbers that stopped (R9).
    pub stop_list: [u8; 32],
    /// For addresses of voice notes that cannot be guessed.
    pub voice_notes: [u8; 32],
    /// For the secrets of second factors, and for hashes of recovery codes.
    pub second_factors: [u8; 32],
    /// For what was said in messages.
    pub messages: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

/// Why there is no key. None of these holds anything of it.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// The database is there and its key is not. A new key would know nobody who stopped.
    #[error(
        "{0}: the key that belongs to the database is missing; put it back from the back-up: without it \
         nobody who stopped taking part would be recognised"
    )]
    Lost(PathBuf),
    /// There is something else in the file.
    #[error("{0}: this is not a key of burenhulp; put the right file back from the back-up")]
    Damaged(PathBuf),
    /// The file system says no.
    #[error("{path}: {why}; see that the directory is there, and who may read and write in it")]
    Io {
        /// The key file.
        path: PathBuf,
        /// What it says.
        why: io::Error,
    },
}

/// Where the key of this database is: the same name with `.key` behind it.
pub fn path_for(database: &Path) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(".key");
    name.into()
}

/// The keys of the database at this path; for a database that is not there yet they are made,
/// readable by their owner only. Two that come first at the same moment get the same keys.
///
/// # Errors
/// [`KeyFault`] when the database is there without its key, or the file cannot be read or made.
pub fn load_or_make(database: &Path) -> Result<Keys, KeyFault> {
    let path = path_for(database);
    if !path.exists() {
        // The key comes before the database, so whoever sees a database looks for its key once more.
        if database.metadata().is_ok_and(|file| file.len() > 0) && !path.exists() {
            return Err(KeyFault::Lost(path));
        }
        make(&path).map_err(|why| KeyFault::Io { path, why })?;
    }
    load(database)
}

/// The keys of the database at this path, which were made before.
///
/// # Errors
/// [`KeyFault`] when they are not there or cannot be read.
pub fn load(database: &Path) -> Result<Keys, KeyFault> {
    let path = path_for(database);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(why) if why.kind() == io::ErrorKind::NotFound => return Err(KeyFault::Lost(path)),
        Err(why) => return Err(KeyFault::Io { path, why }),
    };
    let secret = STANDARD.decode(text.trim()).ok().filter(|secret| secret.len() == 32);
    let secret = secret.ok_or(KeyFault::Damaged(path))?;
    Ok(Keys {
        stop_list: derived(&secret, b"stop list"),
        voice_notes: derived(&secret, b"voice notes"),
        second_factors: derived(&secret, b"second factors"),
        messages: derived(&secret, b"messages"),
    })
}

/// Whole or not there, also when the power goes; whoever was first stays.
fn make(path: &Path) -> io::Result<()> {
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // A temporary file is its owner's only (0600), and stays so under its lasting name.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    let mut secret = [0; 32];
    SysRng.try_fill_bytes(&mut secret).map_err(io::Error::other)?;
    writeln!(file, "{}", STANDARD.encode(secret))?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Err(fault) if fault.error.kind() != io::ErrorKind::AlreadyExists => Err(fault.error),
        _ => std::fs::File::open(directory)?.sync_all(),
    }
}

fn derived(secret: &[u8], purpose: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes a key of any length");
    mac.update(purpose);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_once_and_the_same_ever_after() {
        let dir = tempfile::tempdir().expect("a directory");
        let database = dir.path().join("town.db");
        let keys = load_or_make(&database).expect("made");
        assert_ne!(keys.stop_list, keys.voice_notes);
        std::fs::write(&database, "not empty any more").expect("a file");
        assert!(load_or_make(&database).expect("read") == keys);
        let other = load_or_make(&dir.path().join("other.db")).expect("made");
        assert_ne!(other.stop_list, keys.stop_list);
        assert_eq!(format!("{keys:?}"), "Keys");
    }

    #[test]
    fn two_that_come_first_get_the_same_keys() {
        let dir = tempfile::tempdir().expect("a directory");
        let database = dir.path().join("town.db");
        let made: Vec<Keys> = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(|| load_or_make(&database))).collect();
            all.into_iter().map(|one| one.join().expect("no panic").expect("keys")).collect()
        });
        assert!(made.iter().all(|keys| *keys == made[0]));
    }

    #[test]
    fn r9_a_database_without_its_key_gets_no_new_one() {
        let dir = tempfile::tempdir().expect("a directory");
        let database = dir.path().join("town.db");
        std::fs::write(&database, "people who stopped are in here").expect("a file");
        let fault = load_or_make(&database).expect_err("refused");
        assert!(fault.to_string().contains("town.db.key: the key"), "{fault}");
        assert!(!path_for(&database).exists());
    }

    #[test]
    fn half_a_key_is_none() {
        let dir = tempfile::tempdir().expect("a directory");
        let database = dir.path().join("town.db");
        for wrong in ["", "c2hvcnQ=", "%%%"] {
            std::fs::write(path_for(&database), wrong).expect("a file");
            assert!(matches!(load_or_make(&database), Err(KeyFault::Damaged(_))), "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().expect("a directory");
        let database = dir.path().join("town.db");
        load_or_make(&database).expect("made");
        let mode = path_for(&database).metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
