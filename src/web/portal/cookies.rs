//! The cookie of a session of somebody who takes part.

use axum_extra::extract::cookie::{Cookie, CookieJar};

use super::Portal;
use crate::login::Token;
use crate::web::cookies::{self, Name};

const SESSION: Name = ("__Host-mijn", "mijn");

/// Takes the session's cookie away.
pub(super) fn no_session(portal: &Portal) -> Cookie<'static> {
    cookies::no_session(&portal.site, SESSION)
}

/// The session that a browser shows; `Err` for one that cannot be ours.
pub(super) fn token_of(portal: &Portal, jar: &CookieJar) -> Option<Result<Token, ()>> {
    cookies::token_of(&portal.site, SESSION, jar)
}
