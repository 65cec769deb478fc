//! The page as a whole, and its assets.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use crate::domain::Language;
use crate::web::demo::Demo;
use crate::web::demo::cast::{Cast, DialLine, Person};
use crate::web::demo::scene::Scene;
use crate::web::demo::search::SearchPart;
use crate::web::demo::telephones::{CallerPart, NeighboursPart};
use crate::web::demo::words::Words;

/// `?lang=en`
#[derive(Deserialize)]
pub(super) struct Wanted {
    lang: Option<String>,
}

impl Wanted {
    pub(super) fn language(&self) -> Language {
        self.lang.as_deref().and_then(Language::parse).unwrap_or_default()
    }
}

#[derive(Template)]
#[template(path = "demo/templates/page.html")]
struct Page<'a> {
    words: &'a Words,
    lines: &'a [DialLine],
    towns: Vec<(&'a str, Vec<(&'a Person, String)>)>,
    state: &'static str,
    parts: Parts,
    keys: [&'static str; 12],
}

/// What moves: the same on the page and in its events.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub(super) struct Parts {
    pub(super) moment: String,
    pub(super) caller: String,
    pub(super) neighbours: String,
    pub(super) search: String,
}

impl Parts {
    pub(super) fn of(
        scene: &Scene,
        cast: &Cast,
        language: Language,
    ) -> Result<Self, askama::Error> {
        Ok(Self {
            moment: moment(scene, language),
            caller: CallerPart::of(scene, cast, language).render()?,
            neighbours: NeighboursPart::of(scene, cast, language).render()?,
            search: SearchPart::of(scene, cast, language).render()?,
        })
    }
}

/// The time, and whether the desk takes calls at it.
fn moment(scene: &Scene, language: Language) -> String {
    let time = scene.now.local().format("%H:%M");
    match (language, scene.desk_open) {
        (Language::Nl, true) => format!("Het is {time} uur. Het loket is open."),
        (Language::Nl, false) => format!("Het is {time} uur. Het loket is dicht."),
        (Language::En, true) => format!("It is {time}. The desk is open."),
        (Language::En, false) => format!("It is {time}. The desk is closed."),
    }
}

/// `live` while the caller's telephone is off the hook.
pub(super) fn state(scene: &Scene) -> &'static str {
    if scene.caller_is_live() { "live" } else { "none" }
}

/// The keys as they lie on every telephone.
const KEYS: [&str; 12] = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];

pub(super) async fn page(State(demo): State<Arc<Demo>>, Query(wanted): Query<Wanted>) -> Response {
    let language = wanted.language();
    let scene = Arc::clone(&demo.scene.borrow());
    let page = Parts::of(&scene, &demo.cast, language).and_then(|parts| {
        let towns = demo.cast.by_town().into_iter();
        let page = Page {
            words: Words::of(language),
            lines: &demo.cast.lines,
            towns: towns.map(|(town, people)| (town, placed(&demo.cast, people))).collect(),
            state: state(&scene),
            parts,
            keys: KEYS,
        };
        page.render()
    });
    match page {
        Ok(page) => Html(page).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "demo.page_not_written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn placed<'a>(cast: &Cast, people: Vec<&'a Person>) -> Vec<(&'a Person, String)> {
    let place = |person: &Person| person.postcode.map(|pc| cast.place(pc)).unwrap_or_default();
    people.into_iter().map(|person| (person, place(person))).collect()
}

pub(super) async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("assets/demo.css"))
}

/// What any page that changes while it is read needs.
pub(super) async fn live_script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../assets/live.js"))
}

pub(super) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("assets/demo.js"))
}
