//! Notes of the desk that have expired. Messages that were handled go at night, with everything else
//! that is kept no longer (see [`crate::privacy::Kept::HandledMessage`]).

use crate::exchange::{Exchange, Failure};

impl Exchange {
    /// Deletes notes that have expired. Whether there were any.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn tidy(&self) -> Result<bool, Failure> {
        let now = self.now();
        if !self.store.read(move |tx| tx.note_has_expired(now)).await? {
            return Ok(false);
        }
        self.one_input(move |moment, tx| {
            let notes = tx.delete_expired_notes(moment.now)?;
            tracing::info!(notes, "tidy.deleted");
            Ok(true)
        })
        .await
    }
}
