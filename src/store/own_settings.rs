//! What somebody settles on their own pages: what they do within which limits, with whom they are
//! not brought together again, and on which number they are rung.
//!
//! Whom they would rather not meet is kept as they said it, in one direction, and holds in both.
//! Nobody is shown it, nor whom it is about.

use rusqlite::OptionalExtension;

use super::consent::{Given, Stop};
use super::{ReadTx, SessionHash, StoreError, Tx, apart};
use crate::domain::{
    AttemptId, Caller, Channel, ParticipantId, Phone, RequestId, ServiceId, Timestamp, consent,
};

/// What somebody does, within limits of its own; without, their own general ones hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnOffer {
    /// What.
    pub service: ServiceId,
    /// Nearest, metres.
    pub min_m: Option<u32>,
    /// Farthest, metres.
    pub max_m: Option<u32>,
    /// They also go inside, where whoever asks would like that.
    pub inside: bool,
}

/// A time that somebody helped, as they are shown it: never whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeHelped {
    /// The ring by which they were asked.
    pub attempt: AttemptId,
    /// When they said yes.
    pub at: Timestamp,
    /// What for.
    pub service: Option<ServiceId>,
    /// The two can be kept apart, since the other takes part too or their number is known still; and
    /// whether they are.
    pub apart: Option<bool>,
}

/// Something that somebody asked, as they are shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedOnce {
    /// When.
    pub at: Timestamp,
    /// What for.
    pub service: Option<ServiceId>,
    /// Somebody is still looked for.
    pub open: bool,
    /// The ring that somebody said yes to, and whether the two are kept apart.
    pub helped_by: Option<(AttemptId, bool)>,
}

/// What became of another number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberChanged {
    /// From now on this one is rung.
    Done,
    /// Somebody else takes part with it.
    Taken,
    /// They are on the telephone at this moment; nothing was changed.
    OnTheTelephone,
}

impl ReadTx<'_> {
    /// What somebody does, in the order of the services' ids.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn offers_with_limits(&self, who: ParticipantId) -> Result<Vec<OwnOffer>, StoreError> {
        // Wherever they do it, within the same limits.
        let sql = "SELECT service, max(min_m), min(max_m), max(inside) FROM offer
                   WHERE participant = ?1 GROUP BY service ORDER BY service";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query([who.0])?;
        let mut offers = Vec::new();
        while let Some(row) = rows.next()? {
            let service = ServiceId::parse(&row.get::<_, String>(0)?);
            let service = service.map_err(|_| StoreError::Damaged("offer"))?;
            let (min_m, max_m, inside) = (row.get(1)?, row.get(2)?, row.get(3)?);
            offers.push(OwnOffer { service, min_m, max_m, inside });
        }
        Ok(offers)
    }

    /// When somebody helped, the last time first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn times_helped(&self, who: ParticipantId) -> Result<Vec<TimeHelped>, StoreError> {
        let sql = "SELECT a.id, a.accepted_at, r.service, r.participant IS NOT NULL, r.id,
                     EXISTS (SELECT 1 FROM block b WHERE b.one = ?1 AND b.other = r.participant)
                   FROM attempt a JOIN request r ON r.id = a.request
                   WHERE a.participant = ?1 AND a.result = 'connected'
                     AND a.accepted_at IS NOT NULL
                   ORDER BY a.accepted_at DESC";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query([who.0])?;
        let mut times = Vec::new();
        while let Some(row) = rows.next()? {
            let apart = if row.get(3)? {
                Some(row.get(5)?)
            } else {
                let asker = apart::asker_of(self.db, self.hash_key, RequestId(row.get(4)?))?;
                match asker.is_empty() {
                    true => None,
                    false => Some(apart::is_said(self.db, who, &asker)?),
                }
            };
            times.push(TimeHelped {
                attempt: AttemptId(row.get(0)?),
                at: Timestamp(row.get(1)?),
                service: service(row, 2)?,
                apart,
            });
        }
        Ok(times)
    }

    /// What somebody asked neighbours, the last first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn times_asked(&self, who: ParticipantId) -> Result<Vec<AskedOnce>, StoreError> {
        let sql = "SELECT r.opened_at, r.service, r.closed_at IS NULL, a.id,
                     EXISTS (SELECT 1 FROM block b WHERE b.one = ?1 AND b.other = a.participant)
                   FROM request r LEFT JOIN attempt a
                     ON a.id = r.accepted AND a.result = 'connected' AND a.participant IS NOT NULL
                   WHERE r.participant = ?1 AND r.kind = 'neighbour' ORDER BY r.id DESC";
        let mut select = self.db.prepare_cached(sql)?;
        let times = select.query_map([who.0], |row| {
            let apart: bool = row.get(4)?;
            let by: Option<i64> = row.get(3)?;
            Ok(AskedOnce {
                at: Timestamp(row.get(0)?),
                service: service(row, 1)?,
                open: row.get(2)?,
                helped_by: by.map(|by| (AttemptId(by), apart)),
            })
        })?;
        Ok(times.collect::<Result<_, _>>()?)
    }
}

/// The other of two people.
enum Other {
    /// Somebody who takes part.
    TakesPart(i64),
    /// Somebody who only called: keyed hashes of their numbers.
    Calls(Vec<[u8; 32]>),
}

fn service(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Option<ServiceId>> {
    Ok(row.get::<_, Option<String>>(at)?.and_then(|id| ServiceId::parse(&id).ok()))
}

impl Tx<'_> {
    /// Within which limits somebody does what they do, wherever they do it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn limit_offers(
        &mut self,
        who: ParticipantId,
        offers: &[OwnOffer],
    ) -> Result<(), StoreError> {
        let sql = "UPDATE offer SET inside = ?3 WHERE participant = ?1 AND service = ?2";
        for offer in offers {
            self.limit_offer(who, &offer.service, offer.min_m, offer.max_m)?;
            let key = (who.0, offer.service.as_str(), offer.inside);
            self.db.prepare_cached(sql)?.execute(key)?;
        }
        Ok(())
    }

    /// For which of what they do somebody also goes inside, in the order of the services' ids.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn going_inside(&mut self, who: ParticipantId) -> Result<Vec<ServiceId>, StoreError> {
        let sql = "SELECT DISTINCT service FROM offer WHERE participant = ?1 AND inside
                   ORDER BY service";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([who.0], |row| row.get::<_, String>(0))?;
        let read = |id: &String| ServiceId::parse(id).map_err(|_| StoreError::Damaged("offer"));
        rows.collect::<Result<Vec<_>, _>>()?.iter().map(read).collect()
    }

    /// For these of what they do somebody also goes inside, and for no others. Whether that is new.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn go_inside(
        &mut self,
        who: ParticipantId,
        services: &[ServiceId],
    ) -> Result<bool, StoreError> {
        let before = self.going_inside(who)?;
        let sql = "UPDATE offer SET inside = 0 WHERE participant = ?1";
        self.db.prepare_cached(sql)?.execute([who.0])?;
        let sql = "UPDATE offer SET inside = 1 WHERE participant = ?1 AND service = ?2";
        for service in services {
            self.db.prepare_cached(sql)?.execute((who.0, service.as_str()))?;
        }
        Ok(self.going_inside(who)? != before)
    }

    /// Somebody would rather not be brought together again with whoever this ring was about, the
    /// asker or the neighbour. Whether there was such a ring of theirs.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn keep_apart(
        &mut self,
        who: ParticipantId,
        ring: AttemptId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let other = match self.other_of(who, ring)? {
            None => return Ok(false),
            Some(Other::TakesPart(other)) => other,
            Some(Other::Calls(hashes)) => {
                self.keep_apart_from(who, &hashes, now)?;
                return Ok(true);
            }
        };
        for sql in [
            "INSERT OR IGNORE INTO block (one, other) VALUES (?1, ?2)",
            "DELETE FROM klik WHERE asker = ?1 AND helper = ?2",
            "DELETE FROM klik WHERE asker = ?2 AND helper = ?1",
        ] {
            self.db.prepare_cached(sql)?.execute((who.0, other))?;
        }
        Ok(true)
    }

    /// They may be brought together again, as far as it is up to this one of the two. Whether there
    /// was such a ring of theirs.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn bring_together_again(
        &mut self,
        who: ParticipantId,
        ring: AttemptId,
    ) -> Result<bool, StoreError> {
        let other = match self.other_of(who, ring)? {
            None => return Ok(false),
            Some(Other::TakesPart(other)) => other,
            Some(Other::Calls(hashes)) => {
                self.no_longer_apart_from(who, &hashes)?;
                return Ok(true);
            }
        };
        let sql = "DELETE FROM block WHERE one = ?1 AND other = ?2";
        self.db.prepare_cached(sql)?.execute((who.0, other))?;
        Ok(true)
    }

    fn other_of(
        &mut self,
        who: ParticipantId,
        ring: AttemptId,
    ) -> Result<Option<Other>, StoreError> {
        let sql = "SELECT CASE ?1 WHEN a.participant THEN r.participant ELSE a.participant END,
                     ?1 IS a.participant, r.id FROM attempt a JOIN request r ON r.id = a.request
                   WHERE a.id = ?2 AND a.result = 'connected' AND ?1 IN (a.participant, r.participant)";
        let other = self
            .db
            .prepare_cached(sql)?
            .query_row((who.0, ring.0), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let Some((other, helped, request)): Option<(Option<i64>, bool, i64)> = other.optional()?
        else {
            return Ok(None);
        };
        if let Some(other) = other {
            return Ok(Some(Other::TakesPart(other)).filter(|_| other != who.0));
        }
        if !helped {
            return Ok(None);
        }
        let asker = apart::asker_of(self.db, &self.bench.hash_key, RequestId(request))?;
        Ok(Some(asker).filter(|hashes| !hashes.is_empty()).map(Other::Calls))
    }

    /// Whether somebody could be rung on this number instead of theirs: nobody takes part with it, and
    /// nobody stopped with it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn may_change_to(&mut self, new: &Phone) -> Result<bool, StoreError> {
        Ok(self.participant_by_phone(new)?.is_none() && !self.said_stop(new)?)
    }

    /// Somebody is rung on another number from now on, which they have just proved to be theirs; it
    /// is a new opt-in. The old one is never rung again, and what is known of it is of the new one.
    /// Whoever is logged in elsewhere logs in anew, by the new number; `here` goes on.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn change_number(
        &mut self,
        who: ParticipantId,
        new: &Phone,
        here: Option<SessionHash>,
        now: Timestamp,
    ) -> Result<NumberChanged, StoreError> {
        let sql = "SELECT phone FROM participant WHERE id = ?1 AND consented";
        let old = self.db.prepare_cached(sql)?.query_row([who.0], |row| row.get(0));
        let Some(old): Option<String> = old.optional()? else { return Ok(NumberChanged::Taken) };
        if old == new.e164() {
            return Ok(NumberChanged::Done);
        }
        if self.participant_by_phone(new)?.is_some() {
            return Ok(NumberChanged::Taken);
        }
        let was = Phone::from_stored(&old).map_err(|_| StoreError::Damaged("participant"))?;
        if self.is_taken(&was)? {
            return Ok(NumberChanged::OnTheTelephone);
        }
        self.apart_moves(&old, new.e164())?;
        self.db
            .prepare_cached("UPDATE participant SET phone = ?2, verified_at = ?3 WHERE id = ?1")?
            .execute((who.0, new.e164(), now.0))?;
        for sql in [
            "UPDATE attempt SET phone = ?2 WHERE phone = ?1 AND ended_at IS NOT NULL",
            "UPDATE request SET call_back = ?2 WHERE call_back = ?1",
            "UPDATE intake SET phone = ?2 WHERE phone = ?1",
            // One that waits on the new number already is enough.
            "UPDATE OR IGNORE web_question SET phone = ?2 WHERE phone = ?1",
            "DELETE FROM web_question WHERE phone = ?1 AND ?2 IS ?2",
        ] {
            self.db.prepare_cached(sql)?.execute((&old, new.e164()))?;
        }
        let as_caller = |phone: &Phone| {
            serde_json::to_string(&Caller::Known(phone.clone()))
                .map_err(|_| StoreError::Damaged("call"))
        };
        let (before, after) = (as_caller(&was)?, as_caller(new)?);
        for sql in [
            "UPDATE call SET caller = ?2 WHERE caller = ?1 AND ended_at IS NOT NULL",
            "UPDATE message SET caller = ?2 WHERE caller = ?1",
        ] {
            self.db.prepare_cached(sql)?.execute((&before, &after))?;
        }
        let given = Given {
            at: now,
            channel: Channel::Web.code(),
            verified_at: Some(now),
            text_version: consent::TEXT_VERSION,
            language: None,
            proof: None,
        };
        self.put_consent(who.0, given)?;
        for sql in [
            "DELETE FROM own_session WHERE participant = ?1 AND hash IS NOT ?2",
            "DELETE FROM spoken_code WHERE participant = ?1 AND hash IS NOT ?2",
        ] {
            self.db.prepare_cached(sql)?.execute((who.0, here))?;
        }
        let (before, after) = (self.hash(&old), self.hash(new.e164()));
        self.remember_stop(&before, Stop { at: now, moved: true })?;
        // Back to a number of before: only the change itself kept it from being rung.
        let sql = "DELETE FROM stop_list WHERE hash = ?1 AND moved";
        self.db.prepare_cached(sql)?.execute([after])?;
        Ok(NumberChanged::Done)
    }
}
