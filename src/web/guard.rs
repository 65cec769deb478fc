//! What stands in front of every handler, whichever side it is of: does a form come from our own page,
//! and with the key of this session. After it: faults become pages.

use std::time::Duration;

use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::fault::Fault;
use super::form::{self, Fields};
use super::headers::{is_misread, is_page};
use super::site::Site;
use super::{cookies, notice};
use crate::domain::Timestamp;
use crate::login::Token;

/// A session is noted as used at most this often.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// Why a handler is not asked.
pub(super) enum Turned {
    /// The fault is told.
    Away(Fault),
    /// They are sent there.
    To(Response),
}

impl From<Fault> for Turned {
    fn from(fault: Fault) -> Self {
        Self::Away(fault)
    }
}

/// Whether a request wants something changed.
pub(super) fn acts(request: &Request) -> bool {
    request.method() != Method::GET && request.method() != Method::HEAD
}

/// Refuses a form that another site sent in somebody's name.
pub(super) fn from_our_own_page(headers: &HeaderMap, site: &Site) -> Result<(), Fault> {
    if form::is_from_elsewhere(headers, &site.origin) {
        tracing::warn!("web.form_from_another_site");
        return Err(Fault::OtherSite);
    }
    Ok(())
}

/// Refuses a form that has been read and does not carry the key of this session.
pub(super) fn with_the_key_of(request: &Request, session: Option<&Token>) -> Result<(), Fault> {
    let key = request.extensions().get::<Fields>().map(|form| form.raw("csrf"));
    match session.zip(key) {
        Some((token, key)) if token.is_form_key(key) => Ok(()),
        _ => Err(Fault::OldForm),
    }
}

/// Whether it is time to note again that a session is used.
pub(super) fn is_to_be_noted(seen_at: Timestamp, now: Timestamp) -> bool {
    now.since(seen_at) >= NOTED_EVERY
}

/// What a handler answered, with its fault told on a page.
pub(super) fn with_fault_told(answer: Response, tell: impl Fn(&Fault) -> Response) -> Response {
    match answer.extensions().get::<Fault>() {
        Some(fault) => tell(fault),
        None if is_misread(&answer) => tell(&Fault::NotHere),
        None => answer,
    }
}

/// An answer to somebody who came with this notice, which a page shows once.
pub(super) fn with_notice_shown(
    answer: Response,
    notice: Option<&notice::Notice>,
    site: &Site,
) -> Response {
    if notice.is_some() && is_page(&answer) {
        return (CookieJar::new().add(cookies::no_notice(site)), answer).into_response();
    }
    answer
}
