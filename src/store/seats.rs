//! The telephone at which an operator takes calls: their seat, wherever they work today.

use rusqlite::OptionalExtension;

use super::calls::phone;
use super::{ReadTx, StoreError, Tx};
use crate::domain::{OperatorId, Phone};

impl Tx<'_> {
    /// This operator is at this telephone from now on; none: at no telephone.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_seat(
        &mut self,
        operator: OperatorId,
        seat: Option<&Phone>,
    ) -> Result<(), StoreError> {
        match seat {
            Some(seat) => self
                .db
                .prepare_cached("INSERT OR REPLACE INTO seat (operator, phone) VALUES (?1, ?2)")?
                .execute((operator.0, seat.e164()))?,
            None => self
                .db
                .prepare_cached("DELETE FROM seat WHERE operator = ?1")?
                .execute([operator.0])?,
        };
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The telephone at which this operator is.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn seat(&self, operator: OperatorId) -> Result<Option<Phone>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT phone FROM seat WHERE operator = ?1")?;
        Ok(select.query_row([operator.0], |row| phone(row, 0)).optional()?)
    }
}
