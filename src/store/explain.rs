//! Why whom: the facts and the order that [`Tx::reserve_next`](super::Tx::reserve_next) goes by,
//! with everybody who is passed over. It only reads.

use rusqlite::OptionalExtension;

use super::geography::Geography;
use super::hours_cache::HoursCache;
use super::lookout::{Lookout, People, Wanted, Whom};
use super::{ReadTx, StoreError};
use crate::dispatch::choose::{self, Ranking};
use crate::domain::{
    Conditions, Language, Line, Numbering, ParticipantId, Phone, Postcode, RequestId, ServiceId,
    Timestamp,
};

/// A question that somebody might ask.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// On which line.
    pub line: &'a Line,
    /// For what.
    pub service: &'a ServiceId,
    /// What that service asks of whoever does it.
    pub conditions: Conditions,
    /// Whoever helps is to go inside too.
    pub inside: bool,
    /// Where.
    pub postcode: Postcode,
    /// In which language.
    pub language: Language,
    /// From which number, if it is shown.
    pub from: Option<&'a Phone>,
    /// 1 at first, one more for every "try again".
    pub round: u32,
    /// Which numbers may be rung.
    pub numbering: Numbering,
    /// When.
    pub at: Timestamp,
}

/// Everybody who offers the service within the last distance band, or nobody knows where, with
/// what led to their place.
#[derive(Debug)]
pub struct Explained {
    /// The order, and those who are passed over.
    pub ranking: Ranking,
    people: People,
}

impl Explained {
    /// The telephone of somebody in the ranking, and how far they live, metres.
    pub fn where_is(&self, participant: ParticipantId) -> Option<(&Phone, Option<u32>)> {
        let at = self.people.facts.iter().position(|facts| facts.participant == participant)?;
        Some((&self.people.phones[at], self.people.facts[at].distance_m))
    }
}

impl ReadTx<'_> {
    /// Who would be asked, in which order, and who would not, if this were asked now: the next
    /// request would begin with the first of the order.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn explain(&self, asked: &Asked<'_>) -> Result<Explained, StoreError> {
        self.explain_wanted(&Wanted {
            line: asked.line,
            service: asked.service,
            conditions: asked.conditions,
            inside: asked.inside,
            centre: asked.postcode,
            language: asked.language,
            asker: asked.from.map(|from| self.known(from)).transpose()?.flatten(),
            from: asked.from,
            request: self.next_request()?,
            round: asked.round,
            ringing_hours_open: asked.line.may_ring(asked.at),
            numbering: asked.numbering,
            now: asked.at,
        })
    }

    /// As [`ReadTx::explain`], for a request that is open: who would be asked next, and who would
    /// not. None for a request without a service or a place, or that is not there. `conditions` tells
    /// what a service asks of whoever does it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn explain_request(
        &self,
        request: RequestId,
        line: &Line,
        round: u32,
        numbering: Numbering,
        now: Timestamp,
        conditions: &dyn Fn(&ServiceId) -> Conditions,
    ) -> Result<Option<Explained>, StoreError> {
        let sql = "SELECT service, postcode, language, participant, inside FROM request
                   WHERE id = ?1";
        let row = self.db.prepare_cached(sql)?.query_row([request.0], |row| {
            let service: Option<String> = row.get(0)?;
            let postcode: Option<u16> = row.get(1)?;
            let language: String = row.get(2)?;
            let asker: Option<i64> = row.get(3)?;
            Ok((service, postcode, language, asker, row.get(4)?))
        });
        let Some((service, postcode, language, asker, inside)) = row.optional()? else {
            return Ok(None);
        };
        let service = service.and_then(|id| ServiceId::parse(&id).ok());
        let centre = postcode.and_then(|number| Postcode::try_from(number).ok());
        let (Some(service), Some(centre)) = (service, centre) else { return Ok(None) };
        let explained = self.explain_wanted(&Wanted {
            line,
            service: &service,
            conditions: conditions(&service),
            inside,
            centre,
            language: Language::parse(&language).unwrap_or_default(),
            asker: asker.map(ParticipantId),
            from: None,
            request,
            round,
            ringing_hours_open: line.may_ring(now),
            numbering,
            now,
        })?;
        Ok(Some(explained))
    }

    /// What these people are called, in their order; empty where no name is stored.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn names(&self, people: &[ParticipantId]) -> Result<Vec<String>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT name FROM participant WHERE id = ?1")?;
        let name = |id: &ParticipantId| {
            Ok(select.query_row([id.0], |row| row.get(0)).optional()?.unwrap_or_default())
        };
        people.iter().map(name).collect()
    }

    /// The stored dispatch machine of a request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn stored_machine(&self, request: RequestId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT state FROM machine WHERE request = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([request.0], |row| row.get(0)).optional()?)
    }

    fn explain_wanted(&self, wanted: &Wanted<'_>) -> Result<Explained, StoreError> {
        let (mut geography, mut hours) = (Geography::new(), HoursCache::new());
        let mut lookout = Lookout {
            db: self.db,
            hash_key: self.hash_key,
            geography: &mut geography,
            hours: &mut hours,
        };
        let ask = lookout.ask(wanted)?;
        let mut people = People::default();
        for &(postcode, metres) in lookout.around(wanted.centre)?.iter() {
            lookout.people_in(wanted, postcode, Some(metres), Whom::Everybody, &mut people)?;
        }
        for postcode in self.postcodes_nowhere(wanted.service)? {
            lookout.people_in(wanted, postcode, None, Whom::Everybody, &mut people)?;
        }
        people.once_each();
        people.who_offer(&lookout.offering(wanted)?);
        Ok(Explained { ranking: choose::rank(&people.facts, &ask), people })
    }

    fn known(&self, phone: &Phone) -> Result<Option<ParticipantId>, StoreError> {
        let sql = "SELECT id FROM participant WHERE phone = ?1";
        let mut select = self.db.prepare_cached(sql)?;
        let id = select.query_row([phone.e164()], |row| row.get(0)).optional()?;
        Ok(id.map(ParticipantId))
    }

    /// Its number settles the last tie.
    fn next_request(&self) -> Result<RequestId, StoreError> {
        let sql = "SELECT coalesce(max(seq), 0) + 1 FROM sqlite_sequence WHERE name = 'request'";
        Ok(RequestId(self.db.query_row(sql, [], |row| row.get(0))?))
    }

    /// Postcodes of people who offer the service that no place is known for.
    fn postcodes_nowhere(&self, service: &ServiceId) -> Result<Vec<u16>, StoreError> {
        let sql = "SELECT DISTINCT postcode FROM offer WHERE service = ?1
                     AND postcode NOT IN (SELECT postcode FROM place) ORDER BY postcode";
        let mut select = self.db.prepare_cached(sql)?;
        let postcodes = select.query_map([service.as_str()], |row| row.get(0))?;
        Ok(postcodes.collect::<Result<_, _>>()?)
    }
}
