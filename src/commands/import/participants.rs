//! `participants.csv`: bytes in, checked rows or every fault out. No file, no database, no clock.

use std::collections::HashMap;

use crate::domain::{Hours, Numbering, Phone, Postcode, ServiceId, Timestamp};

use super::fault::{Fault, Faults, RowCheck};
use super::field;
use super::rows::{OptedInVia, ParticipantRow};
use super::table::{Progress, each_row};

/// The header, in the order in which it is documented and exported.
pub const COLUMNS: [&str; 13] = [
    "name",
    "phone",
    "postcode",
    "services",
    "hours",
    "languages",
    "min_km",
    "max_km",
    "max_per_day",
    "max_per_week",
    "opted_in_at",
    "opted_in_via",
    "verified_at",
];

/// A column that a file may have behind them: where else than at home somebody does something.
pub const OTHER_PLACES: &str = "other_places";

/// [`COLUMNS`] and [`OTHER_PLACES`].
const READ: [&str; 14] = {
    let mut all = [OTHER_PLACES; 14];
    let mut at = 0;
    while at < COLUMNS.len() {
        all[at] = COLUMNS[at];
        at += 1;
    }
    all
};

/// Whenever the line rings: what an empty `hours` means.
pub const DEFAULT_HOURS: &str = "24/7";
/// Metres; what an empty `max_km` means.
pub const DEFAULT_MAX_M: u32 = 5_000;
/// What an empty `max_per_day` means.
pub const DEFAULT_PER_DAY: u32 = 2;
/// What an empty `max_per_week` means.
pub const DEFAULT_PER_WEEK: u32 = 4;

/// What a row is checked against.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Which telephone numbers may be rung.
    pub numbering: Numbering,
    /// The exchange's own lines, which are nobody's telephone.
    pub lines: &'a [Phone],
    /// The catalogue.
    pub services: &'a [ServiceId],
    /// The moment of the import.
    pub now: Timestamp,
}

/// Reads a whole file.
///
/// # Errors
/// [`Faults`] with everything that is wrong, by line. All or nothing: one fault and there are no rows.
pub fn read(
    file: &[u8],
    rules: &Rules<'_>,
    progress: Progress<'_>,
) -> Result<Vec<ParticipantRow>, Faults> {
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    let mut seen = Numbers::default();
    // A hundred thousand people write a few hundred different hours.
    let mut hours = HashMap::new();
    each_row(file, &READ, &[OTHER_PLACES], &mut faults, progress, |line, fields, faults| {
        rows.extend(row(fields, rules, &mut hours, &mut seen, RowCheck { line, faults }));
    });
    seen.name_doubles(&mut faults);
    Faults::or(faults, rows)
}

fn row(
    fields: [Option<&str>; 14],
    rules: &Rules<'_>,
    hours_known: &mut HashMap<String, Hours>,
    seen: &mut Numbers,
    mut check: RowCheck<'_>,
) -> Option<ParticipantRow> {
    let other_places = fields[COLUMNS.len()];
    let [name, phone, postcode, services, hours, languages, fields @ ..] =
        fields.map(Option::unwrap_or_default);
    let [min_km, max_km, per_day, per_week, opted_in_at, opted_in_via, verified_at, _] = fields;

    let name = check.take("name", field::name(name));
    let phone = check.take("phone", read_phone(phone, rules));
    if let Some(phone) = &phone {
        seen.note(phone, check.line);
    }
    let postcode = check.take("postcode", Postcode::parse(postcode));
    let services = check.take("services", field::services(services, rules.services));
    let elsewhere = match (other_places, postcode, &services) {
        (Some(text), Some(home), Some(at_home)) => {
            let read = field::other_places(text, home, at_home, rules.services);
            check.take(OTHER_PLACES, read.map(Some))
        }
        _ => Some(None),
    };
    let hours = check.take("hours", read_hours(hours, hours_known));
    let languages = check.take("languages", field::languages(languages));
    let min_m = check.take("min_km", field::metres(min_km, 0));
    let max_m = check.take("max_km", field::metres(max_km, DEFAULT_MAX_M));
    if let (Some(min), Some(max)) = (min_m, max_m)
        && min >= max
    {
        check.fault("max_km", "must be more than min_km");
    }
    let max_per_day = check.take("max_per_day", field::cap(per_day, DEFAULT_PER_DAY, 20));
    let max_per_week = check.take("max_per_week", field::cap(per_week, DEFAULT_PER_WEEK, 50));
    let opted_in_at = check.take("opted_in_at", field::past(opted_in_at, rules.now));
    let opted_in_via = check.take("opted_in_via", read_via(opted_in_via));
    if let (Some(Some(_)), Some(None)) = (opted_in_at, opted_in_via) {
        check.fault("opted_in_via", "is missing, while opted_in_at is filled in");
    }
    let verified_at = check.take("verified_at", field::past(verified_at, rules.now));

    Some(ParticipantRow {
        line: check.line,
        name: name?,
        phone: phone?,
        postcode: postcode?,
        services: services?,
        elsewhere: elsewhere?,
        hours: hours?,
        languages: languages?,
        min_m: min_m?,
        max_m: max_m?,
        max_per_day: max_per_day?,
        max_per_week: max_per_week?,
        opted_in_at: opted_in_at?,
        opted_in_via: opted_in_via?,
        verified_at: verified_at?,
    })
}

fn read_phone(text: &str, rules: &Rules<'_>) -> Result<Phone, String> {
    if text.is_empty() {
        return Err("is missing".into());
    }
    let phone = Phone::parse(text, rules.numbering).map_err(|refused| refused.to_string())?;
    if rules.lines.contains(&phone) {
        return Err("this is a number of the exchange itself".into());
    }
    Ok(phone)
}

fn read_hours(text: &str, known: &mut HashMap<String, Hours>) -> Result<Hours, String> {
    let text = if text.is_empty() { DEFAULT_HOURS } else { text };
    if let Some(hours) = known.get(text) {
        return Ok(hours.clone());
    }
    // A cell may hold one rule on each line.
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let hours = Hours::parse(&one_line).map_err(|why| without_quotation(&why.to_string()))?;
    known.insert(text.to_owned(), hours.clone());
    Ok(hours)
}

/// The parser's message without the piece of the field that it shows in brackets (R14).
fn without_quotation(why: &str) -> String {
    match (why.find(" (\""), why.find("\")")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &why[..from], &why[to + 2..]),
        _ => why.to_owned(),
    }
}

fn read_via(text: &str) -> Result<Option<OptedInVia>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    OptedInVia::parse(text).map(Some).ok_or("write phone, web, desk or paper")
}

/// Lines on which each number stands.
#[derive(Default)]
struct Numbers {
    first: HashMap<Phone, u64>,
    again: Vec<(Phone, u64)>,
}

impl Numbers {
    fn note(&mut self, phone: &Phone, line: u64) {
        if self.first.contains_key(phone) {
            self.again.push((phone.clone(), line));
        } else {
            self.first.insert(phone.clone(), line);
        }
    }

    /// A fault in every row of a number that stands there more than once.
    fn name_doubles(self, faults: &mut Vec<Fault>) {
        let mut others: HashMap<u64, Vec<u64>> = HashMap::new();
        for (phone, line) in self.again {
            let first = self.first[&phone];
            others.entry(first).or_default().push(line);
            faults.push(double(line, &[first]));
        }
        faults.extend(others.iter().map(|(first, again)| double(*first, again)));
    }
}

fn double(line: u64, others: &[u64]) -> Fault {
    let others: Vec<String> = others.iter().map(u64::to_string).collect();
    let why = format!("the same number as on line {}; keep one of the rows", others.join(", "));
    Fault { line, column: Some("phone"), why }
}
