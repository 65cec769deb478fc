//! What is deleted when its time has come: messages that were handled, notes that have expired.

use std::time::Duration;

use crate::exchange::{Exchange, Failure};

/// A message is kept for so long after its promise was kept (domain reference, 4.4).
const MESSAGE_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);

impl Exchange {
    /// Deletes what has been kept long enough. Whether there was anything.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn tidy(&self) -> Result<bool, Failure> {
        let now = self.now();
        let handled_before = now - MESSAGE_KEPT;
        if !self.store.read(move |tx| tx.needs_tidying(handled_before, now)).await? {
            return Ok(false);
        }
        self.one_input(move |moment, tx| {
            let messages = tx.delete_messages_handled_before(moment.now - MESSAGE_KEPT)?;
            let notes = tx.delete_expired_notes(moment.now)?;
            tracing::info!(messages, notes, "tidy.deleted");
            Ok(true)
        })
        .await
    }
}
