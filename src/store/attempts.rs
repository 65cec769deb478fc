//! Attempts: reserving, deciding, releasing.

use rusqlite::OptionalExtension;

use super::calls::phone;
use super::requests::{Request, RequestKind};
use super::taken::is_taken;
use super::{StoreError, Tx, from_word, word};
use crate::dispatch::choose::MOST_UNANSWERED;
use crate::dispatch::still_there::{WhyAsked, at_another_hour};
use crate::dispatch::{AttemptResult, rest};
use crate::domain::{
    AttemptId, DayPart, Language, Line, ParticipantId, Phone, RequestId, Timestamp,
};

/// Somebody who was reserved just now.
#[derive(Debug, Clone)]
pub struct Reserved {
    /// The attempt that holds them.
    pub attempt: AttemptId,
    /// Who; none for somebody at the desk.
    pub participant: Option<ParticipantId>,
    /// The telephone to ring.
    pub phone: Phone,
}

/// One ring.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Its row.
    pub id: AttemptId,
    /// For which request.
    pub request: RequestId,
    /// Who was rung; none for somebody at the desk.
    pub participant: Option<ParticipantId>,
    /// Which telephone.
    pub phone: Phone,
    /// The language that they hear.
    pub language: Option<Language>,
    /// The provider's id of the leg, once it is known.
    pub sid: Option<String>,
    /// When the leg was over.
    pub ended_at: Option<Timestamp>,
    /// How it turned out.
    pub result: Option<AttemptResult>,
}

/// What is known of an attempt that is decided about.
struct BeforeDecided {
    /// Who was rung; none for somebody at the desk.
    participant: Option<ParticipantId>,
    /// What was decided earlier.
    result: Option<AttemptResult>,
    /// Rings in a row that they did not answer.
    unanswered: u32,
    is_asked_whether_still_there: bool,
}

/// Somebody to be reserved.
pub(super) struct NewAsk<'a> {
    /// Who; none for somebody at the desk.
    pub(super) participant: Option<ParticipantId>,
    /// Which telephone.
    pub(super) phone: &'a Phone,
    /// The language that they hear.
    pub(super) language: Option<Language>,
    /// Why this person, a line for each language.
    pub(super) reason: &'a str,
    /// They were rung for this before, and agreed to be once more.
    pub(super) agreed: bool,
}

impl Tx<'_> {
    /// Reserves the first desk telephone that is free and was not tried for this request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn reserve_desk(
        &mut self,
        request: &Request,
        seats: &[Phone],
        now: Timestamp,
    ) -> Result<Option<Reserved>, StoreError> {
        for seat in seats {
            let tried = self
                .db
                .prepare_cached("SELECT 1 FROM attempt WHERE request = ?1 AND phone = ?2")?
                .exists((request.id.0, seat.e164()))?;
            if tried {
                continue;
            }
            let ask = NewAsk {
                participant: None,
                phone: seat,
                language: None,
                reason: "",
                agreed: false,
            };
            if let Some(attempt) = self.reserve(request.id, &ask, now)? {
                return Ok(Some(Reserved { attempt, participant: None, phone: seat.clone() }));
            }
        }
        Ok(None)
    }

    /// Takes this telephone for this request; `None` when it is taken (R3), also by a call that the
    /// exchange places, or was or is the caller's own (R4).
    pub(super) fn reserve(
        &mut self,
        request: RequestId,
        ask: &NewAsk<'_>,
        now: Timestamp,
    ) -> Result<Option<AttemptId>, StoreError> {
        let NewAsk { participant, phone, .. } = *ask;
        let taken = self
            .db
            .prepare_cached(concat!(
                "INSERT INTO attempt (request, participant, phone, language, day_part, reason, reserved_at, turn)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7,
                   (SELECT count(*) FROM attempt
                    WHERE request = ?1 AND participant = ?2 AND (?8 OR result = 'not_placed'))
                 WHERE NOT EXISTS (SELECT 1 FROM request WHERE id = ?1 AND call_back = ?3)
                   AND NOT ", is_taken!("?3"), "
                 ON CONFLICT DO NOTHING",
            ))?
            .execute((
                request.0,
                participant.map(|p| p.0),
                phone.e164(),
                ask.language.map(Language::code),
                DayPart::of(now).number(),
                ask.reason,
                now.0,
                ask.agreed,
            ))?
            == 0;
        if taken {
            return Ok(None);
        }
        let attempt = AttemptId(self.db.last_insert_rowid());
        if let Some(participant) = participant {
            self.db
                .prepare_cached("UPDATE participant SET last_asked = ?2 WHERE id = ?1")?
                .execute((participant.0, now.0))?;
        }
        Ok(Some(attempt))
    }

    /// The attempt of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn attempt(&mut self, id: AttemptId) -> Result<Option<Attempt>, StoreError> {
        let sql = "SELECT request, participant, phone, language, sid, ended_at, result
                   FROM attempt WHERE id = ?1";
        let found = self.db.prepare_cached(sql)?.query_row([id.0], |row| {
            let language: Option<String> = row.get(3)?;
            Ok((
                Attempt {
                    id,
                    request: RequestId(row.get(0)?),
                    participant: row.get::<_, Option<i64>>(1)?.map(ParticipantId),
                    phone: phone(row, 2)?,
                    language: language.as_deref().and_then(Language::parse),
                    sid: row.get(4)?,
                    ended_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                    result: None,
                },
                row.get::<_, Option<String>>(6)?,
            ))
        });
        let Some((mut attempt, result)) = found.optional()? else { return Ok(None) };
        attempt.result = result.map(|word| from_word(&word, "attempt")).transpose()?;
        Ok(Some(attempt))
    }

    /// Whether whoever this attempt holds may still be rung: they take part, and do not pause. They
    /// may have said otherwise since they were reserved (R9). A telephone of the desk may.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn may_still_be_rung(
        &mut self,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some(row) = self.attempt(attempt)? else { return Ok(false) };
        let Some(who) = row.participant else {
            let request = self.request(row.request)?;
            return Ok(request.is_some_and(|request| request.kind == RequestKind::Desk));
        };
        let person = self.participant(who)?;
        Ok(person.is_some_and(|p| p.takes_part() && !p.pause.is_some_and(|it| it.holds(now))))
    }

    /// The provider's id of the attempt's leg.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn attempt_sid(&mut self, attempt: AttemptId, sid: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE attempt SET sid = ?2 WHERE id = ?1")?
            .execute((attempt.0, sid))?;
        Ok(())
    }

    /// The telephone was picked up. The first time counts.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn attempt_picked_up(
        &mut self,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE attempt SET picked_up_at = coalesce(picked_up_at, ?2) WHERE id = ?1",
            )?
            .execute((attempt.0, now.0))?;
        Ok(())
    }

    /// How the attempt turned out: counted once, with the rest that follows. A later word of the
    /// person themselves (a stop, a pause) replaces what the caller's leaving had made of it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn decide_attempt(
        &mut self,
        attempt: AttemptId,
        result: AttemptResult,
        line: &Line,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some(before) = self.before_decided(attempt)? else { return Ok(()) };
        self.db
            .prepare_cached("UPDATE attempt SET result = ?2, counts = ?3 WHERE id = ?1")?
            .execute((attempt.0, word(&result), rest::counts_for_caps(result)))?;
        let Some(participant) = before.participant else { return Ok(()) };
        // Counted before, unless the caller had ended it: that counted nothing.
        let counts = before.result.is_none_or(|result| result == AttemptResult::CallerEnded);
        let said = rest::said_yes(result);
        let yes = said.filter(|_| counts);
        let unanswered = match counts {
            true => rest::unanswered_after(result, before.unanswered),
            false => before.unanswered,
        };
        let rest_until = rest::rest_after(result, line).map(|rest| (now + rest).0);
        self.db
            .prepare_cached(
                "UPDATE participant SET rest_until = coalesce(?2, rest_until),
                   answered = answered + ?3, yeses = yeses + ?4,
                   in_touch_at = iif(?5, ?6, in_touch_at), unanswered = ?7 WHERE id = ?1",
            )?
            .execute((
                participant.0,
                rest_until,
                yes.is_some(),
                yes == Some(true),
                said.is_some(),
                now.0,
                unanswered,
            ))?;
        match (before.unanswered >= MOST_UNANSWERED, unanswered >= MOST_UNANSWERED) {
            (false, true) => {
                let (why, at) = (WhyAsked::Unanswered, at_another_hour(now));
                self.ask_whether_still_there(participant, &line.number, why, at, now)?;
            }
            (true, false) => self.answered_after_all(participant)?,
            _ => {}
        }
        if said.is_some() && before.is_asked_whether_still_there {
            // Somebody who rests and came forward on the board: their answer is a word from them.
            self.still_there_no_more(participant)?;
        }
        if counts {
            self.count_habits(attempt, participant, result, line)?;
        }
        Ok(())
    }

    fn before_decided(&mut self, attempt: AttemptId) -> Result<Option<BeforeDecided>, StoreError> {
        let sql = "SELECT a.participant, a.result, coalesce(p.unanswered, 0),
                     EXISTS (SELECT 1 FROM still_there s WHERE s.participant = a.participant)
                   FROM attempt a LEFT JOIN participant p ON p.id = a.participant WHERE a.id = ?1";
        let found = self.db.prepare_cached(sql)?.query_row([attempt.0], |row| {
            let before = BeforeDecided {
                participant: row.get::<_, Option<i64>>(0)?.map(ParticipantId),
                result: None,
                unanswered: row.get(2)?,
                is_asked_whether_still_there: row.get(3)?,
            };
            Ok((before, row.get::<_, Option<String>>(1)?))
        });
        let Some((mut before, result)) = found.optional()? else { return Ok(None) };
        before.result = result.map(|word| from_word(&word, "attempt")).transpose()?;
        Ok(Some(before))
    }

    fn count_habits(
        &mut self,
        attempt: AttemptId,
        participant: ParticipantId,
        result: AttemptResult,
        line: &Line,
    ) -> Result<(), StoreError> {
        let picked_up = rest::was_picked_up(result);
        let yes = rest::said_yes(result);
        let [rings, picked] = [picked_up.is_some(), picked_up == Some(true)];
        let [answered, yeses] = [yes.is_some(), yes == Some(true)];
        self.db
            .prepare_cached(
                "INSERT INTO habit (participant, day_part, rings, picked_up)
                 SELECT ?2, day_part, ?3, ?4 FROM attempt WHERE id = ?1
                 ON CONFLICT (participant, day_part) DO UPDATE SET
                   rings = rings + excluded.rings, picked_up = picked_up + excluded.picked_up",
            )?
            .execute((attempt.0, participant.0, rings, picked))?;
        self.db
            .prepare_cached(
                "INSERT INTO line_habit (line, rings, picked_up, answered, yeses)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (line) DO UPDATE SET
                   rings = rings + excluded.rings, picked_up = picked_up + excluded.picked_up,
                   answered = answered + excluded.answered, yeses = yeses + excluded.yeses",
            )?
            .execute((line.number.e164(), rings, picked, answered, yeses))?;
        Ok(())
    }

    /// The search of this request is no longer driven: its rings are over, and those that nothing was
    /// decided about are lost. Those that were live, as they were.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn lose_attempts_of(
        &mut self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<Vec<Attempt>, StoreError> {
        let sql = "SELECT id FROM attempt WHERE request = ?1 AND ended_at IS NULL";
        let live: Vec<i64> = self
            .db
            .prepare_cached(sql)?
            .query_map([request.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let live = live.into_iter().map(|id| self.attempt(AttemptId(id)));
        let live = live.filter_map(Result::transpose).collect::<Result<_, _>>()?;
        let sql =
            "UPDATE attempt SET ended_at = coalesce(ended_at, ?2), result = coalesce(result, ?3)
                   WHERE request = ?1 AND (ended_at IS NULL OR result IS NULL)";
        let lost = word(&AttemptResult::Lost);
        self.db.prepare_cached(sql)?.execute((request.0, now.0, lost))?;
        Ok(live)
    }

    /// The attempt's leg is over: the telephone may be rung again, by others, after its rest.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn release_attempt(
        &mut self,
        attempt: AttemptId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE attempt SET ended_at = coalesce(ended_at, ?2) WHERE id = ?1")?
            .execute((attempt.0, now.0))?;
        Ok(())
    }
}
