//! Opening a database: its pragmas, its form, and the way to today's form.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::checkpoint::{Checkpoints, WRITERS_TURN_PAGES};
use super::{ReadTx, Store, StoreError, consent, migrations, writer};

/// How long another process (an import) may hold the database before it counts as busy. Less than
/// the provider waits for a webhook.
const PATIENCE: Duration = if cfg!(test) { Duration::from_secs(1) } else { Duration::from_secs(8) };
/// Read connections that are kept open between uses.
const IDLE_READERS: usize = 4;
/// Most that read at once; others wait for their turn. Each keeps three files open, of which a process
/// may have a thousand or so: without a bound, a crowd makes SQLite unable to open the database.
const MOST_READERS: usize = 32;

impl Store {
    /// Opens the database at `path`, making or upgrading it as needed. `hash_key` makes the keyed
    /// hashes of the stop list: another key knows none of the numbers in it.
    ///
    /// # Errors
    /// [`StoreError`] when the file is no database of ours, is newer, has another key, or cannot be
    /// written.
    pub fn open(path: &Path, hash_key: [u8; 32]) -> Result<Self, StoreError> {
        Self::open_watched(path, hash_key, |_, _| {})
    }

    /// As [`Store::open`]; `watcher` is told after each commit how many writes shared it and how
    /// long it took, fsync included.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_watched(
        path: &Path,
        hash_key: [u8; 32],
        watcher: impl Fn(usize, Duration) + Send + 'static,
    ) -> Result<Self, StoreError> {
        make_private(path)?;
        let db = Connection::open(path)?;
        pragmas(&db, -2_000)?;
        // A large import keeps its pages in memory and writes each once, at its commit: written as
        // the cache runs full, the same pages go to the disk again and again.
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_spill = OFF;",
        )?;
        // What is deleted is overwritten where that costs no page more (see `retention` for the rest).
        db.query_row("PRAGMA secure_delete = FAST", [], |_| Ok(()))?;
        migrations::bring_up_to_date(&db)?;
        consent::settle_key(&db, &hash_key)?;
        let writer = writer::Writer::start(db, Checkpoints::of(path)?, hash_key, Box::new(watcher));
        let readers = std::sync::Mutex::new(Vec::new());
        let turns = Arc::new(Semaphore::new(MOST_READERS));
        Ok(Self { path: path.to_owned(), writer, readers, turns, hash_key })
    }

    /// Runs `look` on a connection beside the writer; it sees what was committed.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let (db, hash_key) = (self.reader()?, self.hash_key);
        let looked = tokio::task::spawn_blocking(move || {
            // Whoever stops waiting for the result does not end the look.
            let _turn = turn;
            let result = look(&ReadTx { db: &db, hash_key: &hash_key });
            (db, result)
        })
        .await;
        let (db, result) = looked.map_err(|_| StoreError::Panicked)?;
        self.idle(db);
        result
    }

    /// As [`Store::read`], for commands that have nothing else to do meanwhile.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn read_blocking<T>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let db = self.reader()?;
        let result = look(&ReadTx { db: &db, hash_key: &self.hash_key });
        self.idle(db);
        result
    }

    /// Keeps a connection for the next reader.
    fn idle(&self, db: Connection) {
        let mut idle = self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(db);
        }
    }

    fn reader(&self) -> Result<Connection, StoreError> {
        let idle = self.readers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
        if let Some(db) = idle {
            return Ok(db);
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(&self.path, flags)?;
        pragmas(&db, -4_000)?;
        Ok(db)
    }
}

/// A new file is its owner's only: it is full of names and numbers. SQLite's files beside it follow.
fn make_private(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(why) if why.kind() != std::io::ErrorKind::AlreadyExists => Err(StoreError::Made(why)),
        _ => Ok(()),
    }
}

/// `cache` is SQLite's: negative, in kibibytes.
fn pragmas(db: &Connection, cache: i64) -> Result<(), StoreError> {
    db.busy_timeout(PATIENCE)?;
    db.set_prepared_statement_cache_capacity(200);
    // Without this a statement is planned anew whenever another value is bound to it.
    db.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.execute_batch(&format!(
        "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = {WRITERS_TURN_PAGES}; PRAGMA mmap_size = 0;
         PRAGMA cache_size = {cache}; PRAGMA journal_size_limit = 67108864;"
    ))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_crowd_of_readers_takes_turns() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("town.db");
        let store = Arc::new(Store::open(&path, [1; 32]).expect("a store"));
        // Each turn is only over when everybody whose turn it is has come.
        let (together, reading) = (Arc::new(Barrier::new(MOST_READERS)), AtomicUsize::new(0));
        let (reading, most) = (Arc::new(reading), Arc::new(AtomicUsize::new(0)));
        let crowd: Vec<_> = (0..3 * MOST_READERS)
            .map(|_| {
                let (store, together) = (Arc::clone(&store), Arc::clone(&together));
                let (reading, most) = (Arc::clone(&reading), Arc::clone(&most));
                tokio::spawn(async move {
                    let looked = store.read(move |_| {
                        let now = reading.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(now, Ordering::SeqCst);
                        together.wait();
                        reading.fetch_sub(1, Ordering::SeqCst);
                        Ok(())
                    });
                    looked.await.expect("a look");
                })
            })
            .collect();
        for reader in crowd {
            reader.await.expect("no panic");
        }
        assert_eq!(most.load(Ordering::SeqCst), MOST_READERS);
    }
}
