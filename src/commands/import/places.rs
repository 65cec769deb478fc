//! `places.csv`, or GeoNames' `NL.txt`: bytes in, one row per postcode or every fault out.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use crate::domain::Postcode;

use super::fault::{Fault, Faults, RowCheck};
use super::rows::PlaceRow;
use super::table::{Progress, each_row};
use super::{field, geonames};

/// The header, in the order in which it is documented and exported.
pub const COLUMNS: [&str; 5] = ["postcode", "place", "neighbourhood", "lat", "lon"];

/// The European Netherlands in degrees, rounded outwards (Kadaster: 50.75 to 53.56 N).
pub(super) const LATITUDES: RangeInclusive<f64> = 50.7..=53.7;
/// The same from west to east (3.36 to 7.23 E).
pub(super) const LONGITUDES: RangeInclusive<f64> = 3.2..=7.3;

/// Reads a whole file, of either kind.
///
/// # Errors
/// [`Faults`] with everything that is wrong, by line.
pub fn read(file: &[u8], progress: Progress<'_>) -> Result<Vec<PlaceRow>, Faults> {
    if geonames::recognised(file) {
        return geonames::read(file, progress);
    }
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    let mut seen: HashMap<Postcode, Vec<u64>> = HashMap::new();
    each_row(file, &COLUMNS, &[], &mut faults, progress, |line, fields, faults| {
        rows.extend(row(
            fields.map(Option::unwrap_or_default),
            &mut seen,
            RowCheck { line, faults },
        ));
    });
    faults.extend(seen.into_values().filter(|lines| lines.len() > 1).flat_map(doubles));
    Faults::or(faults, rows)
}

fn row(
    [postcode, place, neighbourhood, lat, lon]: [&str; 5],
    seen: &mut HashMap<Postcode, Vec<u64>>,
    mut check: RowCheck<'_>,
) -> Option<PlaceRow> {
    let postcode = check.take("postcode", Postcode::parse(postcode));
    if let Some(postcode) = postcode {
        seen.entry(postcode).or_default().push(check.line);
    }
    let name = check.take("place", field::name(place));
    let neighbourhood = match neighbourhood {
        "" => Some(None),
        text => check.take("neighbourhood", field::name(text).map(Some)),
    };
    let lat = check.take("lat", field::degrees(lat, LATITUDES));
    let lon = check.take("lon", field::degrees(lon, LONGITUDES));
    Some(PlaceRow {
        postcode: postcode?,
        name: name?,
        neighbourhood: neighbourhood?,
        lat: lat?,
        lon: lon?,
    })
}

fn doubles(lines: Vec<u64>) -> Vec<Fault> {
    let fault = |line: &u64| {
        let others: Vec<String> =
            lines.iter().filter(|other| *other != line).map(u64::to_string).collect();
        let why = format!("the same postcode as on line {}; keep one", others.join(", "));
        Fault { line: *line, column: Some("postcode"), why }
    };
    lines.iter().map(fault).collect()
}
