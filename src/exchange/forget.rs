//! Forgetting, by itself: once a day, at night, what is kept no longer.
//!
//! The state is in the store: a round that was broken off is begun anew. It works in small pieces,
//! between which calls go on.

use std::time::Duration;

use chrono::Timelike;

use crate::carrier::Sid;
use crate::domain::{Line, Phone, Timestamp};
use crate::exchange::lanes::Lane;
use crate::exchange::outbox::Errand;
use crate::exchange::reports::{count_ahead, tell_if_not_counted};
use crate::exchange::{Exchange, Failure, Moment};
use crate::store::{Erasing, Store, StoreError, Sweep, Tx, sweeps};

/// Hours of the night, Dutch time, in which a round begins: nobody is rung then.
const QUIET_HOURS: std::ops::Range<u32> = 2..6;
/// After so long without a round one begins at any hour: this machine sleeps at night.
const AT_THE_LATEST: Duration = Duration::from_secs(36 * 3600);
/// How often is looked whether it is time.
const LOOKS: Duration = Duration::from_secs(15 * 60);
/// Rows that are erased in one transaction: some milliseconds of work.
const AT_ONCE: usize = 64;
/// Rows that are looked up at a time, beside the writer.
const LOOKED_UP: usize = 4096;

impl Exchange {
    /// Forgets what is due, if it is time for today's round; how many rows that were.
    ///
    /// # Errors
    /// [`Failure`] of the store; the round is begun anew another time.
    pub async fn forget_if_due(&self) -> Result<Option<u64>, Failure> {
        let now = self.now();
        let last = self.store.read(|tx| tx.last_forgotten()).await?;
        if is_time(now, last) { self.forget().await.map(Some) } else { Ok(None) }
    }

    /// Forgets everything that is due now; how many rows that were. What reports need of it is
    /// counted first, and whoever was silent for a year is to be asked, a month before they go.
    ///
    /// # Errors
    /// [`Failure`] of the store; what was erased until then stays erased.
    pub async fn forget(&self) -> Result<u64, Failure> {
        let noticed = self.notice_silence().await?;
        if noticed > 0 {
            tracing::info!(people = noticed, "still_there.to_be_asked");
            self.lanes.wake_before(Lane::Own, self.now());
        }
        let flows = || Some(self.context.flows.current().version().to_owned());
        let done = forget(&self.store, &self.context.lines, &flows, self.now()).await?;
        if let Some(file) = self.store.put_aside() {
            tracing::warn!(
                file = %file.display(),
                "forget.put_aside: a restore left this; delete it when all is well, people who were erased may be in it"
            );
        }
        // What is to be deleted at the provider waits in the outbox.
        self.lanes.wake_before(Lane::Sounds, self.now());
        Ok(done)
    }

    /// Counts ahead after every midnight and forgets later that night, until `stop` resolves: one
    /// after the other, as both go through the whole database.
    pub async fn keep_forgetting(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return,
                counted = self.count_ahead() => tell_if_not_counted(counted),
            }
            tokio::select! {
                () = &mut stop => return,
                forgotten = self.forget_if_due() => if let Err(fault) = forgotten {
                    tracing::error!(%fault, "forget.failed: begun anew in a quarter of an hour");
                },
            }
            if let Err(fault) = self.store.write_stops() {
                tracing::error!(%fault, "stops.not_listed: tried again in a quarter of an hour");
            }
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(LOOKS) => {}
            }
        }
    }
}

/// [`Exchange::forget`], also beside a running exchange. `flows_in_use` is asked for the version that
/// calls begin with; where that is not known, old versions stay.
///
/// # Errors
/// [`Failure`] of the store; what was erased until then stays erased.
pub async fn forget(
    store: &Store,
    lines: &[Line],
    flows_in_use: &(dyn Fn() -> Option<String> + Sync),
    now: Timestamp,
) -> Result<u64, Failure> {
    count_ahead(store, lines, now).await?;
    store.write(move |tx| tx.begin_forgetting(now)).await?;
    let mut erased = 0;
    for one in sweeps() {
        erased += sweep(store, one, flows_in_use, now).await?;
    }
    store.write(move |tx| tx.done_forgetting(now, now)).await?;
    tracing::info!(rows = erased, "forgotten");
    Ok(erased)
}

async fn sweep(
    store: &Store,
    sweep: &'static Sweep,
    flows_in_use: &(dyn Fn() -> Option<String> + Sync),
    now: Timestamp,
) -> Result<u64, Failure> {
    let mut erased = 0;
    loop {
        let flows = flows_in_use();
        let looked =
            store.read(move |tx| tx.due_rows(sweep, now, flows.as_deref(), LOOKED_UP)).await?;
        let mut gone = 0;
        for rows in looked.chunks(AT_ONCE) {
            let (rows, flows) = (rows.to_owned(), flows_in_use());
            let done = store.write(move |tx| {
                let done = tx.forget(sweep, &rows, now, flows.as_deref())?;
                tx.count_forgotten(now, sweep.kept, done.rows)?;
                delete_at_provider(tx, &done.recordings, now)?;
                Ok::<_, StoreError>(done.rows)
            });
            gone += done.await?;
        }
        erased += gone;
        // What has to wait (somebody is on the telephone) waits for another night.
        if looked.len() < LOOKED_UP || gone == 0 {
            return Ok(erased);
        }
    }
}

fn is_time(now: Timestamp, last: Option<Timestamp>) -> bool {
    let today = now.start_of_day();
    if last.is_some_and(|last| last >= today) {
        return false;
    }
    let late = last.is_none_or(|last| now.since(last) >= AT_THE_LATEST);
    late || QUIET_HOURS.contains(&now.local().hour())
}

/// Erases whoever has this number everywhere, unless they wait for something.
pub(super) fn erase_all_of(moment: &Moment, tx: &mut Tx<'_>, phone: &Phone) -> Result<(), Failure> {
    if let Erasing::Done(erased) = tx.erase_number(phone, moment.now)? {
        delete_at_provider(tx, &erased.recordings, moment.now)?;
        moment.due_in(Lane::Sounds, moment.now);
    }
    Ok(())
}

/// Has the exchange delete these recordings at the provider, also when another process asks for it.
///
/// # Errors
/// [`StoreError`] of the database.
pub fn delete_at_provider(
    tx: &mut Tx<'_>,
    recordings: &[String],
    now: Timestamp,
) -> Result<(), StoreError> {
    for sid in recordings.iter().filter_map(|sid| Sid::parse(sid).ok()) {
        tx.post(&Errand::DeleteRecording { sid }.written(now))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    #[test]
    fn a_round_a_day_at_night() {
        let last = Some(at("2026-11-24T02:10:00+01:00"));
        for (now, time) in [
            ("2026-11-24T02:25:00+01:00", false),
            ("2026-11-24T14:00:00+01:00", false),
            ("2026-11-25T01:59:00+01:00", false),
            ("2026-11-25T02:05:00+01:00", true),
            ("2026-11-25T05:59:00+01:00", true),
            ("2026-11-25T10:00:00+01:00", false),
            ("2026-11-25T14:10:00+01:00", true),
        ] {
            assert_eq!(is_time(at(now), last), time, "{now}");
        }
        assert!(is_time(at("2026-11-24T14:00:00+01:00"), None), "the first one need not wait");
    }
}
