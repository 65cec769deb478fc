//! What neighbours say of the board: that something does not belong there; and what the desk took down.
//!
//! Whoever said so does not see it again and is not brought together over it. It hangs on a promise, so
//! that somebody at the desk looks at it in time: while that is open, all who say so of the same thing
//! are behind the same one. Nothing here tells who said it.

use rusqlite::OptionalExtension;

use super::calls::phone;
use super::lookout::{Lookout, Wanted};
use super::on_board::{STILL_ASKED, TO_TAKE_UP};
use super::{PostedOffer, ReadTx, StoreError, Tx, from_word, word};
use crate::domain::{Misplaced, OfferId, ParticipantId, Phone, Pinned, RequestId, Timestamp};

/// What somebody says of something on the board.
#[derive(Debug, Clone, Copy)]
pub struct NewReport {
    /// Who.
    pub participant: ParticipantId,
    /// Of what.
    pub of: Pinned,
    /// Why it does not belong there.
    pub why: Misplaced,
    /// The promise to look at it.
    pub promise: i64,
    /// This moment.
    pub now: Timestamp,
}

/// What was said of something on the board, as the desk sees it: not by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedSeen {
    /// Of what.
    pub of: Pinned,
    /// How often for which reason, in the order of the reasons.
    pub whys: Vec<(Misplaced, u32)>,
    /// The offer, if it is one.
    pub offer: Option<PostedOffer>,
}

/// That the desk took something down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DownSince {
    /// Why.
    pub why: Misplaced,
    /// When.
    pub at: Timestamp,
}

/// The two columns of one of these: a request, an offer.
fn columns(of: Pinned) -> (Option<i64>, Option<i64>) {
    match of {
        Pinned::Request(id) => (Some(id.0), None),
        Pinned::Offer(id) => (None, Some(id.0)),
    }
}

fn pinned(request: Option<i64>, offer: Option<i64>) -> Result<Pinned, StoreError> {
    match (request, offer) {
        (Some(id), None) => Ok(Pinned::Request(RequestId(id))),
        (None, Some(id)) => Ok(Pinned::Offer(OfferId(id))),
        _ => Err(StoreError::Damaged("board_report")),
    }
}

impl Tx<'_> {
    /// The line on whose board neighbours see this now; `None`: they do not.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn pinned_on(&mut self, of: Pinned, now: Timestamp) -> Result<Option<Phone>, StoreError> {
        ReadTx { db: self.db, hash_key: &self.bench.hash_key }.pinned_on(of, now)
    }

    /// Whether somebody put this on the board themselves, by whichever way they asked.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn pinned_by(&mut self, of: Pinned, who: ParticipantId) -> Result<bool, StoreError> {
        let (id, sql) = match of {
            Pinned::Offer(id) => {
                (id.0, "SELECT 1 FROM posted_offer WHERE id = ?1 AND participant = ?2")
            }
            Pinned::Request(id) => (
                id.0,
                "SELECT 1 FROM request r JOIN participant p ON p.id = ?2
                   LEFT JOIN intake i ON i.request = r.id
                 WHERE r.id = ?1 AND (r.participant = p.id OR p.phone IN (r.call_back, i.phone))",
            ),
        };
        Ok(self.db.prepare_cached(sql)?.exists((id, who.0))?)
    }

    /// Whether somebody has said so of this before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn has_reported(&mut self, who: ParticipantId, of: Pinned) -> Result<bool, StoreError> {
        let (request, offer) = columns(of);
        let sql = "SELECT 1 FROM board_report
                   WHERE participant = ?1 AND (request = ?2 OR posted_offer = ?3)";
        Ok(self.db.prepare_cached(sql)?.exists((who.0, request, offer))?)
    }

    /// Of how much somebody said so since then.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn reports_since(
        &mut self,
        who: ParticipantId,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM board_report WHERE participant = ?1 AND reported_at > ?2";
        Ok(self.db.prepare_cached(sql)?.query_row((who.0, since.0), |row| row.get(0))?)
    }

    /// Writes down what somebody says of something on the board; twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn add_report(&mut self, new: &NewReport) -> Result<(), StoreError> {
        let (request, offer) = columns(new.of);
        self.db
            .prepare_cached(
                "INSERT INTO board_report (participant, request, posted_offer, why, promise,
                   reported_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            )?
            .execute((new.participant.0, request, offer, new.why.code(), new.promise, new.now.0))?;
        Ok(())
    }

    /// The open promise to look at this.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn promised_to_look_at(&mut self, of: Pinned) -> Result<Option<i64>, StoreError> {
        ReadTx { db: self.db, hash_key: &self.bench.hash_key }.promised_to_look_at(of)
    }

    /// What a promise is to look at.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn looks_at(&mut self, promise: i64) -> Result<Option<Pinned>, StoreError> {
        looks_at(self.db, promise)
    }

    /// The desk takes this down: neighbours do not see it any more. Whether they did.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn take_down(
        &mut self,
        of: Pinned,
        why: Misplaced,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let was_there = match of {
            Pinned::Request(request) => self.take_off_board(request)?,
            Pinned::Offer(id) => {
                let sql = "UPDATE posted_offer SET withdrawn_at = ?2 WHERE id = ?1
                             AND expires_at > ?2 AND answered_by IS NULL AND withdrawn_at IS NULL";
                self.db.prepare_cached(sql)?.execute((id.0, now.0))? == 1
            }
        };
        if was_there {
            let (request, offer) = columns(of);
            self.db
                .prepare_cached(
                    "INSERT OR REPLACE INTO taken_down (request, posted_offer, why, taken_at)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((request, offer, why.code(), now.0))?;
        }
        Ok(was_there)
    }

    /// Whoever asks agreed with the desk that it goes on the board again.
    pub(super) fn no_longer_down(&mut self, request: RequestId) -> Result<(), StoreError> {
        let sql = "DELETE FROM taken_down WHERE request = ?1";
        self.db.prepare_cached(sql)?.execute([request.0])?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The line on whose board neighbours see this now; `None`: they do not.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn pinned_on(&self, of: Pinned, now: Timestamp) -> Result<Option<Phone>, StoreError> {
        let (id, sql) = match of {
            Pinned::Request(id) => (
                id.0,
                format!(
                    "SELECT r.line FROM {TO_TAKE_UP} WHERE {STILL_ASKED} AND r.id = ?1
                       AND ?2 IS NOT NULL"
                ),
            ),
            Pinned::Offer(id) => (
                id.0,
                "SELECT line FROM posted_offer WHERE id = ?1 AND expires_at > ?2
                   AND answered_by IS NULL AND withdrawn_at IS NULL"
                    .to_owned(),
            ),
        };
        let mut select = self.db.prepare_cached(&sql)?;
        Ok(select.query_row((id, now.0), |row| phone(row, 0)).optional()?)
    }

    /// The open promise to look at this.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn promised_to_look_at(&self, of: Pinned) -> Result<Option<i64>, StoreError> {
        let (request, offer) = columns(of);
        let sql = "SELECT p.id FROM board_report b JOIN promise p ON p.id = b.promise
                   WHERE p.kept_at IS NULL AND (b.request = ?1 OR b.posted_offer = ?2) LIMIT 1";
        let found = self.db.prepare_cached(sql)?.query_row((request, offer), |row| row.get(0));
        Ok(found.optional()?)
    }

    /// What was said of what this promise is to look at: by everybody, also before.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn reported(&self, promise: i64) -> Result<Option<ReportedSeen>, StoreError> {
        let Some(of) = looks_at(self.db, promise)? else { return Ok(None) };
        let (request, offer) = columns(of);
        let sql = "SELECT why, count(*) FROM board_report
                   WHERE request = ?1 OR posted_offer = ?2 GROUP BY why";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query((request, offer))?;
        let mut whys: Vec<(Misplaced, u32)> = Vec::new();
        while let Some(row) = rows.next()? {
            let why = from_word(&row.get::<_, String>(0)?, "board_report")?;
            whys.push((why, row.get(1)?));
        }
        whys.sort_unstable();
        let offer = match of {
            Pinned::Offer(id) => self.posted_offer(id)?,
            Pinned::Request(_) => None,
        };
        Ok(Some(ReportedSeen { of, whys, offer }))
    }

    /// Whether the desk took this down, and why.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn taken_down(&self, of: Pinned) -> Result<Option<DownSince>, StoreError> {
        let (request, offer) = columns(of);
        let sql = "SELECT why, taken_at FROM taken_down WHERE request = ?1 OR posted_offer = ?2";
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row((request, offer), |row| Ok((row.get::<_, String>(0)?, row.get(1)?)));
        let Some((why, at)) = found.optional()? else { return Ok(None) };
        Ok(Some(DownSince { why: from_word(&why, "taken_down")?, at: Timestamp(at) }))
    }
}

fn looks_at(db: &rusqlite::Connection, promise: i64) -> Result<Option<Pinned>, StoreError> {
    let sql = "SELECT request, posted_offer FROM board_report WHERE promise = ?1 LIMIT 1";
    let found = db.prepare_cached(sql)?.query_row([promise], |row| Ok((row.get(0)?, row.get(1)?)));
    found.optional()?.map(|(request, offer)| pinned(request, offer)).transpose()
}

impl Lookout<'_> {
    /// Whether somebody said of this request that it does not belong on the board: they are not rung
    /// for it. Nor are two brought together of whom one said of the other's offer that it does not
    /// feel safe, as long as that is kept.
    pub(super) fn was_reported(
        &self,
        wanted: &Wanted<'_>,
        who: ParticipantId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM board_report b LEFT JOIN posted_offer o ON o.id = b.posted_offer
                   WHERE b.participant IN (?1, ?2) AND (b.participant = ?1 AND b.request = ?3
                     OR b.why = ?4 AND o.participant IN (?1, ?2) AND o.participant <> b.participant)";
        let asker = wanted.asker.map(|asker| asker.0);
        let unsafe_ = word(&Misplaced::UnkindOrUnsafe);
        let key = (who.0, asker, wanted.request.0, unsafe_);
        Ok(self.db.prepare_cached(sql)?.exists(key)?)
    }
}
