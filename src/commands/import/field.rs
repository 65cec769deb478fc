//! Single fields: text in, a value of the trade or one clause of advice out. The advice never
//! repeats the text.

use crate::domain::{Language, MOST_OTHER_PLACES, OtherPlace, Postcode, ServiceId, Timestamp};

/// Farthest distance that can be given.
const MAX_KM: f64 = 100.0;

/// Characters of a person's or a place's name at most.
pub(super) const NAME_LENGTH: usize = 60;

/// A name that is shown to the desk or spoken: trimmed, runs of spaces made one.
pub(super) fn name(text: &str) -> Result<String, String> {
    let name = text.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err("is missing".into());
    }
    if name.chars().count() > NAME_LENGTH {
        return Err(format!("longer than {NAME_LENGTH} characters"));
    }
    let unfit = |c: char| c.is_control() || is_invisible(c) || "<>{}[]|\\\"".contains(c);
    if name.chars().any(unfit) {
        return Err("holds a line break, markup or a character that cannot be seen".into());
    }
    if name.starts_with(['=', '+', '-', '@']) {
        return Err("begins with a sign that a spreadsheet program would calculate with".into());
    }
    if !name.chars().any(char::is_alphabetic) {
        return Err("holds no letter".into());
    }
    Ok(name)
}

/// Line separators and marks that change the direction of text: they can make one name look like
/// another.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The parts of a list, without empty ones; `;` between them.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(';').map(str::trim).filter(|part| !part.is_empty())
}

/// Ids of the catalogue, in its order; none means that nothing is offered.
pub(super) fn services(text: &str, catalogue: &[ServiceId]) -> Result<Vec<ServiceId>, String> {
    let asked: Vec<&str> = list(text).collect();
    for (at, id) in asked.iter().enumerate() {
        if !catalogue.iter().any(|known| known.as_str() == *id) {
            let known: Vec<&str> = catalogue.iter().map(ServiceId::as_str).collect();
            return Err(format!(
                "number {} is not a service of the catalogue; known are {}",
                at + 1,
                known.join(", ")
            ));
        }
    }
    Ok(catalogue.iter().filter(|known| asked.contains(&known.as_str())).cloned().collect())
}

/// Places beside home, by postcode: `2516 groceries dog; 2521`. A place without services is for all
/// that is done at home.
pub(super) fn other_places(
    text: &str,
    home: Postcode,
    at_home: &[ServiceId],
    catalogue: &[ServiceId],
) -> Result<Vec<OtherPlace>, String> {
    let mut places: Vec<OtherPlace> = Vec::new();
    for (at, place) in list(text).enumerate() {
        let which = format!("number {}", at + 1);
        let (postcode, done) = place.split_once(' ').unwrap_or((place, ""));
        let postcode = Postcode::parse(postcode).map_err(|why| format!("{which}: {why}"))?;
        if postcode == home || places.iter().any(|known| known.postcode == postcode) {
            return Err(format!("{which} is home, or stands there twice"));
        }
        let done = done.split_whitespace().collect::<Vec<_>>().join(";");
        let services = match done.as_str() {
            "" => at_home.to_vec(),
            done => services(done, catalogue).map_err(|why| format!("{which}: {why}"))?,
        };
        if services.is_empty() {
            return Err(format!("{which}: nothing is done there, nor at home"));
        }
        places.push(OtherPlace { postcode, services });
    }
    if places.len() > MOST_OTHER_PLACES {
        return Err(format!("at most {MOST_OTHER_PLACES}"));
    }
    places.sort_by_key(|place| place.postcode);
    Ok(places)
}

/// Languages in the order given; Dutch when there are none.
pub(super) fn languages(text: &str) -> Result<Vec<Language>, String> {
    let mut spoken = Vec::new();
    for code in list(text) {
        let language = Language::parse(code).ok_or("write nl, en or \"nl;en\"")?;
        if !spoken.contains(&language) {
            spoken.push(language);
        }
    }
    Ok(if spoken.is_empty() { vec![Language::default()] } else { spoken })
}

/// Kilometres to metres; a decimal point or comma.
pub(super) fn metres(text: &str, default: u32) -> Result<u32, String> {
    if text.is_empty() {
        return Ok(default);
    }
    let advice = || format!("write kilometres from 0 to {MAX_KM}, for example 2 or 0.5");
    if !text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')) {
        return Err(advice());
    }
    let km: f64 = text.replace(',', ".").parse().map_err(|_| advice())?;
    if !(0.0..=MAX_KM).contains(&km) {
        return Err(advice());
    }
    // In range, so at most 100,000.
    Ok((km * 1_000.0).round() as u32)
}

/// Most rings in a period, 1 to `most`.
pub(super) fn cap(text: &str, default: u32, most: u32) -> Result<u32, String> {
    if text.is_empty() {
        return Ok(default);
    }
    let whole = text.parse::<u32>().ok().filter(|n| (1..=most).contains(n));
    whole.ok_or_else(|| format!("write a whole number from 1 to {most}"))
}

/// A moment in the past, from the year 2000 on; `None` when the field is empty.
pub(super) fn past(text: &str, now: Timestamp) -> Result<Option<Timestamp>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let at = Timestamp::parse(text)
        .ok_or("write a date like 2026-04-27, or a time like 2026-04-27T10:00:00+02:00")?;
    if at > now {
        return Err("lies in the future");
    }
    if Timestamp::parse("2000-01-01").is_some_and(|start| at < start) {
        return Err("lies before the year 2000");
    }
    Ok(Some(at))
}

/// Degrees within `range`.
pub(super) fn degrees(text: &str, range: std::ops::RangeInclusive<f64>) -> Result<f64, String> {
    let written_plainly =
        text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'-'));
    let value = text.replace(',', ".").parse::<f64>().ok();
    value.filter(|degrees| written_plainly && range.contains(degrees)).ok_or_else(|| {
        format!(
            "write degrees from {} to {}, as they are in the Netherlands",
            range.start(),
            range.end()
        )
    })
}
