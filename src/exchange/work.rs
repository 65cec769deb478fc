//! What is done without a webhook: timers, REST calls, asking after quiet legs.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::exchange::sweep::QUIET;
use crate::exchange::{Exchange, Failure};

/// The worker looks at least this often, should a wake-up ever be missed.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// After a fault of the store the worker waits this long.
const AFTER_A_FAULT: Duration = Duration::from_secs(1);

impl Exchange {
    /// Does everything that is due at this moment.
    ///
    /// # Errors
    /// [`Failure`] of the store; what was not done stays due.
    pub async fn work(&self) -> Result<(), Failure> {
        self.ring_about_questions().await?;
        self.start_planned().await?;
        self.ring_newcomers().await?;
        self.run_timers().await?;
        self.run_errands().await?;
        self.ask_after_quiet_legs().await?;
        self.tidy().await?;
        Ok(())
    }

    /// When there is something to do next; none when nothing waits.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        Ok(self.store.read(|tx| tx.next_due(QUIET)).await?)
    }

    /// Works until `stop` resolves; what is under way then is finished first.
    pub async fn keep_working(&self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            // From here on every commit that leaves something to do wakes the worker again.
            self.looks_at.store(i64::MAX, Ordering::SeqCst);
            let rest = match self.round().await {
                Ok(rest) => rest,
                Err(fault) => {
                    tracing::error!(%fault, "work.failed: tried again in a second");
                    AFTER_A_FAULT
                }
            };
            tokio::select! {
                () = &mut stop => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// One round of work; how long to rest after it.
    async fn round(&self) -> Result<Duration, Failure> {
        self.work().await?;
        let now = self.now();
        let latest = now + LONGEST_REST;
        let next = self.next_due().await?.map_or(latest, |due| due.min(latest));
        self.looks_at.store(next.0, Ordering::SeqCst);
        Ok(next.since(now))
    }

    /// Wakes the worker if it would look too late for this.
    pub(super) fn wake_before(&self, due: Timestamp) {
        if due.0 < self.looks_at.load(Ordering::SeqCst) {
            self.wake.notify_one();
        }
    }
}
