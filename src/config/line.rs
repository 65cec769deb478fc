//! `[[line]]`: one dialled number and everything that is settled about it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::MUST_OPEN_WITHIN_DAYS;
use super::table::{Found, Table};
use crate::domain::{Hours, Language, Line, Numbering, Phone, Postcode, ServiceId, Timestamp};

/// When neighbours may be rung, unless the line says otherwise.
const RINGING_HOURS: &str = "Mo-Sa 09:00-21:00; Su,PH 10:00-20:00";

/// Longest name, in characters: it is spoken in most prompts.
const LONGEST_NAME: usize = 60;

/// What reading a line needs besides its own table.
struct Around<'a> {
    /// `None`: not readable; fixtures pass then.
    numbering: Numbering,
    /// The catalogue in its order; `None`: not known.
    services: Option<&'a [ServiceId]>,
    now: Timestamp,
    /// The readable numbers of the lines before this one.
    earlier: &'a [Phone],
    /// The readable numbers of all lines.
    lines: &'a [Phone],
}

/// Reads every line; those with a fault are left out.
pub(super) fn read_all(
    root: &Table<'_>,
    numbering: Option<Numbering>,
    services: Option<&[ServiceId]>,
    now: Timestamp,
) -> Vec<Line> {
    let tables = root.tables("line");
    if tables.is_empty() && !root.has("line") {
        root.missing("there is no [[line]]: at least one number that people dial is needed");
    }
    let numbering = numbering.unwrap_or(Numbering::NlFixtures);
    let number = |table: &Table<'_>| {
        let written = table.text("number")?;
        Phone::parse_desk(&written.value, numbering).ok()
    };
    // Wrong types are reported when the line itself is read; each fault is kept once.
    let numbers: Vec<Option<Phone>> = tables.iter().map(number).collect();
    let lines: Vec<Phone> = numbers.iter().flatten().cloned().collect();
    let read = tables.iter().enumerate().filter_map(|(i, table)| {
        let earlier: Vec<Phone> = numbers[..i].iter().flatten().cloned().collect();
        let around = Around { numbering, services, now, earlier: &earlier, lines: &lines };
        read_line(table, &around)
    });
    read.collect()
}

fn read_line(table: &Table<'_>, around: &Around<'_>) -> Option<Line> {
    let number = read_number(table, around);
    let name = read_name(table);
    let area = read_area(table);
    let coordinator_first = read_coordinator_first(table, &area);
    let languages = read_languages(table);
    let services = read_services(table, around.services);
    let desk = read_desk(table, around);
    let office_hours = table
        .required_text("office_hours", "when the desk takes calls: \"Mo-Fr 09:00-17:00; PH off\"")
        .and_then(|written| read_hours(table, "office_hours", &written, around.now));
    let ringing_hours = table.text_or("ringing_hours", RINGING_HOURS);
    let ringing_hours = read_hours(table, "ringing_hours", &ringing_hours, around.now);
    let seconds = |key, range, default| Duration::from_secs(table.whole(key, range, default));
    let minutes = |key, default| Duration::from_secs(60 * table.whole(key, 0..=10_080, default));
    let ring = seconds("ring_seconds", 10..=60, 20);
    let desk_ring = seconds("desk_ring_seconds", 10..=60, 20);
    let search_budget = seconds("search_budget_seconds", 30..=900, 180);
    let offer_callback_after = seconds("offer_callback_after_seconds", 20..=900, 60);
    let rest_after_answer = minutes("rest_after_answer_minutes", 180);
    let rest_after_ring = minutes("rest_after_ring_minutes", 60);
    let max_attempts = table.count("max_attempts", 1..=50, 8);
    let ring_at_once = table.count("ring_at_once", 1..=3, 1);
    let background_hours = table.whole("background_hours", 1..=72, 24);
    let background_max_attempts = table.count("background_max_attempts", 1..=100, 25);
    let voice_note = table.yes_no("voice_note", false);
    let voice = read_voice(table, &languages);
    table.finish();
    Some(Line {
        number: number?,
        name: name?,
        area,
        coordinator_first,
        languages,
        services,
        office_hours: office_hours?,
        ringing_hours: ringing_hours?,
        desk,
        ring,
        desk_ring,
        voice,
        max_attempts,
        search_budget,
        offer_callback_after,
        voice_note,
        rest_after_answer,
        rest_after_ring,
        ring_at_once: u8::try_from(ring_at_once).unwrap_or(1),
        background_budget: Duration::from_secs(3600 * background_hours),
        background_max_attempts,
    })
}

fn read_number(table: &Table<'_>, around: &Around<'_>) -> Option<Phone> {
    let written = table.required_text("number", "the number that people dial")?;
    match Phone::parse_desk(&written.value, around.numbering) {
        Ok(number) if around.earlier.contains(&number) => {
            table.fault(written.line, "number is that of an earlier [[line]]; each has its own");
            None
        }
        Ok(number) => Some(number),
        Err(refused) => {
            table.fault(written.line, format!("number: {refused}"));
            None
        }
    }
}

fn read_name(table: &Table<'_>) -> Option<String> {
    let written = table.required_text("name", "the service's name as it is spoken")?;
    let name = written.value.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count())
        && !name.chars().any(|c| c.is_control() || "<>&{}".contains(c));
    if !fits {
        let text = format!("name is 1 to {LONGEST_NAME} characters, without < > & {{ }}");
        table.fault(written.line, text);
    }
    fits.then(|| name.to_owned())
}

fn read_area(table: &Table<'_>) -> Vec<Postcode> {
    let what = "the postcodes where callers may be, like [\"2584\", \"2586\"]";
    let mut area = Vec::new();
    for written in table.required_texts("area", what) {
        match Postcode::parse(&written.value) {
            Ok(postcode) if area.contains(&postcode) => {
                table.fault(written.line, format!("area has {postcode} twice"));
            }
            Ok(postcode) => area.push(postcode),
            Err(why) => table.fault(written.line, format!("area: {why}")),
        }
    }
    area
}

/// Places where the coordinator goes first: each one of the line's own.
fn read_coordinator_first(table: &Table<'_>, area: &[Postcode]) -> Vec<Postcode> {
    let mut places = Vec::new();
    let list = table.texts("coordinator_first").map(|list| list.value).unwrap_or_default();
    for written in list {
        match Postcode::parse(&written.value) {
            Ok(postcode) if places.contains(&postcode) => {
                let text = format!("coordinator_first has {postcode} twice");
                table.fault(written.line, text);
            }
            Ok(postcode) if !area.contains(&postcode) => {
                let text = format!(
                    "coordinator_first has {postcode}, which is not in area; add it there, or take \
                     it away here"
                );
                table.fault(written.line, text);
            }
            Ok(postcode) => places.push(postcode),
            Err(why) => table.fault(written.line, format!("coordinator_first: {why}")),
        }
    }
    places
}

fn read_languages(table: &Table<'_>) -> Vec<Language> {
    let Some(list) = table.texts("languages") else { return vec![Language::Nl] };
    if list.value.is_empty() {
        table.fault(list.line, "languages is empty; write [\"nl\"] or [\"nl\", \"en\"]");
    }
    let mut languages = Vec::new();
    for written in list.value {
        match Language::parse(&written.value) {
            Some(language) if languages.contains(&language) => {
                table.fault(written.line, format!("languages has {} twice", language.code()));
            }
            Some(language) => languages.push(language),
            None => table.fault(written.line, "languages are \"nl\" and \"en\""),
        }
    }
    languages
}

/// In the order of the catalogue, whatever the order here.
fn read_services(table: &Table<'_>, catalogue: Option<&[ServiceId]>) -> Vec<ServiceId> {
    let what = "what may be asked for, like [\"groceries\", \"company\"]";
    let mut services = Vec::new();
    for written in table.required_texts("services", what) {
        let unknown = |id: &ServiceId| catalogue.is_some_and(|known| !known.contains(id));
        match ServiceId::parse(&written.value) {
            Ok(id) if services.contains(&id) => {
                table.fault(written.line, format!("services has {id} twice"));
            }
            Ok(id) if unknown(&id) => {
                let known: Vec<_> =
                    catalogue.into_iter().flatten().map(ServiceId::as_str).collect();
                let text =
                    format!("there is no service {id} in the catalogue ({})", known.join(", "));
                table.fault(written.line, text);
            }
            Ok(id) => services.push(id),
            Err(why) => table.fault(written.line, format!("services: {why}")),
        }
    }
    if let Some(known) = catalogue {
        services.sort_by_key(|id| known.iter().position(|k| k == id));
    }
    services
}

fn read_desk(table: &Table<'_>, around: &Around<'_>) -> Vec<Phone> {
    let mut desk = Vec::new();
    let list = table.texts("desk").map(|list| list.value).unwrap_or_default();
    for written in list {
        match Phone::parse_desk(&written.value, around.numbering) {
            Ok(phone) if around.lines.contains(&phone) => {
                let text = "desk: this is the number of a line, which would ring itself; write \
                            the telephone on the desk";
                table.fault(written.line, text);
            }
            Ok(phone) if desk.contains(&phone) => {
                table.fault(written.line, "desk has this number twice");
            }
            Ok(phone) => desk.push(phone),
            Err(refused) => table.fault(written.line, format!("desk: {refused}")),
        }
    }
    desk
}

fn read_hours(
    table: &Table<'_>,
    key: &str,
    written: &Found<String>,
    now: Timestamp,
) -> Option<Hours> {
    match Hours::parse(&written.value) {
        Ok(hours) if hours.never_opens_within(MUST_OPEN_WITHIN_DAYS, now) => {
            let text = format!(
                "{key} do not open once in the next {MUST_OPEN_WITHIN_DAYS} days, so that nothing \
                 could be promised; check days and dates"
            );
            table.fault(written.line, text);
            None
        }
        Ok(hours) => Some(hours),
        Err(why) => {
            table.fault(written.line, format!("{key}: {why}"));
            None
        }
    }
}

fn read_voice(table: &Table<'_>, languages: &[Language]) -> BTreeMap<Language, String> {
    let mut voices = BTreeMap::new();
    let Some(voice) = table.table("voice") else { return voices };
    for key in voice.keys() {
        let Some(language) = Language::parse(key.value) else { continue };
        if language.code() != key.value {
            continue;
        }
        if !languages.contains(&language) {
            let text = format!("voice has {} but languages does not; add it there", key.value);
            voice.fault(key.line, text);
        }
    }
    for language in Language::ALL {
        let Some(written) = voice.text(language.code()) else { continue };
        let name = written.value.trim();
        let fits = (1..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            voices.insert(language, name.to_owned());
        } else {
            voice.fault(written.line, "a voice is a provider's name, like \"Polly.Laura-Neural\"");
        }
    }
    voice.finish();
    voices
}
