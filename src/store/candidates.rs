//! The next candidate: read band by band, chosen by `dispatch`, reserved in the same transaction.

use std::time::Duration;

use super::attempts::Reserved;
use super::requests::Request;
use super::{StoreError, Tx};
use crate::dispatch::choose::{self, Ask, BANDS_M, Facts, Pause};
use crate::domain::{
    DayPart, Language, Line, Numbering, ParticipantId, Phone, Postcode, ServiceId, Timestamp,
};

/// What lines with no history yet begin with: half the telephones are picked up, and half of the
/// answers are yes.
const FIRST_MEAN: f64 = 0.5;
/// "Lately" in the ranking.
const LATELY: Duration = Duration::from_secs(28 * 24 * 3600);

/// Who is asked for.
#[derive(Debug, Clone, Copy)]
pub struct NextAsk<'a> {
    /// The request.
    pub request: &'a Request,
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

/// Somebody who might be asked, with the telephone to ring.
struct Candidate {
    facts: Facts,
    phone: Phone,
}

impl Tx<'_> {
    /// Chooses and reserves the next candidate; `None` when nobody may be rung now.
    ///
    /// People are read from near to far and no farther than needed: whoever is chosen within a
    /// band is chosen among everybody in it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn reserve_next(&mut self, next: &NextAsk<'_>) -> Result<Option<Reserved>, StoreError> {
        let (Some(service), Some(centre)) = (&next.request.service, next.request.postcode) else {
            return Ok(None);
        };
        let ask = self.ask(next)?;
        let around = self.around(centre)?;
        let kliks = self.kliks(next, service, &around)?;
        if let Some(reserved) = self.reserve_best(next, &ask, kliks)? {
            return Ok(Some(reserved));
        }
        let mut from = 0;
        for edge in std::iter::once(0).chain(BANDS_M) {
            let reach = edge.min(ask.reach_m);
            let to = around.partition_point(|&(postcode, metres)| {
                if edge == 0 { postcode == centre.number() } else { metres <= reach }
            });
            let mut people = Vec::new();
            for &(postcode, metres) in around.get(from..to).unwrap_or_default() {
                self.candidates_in(next, service, postcode, metres, &mut people)?;
            }
            if let Some(reserved) = self.reserve_best(next, &ask, people)? {
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
    fn reserve_best(
        &mut self,
        next: &NextAsk<'_>,
        ask: &Ask,
        mut people: Vec<Candidate>,
    ) -> Result<Option<Reserved>, StoreError> {
        loop {
            let facts: Vec<Facts> = people.iter().map(|c| c.facts.clone()).collect();
            let Some(best) = choose::best(&facts, ask) else { return Ok(None) };
            let at = facts.iter().position(|f| f.participant == best).unwrap_or(0);
            let chosen = people.swap_remove(at);
            let ranking = choose::rank(std::slice::from_ref(&chosen.facts), ask);
            let chosen_for = ranking.order.first();
            let in_words = |l| chosen_for.map(|r| r.in_words(l)).unwrap_or_default();
            let reason = Language::ALL.map(in_words).join("\n");
            let language = chosen.facts.languages.iter().find(|l| **l == ask.language).copied();
            let (id, now) = (next.request.id, next.now);
            let attempt = self.reserve(id, Some(best), &chosen.phone, language, &reason, now)?;
            if let Some(attempt) = attempt {
                let phone = chosen.phone;
                return Ok(Some(Reserved { attempt, participant: Some(best), phone }));
            }
        }
    }

    fn ask(&mut self, next: &NextAsk<'_>) -> Result<Ask, StoreError> {
        let sql = "SELECT rings, picked_up, answered, yeses FROM line_habit WHERE line = ?1";
        let counted = rusqlite::OptionalExtension::optional(
            self.db.prepare_cached(sql)?.query_row([next.line.number.e164()], |row| {
                Ok([row.get::<_, f64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
            }),
        )?;
        let [rings, picked_up, answered, yeses] = counted.unwrap_or_default();
        Ok(Ask {
            now: next.now,
            day_part: DayPart::of(next.now),
            ringing_hours_open: next.ringing_hours_open,
            language: next.request.language,
            reach_m: choose::reach_m(next.round),
            mean_pick_up: (picked_up + 2.0 * FIRST_MEAN) / (rings + 2.0),
            mean_yes: (yeses + 2.0 * FIRST_MEAN) / (answered + 2.0),
            seed: next.request.id.0.cast_unsigned(),
        })
    }

    /// People within reach with whom the caller was happy before.
    fn kliks(
        &mut self,
        next: &NextAsk<'_>,
        service: &ServiceId,
        around: &[(u16, u32)],
    ) -> Result<Vec<Candidate>, StoreError> {
        let Some(asker) = next.request.participant else { return Ok(Vec::new()) };
        let sql = "SELECT DISTINCT p.postcode FROM klik k JOIN participant p ON p.id = k.helper
                   WHERE k.asker = ?1";
        let postcodes: Vec<u16> = self
            .db
            .prepare_cached(sql)?
            .query_map([asker.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut people = Vec::new();
        for (postcode, metres) in around.iter().filter(|(p, _)| postcodes.contains(p)) {
            self.candidates_in(next, service, *postcode, *metres, &mut people)?;
        }
        people.retain(|candidate| candidate.facts.klik);
        Ok(people)
    }

    /// People in one postcode who offer the service, with what is known about them.
    ///
    /// Whoever `choose` passes over for what stands in their own row is not read further: the last
    /// lines of the query only spare work, and decide nothing that `choose` does not.
    fn candidates_in(
        &mut self,
        next: &NextAsk<'_>,
        service: &ServiceId,
        postcode: u16,
        metres: u32,
        people: &mut Vec<Candidate>,
    ) -> Result<(), StoreError> {
        let caller = next.request.participant.map_or(0, |p| p.0);
        let same = next.request.postcode.map(Postcode::number) == Some(postcode);
        let sql = "
            SELECT p.id, p.phone, p.consented, p.verified_at IS NOT NULL, p.pause_kind, p.pause_until,
              p.hours, p.min_m, p.max_m, p.languages, p.max_per_day, p.max_per_week, p.last_asked,
              p.rest_until, p.answered, p.yeses, coalesce(h.rings, 0), coalesce(h.picked_up, 0),
              (SELECT count(*) FROM attempt a WHERE a.participant = p.id AND a.counts AND a.reserved_at >= ?4),
              (SELECT count(*) FROM attempt a WHERE a.participant = p.id AND a.counts AND a.reserved_at >= ?5),
              (SELECT count(*) FROM attempt a WHERE a.participant = p.id AND a.counts AND a.reserved_at >= ?6),
              EXISTS (SELECT 1 FROM attempt a WHERE a.request = ?7 AND a.participant = p.id),
              EXISTS (SELECT 1 FROM attempt a WHERE a.phone = p.phone AND a.ended_at IS NULL)
                OR EXISTS (SELECT 1 FROM call c WHERE c.participant = p.id AND c.ended_at IS NULL),
              EXISTS (SELECT 1 FROM klik k WHERE k.asker = ?8 AND k.helper = p.id),
              EXISTS (SELECT 1 FROM block b WHERE b.one = ?8 AND b.other = p.id)
                OR EXISTS (SELECT 1 FROM block b WHERE b.one = p.id AND b.other = ?8)
            FROM offer o JOIN participant p ON p.id = o.participant
            LEFT JOIN habit h ON h.participant = p.id AND h.day_part = ?3
            WHERE o.service = ?1 AND o.postcode = ?2
              AND p.consented AND p.verified_at IS NOT NULL
              AND coalesce(p.rest_until, 0) <= ?9 AND ?10 BETWEEN p.min_m AND p.max_m";
        let now = next.now;
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query((
            service.as_str(),
            postcode,
            DayPart::of(now).number(),
            now.start_of_day().0,
            now.start_of_week().0,
            (now - LATELY).0,
            next.request.id.0,
            caller,
            now.0,
            metres,
        ))?;
        while let Some(row) = rows.next()? {
            let id = ParticipantId(row.get(0)?);
            let number: String = row.get(1)?;
            // A stored number that the gate no longer lets through is never rung (R12).
            let Ok(phone) = Phone::from_stored(&number) else { continue };
            if next.numbering.may_ring(&phone).is_err() {
                continue;
            }
            let pause: Option<String> = row.get(4)?;
            let until = Timestamp(row.get::<_, Option<i64>>(5)?.unwrap_or(0));
            let hours: String = row.get(6)?;
            let languages: String = row.get(9)?;
            let facts = Facts {
                participant: id,
                consented: row.get(2)?,
                verified: row.get(3)?,
                offers: true,
                pause: pause.map(|kind| match kind.as_str() {
                    "until" => Pause::Until(until),
                    "until_they_call" => Pause::UntilTheyCall,
                    _ => Pause::StopNotConfirmed,
                }),
                hours_open: self.bench.hours.is_open(&hours, now),
                distance_m: Some(metres),
                same_postcode: same,
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
                blocked: row.get(24)?,
                is_caller: id.0 == caller,
            };
            people.push(Candidate { facts, phone });
        }
        Ok(())
    }
}
