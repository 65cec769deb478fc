//! Logging in without a password. Only `burenhulp demo` mounts it: there nobody is real.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::{begin_session, cookies, log_in};
use crate::domain::Operator;
use crate::web::App;

/// Where the demo logs somebody in.
pub const DOOR: &str = "/demo/loket";

/// `?als=Kees&naar=/loket/deelnemers`
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    als: String,
    naar: String,
}

#[derive(Clone)]
struct Door {
    app: App,
    operators: Vec<Operator>,
}

/// The way in for these operators, the first one unless another is named.
pub fn door(app: App, operators: Vec<Operator>) -> Router {
    Router::new().route(DOOR, get(walk_in)).with_state(Door { app, operators })
}

async fn walk_in(State(door): State<Door>, Query(wanted): Query<Wanted>) -> Response {
    let named = door.operators.iter().find(|known| known.name == wanted.als);
    let Some(operator) = named.or(door.operators.first()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match begin_session(&door.app, operator.id).await {
        Ok(token) => {
            let back = log_in::own_page(&wanted.naar).to_owned();
            let jar = CookieJar::new().add(cookies::session(&door.app.desk, &token));
            (StatusCode::SEE_OTHER, jar, [(header::LOCATION, back)]).into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, "demo.not_logged_in");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
