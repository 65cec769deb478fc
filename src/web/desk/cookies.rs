//! The cookie of a desk's session.

use axum_extra::extract::cookie::{Cookie, CookieJar};

use super::Desk;
use crate::login::Token;
use crate::web::cookies::{self, Name};

const SESSION: Name = ("__Host-loket", "loket");

/// The session's cookie.
pub(super) fn session(desk: &Desk, token: &Token) -> Cookie<'static> {
    cookies::session(&desk.site, SESSION, token)
}

/// Takes the session's cookie away.
pub(super) fn no_session(desk: &Desk) -> Cookie<'static> {
    cookies::no_session(&desk.site, SESSION)
}

/// The session that a browser shows; `Err` for one that cannot be ours.
pub(super) fn token_of(desk: &Desk, jar: &CookieJar) -> Option<Result<Token, ()>> {
    cookies::token_of(&desk.site, SESSION, jar)
}
