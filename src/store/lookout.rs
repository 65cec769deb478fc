//! What is known about everybody who might be asked: read for choosing and for explaining alike.

use std::collections::HashSet;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row};

use super::geography::{self, Around, Geography};
use super::hours_cache::HoursCache;
use super::{StoreError, candidates::NextAsk, participants};
use crate::dispatch::choose::{self, Admission, Ask, Certificate, Facts};
use crate::domain::{
    Conditions, DayPart, Language, Line, Numbering, ParticipantId, Phone, Postcode, RequestId,
    ServiceId, Timestamp,
};

/// What lines with no history yet begin with: half the telephones are picked up, and half of the
/// answers are yes.
const FIRST_MEAN: f64 = 0.5;
/// "Lately" in the ranking.
const LATELY: Duration = Duration::from_secs(28 * 24 * 3600);

/// A connection with what is remembered beside it.
pub(super) struct Lookout<'a> {
    pub(super) db: &'a Connection,
    pub(super) hash_key: &'a [u8; 32],
    pub(super) geography: &'a mut Geography,
    pub(super) hours: &'a mut HoursCache,
}

/// Who is asked for, where and when.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) line: &'a Line,
    pub(super) service: &'a ServiceId,
    pub(super) conditions: Conditions,
    /// Whoever helps is to go inside too.
    pub(super) inside: bool,
    pub(super) centre: Postcode,
    pub(super) language: Language,
    /// Who asks, if known.
    pub(super) asker: Option<ParticipantId>,
    /// The number they ask from, where the request does not have it.
    pub(super) from: Option<&'a Phone>,
    /// The request; for an explanation, the one that would come next.
    pub(super) request: RequestId,
    pub(super) round: u32,
    pub(super) ringing_hours_open: bool,
    pub(super) numbering: Numbering,
    pub(super) now: Timestamp,
}

/// Whom to read of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// Everybody, also those who are surely passed over.
    Everybody,
    /// Those about whom the cheap half of the facts does not settle it already.
    Likely,
}

/// People with their telephones; the two lists run side by side.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) facts: Vec<Facts>,
    pub(super) phones: Vec<Phone>,
}

impl People {
    /// Nobody yet.
    pub(super) fn with_room_for(people: usize) -> Self {
        Self { facts: Vec::with_capacity(people), phones: Vec::with_capacity(people) }
    }

    /// These offer on the board what is asked for.
    pub(super) fn who_offer(&mut self, offering: &[ParticipantId]) {
        for facts in &mut self.facts {
            facts.offered = offering.contains(&facts.participant);
        }
    }

    /// Whoever was read at several places stays as they were read first.
    pub(super) fn once_each(&mut self) {
        let mut seen = HashSet::new();
        let first: Vec<bool> =
            self.facts.iter().map(|facts| seen.insert(facts.participant)).collect();
        let mut stays = first.iter();
        self.facts.retain(|_| stays.next().is_none_or(|first| *first));
        let mut stays = first.iter();
        self.phones.retain(|_| stays.next().is_none_or(|first| *first));
    }
}

impl<'a> Wanted<'a> {
    /// `None` for a request without a service or a place.
    pub(super) fn of(next: &NextAsk<'a>) -> Option<Self> {
        Some(Self {
            line: next.line,
            service: next.request.service.as_ref()?,
            conditions: next.conditions,
            inside: next.request.inside,
            centre: next.request.postcode?,
            language: next.request.language,
            asker: next.request.participant,
            from: None,
            request: next.request.id,
            round: next.round,
            ringing_hours_open: next.ringing_hours_open,
            numbering: next.numbering,
            now: next.now,
        })
    }
}

/// The dear columns are looked up only for people who were asked at all, or lately; everything
/// about them is nothing for all others. `?11`: also those whom the cheap columns rule out, which
/// are the same filters that `dispatch` applies to the facts, and whether somebody is in a call, or to
/// be asked whether they still take part: of likely people that is asked about the one who was chosen
/// only (see `reserve_best`).
const CANDIDATES: &str = "
  SELECT p.id, p.phone, p.consented, p.verified_at IS NOT NULL, p.pause_kind, p.pause_until,
    p.hours, coalesce(o.min_m, p.min_m), coalesce(o.max_m, p.max_m), p.languages, p.max_per_day, p.max_per_week, p.last_asked,
    p.rest_until, p.answered, p.yeses, coalesce(h.rings, 0), coalesce(h.picked_up, 0),
    CASE WHEN p.last_asked >= ?4 THEN
      (SELECT count(*) FROM attempt a WHERE a.participant = p.id AND a.counts AND a.reserved_at >= ?4)
      ELSE 0 END,
    CASE WHEN p.last_asked >= ?5 THEN
      (SELECT count(*) FROM attempt a WHERE a.participant = p.id AND a.counts AND a.reserved_at >= ?5)
      ELSE 0 END,
    CASE WHEN p.last_asked >= ?6 THEN
      (SELECT count(*) FROM attempt a WHERE a.participant = p.id AND a.counts AND a.reserved_at >= ?6)
      ELSE 0 END,
    p.last_asked IS NOT NULL
      AND EXISTS (SELECT 1 FROM attempt a WHERE a.request = ?7 AND a.participant = p.id
        AND a.result IS NOT 'not_placed'),
    ?11 AND (EXISTS (SELECT 1 FROM attempt a WHERE a.phone = p.phone AND a.ended_at IS NULL)
      OR EXISTS (SELECT 1 FROM call c WHERE c.participant = p.id AND c.ended_at IS NULL)),
    ?8 IS NOT NULL AND EXISTS (SELECT 1 FROM klik k WHERE k.asker = ?8 AND k.helper = p.id),
    ?8 IS NOT NULL AND (EXISTS (SELECT 1 FROM block b WHERE b.one = ?8 AND b.other = p.id)
      OR EXISTS (SELECT 1 FROM block b WHERE b.one = p.id AND b.other = ?8)),
    p.unanswered, o.inside,
    ?11 AND EXISTS (SELECT 1 FROM still_there s WHERE s.participant = p.id AND s.why = 'silent')
  FROM offer o JOIN participant p ON p.id = o.participant
  LEFT JOIN habit h ON p.last_asked IS NOT NULL AND h.participant = p.id AND h.day_part = ?3
  WHERE o.service = ?1 AND o.postcode = ?2
    AND (?11 OR (o.inside OR NOT ?12) AND p.consented AND p.verified_at IS NOT NULL AND coalesce(p.rest_until <= ?9, TRUE)
      AND ?10 BETWEEN coalesce(o.min_m, p.min_m) AND coalesce(o.max_m, p.max_m))";

/// Only read for services that ask for it.
const ADMISSION: &str = "
  SELECT a.approved_at IS NOT NULL, a.certificate_seen_at IS NOT NULL, a.certificate_expires_at,
    coalesce((SELECT at_least FROM age WHERE participant = ?1), 0)
  FROM (SELECT 1) LEFT JOIN admission a ON a.participant = ?1 AND a.service = ?2";

impl Lookout<'_> {
    /// Every postcode within the last distance band of `centre`, itself first at 0 m.
    pub(super) fn around(&mut self, centre: Postcode) -> Result<Around, StoreError> {
        geography::around(self.db, self.geography, centre)
    }

    /// What holds for everybody.
    pub(super) fn ask(&self, wanted: &Wanted<'_>) -> Result<Ask, StoreError> {
        let sql = "SELECT rings, picked_up, answered, yeses FROM line_habit WHERE line = ?1";
        let mut select = self.db.prepare_cached(sql)?;
        let counted = select.query_row([wanted.line.number.e164()], |row| {
            Ok([row.get::<_, f64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
        });
        let [rings, picked_up, answered, yeses] = counted.optional()?.unwrap_or_default();
        Ok(Ask {
            now: wanted.now,
            day_part: DayPart::of(wanted.now),
            ringing_hours_open: wanted.ringing_hours_open,
            language: wanted.language,
            conditions: wanted.conditions,
            inside: wanted.inside,
            reach_m: choose::reach_m(wanted.round),
            mean_pick_up: (picked_up + 2.0 * FIRST_MEAN) / (rings + 2.0),
            mean_yes: (yeses + 2.0 * FIRST_MEAN) / (answered + 2.0),
            seed: wanted.request.0.cast_unsigned(),
        })
    }

    /// Where people do what is wanted with whom the asker was happy before.
    pub(super) fn postcodes_of_kliks(
        &self,
        asker: ParticipantId,
        service: &ServiceId,
    ) -> Result<Vec<u16>, StoreError> {
        let sql = "SELECT DISTINCT o.postcode FROM klik k JOIN offer o ON o.participant = k.helper
                   WHERE k.asker = ?1 AND o.service = ?2";
        let mut select = self.db.prepare_cached(sql)?;
        let postcodes = select.query_map((asker.0, service.as_str()), |row| row.get(0))?;
        Ok(postcodes.collect::<Result<_, _>>()?)
    }

    /// Who offers this on the board, for the day that is asked for: today, or that of the request.
    pub(super) fn offering(&self, wanted: &Wanted<'_>) -> Result<Vec<ParticipantId>, StoreError> {
        let sql = "SELECT participant, day FROM posted_offer WHERE expires_at > ?1 AND service = ?2
                     AND answered_by IS NULL AND withdrawn_at IS NULL";
        let mut select = self.db.prepare_cached(sql)?;
        let posted = select.query_map((wanted.now.0, wanted.service.as_str()), |row| {
            Ok((ParticipantId(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let mut posted = posted.collect::<Result<Vec<_>, _>>()?;
        if !posted.is_empty() {
            let day = self.day_of(wanted.request, wanted.now)?.to_string();
            posted.retain(|(_, on)| *on == day);
        }
        Ok(posted.into_iter().map(|(who, _)| who).collect())
    }

    /// The day for which this was asked, on the Dutch calendar; today if it is for now.
    pub(super) fn day_of(
        &self,
        request: RequestId,
        now: Timestamp,
    ) -> Result<chrono::NaiveDate, StoreError> {
        let sql = "SELECT wanted_at FROM intake WHERE request = ?1";
        let wanted = self.db.prepare_cached(sql)?.query_row([request.0], |row| row.get(0));
        let wanted: Option<i64> = wanted.optional()?.flatten();
        Ok(wanted.map_or(now, Timestamp).wall_clock().date())
    }

    /// The nearest of the places where somebody does what is wanted, with how far it is in metres, as
    /// far as that is known; `None`: they do not do it. It is the one that counts: whoever would
    /// rather not meet their next-door neighbours does not by way of their work either.
    pub(super) fn nearest_place(
        &mut self,
        wanted: &Wanted<'_>,
        who: ParticipantId,
    ) -> Result<Option<(u16, Option<u32>)>, StoreError> {
        let around = self.around(wanted.centre)?;
        let sql = "SELECT postcode FROM offer WHERE participant = ?1 AND service = ?2";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query((who.0, wanted.service.as_str()))?;
        let mut nearest: Option<(u16, Option<u32>)> = None;
        while let Some(row) = rows.next()? {
            let postcode: u16 = row.get(0)?;
            let found = around.iter().find(|(there, _)| *there == postcode);
            let place = (postcode, found.map(|(_, metres)| *metres));
            let far = |place: (u16, Option<u32>)| (place.1.unwrap_or(u32::MAX), place.0);
            if nearest.is_none_or(|known| far(place) < far(known)) {
                nearest = Some(place);
            }
        }
        Ok(nearest)
    }

    /// One person, for what is wanted, at the nearest of their places.
    pub(super) fn one_person(
        &mut self,
        wanted: &Wanted<'_>,
        who: ParticipantId,
    ) -> Result<Option<(Facts, Phone)>, StoreError> {
        let Some((postcode, metres)) = self.nearest_place(wanted, who)? else { return Ok(None) };
        let mut people = People::default();
        self.people_in(wanted, postcode, metres, Whom::Everybody, &mut people)?;
        let at = people.facts.iter().position(|facts| facts.participant == who);
        Ok(at.map(|at| (people.facts.swap_remove(at), people.phones.swap_remove(at))))
    }

    /// Adds people in one postcode, this far away (`None`: not known), who offer the service.
    pub(super) fn people_in(
        &mut self,
        wanted: &Wanted<'_>,
        postcode: u16,
        metres: Option<u32>,
        whom: Whom,
        people: &mut People,
    ) -> Result<(), StoreError> {
        let now = wanted.now;
        let mut select = self.db.prepare_cached(CANDIDATES)?;
        let mut rows = select.query((
            wanted.service.as_str(),
            postcode,
            DayPart::of(now).number(),
            now.start_of_day().0,
            now.start_of_week().0,
            (now - LATELY).0,
            wanted.request.0,
            wanted.asker.map(|asker| asker.0),
            now.0,
            metres,
            whom == Whom::Everybody,
            wanted.inside,
        ))?;
        while let Some(row) = rows.next()? {
            // A stored number that is none is never rung (R12), and has no mask to be shown with.
            let Some(phone) = number(row)? else { continue };
            let mut facts = self.facts(row, wanted)?;
            facts.number_fits = wanted.numbering.may_ring(&phone).is_ok();
            facts.same_postcode = wanted.centre.number() == postcode;
            facts.distance_m = metres;
            // Of likely people that is asked about the one who was chosen only, as below.
            if whom == Whom::Everybody && !facts.blocked {
                facts.blocked = self.are_apart(wanted, facts.participant, &phone)?;
            }
            if wanted.conditions.any() {
                facts.admission = self.admission(facts.participant, wanted.service)?;
            }
            people.facts.push(facts);
            people.phones.push(phone);
        }
        Ok(())
    }

    fn admission(&self, who: ParticipantId, service: &ServiceId) -> Result<Admission, StoreError> {
        let mut select = self.db.prepare_cached(ADMISSION)?;
        Ok(select.query_row((who.0, service.as_str()), |row| {
            let expires = row.get::<_, Option<i64>>(2)?.map(Timestamp);
            Ok(Admission {
                approved: row.get(0)?,
                certificate: row.get::<_, bool>(1)?.then_some(Certificate { expires }),
                age_at_least: row.get(3)?,
            })
        })?)
    }

    fn facts(&mut self, row: &Row<'_>, wanted: &Wanted<'_>) -> rusqlite::Result<Facts> {
        let id = ParticipantId(row.get(0)?);
        let until = Timestamp(row.get::<_, Option<i64>>(5)?.unwrap_or(0));
        let pause = participants::pause(row.get_ref(4)?.as_str_or_null()?, until);
        let languages = row.get_ref(9)?.as_str()?;
        Ok(Facts {
            participant: id,
            consented: row.get(2)?,
            verified: row.get(3)?,
            offers: true,
            admission: Admission::default(),
            number_fits: false,
            pause,
            hours_open: self.hours.is_open(row.get_ref(6)?.as_str()?, wanted.now),
            distance_m: None,
            same_postcode: false,
            min_m: row.get(7)?,
            max_m: row.get(8)?,
            languages: languages.split(';').filter_map(Language::parse).collect(),
            max_per_day: row.get(10)?,
            max_per_week: row.get(11)?,
            last_asked: row.get::<_, Option<i64>>(12)?.map(Timestamp),
            rest_until: row.get::<_, Option<i64>>(13)?.map(Timestamp),
            answered: row.get(14)?,
            yeses: row.get(15)?,
            rings: row.get(16)?,
            picked_up: row.get(17)?,
            asks_today: row.get(18)?,
            asks_this_week: row.get(19)?,
            asks_28_days: row.get(20)?,
            asked_for_this: row.get(21)?,
            in_a_call: row.get(22)?,
            klik: row.get(23)?,
            offered: false,
            blocked: row.get(24)?,
            unanswered: row.get(25)?,
            goes_inside: row.get(26)?,
            silent: row.get(27)?,
            is_caller: wanted.asker == Some(id),
        })
    }
}

fn number(row: &Row<'_>) -> rusqlite::Result<Option<Phone>> {
    Ok(Phone::from_stored(row.get_ref(1)?.as_str()?).ok())
}
