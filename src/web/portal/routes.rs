//! Every address of the public pages and of `/mijn`, in one table.
//!
//! **To add a page**: write a handler in a module of its own beside this one, and its line here.
//!
//! ```text
//! get("/vragen", Access::Anybody, ask::page),
//! post("/mijn/prikbord/{id}/doen", Access::Participant, board::will_do),
//!
//! async fn page(State(app): State<App>, visitor: Visitor) -> Answer {
//!     let title = visitor.say("Vraag het een buur", "Ask a neighbour");
//!     show(&AskPage { layout: visitor.layout(Section::Ask, title), ... })
//! }
//!
//! async fn will_do(State(app): State<App>, me: Me, Path(id): Path<i64>) -> Answer {
//!     // ... one transaction for me.id
//!     Ok(me.done("/mijn/prikbord", me.say("Wij bellen u zo.", "We ring you in a moment.")))
//! }
//! ```
//!
//! The page's template begins with `{% extends "portal/templates/layout.html" %}`, has a block `main`,
//! writes `{{ layout.say("Nederlands", "English") }}`, and in every form of somebody who is logged in
//! `{{ layout.key()|safe }}`. A page of the navigation ([`Section`](super::Section)) shows itself there
//! and on `/` as soon as its address is in the table. A test walks the table.

use std::sync::LazyLock;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::any;

use super::guard::{Guarded, guard};
use super::route::Access;
use super::{ask, assets, board, home, join, log_in, log_out, mine, page, switch};
use crate::web::App;
use crate::web::route::{Route, get, post};

fn table() -> Vec<Route<Access>> {
    vec![
        // The shell.
        get("/portal.css", Access::Anybody, assets::style),
        get("/taal/{code}", Access::Anybody, switch::language),
        // Anybody.
        get("/", Access::Anybody, home::page),
        get("/meedoen", Access::Anybody, join::page),
        post("/meedoen", Access::Anybody, join::join),
        // Logging in.
        get("/mijn/inloggen", Access::Anybody, log_in::page),
        post("/mijn/inloggen", Access::Anybody, log_in::ask),
        get("/mijn/inloggen/code", Access::Anybody, log_in::code_page),
        post("/mijn/inloggen/code", Access::Anybody, log_in::code),
        get("/vragen", Access::Anybody, ask::what),
        post("/vragen", Access::Anybody, ask::send),
        get("/vragen/waar", Access::Anybody, ask::place),
        get("/vragen/nummer", Access::Anybody, ask::number),
        get("/vragen/{link}", Access::Anybody, ask::state),
        post("/vragen/{link}/niet-meer-nodig", Access::Anybody, ask::no_longer),
        // Those who take part.
        get("/mijn", Access::Participant, mine::page),
        get("/mijn/prikbord", Access::Participant, board::page),
        post("/mijn/prikbord/vraag/{request}", Access::Participant, board::will_do),
        post("/mijn/prikbord/vraag/{request}/melden", Access::Participant, board::report_request),
        post("/mijn/prikbord/aanbod/{offer}/melden", Access::Participant, board::report_offer),
        post("/mijn/prikbord/aanbod", Access::Participant, board::offers),
        post("/mijn/prikbord/aanbod/{offer}", Access::Participant, board::takes_up),
        post("/mijn/prikbord/aanbod/{offer}/weg", Access::Participant, board::takes_back),
        get("/mijn/aanbod", Access::Participant, mine::offers_page),
        post("/mijn/aanbod", Access::Participant, mine::set_offers),
        get("/mijn/plekken", Access::Participant, mine::places_page),
        post("/mijn/plekken", Access::Participant, mine::set_places),
        post("/mijn/plekken/erbij", Access::Participant, mine::add_place),
        post("/mijn/plekken/{postcode}/weg", Access::Participant, mine::remove_place),
        get("/mijn/tijden", Access::Participant, mine::hours_page),
        post("/mijn/tijden", Access::Participant, mine::set_hours),
        get("/mijn/mij", Access::Participant, mine::about_me_page),
        post("/mijn/mij", Access::Participant, mine::set_about_me),
        get("/mijn/pauze", Access::Participant, mine::pause_page),
        post("/mijn/pauze", Access::Participant, mine::begin_pause),
        post("/mijn/pauze/einde", Access::Participant, mine::end_pause),
        get("/mijn/geschiedenis", Access::Participant, mine::history_page),
        post("/mijn/geschiedenis/{ring}/niet-meer", Access::Participant, mine::keep_apart),
        post("/mijn/geschiedenis/{ring}/toch-weer", Access::Participant, mine::together_again),
        get("/mijn/nummer", Access::Participant, mine::number_page),
        post("/mijn/nummer", Access::Participant, mine::ask_number),
        get("/mijn/nummer/code", Access::Participant, mine::number_code_page),
        post("/mijn/nummer/code", Access::Participant, mine::number_code),
        get("/mijn/gegevens", Access::Participant, mine::data_page),
        get("/mijn/gegevens.json", Access::Participant, mine::data_json),
        get("/mijn/stoppen", Access::Participant, mine::stop_page),
        post("/mijn/stoppen", Access::Participant, mine::stop),
        post("/mijn/uitloggen", Access::Participant, log_out::log_out),
    ]
}

/// Method, path and access of every line, for navigation and tests.
pub(super) static KNOWN: LazyLock<Vec<(Method, &'static str, Access)>> = LazyLock::new(|| {
    table().into_iter().map(|route| (route.method, route.path, route.access)).collect()
});

/// The table as a router: each handler behind a guard that knows what it needs.
pub(super) fn router(app: &App) -> Router<App> {
    let behind = |access| from_fn_with_state(Guarded { app: app.clone(), access }, guard);
    let known = table().into_iter().fold(Router::new(), |router, route| {
        router.route(route.path, route.handler.layer(behind(route.access)))
    });
    known
        .method_not_allowed_fallback(page::nowhere.layer(behind(Access::Anybody)))
        .route("/mijn/", any(page::to_mine))
        .route("/mijn/{*rest}", any(page::nowhere).layer(behind(Access::Anybody)))
}
