//! What is pressed on the page, passed on to the telephones.
//!
//! Every control is a form that also works without a script: it then leads back to the page.

use std::sync::Arc;
use std::time::Duration;

use axum::Form;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::domain::Language;
use crate::sim::leg::LegId;
use crate::sim::live::Stopped;
use crate::sim::number::{CallerId, Number};
use crate::sim::script::Act;
use crate::sim::telephone::{Behaviour, Behind};
use crate::web::demo::Demo;

/// The number of somebody whom the exchange does not know; nobody has it.
const UNKNOWN: &str = "+31601000001";
/// What a carrier sends instead of a withheld number.
const ANONYMOUS: &str = "anonymous";
/// How long somebody speaks at one press.
const SPEAKS: Duration = Duration::from_secs(5);
/// How long a voicemail box records.
const VOICEMAIL_RECORDS: Duration = Duration::from_secs(60);

/// Lets only this site's own pages press anything.
pub(super) struct OwnPage;

impl<S: Sync> FromRequestParts<S> for OwnPage {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        match parts.headers.get("sec-fetch-site").map(|site| site.as_bytes()) {
            None | Some(b"same-origin" | b"none") => Ok(Self),
            Some(_) => Err((StatusCode::FORBIDDEN, "another site cannot press this button\n")),
        }
    }
}

/// The answer to a control: nothing for the script, back to the page for a form.
pub(super) struct Pressed {
    language: Language,
    by_script: bool,
}

impl Pressed {
    fn new(lang: &str, headers: &HeaderMap) -> Self {
        let by_script =
            headers.get(header::ACCEPT).is_some_and(|v| v.as_bytes() == b"application/json");
        Self { language: Language::parse(lang).unwrap_or_default(), by_script }
    }
}

impl IntoResponse for Pressed {
    fn into_response(self) -> Response {
        match (self.by_script, self.language) {
            (true, _) => StatusCode::NO_CONTENT.into_response(),
            (false, Language::Nl) => Redirect::to("/demo").into_response(),
            (false, Language::En) => Redirect::to("/demo?lang=en").into_response(),
        }
    }
}

impl IntoResponse for Stopped {
    fn into_response(self) -> Response {
        (StatusCode::SERVICE_UNAVAILABLE, format!("{self}\n")).into_response()
    }
}

/// Who dials which line.
#[derive(Deserialize)]
pub(super) struct Dial {
    who: String,
    line: String,
    #[serde(default)]
    lang: String,
}

pub(super) async fn dial(
    _: OwnPage,
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(form): Form<Dial>,
) -> Result<Response, Stopped> {
    let from = match form.who.as_str() {
        "unknown" => CallerId::Shown(Number::new(UNKNOWN)),
        "withheld" => CallerId::Withheld(ANONYMOUS.to_owned()),
        number if demo.cast.person(number).is_some() => CallerId::Shown(Number::new(number)),
        _ => return Ok((StatusCode::BAD_REQUEST, "who: nobody here\n").into_response()),
    };
    if !demo.cast.lines.iter().any(|line| line.number == form.line) {
        return Ok((StatusCode::BAD_REQUEST, "line: none of the lines\n").into_response());
    }
    // One person has one telephone: a call that still goes on is ended first.
    let before = demo.controls.borrow().caller;
    if let Some(leg) = before {
        demo.live.hang_up(leg).await?;
    }
    if let CallerId::Shown(number) = &from
        && number.as_str() == UNKNOWN
    {
        // It can be called back, and then rings on the page.
        let number = number.clone();
        demo.live.with(move |network, _| network.add_telephone(number, Behind::Hand)).await?;
    }
    let leg = demo.live.dial(from, Number::new(&form.line), Vec::new()).await?;
    demo.controls.send_modify(|controls| controls.caller = Some(leg));
    Ok(Pressed::new(&form.lang, &headers).into_response())
}

/// A telephone, and for some controls a key. No leg: the caller's own.
#[derive(Deserialize)]
pub(super) struct At {
    leg: Option<u32>,
    key: Option<String>,
    #[serde(default)]
    lang: String,
}

impl At {
    /// The leg that is meant; none when it is not on the stage.
    fn leg(&self, demo: &Demo) -> Option<LegId> {
        match self.leg {
            None => demo.controls.borrow().caller,
            Some(leg) => {
                let leg = LegId(leg);
                demo.scene.borrow().stage.handset(leg).map(|handset| handset.leg)
            }
        }
    }
}

pub(super) async fn press(
    _: OwnPage,
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(at): Form<At>,
) -> Result<Response, Stopped> {
    let mut keys = at.key.as_deref().unwrap_or_default().chars();
    let key = keys.next().filter(|key| key.is_ascii_digit() || "*#".contains(*key));
    let (Some(key), None) = (key, keys.next()) else {
        return Ok((StatusCode::BAD_REQUEST, "key: one of 0-9, * and #\n").into_response());
    };
    if let Some(leg) = at.leg(&demo) {
        // Whoever presses by hand is not to be answered for by their habits.
        if at.leg.is_some() {
            demo.live.take_over(leg).await?;
        }
        demo.live.press(leg, key).await?;
    }
    Ok(Pressed::new(&at.lang, &headers).into_response())
}

pub(super) async fn talk(
    _: OwnPage,
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(at): Form<At>,
) -> Result<Pressed, Stopped> {
    if let Some(leg) = at.leg(&demo) {
        demo.live.talk(leg, SPEAKS).await?;
    }
    Ok(Pressed::new(&at.lang, &headers))
}

pub(super) async fn hang_up(
    _: OwnPage,
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(at): Form<At>,
) -> Result<Pressed, Stopped> {
    if let Some(leg) = at.leg(&demo) {
        demo.live.hang_up(leg).await?;
    }
    Ok(Pressed::new(&at.lang, &headers))
}

pub(super) async fn pick_up(
    page: OwnPage,
    demo: State<Arc<Demo>>,
    headers: HeaderMap,
    at: Form<At>,
) -> Result<Pressed, Stopped> {
    picked_up(page, demo, headers, at, Vec::new()).await
}

pub(super) async fn voicemail(
    page: OwnPage,
    demo: State<Arc<Demo>>,
    headers: HeaderMap,
    at: Form<At>,
) -> Result<Pressed, Stopped> {
    let machine = Behaviour::voicemail(Duration::ZERO, VOICEMAIL_RECORDS);
    picked_up(page, demo, headers, at, machine.script).await
}

async fn picked_up(
    _: OwnPage,
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(at): Form<At>,
    script: Vec<Act>,
) -> Result<Pressed, Stopped> {
    if let Some(leg) = at.leg(&demo) {
        demo.live.pick_up(leg, script).await?;
    }
    Ok(Pressed::new(&at.lang, &headers))
}

pub(super) async fn let_ring(
    _: OwnPage,
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(at): Form<At>,
) -> Result<Pressed, Stopped> {
    if let Some(leg) = at.leg(&demo) {
        demo.live.take_over(leg).await?;
        demo.controls.send_modify(|controls| controls.let_ring = Some(leg));
    }
    Ok(Pressed::new(&at.lang, &headers))
}

/// Whether neighbours answer by themselves.
#[derive(Deserialize)]
pub(super) struct SetHabits {
    on: bool,
    #[serde(default)]
    lang: String,
}

pub(super) async fn habits(
    _: OwnPage,
    State(demo): State<Arc<Demo>>,
    headers: HeaderMap,
    Form(set): Form<SetHabits>,
) -> Result<Pressed, Stopped> {
    let behind = demo.behind(set.on);
    let caller = demo.controls.borrow().caller;
    demo.live
        .with(move |network, now| {
            for (number, behind) in behind {
                network.add_telephone(number, behind);
            }
            // Whoever rings or listens at this moment is taken over as well.
            let held: Vec<LegId> = network.live().filter(|leg| Some(*leg) != caller).collect();
            for leg in held.into_iter().filter(|_| !set.on) {
                network.take_over(now, leg);
            }
        })
        .await?;
    demo.controls.send_modify(|controls| controls.habits = set.on);
    Ok(Pressed::new(&set.lang, &headers))
}
