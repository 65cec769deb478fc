//! Who is to be asked next: as the desk wants, or because they came forward by themselves; and which
//! telephone of the desk rings first.

use rusqlite::OptionalExtension;

use super::attempts::Reserved;
use super::calls::phone;
use super::candidates::NextAsk;
use super::lookout::{People, Wanted};
use super::{ReadTx, StoreError, Tx, from_word};
use crate::dispatch::choose::{self, Ask, PassedOver};
use crate::domain::{ParticipantId, Phone, Postcode, RequestId};

/// Whoever is to be asked next for a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedNext {
    /// Who.
    pub who: ParticipantId,
    /// Their name, for those who may see it.
    pub name: String,
    /// Where they live.
    pub postcode: Option<Postcode>,
}

impl ReadTx<'_> {
    /// Who is to be asked next for this request, if anybody in particular.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn asked_next(&self, request: RequestId) -> Result<Option<AskedNext>, StoreError> {
        let sql = "SELECT t.id, t.name, t.postcode FROM wish w
                     JOIN participant t ON t.id = w.participant WHERE w.request = ?1";
        let found = self.db.prepare_cached(sql)?.query_row([request.0], |row| {
            let postcode: u16 = row.get(2)?;
            Ok(AskedNext {
                who: ParticipantId(row.get(0)?),
                name: row.get(1)?,
                postcode: Postcode::try_from(postcode).ok(),
            })
        });
        Ok(found.optional()?)
    }
}

impl Tx<'_> {
    /// Wants this person asked next for this request. Whether that is so now: not when the desk
    /// wants somebody else already.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn wish_for(&mut self, request: RequestId, who: ParticipantId) -> Result<bool, StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO wish (request, participant) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute((request.0, who.0))?;
        self.is_wished_for(request, who)
    }

    /// Whether this person is wanted next for this request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn is_wished_for(
        &mut self,
        request: RequestId,
        who: ParticipantId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM wish WHERE request = ?1 AND participant = ?2";
        Ok(self.db.prepare_cached(sql)?.exists((request.0, who.0))?)
    }

    /// The desk wants nobody in particular asked next for this request; whoever came forward by
    /// themselves stays.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn drop_desks_choice(&mut self, request: RequestId) -> Result<(), StoreError> {
        let sql =
            "DELETE FROM wish WHERE request = ?1 AND participant IS NOT NULL AND came IS NULL";
        self.db.prepare_cached(sql)?.execute([request.0])?;
        Ok(())
    }

    /// Wants this telephone of the desk to ring first for this request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn wish_for_seat(&mut self, request: RequestId, seat: &Phone) -> Result<(), StoreError> {
        self.db
            .prepare_cached("INSERT OR REPLACE INTO wish (request, seat) VALUES (?1, ?2)")?
            .execute((request.0, seat.e164()))?;
        Ok(())
    }

    /// The telephone of the desk that is to ring first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn wished_seat(&mut self, request: RequestId) -> Result<Option<Phone>, StoreError> {
        let sql = "SELECT seat FROM wish WHERE request = ?1 AND seat IS NOT NULL";
        Ok(self.db.prepare_cached(sql)?.query_row([request.0], |row| phone(row, 0)).optional()?)
    }

    /// Nothing is wished for this request any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn drop_wish(&mut self, request: RequestId) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM wish WHERE request = ?1")?.execute([request.0])?;
        Ok(())
    }

    /// Whether this person may be asked for this request now: every filter but the reach of the
    /// round, which is how a search widens and nobody's own limit.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn may_be_asked(
        &mut self,
        next: &NextAsk<'_>,
        who: ParticipantId,
    ) -> Result<Result<(), PassedOver>, StoreError> {
        let Some((ask, people)) = self.wanted(next, who)? else {
            return Ok(Err(PassedOver::DoesNotOffer));
        };
        Ok(match people.facts.first() {
            Some(facts) => choose::assess(facts, &ask).map(|_| ()),
            None => Err(PassedOver::DoesNotOffer),
        })
    }

    /// Reserves whom the desk wants asked next, or who came forward, if they still may be; looked at
    /// once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn reserve_wished(&mut self, next: &NextAsk<'_>) -> Result<Option<Reserved>, StoreError> {
        let sql =
            "SELECT participant, came FROM wish WHERE request = ?1 AND participant IS NOT NULL";
        let wished = self.db.prepare_cached(sql)?.query_row([next.request.id.0], |row| {
            Ok((row.get(0)?, row.get::<_, Option<String>>(1)?))
        });
        let Some((who, came)) = wished.optional()? else { return Ok(None) };
        self.drop_wish(next.request.id)?;
        if let Some(came) = came {
            let came = from_word(&came, "wish")?;
            return self.reserve_forward(next, ParticipantId(who), came);
        }
        match (Wanted::of(next), self.wanted(next, ParticipantId(who))?) {
            (Some(wanted), Some((ask, people))) => self.reserve_best(&wanted, &ask, people),
            _ => Ok(None),
        }
    }

    /// What is known about one person for this request, at whatever distance.
    fn wanted(
        &mut self,
        next: &NextAsk<'_>,
        who: ParticipantId,
    ) -> Result<Option<(Ask, People)>, StoreError> {
        let Some(wanted) = Wanted::of(next) else { return Ok(None) };
        let ask = Ask { reach_m: u32::MAX, ..self.lookout().ask(&wanted)? };
        let one = self.lookout().one_person(&wanted, who)?;
        Ok(one.map(|(facts, phone)| (ask, People { facts: vec![facts], phones: vec![phone] })))
    }
}
