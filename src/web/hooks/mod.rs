//! The provider's webhooks: signed requests in, TwiML out.
//!
//! A webhook that cannot be answered as it asks still gets words and a way on: somebody is on the
//! line. Only one that is not signed gets nothing but 403 (R15).

mod answer;
mod gate;
mod sounds;

use axum::extract::Path;
use axum::extract::State;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::domain::{AttemptId, CallId, CallbackId, PlacedId};
use crate::exchange::Failure;
use crate::telemetry::WebhookKind;
use crate::web::App;

use answer::Answering;
pub use gate::Gate;
use gate::Signed;
pub(super) use sounds::{audio, note};

/// Row numbers and steps of an address; one that the exchange never wrote does not read.
type At<T> = Result<Path<T>, PathRejection>;

/// Somebody dials a line.
pub(super) async fn incoming(State(app): State<App>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Incoming, &signed);
    let Some(webhook) = signed.webhook() else { return answering.apology() };
    answering.document(app.exchange.incoming(webhook)).await
}

/// When all else fails: no database, no flow.
pub(super) async fn fallback(State(app): State<App>, signed: Signed) -> Response {
    tracing::error!(
        "webhook.fallback: the provider could not carry out an answer; its log says which one"
    );
    Answering::begin(&app, WebhookKind::Fallback, &signed).apology()
}

/// The desk was rung when all else had failed.
pub(super) async fn fallback_dialled(State(app): State<App>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Fallback, &signed);
    let to = signed.to().to_owned();
    let said = app.exchange.fallback_dialled(&to, signed.webhook().as_ref());
    answering.last_words(async { said }).await
}

/// A message was left when all else had failed.
pub(super) async fn fallback_message(State(app): State<App>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Fallback, &signed);
    let kept = async {
        let webhook = signed.webhook().ok_or(Failure::UnknownLeg)?;
        app.exchange.last_message(webhook).await
    };
    answering.last_words(kept).await
}

/// Such a message can be fetched.
pub(super) async fn fallback_recorded(State(app): State<App>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Recording, &signed);
    let Some(webhook) = signed.webhook() else { return answering.nothing() };
    answering.report(app.exchange.last_message_ready(webhook)).await
}

/// A call to a line is over.
pub(super) async fn line_status(State(app): State<App>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Status, &signed);
    let Some(webhook) = signed.webhook() else { return answering.nothing() };
    answering.report(app.exchange.line_status(webhook)).await
}

/// Keys, silence or a recording on a leg.
pub(super) async fn leg(State(app): State<App>, at: At<(i64, u32)>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Step, &signed);
    let (Ok(Path((call, step))), Some(webhook)) = (at, signed.webhook()) else {
        return answering.apology();
    };
    answering.document(app.exchange.leg(CallId(call), step, webhook)).await
}

/// Ringing somebody is over.
pub(super) async fn dialled(
    State(app): State<App>,
    at: At<(i64, u32, i64)>,
    signed: Signed,
) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Step, &signed);
    let (Ok(Path((call, step, attempt))), Some(webhook)) = (at, signed.webhook()) else {
        return answering.apology();
    };
    let dialled = app.exchange.dialled(CallId(call), step, AttemptId(attempt), webhook);
    answering.document(dialled).await
}

/// A transfer is over.
pub(super) async fn transferred(
    State(app): State<App>,
    at: At<(i64, u32)>,
    signed: Signed,
) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Step, &signed);
    let (Ok(Path((call, step))), Some(webhook)) = (at, signed.webhook()) else {
        return answering.apology();
    };
    answering.document(app.exchange.transferred(CallId(call), step, webhook)).await
}

/// A rung telephone was picked up.
pub(super) async fn screening(State(app): State<App>, at: At<i64>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Screening, &signed);
    let (Ok(Path(attempt)), Some(webhook)) = (at, signed.webhook()) else {
        return answering.apology();
    };
    answering.document(app.exchange.screening(AttemptId(attempt), webhook)).await
}

/// How the leg of a rung telephone goes.
pub(super) async fn attempt_status(
    State(app): State<App>,
    at: At<i64>,
    signed: Signed,
) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Status, &signed);
    let (Ok(Path(attempt)), Some(webhook)) = (at, signed.webhook()) else {
        return answering.nothing();
    };
    answering.report(app.exchange.attempt_status(AttemptId(attempt), webhook)).await
}

/// A caller who is called back picked up, whom a neighbour's leg dialled.
pub(super) async fn callback(State(app): State<App>, at: At<i64>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Screening, &signed);
    let (Ok(Path(callback)), Some(webhook)) = (at, signed.webhook()) else {
        return answering.apology();
    };
    answering.document(app.exchange.callback(CallbackId(callback), webhook)).await
}

/// How the leg of such a caller goes.
pub(super) async fn callback_status(
    State(app): State<App>,
    at: At<i64>,
    signed: Signed,
) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Status, &signed);
    let (Ok(Path(callback)), Some(webhook)) = (at, signed.webhook()) else {
        return answering.nothing();
    };
    answering.report(app.exchange.callback_status(CallbackId(callback), webhook)).await
}

/// Ringing such a caller is over.
pub(super) async fn dialled_caller(
    State(app): State<App>,
    at: At<(i64, u32, i64)>,
    signed: Signed,
) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Step, &signed);
    let (Ok(Path((call, step, callback))), Some(webhook)) = (at, signed.webhook()) else {
        return answering.apology();
    };
    let callback = CallbackId(callback);
    answering.document(app.exchange.dialled_caller(CallId(call), step, callback, webhook)).await
}

/// How the leg of somebody goes whom the desk calls back.
pub(super) async fn called_back_status(
    State(app): State<App>,
    at: At<i64>,
    signed: Signed,
) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Status, &signed);
    let (Ok(Path(desk_call)), Some(webhook)) = (at, signed.webhook()) else {
        return answering.nothing();
    };
    answering.report(app.exchange.called_back_status(desk_call, webhook)).await
}

/// Somebody picked up a call that the exchange placed.
pub(super) async fn placed(State(app): State<App>, at: At<i64>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Screening, &signed);
    let (Ok(Path(placed)), Some(webhook)) = (at, signed.webhook()) else {
        return answering.apology();
    };
    answering.document(app.exchange.placed(PlacedId(placed), webhook)).await
}

/// How a call goes that the exchange placed.
pub(super) async fn placed_status(State(app): State<App>, at: At<i64>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Status, &signed);
    let (Ok(Path(placed)), Some(webhook)) = (at, signed.webhook()) else {
        return answering.nothing();
    };
    answering.report(app.exchange.placed_status(PlacedId(placed), webhook)).await
}

/// A recording can be fetched.
pub(super) async fn recording(
    State(app): State<App>,
    at: At<(i64, u32)>,
    signed: Signed,
) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Recording, &signed);
    let (Ok(Path((call, step))), Some(webhook)) = (at, signed.webhook()) else {
        return answering.nothing();
    };
    answering.report(app.exchange.recording(CallId(call), step, webhook)).await
}

/// An address that was never handed out.
pub(super) async fn unknown(State(app): State<App>, signed: Signed) -> Response {
    let answering = Answering::begin(&app, WebhookKind::Unknown, &signed);
    tracing::warn!("webhook.unknown_address: see `burenhulp check` for the addresses to configure");
    answering.with(
        (
            StatusCode::NOT_FOUND,
            "This address is not one of the exchange's; `burenhulp check` prints them.\n",
        )
            .into_response(),
    )
}
