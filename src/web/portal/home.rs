//! The first page: what this is, the number in large type, how it works.

use askama::Template;
use axum::extract::State;

use super::{Layout, Section, Visitor, show};
use crate::domain::{Language, Line, Postcode, week_plan};
use crate::store::Place;
use crate::web::fault::Answer;
use crate::web::{App, say};

#[derive(Template)]
#[template(path = "portal/templates/home.html")]
struct HomePage {
    layout: Layout,
    lines: Vec<LineTold>,
}

/// A line, in words.
struct LineTold {
    name: String,
    /// The number as people write it, and as a telephone reads it.
    number: String,
    link: String,
    places: Vec<String>,
    services: String,
    /// When somebody of the desk is there; none when nobody ever is.
    desk: Option<String>,
}

/// What anybody sees first.
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Answer {
    let lines = &app.exchange.context().lines;
    let areas: Vec<Postcode> = lines.iter().flat_map(|line| line.area.clone()).collect();
    let places = app.exchange.store().read(move |tx| tx.places_of(&areas)).await?;
    let title = visitor
        .say("Iets vragen aan een buur? Bel gerust.", "Anything to ask a neighbour? Just ring.");
    show(&HomePage {
        layout: visitor.layout(Section::Home, title),
        lines: lines.iter().map(|line| told(&app, line, &places, visitor.language)).collect(),
    })
}

fn told(app: &App, line: &Line, places: &[Place], language: Language) -> LineTold {
    let services: Vec<String> =
        line.services.iter().map(|id| say::service(app, id, language)).collect();
    let here = places.iter().filter(|place| line.area.contains(&place.postcode));
    let mut names: Vec<String> = here.map(|place| place.spoken().to_owned()).collect();
    names.sort_unstable();
    names.dedup();
    LineTold {
        name: line.name.clone(),
        number: line.number.in_full(),
        link: format!("tel:{}", line.number.e164()),
        places: names,
        services: week_plan::list(&services, language),
        desk: (!line.desk.is_empty()).then(|| week_plan::in_words(&line.office_hours, language)),
    }
}
