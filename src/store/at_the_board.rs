//! What the desk sees of the board, and does to it: who offers what, which offers go with a request,
//! and which requests neighbours may see.

use rusqlite::OptionalExtension;

use super::forward::Came;
use super::geography::Geography;
use super::hours_cache::HoursCache;
use super::lookout::{Lookout, Wanted};
use super::on_board::{MOST, OFFER, STILL_ASKED, offer};
use super::{PostedOffer, ReadTx, StoreError, Tx};
use crate::domain::{
    Conditions, Language, Line, Numbering, OfferId, ParticipantId, Pinned, Postcode, RequestId,
    ServiceId, Timestamp,
};

/// An offer as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferSeen {
    /// Which.
    pub offer: PostedOffer,
    /// What whoever made it is called; may be empty.
    pub name: String,
    /// What callers hear their place called.
    pub place: Option<String>,
    /// The open promise to look at it, if it was reported.
    pub reported: Option<i64>,
}

/// Whether neighbours see a request on their board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnBoard {
    /// From then on.
    Since(Timestamp),
    /// They would, once whoever asks agrees.
    NotYet,
    /// They cannot take it up any more, or not yet: nobody is looked for.
    No,
}

impl Tx<'_> {
    /// Neighbours may see this request on their board, as whoever asked agreed. Whether that is new.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn put_on_board(&mut self, request: RequestId, now: Timestamp) -> Result<bool, StoreError> {
        self.no_longer_down(request)?;
        let sql = "INSERT OR IGNORE INTO on_board (request, put_at) VALUES (?1, ?2)";
        Ok(self.db.prepare_cached(sql)?.execute((request.0, now.0))? == 1)
    }

    /// Neighbours do not see this request any more. Whether they did.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn take_off_board(&mut self, request: RequestId) -> Result<bool, StoreError> {
        let sql = "DELETE FROM on_board WHERE request = ?1";
        Ok(self.db.prepare_cached(sql)?.execute([request.0])? == 1)
    }

    /// As for a transaction that reads.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn on_board(&mut self, request: RequestId) -> Result<OnBoard, StoreError> {
        ReadTx { db: self.db, hash_key: &self.bench.hash_key }.on_board(request)
    }
}

impl ReadTx<'_> {
    /// Whether neighbours see this request on their board, or could. A caller who waits on the line
    /// is helped by the telephone: only who is called back can be.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn on_board(&self, request: RequestId) -> Result<OnBoard, StoreError> {
        let sql = format!(
            "SELECT b.put_at FROM request r LEFT JOIN on_board b ON b.request = r.id
               LEFT JOIN intake i ON i.request = r.id
             WHERE r.id = ?1 AND r.call_back IS NOT NULL AND {STILL_ASKED}"
        );
        let found = self.db.prepare_cached(&sql)?.query_row([request.0], |row| row.get(0));
        Ok(match found.optional()? {
            None => OnBoard::No,
            Some(None) => OnBoard::NotYet,
            Some(Some(at)) => OnBoard::Since(Timestamp(at)),
        })
    }

    /// Requests that neighbours see on their board, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn requests_on_board(&self) -> Result<Vec<RequestId>, StoreError> {
        let sql = format!(
            "SELECT r.id FROM on_board b JOIN request r ON r.id = b.request
               LEFT JOIN intake i ON i.request = r.id
             WHERE {STILL_ASKED} ORDER BY r.id DESC LIMIT {MOST}"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let rows = select.query_map([], |row| row.get(0).map(RequestId))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What can be taken up, whoever offers it, the soonest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn open_offers(&self, now: Timestamp) -> Result<Vec<OfferSeen>, StoreError> {
        let sql = format!(
            "{OFFER} WHERE expires_at > ?1 AND answered_by IS NULL AND withdrawn_at IS NULL
             ORDER BY day, id LIMIT {MOST}"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([now.0])?;
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            let offer = offer(row)?;
            let (name, place) = self.whose_offer(offer.participant, offer.postcode)?;
            let reported = self.promised_to_look_at(Pinned::Offer(offer.id))?;
            seen.push(OfferSeen { offer, name, place, reported });
        }
        Ok(seen)
    }

    /// An offer, open or not.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn posted_offer(&self, id: OfferId) -> Result<Option<PostedOffer>, StoreError> {
        let mut select = self.db.prepare_cached(&format!("{OFFER} WHERE id = ?1"))?;
        let mut rows = select.query([id.0])?;
        rows.next()?.map(offer).transpose()
    }

    /// Offers of what is asked here by people who could be joined with whoever asks, on whatever day,
    /// the soonest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn offers_for(
        &self,
        request: RequestId,
        line: &Line,
        conditions: &dyn Fn(&ServiceId) -> Conditions,
        numbering: Numbering,
        now: Timestamp,
    ) -> Result<Vec<OfferSeen>, StoreError> {
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
            return Ok(Vec::new());
        };
        let service = service.and_then(|id| ServiceId::parse(&id).ok());
        let centre = postcode.and_then(|number| Postcode::try_from(number).ok());
        let (Some(service), Some(centre)) = (service, centre) else { return Ok(Vec::new()) };
        let wanted = Wanted {
            line,
            service: &service,
            conditions: conditions(&service),
            inside,
            centre,
            language: Language::parse(&language).unwrap_or_default(),
            asker: asker.map(ParticipantId),
            from: None,
            request,
            round: u32::MAX,
            ringing_hours_open: true,
            numbering,
            now,
        };
        let mut fitting = self.open_offers(now)?;
        fitting.retain(|seen| seen.offer.service == service);
        let (mut geography, mut hours) = (Geography::new(), HoursCache::new());
        let mut lookout = Lookout {
            db: self.db,
            hash_key: self.hash_key,
            geography: &mut geography,
            hours: &mut hours,
        };
        let mut fits = Vec::new();
        for seen in fitting {
            // On its day their hours are asked again: here it counts that they fit at all.
            if lookout.fits(&wanted, seen.offer.participant, Came::Forward)?.is_ok() {
                fits.push(seen);
            }
        }
        Ok(fits)
    }

    /// The day for which a request was asked, on the Dutch calendar; today if it is for now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn day_of(
        &self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<chrono::NaiveDate, StoreError> {
        let (mut geography, mut hours) = (Geography::new(), HoursCache::new());
        let lookout = Lookout {
            db: self.db,
            hash_key: self.hash_key,
            geography: &mut geography,
            hours: &mut hours,
        };
        lookout.day_of(request, now)
    }

    fn whose_offer(
        &self,
        who: ParticipantId,
        at: Postcode,
    ) -> Result<(String, Option<String>), StoreError> {
        let sql = "SELECT p.name,
                     (SELECT iif(neighbourhood = '', place, neighbourhood) FROM place
                      WHERE postcode = ?2)
                   FROM participant p WHERE p.id = ?1";
        let found = self
            .db
            .prepare_cached(sql)?
            .query_row((who.0, at.number()), |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found.optional()?.unwrap_or_default())
    }
}
