//! Every address of the desk, in one table.
//!
//! **To add a page**: write a handler in a module of its own beside this one, and its line here.
//!
//! ```text
//! get("/loket/vragen/{id}", Right::WorkOnRequests, requests::page),
//! post("/loket/vragen/{id}/claim", Right::WorkOnRequests, requests::claim),
//!
//! async fn page(State(app): State<App>, you: SignedIn, Path(id): Path<i64>) -> Answer {
//!     let found = app.exchange.store().read(move |tx| tx.request_seen(id)).await?;
//!     let request = found.filter(|it| you.operator.sees(&it.line, it.postcode)).ok_or(Fault::NotHere)?;
//!     show(&RequestPage { layout: you.layout(Section::Requests, you.say("Vraag", "Request")), request })
//! }
//!
//! async fn claim(State(app): State<App>, you: SignedIn, Path(id): Path<i64>, form: Fields) -> Answer {
//!     // ... one transaction that does it, with tx.audit(you.operator.id, Deed::RequestClaimed, ...)
//!     Ok(you.done("/loket/vragen", you.say("U hebt deze vraag.", "This request is yours.")))
//! }
//! ```
//!
//! The page's template begins with `{% extends "desk/templates/layout.html" %}`, has a block `main`,
//! writes `{{ layout.say("Nederlands", "English") }}`, and in every form `{{ layout.key()|safe }}`.
//! The right in the table says who may come; whether *this* request is theirs to see is for the
//! handler to ask. A test walks the table with every role and with nobody.

use std::sync::LazyLock;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::any;

use super::guard::{Guarded, guard};
use super::participants::admission;
use super::route::Access;
use super::{account, administration, board, log_in, log_out, page, participants, reports, switch};
use super::{card, opening, promises, requests};
use crate::domain::Right;
use crate::store::Stage;
use crate::web::App;
use crate::web::route::{Route, get, post};

fn table() -> Vec<Route<Access>> {
    vec![
        // The shell.
        get("/loket/desk.css", Access::Anybody, page::style),
        get("/loket/live.js", Access::Anybody, page::live_script),
        get("/loket/taal/{code}", Access::Anybody, switch::language),
        get("/loket/report.css", Access::Anybody, reports::style),
        // Logging in and out.
        get("/loket/inloggen", Access::Anybody, log_in::page),
        post("/loket/inloggen", Access::Anybody, log_in::log_in),
        get("/loket/inloggen/code", Access::Halfway(Stage::Code), log_in::code_page),
        post("/loket/inloggen/code", Access::Halfway(Stage::Code), log_in::code),
        post("/loket/inloggen/noodcode", Access::Halfway(Stage::Code), log_in::recovery),
        get("/loket/inloggen/tweede-stap", Access::Halfway(Stage::Enrol), log_in::enrol_page),
        post("/loket/inloggen/tweede-stap", Access::Halfway(Stage::Enrol), log_in::enrol),
        get(
            "/loket/inloggen/wachtwoord",
            Access::Halfway(Stage::Password),
            log_in::own_password_page,
        ),
        post("/loket/inloggen/wachtwoord", Access::Halfway(Stage::Password), log_in::choose),
        post("/loket/uitloggen", Right::OwnAccount, log_out::log_out),
        // One's own account.
        get("/loket/ik", Right::OwnAccount, account::page),
        post("/loket/ik/wachtwoord", Right::OwnAccount, account::change_password),
        get("/loket/ik/tweede-stap", Right::OwnAccount, account::second_factor_page),
        post("/loket/ik/tweede-stap", Right::OwnAccount, account::set_second_factor),
        post("/loket/ik/tweede-stap/weg", Right::OwnAccount, account::remove_second_factor),
        post("/loket/ik/noodcodes", Right::OwnAccount, account::new_recovery_codes),
        post("/loket/ik/overal-uit", Right::OwnAccount, account::log_out_everywhere),
        // Reports.
        get("/loket/verslagen", Right::SeeReports, reports::page),
        get("/loket/verslagen/csv", Right::SeeReports, reports::csv),
        // The board.
        get("/loket", Right::WatchCalls, board::page),
        get("/loket/board.js", Access::Anybody, board::script),
        get("/loket/nu/gebeurtenissen", Right::WatchCalls, board::events),
        get("/loket/nu/{request}/wie", Right::WatchCalls, board::choice),
        post("/loket/nu/toestel", Right::SteerCalls, board::seat),
        post("/loket/nu/{request}/overnemen", Right::SteerCalls, board::take_over),
        post("/loket/nu/{request}/overslaan", Right::SteerCalls, board::skip),
        post("/loket/nu/{request}/hierna", Right::SteerCalls, board::ring_next),
        post("/loket/nu/{request}/opgeven", Right::SteerCalls, board::give_up),
        post("/loket/nu/{request}/zeggen", Right::SteerCalls, board::say),
        // Requests.
        get("/loket/vragen", Right::WorkOnRequests, requests::list),
        post("/loket/vragen", Right::WorkOnRequests, requests::look_up),
        get("/loket/vragen/nieuw", Right::WorkOnRequests, requests::entry_page),
        post("/loket/vragen/nieuw", Right::WorkOnRequests, requests::enter),
        get("/loket/vragen/{id}", Right::WorkOnRequests, requests::page),
        post("/loket/vragen/{id}/nemen", Right::WorkOnRequests, requests::claim),
        post("/loket/vragen/{id}/zoeken", Right::WorkOnRequests, requests::search),
        post("/loket/vragen/{id}/afronden", Right::WorkOnRequests, requests::settle),
        post("/loket/vragen/{id}/notitie", Right::WorkOnRequests, requests::note),
        post("/loket/vragen/{id}/nummer", Right::WorkOnRequests, requests::number),
        post("/loket/vragen/{id}/prikbord", Right::WorkOnRequests, requests::put_on_board),
        get("/loket/prikbord", Right::WorkOnRequests, requests::notice_board),
        post(
            "/loket/prikbord/aanbod/{offer}/eraf",
            Right::WorkOnRequests,
            requests::take_offer_down,
        ),
        get("/loket/werklijst", Right::WorkOnRequests, requests::worklist),
        post("/loket/werklijst/plaatsen", Right::WorkOnRequests, requests::set_routes),
        // Messages and promises.
        get("/loket/berichten", Right::KeepPromises, promises::list),
        get("/loket/berichten/{id}", Right::KeepPromises, promises::page),
        post("/loket/berichten/{id}/nemen", Right::KeepPromises, promises::claim),
        post("/loket/berichten/{id}/teruggeven", Right::KeepPromises, promises::hand_back),
        post("/loket/berichten/{id}/terugbellen", Right::KeepPromises, promises::call_back),
        post("/loket/berichten/{id}/afbreken", Right::KeepPromises, promises::break_off),
        post("/loket/berichten/{id}/afronden", Right::KeepPromises, promises::keep),
        post("/loket/berichten/{id}/prikbord", Right::KeepPromises, promises::look_at_reported),
        post("/loket/berichten/{id}/notitie", Right::KeepPromises, promises::note),
        post("/loket/berichten/{id}/nummer", Right::KeepPromises, promises::number),
        get("/loket/geluid/{message}", Right::KeepPromises, promises::sound),
        post("/loket/geluid/{message}", Right::KeepPromises, promises::fetch_again),
        // The desk open or closed.
        get("/loket/open", Right::OpenAndClose, opening::page),
        get("/loket/aloud.js", Access::Anybody, opening::script),
        post("/loket/open/nu", Right::OpenAndClose, opening::by_hand),
        post("/loket/open/dag", Right::OpenAndClose, opening::add_day),
        post("/loket/open/dag/weg", Right::OpenAndClose, opening::remove_day),
        post("/loket/open/mededeling", Right::OpenAndClose, opening::notice),
        // People who take part.
        get("/loket/deelnemers", Right::CareForParticipants, participants::page),
        post("/loket/deelnemers", Right::CareForParticipants, participants::look_up),
        get("/loket/deelnemers/nieuw", Right::CareForParticipants, participants::sign_up_page),
        post("/loket/deelnemers/nieuw", Right::CareForParticipants, participants::sign_up),
        get("/loket/deelnemers/{id}", Right::CareForParticipants, participants::detail_page),
        post(
            "/loket/deelnemers/{id}/nummer",
            Right::CareForParticipants,
            participants::show_number,
        ),
        get(
            "/loket/deelnemers/{id}/verbeter",
            Right::CareForParticipants,
            participants::correct_page,
        ),
        post("/loket/deelnemers/{id}/verbeter", Right::CareForParticipants, participants::correct),
        post("/loket/deelnemers/{id}/pauze", Right::CareForParticipants, participants::pause),
        post("/loket/deelnemers/{id}/hervat", Right::CareForParticipants, participants::end_pause),
        get("/loket/deelnemers/{id}/stop", Right::CareForParticipants, participants::stop_page),
        post("/loket/deelnemers/{id}/stop", Right::CareForParticipants, participants::stop),
        // What services with special conditions ask for.
        get("/loket/toelating", Right::CareForParticipants, participants::to_admit_page),
        // Who does what, where and when; and the card that tells it on paper.
        get("/loket/aanbod", Right::CareForParticipants, participants::supply_page),
        get("/loket/kaart", Right::SeeReports, card::page),
        get("/loket/card.css", Access::Anybody, card::style),
        get("/loket/deelnemers/{id}/toelating", Right::CareForParticipants, admission::page),
        post("/loket/deelnemers/{id}/toelating", Right::CareForParticipants, admission::approve),
        post(
            "/loket/deelnemers/{id}/toelating/intrekken",
            Right::CareForParticipants,
            admission::disapprove,
        ),
        post(
            "/loket/deelnemers/{id}/toelating/bewijs",
            Right::CareForParticipants,
            admission::seen,
        ),
        post(
            "/loket/deelnemers/{id}/toelating/bewijs-weg",
            Right::CareForParticipants,
            admission::withdrawn,
        ),
        post(
            "/loket/deelnemers/{id}/toelating/leeftijd",
            Right::CareForParticipants,
            admission::age_seen,
        ),
        post(
            "/loket/deelnemers/{id}/toelating/leeftijd-weg",
            Right::CareForParticipants,
            admission::age_withdrawn,
        ),
        // Administration.
        get("/loket/beheer", Right::ManageOperators, administration::page),
        get("/loket/beheer/nieuw", Right::ManageOperators, administration::new_page),
        post("/loket/beheer/nieuw", Right::ManageOperators, administration::add),
        get("/loket/beheer/collega/{id}", Right::ManageOperators, administration::colleague_page),
        post("/loket/beheer/collega/{id}", Right::ManageOperators, administration::change),
        post("/loket/beheer/collega/{id}/uit", Right::ManageOperators, administration::switch_off),
        post("/loket/beheer/collega/{id}/aan", Right::ManageOperators, administration::switch_on),
        post(
            "/loket/beheer/collega/{id}/wachtwoord",
            Right::ManageOperators,
            administration::reset_password,
        ),
        post(
            "/loket/beheer/collega/{id}/tweede-stap",
            Right::ManageOperators,
            administration::reset_second_factor,
        ),
        get("/loket/beheer/logboek", Right::SeeAudit, administration::audit_page),
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
        .route("/loket/", any(page::to_the_desk))
        .route("/loket/{*rest}", any(page::nowhere).layer(behind(Access::Anybody)))
}
