//! People known to the exchange.

use rusqlite::OptionalExtension;

use super::{StoreError, Tx};
use crate::dispatch::choose::Pause;
use crate::domain::{Hours, Language, ParticipantId, Phone, Postcode, ServiceId, Timestamp};

/// Somebody, as far as a call needs to know them.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// Their row.
    pub id: ParticipantId,
    /// Where they live.
    pub postcode: Option<Postcode>,
    /// Whether they may be rung at all.
    pub consented: bool,
}

/// Somebody to be written down, or brought up to date.
#[derive(Clone)]
pub struct NewParticipant {
    /// Their telephone.
    pub phone: Phone,
    /// What they are called.
    pub name: String,
    /// Where they live.
    pub postcode: Postcode,
    /// What they like to do.
    pub services: Vec<ServiceId>,
    /// When they may be rung.
    pub hours: Hours,
    /// Languages they speak, the first one first.
    pub languages: Vec<Language>,
    /// Nearest that they like to do something, metres.
    pub min_m: u32,
    /// Farthest, metres.
    pub max_m: u32,
    /// Most rings a day.
    pub max_per_day: u32,
    /// Most rings a week.
    pub max_per_week: u32,
    /// When and how they opted in: `phone`, `web`, `desk` or `paper`.
    pub opted_in: Option<(Timestamp, &'static str)>,
    /// When they were verified on their own telephone.
    pub verified_at: Option<Timestamp>,
}

impl Tx<'_> {
    /// The participant with this number.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn participant_by_phone(
        &mut self,
        phone: &Phone,
    ) -> Result<Option<Participant>, StoreError> {
        let sql = "SELECT id, postcode, consented FROM participant WHERE phone = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([phone.e164()], read).optional()?)
    }

    /// The participant of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn participant(&mut self, id: ParticipantId) -> Result<Option<Participant>, StoreError> {
        let sql = "SELECT id, postcode, consented FROM participant WHERE id = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([id.0], read).optional()?)
    }

    /// Adds somebody, or brings them up to date by their number. A new opt-in is written down as
    /// consent; it never undoes a stop, unless it and the verification are both later (R9).
    /// Whether they take part is given back: `false` when a stop stands.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn put_participant(
        &mut self,
        new: &NewParticipant,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let stopped_at = self.stopped_at(&new.phone)?;
        let later = |at: Option<Timestamp>| at.zip(stopped_at).is_none_or(|(at, stop)| at > stop);
        let opted_in_at = new.opted_in.map(|(at, _)| at);
        let stays_stopped = stopped_at.is_some()
            && !(opted_in_at.is_some()
                && new.verified_at.is_some()
                && later(opted_in_at)
                && later(new.verified_at));
        if stays_stopped {
            return Ok(false);
        }
        let languages: Vec<_> = new.languages.iter().map(|l| l.code()).collect();
        let id: i64 = self
            .db
            .prepare_cached(
                "INSERT INTO participant (phone, name, postcode, hours, languages, min_m, max_m,
                   max_per_day, max_per_week, consented, verified_at, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                 ON CONFLICT (phone) DO UPDATE SET name = excluded.name, postcode = excluded.postcode,
                   hours = excluded.hours, languages = excluded.languages, min_m = excluded.min_m,
                   max_m = excluded.max_m, max_per_day = excluded.max_per_day,
                   max_per_week = excluded.max_per_week, consented = excluded.consented,
                   verified_at = excluded.verified_at
                 RETURNING id",
            )?
            .query_row(
                (
                    new.phone.e164(),
                    &new.name,
                    new.postcode.number(),
                    new.hours.as_str(),
                    languages.join(";"),
                    new.min_m,
                    new.max_m,
                    new.max_per_day,
                    new.max_per_week,
                    opted_in_at.is_some(),
                    new.verified_at.map(|t| t.0),
                    now.0,
                ),
                |row| row.get(0),
            )?;
        self.put_offers(id, new)?;
        if let Some((given_at, channel)) = new.opted_in {
            self.put_consent(id, given_at, channel, new.verified_at)?;
            self.forget_stop(&new.phone)?;
        }
        Ok(true)
    }

    fn put_offers(&mut self, id: i64, new: &NewParticipant) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM offer WHERE participant = ?1")?.execute([id])?;
        let mut put = self.db.prepare_cached(
            "INSERT OR IGNORE INTO offer (service, postcode, participant) VALUES (?1, ?2, ?3)",
        )?;
        for service in &new.services {
            put.execute((service.as_str(), new.postcode.number(), id))?;
        }
        Ok(())
    }

    /// Somebody takes a pause, from now on.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn pause(&mut self, id: ParticipantId, pause: Pause) -> Result<(), StoreError> {
        let (kind, until) = match pause {
            Pause::Until(end) => ("until", Some(end.0)),
            Pause::UntilTheyCall => ("until_they_call", None),
            Pause::StopNotConfirmed => ("stop_not_confirmed", None),
        };
        self.db
            .prepare_cached(
                "UPDATE participant SET pause_kind = ?2, pause_until = ?3 WHERE id = ?1",
            )?
            .execute((id.0, kind, until))?;
        Ok(())
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Participant> {
    let postcode: u16 = row.get(1)?;
    Ok(Participant {
        id: ParticipantId(row.get(0)?),
        postcode: Postcode::try_from(postcode).ok(),
        consented: row.get(2)?,
    })
}
