//! A back-up while calls go on, and bringing one back without bringing anybody back.
//!
//! A copy holds rows only, nothing of what was erased before it was made. Whoever stopped after it
//! was made is known from the database that it replaces and from the list beside that
//! ([`stops_path`]): after a restore they are erased again, before anybody can be rung.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::consent::Stop;
use super::key::{self, KeyFault};
use super::{Erasing, Store, StoreError, Tx, check};
use crate::dispatch::choose::Pause;
use crate::domain::{Caller, ParticipantId, Phone, Timestamp};

/// Who stopped and when, by keyed hash.
type Stops = BTreeMap<[u8; 32], Stop>;

/// What a database that was replaced is called.
const BEFORE: &str = ".before-restore";

/// What stands behind a stop of the list that is a change of number.
const MOVED: &str = " moved";

/// What became of a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Rows of people who had stopped or asked to be erased, erased once more.
    pub erased: u64,
    /// People who are in the middle of a call in that copy: never rung, erased the next night.
    pub waiting: u64,
    /// People who are rung on another number since, which that copy does not know: not rung until
    /// they call.
    pub moved: u64,
    /// Where the database that was replaced is now.
    pub replaced: Option<PathBuf>,
}

/// Why there is no back-up, or none was brought back. None of these holds anybody's data.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// Something is wrong with the file.
    #[error("this back-up cannot be used; nothing was changed:\n{0}")]
    Faulty(String),
    /// The exchange, or another command, has the database open.
    #[error("the exchange still runs on this database; stop it first, then restore")]
    InUse,
    /// Stops cannot be compared.
    #[error(
        "the back-up has another key than the database here, so that nobody could say who stopped since; \
         move the database and its key away first if that is what you want"
    )]
    AnotherKey,
    /// The list of stops does not read.
    #[error("{0}: this is not a list of stops of burenhulp; put the right one there")]
    Stops(PathBuf),
    /// The key.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file system says no.
    #[error("{path}: {why}; see that the directory is there, has room, and who may write in it")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What it says.
        why: std::io::Error,
    },
}

impl From<rusqlite::Error> for BackupFault {
    fn from(fault: rusqlite::Error) -> Self {
        Self::Store(fault.into())
    }
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> BackupFault {
    let path = path.to_owned();
    move |why| BackupFault::Io { path, why }
}

/// Writes a copy of the database to `file`, readable by its owner only, while others use it. A file
/// that was there is replaced when the copy is whole.
///
/// # Errors
/// [`BackupFault`]; a file that was there stays as it was then.
pub fn back_up(database: &Path, file: &Path) -> Result<(), BackupFault> {
    let directory = directory_of(file);
    let copy = tempfile::NamedTempFile::new_in(directory).map_err(io(file))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(database, flags)?;
    db.busy_timeout(std::time::Duration::from_secs(30))?;
    // Unlike a copy of pages this leaves out what was erased; writers go on meanwhile.
    db.execute("VACUUM INTO ?1", [copy.path().to_string_lossy()])?;
    copy.as_file().sync_all().map_err(io(file))?;
    copy.persist(file).map_err(|fault| BackupFault::Io { path: file.into(), why: fault.error })?;
    Ok(())
}

/// Puts the back-up `file` in the place of the database, brought up to date: its form to today's,
/// and everybody who stopped since erased. The key beside the back-up (`FILE.key`) is used when
/// there is one here neither.
///
/// # Errors
/// [`BackupFault`]; the database stays as it was then.
pub fn restore(file: &Path, database: &Path, now: Timestamp) -> Result<Restored, BackupFault> {
    let here = key::path_for(database);
    let beside = key::path_for(file);
    let keys = if here.exists() { key::load(database)? } else { key::load(file)? };
    if beside.exists() && key::load(file)? != keys {
        return Err(BackupFault::AnotherKey);
    }
    let faults = check::faults_with(file, Some(keys.stop_list));
    if !faults.is_empty() {
        return Err(BackupFault::Faulty(faults.join("\n")));
    }
    let mut stops = read_stops(&stops_path(database))?;
    if database.exists() {
        merge(&mut stops, stops_of(database)?);
    }
    let new = copy_in(file, database)?;
    let store = Store::open(&new, keys.stop_list)?;
    let again = store.write_blocking(move |tx| {
        tx.no_question_rings_again()?;
        tx.stop_again(&stops, now)
    })?;
    drop(store);
    let replaced = put_in_place(&new, database)?;
    if !here.exists() {
        std::fs::copy(&beside, &here).map_err(io(&here))?;
    }
    let Again { erased, waiting, moved } = again;
    Ok(Restored { erased, waiting, moved, replaced })
}

/// Where the list of who stopped is kept, beside the database: keyed hashes and moments. It is small;
/// copied off the machine more often than a back-up, it keeps R9 also when the disk is lost.
pub fn stops_path(database: &Path) -> PathBuf {
    with_suffix(database, ".stops")
}

impl Store {
    /// What a restore put aside, if it is there still: people who were erased since may be in it.
    pub fn put_aside(&self) -> Option<PathBuf> {
        Some(with_suffix(&self.path, BEFORE)).filter(|file| file.exists())
    }

    /// Writes the list of who stopped, if it changed. Whether it had.
    ///
    /// # Errors
    /// [`BackupFault`] of the database or the file system.
    pub fn write_stops(&self) -> Result<bool, BackupFault> {
        let stops = self.read_blocking(|tx| stops_in(tx.db).map_err(Into::into))?;
        let mut text = "# Who stopped: keyed hash of the number, moment in milliseconds; moved: who is rung on another\n"
            .to_owned();
        for (hash, Stop { at, moved }) in stops {
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            text.push_str(&format!("{hash} {}{}\n", at.0, if moved { MOVED } else { "" }));
        }
        let path = stops_path(&self.path);
        if std::fs::read_to_string(&path).is_ok_and(|before| before == text) {
            return Ok(false);
        }
        let mut new = tempfile::NamedTempFile::new_in(directory_of(&path)).map_err(io(&path))?;
        new.write_all(text.as_bytes()).map_err(io(&path))?;
        new.as_file().sync_all().map_err(io(&path))?;
        new.persist(&path).map_err(|fault| BackupFault::Io { path, why: fault.error })?;
        Ok(true)
    }
}

/// What a restore did to people.
#[derive(Default)]
struct Again {
    erased: u64,
    waiting: u64,
    moved: u64,
}

impl Tx<'_> {
    /// A question on the web waits minutes for its owner's yes: since the copy was made, that was given
    /// or not. Nobody is rung for it a second time.
    fn no_question_rings_again(&mut self) -> Result<(), StoreError> {
        let sql = "UPDATE web_question SET ended = 'silent', ring_at = NULL
                   WHERE request IS NULL AND ended IS NULL";
        self.db.execute(sql, [])?;
        Ok(())
    }

    /// Stops everybody on this list as of then, and erases them; but for those who are rung on another
    /// number since: they took part, and only this number of theirs is not to be rung.
    fn stop_again(&mut self, stops: &Stops, now: Timestamp) -> Result<Again, StoreError> {
        for (hash, stop) in stops {
            self.remember_stop(hash, *stop)?;
        }
        // What this copy knew of stops itself holds as well.
        let stops = stops_in(self.db)?;
        let mut again = Again::default();
        for (phone, stop) in self.who_stopped(&stops)? {
            let known = self.participant_by_phone(&phone)?;
            if stop.moved {
                if let Some(known) = known {
                    self.pause(known.id, Pause::UntilTheyCall)?;
                    again.moved += 1;
                }
                continue;
            }
            if let Some(known) = known {
                self.withdraw_again(known.id, stop.at)?;
            }
            match self.erase_number(&phone, now)? {
                Erasing::Done(done) => again.erased += done.rows,
                Erasing::Later(_) => again.waiting += 1,
            }
        }
        Ok(again)
    }

    /// Everybody here, by whichever way they are known, who is on the list and did not join again
    /// afterwards.
    fn who_stopped(&mut self, stops: &Stops) -> Result<Vec<(Phone, Stop)>, StoreError> {
        let mut found = BTreeMap::new();
        let mut select = self.db.prepare(
            "SELECT p.phone, min(coalesce(max(c.given_at), 0), coalesce(p.verified_at, 0))
             FROM participant p LEFT JOIN consent c
               ON c.participant = p.id AND c.withdrawn_at IS NULL
             GROUP BY p.id",
        )?;
        let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let people = rows.collect::<Result<Vec<(String, i64)>, _>>()?;
        let mut select =
            self.db.prepare("SELECT caller, min(started_at) FROM call GROUP BY caller")?;
        let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let callers = rows.collect::<Result<Vec<(String, i64)>, _>>()?.into_iter();
        let callers = callers.filter_map(|(caller, at)| match serde_json::from_str(&caller) {
            Ok(Caller::Known(phone)) => Some((phone.e164().to_owned(), at)),
            _ => None,
        });
        // Those who asked at the desk or on the web may never have called.
        let mut select = self.db.prepare(
            "SELECT i.phone, min(r.opened_at) FROM intake i JOIN request r ON r.id = i.request
             WHERE i.phone <> r.line GROUP BY i.phone
             UNION ALL SELECT call_back, min(opened_at) FROM request
             WHERE call_back IS NOT NULL GROUP BY call_back
             UNION ALL SELECT phone, min(asked_at) FROM web_question
             WHERE phone IS NOT NULL GROUP BY phone",
        )?;
        let rows = select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
        let askers = rows.collect::<Result<Vec<(String, i64)>, _>>()?;
        let joined: BTreeMap<String, i64> = people.iter().cloned().collect();
        // Whoever joined again after a stop is judged by that, not by an older call or question.
        let others = callers.chain(askers).filter(|(number, _)| !joined.contains_key(number));
        for (number, since) in people.iter().cloned().chain(others) {
            let stop = stops.get(&self.hash(&number)).copied();
            if let Some(stop) = stop.filter(|stop| stop.at.0 >= since) {
                let phone = Phone::from_stored(&number);
                found.insert(phone.map_err(|_| StoreError::Damaged("participant"))?, stop);
            }
        }
        Ok(found.into_iter().collect())
    }

    fn withdraw_again(&mut self, id: ParticipantId, stop: Timestamp) -> Result<(), StoreError> {
        // The way in which they stopped is not on the list; that the desk brings it back is so.
        self.withdraw_consent(id, "desk", stop)
    }
}

fn stops_in(db: &Connection) -> rusqlite::Result<Stops> {
    let mut select = db.prepare("SELECT hash, stopped_at, moved FROM stop_list")?;
    let rows = select.query_map([], |row| {
        Ok((row.get(0)?, Stop { at: Timestamp(row.get(1)?), moved: row.get(2)? }))
    })?;
    rows.collect()
}

/// Who stopped according to the database that is to be replaced; that nobody has it open.
fn stops_of(database: &Path) -> Result<Stops, BackupFault> {
    let db = Connection::open(database)?;
    let look = || {
        db.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")?;
        let stops = stops_in(&db)?;
        db.execute_batch("COMMIT")?;
        Ok(stops)
    };
    let fault: rusqlite::Error = match look() {
        Ok(stops) => return Ok(stops),
        Err(fault) => fault,
    };
    match fault.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Err(BackupFault::InUse),
        // A damaged database is why people restore: the list beside it is what there is.
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            tracing::warn!("restore: the database here is damaged; stops are taken from the list");
            Ok(Stops::new())
        }
        _ => Err(fault.into()),
    }
}

fn read_stops(path: &Path) -> Result<Stops, BackupFault> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Stops::new()),
        Err(why) => return Err(io(path)(why)),
    };
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let stops = lines.map(|line| {
        let (line, moved) = line.strip_suffix(MOVED).map_or((line, false), |line| (line, true));
        let (hash, at) = line.split_once(' ')?;
        Some((bytes_of(hash)?, Stop { at: Timestamp(at.parse().ok()?), moved }))
    });
    stops.collect::<Option<_>>().ok_or_else(|| BackupFault::Stops(path.to_owned()))
}

fn bytes_of(hash: &str) -> Option<[u8; 32]> {
    if hash.len() != 64 || !hash.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hash[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(bytes)
}

fn merge(into: &mut Stops, more: Stops) {
    for (hash, stop) in more {
        let known = into.entry(hash).or_insert(stop);
        if stop.at >= known.at {
            *known = stop;
        }
    }
}

/// A copy of the back-up beside the database: the back-up itself is left as it is.
fn copy_in(file: &Path, database: &Path) -> Result<PathBuf, BackupFault> {
    let new = with_suffix(database, ".restoring");
    clear(&new)?;
    let mut private =
        tempfile::NamedTempFile::new_in(directory_of(database)).map_err(io(database))?;
    let mut from = std::fs::File::open(file).map_err(io(file))?;
    std::io::copy(&mut from, &mut private).map_err(io(&new))?;
    private.as_file().sync_all().map_err(io(&new))?;
    private
        .persist(&new)
        .map_err(|fault| BackupFault::Io { path: new.clone(), why: fault.error })?;
    Ok(new)
}

/// The old one is kept under another name: whoever restored the wrong day can still go back.
fn put_in_place(new: &Path, database: &Path) -> Result<Option<PathBuf>, BackupFault> {
    let replaced = with_suffix(database, BEFORE);
    let there = database.exists();
    if there {
        clear(&replaced)?;
        std::fs::rename(database, &replaced).map_err(io(database))?;
        for log in ["-wal", "-shm"] {
            let old = with_suffix(database, log);
            if old.exists() {
                std::fs::rename(&old, with_suffix(&replaced, log)).map_err(io(&old))?;
            }
        }
    }
    std::fs::rename(new, database).map_err(io(database))?;
    Ok(there.then_some(replaced))
}

fn clear(file: &Path) -> Result<(), BackupFault> {
    for suffix in ["", "-wal", "-shm"] {
        let file = with_suffix(file, suffix);
        match std::fs::remove_file(&file) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(io(&file)(why)),
            _ => {}
        }
    }
    Ok(())
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}

fn directory_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests;
