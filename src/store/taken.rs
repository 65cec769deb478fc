//! R3, in one place: a telephone that rings or talks for us is not rung for anything else.
//!
//! Four tables know of telephones, each for its own purpose, and whatever is about to ring one asks all
//! four. The unique indices hold the same within each table.

use super::{StoreError, Tx};
use crate::domain::Phone;

/// SQL: whether this telephone, a parameter, rings or talks for us now. `besides`: an attempt, also a
/// parameter, that is no other call but the one in question.
macro_rules! is_taken {
    ($phone:literal) => {
        is_taken!($phone, besides "NULL")
    };
    ($phone:literal, besides $attempt:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM attempt WHERE phone = ", $phone, " AND ended_at IS NULL
               AND id IS NOT ", $attempt, ")
              OR EXISTS (SELECT 1 FROM placed WHERE phone = ", $phone, " AND ended_at IS NULL)
              OR EXISTS (SELECT 1 FROM callback WHERE phone = ", $phone, " AND ended_at IS NULL
                AND attempt IS NOT NULL)
              OR EXISTS (SELECT 1 FROM desk_call WHERE phone = ", $phone, " AND ended_at IS NULL
                AND dialled_at IS NOT NULL))"
        )
    };
}

pub(super) use is_taken;

impl Tx<'_> {
    /// Whether this telephone rings or talks for us now (R3).
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn is_taken(&mut self, phone: &Phone) -> Result<bool, StoreError> {
        let sql = concat!("SELECT ", is_taken!("?1"));
        Ok(self.db.prepare_cached(sql)?.query_row([phone.e164()], |row| row.get(0))?)
    }
}
