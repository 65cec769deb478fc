//! One sentence on top of the next page about what was just done.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::cookies;
use super::site::Site;

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It was done.
    Done,
    /// It was not, or there is something to mind.
    Warning,
}

/// One sentence on top of a page about what was just done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// The sentence.
    pub text: String,
}

impl Notice {
    /// It was done.
    pub(super) fn done(text: impl Into<String>) -> Self {
        Self { tone: Tone::Done, text: text.into() }
    }

    /// It was not done, or there is something to mind.
    pub(super) fn warning(text: impl Into<String>) -> Self {
        Self { tone: Tone::Warning, text: text.into() }
    }

    /// On to this page, with the sentence on top.
    pub(super) fn on(&self, path: &str, site: &Site) -> Response {
        let jar = CookieJar::new().add(cookies::notice(site, self));
        (StatusCode::SEE_OTHER, jar, [(header::LOCATION, path.to_owned())]).into_response()
    }
}
