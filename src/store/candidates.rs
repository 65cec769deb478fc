//! The next candidate: read band by band, chosen by `dispatch`, reserved in the same transaction.

use super::attempts::{NewAsk, Reserved};
use super::lookout::{Lookout, People, Wanted, Whom};
use super::requests::Request;
use super::{StoreError, Tx};
use crate::dispatch::choose::{self, Ask, BANDS_M, Facts};
use crate::domain::{Conditions, Language, Line, Numbering, ParticipantId, Timestamp};

/// Who is asked for.
#[derive(Debug, Clone, Copy)]
pub struct NextAsk<'a> {
    /// The request.
    pub request: &'a Request,
    /// What its service asks of whoever does it.
    pub conditions: Conditions,
    /// Its line.
    pub line: &'a Line,
    /// 1 at first, one more for every "try again".
    pub round: u32,
    /// Whether the line may ring neighbours at this moment (R13).
    pub ringing_hours_open: bool,
    /// Which numbers may be rung.
    pub numbering: Numbering,
    /// This moment.
    pub now: Timestamp,
}

/// What is not read of everybody who might be asked.
struct CloserLook {
    /// They are in a call with us that they made themselves.
    calls_us: bool,
    /// Nothing was heard of them for a year, and they rest until they say that they still take part.
    silent: bool,
    /// They do this at more than one place.
    several_places: bool,
    /// They, or whoever asks, would rather not meet somebody, or said something of the board; whom
    /// or what, is not looked at yet.
    somebody_apart: bool,
}

/// People of a postcode for whom there is room at once; a city's postcode has more.
const ROOM: usize = 64;

impl Tx<'_> {
    /// Chooses and reserves the next candidate; `None` when nobody may be rung now.
    ///
    /// People are read from near to far and no farther than needed: whoever is chosen within a
    /// band is chosen among everybody in it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn reserve_next(&mut self, next: &NextAsk<'_>) -> Result<Option<Reserved>, StoreError> {
        let Some(wanted) = Wanted::of(next) else { return Ok(None) };
        if !next.ringing_hours_open {
            return Ok(None);
        }
        let ask = self.lookout().ask(&wanted)?;
        let around = self.lookout().around(wanted.centre)?;
        let kliks = self.kliks(&wanted, &around)?;
        if let Some(reserved) = self.reserve_best(&wanted, &ask, kliks)? {
            return Ok(Some(reserved));
        }
        let offered = self.offered(&wanted, &around)?;
        if let Some(reserved) = self.reserve_best(&wanted, &ask, offered)? {
            return Ok(Some(reserved));
        }
        let mut from = 0;
        for edge in std::iter::once(0).chain(BANDS_M) {
            let reach = edge.min(ask.reach_m);
            let to = around.partition_point(|&(postcode, metres)| {
                if edge == 0 { postcode == wanted.centre.number() } else { metres <= reach }
            });
            let band = around.get(from..to).unwrap_or_default();
            let people = self.likely(&wanted, band)?;
            if let Some(reserved) = self.reserve_best(&wanted, &ask, people)? {
                return Ok(Some(reserved));
            }
            from = to.max(from);
            if edge >= ask.reach_m {
                break;
            }
        }
        Ok(None)
    }

    /// Reserves the best of these; whoever turns out to be taken is left out and the next is best.
    pub(super) fn reserve_best(
        &mut self,
        wanted: &Wanted<'_>,
        ask: &Ask,
        mut people: People,
    ) -> Result<Option<Reserved>, StoreError> {
        while let Some(best) = choose::best(&people.facts, ask) {
            let at = people.facts.iter().position(|f| f.participant == best).unwrap_or(0);
            let (facts, phone) = (people.facts.swap_remove(at), people.phones.swap_remove(at));
            let ranking = choose::rank(std::slice::from_ref(&facts), ask);
            let chosen_for = ranking.order.first();
            let in_words = |l| chosen_for.map(|r| r.in_words(l)).unwrap_or_default();
            let reason = Language::ALL.map(in_words).join("\n");
            let language = facts.languages.iter().find(|l| **l == ask.language).copied();
            let (request, now) = (wanted.request, wanted.now);
            // Somebody who is ringing already is held back by the index (R3).
            let look = self.closer_look(wanted, best)?;
            if look.calls_us
                || look.silent
                || look.several_places && self.is_nearer(wanted, &facts)?
                || look.somebody_apart && self.lookout().are_apart(wanted, best, &phone)?
            {
                continue;
            }
            let (participant, reason) = (Some(best), &reason);
            let new = NewAsk { participant, phone: &phone, language, reason, agreed: false };
            if let Some(attempt) = self.reserve(request, &new, now)? {
                return Ok(Some(Reserved { attempt, participant: Some(best), phone }));
            }
        }
        Ok(None)
    }

    /// What is looked up of whoever was chosen only, all in one statement: mostly it is nothing.
    fn closer_look(
        &self,
        wanted: &Wanted<'_>,
        who: ParticipantId,
    ) -> Result<CloserLook, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM call WHERE participant = ?1 AND ended_at IS NULL),
                     (SELECT count(*) FROM offer WHERE participant = ?1 AND service = ?2) > 1,
                     EXISTS (SELECT 1 FROM apart WHERE participant IN (?1, ?3))
                       OR EXISTS (SELECT 1 FROM board_report WHERE participant IN (?1, ?3)),
                     EXISTS (SELECT 1 FROM still_there WHERE participant = ?1 AND why = 'silent')";
        let key = (who.0, wanted.service.as_str(), wanted.asker.map(|asker| asker.0));
        Ok(self.db.prepare_cached(sql)?.query_row(key, |row| {
            Ok(CloserLook {
                calls_us: row.get(0)?,
                several_places: row.get(1)?,
                somebody_apart: row.get(2)?,
                silent: row.get(3)?,
            })
        })?)
    }

    /// Whether somebody has a place that is nearer than the one they were found by: they were looked
    /// at there, and are nobody to ask twice.
    fn is_nearer(&mut self, wanted: &Wanted<'_>, found: &Facts) -> Result<bool, StoreError> {
        let nearest = self.lookout().nearest_place(wanted, found.participant)?;
        let metres = nearest.and_then(|(_, metres)| metres);
        Ok(metres.zip(found.distance_m).is_some_and(|(nearest, found)| nearest < found))
    }

    /// Whether somebody is in a call with us that they made themselves.
    pub(super) fn calls_us(&self, who: ParticipantId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM call WHERE participant = ?1 AND ended_at IS NULL";
        Ok(self.db.prepare_cached(sql)?.exists([who.0])?)
    }

    /// People within reach with whom the caller was happy before.
    fn kliks(&mut self, wanted: &Wanted<'_>, around: &[(u16, u32)]) -> Result<People, StoreError> {
        let Some(asker) = wanted.asker else { return Ok(People::default()) };
        let theirs = self.lookout().postcodes_of_kliks(asker, wanted.service)?;
        let near: Vec<_> = around.iter().filter(|(p, _)| theirs.contains(p)).copied().collect();
        let People { facts, phones } = self.likely(wanted, &near)?;
        let (facts, phones) = facts.into_iter().zip(phones).filter(|(f, _)| f.klik).unzip();
        Ok(People { facts, phones })
    }

    /// People within reach who offer this on the board, for that day.
    fn offered(
        &mut self,
        wanted: &Wanted<'_>,
        around: &[(u16, u32)],
    ) -> Result<People, StoreError> {
        let offering = self.lookout().offering(wanted)?;
        let mut theirs = Vec::new();
        for who in &offering {
            theirs.extend(self.lookout().postcodes_of(wanted, *who)?);
        }
        let near: Vec<_> = around.iter().filter(|(p, _)| theirs.contains(p)).copied().collect();
        let mut people = self.likely(wanted, &near)?;
        people.who_offer(&offering);
        let People { facts, phones } = people;
        let (facts, phones) = facts.into_iter().zip(phones).filter(|(f, _)| f.offered).unzip();
        Ok(People { facts, phones })
    }

    fn likely(
        &mut self,
        wanted: &Wanted<'_>,
        postcodes: &[(u16, u32)],
    ) -> Result<People, StoreError> {
        let mut people = People::with_room_for(ROOM);
        for &(postcode, metres) in postcodes {
            self.lookout().people_in(wanted, postcode, Some(metres), Whom::Likely, &mut people)?;
        }
        Ok(people)
    }

    pub(super) fn lookout(&mut self) -> Lookout<'_> {
        let bench = &mut *self.bench;
        Lookout {
            db: self.db,
            hash_key: &bench.hash_key,
            geography: &mut bench.geography,
            hours: &mut bench.hours,
        }
    }
}
