//! Somebody whom the desk has at hand while their request is searched for: by way of which of its
//! telephones, and on which leg.

use rusqlite::OptionalExtension;

use super::calls::phone;
use super::intake::Source;
use super::{ReadTx, StoreError, Tx, from_word};
use crate::domain::{
    CallId, CallbackId, Caller, Language, ParticipantId, Phone, Postcode, RequestId, ServiceId,
    Timestamp,
};

/// Somebody on the telephone, as far as their call tells who they are and what they want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnThePhone {
    /// On which line.
    pub line: Phone,
    /// Their number, if it was shown and can be called back.
    pub phone: Option<Phone>,
    /// Who takes part with that number: row, name and place.
    pub participant: Option<(ParticipantId, String, Option<Postcode>)>,
    /// What they asked last in this call.
    pub service: Option<ServiceId>,
    /// Where that was.
    pub postcode: Option<Postcode>,
    /// In which language they asked it, if they asked anything.
    pub language: Option<Language>,
    /// The telephone of the desk at which they speak with somebody now.
    pub seat: Option<Phone>,
}

impl Tx<'_> {
    /// Whoever asks this is on the line while it is searched for, by way of this telephone of the
    /// desk.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn is_at_hand(&mut self, request: RequestId, seat: &Phone) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE intake SET seat = ?2 WHERE request = ?1")?
            .execute((request.0, seat.e164()))?;
        Ok(())
    }

    /// How a request came to the desk, and at which of its telephones whoever asks is at hand.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn at_hand(&mut self, request: RequestId) -> Result<Option<(Source, Phone)>, StoreError> {
        let sql = "SELECT source, seat FROM intake WHERE request = ?1 AND seat IS NOT NULL";
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row([request.0], |row| Ok((row.get::<_, String>(0)?, phone(row, 1)?)));
        let Some((source, seat)) = found.optional()? else { return Ok(None) };
        Ok(Some((from_word(&source, "intake")?, seat)))
    }

    /// By which way a request came to the desk; none when it did not.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn came_by(&mut self, request: RequestId) -> Result<Option<Source>, StoreError> {
        let sql = "SELECT source FROM intake WHERE request = ?1";
        let mut select = self.db.prepare_cached(sql)?;
        let found = select.query_row([request.0], |row| row.get::<_, String>(0)).optional()?;
        found.map(|source| from_word(&source, "intake")).transpose()
    }

    /// Nobody is asked for it yet, so there is no open search: one opens it again.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn waits_for_the_coordinator(
        &mut self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE request SET closed_at = ?2 WHERE id = ?1")?
            .execute((request.0, now.0))?;
        Ok(())
    }

    /// The leg of the caller who speaks with somebody at this telephone of the desk.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn speaks_with(&mut self, seat: &Phone) -> Result<Option<CallId>, StoreError> {
        // Either they called and the desk took it, or the desk called them back.
        let sql = "SELECT r.call FROM attempt a JOIN request r ON r.id = a.request
                   WHERE a.phone = ?1 AND a.ended_at IS NULL AND a.accepted_at IS NOT NULL
                     AND r.kind = 'desk' AND r.accepted = a.id AND r.call IS NOT NULL
                   UNION ALL
                   SELECT c.id FROM desk_call d JOIN call s ON s.id = d.leg
                     JOIN placed p ON p.sid = s.sid JOIN call c ON c.parent_sid = s.sid
                   WHERE d.ended_at IS NULL AND p.phone = ?1 AND s.ended_at IS NULL
                     AND c.ended_at IS NULL AND c.role = 'caller'
                   LIMIT 1";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.query_row([seat.e164()], |row| row.get(0)).optional()?.map(CallId))
    }

    /// The ring is over, and the leg that it led to goes on: theirs was a call of its own before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn ring_over_leg_goes_on(
        &mut self,
        id: CallbackId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE callback SET sid = NULL, ended_at = coalesce(ended_at, ?2) WHERE id = ?1",
            )?
            .execute((id.0, now.0))?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// Whoever is on this leg; none when it is not a caller's.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn on_the_phone(&self, call: CallId) -> Result<Option<OnThePhone>, StoreError> {
        // Whoever is called back asked what was promised an answer to.
        let asked = |column: &str| {
            format!(
                "coalesce((SELECT {column} FROM request WHERE call = c.id AND {column} IS NOT NULL
                  ORDER BY id DESC LIMIT 1), q.{column})"
            )
        };
        let sql = format!(
            "SELECT c.line, c.caller, t.id, t.name, t.postcode, {}, {}, {},
               coalesce((SELECT a.phone FROM request r JOIN attempt a ON a.id = r.accepted
                 WHERE r.call = c.id AND r.kind = 'desk' AND a.ended_at IS NULL
                   AND c.ended_at IS NULL),
                 iif(d.ended_at IS NULL AND c.ended_at IS NULL, p.phone, NULL))
             FROM call c LEFT JOIN participant t ON t.id = c.participant
               LEFT JOIN call s ON s.sid = c.parent_sid
               LEFT JOIN desk_call d ON d.leg = s.id
               LEFT JOIN placed p ON p.sid = s.sid AND d.id IS NOT NULL
               LEFT JOIN promise m ON m.id = d.promise
               LEFT JOIN request q ON q.id = m.request
             WHERE c.id = ?1 AND c.role = 'caller'",
            asked("service"),
            asked("postcode"),
            asked("language")
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([call.0])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let place = |at| {
            let number: Option<u16> = row.get(at)?;
            Ok::<_, StoreError>(number.and_then(|number| Postcode::try_from(number).ok()))
        };
        let caller: Caller = serde_json::from_str(row.get_ref(1)?.as_str().unwrap_or(""))
            .map_err(|_| StoreError::Damaged("call"))?;
        let participant = match row.get::<_, Option<i64>>(2)? {
            Some(id) => Some((ParticipantId(id), row.get(3)?, place(4)?)),
            None => None,
        };
        let seat: Option<String> = row.get(8)?;
        Ok(Some(OnThePhone {
            line: phone(row, 0)?,
            phone: caller.phone().cloned(),
            participant,
            service: row.get::<_, Option<String>>(5)?.and_then(|id| ServiceId::parse(&id).ok()),
            postcode: place(6)?,
            language: row.get::<_, Option<String>>(7)?.and_then(|code| Language::parse(&code)),
            seat: seat.and_then(|number| Phone::from_stored(&number).ok()),
        }))
    }
}
