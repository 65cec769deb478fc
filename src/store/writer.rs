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

/// Told after the commit whether it held.
type Reply = Box<dyn FnOnce(bool) + Send>;
/// Given the open transaction; without one nothing is done, and nothing half.
type Job = Box<dyn FnOnce(Option<(&Connection, &mut Bench)>) -> Reply + Send>;
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
    queue: Option<SyncSender<Job>>,
    threads: Vec<JoinHandle<()>>,
}

/// A batch that was written, or was not.
struct Done {
    replies: Vec<Reply>,
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
    while let Ok(Done { replies, committed }) = told.recv() {
        replies.into_iter().for_each(|reply| reply(committed));
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
        let done = self.enqueue(job)?;
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
        let done = self.enqueue(job)?;
        done.blocking_recv().unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    fn enqueue<T, E>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<oneshot::Receiver<Result<T, E>>, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (tell, done) = oneshot::channel();
        let job: Job = Box::new(move |open| {
            let result = match open {
                Some((db, bench)) => in_savepoint(db, bench, job),
                None => Err(StoreError::Busy.into()),
            };
            Box::new(move |committed| {
                let result = if committed { result } else { Err(StoreError::Busy.into()) };
                // Whoever asked may have gone; what was written stays written.
                let _ = tell.send(result);
            })
        });
        let queue = self.writer.queue.as_ref().ok_or(StoreError::Closed)?;
        queue.try_send(job).map_err(|fault| match fault {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })?;
        Ok(done)
    }
}

fn write_until_closed(
    db: &Connection,
    mut checkpoints: Checkpoints,
    mut bench: Bench,
    jobs: &Receiver<Job>,
    watcher: &Watcher,
    done: &Sender<Done>,
) {
    let run = |sql| db.prepare_cached(sql).and_then(|mut statement| statement.execute([])).is_ok();
    let mut seen = None;
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Job> =
            std::iter::once(first).chain(jobs.try_iter().take(BATCH - 1)).collect();
        let began = Instant::now();
        // Another process may hold the database, an import for instance: then nothing is tried, as
        // a job outside a transaction would be on disk by itself.
        let begun = run("BEGIN IMMEDIATE");
        // Another process (an import) may have changed the places that are remembered here.
        let others: Option<i64> = data_version(db).ok();
        if others != seen {
            bench.geography.forget();
            seen = others;
        }
        let writes = batch.len();
        let mut replies: Vec<Reply> = Vec::with_capacity(writes);
        for job in batch {
            replies.push(job(begun.then_some((db, &mut bench))));
        }
        let committed = begun && run("COMMIT");
        watcher(writes, began.elapsed());
        checkpoints.committed();
        if !committed {
            tracing::error!("store.commit_failed: nothing of this batch was written");
            run("ROLLBACK");
        }
        // Who tells ends after this thread does.
        let _ = done.send(Done { replies, committed });
    }
}

/// A number that changes when another connection has written.
fn data_version(db: &Connection) -> rusqlite::Result<i64> {
    db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))
}

fn in_savepoint<T, E: From<StoreError>>(
    db: &Connection,
    bench: &mut Bench,
    job: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
) -> Result<T, E> {
    let step = |sql| -> Result<(), E> {
        db.prepare_cached(sql).and_then(|mut s| s.execute([])).map_err(StoreError::from)?;
        Ok(())
    };
    step("SAVEPOINT job")?;
    // A half-done job is undone by the savepoint, and the caches hold nothing that is not in the
    // database: going on after a panic is safe.
    let ran = catch_unwind(AssertUnwindSafe(|| job(&mut Tx { db, bench })));
    let result = ran.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
    if result.is_err() {
        step("ROLLBACK TO job")?;
    }
    step("RELEASE job")?;
    result
}
