//! The language switch.

use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use crate::domain::Language;
use crate::web::fault::{Answer, Fault};
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
    let jar = CookieJar::new().add(cookies::language(&app.portal.site, language));
    let back = own_page(&from.van).to_owned();
    Ok((StatusCode::SEE_OTHER, jar, [(header::LOCATION, back)]).into_response())
}

/// A page of this site, and nothing that leads elsewhere.
pub(super) fn own_page(path: &str) -> &str {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/taal/");
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside && plain && path.len() < 500 { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_leads_nowhere_else() {
        for own in ["/", "/meedoen", "/mijn/gegevens?taal=en"] {
            assert_eq!(own_page(own), own);
        }
        for other in [
            "",
            "//elsewhere.example",
            "https://elsewhere.example",
            "/\\elsewhere.example",
            "/taal/en",
            "/a b",
            "/\r\nSet-Cookie: a",
        ] {
            assert_eq!(own_page(other), "/", "{other}");
        }
    }
}
