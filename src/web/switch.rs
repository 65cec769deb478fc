//! The language switch.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::cookies;
use super::fault::{Answer, Fault};
use super::site::Site;
use super::way_back::to_fill_in_again;
use crate::domain::Language;

/// Where the switch was pressed.
#[derive(Deserialize)]
pub(super) struct Pressed {
    /// The page's path.
    #[serde(default)]
    pub(super) van: String,
    /// Something was filled in there that is not in the address.
    ingevuld: Option<String>,
}

/// The language of this code from now on, and back to this page; where something was filled in, with a
/// sentence that it was not kept.
///
/// # Errors
/// [`Fault::NotHere`] for a language that is not spoken here.
pub(super) fn to(code: &str, pressed: &Pressed, site: &Site, back: &str) -> Answer {
    let language = Language::parse(code).ok_or(Fault::NotHere)?;
    let mut jar = CookieJar::new().add(cookies::language(site, language));
    if pressed.ingevuld.is_some() {
        jar = jar.add(cookies::notice(site, &to_fill_in_again(language)));
    }
    Ok((StatusCode::SEE_OTHER, jar, [(header::LOCATION, back.to_owned())]).into_response())
}
