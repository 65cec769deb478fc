//! Calls that the exchange places itself, and how far each has come.

use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use super::calls::phone;
use super::taken::is_taken;
use super::{StoreError, Tx, from_word};
use crate::domain::{AttemptId, Phone, PlacedId, RequestId, Timestamp};

/// How far a placed call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacedState {
    /// Decided. The provider was not asked, or is known not to have made it.
    Waiting,
    /// The provider is being asked, or was and nobody knows what came of it.
    Asking,
    /// The provider has it, under an id.
    Ringing,
    /// Somebody, or a voicemail box, picked up.
    Answered,
    /// Over, in whatever way.
    Over,
}

/// A call to be placed.
#[derive(Debug, Clone)]
pub struct NewPlaced {
    /// The line whose number is shown.
    pub line: Phone,
    /// Whom.
    pub phone: Phone,
    /// What for, in the driver's own form.
    pub purpose: String,
    /// The attempt that it rings for, if it does for one.
    pub attempt: Option<AttemptId>,
    /// Seconds that the telephone really rings.
    pub ring_seconds: u32,
    /// Milliseconds between two placed calls, at the least.
    pub interval: u32,
    /// This moment.
    pub now: Timestamp,
}

/// A placed call.
#[derive(Debug, Clone)]
pub struct Placed {
    /// Its row; also the key that the provider is given.
    pub id: PlacedId,
    /// The line whose number is shown.
    pub line: Phone,
    /// Whom.
    pub phone: Phone,
    /// What for, in the driver's own form.
    pub purpose: String,
    /// Seconds that the telephone really rings.
    pub ring_seconds: u32,
    /// How far it has come.
    pub state: PlacedState,
    /// Nobody needs it any more: it is let go as soon as it is known where it is.
    pub unwanted: bool,
    /// The provider's id, once it is known.
    pub sid: Option<String>,
    /// How often the provider was asked.
    pub tries: u32,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// Not before.
    pub slot_at: Timestamp,
    /// When the provider was asked last.
    pub asked_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, line, phone, purpose, ring_seconds, state, unwanted, sid, tries, \
                       decided_at, slot_at, asked_at";

impl Tx<'_> {
    /// Writes a call down that is to be placed, in the next free slot; `None` when that telephone
    /// is rung or in a conversation already (R3).
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn decide_to_place(&mut self, new: &NewPlaced) -> Result<Option<Placed>, StoreError> {
        let written = self
            .db
            .prepare_cached(concat!(
                "INSERT INTO placed (line, phone, purpose, attempt, ring_seconds, decided_at, slot_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6,
                   max(?6, coalesce((SELECT slot_at + ?7 FROM placed ORDER BY id DESC LIMIT 1), ?6))
                 WHERE NOT ", is_taken!("?2", besides "?4"), "
                 ON CONFLICT DO NOTHING",
            ))?
            .execute((
                new.line.e164(),
                new.phone.e164(),
                &new.purpose,
                new.attempt.map(|a| a.0),
                new.ring_seconds,
                new.now.0,
                new.interval,
            ))?;
        if written == 0 {
            return Ok(None);
        }
        self.placed(PlacedId(self.db.last_insert_rowid()))
    }

    /// The next free slot, with this many milliseconds between two.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn next_slot(&mut self, interval: u32, now: Timestamp) -> Result<Timestamp, StoreError> {
        let sql = "SELECT slot_at + ?1 FROM placed ORDER BY id DESC LIMIT 1";
        let next = self.db.prepare_cached(sql)?.query_row([interval], |row| row.get(0));
        Ok(next.optional()?.map_or(now, Timestamp).max(now))
    }

    /// The request that a placed call rings for: a candidate of it, or its caller.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn request_of_placed(&mut self, id: PlacedId) -> Result<Option<RequestId>, StoreError> {
        let sql =
            "SELECT a.request FROM placed p JOIN attempt a ON a.id = p.attempt WHERE p.id = ?1
                   UNION ALL SELECT request FROM callback WHERE placed = ?1 LIMIT 1";
        let found = self.db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0));
        Ok(found.optional()?.map(RequestId))
    }

    /// The placed call of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed(&mut self, id: PlacedId) -> Result<Option<Placed>, StoreError> {
        self.one_placed("id = ?1", id.0)
    }

    /// The placed call with this id of the provider.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_by_sid(&mut self, sid: &str) -> Result<Option<Placed>, StoreError> {
        self.one_placed("sid = ?1", sid)
    }

    /// The placed call, not over, that rings for this attempt.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_for_attempt(&mut self, attempt: AttemptId) -> Result<Option<Placed>, StoreError> {
        self.one_placed("attempt = ?1 AND ended_at IS NULL", attempt.0)
    }

    fn one_placed(
        &mut self,
        which: &str,
        key: impl rusqlite::ToSql,
    ) -> Result<Option<Placed>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM placed WHERE {which}");
        let found = self.db.prepare_cached(&sql)?.query_row([key], read_placed).optional()?;
        found.map(|(placed, state)| with_state(placed, &state)).transpose()
    }

    /// The provider is about to be asked: on disk before it is.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_asking(&mut self, id: PlacedId, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE placed SET state = 'asking', tries = tries + 1, asked_at = ?2
                 WHERE id = ?1 AND state = 'waiting'",
            )?
            .execute((id.0, now.0))?;
        Ok(())
    }

    /// The provider is known not to have made it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_not_made(&mut self, id: PlacedId) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE placed SET state = 'waiting' WHERE id = ?1 AND state = 'asking'",
            )?
            .execute([id.0])?;
        Ok(())
    }

    /// The provider has it, under this id. The first id stays.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_has_sid(&mut self, id: PlacedId, sid: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE placed SET sid = ?2, state = 'ringing'
                 WHERE id = ?1 AND sid IS NULL AND state IN ('waiting', 'asking')",
            )?
            .execute((id.0, sid))?;
        Ok(())
    }

    /// Somebody picked up.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_answered(&mut self, id: PlacedId) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE placed SET state = 'answered' WHERE id = ?1 AND state = 'ringing'",
            )?
            .execute([id.0])?;
        Ok(())
    }

    /// The call with this purpose that is not over, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_with(&mut self, purpose: &str) -> Result<Option<PlacedId>, StoreError> {
        let sql = "SELECT id FROM placed WHERE ended_at IS NULL AND purpose = ?1";
        let found = self.db.prepare_cached(sql)?.query_row([purpose], |row| row.get(0));
        Ok(found.optional()?.map(PlacedId))
    }

    /// How many calls for purposes that begin so were placed to this telephone since then.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_since(
        &mut self,
        phone: &Phone,
        purpose: &str,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM placed
                   WHERE phone = ?1 AND decided_at > ?2 AND substr(purpose, 1, length(?3)) = ?3";
        let count = (phone.e164(), since.0, purpose);
        Ok(self.db.prepare_cached(sql)?.query_row(count, |row| row.get(0))?)
    }

    /// What it was for is told otherwise from now on: without what nobody needs any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_is_for(&mut self, id: PlacedId, purpose: &str) -> Result<(), StoreError> {
        let sql = "UPDATE placed SET purpose = ?2 WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute((id.0, purpose))?;
        Ok(())
    }

    /// Nobody needs it any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_unwanted(&mut self, id: PlacedId) -> Result<(), StoreError> {
        self.db.prepare_cached("UPDATE placed SET unwanted = 1 WHERE id = ?1")?.execute([id.0])?;
        Ok(())
    }

    /// It is over, with this result, a word. Whether it was not before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn placed_over(
        &mut self,
        id: PlacedId,
        result: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let ended = self
            .db
            .prepare_cached(
                "UPDATE placed SET state = 'over', ended_at = ?2, result = ?3
                 WHERE id = ?1 AND state <> 'over'",
            )?
            .execute((id.0, now.0, result))?;
        Ok(ended == 1)
    }

    /// Whether a leg with this id of the provider is known, as whatever it may be.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn knows_sid(&mut self, sid: &str) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM call WHERE sid = ?1)
                       OR EXISTS (SELECT 1 FROM placed WHERE sid = ?1)";
        Ok(self.db.prepare_cached(sql)?.query_row([sid], |row| row.get(0))?)
    }
}

fn read_placed(row: &Row<'_>) -> rusqlite::Result<(Placed, String)> {
    let moment = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(Timestamp));
    let placed = Placed {
        id: PlacedId(row.get(0)?),
        line: phone(row, 1)?,
        phone: phone(row, 2)?,
        purpose: row.get(3)?,
        ring_seconds: row.get(4)?,
        state: PlacedState::Waiting,
        unwanted: row.get(6)?,
        sid: row.get(7)?,
        tries: row.get(8)?,
        decided_at: Timestamp(row.get(9)?),
        slot_at: Timestamp(row.get(10)?),
        asked_at: moment(11)?,
    };
    Ok((placed, row.get(5)?))
}

fn with_state(placed: Placed, state: &str) -> Result<Placed, StoreError> {
    Ok(Placed { state: from_word(state, "placed")?, ..placed })
}
