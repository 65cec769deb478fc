//! Timers that have come due.

use crate::dispatch::Input;
use crate::exchange::{Exchange, Failure, drive, given_up};

/// Most timers handled in one transaction, so that calls are not kept waiting behind them.
const BATCH: usize = 64;

impl Exchange {
    /// Feeds every timer that is due to its search; returns how many there were.
    ///
    /// # Errors
    /// [`Failure`] of the store. A search that cannot take its timer is given up.
    pub async fn run_timers(&self) -> Result<usize, Failure> {
        let mut run = 0;
        loop {
            let batch = self.run_due_batch().await?;
            run += batch;
            if batch < BATCH {
                return Ok(run);
            }
        }
    }

    async fn run_due_batch(&self) -> Result<usize, Failure> {
        let now = self.now();
        if !self.store.read(move |tx| tx.timer_due_by(now)).await? {
            return Ok(0);
        }
        self.one_input(move |moment, tx| {
            let due = tx.due_timers(moment.now, BATCH)?;
            moment.noted.borrow_mut().timers_fired += due.len();
            for timer in &due {
                tx.cancel_timer(timer.request, &timer.name)?;
                let Some(named) = drive::timer(&timer.name) else { continue };
                given_up::feed(moment, tx, timer.request, Input::Due(named))?;
            }
            Ok(due.len())
        })
        .await
    }
}
