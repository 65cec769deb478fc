//! The board: requests that neighbours may see, and what they offer each other. Everybody sees only
//! what they could take up or be joined for: the filters of choosing are asked, one by one.

use rusqlite::OptionalExtension;

use super::calls::phone;
use super::forward::Came;
use super::geography::Geography;
use super::hours_cache::HoursCache;
use super::lookout::{Lookout, Wanted};
use super::{ReadTx, StoreError, Tx};
use crate::domain::{
    Conditions, Language, Line, Numbering, OfferId, ParticipantId, Phone, Postcode, RequestId,
    ServiceId, Timestamp,
};

/// Most rows of a board.
pub(super) const MOST: i64 = 200;

/// A request as somebody sees it who could take it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardRequest {
    /// Its row.
    pub request: RequestId,
    /// For what.
    pub service: ServiceId,
    /// How far it is from where they would do it, metres.
    pub metres: u32,
    /// For when, if not for now.
    pub wanted_at: Option<Timestamp>,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// Whoever helps is to go inside too.
    pub inside: bool,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedOffer {
    /// Its row.
    pub id: OfferId,
    /// Whose.
    pub participant: ParticipantId,
    /// On which line.
    pub line: Phone,
    /// What.
    pub service: ServiceId,
    /// Where they are.
    pub postcode: Postcode,
    /// On which day, on the Dutch calendar.
    pub day: chrono::NaiveDate,
    /// The end of that day.
    pub expires_at: Timestamp,
    /// The request of whoever took it up.
    pub answered_by: Option<RequestId>,
    /// When it was taken back.
    pub withdrawn_at: Option<Timestamp>,
}

impl PostedOffer {
    /// Whether it can be taken up.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.answered_by.is_none() && self.withdrawn_at.is_none() && now < self.expires_at
    }
}

/// An offer as somebody sees it who could be joined with whoever made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardOffer {
    /// Which.
    pub offer: PostedOffer,
    /// How far it is, metres.
    pub metres: u32,
}

/// What somebody offers.
#[derive(Debug, Clone)]
pub struct NewOffer {
    /// Whose.
    pub participant: ParticipantId,
    /// On which line.
    pub line: Phone,
    /// What.
    pub service: ServiceId,
    /// Where they are.
    pub postcode: Postcode,
    /// On which day, on the Dutch calendar.
    pub day: chrono::NaiveDate,
    /// The end of that day.
    pub expires_at: Timestamp,
    /// This moment.
    pub now: Timestamp,
}

/// Whose board, and what goes for everybody on it.
#[derive(Clone, Copy)]
pub struct Looker<'a> {
    /// Who looks.
    pub who: ParticipantId,
    /// The lines of the configuration.
    pub lines: &'a [Line],
    /// What a service asks of whoever does it.
    pub conditions: &'a dyn Fn(&ServiceId) -> Conditions,
    /// Which numbers may be rung.
    pub numbering: Numbering,
    /// This moment.
    pub now: Timestamp,
}

pub(super) const OFFER: &str =
    "SELECT id, participant, line, service, postcode, day, expires_at, answered_by,
  withdrawn_at FROM posted_offer";

impl Tx<'_> {
    /// Whether neighbours may still take this request up: when its search begins, if it has not.
    /// `None`: it is not on the board, or is over.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn can_be_taken_up(
        &mut self,
        request: RequestId,
    ) -> Result<Option<Option<Timestamp>>, StoreError> {
        let sql = format!("SELECT i.starts_at FROM {TO_TAKE_UP} WHERE {STILL_ASKED} AND r.id = ?1");
        let found = self
            .db
            .prepare_cached(&sql)?
            .query_row([request.0], |row| Ok(row.get::<_, Option<i64>>(0)?.map(Timestamp)));
        Ok(found.optional()?)
    }

    /// Somebody offers something. `None` when they offer the same on that day already, or the desk
    /// took that down.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn post_offer(&mut self, new: &NewOffer) -> Result<Option<OfferId>, StoreError> {
        // One that was taken back, or taken up, makes room for another.
        let added = self
            .db
            .prepare_cached(
                "INSERT INTO posted_offer (participant, line, service, postcode, day, posted_at,
                   expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (participant, service, day) DO UPDATE SET line = excluded.line,
                   postcode = excluded.postcode, posted_at = excluded.posted_at,
                   expires_at = excluded.expires_at, answered_by = NULL, withdrawn_at = NULL
                 WHERE (withdrawn_at IS NOT NULL OR answered_by IS NOT NULL)
                   AND NOT EXISTS (SELECT 1 FROM taken_down d WHERE d.posted_offer = posted_offer.id)
                 RETURNING id",
            )?
            .query_row(
                (
                    new.participant.0,
                    new.line.e164(),
                    new.service.as_str(),
                    new.postcode.number(),
                    new.day.to_string(),
                    new.now.0,
                    new.expires_at.0,
                ),
                |row| row.get(0),
            )
            .optional()?;
        Ok(added.map(OfferId))
    }

    /// How much somebody offers that can still be taken up.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn offers_open(&mut self, who: ParticipantId, now: Timestamp) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM posted_offer WHERE participant = ?1 AND expires_at > ?2
                     AND answered_by IS NULL AND withdrawn_at IS NULL";
        Ok(self.db.prepare_cached(sql)?.query_row((who.0, now.0), |row| row.get(0))?)
    }

    /// Whether the desk took down what somebody offers on that day.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn offer_was_taken_down(&mut self, new: &NewOffer) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM posted_offer o JOIN taken_down d ON d.posted_offer = o.id
                   WHERE o.participant = ?1 AND o.service = ?2 AND o.day = ?3";
        let key = (new.participant.0, new.service.as_str(), new.day.to_string());
        Ok(self.db.prepare_cached(sql)?.exists(key)?)
    }

    /// The offer of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn posted_offer(&mut self, id: OfferId) -> Result<Option<PostedOffer>, StoreError> {
        let sql = format!("{OFFER} WHERE id = ?1");
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([id.0])?;
        rows.next()?.map(offer).transpose()
    }

    /// Somebody takes an offer up, with this request: the first one. Whether they were.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn take_up_offer(
        &mut self,
        id: OfferId,
        request: RequestId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE posted_offer SET answered_by = ?2 WHERE id = ?1 AND expires_at > ?3
                     AND answered_by IS NULL AND withdrawn_at IS NULL";
        Ok(self.db.prepare_cached(sql)?.execute((id.0, request.0, now.0))? == 1)
    }

    /// Whoever said yes to this request had offered it, for that day: nobody else takes that up.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn offer_was_met(&mut self, request: RequestId, now: Timestamp) -> Result<(), StoreError> {
        let day = self.lookout().day_of(request, now)?;
        self.db
            .prepare_cached(
                "UPDATE posted_offer AS o SET answered_by = r.id
                 FROM request r JOIN attempt a ON a.id = r.accepted
                 WHERE r.id = ?1 AND o.participant = a.participant AND o.service = r.service
                   AND o.day = ?2 AND o.expires_at > ?3 AND o.answered_by IS NULL
                   AND o.withdrawn_at IS NULL",
            )?
            .execute((request.0, day.to_string(), now.0))?;
        Ok(())
    }

    /// Takes one's own offer back.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn withdraw_offer(
        &mut self,
        id: OfferId,
        who: ParticipantId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE posted_offer SET withdrawn_at = ?3
                   WHERE id = ?1 AND participant = ?2 AND answered_by IS NULL
                     AND withdrawn_at IS NULL";
        Ok(self.db.prepare_cached(sql)?.execute((id.0, who.0, now.0))? == 1)
    }
}

/// Requests on the board; of those, see [`STILL_ASKED`].
pub(super) const TO_TAKE_UP: &str = "on_board b JOIN request r ON r.id = b.request
    LEFT JOIN intake i ON i.request = r.id";

/// Nobody has said yes to a request `r` with its `intake i`: it is searched for, or about to be.
pub(super) const STILL_ASKED: &str = "r.accepted IS NULL AND r.service IS NOT NULL
    AND r.postcode IS NOT NULL AND (r.closed_at IS NULL OR i.starts_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM settlement s WHERE s.request = r.id)";

impl ReadTx<'_> {
    /// What somebody could take up, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn board_requests(&self, looker: &Looker<'_>) -> Result<Vec<BoardRequest>, StoreError> {
        const DAMAGED: StoreError = StoreError::Damaged("request");
        let sql = format!(
            "SELECT r.id, r.line, r.service, r.postcode, r.language, r.participant, i.wanted_at,
               r.opened_at, r.inside FROM {TO_TAKE_UP} WHERE {STILL_ASKED} ORDER BY r.id DESC LIMIT {MOST}"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([])?;
        let (mut geography, mut hours) = (Geography::new(), HoursCache::new());
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            let line = phone(row, 1)?;
            let Some(line) = looker.lines.iter().find(|known| known.number == line) else {
                continue;
            };
            let service = ServiceId::parse(&row.get::<_, String>(2)?).map_err(|_| DAMAGED)?;
            let centre = Postcode::try_from(row.get::<_, u16>(3)?).map_err(|_| DAMAGED)?;
            let language = Language::parse(&row.get::<_, String>(4)?).unwrap_or_default();
            let request = RequestId(row.get(0)?);
            let inside: bool = row.get(8)?;
            let wanted = Wanted {
                request,
                inside,
                asker: row.get::<_, Option<i64>>(5)?.map(ParticipantId),
                ..looker.wanted(line, &service, centre, language)
            };
            let mut lookout = Lookout {
                db: self.db,
                hash_key: self.hash_key,
                geography: &mut geography,
                hours: &mut hours,
            };
            if let Ok(fit) = lookout.fits(&wanted, looker.who, Came::Forward)? {
                let metres = fit.metres();
                let wanted_at = row.get::<_, Option<i64>>(6)?.map(Timestamp);
                let asked_at = Timestamp(row.get(7)?);
                seen.push(BoardRequest { request, service, metres, wanted_at, asked_at, inside });
            }
        }
        Ok(seen)
    }

    /// What others offer that somebody at this place, who understands this language, could take up;
    /// the soonest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn board_offers(
        &self,
        looker: &Looker<'_>,
        place: Postcode,
        languages: &[Language],
    ) -> Result<Vec<BoardOffer>, StoreError> {
        let sql = format!(
            "{OFFER} WHERE expires_at > ?1 AND answered_by IS NULL AND withdrawn_at IS NULL
               AND participant <> ?2 AND NOT EXISTS (SELECT 1 FROM board_report b
                 WHERE b.participant = ?2 AND b.posted_offer = posted_offer.id)
             ORDER BY day, id LIMIT {MOST}"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query((looker.now.0, looker.who.0))?;
        let (mut geography, mut hours) = (Geography::new(), HoursCache::new());
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            let offer = offer(row)?;
            let line = looker.lines.iter().find(|known| known.number == offer.line);
            let Some(line) = line.filter(|line| line.area.contains(&place)) else { continue };
            let mut lookout = Lookout {
                db: self.db,
                hash_key: self.hash_key,
                geography: &mut geography,
                hours: &mut hours,
            };
            for language in languages {
                let wanted = looker.wanted(line, &offer.service, place, *language);
                let wanted = Wanted { asker: Some(looker.who), ..wanted };
                if let Ok(fit) = lookout.fits(&wanted, offer.participant, Came::Forward)? {
                    seen.push(BoardOffer { metres: fit.metres(), offer });
                    break;
                }
            }
        }
        Ok(seen)
    }

    /// What somebody offers themselves, the soonest first; also what the desk took down.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn own_offers(
        &self,
        who: ParticipantId,
        now: Timestamp,
    ) -> Result<Vec<PostedOffer>, StoreError> {
        let sql = format!(
            "{OFFER} WHERE participant = ?1 AND expires_at > ?2
               AND (withdrawn_at IS NULL OR EXISTS (SELECT 1 FROM taken_down d
                      WHERE d.posted_offer = posted_offer.id))
             ORDER BY day, id LIMIT {MOST}"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query((who.0, now.0))?;
        let mut own = Vec::new();
        while let Some(row) = rows.next()? {
            own.push(offer(row)?);
        }
        Ok(own)
    }
}

impl<'a> Looker<'a> {
    /// At any hour: the board may be read at night, and whoever is rung is rung in ringing hours.
    fn wanted(
        &self,
        line: &'a Line,
        service: &'a ServiceId,
        centre: Postcode,
        language: Language,
    ) -> Wanted<'a> {
        Wanted {
            line,
            service,
            conditions: (self.conditions)(service),
            inside: false,
            centre,
            language,
            asker: None,
            from: None,
            request: RequestId(0),
            round: u32::MAX,
            ringing_hours_open: true,
            numbering: self.numbering,
            now: self.now,
        }
    }
}

pub(super) fn offer(row: &rusqlite::Row<'_>) -> Result<PostedOffer, StoreError> {
    const DAMAGED: StoreError = StoreError::Damaged("posted_offer");
    Ok(PostedOffer {
        id: OfferId(row.get(0)?),
        participant: ParticipantId(row.get(1)?),
        line: phone(row, 2)?,
        service: ServiceId::parse(&row.get::<_, String>(3)?).map_err(|_| DAMAGED)?,
        postcode: Postcode::try_from(row.get::<_, u16>(4)?).map_err(|_| DAMAGED)?,
        day: row.get::<_, String>(5)?.parse().map_err(|_| DAMAGED)?,
        expires_at: Timestamp(row.get(6)?),
        answered_by: row.get::<_, Option<i64>>(7)?.map(RequestId),
        withdrawn_at: row.get::<_, Option<i64>>(8)?.map(Timestamp),
    })
}
