//! Logging in.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::cookies;
use super::fault::{Answer, Fault};
use super::layout::{Layout, escaped};
use super::page::show;
use super::signed_in::{Fields, SignedIn, Visitor};
use crate::domain::{About, Deed, OperatorId};
use crate::login::Token;
use crate::store::{Stage, StoreError};
use crate::web::App;

/// Where to go afterwards.
#[derive(Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    naar: String,
}

#[derive(Template)]
#[template(path = "desk/templates/log_in.html")]
struct LogInPage {
    layout: Layout,
    back: String,
    name: String,
    refused: bool,
}

impl LogInPage {
    fn new(visitor: &Visitor, back: &str) -> Self {
        let title = match visitor.language {
            crate::domain::Language::Nl => "Inloggen",
            crate::domain::Language::En => "Log in",
        };
        let layout = Layout::outside(visitor.language, &visitor.path, title);
        Self { layout, back: own_page(back).to_owned(), name: String::new(), refused: false }
    }
}

/// The log-in page; whoever is in goes on.
pub(super) async fn page(
    visitor: Visitor,
    you: Option<axum::Extension<SignedIn>>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    if you.is_some() {
        return Ok(on_to(own_page(&wanted.naar)));
    }
    show(&LogInPage::new(&visitor, &wanted.naar))
}

/// Name and password. Whether it was the name or the password that was wrong is not told, also not
/// by how long it takes.
pub(super) async fn log_in(State(app): State<App>, visitor: Visitor, form: Fields) -> Answer {
    let back = form.get("naar").to_owned();
    let name = form.get("naam").to_owned();
    let looked_for = name.clone();
    let known = app.exchange.store().read(move |tx| tx.operator_named(&looked_for)).await?;
    let known = known.filter(|known| known.off_at.is_none());
    let hash = known.as_ref().map(|known| known.password.clone());
    let right = app.desk.passwords.verify(form.raw("wachtwoord").to_owned(), hash).await;
    let Some(known) = known.filter(|_| right) else {
        tracing::info!("desk.log_in_refused");
        let page = LogInPage { name, refused: true, ..LogInPage::new(&visitor, &back) };
        return Ok((StatusCode::UNAUTHORIZED, show(&page)?).into_response());
    };
    let token = begin(&app, known.operator.id, Stage::In).await?;
    let jar = CookieJar::new().add(cookies::session(&app.desk, &token));
    Ok((jar, on_to(own_page(&back))).into_response())
}

/// A new session, on disk.
pub(super) async fn begin(app: &App, operator: OperatorId, stage: Stage) -> Result<Token, Fault> {
    let token = Token::new().ok_or_else(|| Fault::ours("this machine has no random source"))?;
    let (hash, limits, now) = (token.hash(), app.desk.limits, app.exchange.now());
    let begun = app.exchange.store().write(move |tx| {
        tx.begin_session(hash, operator, stage, limits, now)?;
        if stage == Stage::In {
            tx.audit(operator, Deed::LoggedIn, &About::Nothing, now)?;
        }
        Ok::<_, StoreError>(())
    });
    begun.await?;
    Ok(token)
}

/// The log-in page, with the way back to where somebody wanted to be.
pub(super) fn with_way_back(path: &str) -> String {
    if own_page(path) == "/loket" {
        return "/loket/inloggen".to_owned();
    }
    format!("/loket/inloggen?naar={}", escaped(path))
}

/// A page of the desk, and nothing that leads elsewhere.
pub(super) fn own_page(path: &str) -> &str {
    let inside = path == "/loket" || path.starts_with("/loket/") || path.starts_with("/loket?");
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let loops = path.starts_with("/loket/inloggen");
    if inside && plain && !loops && path.len() < 500 { path } else { "/loket" }
}

fn on_to(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_stays_at_the_desk() {
        for own in ["/loket", "/loket/vragen", "/loket/vragen/12?dag=2026-11-24"] {
            assert_eq!(own_page(own), own);
        }
        for other in [
            "",
            "/",
            "//elsewhere.example",
            "https://elsewhere.example",
            "/loketje",
            "/demo",
            "/loket/inloggen",
            "/loket/\\elsewhere",
            "/loket/a b",
            "/loket/\r\nSet-Cookie: a",
        ] {
            assert_eq!(own_page(other), "/loket", "{other}");
        }
        assert_eq!(with_way_back("/loket/a?b=c&d"), "/loket/inloggen?naar=/loket/a%3Fb%3Dc%26d");
    }
}
