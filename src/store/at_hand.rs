//! Somebody whom the desk has at hand while their request is searched for: by way of which of its
//! telephones, and on which leg.

use rusqlite::OptionalExtension;

use super::calls::phone;
use super::intake::Source;
use super::{StoreError, Tx, from_word};
use crate::domain::{CallId, CallbackId, Phone, RequestId, Timestamp};

impl Tx<'_> {
    /// Whoever asks this is on the line while it is searched for, by way of this telephone of the
    /// desk.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn is_at_hand(&mut self, request: RequestId, seat: &Phone) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE intake SET seat = ?2 WHERE request = ?1")?
            .execute((request.0, seat.e164()))?;
        Ok(())
    }

    /// How a request came to the desk, and at which of its telephones whoever asks is at hand.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn at_hand(&mut self, request: RequestId) -> Result<Option<(Source, Phone)>, StoreError> {
        let sql = "SELECT source, seat FROM intake WHERE request = ?1 AND seat IS NOT NULL";
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row([request.0], |row| Ok((row.get::<_, String>(0)?, phone(row, 1)?)));
        let Some((source, seat)) = found.optional()? else { return Ok(None) };
        Ok(Some((from_word(&source, "intake")?, seat)))
    }

    /// By which way a request came to the desk; none when it did not.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn came_by(&mut self, request: RequestId) -> Result<Option<Source>, StoreError> {
        let sql = "SELECT source FROM intake WHERE request = ?1";
        let mut select = self.db.prepare_cached(sql)?;
        let found = select.query_row([request.0], |row| row.get::<_, String>(0)).optional()?;
        found.map(|source| from_word(&source, "intake")).transpose()
    }

    /// Nobody is asked for it yet, so there is no open search: one opens it again.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn waits_for_the_coordinator(
        &mut self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE request SET closed_at = ?2 WHERE id = ?1")?
            .execute((request.0, now.0))?;
        Ok(())
    }

    /// The leg of the caller who speaks with somebody at this telephone of the desk.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn speaks_with(&mut self, seat: &Phone) -> Result<Option<CallId>, StoreError> {
        let sql = "SELECT r.call FROM attempt a JOIN request r ON r.id = a.request
                   WHERE a.phone = ?1 AND a.ended_at IS NULL AND a.accepted_at IS NOT NULL
                     AND r.kind = 'desk' AND r.accepted = a.id AND r.call IS NOT NULL";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.query_row([seat.e164()], |row| row.get(0)).optional()?.map(CallId))
    }

    /// The ring is over, and the leg that it led to goes on: theirs was a call of its own before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn ring_over_leg_goes_on(
        &mut self,
        id: CallbackId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE callback SET sid = NULL, ended_at = coalesce(ended_at, ?2) WHERE id = ?1",
            )?
            .execute((id.0, now.0))?;
        Ok(())
    }
}
