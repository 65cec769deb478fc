//! Moves what is in the log into the database file, beside the writer.
//!
//! Left to itself, SQLite does this within a commit, once in a while: everybody who waits for that
//! commit waits for thousands of pages. Here another connection does most of it meanwhile; the
//! writer's own turn, at [`WRITERS_TURN_PAGES`], then finds little left.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::StoreError;

/// Commits between two rounds. A page that many of them wrote is moved once: fewer rounds move less.
const EVERY: u32 = 256;
/// When the log has this many pages (of 4 KiB) the writer empties it itself, so that it does not
/// grow for ever under a load that never pauses.
pub(super) const WRITERS_TURN_PAGES: u32 = 16_000;

/// The thread, as the writer holds it. It ends, and its connection closes, when this is dropped:
/// before the writer's own connection, which takes the log along as the last one.
pub(super) struct Checkpoints {
    commits: u32,
    wanted: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    pub(super) fn of(database: &Path) -> Result<Self, StoreError> {
        let db = Connection::open(database)?;
        let (wanted, asked) = sync_channel(1);
        let thread = std::thread::Builder::new()
            .name("store-checkpoints".into())
            .spawn(move || checkpoint_when_asked(&db, &asked))
            .ok();
        Ok(Self { commits: 0, wanted: Some(wanted), thread })
    }

    /// There was another commit. Never waits.
    pub(super) fn committed(&mut self) {
        self.commits += 1;
        if self.commits >= EVERY
            && let Some(wanted) = &self.wanted
        {
            self.commits = 0;
            // One that is asked for already will do.
            let _ = wanted.try_send(());
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.wanted = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn checkpoint_when_asked(db: &Connection, asked: &Receiver<()>) {
    while asked.recv().is_ok() {
        // Passive: it waits for nobody and holds nobody up; what it cannot move now comes later.
        let moved = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        if let Err(fault) = moved {
            tracing::warn!(%fault, "store.checkpoint_failed: tried again in a moment");
        }
    }
}
