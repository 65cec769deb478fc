//! In front of every handler: who asks, and may they. What is the same for all pages is in
//! [`crate::web::guard`].

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::fault_page::tell;
use super::routes::KNOWN;
use super::visitor::{Me, Visitor};
use super::{Access, LIMITS, cookies};
use crate::login::Token;
use crate::store::OwnSession;
use crate::web::fault::Fault;
use crate::web::form;
use crate::web::guard::{self as every, Turned};
use crate::web::site::escaped;
use crate::web::way_back::path_of;
use crate::web::{App, cookies as shared};

/// Where somebody logs in.
pub(super) const LOG_IN: &str = "/mijn/inloggen";

/// What a guard knows.
#[derive(Clone)]
pub(super) struct Guarded {
    pub(super) app: App,
    pub(super) access: Access,
}

/// Who came.
struct Came {
    visitor: Visitor,
    /// The session that their cookie leads to, if it holds.
    session: Option<(Token, OwnSession)>,
    /// Whether there was a cookie at all.
    had_cookie: bool,
}

pub(super) async fn guard(
    State(Guarded { app, access }): State<Guarded>,
    request: Request,
    next: Next,
) -> Response {
    let portal = &app.portal;
    let jar = CookieJar::from_headers(request.headers());
    let visitor = Visitor {
        language: shared::language_of(&portal.site, &jar),
        who: None,
        csrf: String::new(),
        notice: shared::notice_of(&portal.site, &jar),
        path: path_of(&request, &KNOWN, "/"),
        filled_in: every::acts(&request),
        frame: Arc::clone(&portal.frame),
        site: portal.site.clone(),
    };
    let came = match who(&app, visitor.clone(), &jar).await {
        Ok(came) => came,
        Err(fault) => return tell(&fault, &visitor),
    };
    let visitor = came.visitor.clone();
    let answer = match let_in(&app, access, came, request).await {
        Ok(request) => next.run(request).await,
        Err(Turned::To(response)) => return response,
        Err(Turned::Away(fault)) => {
            let answer = tell(&fault, &visitor);
            return match fault {
                Fault::SessionOver => {
                    (CookieJar::new().add(cookies::no_session(portal)), answer).into_response()
                }
                _ => answer,
            };
        }
    };
    let answer = every::with_fault_told(answer, |fault| tell(fault, &visitor));
    every::with_notice_shown(answer, visitor.notice.as_ref(), &portal.site)
}

async fn who(app: &App, visitor: Visitor, jar: &CookieJar) -> Result<Came, Fault> {
    let shown = cookies::token_of(&app.portal, jar);
    let had_cookie = shown.is_some();
    let session = match shown {
        Some(Ok(token)) => {
            let (hash, now) = (token.hash(), app.exchange.now());
            let found = app.exchange.store().read(move |tx| tx.own_session(hash, LIMITS, now));
            found.await?.map(|session| (token, session))
        }
        _ => None,
    };
    let visitor = match &session {
        Some((token, session)) => {
            Visitor { who: Some(session.participant), csrf: token.form_key(), ..visitor }
        }
        None => visitor,
    };
    Ok(Came { visitor, session, had_cookie })
}

/// The request as the handler gets it, or why it does not.
async fn let_in(
    app: &App,
    access: Access,
    came: Came,
    request: Request,
) -> Result<Request, Turned> {
    let acts = every::acts(&request);
    if acts {
        every::from_our_own_page(request.headers(), &app.portal.site)?;
    }
    if access == Access::Participant && came.session.is_none() {
        return Err(Turned::To(to_log_in(acts, &came)?));
    }
    let mut request = if acts { form::read(request).await? } else { request };
    if acts && access == Access::Participant {
        every::with_the_key_of(&request, came.session.as_ref().map(|(token, _)| token))?;
    }
    note_use(app, &came).await?;
    if let Some((token, session)) = &came.session {
        request.extensions_mut().insert(Me {
            id: session.participant,
            visitor: came.visitor.clone(),
            session: token.hash(),
        });
    }
    request.extensions_mut().insert(came.visitor);
    Ok(request)
}

/// A page leads to the log-in page and back; anything else, and whoever was in before, is told.
fn to_log_in(acts: bool, came: &Came) -> Result<Response, Fault> {
    if acts || came.had_cookie {
        return Err(Fault::SessionOver);
    }
    let back = format!("{LOG_IN}?naar={}", escaped(&came.visitor.path));
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, back)]).into_response())
}

async fn note_use(app: &App, came: &Came) -> Result<(), Fault> {
    let Some((token, session)) = &came.session else { return Ok(()) };
    let now = app.exchange.now();
    if every::is_to_be_noted(session.seen_at, now) {
        let hash = token.hash();
        app.exchange.store().write(move |tx| tx.own_session_seen(hash, now)).await?;
    }
    Ok(())
}
