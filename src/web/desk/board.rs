//! `/loket`: every call and every search that is going on, as it happens, and what the desk can do
//! about it.
//!
//! One reading serves all consoles ([`shared`]); a row is written once for each language and sent in
//! parts, only those that changed. Which rows somebody gets is [`Operator::sees`](crate::domain::Operator::sees).
//! No rule about ringing is here: an order goes to the exchange, which says what came of it.

mod acts;
mod asked;
mod choice;
mod events;
mod row;
mod seat;
mod shared;
mod state;
mod summary;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use super::fault::Answer;
use super::layout::{Layout, Section};
use super::page::show_typed;
use super::signed_in::SignedIn;
use crate::domain::Right;
use crate::web::App;
use crate::web::typed::Typed;
use row::Around;
use seat::{Seat, seat_of};
use shared::Written;
use summary::Summary;

pub(super) use acts::{give_up, ring_next, say, skip, take_over};
pub(super) use choice::page as choice;
pub(super) use events::events;
pub(super) use row::first_name;
pub(super) use seat::seat;
pub use shared::Board;

#[derive(Template)]
#[template(path = "desk/templates/board/page.html")]
struct BoardPage {
    layout: Layout,
    typed: Typed,
    summary: String,
    /// Each row, whole.
    rows: Vec<String>,
    /// Milliseconds of this moment: browsers count from it.
    now: i64,
    /// The telephone at which they take calls; none for those who take none over.
    seat: Option<Seat>,
}

/// The board.
pub(super) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    shown(&app, &you, Typed::default()).await
}

async fn shown(app: &App, you: &SignedIn, typed: Typed) -> Answer {
    let snapshot = app.board.now().await?;
    let rows = snapshot.rows.iter().filter(|row| you.operator.sees(&row.line, row.postcode));
    let rows = rows.map(|row| whole(app, you, row).map(|html| served(&html, &snapshot, you)));
    let rows = rows.collect::<Result<_, _>>()?;
    let summary = Summary::of(&snapshot, &app.exchange, &you.operator, you.language).render()?;
    let seat = if steers(you) { Some(seat_of(app, you).await?) } else { None };
    let layout = you.layout(Section::Now, you.say("Nu bezig", "Now"));
    let events = format!("/loket/nu/gebeurtenissen?na={}-{}", snapshot.epoch, snapshot.number);
    let page = BoardPage {
        layout: layout.live(events).with(&typed, "/loket"),
        summary,
        rows,
        now: snapshot.now.0,
        seat,
        typed,
    };
    show_typed(&page, &page.typed)
}

/// A row for whoever reads it; what differs between readers is still to be filled in.
fn whole(app: &App, you: &SignedIn, row: &Written) -> Result<String, askama::Error> {
    let context = app.exchange.context();
    let flows = context.flows.current();
    let (lines, catalogue) = (&context.lines[..], flows.catalogue());
    let around = Around { lines, catalogue, language: you.language };
    row::whole(&row.id, row.parts(you.language), steers(you), around)
}

fn served(html: &str, snapshot: &shared::Snapshot, you: &SignedIn) -> String {
    row::served(html, snapshot.now, &you.csrf)
}

fn steers(you: &SignedIn) -> bool {
    you.operator.role.may(Right::SteerCalls)
}

/// Seconds that go by, and the sound of a new call.
pub(super) async fn script() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, super::page::FOR_A_WHILE], include_str!("assets/board.js"))
}
