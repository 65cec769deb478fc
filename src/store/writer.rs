//! Group commit: one thread, one transaction for all that waits, one fsync, then every answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, SyncSender, TrySendError, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::checkpoint::Checkpoints;
use super::geography::Geography;
use super::hours_cache::HoursCache;
use super::{Store, StoreError, Tx};

/// Most jobs that share one commit.
const BATCH: usize = 256;
/// Most jobs that wait; one more is told to come back.
const QUEUE: usize = 4096;

/// One write that waits its turn, with whoever waits for it.
trait Job: Send {
    /// Whether it may be run again after it was undone, as if it had never been run.
    fn repeatable(&self) -> bool;
    /// Runs it, and keeps what came of it; whether that is a success. A panic is none.
    fn run(&mut self, db: &Connection, bench: &mut Bench) -> bool;
    /// Tells whoever waits, now that it is on disk, or is not.
    fn tell(self: Box<Self>, committed: bool);
}

/// Told after each commit how many writes shared it and how long it took.
type Watcher = Box<dyn Fn(usize, Duration) + Send>;

/// What the writer keeps beside the connection: caches, never the only copy of anything.
pub(super) struct Bench {
    pub(super) geography: Geography,
    pub(super) hours: HoursCache,
    pub(super) hash_key: [u8; 32],
}

/// The writing thread, and one that tells: waking whoever waits costs a system call each, in which
/// the next batch could be written.
pub(super) struct Writer {
    queue: Option<SyncSender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
}

/// A batch that was written, or was not.
struct Done {
    jobs: Vec<Box<dyn Job>>,
    committed: bool,
}

impl Writer {
    pub(super) fn start(
        db: Connection,
        checkpoints: Checkpoints,
        hash_key: [u8; 32],
        watcher: Watcher,
    ) -> Self {
        let (queue, jobs) = sync_channel(QUEUE);
        let bench = Bench { geography: Geography::new(), hours: HoursCache::new(), hash_key };
        let (done, told) = channel();
        let threads = [
            start("store-writer", move || {
                write_until_closed(&db, checkpoints, bench, &jobs, &watcher, &done);
            }),
            start("store-replies", move || tell_until_closed(&told)),
        ];
        Self { queue: Some(queue), threads: threads.into_iter().flatten().collect() }
    }
}

impl Drop for Writer {
    /// Finishes what waits; SQLite moves the log into the file as it closes.
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn start(name: &str, run: impl FnOnce() + Send + 'static) -> Option<JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(run).ok()
}

fn tell_until_closed(told: &Receiver<Done>) {
    while let Ok(Done { jobs, committed }) = told.recv() {
        jobs.into_iter().for_each(|job| job.tell(committed));
    }
}

impl Store {
    /// Runs `job` in a transaction and returns once it is on disk. An error, or a panic, undoes
    /// this job only.
    ///
    /// # Errors
    /// What `job` returns; [`StoreError`] when the database or the commit fails.
    pub async fn write<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let done = self.enqueue(false, once(job))?;
        done.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// As [`Store::write`], for commands that have nothing else to do meanwhile.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_blocking<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let done = self.enqueue(false, once(job))?;
        done.blocking_recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// As [`Store::write`], for a job that may be run again: it reads and writes nothing but the
    /// transaction. Such jobs share one without a savepoint each, which costs a sixteenth less;
    /// should one fail after it had changed something, all are undone and run again with one.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_repeatably<T, E>(
        &self,
        job: impl Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let done = self.enqueue(true, move |tx| job(tx))?;
        done.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    fn enqueue<T, E>(
        &self,
        repeatable: bool,
        job: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (tell, done) = oneshot::channel();
        let queue = self.writer.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.try_send(Box::new(Waiting { repeatable, job, result: None, tell })).map_err(
            |fault| match fault {
                TrySendError::Full(_) => StoreError::Busy,
                TrySendError::Disconnected(_) => StoreError::Closed,
            },
        )?;
        Ok(done)
    }
}

/// A job, what came of it so far, and whoever waits for that.
struct Waiting<F, T, E> {
    repeatable: bool,
    job: F,
    result: Option<Result<T, E>>,
    tell: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Waiting<F, T, E>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn repeatable(&self) -> bool {
        self.repeatable
    }

    fn run(&mut self, db: &Connection, bench: &mut Bench) -> bool {
        // What a job left half done is undone with it, and the caches hold nothing that is not in
        // the database: going on after a panic is safe.
        let ran = catch_unwind(AssertUnwindSafe(|| (self.job)(&mut Tx { db, bench })));
        let result = ran.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        self.result.insert(result).is_ok()
    }

    fn tell(self: Box<Self>, committed: bool) {
        let result = self.result.filter(|_| committed);
        // Whoever asked may have gone; what was written stays written.
        let _ = self.tell.send(result.unwrap_or_else(|| Err(StoreError::Busy.into())));
    }
}

/// A job that can be run once only.
fn once<T, E: From<StoreError>>(
    job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> impl FnMut(&mut Tx<'_>) -> Result<T, E> {
    let mut job = Some(job);
    move |tx| match job.take() {
        Some(job) => job(tx),
        None => Err(StoreError::Panicked.into()),
    }
}

fn write_until_closed(
    db: &Connection,
    mut checkpoints: Checkpoints,
    mut bench: Bench,
    jobs: &Receiver<Box<dyn Job>>,
    watcher: &Watcher,
    done: &Sender<Done>,
) {
    let mut seen = None;
    while let Ok(first) = jobs.recv() {
        let mut batch: Vec<_> =
            std::iter::once(first).chain(jobs.try_iter().take(BATCH - 1)).collect();
        let began = Instant::now();
        // Another process (an import) may have changed the places that are remembered here.
        let others: Option<i64> = data_version(db).ok();
        if others != seen {
            bench.geography.forget();
            seen = others;
        }
        let committed = write_all(db, &mut bench, &mut batch);
        watcher(batch.len(), began.elapsed());
        checkpoints.committed();
        // Who tells ends after this thread does.
        let _ = done.send(Done { jobs: batch, committed });
    }
}

/// Runs these jobs in one transaction; whether that is on disk.
fn write_all(db: &Connection, bench: &mut Bench, batch: &mut [Box<dyn Job>]) -> bool {
    // Another process may hold the database, an import for instance: then nothing is tried, as a
    // job outside a transaction would be on disk by itself.
    let committed =
        execute(db, "BEGIN IMMEDIATE") && run_all(db, bench, batch) && execute(db, "COMMIT");
    if !committed {
        tracing::error!("store.commit_failed: nothing of this batch was written");
        execute(db, "ROLLBACK");
    }
    committed
}

/// Whether the transaction still holds what every job that succeeded has written, and no more.
fn run_all(db: &Connection, bench: &mut Bench, batch: &mut [Box<dyn Job>]) -> bool {
    // Whoever waits together asked for no order.
    let (repeatable, single): (Vec<_>, Vec<_>) = batch.iter_mut().partition(|job| job.repeatable());
    let mut repeatable = repeatable;
    let clean = repeatable.iter_mut().all(|job| {
        let before = db.total_changes();
        // A fault of the disk ends the transaction by itself.
        job.run(db, bench) || (db.total_changes() == before && !db.is_autocommit())
    });
    let again = if clean {
        Vec::new()
    } else {
        if !(execute(db, "ROLLBACK") && execute(db, "BEGIN IMMEDIATE")) {
            return false;
        }
        repeatable
    };
    again.into_iter().chain(single).all(|job| run_in_savepoint(db, bench, job.as_mut()))
}

/// Undoes the job alone if it fails; whether the transaction is as it should be.
fn run_in_savepoint(db: &Connection, bench: &mut Bench, job: &mut dyn Job) -> bool {
    execute(db, "SAVEPOINT job")
        && (job.run(db, bench) || execute(db, "ROLLBACK TO job"))
        && execute(db, "RELEASE job")
}

fn execute(db: &Connection, sql: &str) -> bool {
    db.prepare_cached(sql).and_then(|mut statement| statement.execute([])).is_ok()
}

/// A number that changes when another connection has written.
fn data_version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}
