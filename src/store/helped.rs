//! Who helped somebody before, to that one's pleasure: whom they may like to have asked first.

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
    /// was said that it did not work out the last time.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn helped(&self, asker: &Phone) -> Result<Vec<Helped>, StoreError> {
        // Of several rows the others are those of the newest: so does SQLite with max().
        let sql = "SELECT a.participant, t.name, t.postcode, before.service,
                     max(coalesce(a.accepted_at, a.reserved_at)) AS at, before.worked_out
                   FROM request before
                     JOIN attempt a ON a.id = before.accepted
                     JOIN participant t ON t.id = a.participant
                   WHERE before.kind = 'neighbour' AND before.outcome = 'connected'
                     AND (before.call_back = ?1
                       OR before.participant = (SELECT id FROM participant WHERE phone = ?1))
                   GROUP BY a.participant HAVING coalesce(before.worked_out, 1) = 1
                   ORDER BY at DESC LIMIT ?2";
        let mut select = self.db.prepare_cached(sql)?;
        let most = i64::try_from(MOST).unwrap_or(i64::MAX);
        let rows = select.query_map((asker.e164(), most), |row| {
            let postcode: u16 = row.get(2)?;
            let service: Option<String> = row.get(3)?;
            Ok(Helped {
                who: ParticipantId(row.get(0)?),
                name: row.get(1)?,
                postcode: Postcode::try_from(postcode).ok(),
                service: service.and_then(|id| ServiceId::parse(&id).ok()),
                at: Timestamp(row.get(4)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The same, for whoever asked this.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a number that does not read.
    pub fn helped_asker_of(&self, request: RequestId) -> Result<Vec<Helped>, StoreError> {
        let sql = "SELECT coalesce(i.phone, r.call_back, t.phone) FROM request r
                     LEFT JOIN intake i ON i.request = r.id
                     LEFT JOIN participant t ON t.id = r.participant
                   WHERE r.id = ?1 AND coalesce(i.phone, r.call_back, t.phone) IS NOT NULL";
        let mut select = self.db.prepare_cached(sql)?;
        let asker = select.query_row([request.0], |row| phone(row, 0)).optional()?;
        asker.map_or(Ok(Vec::new()), |asker| self.helped(&asker))
    }
}

impl Tx<'_> {
    /// As for a transaction that reads.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a number that does not read.
    pub fn helped_asker_of(&mut self, request: RequestId) -> Result<Vec<Helped>, StoreError> {
        ReadTx { db: self.db, hash_key: &self.bench.hash_key }.helped_asker_of(request)
    }
}
