//! People who signed up and have not said yet, on their own telephone, that it was them.
//!
//! Until they do they are written down but count for nothing: nobody rings them for a request (R1).

use rusqlite::{OptionalExtension, Row};

use super::calls::phone;
use super::consent::Given;
use super::register::Elsewhere;
use super::{AgeKnownBy, NewParticipant, ReadTx, StoreError, Tx};
use crate::domain::{Language, ParticipantId, Phone, ServiceId, Timestamp};

/// The age that everybody says they have when they sign up, in years.
const ADULT: u8 = 18;

/// Somebody to be written down, not verified.
#[derive(Debug)]
pub struct NewSignUp<'a> {
    /// Who, and how they take part. `opted_in` says when and how; `verified_at` is not looked at.
    pub person: &'a NewParticipant,
    /// What they would like somebody to do for them.
    pub would_like: &'a [ServiceId],
    /// The line that rings them.
    pub line: &'a Phone,
    /// In which language.
    pub language: Language,
    /// Which text they agreed to.
    pub text_version: &'a str,
    /// What proves that they did: the provider's id of a call.
    pub proof: Option<&'a str>,
    /// They called from this very telephone.
    pub own_telephone: bool,
    /// When they are to be rung.
    pub rings_at: Option<Timestamp>,
    /// This moment.
    pub now: Timestamp,
}

/// What came of writing somebody down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUpWritten {
    /// They are rung, to say whether it was them.
    Waits(ParticipantId),
    /// Whoever has this number takes part: nothing was changed.
    TakesPart(ParticipantId),
    /// Whoever has this number is not rung (R9): they call us. Nothing was written.
    Stopped,
}

/// A sign-up that waits for its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignUp {
    /// Whose.
    pub participant: ParticipantId,
    /// Their telephone.
    pub phone: Phone,
    /// The line that rings them.
    pub line: Phone,
    /// In which language.
    pub language: Language,
    /// How often they were rung.
    pub tries: u32,
    /// When they are rung next.
    pub rings_at: Option<Timestamp>,
}

const COLUMNS: &str = "s.participant, p.phone, s.line, s.language, s.tries, s.rings_at";
const ROWS: &str = "sign_up s JOIN participant p ON p.id = s.participant";

impl Tx<'_> {
    /// Writes somebody down who signed up. Told twice, by whichever ways, it is one sign-up: what was
    /// told last holds, and nobody is rung more often for it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn sign_up(&mut self, new: &NewSignUp<'_>) -> Result<SignUpWritten, StoreError> {
        let number = &new.person.phone;
        if let Some(known) = self.participant_by_phone(number)?.filter(|known| known.takes_part()) {
            return Ok(SignUpWritten::TakesPart(known.id));
        }
        if !new.own_telephone && self.stopped_at(number)?.is_some() {
            return Ok(SignUpWritten::Stopped);
        }
        let person = NewParticipant { verified_at: None, ..new.person.clone() };
        let (id, _) = self.put_row(&person, Elsewhere::AsWritten, new.now)?;
        if let Some((at, channel)) = &new.person.opted_in {
            self.put_consent(
                id,
                Given {
                    at: *at,
                    channel,
                    verified_at: None,
                    text_version: new.text_version,
                    language: Some(new.language),
                    proof: new.proof,
                },
            )?;
        }
        let id = ParticipantId(id);
        self.set_would_like(id, new.would_like)?;
        self.age_known(id, ADULT, AgeKnownBy::Said, new.now)?;
        // From their own telephone they may be rung once more, however often it was in vain.
        self.db
            .prepare_cached(
                "INSERT INTO sign_up (participant, line, language, begun_at, rings_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET line = ?2, language = ?3,
                   tries = iif(?6, min(tries, 2), tries),
                   begun_at = iif(?6, ?4, begun_at), rings_at = iif(?6, ?5, rings_at)",
            )?
            .execute((
                id.0,
                new.line.e164(),
                new.language.code(),
                new.now.0,
                new.rings_at.map(|at| at.0),
                new.own_telephone,
            ))?;
        Ok(SignUpWritten::Waits(id))
    }

    /// What somebody would like a neighbour to do, from now on.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_would_like(
        &mut self,
        who: ParticipantId,
        services: &[ServiceId],
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM would_like WHERE participant = ?1";
        self.db.prepare_cached(sql)?.execute([who.0])?;
        let mut put = self.db.prepare_cached(
            "INSERT OR IGNORE INTO would_like (participant, service) VALUES (?1, ?2)",
        )?;
        for service in services {
            put.execute((who.0, service.as_str()))?;
        }
        Ok(())
    }

    /// The sign-up of somebody that waits for its answer.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that does not read.
    pub fn sign_up_of(&mut self, who: ParticipantId) -> Result<Option<SignUp>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {ROWS} WHERE s.participant = ?1");
        Ok(self.db.prepare_cached(&sql)?.query_row([who.0], read).optional()?)
    }

    /// Sign-ups that are to be rung by now.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that does not read.
    pub fn sign_ups_due(&mut self, now: Timestamp, most: usize) -> Result<Vec<SignUp>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {ROWS} WHERE s.rings_at <= ?1 ORDER BY s.rings_at LIMIT ?2"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let rows = select.query_map((now.0, i64::try_from(most).unwrap_or(i64::MAX)), read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// They are rung then; none: not by itself.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn sign_up_rings(
        &mut self,
        who: ParticipantId,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE sign_up SET rings_at = ?2 WHERE participant = ?1";
        self.db.prepare_cached(sql)?.execute((who.0, at.map(|at| at.0)))?;
        Ok(())
    }

    /// They call themselves and would like to be rung then, once more at least. Whether a sign-up of
    /// theirs waits.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn sign_up_rings_once_more(
        &mut self,
        who: ParticipantId,
        at: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE sign_up SET rings_at = ?2, tries = min(tries, 2) WHERE participant = ?1";
        Ok(self.db.prepare_cached(sql)?.execute((who.0, at.map(|at| at.0)))? == 1)
    }

    /// Remembers, by a keyed hash, that whoever has this number was asked to take part. Whether it
    /// is the first time that is known of.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn ask_to_join_once(&mut self, phone: &Phone, now: Timestamp) -> Result<bool, StoreError> {
        let hash = self.hash(phone.e164());
        let sql = "INSERT OR IGNORE INTO asked_to_join (hash, asked_at) VALUES (?1, ?2)";
        Ok(self.db.prepare_cached(sql)?.execute((hash, now.0))? == 1)
    }

    /// They were rung, in vain so far.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn sign_up_tried(&mut self, who: ParticipantId) -> Result<(), StoreError> {
        let sql = "UPDATE sign_up SET tries = tries + 1 WHERE participant = ?1";
        self.db.prepare_cached(sql)?.execute([who.0])?;
        Ok(())
    }

    /// They said, on their own telephone, that it was them: from now on they take part. `proof` is
    /// the provider's id of that call. Whether a sign-up, with a consent that holds, was waiting for it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn confirm_sign_up(
        &mut self,
        who: ParticipantId,
        proof: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let waited = self
            .db
            .prepare_cached(
                "DELETE FROM sign_up WHERE participant = ?1 AND EXISTS
                   (SELECT 1 FROM consent WHERE participant = ?1 AND withdrawn_at IS NULL)",
            )?
            .execute([who.0])?;
        if waited == 0 {
            return Ok(false);
        }
        self.db
            .prepare_cached(
                "UPDATE participant SET verified_at = ?2, consented = 1, unanswered = 0
                 WHERE id = ?1",
            )?
            .execute((who.0, now.0))?;
        self.still_there_no_more(who)?;
        // Append-only: what was agreed to stands, and behind it that it was confirmed.
        self.db
            .prepare_cached(
                "INSERT INTO consent (participant, purpose, text_version, language, channel,
                   given_at, verified_at, proof)
                 SELECT participant, purpose, text_version, language, channel, given_at, ?2, ?3
                 FROM consent WHERE id = (SELECT max(id) FROM consent
                   WHERE participant = ?1 AND withdrawn_at IS NULL)",
            )?
            .execute((who.0, now.0, proof))?;
        Ok(true)
    }

    /// Whoever has this telephone did not sign up: what was written down about them is erased at
    /// once, and a keyed hash of the number remembers that it is not to be rung.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn it_was_not_them(
        &mut self,
        who: ParticipantId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(waiting) = self.sign_up_of(who)? else { return Ok(()) };
        self.put_on_stop_list(waiting.phone.e164(), now)?;
        self.thoroughly(|tx| tx.erase_row_of(who.0, waiting.phone.e164()))
    }

    /// How many sign-ups wait for their answer on this line.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn sign_ups_waiting(&mut self, line: &Phone) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM sign_up WHERE line = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([line.e164()], |row| row.get(0))?)
    }
}

impl ReadTx<'_> {
    /// Whether anybody who signed up is to be rung by now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn sign_up_due_by(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM sign_up WHERE rings_at <= ?1 LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.exists([now.0])?)
    }

    /// What somebody would like a neighbour to do.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn would_like(&self, who: ParticipantId) -> Result<Vec<ServiceId>, StoreError> {
        let sql = "SELECT service FROM would_like WHERE participant = ?1 ORDER BY service";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([who.0], |row| row.get::<_, String>(0))?;
        let services: Vec<String> = rows.collect::<Result<_, _>>()?;
        Ok(services.iter().filter_map(|id| ServiceId::parse(id).ok()).collect())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<SignUp> {
    Ok(SignUp {
        participant: ParticipantId(row.get(0)?),
        phone: phone(row, 1)?,
        line: phone(row, 2)?,
        language: Language::parse(row.get_ref(3)?.as_str()?).unwrap_or_default(),
        tries: row.get(4)?,
        rings_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
    })
}
