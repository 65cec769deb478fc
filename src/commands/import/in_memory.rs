//! A register in memory, for tests of import and export.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::{Phone, Postcode, Timestamp};

use super::{Counts, Outcome, ParticipantRow, PlaceRow, Progress, Register};

/// People, places, and who stopped when.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct InMemory {
    pub(crate) people: BTreeMap<Phone, ParticipantRow>,
    pub(crate) places: BTreeMap<Postcode, PlaceRow>,
    pub(crate) stopped: BTreeMap<Phone, Timestamp>,
    /// Fails at the next write.
    pub(crate) broken: bool,
}

impl InMemory {
    /// They stop taking part: what they said before no longer counts.
    pub(crate) fn stop(&mut self, phone: &Phone, at: Timestamp) {
        let stop = self.stopped.entry(phone.clone()).or_insert(at);
        *stop = at.max(*stop);
    }

    fn joined_again(&self, row: &ParticipantRow) -> bool {
        self.stopped.get(&row.phone).is_none_or(|stop| {
            let later = |at: Option<Timestamp>| at.is_some_and(|at| at > *stop);
            later(row.opted_in_at) && later(row.verified_at)
        })
    }
}

impl Register for InMemory {
    fn put_participants(
        &mut self,
        rows: &[ParticipantRow],
        _now: Timestamp,
        progress: Progress<'_>,
    ) -> anyhow::Result<Outcome> {
        anyhow::ensure!(!self.broken, "the disk is full");
        let stopped = rows.iter().filter(|row| !self.joined_again(row)).map(|row| row.line);
        let stopped: Vec<u64> = stopped.collect();
        if !stopped.is_empty() {
            return Ok(Outcome::Stopped(stopped));
        }
        let mut counts = Counts::default();
        for row in rows {
            let before = self.people.get(&row.phone).and_then(|known| known.elsewhere.clone());
            let mut elsewhere = row.elsewhere.clone().or(before).unwrap_or_default();
            elsewhere.retain(|place| place.postcode != row.postcode);
            let row = ParticipantRow { line: 0, elsewhere: Some(elsewhere), ..row.clone() };
            match self.people.insert(row.phone.clone(), row.clone()) {
                None => counts.added += 1,
                Some(before) if before == row => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
            }
        }
        progress(rows.len());
        Ok(Outcome::Done(counts))
    }

    fn put_places(&mut self, rows: &[PlaceRow], progress: Progress<'_>) -> anyhow::Result<Counts> {
        anyhow::ensure!(!self.broken, "the disk is full");
        let mut counts = Counts::default();
        for row in rows {
            match self.places.insert(row.postcode, row.clone()) {
                None => counts.added += 1,
                Some(before) if before == *row => counts.unchanged += 1,
                Some(_) => counts.changed += 1,
            }
        }
        progress(rows.len());
        Ok(counts)
    }

    fn without_place(
        &mut self,
        postcodes: &BTreeSet<Postcode>,
    ) -> anyhow::Result<BTreeSet<Postcode>> {
        Ok(postcodes.iter().filter(|p| !self.places.contains_key(p)).copied().collect())
    }

    fn participants(&mut self) -> anyhow::Result<Vec<ParticipantRow>> {
        let stays = |row: &&ParticipantRow| self.joined_again(row);
        Ok(self.people.values().filter(stays).cloned().collect())
    }

    fn places(&mut self) -> anyhow::Result<Vec<PlaceRow>> {
        Ok(self.places.values().cloned().collect())
    }
}
