//! Who is logged in on their own pages. The database knows the SHA-256 of a session's token and
//! never the token. A session goes with the person, and the moment that they stop.

use rusqlite::OptionalExtension;

use super::{ReadTx, SessionHash, StoreError, Tx};
use crate::domain::{ParticipantId, Timestamp};

/// How long such a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnSessionLimits {
    /// Without a click.
    pub idle: std::time::Duration,
    /// Altogether.
    pub whole: std::time::Duration,
}

/// Somebody's session that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnSession {
    /// Whose.
    pub participant: ParticipantId,
    /// When it was last used; not noted at every click.
    pub seen_at: Timestamp,
}

impl Tx<'_> {
    /// Begins a session; sessions that are over go at the same time.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn begin_own_session(
        &mut self,
        hash: SessionHash,
        participant: ParticipantId,
        limits: OwnSessionLimits,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM own_session WHERE made_at < ?1 OR seen_at < ?2")?
            .execute(((now - limits.whole).0, (now - limits.idle).0))?;
        let sql =
            "INSERT INTO own_session (hash, participant, made_at, seen_at) VALUES (?1, ?2, ?3, ?3)";
        self.db.prepare_cached(sql)?.execute((hash, participant.0, now.0))?;
        self.heard_from(participant, now)
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn own_session_seen(
        &mut self,
        hash: SessionHash,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE own_session SET seen_at = max(seen_at, ?2) WHERE hash = ?1";
        self.db.prepare_cached(sql)?.execute((hash, now.0))?;
        Ok(())
    }

    /// Ends a session. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn end_own_session(&mut self, hash: SessionHash) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM own_session WHERE hash = ?1")?.execute([hash])?;
        Ok(())
    }

    /// Ends every session of somebody, and what they began to log in or to prove.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn end_own_sessions_of(&mut self, who: ParticipantId) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM own_session WHERE participant = ?1")?
            .execute([who.0])?;
        self.db
            .prepare_cached("DELETE FROM spoken_code WHERE participant = ?1")?
            .execute([who.0])?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The session of this token, if it holds now: not over, and whoever it is takes part.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn own_session(
        &self,
        hash: SessionHash,
        limits: OwnSessionLimits,
        now: Timestamp,
    ) -> Result<Option<OwnSession>, StoreError> {
        let sql = "SELECT s.participant, s.seen_at
                   FROM own_session s JOIN participant p ON p.id = s.participant
                   WHERE s.hash = ?1 AND s.made_at > ?2 AND s.seen_at > ?3
                     AND p.consented AND p.verified_at IS NOT NULL";
        let oldest = ((now - limits.whole).0, (now - limits.idle).0);
        let found = self.db.prepare_cached(sql)?.query_row((hash, oldest.0, oldest.1), |row| {
            Ok(OwnSession {
                participant: ParticipantId(row.get(0)?),
                seen_at: Timestamp(row.get(1)?),
            })
        });
        Ok(found.optional()?)
    }
}
