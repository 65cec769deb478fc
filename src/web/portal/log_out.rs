//! Logging out.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use super::{Me, cookies};
use crate::web::App;
use crate::web::fault::Answer;

/// Ends this session.
pub(super) async fn log_out(State(app): State<App>, me: Me) -> Answer {
    app.exchange.store().write(move |tx| tx.end_own_session(me.session)).await?;
    let jar = CookieJar::new().add(cookies::no_session(&app.portal));
    Ok((StatusCode::SEE_OTHER, jar, [(header::LOCATION, "/")]).into_response())
}
