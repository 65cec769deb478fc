//! Words that several pages need: moments, services, places, numbers.

use chrono::Datelike;

use crate::domain::{Language, Phone, Postcode, ServiceId, Timestamp, calendar};
use crate::web::App;

/// A moment as it is said on a page: `vandaag 10:00`, `morgen 9:00`, `ma 30 nov 10:00`.
pub(super) fn when(now: Timestamp, at: Timestamp, language: Language) -> String {
    let (today, wall) = (now.wall_clock(), at.wall_clock());
    let time = wall.format("%-H:%M");
    let near = match (wall.date() - today.date()).num_days() {
        -1 => Some(["gisteren", "yesterday"]),
        0 => Some(["vandaag", "today"]),
        1 => Some(["morgen", "tomorrow"]),
        _ => None,
    };
    match near {
        Some(words) => format!("{} {time}", language.one_of(words)),
        None => format!("{} {time}", day(now, at, language)),
    }
}

/// A day: `ma 30 nov`, with the year when it is another one.
pub(super) fn day(now: Timestamp, at: Timestamp, language: Language) -> String {
    let wall = at.wall_clock();
    let weekday = calendar::weekday_short(wall, language);
    let month = calendar::month_short(wall, language);
    let year = match wall.year() == now.wall_clock().year() {
        true => String::new(),
        false => format!(" {}", wall.year()),
    };
    format!("{weekday} {} {month}{year}", wall.day())
}

/// How long something takes or took, in one figure: `2 dagen`, `3 uur`, `5 min`, `40 s`.
pub(super) fn how_long(took: std::time::Duration, language: Language) -> String {
    let seconds = took.as_secs();
    let days = seconds / 86_400;
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} {}", seconds / 3600, language.pick("uur", "hours")),
        _ => format!("{days} {}", language.pick("dagen", "days")),
    }
}

/// What a service is called in the flows of today.
pub(super) fn service(app: &App, service: &ServiceId, language: Language) -> String {
    let flows = app.exchange.context().flows.current();
    let called = flows.catalogue().service(service).map(|s| s.name(language).to_owned());
    called.filter(|name| !name.is_empty()).unwrap_or_else(|| service.to_string())
}

/// What somebody asks: a service, and whether whoever helps is to go inside too.
pub(super) fn asked(app: &App, id: &ServiceId, inside: bool, language: Language) -> String {
    let name = service(app, id, language);
    match inside {
        true => format!("{name}, {}", language.pick("ook mee naar binnen", "inside too")),
        false => name,
    }
}

/// A place, by its number and the name that callers hear.
pub(super) fn place(postcode: Postcode, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{name} ({postcode})"),
        None => postcode.to_string(),
    }
}

/// The name of a line, by its number.
pub(super) fn line_name(app: &App, number: &Phone) -> String {
    let line = app.exchange.context().line(number.e164());
    line.map_or_else(|| number.to_string(), |line| line.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect(text)
    }

    #[test]
    fn moments_are_said_as_people_say_them() {
        let now = at("2026-11-24T16:00:00+01:00");
        for (moment, nl, en) in [
            ("2026-11-24T09:05:00+01:00", "vandaag 9:05", "today 9:05"),
            ("2026-11-25T10:00:00+01:00", "morgen 10:00", "tomorrow 10:00"),
            ("2026-11-23T23:59:00+01:00", "gisteren 23:59", "yesterday 23:59"),
            ("2026-11-30T10:00:00+01:00", "ma 30 nov 10:00", "Mon 30 Nov 10:00"),
            ("2027-01-04T10:00:00+01:00", "ma 4 jan 2027 10:00", "Mon 4 Jan 2027 10:00"),
        ] {
            assert_eq!(when(now, at(moment), Language::Nl), nl);
            assert_eq!(when(now, at(moment), Language::En), en);
        }
    }

    #[test]
    fn how_long_is_one_figure() {
        for (seconds, nl) in [(40, "40 s"), (600, "10 min"), (7_200, "2 uur"), (172_800, "2 dagen")]
        {
            let took = std::time::Duration::from_secs(seconds);
            assert_eq!(how_long(took, Language::Nl), nl);
        }
    }
}
