//! Legs, and what each step of them was answered (R11).

use rusqlite::{OptionalExtension, Row};

use super::{ReadTx, StoreError, Tx};
use crate::domain::{AttemptId, CallId, Caller, ParticipantId, Phone, Timestamp};

/// Whose telephone call it is, as the network sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Somebody dialled a line.
    Incoming,
    /// Made by a dial on another leg.
    Dialled,
    /// Placed by the exchange itself.
    Placed,
}

/// Who is at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Somebody who asks.
    Caller,
    /// Somebody who is asked.
    Neighbour,
    /// The desk.
    Desk,
}

/// A leg to be written down.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// The provider's id.
    pub sid: String,
    /// The id of the leg that dialled it.
    pub parent_sid: Option<String>,
    /// How it came about.
    pub direction: Direction,
    /// Who is at the other end.
    pub role: Role,
    /// The line it belongs to.
    pub line: Phone,
    /// The other end's number, as far as known.
    pub caller: Caller,
    /// The other end, if that number is a participant's.
    pub participant: Option<ParticipantId>,
    /// The attempt it is the leg of.
    pub attempt: Option<AttemptId>,
    /// This moment.
    pub now: Timestamp,
}

/// A leg.
#[derive(Debug, Clone)]
pub struct Call {
    /// Its row.
    pub id: CallId,
    /// The provider's id.
    pub sid: String,
    /// Who is at the other end.
    pub role: Role,
    /// The line it belongs to.
    pub line: Phone,
    /// The other end's number, as far as known.
    pub caller: Caller,
    /// The other end, if that number is a participant's.
    pub participant: Option<ParticipantId>,
    /// The attempt it is the leg of.
    pub attempt: Option<AttemptId>,
    /// Where its flow stands, in the driver's own form.
    pub position: Option<String>,
    /// The last step that was answered; -1 before the first.
    pub step: i64,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
}

/// What a step was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Of the content that was answered.
    pub fingerprint: [u8; 16],
    /// The document.
    pub answer: String,
}

/// SQL: what `read_call` reads. A macro, so that no statement is put together anew for every webhook.
macro_rules! columns {
    () => {
        "c.id, c.sid, c.role, c.line, c.caller, c.participant, c.attempt, c.position, c.step,
         c.ended_at"
    };
}

impl Tx<'_> {
    /// Writes a leg down; one with the same id of the provider is given as it is.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn open_call(&mut self, new: &NewCall) -> Result<Call, StoreError> {
        let direction = match new.direction {
            Direction::Incoming => "incoming",
            Direction::Dialled => "dialled",
            Direction::Placed => "placed",
        };
        let role = match new.role {
            Role::Caller => "caller",
            Role::Neighbour => "neighbour",
            Role::Desk => "desk",
        };
        let caller = serde_json::to_string(&new.caller).map_err(|_| StoreError::Damaged("call"))?;
        let known = self
            .db
            .prepare_cached(
                "INSERT INTO call (sid, parent_sid, direction, role, line, caller, participant, attempt, started_at, heard_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9) ON CONFLICT (sid) DO NOTHING",
            )?
            .execute((
                &new.sid,
                &new.parent_sid,
                direction,
                role,
                new.line.e164(),
                caller,
                new.participant.map(|p| p.0),
                new.attempt.map(|a| a.0),
                new.now.0,
            ))?
            == 0;
        if known {
            return self.call_by_sid(&new.sid)?.ok_or(StoreError::Damaged("call"));
        }
        Ok(Call {
            id: CallId(self.db.last_insert_rowid()),
            sid: new.sid.clone(),
            role: new.role,
            line: new.line.clone(),
            caller: new.caller.clone(),
            participant: new.participant,
            attempt: new.attempt,
            position: None,
            step: -1,
            ended_at: None,
        })
    }

    /// The leg of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn call(&mut self, call: CallId) -> Result<Option<Call>, StoreError> {
        let sql = concat!("SELECT ", columns!(), " FROM call c WHERE c.id = ?1");
        Ok(self.db.prepare_cached(sql)?.query_row([call.0], read_call).optional()?)
    }

    /// The leg with this id of the provider.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn call_by_sid(&mut self, sid: &str) -> Result<Option<Call>, StoreError> {
        let sql = concat!("SELECT ", columns!(), " FROM call c WHERE c.sid = ?1");
        Ok(self.db.prepare_cached(sql)?.query_row([sid], read_call).optional()?)
    }

    /// Where the last call of this caller to this line stood when it was over, since then, of those
    /// whose stored position has these words in it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn left_off(
        &mut self,
        line: &Phone,
        caller: &Caller,
        words: &str,
        since: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let caller = serde_json::to_string(caller).map_err(|_| StoreError::Damaged("call"))?;
        let sql = "SELECT position FROM call
                   WHERE direction = 'incoming' AND role = 'caller' AND started_at >= ?1
                     AND line = ?2 AND caller = ?3 AND ended_at IS NOT NULL
                     AND instr(position, ?4) > 0
                   ORDER BY started_at DESC LIMIT 1";
        let key = (since.0, line.e164(), caller, words);
        Ok(self.db.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?)
    }

    /// Calls of this caller that are over, and stood at these words, are not gone on with.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn nothing_left_off(&mut self, caller: &Caller, words: &str) -> Result<(), StoreError> {
        let caller = serde_json::to_string(caller).map_err(|_| StoreError::Damaged("call"))?;
        self.db
            .prepare_cached(
                "UPDATE call SET position = NULL
                 WHERE direction = 'incoming' AND role = 'caller' AND caller = ?1
                   AND ended_at IS NOT NULL AND instr(position, ?2) > 0",
            )?
            .execute((caller, words))?;
        Ok(())
    }

    /// Whether whoever has this number is in a call with us, as the one who called.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn is_calling_us(&mut self, phone: &Phone) -> Result<bool, StoreError> {
        let caller = serde_json::to_string(&Caller::Known(phone.clone()));
        let caller = caller.map_err(|_| StoreError::Damaged("call"))?;
        let sql = "SELECT 1 FROM call INDEXED BY call_live_participant
                   WHERE ended_at IS NULL AND caller = ?1";
        Ok(self.db.prepare_cached(sql)?.exists([caller])?)
    }

    /// The leg is over. The first time counts.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn call_ended(&mut self, call: CallId, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE call SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL")?
            .execute((call.0, now.0))?;
        Ok(())
    }

    /// The leg of this attempt is over, if it ever began.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn leg_of_attempt_ended(
        &mut self,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE call SET ended_at = ?2 WHERE ended_at IS NULL
                 AND sid = (SELECT sid FROM attempt WHERE id = ?1) AND attempt = ?1",
            )?
            .execute((attempt.0, now.0))?;
        Ok(())
    }

    /// The leg was heard of just now, or asked after.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn heard_of(&mut self, call: CallId, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE call SET heard_at = ?2 WHERE id = ?1")?
            .execute((call.0, now.0))?;
        Ok(())
    }

    /// The leg of this row, and what this step of it was answered, if it was.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn call_at_step(
        &mut self,
        call: CallId,
        step: u32,
    ) -> Result<Option<(Call, Option<Given>)>, StoreError> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            ", s.fingerprint, s.answer FROM call c
             LEFT JOIN step s ON s.call = c.id AND s.number = ?2 WHERE c.id = ?1"
        );
        let found = self.db.prepare_cached(sql)?.query_row((call.0, step), |row| {
            let given = match row.get(11)? {
                Some(answer) => Some(Given { fingerprint: row.get(10)?, answer }),
                None => None,
            };
            Ok((read_call(row)?, given))
        });
        Ok(found.optional()?)
    }

    /// What this step of the leg was answered, if it was.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn answer_given(&mut self, call: CallId, step: u32) -> Result<Option<Given>, StoreError> {
        let sql = "SELECT fingerprint, answer FROM step WHERE call = ?1 AND number = ?2";
        let given = self.db.prepare_cached(sql)?.query_row((call.0, step), |row| {
            Ok(Given { fingerprint: row.get(0)?, answer: row.get(1)? })
        });
        Ok(given.optional()?)
    }

    /// Writes down what a step is answered, before it is, and where the leg's flow then stands.
    ///
    /// # Errors
    /// [`StoreError`] of the database; also when the step was answered before.
    pub fn record_step(
        &mut self,
        call: CallId,
        step: u32,
        fingerprint: [u8; 16],
        answer: &str,
        position: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO step (call, number, fingerprint, answer) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((call.0, step, fingerprint, answer))?;
        self.db
            .prepare_cached(
                "UPDATE call SET step = ?2, position = ?3, heard_at = ?4 WHERE id = ?1",
            )?
            .execute((call.0, step, position, now.0))?;
        Ok(())
    }

    /// The leg stands otherwise, although no step of it was answered.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn restand(&mut self, call: CallId, position: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE call SET position = ?2 WHERE id = ?1")?
            .execute((call.0, position))?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The document that this step of a leg was answered with.
    pub(super) fn answer_of(&self, call: CallId, step: u32) -> Result<Option<String>, StoreError> {
        let sql = "SELECT answer FROM step WHERE call = ?1 AND number = ?2";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.query_row((call.0, step), |row| row.get(0)).optional()?)
    }

    /// Legs of which nothing was heard since `before`, the longest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn quiet_calls(&self, before: Timestamp, most: usize) -> Result<Vec<Call>, StoreError> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            " FROM call c INDEXED BY call_live_participant
             WHERE ended_at IS NULL AND heard_at <= ?1
             ORDER BY heard_at LIMIT ?2"
        );
        let mut select = self.db.prepare_cached(sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = select.query_map((before.0, most), read_call)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

fn read_call(row: &Row<'_>) -> rusqlite::Result<Call> {
    let caller = row.get_ref(4)?.as_str()?;
    Ok(Call {
        id: CallId(row.get(0)?),
        sid: row.get(1)?,
        role: match row.get_ref(2)?.as_str()? {
            "neighbour" => Role::Neighbour,
            "desk" => Role::Desk,
            _ => Role::Caller,
        },
        line: phone(row, 3)?,
        // A number that no longer passes the gate is as good as none.
        caller: serde_json::from_str(caller).unwrap_or(Caller::Withheld),
        participant: row.get::<_, Option<i64>>(5)?.map(ParticipantId),
        attempt: row.get::<_, Option<i64>>(6)?.map(AttemptId),
        position: row.get(7)?,
        step: row.get(8)?,
        ended_at: row.get::<_, Option<i64>>(9)?.map(Timestamp),
    })
}

/// A number from a row, through the gate of loading (R12).
pub(super) fn phone(row: &Row<'_>, at: usize) -> rusqlite::Result<Phone> {
    Phone::from_stored(row.get_ref(at)?.as_str()?).map_err(|fault| {
        rusqlite::Error::FromSqlConversionFailure(at, rusqlite::types::Type::Text, Box::new(fault))
    })
}
