//! Everything that is kept about somebody, to read, to print and to take along.

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::myself;
use crate::domain::ServiceId;
use crate::privacy::{Block, own_data};
use crate::web::fault::Answer;
use crate::web::portal::{Layout, Me, Section, show};
use crate::web::{App, say};

#[derive(Template)]
#[template(path = "portal/templates/data.html")]
struct DataPage {
    layout: Layout,
    blocks: Vec<Block>,
}

/// As a page.
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    let phone = myself(&app, me.id).await?.known.phone;
    let number = phone.clone();
    let known = app.exchange.store().read(move |tx| tx.everything_about(&number)).await?;
    let language = me.visitor.language;
    let called = |what: &str, id: &str| match what {
        "service" => Some(say::service(&app, &ServiceId::parse(id).ok()?, language)),
        _ => Some(app.exchange.context().line(id)?.name.clone()),
    };
    let paper = own_data::paper(&phone, &known, &called, app.exchange.now(), language);
    show(&DataPage { layout: me.layout(Section::Mine, &paper.title), blocks: paper.blocks })
}

/// As a file for another computer.
pub(in crate::web::portal) async fn json(State(app): State<App>, me: Me) -> Answer {
    let phone = myself(&app, me.id).await?.known.phone;
    let number = phone.clone();
    let known = app.exchange.store().read(move |tx| tx.everything_about(&number)).await?;
    let data = own_data::json(&phone, &known, app.exchange.now());
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mijn-gegevens.json\""),
    ];
    Ok((headers, format!("{data:#}\n")).into_response())
}
