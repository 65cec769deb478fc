//! Consent and its end. Stop means stop (R9).

use hmac::{Hmac, KeyInit, Mac};
use rusqlite::{Connection, OptionalExtension};
use sha2::Sha256;

use super::{StoreError, Tx};
use crate::domain::{Language, ParticipantId, Phone, Timestamp};

/// The consent text that imports go by: the organisation's own, of before.
const TEXT_OF_IMPORTS: &str = "1";

/// A consent to be written down: being rung when a neighbour asks for something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given<'a> {
    pub(super) at: Timestamp,
    pub(super) channel: &'a str,
    pub(super) verified_at: Option<Timestamp>,
    pub(super) text_version: &'a str,
    pub(super) language: Option<Language>,
    pub(super) proof: Option<&'a str>,
}

impl<'a> Given<'a> {
    /// As imports tell it.
    pub(super) fn before(at: Timestamp, channel: &'a str, verified_at: Option<Timestamp>) -> Self {
        let text_version = TEXT_OF_IMPORTS;
        Self { at, channel, verified_at, text_version, language: None, proof: None }
    }
}

/// Why a number is not rung any more, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stop {
    pub(super) at: Timestamp,
    /// Nobody stopped: whoever had it is rung on another number since.
    pub(super) moved: bool,
}

impl Tx<'_> {
    pub(super) fn put_consent(
        &mut self,
        participant: i64,
        given: Given<'_>,
    ) -> Result<(), StoreError> {
        // The opt-in that holds, told again, is one opt-in; verified meanwhile, or another one, it
        // is written down behind it. The last one holds.
        self.db
            .prepare_cached(
                "INSERT INTO consent (participant, purpose, text_version, channel, given_at,
                   verified_at, language, proof)
                 SELECT ?1, 'being_rung', ?2, ?3, ?4, ?5, ?6, ?7 WHERE NOT EXISTS
                   (SELECT 1 FROM consent WHERE given_at = ?4 AND channel = ?3 AND verified_at IS ?5
                      AND id = (SELECT max(id) FROM consent
                                WHERE participant = ?1 AND withdrawn_at IS NULL))",
            )?
            .execute((
                participant,
                given.text_version,
                given.channel,
                given.at.0,
                given.verified_at.map(|at| at.0),
                given.language.map(Language::code),
                given.proof,
            ))?;
        Ok(())
    }

    /// Withdraws consent and remembers a keyed hash of the number: it is not rung again without a
    /// new, verified opt-in. A pause, a stop or a sign-up that was still to be confirmed ends with it:
    /// whoever opts in anew begins anew. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn withdraw_consent(
        &mut self,
        id: ParticipantId,
        channel: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "SELECT phone FROM participant WHERE id = ?1";
        let number: Option<String> =
            self.db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0)).optional()?;
        let Some(number) = number else { return Ok(()) };
        self.db
            .prepare_cached("UPDATE participant SET consented = 0, pause_kind = NULL, pause_until = NULL WHERE id = ?1")?
            .execute([id.0])?;
        self.db
            .prepare_cached(
                "UPDATE consent SET withdrawn_at = ?2, withdrawn_by = ?3
                 WHERE participant = ?1 AND withdrawn_at IS NULL",
            )?
            .execute((id.0, now.0, channel))?;
        self.db.prepare_cached("DELETE FROM sign_up WHERE participant = ?1")?.execute([id.0])?;
        self.end_own_sessions_of(id)?;
        self.still_there_no_more(id)?;
        self.put_on_stop_list(&number, now)
    }

    /// Remembers a keyed hash of this number, with the last moment at which it was stopped. Nobody is
    /// rung on it either to say whether a question on the web is theirs.
    pub(super) fn put_on_stop_list(
        &mut self,
        number: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE web_question SET phone = NULL
                   WHERE phone = ?1 AND request IS NULL AND ended IS NULL";
        self.db.prepare_cached(sql)?.execute([number])?;
        let hash = self.hash(number);
        self.remember_stop(&hash, Stop { at: now, moved: false })
    }

    /// Writes a stop down. Of two for one number the last one holds.
    pub(super) fn remember_stop(&mut self, hash: &[u8; 32], stop: Stop) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO stop_list (hash, stopped_at, moved) VALUES (?1, ?2, ?3)
                 ON CONFLICT (hash) DO UPDATE SET
                   moved = iif(excluded.stopped_at >= stopped_at, excluded.moved, moved),
                   stopped_at = max(stopped_at, excluded.stopped_at)",
            )?
            .execute((hash, stop.at.0, stop.moved))?;
        Ok(())
    }

    /// When this number was last stopped, if it was.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn stopped_at(&mut self, phone: &Phone) -> Result<Option<Timestamp>, StoreError> {
        stopped_at(self.db, &self.bench.hash_key, phone.e164())
    }

    /// Whether whoever has this number said stop and did not join again since (R9). Who only has
    /// another number since never said so.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn said_stop(&mut self, phone: &Phone) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM stop_list WHERE hash = ?1 AND NOT moved";
        let stopped = self.db.prepare_cached(sql)?.exists([self.hash(phone.e164())])?;
        let known = self.participant_by_phone(phone)?;
        Ok(stopped && !known.is_some_and(|known| known.takes_part()))
    }

    pub(super) fn hash(&self, number: &str) -> [u8; 32] {
        keyed_hash(&self.bench.hash_key, number.as_bytes())
    }
}

pub(super) fn stopped_at(
    db: &Connection,
    key: &[u8; 32],
    number: &str,
) -> Result<Option<Timestamp>, StoreError> {
    let hash = keyed_hash(key, number.as_bytes());
    let sql = "SELECT stopped_at FROM stop_list WHERE hash = ?1";
    let at: Option<i64> = db.prepare_cached(sql)?.query_row([hash], |row| row.get(0)).optional()?;
    Ok(at.map(Timestamp))
}

pub(super) fn keyed_hash(key: &[u8; 32], text: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// Whether this is the key that the stop list is made with: the first one to come is.
pub(super) fn is_its_key(db: &Connection, key: &[u8; 32]) -> Result<bool, StoreError> {
    let hash = keyed_hash(key, b"");
    let sql = "SELECT hash FROM key_check WHERE id = 1";
    let known: Option<[u8; 32]> = db.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(known.is_none_or(|known| known == hash))
}

/// From now on this is the key of the stop list, unless another one is already.
pub(super) fn settle_key(db: &Connection, key: &[u8; 32]) -> Result<(), StoreError> {
    let sql = "INSERT OR IGNORE INTO key_check (id, hash) VALUES (1, ?1)";
    db.execute(sql, [keyed_hash(key, b"")])?;
    if is_its_key(db, key)? { Ok(()) } else { Err(StoreError::WrongKey) }
}
