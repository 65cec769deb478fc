//! `/loket/aanbod`: how many people could be rung for what, where and when, so that gaps are seen; and
//! who takes part and is never asked, with the reasons.

use std::collections::BTreeMap;
use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::detail::day;
use super::{Choice, named, path_of, placed, service_name, whose};
use crate::domain::{DayPart, Language, Line, Postcode, Role, ServiceId};
use crate::report::conceal::{self, SMALLEST, Shown};
use crate::report::words;
use crate::store::{Quiet, StoreError, Supply};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::show;
use crate::web::desk::signed_in::SignedIn;

/// A quarter: thirteen weeks.
const QUARTER: Duration = Duration::from_secs(13 * 7 * 24 * 3600);
/// Most people on the list, those who wait longest.
const MOST: u32 = 100;

/// `?lijn=31700002586`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::desk) struct Wanted {
    lijn: String,
}

#[derive(Template)]
#[template(path = "desk/templates/supply.html")]
struct SupplyPage {
    layout: Layout,
    lines: Vec<Choice>,
    parts: Vec<&'static str>,
    services: Vec<Row>,
    places: Vec<String>,
    by_place: Vec<Row>,
    /// How many rest until it is known whether they still take part, by why.
    resting: [String; 2],
    unasked: Vec<Unasked>,
}

/// A service with its counts in words, and whether each is a gap.
struct Row {
    name: String,
    people: String,
    cells: Vec<(String, bool)>,
}

/// Somebody who was not asked.
struct Unasked {
    path: String,
    name: String,
    place: String,
    since: String,
    why: String,
}

/// What is offered around a line, and who is never asked.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let theirs: Vec<&Line> =
        app.exchange.context().lines.iter().filter(|line| !area(&you, line).is_empty()).collect();
    let chosen = match wanted.lijn.as_str() {
        "" => theirs.first(),
        number => theirs.iter().find(|line| line.number.e164().trim_start_matches('+') == number),
    };
    let line = (*chosen.ok_or(Fault::NotHere)?).clone();
    let (whose, now, language) = (whose(&app, &you), app.exchange.now(), you.language);
    let area = area(&you, &line);
    let flows = app.exchange.context().flows.current();
    let (lines, numbering) =
        (app.exchange.context().lines.clone(), app.exchange.context().numbering);
    let (asked, read_line) = (flows.clone(), line.clone());
    let found = app.exchange.store().read(move |tx| {
        let conditions = |id: &ServiceId| asked.catalogue().conditions(id);
        let quiet = Quiet {
            from: now - QUARTER,
            until: now,
            now,
            lines: &lines,
            conditions: &conditions,
            numbering,
        };
        let supply = tx.supply(&read_line, &area, &conditions, numbering, now)?;
        let (unasked, resting) = (tx.never_asked(&whose, &quiet, MOST)?, tx.resting(&area)?);
        Ok::<_, StoreError>((supply, unasked, resting, tx.places()?))
    });
    let (supply, unasked, resting, places) = found.await?;
    let place_name = |postcode: Postcode| {
        let known = places.iter().find(|place| place.postcode == postcode);
        crate::web::say::place(postcode, known.map(|place| place.spoken()))
    };
    let around: Vec<Postcode> = area_of(&supply);
    let service = |id: &ServiceId| service_name(flows.catalogue(), id, language);
    let unasked = unasked.into_iter().map(|one| Unasked {
        path: path_of(one.person.id),
        name: named(&one.person.name, language),
        place: placed(&one.person),
        since: day(one.since, language),
        why: one.why.in_words(language),
    });
    show(&SupplyPage {
        layout: you.layout(
            Section::Participants,
            you.say("Wie doet wat, waar en wanneer", "Who does what, where and when"),
        ),
        lines: theirs.iter().map(|one| choice(one, &line)).collect(),
        parts: DayPart::ALL.map(|part| part_name(part, language)).into(),
        services: supply.iter().map(|(id, row)| by_part(service(id), row, language)).collect(),
        places: around.iter().map(|place| place_name(*place)).collect(),
        by_place: supply
            .iter()
            .map(|(id, row)| by_place(service(id), row, &around, language))
            .collect(),
        resting: [resting.unanswered, resting.silent].map(|n| words::shown(alone(n), language)),
        unasked: unasked.collect(),
    })
}

fn choice(line: &Line, chosen: &Line) -> Choice {
    Choice {
        value: "",
        id: line.number.e164().trim_start_matches('+').to_owned(),
        name: line.name.clone(),
        chosen: line.number == chosen.number,
    }
}

/// The part of a line's area that somebody at the desk looks after.
fn area(you: &SignedIn, line: &Line) -> Vec<Postcode> {
    let operator = &you.operator;
    let seen = |place: &&Postcode| match operator.role {
        Role::Coordinator => operator.areas.contains(place),
        Role::Operator | Role::Administrator => operator.sees(&line.number, Some(**place)),
    };
    line.area.iter().filter(seen).copied().collect()
}

/// Places where anybody does anything, in their order.
fn area_of(supply: &BTreeMap<ServiceId, Supply>) -> Vec<Postcode> {
    let mut places: Vec<Postcode> =
        supply.values().flat_map(|row| row.by_place.keys().copied()).collect();
    places.sort_unstable();
    places.dedup();
    places
}

/// The same people may stand in several parts of the day: no sum gives a small number away.
fn by_part(name: String, row: &Supply, language: Language) -> Row {
    let cells =
        row.by_part.iter().map(|people| (words::shown(alone(*people), language), *people == 0));
    Row { name, people: words::shown(alone(row.people), language), cells: cells.collect() }
}

/// Places add up to the people of a service: what would give a small number away goes with it.
fn by_place(name: String, row: &Supply, around: &[Postcode], language: Language) -> Row {
    let listed = conceal::list(&row.by_place, |_| None);
    let cells = around.iter().map(|place| {
        let people = row.by_place.get(place).copied().unwrap_or(0);
        let shown = match &listed {
            _ if people == 0 && row.people == 0 => Shown::Count(0),
            None => Shown::Hidden,
            Some(listed) => listed.get(place).copied().unwrap_or(Shown::Count(0)),
        };
        (words::shown(shown, language), shown == Shown::Count(0))
    });
    Row { name, people: words::shown(alone(row.people), language), cells: cells.collect() }
}

/// A count by itself: nought is about nobody.
fn alone(people: u64) -> Shown {
    if (1..SMALLEST).contains(&people) { Shown::Hidden } else { Shown::Count(people) }
}

fn part_name(part: DayPart, language: Language) -> &'static str {
    let (nl, en) = match part {
        DayPart::WeekdayMorning => ("week, ochtend", "weekday morning"),
        DayPart::WeekdayAfternoon => ("week, middag", "weekday afternoon"),
        DayPart::WeekdayEvening => ("week, avond", "weekday evening"),
        DayPart::WeekendMorning => ("weekend, ochtend", "weekend morning"),
        DayPart::WeekendAfternoon => ("weekend, middag", "weekend afternoon"),
        DayPart::WeekendEvening => ("weekend, avond", "weekend evening"),
    };
    language.pick(nl, en)
}
