//! The register in the database.

use std::collections::BTreeSet;
use std::sync::mpsc;

use crate::domain::{Postcode, ServiceId, Timestamp};
use crate::store::{NewParticipant, Place, Put, Store, StoreError, Tx};

use super::{Counts, OptedInVia, Outcome, ParticipantRow, PlaceRow, Progress, Register};

/// Rows between two words about progress.
const ROWS_PER_TICK: usize = 500;

/// A [`Register`] over the store. It may be another process than the one that answers calls.
pub struct Stored<'a> {
    store: &'a Store,
    catalogue: &'a [ServiceId],
}

/// Why the rows are not in.
enum NotPut {
    Store(StoreError),
    Stopped(Vec<u64>),
}

impl From<StoreError> for NotPut {
    fn from(fault: StoreError) -> Self {
        Self::Store(fault)
    }
}

impl<'a> Stored<'a> {
    /// Over this store; what people offer is told in the order of `catalogue`.
    pub fn over(store: &'a Store, catalogue: &'a [ServiceId]) -> Self {
        Self { store, catalogue }
    }

    /// One transaction on the writer's thread, with its progress told on this one.
    fn in_one_transaction<T: Send + 'static>(
        &self,
        progress: Progress<'_>,
        job: impl FnOnce(&mut Tx<'_>, &mut dyn FnMut(usize)) -> Result<T, NotPut> + Send + 'static,
    ) -> Result<T, NotPut> {
        let (tell, told) = mpsc::channel();
        let job = move |tx: &mut Tx<'_>| {
            // Whoever listened may be gone; the rows are put in all the same.
            job(tx, &mut |done| {
                let _ = tell.send(done);
            })
        };
        std::thread::scope(|scope| {
            let work = scope.spawn(|| self.store.write_blocking(job));
            told.iter().for_each(progress);
            work.join().unwrap_or(Err(NotPut::Store(StoreError::Panicked)))
        })
    }
}

impl Register for Stored<'_> {
    fn put_participants(
        &mut self,
        rows: &[ParticipantRow],
        now: Timestamp,
        progress: Progress<'_>,
    ) -> anyhow::Result<Outcome> {
        let mut rows: Vec<(u64, bool, NewParticipant)> =
            rows.iter().map(|row| (row.line, row.elsewhere.is_some(), written(row))).collect();
        // Neighbours side by side in the file: choosing reads whole postcodes.
        rows.sort_by_key(|(_, _, new)| new.postcode);
        let put = self.in_one_transaction(progress, move |tx, tell| {
            let mut counts = Counts::default();
            let mut stopped = Vec::new();
            for (done, (line, says_where_else, new)) in rows.iter().enumerate() {
                let put = match says_where_else {
                    true => tx.put_participant(new, now)?,
                    false => tx.put_without_other_places(new, now)?,
                };
                match put {
                    Put::Stopped => stopped.push(*line),
                    put => counts.count(put),
                }
                if done % ROWS_PER_TICK == 0 {
                    tell(done);
                }
            }
            stopped.sort_unstable();
            if stopped.is_empty() { Ok(counts) } else { Err(NotPut::Stopped(stopped)) }
        });
        match put {
            Ok(counts) => Ok(Outcome::Done(counts)),
            Err(NotPut::Stopped(lines)) => Ok(Outcome::Stopped(lines)),
            Err(NotPut::Store(fault)) => Err(fault.into()),
        }
    }

    fn put_places(&mut self, rows: &[PlaceRow], progress: Progress<'_>) -> anyhow::Result<Counts> {
        let places: Vec<Place> = rows.iter().map(place).collect();
        let put = self.in_one_transaction(progress, move |tx, tell| {
            let mut counts = Counts::default();
            for (done, some) in places.chunks(ROWS_PER_TICK).enumerate() {
                tx.put_places(some)?.into_iter().for_each(|put| counts.count(put));
                tell(done * ROWS_PER_TICK);
            }
            Ok(counts)
        });
        put.map_err(|fault| match fault {
            NotPut::Store(fault) => fault.into(),
            NotPut::Stopped(_) => anyhow::anyhow!("a place has no stop"),
        })
    }

    fn without_place(
        &mut self,
        postcodes: &BTreeSet<Postcode>,
    ) -> anyhow::Result<BTreeSet<Postcode>> {
        let places = self.store.read_blocking(|tx| tx.places())?;
        let known: BTreeSet<Postcode> = places.into_iter().map(|place| place.postcode).collect();
        Ok(postcodes.difference(&known).copied().collect())
    }

    fn participants(&mut self) -> anyhow::Result<Vec<ParticipantRow>> {
        let everybody = self.store.read_blocking(|tx| tx.participants())?;
        Ok(everybody.into_iter().map(|known| row(known, self.catalogue)).collect())
    }

    fn places(&mut self) -> anyhow::Result<Vec<PlaceRow>> {
        let places = self.store.read_blocking(|tx| tx.places())?;
        let row = |place: Place| PlaceRow {
            postcode: place.postcode,
            name: place.place,
            neighbourhood: Some(place.neighbourhood).filter(|name| !name.is_empty()),
            lat: place.lat,
            lon: place.lon,
        };
        Ok(places.into_iter().map(row).collect())
    }
}

impl Counts {
    fn count(&mut self, put: Put) {
        match put {
            Put::Added => self.added += 1,
            Put::Changed => self.changed += 1,
            Put::Unchanged => self.unchanged += 1,
            Put::Stopped => {}
        }
    }
}

fn written(row: &ParticipantRow) -> NewParticipant {
    NewParticipant {
        phone: row.phone.clone(),
        name: row.name.clone(),
        postcode: row.postcode,
        services: row.services.clone(),
        elsewhere: row.elsewhere.clone().unwrap_or_default(),
        hours: row.hours.clone(),
        languages: row.languages.clone(),
        min_m: row.min_m,
        max_m: row.max_m,
        max_per_day: row.max_per_day,
        max_per_week: row.max_per_week,
        opted_in: row.opted_in_at.zip(row.opted_in_via).map(|(at, via)| (at, via.word().into())),
        verified_at: row.verified_at,
    }
}

/// What is no longer in the catalogue comes last: it is kept, and `import` will say so.
fn row(known: NewParticipant, catalogue: &[ServiceId]) -> ParticipantRow {
    let NewParticipant { mut services, mut elsewhere, opted_in, .. } = known;
    let place = |id: &ServiceId| catalogue.iter().position(|c| c == id).unwrap_or(usize::MAX);
    services.sort_by_key(place);
    for other in &mut elsewhere {
        other.services.sort_by_key(place);
    }
    ParticipantRow {
        line: 0,
        name: known.name,
        phone: known.phone,
        postcode: known.postcode,
        services,
        elsewhere: Some(elsewhere),
        hours: known.hours,
        languages: known.languages,
        min_m: known.min_m,
        max_m: known.max_m,
        max_per_day: known.max_per_day,
        max_per_week: known.max_per_week,
        opted_in_at: opted_in.as_ref().map(|(at, _)| *at),
        opted_in_via: opted_in.as_ref().and_then(|(_, via)| OptedInVia::parse(via)),
        verified_at: known.verified_at,
    }
}

fn place(row: &PlaceRow) -> Place {
    Place {
        postcode: row.postcode,
        place: row.name.clone(),
        neighbourhood: row.neighbourhood.clone().unwrap_or_default(),
        lat: row.lat,
        lon: row.lon,
    }
}
