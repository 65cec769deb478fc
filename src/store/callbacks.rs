//! Rings of callers who are called back: by the leg of the neighbour who said yes, or by a call of
//! the exchange's own.

use rusqlite::{OptionalExtension, Row};

use super::calls::phone;
use super::taken::is_taken;
use super::{StoreError, Tx};
use crate::dispatch::Reason;
use crate::domain::{AttemptId, CallbackId, Phone, PlacedId, RequestId, Timestamp};

/// Whose leg rings the caller, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackBy {
    /// The leg of the neighbour who said yes.
    Neighbour(AttemptId),
    /// A call of the exchange's own.
    Placed(Reason),
}

/// One ring of a caller.
#[derive(Debug, Clone)]
pub struct Callback {
    /// Its row.
    pub id: CallbackId,
    /// For which request.
    pub request: RequestId,
    /// Whose leg, what for.
    pub by: CallbackBy,
    /// Which telephone.
    pub phone: Phone,
    /// The placed call, once it is decided.
    pub placed: Option<PlacedId>,
    /// The provider's id of the caller's leg, once it is known.
    pub sid: Option<String>,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, request, why, attempt, phone, placed, sid, ended_at";

impl Tx<'_> {
    /// Writes down that a caller is rung. A neighbour's leg dials them at once: when that telephone
    /// is rung or in a conversation already (R3), the ring is over as it begins.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn open_callback(
        &mut self,
        request: RequestId,
        by: CallbackBy,
        phone: &Phone,
        now: Timestamp,
    ) -> Result<Callback, StoreError> {
        let (why, attempt) = match by {
            CallbackBy::Neighbour(attempt) => ("join", Some(attempt.0)),
            CallbackBy::Placed(Reason::Confirm) => ("confirm", None),
            CallbackBy::Placed(Reason::Again) => ("again", None),
            CallbackBy::Placed(Reason::Outcome) => ("outcome", None),
            CallbackBy::Placed(Reason::Ask) => ("ask", None),
        };
        self.db
            .prepare_cached(concat!(
                "INSERT INTO callback (request, why, attempt, phone, began_at, ended_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, iif(?3 IS NOT NULL AND ",
                is_taken!("?4"),
                ", ?5, NULL)",
            ))?
            .execute((request.0, why, attempt, phone.e164(), now.0))?;
        let id = CallbackId(self.db.last_insert_rowid());
        self.callback(id)?.ok_or(StoreError::Damaged("callback"))
    }

    /// The ring of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn callback(&mut self, id: CallbackId) -> Result<Option<Callback>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM callback WHERE id = ?1");
        Ok(self.db.prepare_cached(&sql)?.query_row([id.0], read_callback).optional()?)
    }

    /// The exchange places it, as this call.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn callback_placed(&mut self, id: CallbackId, placed: PlacedId) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE callback SET placed = ?2 WHERE id = ?1")?
            .execute((id.0, placed.0))?;
        Ok(())
    }

    /// The provider's id of the caller's leg.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn callback_sid(&mut self, id: CallbackId, sid: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE callback SET sid = ?2 WHERE id = ?1")?
            .execute((id.0, sid))?;
        Ok(())
    }

    /// It is over, and so is the leg that it led to. The first time counts.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn callback_ended(&mut self, id: CallbackId, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE callback SET ended_at = coalesce(ended_at, ?2) WHERE id = ?1")?
            .execute((id.0, now.0))?;
        self.db
            .prepare_cached(
                "UPDATE call SET ended_at = ?2 WHERE ended_at IS NULL
                 AND sid = (SELECT sid FROM callback WHERE id = ?1)",
            )?
            .execute((id.0, now.0))?;
        Ok(())
    }

    /// This neighbour's leg is over, and with it every ring of a caller by that leg, of which no
    /// other word may ever come.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn callbacks_by_ended(
        &mut self,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE callback SET ended_at = ?2 WHERE attempt = ?1 AND ended_at IS NULL";
        self.db.prepare_cached(sql)?.execute((attempt.0, now.0))?;
        Ok(())
    }

    /// The search of this request is no longer driven: rings of its caller are over. The placed calls
    /// among them, which still have to be let go.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn lose_callbacks_of(
        &mut self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<Vec<PlacedId>, StoreError> {
        let sql = "UPDATE callback SET ended_at = ?2 WHERE request = ?1 AND ended_at IS NULL
                   RETURNING placed";
        let mut update = self.db.prepare_cached(sql)?;
        let placed = update.query_map((request.0, now.0), |row| row.get::<_, Option<i64>>(0))?;
        let placed = placed.collect::<Result<Vec<_>, _>>()?;
        Ok(placed.into_iter().flatten().map(PlacedId).collect())
    }

    /// How often this number was asked, since then, whether somebody there wants to be called back.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn confirmations_since(
        &mut self,
        phone: &Phone,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM callback
                   WHERE phone = ?1 AND why = 'confirm' AND began_at >= ?2";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.query_row((phone.e164(), since.0), |row| row.get(0))?)
    }
}

fn read_callback(row: &Row<'_>) -> rusqlite::Result<Callback> {
    let why: String = row.get(2)?;
    let attempt = row.get::<_, Option<i64>>(3)?.map(AttemptId);
    Ok(Callback {
        id: CallbackId(row.get(0)?),
        request: RequestId(row.get(1)?),
        by: match (attempt, why.as_str()) {
            (Some(attempt), _) => CallbackBy::Neighbour(attempt),
            (None, "confirm") => CallbackBy::Placed(Reason::Confirm),
            (None, "again") => CallbackBy::Placed(Reason::Again),
            (None, "ask") => CallbackBy::Placed(Reason::Ask),
            (None, _) => CallbackBy::Placed(Reason::Outcome),
        },
        phone: phone(row, 4)?,
        placed: row.get::<_, Option<i64>>(5)?.map(PlacedId),
        sid: row.get(6)?,
        ended_at: row.get::<_, Option<i64>>(7)?.map(Timestamp),
    })
}
