//! GeoNames' postal codes of the Netherlands, `NL.txt`: tab-separated, without a header.
//!
//! Its columns are country, postal code, place, three pairs of administrative name and code,
//! latitude, longitude, accuracy (download.geonames.org/export/zip/readme.txt). A postcode of four
//! digits may have many rows (the full edition has one per six characters); they are averaged.

use std::collections::BTreeMap;

use crate::domain::Postcode;

use super::fault::{Faults, RowCheck};
use super::places::{LATITUDES, LONGITUDES};
use super::rows::PlaceRow;
use super::table::Progress;
use super::{Fault, field};

/// Columns with and without the accuracy, which is often left out.
const WIDTHS: [usize; 2] = [11, 12];
const ROWS_PER_TICK: u64 = 4_096;

/// Whether the first line begins with `NL`, a tab, and a digit.
pub(super) fn recognised(file: &[u8]) -> bool {
    matches!(
        file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file),
        [b'N', b'L', b'\t', b'0'..=b'9', ..]
    )
}

pub(super) fn read(file: &[u8], progress: Progress<'_>) -> Result<Vec<PlaceRow>, Faults> {
    let mut faults = Vec::new();
    let mut postcodes: BTreeMap<Postcode, Average> = BTreeMap::new();
    let file = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let mut read = 0;
    for (line, bytes) in (1..).zip(file.split(|b| *b == b'\n')) {
        read += bytes.len() + 1;
        if line % ROWS_PER_TICK == 0 {
            progress(read);
        }
        let bytes = bytes.trim_ascii_end();
        if bytes.is_empty() {
            continue;
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => add(text, &mut postcodes, RowCheck { line, faults: &mut faults }),
            Err(_) => faults.push(Fault::of_line(line, "not UTF-8 text; download the file again")),
        }
    }
    progress(file.len());
    let rows = postcodes.into_iter().map(|(postcode, all)| all.row(postcode)).collect();
    Faults::or(faults, rows)
}

fn add(text: &str, postcodes: &mut BTreeMap<Postcode, Average>, mut check: RowCheck<'_>) {
    let fields: Vec<&str> = text.split('\t').collect();
    if fields.first() != Some(&"NL") {
        return check.fault("country", "is not NL; only the file NL.txt can be read");
    }
    // Trailing empty columns went with the end of the line.
    if fields.len() < WIDTHS[0] || fields.len() > WIDTHS[1] {
        let why =
            format!("{} fields, but GeoNames has {} or {}", fields.len(), WIDTHS[0], WIDTHS[1]);
        return check.faults.push(Fault::of_line(check.line, why));
    }
    let postcode = check.take("postcode", Postcode::parse(fields[1]));
    let place = check.take("place", field::name(fields[2]));
    let lat = check.take("lat", field::degrees(fields[9], LATITUDES));
    let lon = check.take("lon", field::degrees(fields[10], LONGITUDES));
    if let (Some(postcode), Some(place), Some(lat), Some(lon)) = (postcode, place, lat, lon) {
        postcodes.entry(postcode).or_default().add(place, lat, lon);
    }
}

/// The rows of one postcode.
#[derive(Default)]
struct Average {
    rows: u32,
    lat: f64,
    lon: f64,
    places: BTreeMap<String, u32>,
}

impl Average {
    fn add(&mut self, place: String, lat: f64, lon: f64) {
        self.rows += 1;
        self.lat += lat;
        self.lon += lon;
        *self.places.entry(place).or_default() += 1;
    }

    /// The middle of all rows, and the place that most of them name (the first by alphabet of equals).
    fn row(self, postcode: Postcode) -> PlaceRow {
        let most = self.places.values().max().copied();
        let name = self.places.into_iter().find(|(_, rows)| Some(*rows) == most);
        let middle = |sum: f64| (sum / f64::from(self.rows) * 1e6).round() / 1e6;
        PlaceRow {
            postcode,
            name: name.map(|(name, _)| name).unwrap_or_default(),
            neighbourhood: None,
            lat: middle(self.lat),
            lon: middle(self.lon),
        }
    }
}
