//! Second factors: sealed secrets, the codes that were used, and recovery codes.

use super::{StoreError, Tx};
use crate::domain::OperatorId;

impl Tx<'_> {
    /// Sets somebody's second factor, with fresh recovery codes. `step` is that of the code that
    /// proved it: it is used up.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_second_factor(
        &mut self,
        id: OperatorId,
        sealed: &[u8],
        step: i64,
        recovery_codes: &[[u8; 32]],
    ) -> Result<(), StoreError> {
        let sql = "UPDATE operator SET totp_secret = ?2, totp_step = ?3 WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute((id.0, sealed, step))?;
        self.set_recovery_codes(id, recovery_codes)
    }

    /// Puts these recovery codes, hashed, in the place of the old ones.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_recovery_codes(
        &mut self,
        id: OperatorId,
        hashes: &[[u8; 32]],
    ) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM recovery_code WHERE operator = ?1")?.execute([id.0])?;
        let sql = "INSERT INTO recovery_code (operator, hash) VALUES (?1, ?2)";
        for hash in hashes {
            self.db.prepare_cached(sql)?.execute((id.0, hash))?;
        }
        Ok(())
    }

    /// Takes the second factor and its recovery codes away. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remove_second_factor(&mut self, id: OperatorId) -> Result<(), StoreError> {
        let sql = "UPDATE operator SET totp_secret = NULL, totp_step = 0 WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute([id.0])?;
        self.set_recovery_codes(id, &[])
    }

    /// Uses up the code of this step: whether it, or a later one, was not used before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn use_code(&mut self, id: OperatorId, step: i64) -> Result<bool, StoreError> {
        let sql = "UPDATE operator SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2";
        Ok(self.db.prepare_cached(sql)?.execute((id.0, step))? == 1)
    }

    /// Uses up a recovery code: whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn use_recovery_code(
        &mut self,
        id: OperatorId,
        hash: [u8; 32],
    ) -> Result<bool, StoreError> {
        let sql = "DELETE FROM recovery_code WHERE operator = ?1 AND hash = ?2";
        Ok(self.db.prepare_cached(sql)?.execute((id.0, hash))? == 1)
    }
}
