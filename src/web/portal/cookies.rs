//! The cookies of those who take part: of their session, and of a code that is on its way.

use axum_extra::extract::cookie::{Cookie, CookieJar};

use super::Portal;
use crate::login::Token;
use crate::web::cookies::{self, Name};

const SESSION: Name = ("__Host-mijn", "mijn");
const HALFWAY: Name = ("__Host-mijn-code", "mijn-code");

/// The session's cookie.
pub(super) fn session(portal: &Portal, token: &Token) -> Cookie<'static> {
    cookies::session(&portal.site, SESSION, token)
}

/// Takes the session's cookie away.
pub(super) fn no_session(portal: &Portal) -> Cookie<'static> {
    cookies::no_session(&portal.site, SESSION)
}

/// The session that a browser shows; `Err` for one that cannot be ours.
pub(super) fn token_of(portal: &Portal, jar: &CookieJar) -> Option<Result<Token, ()>> {
    cookies::token_of(&portal.site, SESSION, jar)
}

/// The cookie of whoever asked for a code.
pub(super) fn halfway(portal: &Portal, token: &Token) -> Cookie<'static> {
    cookies::session(&portal.site, HALFWAY, token)
}

/// Takes that cookie away.
pub(super) fn not_halfway(portal: &Portal) -> Cookie<'static> {
    cookies::no_session(&portal.site, HALFWAY)
}

/// Whoever asked for a code, as a browser shows it.
pub(super) fn halfway_of(portal: &Portal, jar: &CookieJar) -> Option<Token> {
    cookies::token_of(&portal.site, HALFWAY, jar)?.ok()
}
