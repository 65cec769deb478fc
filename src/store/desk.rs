//! What is kept for the desk: messages and promises; and the callers' notes on their way.

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::{ReadTx, StoreError, Tx, word};
use crate::domain::{CallId, Caller, ParticipantId, Phone, RequestId, Timestamp};

/// A recording for the desk.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// On which line.
    pub line: Phone,
    /// Who left it.
    pub caller: Caller,
    /// On which leg.
    pub call: CallId,
    /// At which step of it; with the leg, what makes a repeat one message.
    pub step: u32,
    /// After which request.
    pub request: Option<RequestId>,
    /// Where the provider keeps it.
    pub recording_url: String,
    /// Its id there.
    pub recording_sid: Option<String>,
    /// Its length.
    pub seconds: u32,
    /// This moment.
    pub now: Timestamp,
}

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// The desk listens to a message and rings back.
    DeskAnswers,
    /// The desk rings a neighbour who asked for it.
    RingNeighbourBack,
    /// The coordinator of the area sees to a request.
    CoordinatorArranges,
    /// The desk looks at something on the board that was reported.
    BoardLookedAt,
}

/// A promise.
#[derive(Debug, Clone)]
pub struct NewPromise {
    /// What is promised.
    pub kind: PromiseKind,
    /// On which line.
    pub line: Phone,
    /// About which request.
    pub request: Option<RequestId>,
    /// About which message.
    pub message: Option<i64>,
    /// To which participant.
    pub participant: Option<ParticipantId>,
    /// When it is due.
    pub due_at: Timestamp,
    /// This moment.
    pub now: Timestamp,
}

/// The sound of a voice note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteAudio {
    /// Its type, as the provider gave it.
    pub content_type: String,
    /// The sound.
    pub bytes: Vec<u8>,
}

impl Tx<'_> {
    /// Keeps a message; told twice, it is one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn add_message(&mut self, new: &NewMessage) -> Result<i64, StoreError> {
        let caller =
            serde_json::to_string(&new.caller).map_err(|_| StoreError::Damaged("message"))?;
        let id = self
            .db
            .prepare_cached(
                "INSERT INTO message (line, caller, call, step, request, recording_url, recording_sid, seconds, left_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (call, step) DO UPDATE SET seconds = excluded.seconds RETURNING id",
            )?
            .query_row(
                (
                    new.line.e164(),
                    caller,
                    new.call.0,
                    new.step,
                    new.request.map(|r| r.0),
                    &new.recording_url,
                    &new.recording_sid,
                    new.seconds,
                    new.now.0,
                ),
                |row| row.get(0),
            )?;
        Ok(id)
    }

    /// Whether a message was left at this step of a leg.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn has_message(&mut self, call: CallId, step: u32) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM message WHERE call = ?1 AND step = ?2";
        Ok(self.db.prepare_cached(sql)?.exists((call.0, step))?)
    }

    /// Writes a promise down; its row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn add_promise(&mut self, new: &NewPromise) -> Result<i64, StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO promise (kind, line, request, message, participant, made_at, due_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                word(&new.kind),
                new.line.e164(),
                new.request.map(|r| r.0),
                new.message,
                new.participant.map(|p| p.0),
                new.now.0,
                new.due_at.0,
            ))?;
        Ok(self.db.last_insert_rowid())
    }

    /// A message about something that the desk has promised already belongs to that promise. Whether
    /// there was one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn message_for_promise(
        &mut self,
        request: RequestId,
        message: i64,
    ) -> Result<bool, StoreError> {
        let found = self
            .db
            .prepare_cached(
                "UPDATE promise SET message = ?2 WHERE id =
                   (SELECT max(id) FROM promise
                    WHERE request = ?1 AND (message IS NULL OR message = ?2) AND kept_at IS NULL)",
            )?
            .execute((request.0, message))?;
        Ok(found > 0)
    }

    /// The provider says that the sound of a recording can be fetched now: what waits for it need
    /// not wait longer.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn recording_ready(
        &mut self,
        call: CallId,
        url: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE message SET ready_at = coalesce(ready_at, ?3) WHERE call = ?1 AND recording_url = ?2",
            )?
            .execute((call.0, url, now.0))?;
        self.db
            .prepare_cached(
                "UPDATE outbox SET due_at = min(due_at, ?3) WHERE key IN
                   (SELECT 'fetch-note:' || id FROM note WHERE call = ?1 AND url = ?2
                    UNION ALL SELECT 'fetch-message:' || id FROM message
                      WHERE call = ?1 AND recording_url = ?2)",
            )?
            .execute((call.0, url, now.0))?;
        Ok(())
    }

    /// Writes a voice note down, before its sound is here.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn add_note(
        &mut self,
        call: CallId,
        url: &str,
        sid: Option<&str>,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        self.db
            .prepare_cached("INSERT INTO note (call, url, sid, made_at) VALUES (?1, ?2, ?3, ?4)")?
            .execute((call.0, url, sid, now.0))?;
        Ok(self.db.last_insert_rowid())
    }

    /// Keeps the sound of a note; one that was deleted meanwhile stays deleted.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn store_note_audio(
        &mut self,
        note: i64,
        content_type: &str,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE note SET content_type = ?2, sound = ?3 WHERE id = ?1")?
            .execute((note, content_type, bytes))?;
        Ok(())
    }

    /// Whether the sound of a note is here.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn has_note_audio(&mut self, note: i64) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM note WHERE id = ?1 AND sound IS NOT NULL";
        Ok(self.db.prepare_cached(sql)?.exists([note])?)
    }

    /// Deletes every note of a leg: whoever spoke it has gone. One whose search goes on stays.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn drop_notes_of_call(&mut self, call: CallId) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "DELETE FROM note WHERE call = ?1 AND NOT EXISTS
                   (SELECT 1 FROM request WHERE note = note.id AND closed_at IS NULL)",
            )?
            .execute([call.0])?;
        Ok(())
    }

    /// Deletes the note of a request: its search is over.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn drop_notes_of(&mut self, request: RequestId) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM note WHERE id = (SELECT note FROM request WHERE id = ?1)")?
            .execute([request.0])?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The sound of a note.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn note_audio(&self, note: i64) -> Result<Option<NoteAudio>, StoreError> {
        let sql = "SELECT content_type, sound FROM note WHERE id = ?1 AND sound IS NOT NULL";
        let audio = self.db.prepare_cached(sql)?.query_row([note], |row| {
            Ok(NoteAudio { content_type: row.get(0)?, bytes: row.get(1)? })
        });
        Ok(audio.optional()?)
    }
}
