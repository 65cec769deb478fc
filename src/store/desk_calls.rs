//! Calls back of the desk: whose promise, whose telephone, and what came of it.

use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use super::calls::phone;
use super::promises::PromiseSeen;
use super::{ReadTx, StoreError, Tx, from_word, word};
use crate::domain::{CallId, OperatorId, Phone, Timestamp};

/// What came of calling back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalledBack {
    /// They were joined for long enough to have spoken: the promise is kept.
    Spoken,
    /// They were joined for a moment only: a voicemail box, or a wrong number.
    Short,
    /// Engaged.
    Busy,
    /// Rang out.
    NoAnswer,
    /// The network did not reach the number.
    NotReached,
    /// Whoever called back hung up before it was known.
    Left,
    /// The desk's telephone was picked up, and no key pressed.
    NotTaken,
    /// The desk's telephone was not picked up.
    SeatSilent,
    /// The provider did not ring the desk's telephone.
    NotPlaced,
}

/// One call back.
#[derive(Debug, Clone)]
pub struct DeskCall {
    /// Its row.
    pub id: i64,
    /// Of which promise.
    pub promise: i64,
    /// By whom.
    pub operator: OperatorId,
    /// Whom.
    pub phone: Phone,
    /// The leg of the desk's telephone, once it was picked up.
    pub leg: Option<CallId>,
    /// When the promised one was dialled.
    pub dialled_at: Option<Timestamp>,
    /// What came of it, once it is over.
    pub result: Option<CalledBack>,
}

/// The last call back of a promise, for whoever looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCallBack {
    /// When.
    pub begun_at: Timestamp,
    /// Who called.
    pub by: String,
    /// The same, by row.
    pub operator: OperatorId,
    /// What came of it; none while it goes on.
    pub result: Option<CalledBack>,
}

impl LastCallBack {
    /// Whether it goes on now, and this operator makes it.
    pub fn is_under_way_of(&self, operator: OperatorId) -> bool {
        self.result.is_none() && self.operator == operator
    }
}

const COLUMNS: &str = "id, promise, operator, phone, dialled_at, result, leg";

impl Tx<'_> {
    /// A promise as the desk sees it, within this transaction.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn promise(&mut self, promise: i64) -> Result<Option<PromiseSeen>, StoreError> {
        ReadTx { db: self.db, hash_key: &self.bench.hash_key }.promise_seen(promise)
    }

    /// Writes a call back down; `None` when one goes on for this promise.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn begin_desk_call(
        &mut self,
        promise: i64,
        operator: OperatorId,
        phone: &Phone,
        now: Timestamp,
    ) -> Result<Option<i64>, StoreError> {
        let written = self
            .db
            .prepare_cached(
                "INSERT INTO desk_call (promise, operator, phone, begun_at)
                 VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            )?
            .execute((promise, operator.0, phone.e164(), now.0))?;
        Ok((written == 1).then(|| self.db.last_insert_rowid()))
    }

    /// The call back of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_call(&mut self, id: i64) -> Result<Option<DeskCall>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM desk_call WHERE id = ?1");
        self.one_desk_call(&sql, id)
    }

    /// The call back that is made from this leg of the desk.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_call_of_leg(&mut self, leg: CallId) -> Result<Option<DeskCall>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM desk_call WHERE leg = ?1");
        self.one_desk_call(&sql, leg.0)
    }

    /// The call back of this promise that goes on.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_call_under_way(&mut self, promise: i64) -> Result<Option<DeskCall>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM desk_call WHERE promise = ?1 AND ended_at IS NULL");
        self.one_desk_call(&sql, promise)
    }

    /// The call back on which this leg was dialled, of whoever was promised it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_call_that_dialled(&mut self, leg: CallId) -> Result<Option<DeskCall>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM desk_call WHERE leg =
               (SELECT s.id FROM call c JOIN call s ON s.sid = c.parent_sid WHERE c.id = ?1)"
        );
        self.one_desk_call(&sql, leg.0)
    }

    /// The leg of whoever is called back from this leg of the desk, as long as it lives, and since
    /// when it does.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn called_back_from(
        &mut self,
        leg: CallId,
    ) -> Result<Option<(CallId, Timestamp)>, StoreError> {
        let sql = "SELECT c.id, c.started_at FROM call c JOIN call s ON s.sid = c.parent_sid
                   WHERE s.id = ?1 AND c.role = 'caller' AND c.ended_at IS NULL";
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row([leg.0], |row| Ok((CallId(row.get(0)?), Timestamp(row.get(1)?))));
        Ok(found.optional()?)
    }

    fn one_desk_call(&mut self, sql: &str, key: i64) -> Result<Option<DeskCall>, StoreError> {
        let found = self.db.prepare_cached(sql)?.query_row([key], read).optional()?;
        let Some((call, result)) = found else { return Ok(None) };
        let result = result.map(|result| from_word(&result, "desk_call")).transpose()?;
        Ok(Some(DeskCall { result, ..call }))
    }

    /// The desk's telephone was picked up: this is its leg.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_call_leg(&mut self, id: i64, leg: CallId) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE desk_call SET leg = ?2 WHERE id = ?1")?
            .execute((id, leg.0))?;
        Ok(())
    }

    /// Whoever was promised it is dialled now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_call_dials(&mut self, id: i64, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE desk_call SET dialled_at = ?2 WHERE id = ?1")?
            .execute((id, now.0))?;
        Ok(())
    }

    /// It is over. What is known later replaces that nothing was known.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_call_over(
        &mut self,
        id: i64,
        result: CalledBack,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE desk_call SET ended_at = coalesce(ended_at, ?3), result = ?2
                 WHERE id = ?1 AND (result IS NULL OR result = 'left')",
            )?
            .execute((id, word(&result), now.0))?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The last call back of a promise, if there was one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn last_call_back(&self, promise: i64) -> Result<Option<LastCallBack>, StoreError> {
        let sql = "SELECT d.begun_at, o.name, d.result, o.id FROM desk_call d
                   JOIN operator o ON o.id = d.operator WHERE d.promise = ?1
                   ORDER BY d.id DESC LIMIT 1";
        let found = self.db.prepare_cached(sql)?.query_row([promise], |row| {
            let operator = OperatorId(row.get(3)?);
            Ok((Timestamp(row.get(0)?), row.get(1)?, row.get::<_, Option<String>>(2)?, operator))
        });
        let Some((begun_at, by, result, operator)) = found.optional()? else { return Ok(None) };
        let result = result.map(|result| from_word(&result, "desk_call")).transpose()?;
        Ok(Some(LastCallBack { begun_at, by, operator, result }))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(DeskCall, Option<String>)> {
    let call = DeskCall {
        id: row.get(0)?,
        promise: row.get(1)?,
        operator: OperatorId(row.get(2)?),
        phone: phone(row, 3)?,
        leg: row.get::<_, Option<i64>>(6)?.map(CallId),
        dialled_at: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        result: None,
    };
    Ok((call, row.get(5)?))
}
