//! Who is logged in. The database knows the SHA-256 of a session's token and never the token.

use std::time::Duration;

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::{ReadTx, StoreError, Tx, from_word, operators, word};
use crate::domain::{Operator, OperatorId, Timestamp};

/// The SHA-256 of a session's token.
pub type SessionHash = [u8; 32];

/// How far somebody is in logging in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// The password was right; the code of the second factor is still to come.
    Code,
    /// The password was right; a second factor is needed and still to be set up.
    Enrol,
    /// Password and second factor were right; a password of their own is still to be chosen.
    Password,
    /// In.
    In,
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a click.
    pub idle: Duration,
    /// Altogether.
    pub whole: Duration,
    /// Between the password and the second factor.
    pub halfway: Duration,
}

/// Somebody's session that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Whose.
    pub operator: Operator,
    /// How far.
    pub stage: Stage,
    /// When it was last used; not noted at every click.
    pub seen_at: Timestamp,
}

impl Tx<'_> {
    /// Begins a session; sessions that are over go at the same time.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn begin_session(
        &mut self,
        hash: SessionHash,
        operator: OperatorId,
        stage: Stage,
        limits: SessionLimits,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM session WHERE made_at < ?1 OR seen_at < ?2")?
            .execute(((now - limits.whole).0, (now - limits.idle).0))?;
        self.db
            .prepare_cached(
                "INSERT INTO session (hash, operator, stage, made_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?4)",
            )?
            .execute((hash, operator.0, word(&stage), now.0))?;
        Ok(())
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn session_seen(&mut self, hash: SessionHash, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE session SET seen_at = max(seen_at, ?2) WHERE hash = ?1")?
            .execute((hash, now.0))?;
        Ok(())
    }

    /// Ends a session. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn end_session(&mut self, hash: SessionHash) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM session WHERE hash = ?1")?.execute([hash])?;
        Ok(())
    }

    /// Ends every session of somebody.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn end_sessions_of(&mut self, operator: OperatorId) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM session WHERE operator = ?1")?.execute([operator.0])?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The session of this token, if it holds now: not over, and its operator not switched off.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn session(
        &self,
        hash: SessionHash,
        limits: SessionLimits,
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let sql = "SELECT s.operator, s.stage, s.made_at, s.seen_at
                   FROM session s JOIN operator o ON o.id = s.operator
                   WHERE s.hash = ?1 AND o.off_at IS NULL";
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row([hash], |row| {
                let (made_at, seen_at) = (Timestamp(row.get(2)?), Timestamp(row.get(3)?));
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, made_at, seen_at))
            })
            .optional()?;
        let Some((operator, stage, made_at, seen_at)) = found else { return Ok(None) };
        let stage = from_word(&stage, "session")?;
        let whole = if stage == Stage::In { limits.whole } else { limits.halfway };
        if now.since(made_at) >= whole || now.since(seen_at) >= limits.idle {
            return Ok(None);
        }
        let operator = operators::operator(self.db, operator)?;
        Ok(operator.map(|operator| Session { operator, stage, seen_at }))
    }
}
