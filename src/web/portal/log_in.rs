//! Logging in without a password: a code is spoken in a call to somebody's own telephone.
//!
//! Whoever types another's number learns nothing from these pages, and cannot keep that telephone
//! ringing.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::codes::{self, Spoken, Wanted};
use super::guard::LOG_IN;
use super::{Fields, LIMITS, Layout, Section, Visitor, cookies, field, show};
use crate::domain::{Phone, SpokenCode, Timestamp};
use crate::login::Token;
use crate::store::{CodeTried, StoreError};
use crate::web::address::Address;
use crate::web::fault::{Answer, Fault};
use crate::web::site::{escaped, is_our_path};
use crate::web::{App, say};

/// Where the code is typed.
const CODE: &str = "/mijn/inloggen/code";

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Back {
    #[serde(default)]
    naar: String,
}

#[derive(Template)]
#[template(path = "portal/templates/log_in.html")]
struct LogInPage {
    layout: Layout,
    back: String,
    number: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "portal/templates/code.html")]
pub(super) struct CodePage {
    pub(super) layout: Layout,
    /// Where the form goes.
    pub(super) action: &'static str,
    /// Where another code is asked for.
    pub(super) again: String,
    /// Where to go afterwards.
    pub(super) back: String,
    pub(super) wrong: Option<String>,
    /// It is to log in; otherwise to prove a number.
    pub(super) to_log_in: bool,
}

/// Which number? Whoever is in goes on.
pub(super) async fn page(visitor: Visitor, Query(back): Query<Back>) -> Answer {
    if visitor.who.is_some() {
        return Ok(on_to(own_page(&back.naar)));
    }
    log_in_page(&visitor, &back.naar, "", None)
}

fn log_in_page(visitor: &Visitor, back: &str, number: &str, wrong: Option<String>) -> Answer {
    let title = visitor.say("Naar uw eigen pagina", "To your own page");
    let refused = wrong.is_some();
    let page = show(&LogInPage {
        layout: layout(visitor, LOG_IN, title, back),
        back: own_page(back).to_owned(),
        number: number.chars().take(field::LONGEST).collect(),
        wrong,
    })?;
    Ok(if refused { (StatusCode::UNPROCESSABLE_ENTITY, page).into_response() } else { page })
}

/// Around a page that knows where to go afterwards, also in the other language.
fn layout(visitor: &Visitor, page: &str, title: &str, back: &str) -> Layout {
    let path = format!("{page}?naar={}", escaped(own_page(back)));
    Layout { path, ..visitor.layout(Section::Mine, title) }
}

/// A number was typed: if somebody takes part with it, it rings.
pub(super) async fn ask(
    State(app): State<App>,
    Address(address): Address,
    visitor: Visitor,
    form: Fields,
) -> Answer {
    let (typed, back) = (form.get("nummer"), form.get("naar"));
    let phone = match field::phone(&app, typed, visitor.language) {
        Ok(phone) => phone,
        Err(why) => return log_in_page(&visitor, back, typed, Some(why)),
    };
    if app.portal.admit_call(&phone, address, app.exchange.now()).is_err() {
        let why = field::too_often(visitor.language).to_owned();
        let page = log_in_page(&visitor, back, typed, Some(why))?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    match codes::speak(&app, wanted(&app, phone).await?, visitor.language).await? {
        Spoken::Closed(opens) => {
            let why = closed(&visitor, app.exchange.now(), opens);
            log_in_page(&visitor, back, typed, Some(why))
        }
        Spoken::Comes(jar) => {
            let place = format!("{CODE}?naar={}", escaped(own_page(back)));
            Ok((jar, on_to(&place)).into_response())
        }
    }
}

/// Only whoever takes part is rung, and whoever asked to stop is not.
async fn wanted(app: &App, phone: Phone) -> Result<Wanted, Fault> {
    let number = phone.clone();
    let known = app.exchange.store().write(move |tx| tx.participant_by_phone(&number)).await;
    let known: Result<_, StoreError> = known;
    let who = known?.filter(crate::store::Participant::takes_part);
    Ok(Wanted {
        who: who.as_ref().map(|who| who.id),
        ring: who.as_ref().map(|_| phone),
        proves: None,
        at: who.and_then(|who| who.postcode),
    })
}

/// What is said when no line rings anybody at this hour.
pub(super) fn closed(visitor: &Visitor, now: Timestamp, opens: Option<Timestamp>) -> String {
    let why = visitor.say("Op dit uur bellen wij niemand.", "We ring nobody at this hour.");
    match opens {
        Some(then) => {
            let again = visitor.say("Probeer het opnieuw vanaf", "Try again from");
            format!("{why} {again} {}.", say::when(now, then, visitor.language))
        }
        None => why.to_owned(),
    }
}

/// The code is typed here.
pub(super) async fn code_page(visitor: Visitor, Query(back): Query<Back>) -> Answer {
    show(&code_form(&visitor, &back.naar, None))
}

fn code_form(visitor: &Visitor, back: &str, wrong: Option<String>) -> CodePage {
    let title = visitor.say("Wij bellen u nu", "We are ringing you now");
    let back = own_page(back).to_owned();
    CodePage {
        layout: layout(visitor, CODE, title, &back),
        action: CODE,
        again: format!("{LOG_IN}?naar={}", escaped(&back)),
        back,
        wrong,
        to_log_in: true,
    }
}

/// A code was typed: the right one opens their own pages.
pub(super) async fn code(
    State(app): State<App>,
    visitor: Visitor,
    halfway: Halfway,
    form: Fields,
) -> Answer {
    let back = own_page(form.get("naar"));
    let tried = match SpokenCode::parse(form.get("code")) {
        Ok(code) => try_code(&app, &halfway, code).await?,
        Err(_) => {
            let why = field::six_digits(visitor.language).to_owned();
            return refused(&visitor, back, why);
        }
    };
    match tried {
        (CodeTried::Right(..), Some(session)) => {
            tracing::info!("portal.logged_in");
            let jar = CookieJar::new()
                .add(cookies::session(&app.portal, &session))
                .add(cookies::not_halfway(&app.portal));
            Ok((jar, on_to(back)).into_response())
        }
        (CodeTried::Wrong(left), _) => {
            let why = field::wrong_code(left, visitor.language);
            refused(&visitor, back, why)
        }
        _ => refused(&visitor, back, field::code_over(visitor.language).to_owned()),
    }
}

/// Tries it, and begins a session in the same transaction.
async fn try_code(
    app: &App,
    halfway: &Halfway,
    code: SpokenCode,
) -> Result<(CodeTried, Option<Token>), Fault> {
    let session = Token::new().ok_or_else(|| Fault::ours("this machine has no random source"))?;
    let (browser, hash, now) = (halfway.0.hash(), session.hash(), app.exchange.now());
    let tried = app.exchange.store().write(move |tx| {
        let tried = tx.try_spoken_code(browser, &code, now)?;
        if let CodeTried::Right(who, None) = tried {
            tx.begin_own_session(hash, who, LIMITS, now)?;
        }
        Ok::<_, StoreError>(tried)
    });
    let tried = tried.await?;
    let is_in = matches!(tried, CodeTried::Right(_, None));
    Ok((tried, is_in.then_some(session)))
}

fn refused(visitor: &Visitor, back: &str, why: String) -> Answer {
    let page = show(&code_form(visitor, back, Some(why)))?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// Whoever asked for a code, by the browser that asked. One that never did has a token of its own
/// that fits nothing: the code is over.
pub(super) struct Halfway(pub(super) Token);

impl axum::extract::FromRequestParts<App> for Halfway {
    type Rejection = Fault;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        app: &App,
    ) -> Result<Self, Fault> {
        let jar = CookieJar::from_headers(&parts.headers);
        let shown = cookies::halfway_of(&app.portal, &jar).or_else(Token::new);
        shown.map(Self).ok_or_else(|| Fault::ours("this machine has no random source"))
    }
}

/// A page of those who take part, and nothing that leads elsewhere.
fn own_page(path: &str) -> &str {
    let inside = path == "/mijn" || path.starts_with("/mijn/") || path.starts_with("/mijn?");
    let loops = path.starts_with(LOG_IN);
    if inside && !loops && is_our_path(path) { path } else { "/mijn" }
}

pub(super) fn on_to(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_on_their_own_pages() {
        for own in ["/mijn", "/mijn/tijden", "/mijn/prikbord?dag=2026-11-24"] {
            assert_eq!(own_page(own), own);
        }
        for other in [
            "",
            "/",
            "//elsewhere.example",
            "https://elsewhere.example",
            "/mijnheer",
            "/loket",
            "/mijn/inloggen/code",
            "/mijn/\\elsewhere",
            "/mijn/\r\nSet-Cookie: a",
        ] {
            assert_eq!(own_page(other), "/mijn", "{other}");
        }
    }
}
