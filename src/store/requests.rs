//! Requests, and the dispatch machine of each.

use rusqlite::{OptionalExtension, Row};

use super::calls::phone;
use super::{StoreError, Tx, word};
use crate::dispatch::Outcome;
use crate::domain::{
    AttemptId, CallId, Language, ParticipantId, Phone, Postcode, RequestId, ServiceId, Timestamp,
};

/// Whom somebody asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// A neighbour.
    Neighbour,
    /// Somebody at the desk.
    Desk,
}

/// A request to be written down.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// On which line.
    pub line: Phone,
    /// For whom.
    pub kind: RequestKind,
    /// For what; none when the desk is asked for.
    pub service: Option<ServiceId>,
    /// Where; none when the desk is asked for.
    pub postcode: Option<Postcode>,
    /// In which language.
    pub language: Language,
    /// Who asks, if known.
    pub participant: Option<ParticipantId>,
    /// On which leg; none when it was not asked by telephone.
    pub call: Option<CallId>,
    /// In their own words.
    pub note: Option<i64>,
    /// This moment.
    pub now: Timestamp,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Request {
    /// Its row.
    pub id: RequestId,
    /// On which line.
    pub line: Phone,
    /// For whom.
    pub kind: RequestKind,
    /// For what.
    pub service: Option<ServiceId>,
    /// Where.
    pub postcode: Option<Postcode>,
    /// In which language.
    pub language: Language,
    /// Who asks, if known.
    pub participant: Option<ParticipantId>,
    /// On which leg; none when it was not asked by telephone.
    pub call: Option<CallId>,
    /// In their own words.
    pub note: Option<i64>,
    /// The number on which the caller is called back, once that is promised.
    pub call_back: Option<Phone>,
    /// Whoever helps is to go inside too.
    pub inside: bool,
}

/// SQL: what `read_request` reads.
macro_rules! columns {
    () => {
        "r.id, r.line, r.kind, r.service, r.postcode, r.language, r.participant, r.call, r.note,
         r.call_back, r.inside"
    };
}

impl Tx<'_> {
    /// Writes a request down.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn open_request(&mut self, new: &NewRequest) -> Result<Request, StoreError> {
        let kind = match new.kind {
            RequestKind::Neighbour => "neighbour",
            RequestKind::Desk => "desk",
        };
        self.db
            .prepare_cached(
                "INSERT INTO request (line, kind, service, postcode, language, participant, call, note, opened_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute((
                new.line.e164(),
                kind,
                new.service.as_ref().map(ServiceId::as_str),
                new.postcode.map(Postcode::number),
                new.language.code(),
                new.participant.map(|p| p.0),
                new.call.map(|c| c.0),
                new.note,
                new.now.0,
            ))?;
        Ok(Request {
            id: RequestId(self.db.last_insert_rowid()),
            line: new.line.clone(),
            kind: new.kind,
            service: new.service.clone(),
            postcode: new.postcode,
            language: new.language,
            participant: new.participant,
            call: new.call,
            note: new.note,
            call_back: None,
            inside: false,
        })
    }

    /// The request of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn request(&mut self, id: RequestId) -> Result<Option<Request>, StoreError> {
        let sql = concat!("SELECT ", columns!(), " FROM request r WHERE r.id = ?1");
        Ok(self.db.prepare_cached(sql)?.query_row([id.0], read_request).optional()?)
    }

    /// The request of this row with its stored dispatch machine, if it has one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn request_with_machine(
        &mut self,
        id: RequestId,
    ) -> Result<Option<(Request, Option<String>)>, StoreError> {
        let sql = concat!(
            "SELECT ",
            columns!(),
            ", m.state FROM request r LEFT JOIN machine m ON m.request = r.id WHERE r.id = ?1"
        );
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row([id.0], |row| Ok((read_request(row)?, row.get(11)?)));
        Ok(found.optional()?)
    }

    /// The stored dispatch machine of a request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn machine(&mut self, request: RequestId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT state FROM machine WHERE request = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([request.0], |row| row.get(0)).optional()?)
    }

    /// Writes the dispatch machine of a request back.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn save_machine(&mut self, request: RequestId, state: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO machine (request, state) VALUES (?1, ?2)
                 ON CONFLICT (request) DO UPDATE SET state = excluded.state",
            )?
            .execute((request.0, state))?;
        Ok(())
    }

    /// The search of a request is over. Whether it was open: else this only corrects how it ended.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn close_request(
        &mut self,
        request: RequestId,
        outcome: Outcome,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM request WHERE id = ?1 AND closed_at IS NULL";
        let was_open = self.db.prepare_cached(sql)?.exists([request.0])?;
        self.db
            .prepare_cached("UPDATE request SET closed_at = ?2, outcome = ?3 WHERE id = ?1")?
            .execute((request.0, now.0, word(&outcome)))?;
        Ok(was_open)
    }

    /// The searches on this line that are open and whose caller is called back on this number, the
    /// newest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn searches_for(
        &mut self,
        line: &Phone,
        phone: &Phone,
    ) -> Result<Vec<RequestId>, StoreError> {
        let sql = "SELECT id FROM request
                   WHERE call_back = ?1 AND line = ?2 AND closed_at IS NULL ORDER BY id DESC";
        let mut select = self.db.prepare_cached(sql)?;
        let ids = select.query_map((phone.e164(), line.e164()), |row| row.get(0).map(RequestId))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// The search of a request is not driven any more: the desk has it, if it was still open. Whether
    /// it was.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn give_up_request(
        &mut self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE request SET closed_at = ?2, outcome = ?3
                   WHERE id = ?1 AND closed_at IS NULL";
        let desk = word(&Outcome::Desk);
        Ok(self.db.prepare_cached(sql)?.execute((request.0, now.0, desk))? == 1)
    }

    /// Another round begins: the request is open again, and a new yes may win.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn reopen_request(&mut self, request: RequestId) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE request SET closed_at = NULL, outcome = NULL, accepted = NULL WHERE id = ?1",
            )?
            .execute([request.0])?;
        Ok(())
    }

    /// The caller of this request is called back on this number; its search is open (again).
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn call_back_on(&mut self, request: RequestId, phone: &Phone) -> Result<(), StoreError> {
        self.reopen_request(request)?;
        self.call_back_number(request, phone)
    }

    /// On which number the caller of this request is to be called.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn call_back_number(
        &mut self,
        request: RequestId,
        phone: &Phone,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE request SET call_back = ?2 WHERE id = ?1")?
            .execute((request.0, phone.e164()))?;
        Ok(())
    }

    /// Whoever asked is on this leg now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn asked_on(&mut self, request: RequestId, call: CallId) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE request SET call = ?2 WHERE id = ?1")?
            .execute((request.0, call.0))?;
        Ok(())
    }

    /// R6: the first yes wins. Whether this one did; a repeat of the winner's does.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn accept(
        &mut self,
        request: RequestId,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let won = self
            .db
            .prepare_cached(
                "UPDATE request SET accepted = ?2
                 WHERE id = ?1 AND (accepted IS NULL OR accepted = ?2)",
            )?
            .execute((request.0, attempt.0))?
            == 1;
        if won {
            self.db
                .prepare_cached(
                    "UPDATE attempt SET accepted_at = coalesce(accepted_at, ?2) WHERE id = ?1",
                )?
                .execute((attempt.0, now.0))?;
        }
        Ok(won)
    }

    /// Two who were to be joined never were: another yes may win.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn not_accepted(
        &mut self,
        request: RequestId,
        attempt: AttemptId,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE request SET accepted = NULL WHERE id = ?1 AND accepted = ?2")?
            .execute((request.0, attempt.0))?;
        Ok(())
    }

    /// Whether it worked out, as the caller says. A yes between two participants makes them a pair
    /// that is brought together first another time ("klik").
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn worked_out(&mut self, request: RequestId, ok: bool) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE request SET worked_out = ?2 WHERE id = ?1")?
            .execute((request.0, ok))?;
        if ok {
            self.db
                .prepare_cached(
                    "INSERT OR IGNORE INTO klik (asker, helper)
                     SELECT r.participant, a.participant FROM request r JOIN attempt a ON a.id = r.accepted
                     WHERE r.id = ?1 AND r.participant IS NOT NULL AND a.participant IS NOT NULL",
                )?
                .execute([request.0])?;
        }
        Ok(())
    }
}

fn read_request(row: &Row<'_>) -> rusqlite::Result<Request> {
    let kind = row.get_ref(2)?.as_str()?;
    let service = row.get_ref(3)?.as_str_or_null()?;
    let postcode: Option<u16> = row.get(4)?;
    Ok(Request {
        id: RequestId(row.get(0)?),
        line: phone(row, 1)?,
        kind: if kind == "desk" { RequestKind::Desk } else { RequestKind::Neighbour },
        service: service.and_then(|s| ServiceId::parse(s).ok()),
        postcode: postcode.and_then(|p| Postcode::try_from(p).ok()),
        language: Language::parse(row.get_ref(5)?.as_str()?).unwrap_or_default(),
        participant: row.get::<_, Option<i64>>(6)?.map(ParticipantId),
        call: row.get::<_, Option<i64>>(7)?.map(CallId),
        note: row.get(8)?,
        call_back: match row.get_ref(9)?.as_str_or_null()? {
            Some(_) => Some(phone(row, 9)?),
            None => None,
        },
        inside: row.get(10)?,
    })
}
