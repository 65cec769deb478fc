//! The language switch.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::fault::{Answer, Fault};
use super::log_in;
use crate::domain::Language;
use crate::web::{App, cookies};

/// Where the switch was pressed.
#[derive(Deserialize)]
pub(super) struct From {
    #[serde(default)]
    van: String,
}

/// Dutch or English from now on, on the same page.
pub(super) async fn language(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(from): Query<From>,
) -> Answer {
    let language = Language::parse(&code).ok_or(Fault::NotHere)?;
    let jar = CookieJar::new().add(cookies::language(&app.desk.site, language));
    let back = match from.van.as_str() {
        path if path.starts_with("/loket/inloggen") => "/loket/inloggen",
        path => log_in::own_page(path),
    };
    Ok((StatusCode::SEE_OTHER, jar, [(header::LOCATION, back.to_owned())]).into_response())
}
