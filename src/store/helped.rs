//! Who helped somebody before, to that one's pleasure: whom they may like to have asked first.

use std::collections::HashMap;

use rusqlite::OptionalExtension;

use super::calls::phone;
use super::{ReadTx, StoreError, Tx};
use crate::domain::{ParticipantId, Phone, Postcode, RequestId, ServiceId, Timestamp};

/// Most people that are looked for.
const MOST: usize = 5;

/// Somebody who helped before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helped {
    /// Who.
    pub who: ParticipantId,
    /// Their name, for those who may see it.
    pub name: String,
    /// Where they live.
    pub postcode: Option<Postcode>,
    /// With what they helped last.
    pub service: Option<ServiceId>,
    /// When that was.
    pub at: Timestamp,
}

impl ReadTx<'_> {
    /// People who helped whoever has this number, the last one first, at most five; none of whom it
    /// was said that it did not work out the last time. `sees` is asked of the line and the place of each
    /// time: whose times are all not for whoever looks is not there.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that does not read.
    pub fn helped(
        &self,
        asker: &Phone,
        sees: impl Fn(&Phone, Option<Postcode>) -> bool,
    ) -> Result<Vec<Helped>, StoreError> {
        let sql = "SELECT a.participant, t.name, t.postcode, before.service,
                     coalesce(a.accepted_at, a.reserved_at) AS at, before.worked_out,
                     before.line, before.postcode
                   FROM request before
                     JOIN attempt a ON a.id = before.accepted
                     JOIN participant t ON t.id = a.participant
                   WHERE before.kind = 'neighbour' AND before.outcome = 'connected'
                     AND (before.call_back = ?1
                       OR before.participant = (SELECT id FROM participant WHERE phone = ?1))
                   ORDER BY at DESC";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query([asker.e164()])?;
        let (mut helped, mut met) = (Vec::<Helped>::new(), HashMap::new());
        while let Some(row) = rows.next()?
            && helped.len() < MOST
        {
            let who = ParticipantId(row.get(0)?);
            let worked_out: Option<bool> = row.get(5)?;
            // The newest time comes first, and says whether they would like each other again.
            let again = *met.entry(who).or_insert(worked_out != Some(false));
            let place: Option<u16> = row.get(7)?;
            let place = place.and_then(|place| Postcode::try_from(place).ok());
            if !again || !sees(&phone(row, 6)?, place) || helped.iter().any(|one| one.who == who) {
                continue;
            }
            let postcode: u16 = row.get(2)?;
            let service: Option<String> = row.get(3)?;
            helped.push(Helped {
                who,
                name: row.get(1)?,
                postcode: Postcode::try_from(postcode).ok(),
                service: service.and_then(|id| ServiceId::parse(&id).ok()),
                at: Timestamp(row.get(4)?),
            });
        }
        Ok(helped)
    }

    /// The same, for whoever asked this.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a number that does not read.
    pub fn helped_asker_of(
        &self,
        request: RequestId,
        sees: impl Fn(&Phone, Option<Postcode>) -> bool,
    ) -> Result<Vec<Helped>, StoreError> {
        let sql = "SELECT coalesce(i.phone, r.call_back, t.phone) FROM request r
                     LEFT JOIN intake i ON i.request = r.id
                     LEFT JOIN participant t ON t.id = r.participant
                   WHERE r.id = ?1 AND coalesce(i.phone, r.call_back, t.phone) IS NOT NULL";
        let mut select = self.db.prepare_cached(sql)?;
        let asker = select.query_row([request.0], |row| phone(row, 0)).optional()?;
        asker.map_or(Ok(Vec::new()), |asker| self.helped(&asker, sees))
    }
}

impl Tx<'_> {
    /// As for a transaction that reads, on whichever line and wherever that was.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a number that does not read.
    pub fn helped_asker_of(&mut self, request: RequestId) -> Result<Vec<Helped>, StoreError> {
        ReadTx { db: self.db, hash_key: &self.bench.hash_key }.helped_asker_of(request, |_, _| true)
    }
}
