//! `/demo`: telephones in the browser, and the search drawn while it happens. Only `burenhulp demo`
//! mounts it.
//!
//! The one corner of `web` that knows the simulation: it shows its telephones and passes on what is
//! pressed. Whatever they hear comes from the exchange, over HTTP, like anybody's call.

mod cast;
mod controls;
mod events;
mod page;
mod scene;
mod search;
mod telephones;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::routing::{get, post};
use tokio::sync::watch;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::exchange::Exchange;
use crate::sim::live::Live;
use crate::sim::number::Number;
use crate::sim::telephone::Behind;
use crate::sim::town::Habits;

pub use cast::{Cast, DialLine, Person};
use scene::{Controls, Scene};

/// Nothing from another site, nothing inline, nobody around it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The demo: a network, an exchange to look into, and who is who.
pub struct Demo {
    live: Live,
    /// Looked into, never told anything: that is the network's part.
    exchange: Arc<Exchange>,
    cast: Cast,
    /// Whoever answers by themselves, and how.
    town: Vec<(Number, Habits)>,
    controls: watch::Sender<Controls>,
    scene: watch::Sender<Arc<Scene>>,
}

impl Demo {
    /// A demo on this network and this exchange. People of the town answer by habit at first.
    ///
    /// [`Demo::keep_watching`] must run beside its [`router`].
    pub fn new(
        live: Live,
        exchange: Arc<Exchange>,
        cast: Cast,
        town: Vec<(Number, Habits)>,
    ) -> Self {
        let controls = Controls { caller: None, habits: true, let_ring: None };
        let scene = Arc::new(Scene::empty(&exchange, controls));
        let (controls, scene) = (watch::Sender::new(controls), watch::Sender::new(scene));
        Self { live, exchange, cast, town, controls, scene }
    }

    /// Who sits behind every telephone of the town.
    fn behind(&self, habits: bool) -> Vec<(Number, Behind)> {
        let behind = |of: &Habits| match habits {
            true => Behind::Habits(of.clone()),
            false => Behind::Hand,
        };
        self.town.iter().map(|(number, of)| (number.clone(), behind(of))).collect()
    }
}

/// The page, its assets, what it shows and what can be pressed.
pub fn router(demo: Arc<Demo>) -> Router {
    let fixed = |name, value| {
        SetResponseHeaderLayer::overriding(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    };
    Router::new()
        .route("/demo", get(page::page))
        .route("/demo/events", get(events::events))
        .route("/demo/demo.css", get(page::style))
        .route("/demo/live.js", get(page::live_script))
        .route("/demo/demo.js", get(page::script))
        .route("/demo/dial", post(controls::dial))
        .route("/demo/press", post(controls::press))
        .route("/demo/talk", post(controls::talk))
        .route("/demo/hang-up", post(controls::hang_up))
        .route("/demo/pick-up", post(controls::pick_up))
        .route("/demo/let-ring", post(controls::let_ring))
        .route("/demo/voicemail", post(controls::voicemail))
        .route("/demo/habits", post(controls::habits))
        .layer(fixed(header::CONTENT_SECURITY_POLICY.as_str(), CONTENT_SECURITY_POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS.as_str(), "nosniff"))
        .layer(fixed(header::REFERRER_POLICY.as_str(), "no-referrer"))
        .with_state(demo)
}
