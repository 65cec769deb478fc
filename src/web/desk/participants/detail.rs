//! Somebody who takes part, as a whole. Every look is written down.

use askama::Template;
use axum::extract::{Path, State};

use super::{Told, looked_at, named, path_of, placed, service_name, told};
use crate::dispatch::choose::{PassedOver, Pause};
use crate::dispatch::still_there::WhyAsked;
use crate::domain::hours::{DayInWords, week_in_words};
use crate::domain::{Deed, Language, ParticipantId, Timestamp, calendar, week_plan};
use crate::store::{ConsentSeen, Person, Standing};
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::{show, show_typed};
use crate::web::desk::signed_in::SignedIn;
use crate::web::typed::Typed;
use crate::web::{App, say};

#[derive(Template)]
#[template(path = "desk/templates/participant.html")]
struct DetailPage {
    layout: Layout,
    typed: Typed,
    path: String,
    phone: String,
    shown: bool,
    place: String,
    /// Where else they do something, and what.
    elsewhere: Vec<String>,
    standing: Told,
    state: Standing,
    pause: Option<String>,
    resting: Option<String>,
    /// Why they rest until it is known whether they still take part, and when they are asked.
    rests: Option<String>,
    /// What they like to do, and why they are not rung for it yet.
    services: Vec<(String, Vec<String>)>,
    languages: String,
    distance: String,
    per_day: u32,
    per_week: u32,
    /// The same every week, in one sentence; else the seven days from today on.
    every_week: Option<String>,
    week: Vec<DayInWords>,
    asked_28_days: u32,
    last_asked: Option<String>,
    rings: u32,
    picked_up: u32,
    answered: u32,
    yeses: u32,
    consents: Vec<String>,
    known_since: String,
}

/// Somebody as a whole, their number masked.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let person = looked_at(&app, &you, ParticipantId(id), Deed::ParticipantSeen).await?;
    show(&detail(&app, &you, person, false, Typed::default()).await?)
}

/// The same page with the number on it, this once.
pub(in crate::web::desk) async fn show_number(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let person = looked_at(&app, &you, ParticipantId(id), Deed::NumberShown).await?;
    show(&detail(&app, &you, person, true, Typed::default()).await?)
}

/// The same page with a form of it that could not be taken.
pub(super) async fn refused(app: &App, you: &SignedIn, id: ParticipantId, typed: Typed) -> Answer {
    let person = looked_at(app, you, id, Deed::ParticipantSeen).await?;
    let page = detail(app, you, person, false, typed).await?;
    show_typed(&page, &page.typed)
}

async fn detail(
    app: &App,
    you: &SignedIn,
    person: Person,
    shown: bool,
    typed: Typed,
) -> Result<DetailPage, Fault> {
    let (language, now, id) = (you.language, app.exchange.now(), person.row.id);
    let both = app.exchange.store().read(move |tx| {
        let both = (tx.admissions(id)?, tx.offers_with_limits(id)?);
        Ok(both)
    });
    let (admissions, offers) = both.await?;
    let others: Vec<_> = person.known.elsewhere.iter().map(|other| other.postcode).collect();
    let places = app.exchange.store().read(move |tx| tx.places_of(&others)).await?;
    let flows = app.exchange.context().flows.current();
    let catalogue = flows.catalogue();
    let name = named(&person.row.name, language);
    let language_name = |spoken: &Language| match (spoken, language) {
        (Language::Nl, Language::Nl) => "Nederlands",
        (Language::En, Language::Nl) => "Engels",
        (Language::Nl, Language::En) => "Dutch",
        (Language::En, Language::En) => "English",
    };
    let languages: Vec<_> = person.known.languages.iter().map(language_name).collect();
    let liked = person.row.services.iter().map(|id| {
        let lacks = admissions.of(id).lacks(catalogue.conditions(id), now);
        let lacks = lacks.map(|why| why.in_words(language)).collect();
        let inside = offers.iter().any(|offer| offer.service == *id && offer.inside);
        (say::asked(app, id, inside && catalogue.goes_inside(id), language), lacks)
    });
    let elsewhere = person.known.elsewhere.iter().map(|other| {
        let place = places.iter().find(|place| place.postcode == other.postcode);
        let services = other.services.iter().map(|id| service_name(catalogue, id, language));
        let services: Vec<String> = services.collect();
        let place = say::place(other.postcode, place.map(|place| place.spoken()));
        format!("{place}: {}", services.join(", "))
    });
    let elsewhere = elsewhere.collect();
    Ok(DetailPage {
        layout: you.layout(Section::Participants, &name).with(&typed, &path_of(id)),
        path: path_of(person.row.id),
        phone: match shown {
            true => person.row.phone.in_full(),
            false => person.row.phone.to_string(),
        },
        shown,
        place: placed(&person.row),
        elsewhere,
        standing: told(person.row.standing, language),
        state: person.row.standing,
        pause: person
            .pause
            .filter(|_| person.row.standing == Standing::Paused)
            .map(|pause| paused(pause, language)),
        resting: person.rest_until.map(|until| moment(until, language)),
        rests: person.rests.map(|why| rests(why, person.asked_then, language)),
        services: liked.collect(),
        languages: languages.join(", "),
        distance: distance(person.known.min_m, person.known.max_m, language),
        per_day: person.known.max_per_day,
        per_week: person.known.max_per_week,
        every_week: (person.known.hours.week().is_some())
            .then(|| week_plan::in_words(&person.known.hours, language)),
        week: week_in_words(&person.known.hours, now, language),
        asked_28_days: person.asked_28_days,
        last_asked: person.last_asked.map(|at| moment(at, language)),
        rings: person.rings,
        picked_up: person.picked_up,
        answered: person.answered,
        yeses: person.yeses,
        consents: person.consents.iter().map(|consent| agreed(consent, language)).collect(),
        known_since: day(person.known_since, language),
        typed,
    })
}

fn paused(pause: Pause, language: Language) -> String {
    match (pause, language) {
        (Pause::Until(end), Language::Nl) => format!("tot {}", moment(end, language)),
        (Pause::Until(end), Language::En) => format!("until {}", moment(end, language)),
        (Pause::UntilTheyCall, Language::Nl) => "tot zij zelf bellen".to_owned(),
        (Pause::UntilTheyCall, Language::En) => "until they call".to_owned(),
        (Pause::StopNotConfirmed, Language::Nl) => {
            "vroeg om te stoppen, nog niet bevestigd; wordt niet gebeld".to_owned()
        }
        (Pause::StopNotConfirmed, Language::En) => {
            "asked to stop, not confirmed; is not rung".to_owned()
        }
    }
}

fn rests(why: WhyAsked, asked_then: Option<Timestamp>, language: Language) -> String {
    let passed_over = match why {
        WhyAsked::Unanswered => PassedOver::NeverAnswers,
        WhyAsked::Silent => PassedOver::Silent,
    };
    let why = passed_over.in_words(language);
    match (asked_then.map(|at| day(at, language)), language) {
        (None, _) => format!("{why}."),
        (Some(day), Language::Nl) => format!("{why}. De centrale vraagt het vanaf {day}."),
        (Some(day), Language::En) => format!("{why}. The exchange asks from {day} on."),
    }
}

fn distance(min_m: u32, max_m: u32, language: Language) -> String {
    let metres = |metres: u32| match metres {
        short if short < 1000 => format!("{short} m"),
        far => {
            let km = format!("{:.1}", f64::from(far) / 1000.0);
            let km = km.strip_suffix(".0").unwrap_or(&km).to_owned();
            format!("{} km", language.pick(km.replace('.', ","), km))
        }
    };
    match (min_m, language) {
        (0, Language::Nl) => format!("tot {}", metres(max_m)),
        (0, Language::En) => format!("up to {}", metres(max_m)),
        (_, Language::Nl) => format!("van {} tot {}", metres(min_m), metres(max_m)),
        (_, Language::En) => format!("from {} to {}", metres(min_m), metres(max_m)),
    }
}

fn agreed(consent: &ConsentSeen, language: Language) -> String {
    let nl = language == Language::Nl;
    let how = match (consent.channel.as_str(), nl) {
        ("phone", true) => "per telefoon",
        ("web", true) => "op de website",
        ("desk", true) => "bij het loket",
        ("paper", true) => "op papier",
        ("phone", false) => "by telephone",
        ("web", false) => "on the website",
        ("desk", false) => "at the desk",
        _ => "on paper",
    };
    let mut told = match nl {
        true => format!("Toestemming {how} op {}", day(consent.given_at, language)),
        false => format!("Agreed {how} on {}", day(consent.given_at, language)),
    };
    if let Some(at) = consent.verified_at {
        let word =
            if nl { "bevestigd op eigen telefoon op" } else { "verified on their telephone on" };
        told += &format!(", {word} {}", day(at, language));
    }
    if let Some(at) = consent.withdrawn_at {
        let word = if nl { "ingetrokken op" } else { "withdrawn on" };
        told += &format!(", {word} {}", day(at, language));
    }
    told + "."
}

/// `24 november 2026`
pub(super) fn day(at: Timestamp, language: Language) -> String {
    use chrono::Datelike;
    let date = at.wall_clock().date();
    let month = calendar::month(at.wall_clock(), language);
    format!("{} {month} {}", date.day(), date.year())
}

/// `24 november 2026, 10:00`
fn moment(at: Timestamp, language: Language) -> String {
    format!("{}, {}", day(at, language), at.wall_clock().format("%H:%M"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_as_people_read_them() {
        assert_eq!(distance(0, 5_000, Language::Nl), "tot 5 km");
        assert_eq!(distance(500, 2_500, Language::Nl), "van 500 m tot 2,5 km");
        assert_eq!(distance(500, 2_500, Language::En), "from 500 m to 2.5 km");
    }
}
