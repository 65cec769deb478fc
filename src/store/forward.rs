//! People who come forward by themselves for a request, or offered what it asks: they are rung first.
//! The filters stay, but for those that only keep somebody from being asked too often: whoever says
//! "I will do it" was not asked.

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::attempts::{NewAsk, Reserved};
use super::calls::phone;
use super::candidates::NextAsk;
use super::lookout::{Lookout, Wanted};
use super::{StoreError, Tx, word};
use crate::dispatch::choose::{self, Ask, Facts, PassedOver};
use crate::domain::{Language, ParticipantId, Phone, Postcode, RequestId, ServiceId};

/// By which way somebody is rung first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// They said on the board that they will do it, at this minute: that is when it suits them.
    Forward,
    /// They had offered it on the board, for a day: their own hours count.
    Offered,
}

impl Came {
    /// What is not held against somebody who came by this way.
    fn forgives(self, facts: Facts) -> Facts {
        let hours_open = facts.hours_open || self == Self::Forward;
        Facts {
            hours_open,
            asked_for_this: false,
            rest_until: None,
            unanswered: 0,
            silent: false,
            asks_today: 0,
            asks_this_week: 0,
            ..facts
        }
    }

    fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Forward, Language::Nl) => "koos deze vraag zelf op het prikbord",
            (Self::Forward, Language::En) => "chose this request on the board",
            (Self::Offered, Language::Nl) => "bood dit zelf aan op het prikbord",
            (Self::Offered, Language::En) => "offered this on the board",
        }
    }
}

/// Somebody who may be rung for a request.
pub(super) struct Fit {
    facts: Facts,
    phone: Phone,
    ask: Ask,
}

impl Fit {
    /// How far they are from the place of the request, metres.
    pub(super) fn metres(&self) -> u32 {
        self.facts.distance_m.unwrap_or(0)
    }
}

impl Tx<'_> {
    /// They are rung next for this request. Whether that is so now: not when somebody else came
    /// forward before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn comes_forward(
        &mut self,
        request: RequestId,
        who: ParticipantId,
        came: Came,
    ) -> Result<bool, StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO wish (request, participant, came) VALUES (?1, ?2, ?3)
                 ON CONFLICT (request) DO UPDATE SET participant = excluded.participant,
                   seat = NULL, came = excluded.came WHERE came IS NULL",
            )?
            .execute((request.0, who.0, word(&came)))?;
        let sql = "SELECT 1 FROM wish WHERE request = ?1 AND participant = ?2";
        Ok(self.db.prepare_cached(sql)?.exists((request.0, who.0))?)
    }

    /// The telephone of somebody who takes part.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn number_of(&mut self, who: ParticipantId) -> Result<Option<Phone>, StoreError> {
        let sql = "SELECT phone FROM participant WHERE id = ?1";
        let found = self.db.prepare_cached(sql)?.query_row([who.0], |row| phone(row, 0));
        Ok(found.optional()?)
    }

    /// Where somebody does this: at home if they do it there. `None`: they do not.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a postcode that does not read.
    pub fn does_it_at(
        &mut self,
        who: ParticipantId,
        service: &ServiceId,
    ) -> Result<Option<Postcode>, StoreError> {
        let sql = "SELECT o.postcode FROM offer o JOIN participant p ON p.id = o.participant
                   WHERE o.participant = ?1 AND o.service = ?2
                   ORDER BY o.postcode <> p.postcode, o.postcode LIMIT 1";
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row((who.0, service.as_str()), |row| row.get::<_, u16>(0));
        let read =
            |postcode| Postcode::try_from(postcode).map_err(|_| StoreError::Damaged("offer"));
        found.optional()?.map(read).transpose()
    }

    /// Who is to be rung next for this request, if anybody in particular.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn wished(&mut self, request: RequestId) -> Result<Option<ParticipantId>, StoreError> {
        let sql = "SELECT participant FROM wish WHERE request = ?1 AND participant IS NOT NULL";
        let found = self.db.prepare_cached(sql)?.query_row([request.0], |row| row.get(0));
        Ok(found.optional()?.map(ParticipantId))
    }

    /// Whether somebody who comes forward for this request may be rung for it now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn may_come_forward(
        &mut self,
        next: &NextAsk<'_>,
        who: ParticipantId,
        came: Came,
    ) -> Result<Result<(), PassedOver>, StoreError> {
        let Some(wanted) = Wanted::of(next) else { return Ok(Err(PassedOver::DoesNotOffer)) };
        Ok(self.lookout().fits(&wanted, who, came)?.map(|_| ()))
    }

    /// Reserves whoever came forward, if they may be rung; `None` also when they are on the telephone.
    pub(super) fn reserve_forward(
        &mut self,
        next: &NextAsk<'_>,
        who: ParticipantId,
        came: Came,
    ) -> Result<Option<Reserved>, StoreError> {
        let Some(wanted) = Wanted::of(next) else { return Ok(None) };
        let Ok(fit) = self.lookout().fits(&wanted, who, came)? else { return Ok(None) };
        if self.calls_us(who)? {
            return Ok(None);
        }
        let language = fit.facts.languages.iter().find(|l| **l == fit.ask.language).copied();
        let reason = Language::ALL.map(|language| came.in_words(language)).join("\n");
        let (participant, reason) = (Some(who), reason.as_str());
        let new = NewAsk { participant, phone: &fit.phone, language, reason, agreed: true };
        let attempt = self.reserve(wanted.request, &new, wanted.now)?;
        Ok(attempt.map(|attempt| Reserved { attempt, participant, phone: fit.phone }))
    }
}

impl Lookout<'_> {
    /// Whether one person, who came by this way, may be rung for what is wanted; at the nearest of
    /// the places where they do such a thing.
    pub(super) fn fits(
        &mut self,
        wanted: &Wanted<'_>,
        who: ParticipantId,
        came: Came,
    ) -> Result<Result<Fit, PassedOver>, StoreError> {
        let Some((facts, phone)) = self.one_person(wanted, who)? else {
            return Ok(Err(PassedOver::DoesNotOffer));
        };
        let ask = Ask { reach_m: u32::MAX, ..self.ask(wanted)? };
        let facts = came.forgives(facts);
        Ok(choose::assess(&facts, &ask).map(|_| Fit { facts, phone, ask }))
    }

    /// Where somebody does what is wanted.
    pub(super) fn postcodes_of(
        &self,
        wanted: &Wanted<'_>,
        who: ParticipantId,
    ) -> Result<Vec<u16>, StoreError> {
        let sql = "SELECT DISTINCT postcode FROM offer WHERE participant = ?1 AND service = ?2";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map((who.0, wanted.service.as_str()), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
