//! In front of every handler of the desk: who asks, and may they. What is the same for all pages is in
//! [`crate::web::guard`].

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::fault::Fault;
use super::layout::{Layout, Section};
use super::route::Access;
use super::routes::KNOWN;
use super::signed_in::{SignedIn, Visitor};
use super::{Desk, cookies, page};
use crate::domain::Language;
use crate::login::Token;
use crate::store::{Session, Stage};
use crate::web::guard::{self as every, Turned};
use crate::web::way_back::path_of;
use crate::web::{App, cookies as shared, form};

/// What a guard knows.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) app: App,
    pub(super) access: Access,
}

/// Who came.
struct Came {
    language: Language,
    path: String,
    /// The session that their cookie leads to, if it holds.
    session: Option<(Token, Session)>,
    /// Whether there was a cookie at all.
    had_cookie: bool,
    jar: CookieJar,
}

pub(super) async fn guard(
    State(Guarded { app, access }): State<Guarded>,
    request: Request,
    next: Next,
) -> Response {
    let path = path_of(&request, &KNOWN, "/loket");
    let jar = CookieJar::from_headers(request.headers());
    let came = match who(&app, path, jar).await {
        Ok(came) => came,
        Err(fault) => {
            let layout = Layout::outside(Language::default(), "/loket", "");
            return told(&fault, layout);
        }
    };
    let desk = &app.desk;
    let you = you(desk, &came);
    let layout = || match &you {
        Some(you) => you.layout(Section::Account, ""),
        None => Layout::outside(came.language, "/loket", ""),
    };
    let answer = match let_in(&app, access, &came, you.clone(), request).await {
        Ok(request) => next.run(request).await,
        Err(Turned::To(response)) => return response,
        Err(Turned::Away(fault)) => {
            let answer = told(&fault, layout());
            return match fault {
                Fault::SessionOver => {
                    (came.jar.add(cookies::no_session(desk)), answer).into_response()
                }
                _ => answer,
            };
        }
    };
    let answer = every::with_fault_told(answer, |fault| told(fault, layout()));
    let notice = you.as_ref().and_then(|you| you.notice.as_ref());
    every::with_notice_shown(answer, notice, &desk.site)
}

async fn who(app: &App, path: String, jar: CookieJar) -> Result<Came, Fault> {
    let desk = &app.desk;
    let language = shared::language_of(&desk.site, &jar);
    let shown = cookies::token_of(desk, &jar);
    let had_cookie = shown.is_some();
    let session = match shown {
        Some(Ok(token)) => {
            let (hash, limits, now) = (token.hash(), desk.limits, app.exchange.now());
            let found = app.exchange.store().read(move |tx| tx.session(hash, limits, now)).await?;
            found.map(|session| (token, session))
        }
        _ => None,
    };
    Ok(Came { language, path, session, had_cookie, jar })
}

/// Whoever is in, altogether.
fn you(desk: &Desk, came: &Came) -> Option<SignedIn> {
    let (token, session) = came.session.as_ref()?;
    (session.stage == Stage::In).then(|| SignedIn {
        operator: session.operator.clone(),
        language: came.language,
        csrf: token.form_key(),
        session: token.hash(),
        address_key: token.address_key(),
        notice: shared::notice_of(&desk.site, &came.jar),
        path: came.path.clone(),
        site: desk.site.clone(),
    })
}

/// The request as the handler gets it, or why it does not.
async fn let_in(
    app: &App,
    access: Access,
    came: &Came,
    you: Option<SignedIn>,
    request: Request,
) -> Result<Request, Turned> {
    let acts = every::acts(&request);
    if acts {
        every::from_our_own_page(request.headers(), &app.desk.site)?;
    }
    match access {
        Access::Anybody => {}
        Access::Halfway(stage) => {
            if came.session.as_ref().is_none_or(|(_, session)| session.stage != stage) {
                return Err(Turned::To(to_log_in(acts, came)?));
            }
        }
        Access::Right(right) => {
            let Some(you) = &you else { return Err(Turned::To(to_log_in(acts, came)?)) };
            if !you.operator.role.may(right) {
                return Err(Fault::NotTheirs.into());
            }
        }
    }
    let mut request = if acts { form::read(request).await? } else { request };
    if acts && access != Access::Anybody {
        every::with_the_key_of(&request, came.session.as_ref().map(|(token, _)| token))?;
    }
    note_use(app, came).await?;
    let visitor = Visitor { language: came.language, path: came.path.clone() };
    request.extensions_mut().insert(visitor);
    if let Some(you) = you {
        request.extensions_mut().insert(you);
    }
    if let Some(halfway) = &came.session {
        request.extensions_mut().insert(halfway.clone());
    }
    Ok(request)
}

/// A page leads to the log-in page and back; anything else, and whoever was in before, is told.
fn to_log_in(acts: bool, came: &Came) -> Result<Response, Fault> {
    if acts || (came.had_cookie && came.session.is_none()) {
        return Err(Fault::SessionOver);
    }
    let back = super::log_in::with_way_back(&came.path);
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response())
}

async fn note_use(app: &App, came: &Came) -> Result<(), Fault> {
    let Some((token, session)) = &came.session else { return Ok(()) };
    let now = app.exchange.now();
    if every::is_to_be_noted(session.seen_at, now) {
        let hash = token.hash();
        app.exchange.store().write(move |tx| tx.session_seen(hash, now)).await?;
    }
    Ok(())
}

fn told(fault: &Fault, layout: Layout) -> Response {
    if let Fault::Ours(why) = fault {
        tracing::error!(%why, "desk.page_not_shown");
    }
    page::tell(fault, layout)
}
