//! Erasing one person everywhere: nobody can find them here afterwards.
//!
//! What was counted stays counted: a ring of theirs remains a ring, of nobody. The proof of consent
//! and the stop list remain, under a keyed hash of the number.

use rusqlite::OptionalExtension;

use super::{Erased, StoreError, Tx};
use crate::domain::{Caller, ParticipantId, Phone, Timestamp};

/// What came of erasing somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasing {
    /// They are nowhere any more.
    Done(Erased),
    /// Not yet: nothing was erased.
    Later(Why),
}

/// Why somebody cannot be erased at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Their telephone is rung, or they are in a call.
    OnTheTelephone,
    /// A question of theirs is still being worked on.
    QuestionOpen,
}

/// How somebody is known in the tables.
struct Person {
    number: String,
    /// The number as the other end of a leg.
    caller: String,
    participant: Option<i64>,
}

/// Promises about a request: to whoever asked, and to look at it on the board.
const ABOUT_REQUEST: &str = "request = ?1
    OR id IN (SELECT promise FROM board_report WHERE request = ?1)";
/// Promises to look at what somebody offers on the board, which goes with them.
const ABOUT_OFFERS_OF: &str = "id IN (SELECT b.promise FROM board_report b
    JOIN posted_offer o ON o.id = b.posted_offer WHERE o.participant = ?1)";

impl Tx<'_> {
    /// Withdraws consent, as [`Tx::withdraw_consent`], and remembers the number, also of somebody
    /// who is not known here: no import will bring them in.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn stop_number(
        &mut self,
        phone: &Phone,
        channel: &str,
        now: Timestamp,
    ) -> Result<Option<ParticipantId>, StoreError> {
        let known = self.participant_by_phone(phone)?.map(|known| known.id);
        if let Some(id) = known {
            self.withdraw_consent(id, channel, now)?;
        } else {
            self.put_on_stop_list(phone.e164(), now)?;
        }
        Ok(known)
    }

    /// Erases a participant everywhere. Unknown is done.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn erase_participant(
        &mut self,
        id: ParticipantId,
        now: Timestamp,
    ) -> Result<Erasing, StoreError> {
        let sql = "SELECT phone FROM participant WHERE id = ?1";
        let number: Option<String> =
            self.db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0)).optional()?;
        let Some(number) = number else { return Ok(Erasing::Done(Erased::default())) };
        let phone = Phone::from_stored(&number).map_err(|_| StoreError::Damaged("participant"))?;
        self.erase_number(&phone, now)
    }

    /// Erases whoever has this number, participant or caller, everywhere.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn erase_number(&mut self, phone: &Phone, now: Timestamp) -> Result<Erasing, StoreError> {
        let person = Person {
            number: phone.e164().to_owned(),
            caller: serde_json::to_string(&Caller::Known(phone.clone()))
                .map_err(|_| StoreError::Damaged("call"))?,
            participant: self.participant_by_phone(phone)?.map(|known| known.id.0),
        };
        if let Some(why) = self.not_now(&person)? {
            return Ok(Erasing::Later(why));
        }
        self.thoroughly(|tx| tx.erase_everywhere(&person, now)).map(Erasing::Done)
    }

    fn not_now(&mut self, person: &Person) -> Result<Option<Why>, StoreError> {
        let Person { number, caller, participant } = person;
        let on_the_telephone = self
            .db
            .prepare_cached(
                "SELECT 1 WHERE
                   EXISTS (SELECT 1 FROM attempt WHERE phone = ?1 AND ended_at IS NULL)
                   OR EXISTS (SELECT 1 FROM placed WHERE phone = ?1 AND ended_at IS NULL)
                   OR EXISTS (SELECT 1 FROM callback WHERE phone = ?1 AND ended_at IS NULL)
                   OR EXISTS (SELECT 1 FROM desk_call WHERE phone = ?1 AND ended_at IS NULL)
                   OR EXISTS (SELECT 1 FROM call
                              WHERE ended_at IS NULL AND (caller = ?2 OR participant = ?3))",
            )?
            .exists((number, caller, participant))?;
        if on_the_telephone {
            return Ok(Some(Why::OnTheTelephone));
        }
        let open = self
            .db
            .prepare_cached(
                "SELECT 1 FROM request r LEFT JOIN call c ON c.id = r.call
                 LEFT JOIN intake i ON i.request = r.id
                 WHERE r.closed_at IS NULL
                   AND (r.participant = ?2 OR c.caller = ?1 OR r.call_back = ?3 OR i.phone = ?3)",
            )?
            .exists((caller, participant, number))?;
        Ok(open.then_some(Why::QuestionOpen))
    }

    fn erase_everywhere(&mut self, person: &Person, now: Timestamp) -> Result<Erased, StoreError> {
        let mut erased = Erased::default();
        for call in self.legs_of(person)? {
            self.erase_messages_on(call, now, &mut erased)?;
            self.erase_requests_on(call, now, &mut erased)?;
            self.erase_leg(call, &mut erased)?;
        }
        for sql in [
            "DELETE FROM placed WHERE phone = ?1",
            "DELETE FROM callback WHERE phone = ?1",
            "DELETE FROM desk_call WHERE phone = ?1",
            "DELETE FROM web_question WHERE phone = ?1",
        ] {
            let deleted = self.db.prepare_cached(sql)?.execute([&person.number])?;
            erased.rows += deleted as u64;
        }
        self.db
            .prepare_cached("UPDATE request SET call_back = NULL WHERE call_back = ?1")?
            .execute([&person.number])?;
        for request in self.ids("SELECT request FROM intake WHERE phone = ?1", [&person.number])? {
            self.let_go_of_promises(ABOUT_REQUEST, request, now)?;
            self.erase_notes_about(request)?;
            self.nobody_asks(request)?;
            let sql =
                "UPDATE intake SET name = '', phone = (SELECT line FROM request WHERE id = ?1)
                       WHERE request = ?1";
            erased.rows += self.db.prepare_cached(sql)?.execute([request])? as u64;
        }
        erased.rows += self.erase_apart_from(&person.number)?;
        let hash = self.hash(&person.number);
        for sql in [
            "DELETE FROM asked_to_join WHERE hash = ?1",
            "DELETE FROM sign_up_tally WHERE caller = ?1",
        ] {
            erased.rows += self.db.prepare_cached(sql)?.execute([hash])? as u64;
        }
        if let Some(participant) = person.participant {
            self.erase_rings_of(participant, &mut erased)?;
            self.let_go_of_promises("participant = ?1", participant, now)?;
            self.let_go_of_promises(ABOUT_OFFERS_OF, participant, now)?;
            self.erase_row_of(participant, &person.number)?;
            erased.rows += 1;
        }
        Ok(erased)
    }

    fn legs_of(&mut self, person: &Person) -> Result<Vec<i64>, StoreError> {
        let sql = "SELECT id FROM call WHERE caller = ?1 OR participant = ?2";
        self.ids(sql, (&person.caller, person.participant))
    }

    fn erase_messages_on(
        &mut self,
        call: i64,
        now: Timestamp,
        erased: &mut Erased,
    ) -> Result<(), StoreError> {
        for message in self.ids("SELECT id FROM message WHERE call = ?1", [call])? {
            let sql = "SELECT recording_sid FROM message
                       WHERE id = ?1 AND recording_sid IS NOT NULL AND sound <> 'here'";
            erased.recordings.extend(self.words(sql, message)?);
            self.let_go_of_promises("message = ?1", message, now)?;
            for sql in [
                "UPDATE promise SET message = NULL WHERE message = ?1",
                "DELETE FROM message WHERE id = ?1",
            ] {
                self.db.prepare_cached(sql)?.execute([message])?;
            }
            erased.rows += 1;
        }
        let sql = "SELECT sid FROM note WHERE call = ?1 AND sid IS NOT NULL AND sound IS NULL";
        erased.recordings.extend(self.words(sql, call)?);
        self.db.prepare_cached("DELETE FROM note WHERE call = ?1")?.execute([call])?;
        Ok(())
    }

    /// What was asked stays, for the counts; who asked does not.
    fn erase_requests_on(
        &mut self,
        call: i64,
        now: Timestamp,
        erased: &mut Erased,
    ) -> Result<(), StoreError> {
        for request in self.ids("SELECT id FROM request WHERE call = ?1", [call])? {
            self.let_go_of_promises(ABOUT_REQUEST, request, now)?;
            self.erase_notes_about(request)?;
            erased.rows += 1;
        }
        Ok(())
    }

    /// What was still to be searched for is not: nobody is left to be brought together with.
    fn nobody_asks(&mut self, request: i64) -> Result<(), StoreError> {
        for sql in [
            "UPDATE intake SET starts_at = NULL WHERE request = ?1",
            "DELETE FROM on_board WHERE request = ?1",
            "DELETE FROM wish WHERE request = ?1",
            "UPDATE request SET outcome = 'not_needed' WHERE id = ?1 AND outcome IS NULL
               AND NOT EXISTS (SELECT 1 FROM settlement WHERE request = ?1)",
        ] {
            self.db.prepare_cached(sql)?.execute([request])?;
        }
        Ok(())
    }

    fn erase_notes_about(&mut self, request: i64) -> Result<(), StoreError> {
        for sql in [
            "UPDATE request SET participant = NULL WHERE id = ?1",
            "DELETE FROM desk_note WHERE request = ?1",
        ] {
            self.db.prepare_cached(sql)?.execute([request])?;
        }
        Ok(())
    }

    /// A leg remains, of nobody, and the provider's id for it goes too.
    fn erase_leg(&mut self, call: i64, erased: &mut Erased) -> Result<(), StoreError> {
        self.erase_steps(call)?;
        self.db
            .prepare_cached(
                "UPDATE call SET caller = '\"withheld\"', participant = NULL, position = NULL,
                   sid = 'erased-' || id, parent_sid = NULL WHERE id = ?1",
            )?
            .execute([call])?;
        erased.rows += 1;
        Ok(())
    }

    fn erase_steps(&mut self, call: i64) -> Result<(), StoreError> {
        let sql = "DELETE FROM step WHERE call = ?1";
        self.db.prepare_cached(sql)?.execute([call])?;
        Ok(())
    }

    /// Their rings remain, of nobody: the line's own number stands in for theirs. So do those who
    /// asked on calls that are over, without the answers in which the number was dialled; a call
    /// that goes on needs its answers, and loses them the night after.
    fn erase_rings_of(&mut self, participant: i64, erased: &mut Erased) -> Result<(), StoreError> {
        let sql = "SELECT DISTINCT c.id FROM attempt a JOIN request r ON r.id = a.request
                   JOIN call c ON c.id = r.call
                   WHERE a.participant = ?1 AND c.ended_at IS NOT NULL";
        for call in self.ids(sql, [participant])? {
            self.erase_steps(call)?;
        }
        let rings = self
            .db
            .prepare_cached(
                "UPDATE attempt SET participant = NULL, sid = NULL, reason = '', language = NULL,
                   phone = (SELECT line FROM request WHERE id = attempt.request)
                 WHERE participant = ?1",
            )?
            .execute([participant])?;
        erased.rows += rings as u64;
        for request in self.ids("SELECT id FROM request WHERE participant = ?1", [participant])? {
            self.erase_notes_about(request)?;
        }
        Ok(())
    }

    /// Nobody is left to whom it could be kept.
    fn let_go_of_promises(
        &mut self,
        which: &str,
        key: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = format!(
            "DELETE FROM desk_note WHERE promise IN (SELECT id FROM promise WHERE {which})"
        );
        self.db.prepare_cached(&sql)?.execute([key])?;
        let sql = format!(
            "UPDATE promise SET participant = NULL, kept_at = coalesce(kept_at, ?2),
               kept_how = coalesce(kept_how, 'not_needed') WHERE {which}"
        );
        self.db.prepare_cached(&sql)?.execute((key, now.0))?;
        Ok(())
    }

    /// The proof of a consent that was withdrawn outlives them; one that was never confirmed proves
    /// nothing.
    pub(super) fn erase_row_of(
        &mut self,
        participant: i64,
        number: &str,
    ) -> Result<(), StoreError> {
        let hash = self.hash(number);
        self.db
            .prepare_cached(
                "UPDATE consent SET participant = NULL, person = ?2
                 WHERE participant = ?1 AND withdrawn_at IS NOT NULL",
            )?
            .execute((participant, hash))?;
        for sql in
            ["DELETE FROM consent WHERE participant = ?1", "DELETE FROM participant WHERE id = ?1"]
        {
            self.db.prepare_cached(sql)?.execute([participant])?;
        }
        Ok(())
    }

    fn ids(&self, sql: &str, keys: impl rusqlite::Params) -> Result<Vec<i64>, StoreError> {
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map(keys, |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn words(&self, sql: &str, key: i64) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([key], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
