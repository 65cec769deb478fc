//! `/loket/toelating`: who waits for the desk before being rung for a service, and whose certificate
//! runs out soon.

use std::time::Duration;

use askama::Template;
use axum::extract::State;

use super::detail::day;
use super::{named, path_of, placed, service_name, whose};
use crate::domain::{ServiceId, Timestamp};
use crate::store::{Standing, ToAdmit};
use crate::web::App;
use crate::web::desk::fault::Answer;
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::show;
use crate::web::desk::signed_in::SignedIn;

/// A certificate that runs out within so long is on the list.
const SOON: Duration = Duration::from_secs(60 * 24 * 3600);
/// Most lines under one heading; the rest comes up when these are done.
const MOST: usize = 200;

#[derive(Template)]
#[template(path = "desk/templates/to_admit.html")]
struct ToAdmitPage {
    layout: Layout,
    /// Services that have conditions, by name; none: there is nothing to do here.
    services: Vec<String>,
    waiting: Vec<Line>,
    more_waiting: usize,
    running_out: Vec<Line>,
}

/// Somebody and a service, in words.
struct Line {
    path: String,
    name: String,
    place: String,
    service: String,
    told: Vec<String>,
}

/// What waits, by name; what runs out, the first one on top.
pub(in crate::web::desk) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    let (whose, now, language) = (whose(&app, &you), app.exchange.now(), you.language);
    let flows = app.exchange.context().flows.current();
    let catalogue = flows.catalogue();
    let asked: Vec<ServiceId> =
        catalogue.ids().filter(|id| catalogue.conditions(id).any()).cloned().collect();
    let services = asked.iter().map(|id| service_name(catalogue, id, language)).collect();
    let found = app.exchange.store().read(move |tx| tx.to_admit(&whose, &asked, now)).await?;
    let line = |found: &ToAdmit, told| Line {
        path: format!("{}/toelating", path_of(found.person.id)),
        name: named(&found.person.name, language),
        place: placed(&found.person),
        service: service_name(catalogue, &found.service, language),
        told,
    };
    let mut waiting = Vec::new();
    let mut running_out: Vec<(Timestamp, Line)> = Vec::new();
    for found in &found {
        if !matches!(found.person.standing, Standing::TakesPart | Standing::Paused) {
            continue;
        }
        let conditions = catalogue.conditions(&found.service);
        let lacks: Vec<String> =
            found.known.lacks(conditions, now).map(|why| why.in_words(language)).collect();
        if let Some(then) = found.known.runs_out(conditions, now, SOON) {
            let last = day(Timestamp(then.0 - 1), language);
            running_out.push((then, line(found, vec![last])));
        }
        if !lacks.is_empty() {
            waiting.push(line(found, lacks));
        }
    }
    running_out.sort_by_key(|(then, _)| *then);
    let more_waiting = waiting.len().saturating_sub(MOST);
    waiting.truncate(MOST);
    show(&ToAdmitPage {
        layout: you.layout(Section::Participants, you.say("Toelating", "Approval")),
        services,
        waiting,
        more_waiting,
        running_out: running_out.into_iter().map(|(_, line)| line).take(MOST).collect(),
    })
}
