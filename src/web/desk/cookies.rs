//! The desk's cookies: the session, the language, and one notice on its way to the next page.
//!
//! Over TLS their names begin with `__Host-`, so that no other host of the same domain can set them.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Desk;
use super::layout::{Notice, Tone};
use crate::domain::Language;
use crate::login::Token;

const SESSION: (&str, &str) = ("__Host-loket", "loket");
const LANGUAGE: (&str, &str) = ("__Host-loket-taal", "loket-taal");
const NOTICE: (&str, &str) = ("__Host-loket-bericht", "loket-bericht");

/// Longest notice, bytes: a browser takes cookies of 4 kB.
const LONGEST_NOTICE: usize = 1_500;

fn name(secure: bool, (over_tls, plain): (&'static str, &'static str)) -> &'static str {
    if secure { over_tls } else { plain }
}

fn cookie(
    secure: bool,
    names: (&'static str, &'static str),
    value: impl Into<std::borrow::Cow<'static, str>>,
) -> Cookie<'static> {
    Cookie::build((name(secure, names), value.into()))
        .path("/")
        .secure(secure)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build()
}

fn gone(secure: bool, names: (&'static str, &'static str)) -> Cookie<'static> {
    let mut cookie = cookie(secure, names, "");
    cookie.make_removal();
    cookie
}

/// The session's cookie. It goes when the browser closes; the database says when it is over.
pub(super) fn session(desk: &Desk, token: &Token) -> Cookie<'static> {
    cookie(desk.secure, SESSION, token.text())
}

/// Takes the session's cookie away.
pub(super) fn no_session(desk: &Desk) -> Cookie<'static> {
    gone(desk.secure, SESSION)
}

/// The session that a browser shows; `Err` for one that cannot be ours.
pub(super) fn token_of(desk: &Desk, jar: &CookieJar) -> Option<Result<Token, ()>> {
    let shown = jar.get(name(desk.secure, SESSION))?;
    Some(Token::parse(shown.value()).ok_or(()))
}

/// Keeps the language, for a year.
pub(super) fn language(desk: &Desk, language: Language) -> Cookie<'static> {
    let mut cookie = cookie(desk.secure, LANGUAGE, language.code());
    cookie
        .set_max_age(axum_extra::extract::cookie::Cookie::build("").permanent().build().max_age());
    cookie
}

/// The language that was chosen; Dutch until one is.
pub(super) fn language_of(desk: &Desk, jar: &CookieJar) -> Language {
    let chosen = jar.get(name(desk.secure, LANGUAGE));
    chosen.and_then(|cookie| Language::parse(cookie.value())).unwrap_or_default()
}

/// A notice for the next page.
pub(super) fn notice(secure: bool, notice: &Notice) -> Cookie<'static> {
    let mut end = notice.text.len().min(LONGEST_NOTICE);
    while !notice.text.is_char_boundary(end) {
        end -= 1;
    }
    let tone = if notice.tone == Tone::Done { 'd' } else { 'w' };
    let text = URL_SAFE_NO_PAD.encode(&notice.text[..end]);
    cookie(secure, NOTICE, format!("{tone}{text}"))
}

/// The notice for this page.
pub(super) fn notice_of(desk: &Desk, jar: &CookieJar) -> Option<Notice> {
    let value = jar.get(name(desk.secure, NOTICE))?.value();
    let tone = match value.chars().next()? {
        'd' => Tone::Done,
        'w' => Tone::Warning,
        _ => return None,
    };
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&value[1..]).ok()?).ok()?;
    Some(Notice { tone, text })
}

/// Takes the notice away: it was shown.
pub(super) fn no_notice(desk: &Desk) -> Cookie<'static> {
    gone(desk.secure, NOTICE)
}
