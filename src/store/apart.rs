//! Who is not brought together again with whom, when one of the two takes no part: by keyed hashes of
//! the numbers by which somebody asked.
//!
//! Like a block between two who take part it is said in one direction, holds in both, and is shown to
//! nobody.

use rusqlite::{Connection, OptionalExtension};

use super::calls::phone;
use super::consent::keyed_hash;
use super::lookout::{Lookout, Wanted};
use super::{StoreError, Tx};
use crate::domain::{Caller, ParticipantId, Phone, RequestId, Timestamp};

/// A keyed hash of a number.
type Hash = [u8; 32];

/// Keyed hashes of the numbers by which whoever asked this is known: those they called from, had
/// filled in, or are to be called back on.
pub(super) fn asker_of(
    db: &Connection,
    key: &[u8; 32],
    request: RequestId,
) -> Result<Vec<Hash>, StoreError> {
    let sql = "SELECT c.caller, iif(i.phone <> r.line, i.phone, NULL), r.call_back, p.phone
               FROM request r LEFT JOIN call c ON c.id = r.call
               LEFT JOIN intake i ON i.request = r.id
               LEFT JOIN participant p ON p.id = r.participant WHERE r.id = ?1";
    let found = db.prepare_cached(sql)?.query_row([request.0], |row| {
        Ok((row.get::<_, Option<String>>(0)?, [row.get(1)?, row.get(2)?, row.get(3)?]))
    });
    let Some((caller, others)): Option<(_, [Option<String>; 3])> = found.optional()? else {
        return Ok(Vec::new());
    };
    let caller = match caller.map(|caller| serde_json::from_str(&caller)).transpose() {
        Ok(Some(Caller::Known(phone))) => Some(phone.e164().to_owned()),
        Ok(_) => None,
        Err(_) => return Err(StoreError::Damaged("call")),
    };
    let numbers = others.into_iter().chain([caller]).flatten();
    let mut hashes: Vec<Hash> = numbers.map(|number| keyed_hash(key, number.as_bytes())).collect();
    hashes.sort_unstable();
    hashes.dedup();
    Ok(hashes)
}

/// Of whom somebody said that they would rather not be brought together with them again.
fn said_by(db: &Connection, who: ParticipantId) -> Result<Vec<Hash>, StoreError> {
    let mut select = db.prepare_cached("SELECT hash FROM apart WHERE participant = ?1")?;
    let hashes = select.query_map([who.0], |row| row.get(0))?;
    Ok(hashes.collect::<Result<_, _>>()?)
}

/// Whether somebody said so of one of these.
pub(super) fn is_said(
    db: &Connection,
    who: ParticipantId,
    of: &[Hash],
) -> Result<bool, StoreError> {
    Ok(said_by(db, who)?.iter().any(|hash| of.contains(hash)))
}

impl Lookout<'_> {
    /// Whether this one of the two, with this telephone, and whoever asks are kept apart, by the word
    /// of either, or by what one of them said of the board. Mostly nobody said anything: then it is a
    /// look at an index or two.
    pub(super) fn are_apart(
        &self,
        wanted: &Wanted<'_>,
        who: ParticipantId,
        number: &Phone,
    ) -> Result<bool, StoreError> {
        if self.was_reported(wanted, who)? {
            return Ok(true);
        }
        let said = said_by(self.db, who)?;
        if !said.is_empty() {
            let mut asker = asker_of(self.db, self.hash_key, wanted.request)?;
            asker.extend(self.asker_beside(wanted)?);
            if said.iter().any(|hash| asker.contains(hash)) {
                return Ok(true);
            }
        }
        let Some(asker) = wanted.asker else { return Ok(false) };
        let said = said_by(self.db, asker)?;
        Ok(!said.is_empty() && said.contains(&self.hash(number)))
    }

    /// The number of whoever would ask, where there is no request yet.
    fn asker_beside(&self, wanted: &Wanted<'_>) -> Result<Vec<Hash>, StoreError> {
        let sql = "SELECT phone FROM participant WHERE id = ?1";
        let known = match wanted.asker {
            Some(asker) => {
                let mut select = self.db.prepare_cached(sql)?;
                select.query_row([asker.0], |row| phone(row, 0)).optional()?
            }
            None => None,
        };
        Ok(wanted.from.into_iter().chain(&known).map(|number| self.hash(number)).collect())
    }

    fn hash(&self, number: &Phone) -> Hash {
        keyed_hash(self.hash_key, number.e164().as_bytes())
    }
}

impl Tx<'_> {
    pub(super) fn keep_apart_from(
        &mut self,
        who: ParticipantId,
        others: &[Hash],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR IGNORE INTO apart (hash, participant, said_at) VALUES (?1, ?2, ?3)";
        let mut put = self.db.prepare_cached(sql)?;
        for hash in others {
            put.execute((hash, who.0, now.0))?;
        }
        Ok(())
    }

    pub(super) fn no_longer_apart_from(
        &mut self,
        who: ParticipantId,
        others: &[Hash],
    ) -> Result<(), StoreError> {
        let sql = "DELETE FROM apart WHERE hash = ?1 AND participant = ?2";
        let mut delete = self.db.prepare_cached(sql)?;
        for hash in others {
            delete.execute((hash, who.0))?;
        }
        Ok(())
    }

    /// What was said of one number is said of another, which is the same person's now.
    pub(super) fn apart_moves(&mut self, from: &str, to: &str) -> Result<(), StoreError> {
        let (from, to) = (self.hash(from), self.hash(to));
        let sql = "UPDATE OR REPLACE apart SET hash = ?2 WHERE hash = ?1";
        self.db.prepare_cached(sql)?.execute((from, to))?;
        Ok(())
    }

    /// What was said of a number is forgotten.
    pub(super) fn erase_apart_from(&mut self, number: &str) -> Result<u64, StoreError> {
        let hash = self.hash(number);
        Ok(self.db.prepare_cached("DELETE FROM apart WHERE hash = ?1")?.execute([hash])? as u64)
    }
}
