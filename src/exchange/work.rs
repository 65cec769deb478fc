//! What is done without a webhook: timers, REST calls, asking after quiet legs.

use std::time::Duration;

use tokio::sync::watch;

use crate::domain::Timestamp;
use crate::exchange::lanes::Lane;
use crate::exchange::sweep::QUIET;
use crate::exchange::{Exchange, Failure};

/// A worker looks at least this often, should a wake-up ever be missed.
const LONGEST_REST: Duration = Duration::from_secs(30);
/// After a fault of the store a worker waits this long.
const AFTER_A_FAULT: Duration = Duration::from_secs(1);

impl Exchange {
    /// Does everything that is due at this moment.
    ///
    /// # Errors
    /// [`Failure`] of the store; what was not done stays due.
    pub async fn work(&self) -> Result<(), Failure> {
        self.own_work().await?;
        self.run_errands().await?;
        self.ask_after_quiet_legs().await?;
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
        let (tell, stopped) = watch::channel(false);
        let told = async {
            stop.await;
            tell.send_replace(true);
        };
        let work = |lane| self.keep_to(lane, stopped.clone());
        // As many at once as there may be calls that wait for it.
        tokio::join!(
            told,
            work(Lane::Own),
            work(Lane::Urgent),
            work(Lane::Urgent),
            work(Lane::Urgent),
            work(Lane::Urgent),
            work(Lane::Calls),
            work(Lane::Calls),
            work(Lane::Calls),
            work(Lane::Sounds),
            work(Lane::Quiet),
        );
    }

    /// One worker of a lane.
    async fn keep_to(&self, lane: Lane, mut stopped: watch::Receiver<bool>) {
        let place = self.lanes.of(lane);
        loop {
            place.begins_to_look();
            let rest = match self.round(lane).await {
                Ok(rest) => rest,
                Err(fault) => {
                    tracing::error!(%fault, ?lane, "work.failed: tried again in a second");
                    AFTER_A_FAULT
                }
            };
            tokio::select! {
                biased;
                // An error means that whoever could tell is gone: stop as well.
                _ = stopped.wait_for(|stopped| *stopped) => return,
                () = place.woken() => {}
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    /// One round of a lane's work; how long to rest after it.
    async fn round(&self, lane: Lane) -> Result<Duration, Failure> {
        match lane {
            Lane::Own => self.own_work().await?,
            Lane::Urgent | Lane::Calls | Lane::Sounds => while self.run_one_errand(lane).await? {},
            Lane::Quiet => {
                self.ask_after_quiet_legs().await?;
            }
        }
        let now = self.now();
        let latest = now + LONGEST_REST;
        let next = self.store.read(move |tx| match lane {
            Lane::Own => tx.next_timed(),
            Lane::Urgent | Lane::Calls | Lane::Sounds => tx.next_outbox(lane.ranks(), now),
            Lane::Quiet => tx.next_quiet(QUIET),
        });
        let next = next.await?.map_or(latest, |due| due.min(latest));
        self.lanes.of(lane).looks_again(next);
        Ok(next.since(now))
    }

    /// What asks nothing of the provider.
    async fn own_work(&self) -> Result<(), Failure> {
        self.ring_about_questions().await?;
        self.start_planned().await?;
        self.ring_newcomers().await?;
        self.ask_whether_still_there().await?;
        self.run_timers().await?;
        self.hear_recordings().await?;
        self.tidy().await?;
        Ok(())
    }
}
