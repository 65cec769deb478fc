//! Rows out as the text that `import` reads: what is written here and read there is the same again.

use crate::domain::{Language, OtherPlace, ServiceId, Timestamp};

use crate::commands::import::{ParticipantRow, PlaceRow, participants, places};

/// `participants.csv`. The column of other places is there when somebody has one.
///
/// # Errors
/// What `out` says.
pub fn participants(
    rows: impl IntoIterator<Item = ParticipantRow>,
    out: impl std::io::Write,
) -> csv::Result<()> {
    let rows: Vec<ParticipantRow> = rows.into_iter().collect();
    let has_another_place =
        |row: &ParticipantRow| row.elsewhere.as_ref().is_some_and(|all| !all.is_empty());
    let header = participants::COLUMNS.iter().copied();
    let last = rows.iter().any(has_another_place).then_some(participants::OTHER_PLACES);
    let width = participants::COLUMNS.len() + usize::from(last.is_some());
    let mut file = csv::Writer::from_writer(out);
    file.write_record(header.chain(last))?;
    for row in rows {
        let fields = [
            row.name.as_str(),
            row.phone.e164(),
            &row.postcode.to_string(),
            &list(row.services.iter().map(ServiceId::as_str)),
            row.hours.as_str(),
            &list(row.languages.iter().map(|language| Language::code(*language))),
            &kilometres(row.min_m),
            &kilometres(row.max_m),
            &row.max_per_day.to_string(),
            &row.max_per_week.to_string(),
            &moment(row.opted_in_at),
            row.opted_in_via.map_or("", |via| via.word()),
            &moment(row.verified_at),
            &other_places(row.elsewhere.as_deref().unwrap_or_default()),
        ];
        file.write_record(&fields[..width])?;
    }
    Ok(file.flush()?)
}

/// `places.csv`.
///
/// # Errors
/// What `out` says.
pub fn places(
    rows: impl IntoIterator<Item = PlaceRow>,
    out: impl std::io::Write,
) -> csv::Result<()> {
    let mut file = csv::Writer::from_writer(out);
    file.write_record(places::COLUMNS)?;
    for row in rows {
        file.write_record([
            &row.postcode.to_string(),
            &row.name,
            row.neighbourhood.as_deref().unwrap_or_default(),
            &row.lat.to_string(),
            &row.lon.to_string(),
        ])?;
    }
    Ok(file.flush()?)
}

/// `2516 groceries dog;2521 company`
fn other_places(places: &[OtherPlace]) -> String {
    let place = |place: &OtherPlace| {
        let services = place.services.iter().map(ServiceId::as_str);
        [&place.postcode.to_string()]
            .into_iter()
            .map(String::as_str)
            .chain(services)
            .collect::<Vec<_>>()
            .join(" ")
    };
    places.iter().map(place).collect::<Vec<_>>().join(";")
}

fn list<'a>(parts: impl Iterator<Item = &'a str>) -> String {
    parts.collect::<Vec<_>>().join(";")
}

/// `500` metres is `0.5`; the shortest form that reads back as the same.
fn kilometres(metres: u32) -> String {
    (f64::from(metres) / 1_000.0).to_string()
}

/// A date when it is a Dutch midnight, else RFC 3339 on the Dutch clock.
fn moment(at: Option<Timestamp>) -> String {
    match at {
        None => String::new(),
        Some(at) if at == at.start_of_day() => at.local().format("%Y-%m-%d").to_string(),
        Some(at) => at.local().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false),
    }
}
