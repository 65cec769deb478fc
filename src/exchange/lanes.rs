//! Kinds of work that do not wait for each other.
//!
//! A provider that hangs keeps whoever asks it waiting for ten seconds. Somebody who is to be let
//! go, and a search whose time is up, must not stand in that queue: every lane has workers of its
//! own. Within a lane, what is about one call is done in order and one at a time; several workers
//! take what is about several calls.
//!
//! What is under way is known in memory only, so that no two workers do it at once. After a crash
//! nothing is: it stands in the outbox, and is done again.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::sync::{Mutex, Notify};

use crate::domain::Timestamp;

/// A kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// Timers, planned searches, tidying: nothing here asks the provider.
    Own,
    /// Legs that are to end or to leave what they do.
    Urgent,
    /// Calls that the exchange places.
    Calls,
    /// Recordings that are fetched or deleted.
    Sounds,
    /// Asking after legs of which nothing is heard.
    Quiet,
}

/// One place for every lane.
#[derive(Default)]
pub(super) struct Lanes([Place; 5]);

/// Where the workers of a lane meet.
#[derive(Default)]
pub(super) struct Place {
    wake: Notify,
    /// When a worker looks by itself, milliseconds; only a schedule, all work is in the store.
    looks_at: AtomicI64,
    /// What is about the same call as something that a worker is doing. Held while the next is
    /// chosen: what is not in it any more is not in the outbox any more either.
    under_way: Mutex<BTreeSet<String>>,
}

impl Lane {
    /// Those that make requests of the provider which stand in the outbox, the most urgent first.
    pub(super) const ASKING: [Self; 3] = [Self::Urgent, Self::Calls, Self::Sounds];

    /// The ranks in the outbox that are its work.
    pub(super) fn ranks(self) -> [u8; 2] {
        match self {
            Self::Urgent => [0, 0],
            Self::Calls => [1, crate::store::WATCH],
            Self::Sounds => [2, 3],
            Self::Own | Self::Quiet => [u8::MAX, u8::MAX],
        }
    }
}

impl Lanes {
    pub(super) fn of(&self, lane: Lane) -> &Place {
        &self.0[lane as usize]
    }

    /// Wakes a worker of this lane if they would look too late for this.
    pub(super) fn wake_before(&self, lane: Lane, due: Timestamp) {
        let place = self.of(lane);
        if due.0 < place.looks_at.load(Ordering::SeqCst) {
            place.wake.notify_one();
        }
    }
}

impl Place {
    /// From here on every commit that leaves something to do wakes a worker again.
    pub(super) fn begins_to_look(&self) {
        self.looks_at.store(i64::MAX, Ordering::SeqCst);
    }

    /// There is nothing to do before this.
    pub(super) fn looks_again(&self, then: Timestamp) {
        self.looks_at.store(then.0, Ordering::SeqCst);
    }

    /// Resolves when there may be something to do.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Another worker may look as well: there may be more than one thing to do.
    pub(super) fn wake_another(&self) {
        self.wake.notify_one();
    }

    pub(super) fn under_way(&self) -> &Mutex<BTreeSet<String>> {
        &self.under_way
    }
}
