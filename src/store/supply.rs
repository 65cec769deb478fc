//! Who offers what, where and when: how many people could be rung, so that gaps are seen. Counts only.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use super::{ReadTx, StoreError, participants};
use crate::dispatch::choose::MOST_UNANSWERED;
use crate::domain::{
    Conditions, DayPart, Hours, Line, Numbering, ParticipantId, Phone, Postcode, ServiceId,
    Timestamp,
};

/// So far ahead hours are looked at: every part of the day comes by in a week.
const AHEAD: Duration = Duration::from_secs(7 * 24 * 3600);
/// Hours shorter than this, somewhere in the week, may be missed.
const STEP: Duration = Duration::from_secs(30 * 60);

/// People who could be rung for one service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Supply {
    /// How many.
    pub people: u64,
    /// Of those, in each part of the day, by [`DayPart::number`]: whose hours and the line's are open
    /// at the same time, somewhere in it, in the coming week.
    pub by_part: [u64; 6],
    /// Of those, by where they live; by where else they do it of whoever does not do it at home, or
    /// lives elsewhere. Each person is in one place only.
    pub by_place: BTreeMap<Postcode, u64>,
}

/// Which parts of the day, a bit each.
type Parts = u8;

impl ReadTx<'_> {
    /// For each service of the line: people who live, or do it, in these postcodes and could be rung for it, now
    /// or when their hours are open. Not those who pause, who rest until they say that they still
    /// take part, or of whom the service asks something that they do not have.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn supply(
        &self,
        line: &Line,
        area: &[Postcode],
        conditions: &dyn Fn(&ServiceId) -> Conditions,
        numbering: Numbering,
        now: Timestamp,
    ) -> Result<BTreeMap<ServiceId, Supply>, StoreError> {
        let mut supply: BTreeMap<ServiceId, Supply> =
            line.services.iter().map(|id| (id.clone(), Supply::default())).collect();
        let moments: Vec<(Timestamp, Parts)> = half_hours(now)
            .filter(|at| line.may_ring(*at))
            .map(|at| (at, 1 << DayPart::of(at).number()))
            .collect();
        let mut parts_of = HashMap::<String, Parts>::new();
        let mut select = self.db.prepare_cached(
            "SELECT o.service, p.id, p.hours, p.pause_kind, coalesce(p.pause_until, 0), p.phone
             FROM offer o JOIN participant p ON p.id = o.participant
             WHERE o.postcode = ?1 AND (p.postcode = ?1) = ?3 AND p.consented AND p.verified_at IS NOT NULL
               AND p.unanswered < ?2
               AND NOT EXISTS (SELECT 1 FROM still_there s
                               WHERE s.participant = p.id AND s.why = 'silent')",
        )?;
        let mut counted_before = HashSet::new();
        let places =
            [true, false].into_iter().flat_map(|home| area.iter().map(move |it| (it, home)));
        for (place, at_home) in places {
            let mut rows = select.query((place.number(), MOST_UNANSWERED, at_home))?;
            while let Some(row) = rows.next()? {
                let service = ServiceId::parse(&row.get::<_, String>(0)?);
                let service = service.map_err(|_| StoreError::Damaged("offer"))?;
                let Some(counted) = supply.get_mut(&service) else { continue };
                let until = Timestamp(row.get(4)?);
                let kind: Option<String> = row.get(3)?;
                let pause = participants::pause(kind.as_deref(), until);
                let phone = Phone::from_stored(&row.get::<_, String>(5)?);
                let rung = phone.is_ok_and(|phone| numbering.may_ring(&phone).is_ok());
                if pause.is_some_and(|pause| pause.holds(now)) || !rung {
                    continue;
                }
                let asked = conditions(&service);
                let id = ParticipantId(row.get(1)?);
                if asked.any() && self.admissions(id)?.of(&service).lacks(asked, now).count() > 0 {
                    continue;
                }
                let hours: String = row.get(2)?;
                let parts =
                    *parts_of.entry(hours).or_insert_with_key(|hours| open_parts(hours, &moments));
                if !counted_before.insert((id, service)) {
                    continue;
                }
                counted.people += 1;
                *counted.by_place.entry(*place).or_default() += 1;
                for (at, people) in counted.by_part.iter_mut().enumerate() {
                    *people += u64::from(parts >> at & 1);
                }
            }
        }
        Ok(supply)
    }
}

/// Every half hour of the coming week.
fn half_hours(now: Timestamp) -> impl Iterator<Item = Timestamp> {
    let steps = u32::try_from(AHEAD.as_secs() / STEP.as_secs()).unwrap_or(u32::MAX);
    (0..steps).map(move |n| now.start_of_day() + STEP * n)
}

/// Hours that do not read are open in no part.
fn open_parts(hours: &str, moments: &[(Timestamp, Parts)]) -> Parts {
    let Ok(hours) = Hours::parse(hours) else { return 0 };
    let mut parts = 0;
    for (at, part) in moments {
        if parts & part == 0 && hours.is_open(*at) {
            parts |= part;
        }
    }
    parts
}
