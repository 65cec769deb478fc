//! Places, and how far they are from each other.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row};

use super::{Put, ReadTx, StoreError, Tx};
use crate::domain::Postcode;

/// Mean radius of the earth, metres (IUGG).
const EARTH_M: f64 = 6_371_009.0;
/// Farthest that anybody is looked for, metres: the last distance band.
const FARTHEST_M: u32 = 20_000;
/// Most places whose surroundings are remembered, a few kilobytes each: as many as the country has.
/// A full memory is begun again.
const MOST: usize = 4_100;
/// So many degrees of latitude are certainly farther than [`FARTHEST_M`].
const FARTHEST_DEGREES: f64 = 0.2;

/// A postcode area.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Its four digits.
    pub postcode: Postcode,
    /// The town or village.
    pub place: String,
    /// The neighbourhood; empty when the place needs none.
    pub neighbourhood: String,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl Place {
    /// What is said of it: the neighbourhood, or else the town.
    pub fn spoken(&self) -> &str {
        if self.neighbourhood.is_empty() { &self.place } else { &self.neighbourhood }
    }
}

/// Postcodes around a postcode with their distance in metres, nearest first.
pub(super) type Around = Arc<[(u16, u32)]>;

/// A postcode with its latitude and longitude, degrees.
type Point = (u16, f64, f64);

/// Remembers surroundings, and where places are; the places themselves are in the database.
pub(super) struct Geography {
    points: Option<Arc<[Point]>>,
    around: HashMap<u16, Around>,
}

impl Geography {
    pub(super) fn new() -> Self {
        Self { points: None, around: HashMap::new() }
    }

    /// Forgets everything: the places have changed.
    pub(super) fn forget(&mut self) {
        self.points = None;
        self.around.clear();
    }

    /// Where all places are, by postcode.
    fn points(&mut self, db: &Connection) -> Result<Arc<[Point]>, StoreError> {
        if let Some(points) = &self.points {
            return Ok(Arc::clone(points));
        }
        let mut all =
            db.prepare_cached("SELECT postcode, lat, lon FROM place ORDER BY postcode")?;
        let rows = all.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let points: Arc<[Point]> = rows.collect::<Result<_, _>>()?;
        self.points = Some(Arc::clone(&points));
        Ok(points)
    }
}

impl Tx<'_> {
    /// The place with this postcode.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn place(&mut self, postcode: Postcode) -> Result<Option<Place>, StoreError> {
        place(self.db, postcode)
    }

    /// Adds places, or brings them up to date by their postcode. What became of each.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn put_places(&mut self, places: &[Place]) -> Result<Vec<Put>, StoreError> {
        let mut put = self.db.prepare_cached(
            "INSERT INTO place (postcode, place, neighbourhood, lat, lon) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (postcode) DO UPDATE SET place = excluded.place,
               neighbourhood = excluded.neighbourhood, lat = excluded.lat, lon = excluded.lon",
        )?;
        let mut done = Vec::with_capacity(places.len());
        for p in places {
            let before = self.place(p.postcode)?;
            done.push(match &before {
                None => Put::Added,
                Some(before) if before == p => Put::Unchanged,
                Some(_) => Put::Changed,
            });
            if before.as_ref() != Some(p) {
                put.execute((p.postcode.number(), &p.place, &p.neighbourhood, p.lat, p.lon))?;
            }
        }
        drop(put);
        self.bench.geography.forget();
        Ok(done)
    }
}

impl ReadTx<'_> {
    /// Every place, by postcode.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn places(&self) -> Result<Vec<Place>, StoreError> {
        let sql = "SELECT place, neighbourhood, lat, lon, postcode FROM place ORDER BY postcode";
        let mut select = self.db.prepare(sql)?;
        let mut rows = select.query([])?;
        let mut places = Vec::new();
        while let Some(row) = rows.next()? {
            let postcode = Postcode::try_from(row.get::<_, u16>(4)?);
            let postcode = postcode.map_err(|_| StoreError::Damaged("place"))?;
            places.push(read_place(row, postcode)?);
        }
        Ok(places)
    }
}

impl ReadTx<'_> {
    /// The places with these postcodes, as far as they are known, by postcode.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn places_of(&self, postcodes: &[Postcode]) -> Result<Vec<Place>, StoreError> {
        let mut wanted = postcodes.to_vec();
        wanted.sort_unstable_by_key(|postcode| postcode.number());
        wanted.dedup();
        let found = wanted.into_iter().map(|postcode| place(self.db, postcode).transpose());
        found.flatten().collect()
    }
}

fn place(db: &Connection, postcode: Postcode) -> Result<Option<Place>, StoreError> {
    let sql = "SELECT place, neighbourhood, lat, lon FROM place WHERE postcode = ?1";
    let mut select = db.prepare_cached(sql)?;
    let place = select.query_row([postcode.number()], |row| read_place(row, postcode));
    Ok(place.optional()?)
}

/// Every postcode within the last distance band of `centre`, itself first at 0 m.
pub(super) fn around(
    db: &Connection,
    memory: &mut Geography,
    centre: Postcode,
) -> Result<Around, StoreError> {
    if let Some(known) = memory.around.get(&centre.number()) {
        return Ok(Arc::clone(known));
    }
    let points = memory.points(db)?;
    let mut found = Vec::new();
    if let Ok(here) = points.binary_search_by_key(&centre.number(), |&(postcode, ..)| postcode) {
        let (_, lat, lon) = points[here];
        for &(postcode, its_lat, its_lon) in points.iter() {
            if (its_lat - lat).abs() <= FARTHEST_DEGREES {
                let metres = distance_m((lat, lon), (its_lat, its_lon));
                if metres <= FARTHEST_M {
                    found.push((postcode, metres));
                }
            }
        }
        found.sort_by_key(|&(postcode, metres)| (metres, postcode != centre.number(), postcode));
    }
    let found: Around = found.into();
    if memory.around.len() >= MOST {
        memory.around.clear();
    }
    memory.around.insert(centre.number(), Arc::clone(&found));
    Ok(found)
}

fn read_place(row: &Row<'_>, postcode: Postcode) -> rusqlite::Result<Place> {
    Ok(Place {
        postcode,
        place: row.get(0)?,
        neighbourhood: row.get(1)?,
        lat: row.get(2)?,
        lon: row.get(3)?,
    })
}

/// Great-circle distance (haversine), whole metres.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // half the earth fits in 32 bits
fn distance_m((lat1, lon1): (f64, f64), (lat2, lon2): (f64, f64)) -> u32 {
    let (la1, la2) = (lat1.to_radians(), lat2.to_radians());
    let (dla, dlo) = (la2 - la1, (lon2 - lon1).to_radians());
    let h = (dla / 2.0).sin().powi(2) + la1.cos() * la2.cos() * (dlo / 2.0).sin().powi(2);
    (2.0 * EARTH_M * h.sqrt().min(1.0).asin()).round() as u32
}
