//! A few words for colleagues about a promise or a request, for a fortnight.

use std::time::Duration;

use super::{ReadTx, StoreError, Tx};
use crate::domain::{Note, OperatorId, RequestId, Timestamp};

/// How long a note is kept.
const KEPT: Duration = Duration::from_secs(14 * 24 * 3600);

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteAbout {
    /// A promise, by its row.
    Promise(i64),
    /// A request.
    Request(RequestId),
}

/// A note as colleagues see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskNote {
    /// The words.
    pub text: String,
    /// Who wrote it.
    pub by: String,
    /// When.
    pub made_at: Timestamp,
    /// Until when it is kept.
    pub expires_at: Timestamp,
}

impl NoteAbout {
    fn columns(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Promise(id) => (Some(id), None),
            Self::Request(id) => (None, Some(id.0)),
        }
    }
}

impl Tx<'_> {
    /// Adds a note; the same words by the same operator, still there, are one note. Whether it was
    /// added.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn add_desk_note(
        &mut self,
        about: NoteAbout,
        note: &Note,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let (promise, request) = about.columns();
        let added = self
            .db
            .prepare_cached(
                "INSERT INTO desk_note (promise, request, text, operator, made_at, expires_at)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS
                   (SELECT 1 FROM desk_note WHERE promise IS ?1 AND request IS ?2 AND text = ?3
                      AND operator = ?4 AND expires_at > ?5)",
            )?
            .execute((promise, request, note.as_str(), by.0, now.0, (now + KEPT).0))?;
        Ok(added == 1)
    }

    /// Deletes every note that has expired. How many there were.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn delete_expired_notes(&mut self, now: Timestamp) -> Result<usize, StoreError> {
        let sql = "DELETE FROM desk_note WHERE expires_at <= ?1";
        Ok(self.db.prepare_cached(sql)?.execute([now.0])?)
    }
}

impl ReadTx<'_> {
    /// Whether there is a note that has expired.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn note_has_expired(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM desk_note WHERE expires_at <= ?1 LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.exists([now.0])?)
    }

    /// Notes about something that have not expired, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_notes(
        &self,
        about: NoteAbout,
        now: Timestamp,
    ) -> Result<Vec<DeskNote>, StoreError> {
        let (promise, request) = about.columns();
        let mut select = self.db.prepare_cached(
            "SELECT n.text, coalesce(o.name, ''), n.made_at, n.expires_at FROM desk_note n
               LEFT JOIN operator o ON o.id = n.operator
             WHERE n.promise IS ?1 AND n.request IS ?2 AND n.expires_at > ?3 ORDER BY n.id",
        )?;
        let notes = select.query_map((promise, request, now.0), |row| {
            Ok(DeskNote {
                text: row.get(0)?,
                by: row.get(1)?,
                made_at: Timestamp(row.get(2)?),
                expires_at: Timestamp(row.get(3)?),
            })
        })?;
        Ok(notes.collect::<Result<_, _>>()?)
    }
}
