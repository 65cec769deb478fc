//! Logging out.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use super::cookies;
use super::fault::Answer;
use super::signed_in::SignedIn;
use crate::domain::{About, Deed};
use crate::store::StoreError;
use crate::web::App;

/// Ends this session.
pub(super) async fn log_out(State(app): State<App>, you: SignedIn) -> Answer {
    let (hash, operator, now) = (you.session, you.operator.id, app.exchange.now());
    let ended = app.exchange.store().write(move |tx| {
        tx.end_session(hash)?;
        tx.audit(operator, Deed::LoggedOut, &About::Nothing, now)
    });
    ended.await.map_err(|fault: StoreError| fault)?;
    let jar = CookieJar::new().add(cookies::no_session(&app.desk));
    Ok((StatusCode::SEE_OTHER, jar, [(header::LOCATION, "/loket/inloggen")]).into_response())
}
