//! In front of every handler of the desk: who asks, may they, and does the form come from our own
//! page. After it: faults become pages.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::cookie::CookieJar;

use super::fault::Fault;
use super::layout::{Layout, Section};
use super::route::Access;
use super::signed_in::{Fields, SignedIn, Visitor};
use super::{Desk, cookies, page};
use crate::domain::Language;
use crate::login::Token;
use crate::store::{Session, Stage};
use crate::web::App;

/// Largest form, bytes; ours stay far below.
const LARGEST: usize = 64 * 1024;

/// A session is noted as used at most this often.
const NOTED_EVERY: std::time::Duration = std::time::Duration::from_secs(60);

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
    let path = request.uri().path_and_query().map_or("/loket", |path| path.as_str()).to_owned();
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
    let answer = match answer.extensions().get::<Fault>() {
        Some(fault) => told(fault, layout()),
        None => answer,
    };
    if you.is_some_and(|you| you.notice.is_some()) && is_page(&answer) {
        return (CookieJar::new().add(cookies::no_notice(desk)), answer).into_response();
    }
    answer
}

/// Why a handler is not asked.
enum Turned {
    Away(Fault),
    To(Response),
}

impl From<Fault> for Turned {
    fn from(fault: Fault) -> Self {
        Self::Away(fault)
    }
}

async fn who(app: &App, path: String, jar: CookieJar) -> Result<Came, Fault> {
    let desk = &app.desk;
    let language = cookies::language_of(desk, &jar);
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
        notice: cookies::notice_of(desk, &came.jar),
        path: came.path.clone(),
        secure: desk.secure,
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
    let acts = request.method() != Method::GET && request.method() != Method::HEAD;
    if acts && is_from_elsewhere(request.headers(), &app.desk.origin) {
        tracing::warn!("desk.form_from_another_site");
        return Err(Fault::OtherSite.into());
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
    let mut request = if acts { read_form(request).await? } else { request };
    if acts && access != Access::Anybody {
        let key = request.extensions().get::<Fields>().map(|form| form.raw("csrf"));
        let ours = came.session.as_ref().zip(key);
        if !ours.is_some_and(|((token, _), key)| token.is_form_key(key)) {
            return Err(Fault::OldForm.into());
        }
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

/// Whether a browser says that another site sent this. Browsers that say nothing are held by the
/// form's key alone.
fn is_from_elsewhere(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => !["same-origin", "none"].contains(&site),
        (None, Some(sender)) => sender != origin,
        (None, None) => false,
    }
}

/// Takes the form out of the body; handlers find it as [`Fields`].
async fn read_form(request: Request) -> Result<Request, Fault> {
    let (mut parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| Fault::TooLarge)?;
    let form = axum::http::Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(bytes))
        .map_err(Fault::ours)?;
    let read = <axum::Form<Vec<(String, String)>> as axum::extract::FromRequest<()>>::from_request(
        form,
        &(),
    );
    let unreadable = || {
        Fault::FilledIn(
            "Het formulier kan niet gelezen worden.".into(),
            "The form cannot be read.".into(),
        )
    };
    let axum::Form(fields) = read.await.map_err(|_| unreadable())?;
    parts.extensions.insert(Fields(fields));
    Ok(Request::from_parts(parts, Body::empty()))
}

async fn note_use(app: &App, came: &Came) -> Result<(), Fault> {
    let Some((token, session)) = &came.session else { return Ok(()) };
    let now = app.exchange.now();
    if now.since(session.seen_at) >= NOTED_EVERY {
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

fn is_page(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
