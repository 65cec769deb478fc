//! Logging in, step by step: name and password, then what is asked besides. Each step has a session
//! with a token of its own; only the last one opens the desk.

mod code;
mod enrol;
mod own_password;

use askama::Template;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use super::Desk;
use super::address::Address;
use super::cookies;
use super::fault::{Answer, Fault};
use super::layout::{Layout, escaped};
use super::page::show;
use super::signed_in::{Fields, SignedIn, Visitor};
use crate::domain::{About, Deed, Operator, OperatorId};
use crate::login::Token;
use crate::store::{Credentials, Session, Stage, StoreError, Tx};
use crate::web::App;
use crate::web::site::is_our_path;

pub(super) use code::page as code_page;
pub(super) use code::{code, recovery};
pub(super) use enrol::page as enrol_page;
pub(super) use enrol::{Proved, SecondFactorForm, codes_page, enrol, no_random, wrong_code};
pub(super) use own_password::page as own_password_page;
pub(super) use own_password::{choose, judge};

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
        let title = visitor.language.pick("Inloggen", "Log in");
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
pub(super) async fn log_in(
    State(app): State<App>,
    Address(address): Address,
    visitor: Visitor,
    form: Fields,
) -> Answer {
    let (name, back) = (form.get("naam").to_owned(), form.get("naar"));
    admit(&app, &name, address)?;
    let looked_for = name.clone();
    let known = app.exchange.store().read(move |tx| tx.operator_named(&looked_for)).await?;
    let known = known.filter(|known| known.off_at.is_none());
    let hash = known.as_ref().map(|known| known.password.clone());
    let right = app.desk.passwords.verify(form.raw("wachtwoord").to_owned(), hash).await;
    let Some(known) = known.filter(|_| right) else {
        tracing::info!("desk.log_in_refused");
        let page = LogInPage { name, refused: true, ..LogInPage::new(&visitor, back) };
        return Ok((StatusCode::UNAUTHORIZED, show(&page)?).into_response());
    };
    app.desk.throttle.was_opened(&name, address);
    let stage = app.desk.after_password(&known);
    let token = next_step(&app, None, known.operator.id, stage, |_| Ok(())).await?;
    Ok(at_stage(&app.desk, &token, stage, back))
}

/// One try, if it is not one too many.
pub(super) fn admit(app: &App, name: &str, address: Option<std::net::IpAddr>) -> Result<(), Fault> {
    app.desk.throttle.admit(name, address, app.exchange.now()).map_err(|wait| {
        tracing::warn!("desk.too_many_tries");
        Fault::TooOften(wait.as_secs().max(1))
    })
}

impl Desk {
    /// What comes after the right password.
    fn after_password(&self, known: &Credentials) -> Stage {
        if known.totp_secret.is_some() {
            Stage::Code
        } else if self.needs_second_factor(&known.operator) {
            Stage::Enrol
        } else {
            self.after_second_factor(known)
        }
    }

    /// What comes after the second factor.
    fn after_second_factor(&self, known: &Credentials) -> Stage {
        if known.password_given { Stage::Password } else { Stage::In }
    }

    /// Whether somebody does not get in without a second factor.
    pub(super) fn needs_second_factor(&self, operator: &Operator) -> bool {
        self.require_totp.contains(&operator.role)
    }
}

/// Somebody on their way in: the password was right.
pub(super) struct Halfway {
    pub(super) operator: Operator,
    pub(super) token: Token,
    pub(super) visitor: Visitor,
}

impl<S: Sync> FromRequestParts<S> for Halfway {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, StatusCode> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let found = parts.extensions.get::<(Token, Session)>().cloned();
        let (token, session) = found.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
        Ok(Self { operator: session.operator, token, visitor })
    }
}

impl Halfway {
    fn layout(&self, nl: &str, en: &str) -> Layout {
        let title = self.visitor.language.pick(nl, en);
        let csrf = self.token.form_key();
        Layout { csrf, ..Layout::outside(self.visitor.language, &self.visitor.path, title) }
    }

    async fn credentials(&self, app: &App) -> Result<Credentials, Fault> {
        let id = self.operator.id;
        let known = app.exchange.store().read(move |tx| tx.operator_credentials(id)).await?;
        known.ok_or(Fault::SessionOver)
    }
}

/// A step on the way in: a new session in the place of the one before. The last one is noted.
async fn next_step(
    app: &App,
    before: Option<&Token>,
    operator: OperatorId,
    stage: Stage,
    also: impl FnOnce(&mut Tx<'_>) -> Result<(), Fault> + Send + 'static,
) -> Result<Token, Fault> {
    let now = app.exchange.now();
    let step = move |tx: &mut Tx<'_>| {
        also(tx)?;
        if stage == Stage::In {
            tx.audit(operator, Deed::LoggedIn, &About::Nothing, now)?;
        }
        Ok(())
    };
    new_session(app, before, operator, stage, step).await
}

/// A new session in the place of the one before, in the transaction that also does what it is for.
pub(super) async fn new_session(
    app: &App,
    before: Option<&Token>,
    operator: OperatorId,
    stage: Stage,
    also: impl FnOnce(&mut Tx<'_>) -> Result<(), Fault> + Send + 'static,
) -> Result<Token, Fault> {
    let token = Token::new().ok_or_else(|| Fault::ours("this machine has no random source"))?;
    let (hash, before) = (token.hash(), before.map(Token::hash));
    let (limits, now) = (app.desk.limits, app.exchange.now());
    let begun = app.exchange.store().write(move |tx| {
        also(tx)?;
        if let Some(before) = before {
            tx.end_session(before)?;
        }
        tx.begin_session(hash, operator, stage, limits, now)?;
        Ok::<_, Fault>(())
    });
    begun.await?;
    Ok(token)
}

/// On to the page of this stage, with its session.
pub(super) fn at_stage(desk: &Desk, token: &Token, stage: Stage, back: &str) -> Response {
    let place = page_of(stage, back);
    (CookieJar::new().add(cookies::session(desk, token)), on_to(&place)).into_response()
}

/// Where this stage is, with the way back to where somebody wanted to be.
fn page_of(stage: Stage, back: &str) -> String {
    let back = own_page(back);
    match stage {
        Stage::Code => format!("/loket/inloggen/code?naar={}", escaped(back)),
        Stage::Enrol => format!("/loket/inloggen/tweede-stap?naar={}", escaped(back)),
        Stage::Password => format!("/loket/inloggen/wachtwoord?naar={}", escaped(back)),
        Stage::In => back.to_owned(),
    }
}

/// A session that opens the desk, for whoever needs to prove nothing more.
pub(super) async fn begin(app: &App, operator: OperatorId) -> Result<Token, Fault> {
    next_step(app, None, operator, Stage::In, |_| Ok(())).await
}

/// The log-in page, with the way back to where somebody wanted to be.
pub(super) fn with_way_back(path: &str) -> String {
    match own_page(path) {
        "/loket" => "/loket/inloggen".to_owned(),
        path => format!("/loket/inloggen?naar={}", escaped(path)),
    }
}

/// A page of the desk, and nothing that leads elsewhere.
pub(super) fn own_page(path: &str) -> &str {
    let inside = path == "/loket" || path.starts_with("/loket/") || path.starts_with("/loket?");
    let loops = path.starts_with("/loket/inloggen");
    if inside && !loops && is_our_path(path) { path } else { "/loket" }
}

fn on_to(path: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, path.to_owned())]).into_response()
}

/// What the store says about operators, on a page.
pub(super) fn told(fault: crate::store::OperatorFault) -> Fault {
    use crate::store::OperatorFault;
    match fault {
        OperatorFault::Store(fault) => fault.into(),
        OperatorFault::Unknown => Fault::NotHere,
        OperatorFault::NameTaken => Fault::FilledIn(
            "Er is al een collega met deze naam. Kies een andere.".into(),
            "There is a colleague of this name already. Choose another.".into(),
        ),
        OperatorFault::LastAdministrator => Fault::FilledIn(
            "Dit is de laatste beheerder die kan inloggen. Maak eerst iemand anders beheerder.".into(),
            "This is the last administrator who can log in. Make somebody else administrator first."
                .into(),
        ),
    }
}

/// The audit's own errors, where a closure answers with a [`Fault`].
pub(super) fn noted(done: Result<(), StoreError>) -> Result<(), Fault> {
    done.map_err(Fault::from)
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
