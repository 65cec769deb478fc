//! Cookies: sessions, the language, and one notice on its way to the next page.
//!
//! Over TLS their names begin with `__Host-`, so that no other host of the same domain can set them.

use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::notice::{Notice, Tone};
use super::site::Site;
use crate::domain::Language;
use crate::login::Token;

/// What a cookie is called: over TLS, and without.
pub(super) type Name = (&'static str, &'static str);

const LANGUAGE: Name = ("__Host-taal", "taal");
const NOTICE: Name = ("__Host-bericht", "bericht");

/// Longest notice, bytes: a browser takes cookies of 4 kB.
const LONGEST_NOTICE: usize = 1_500;

fn name(site: &Site, (over_tls, plain): Name) -> &'static str {
    if site.secure { over_tls } else { plain }
}

fn cookie(
    site: &Site,
    names: Name,
    value: impl Into<std::borrow::Cow<'static, str>>,
) -> Cookie<'static> {
    Cookie::build((name(site, names), value.into()))
        .path("/")
        .secure(site.secure)
        .http_only(true)
        .same_site(SameSite::Lax)
        .build()
}

fn gone(site: &Site, names: Name) -> Cookie<'static> {
    let mut cookie = cookie(site, names, "");
    cookie.make_removal();
    cookie
}

/// A session's cookie. It goes when the browser closes; the database says when it is over.
pub(super) fn session(site: &Site, names: Name, token: &Token) -> Cookie<'static> {
    cookie(site, names, token.text())
}

/// Takes a session's cookie away.
pub(super) fn no_session(site: &Site, names: Name) -> Cookie<'static> {
    gone(site, names)
}

/// The session that a browser shows; `Err` for one that cannot be ours.
pub(super) fn token_of(site: &Site, names: Name, jar: &CookieJar) -> Option<Result<Token, ()>> {
    let shown = jar.get(name(site, names))?;
    Some(Token::parse(shown.value()).ok_or(()))
}

/// Keeps the language, for a year.
pub(super) fn language(site: &Site, language: Language) -> Cookie<'static> {
    let mut cookie = cookie(site, LANGUAGE, language.code());
    cookie.set_max_age(Cookie::build("").permanent().build().max_age());
    cookie
}

/// The language that was chosen; Dutch until one is.
pub(super) fn language_of(site: &Site, jar: &CookieJar) -> Language {
    let chosen = jar.get(name(site, LANGUAGE));
    chosen.and_then(|cookie| Language::parse(cookie.value())).unwrap_or_default()
}

/// A notice for the next page.
pub(super) fn notice(site: &Site, notice: &Notice) -> Cookie<'static> {
    let mut end = notice.text.len().min(LONGEST_NOTICE);
    while !notice.text.is_char_boundary(end) {
        end -= 1;
    }
    let tone = if notice.tone == Tone::Done { 'd' } else { 'w' };
    let text = URL_SAFE_NO_PAD.encode(&notice.text[..end]);
    cookie(site, NOTICE, format!("{tone}{text}"))
}

/// The notice for this page.
pub(super) fn notice_of(site: &Site, jar: &CookieJar) -> Option<Notice> {
    let value = jar.get(name(site, NOTICE))?.value();
    let tone = match value.chars().next()? {
        'd' => Tone::Done,
        'w' => Tone::Warning,
        _ => return None,
    };
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(&value[1..]).ok()?).ok()?;
    Some(Notice { tone, text })
}

/// Takes the notice away: it was shown.
pub(super) fn no_notice(site: &Site) -> Cookie<'static> {
    gone(site, NOTICE)
}
