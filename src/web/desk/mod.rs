//! `/loket`: the desk on the web.
//!
//! Every address of it stands in `routes`, with the right that it needs; nothing is reached
//! around that table. The `guard` in front of each handler knows who asks; a handler is given them as
//! [`SignedIn`] and does one thing: ask `exchange` or `store`, and show a page or go to one.

mod account;
mod address;
mod administration;
mod board;
mod cookies;
pub mod demo;
mod fault;
mod guard;
mod layout;
mod log_in;
mod log_out;
mod opening;
mod page;
mod participants;
mod promises;
mod reports;
mod requests;
mod route;
mod routes;
mod say;
mod signed_in;
mod switch;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::config;
use crate::domain::{OperatorId, Role};
use crate::login::{Passwords, Sealer, Throttle, Token};
use crate::store::SessionLimits;
use crate::web::App;

pub use board::Board;
pub use fault::{Answer, Fault};
pub use layout::{Layout, Section};
pub use page::show;
pub use route::Access;
pub use signed_in::{Fields, SignedIn};

/// Nothing from another site, nothing inline, nobody around it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// Between the password and the code of the second factor.
const HALFWAY: std::time::Duration = std::time::Duration::from_secs(10 * 60);

/// What logging in needs. Made once.
pub struct Desk {
    passwords: Passwords,
    sealer: Sealer,
    throttle: Throttle,
    /// Roles that do not get in without a second factor.
    require_totp: Vec<Role>,
    /// What an app for codes calls this place.
    issuer: String,
    limits: SessionLimits,
    /// Browsers send our cookies over TLS only.
    secure: bool,
    /// As a browser names this site in `Origin`.
    origin: String,
}

impl Desk {
    /// The desk at this address. Over plain http, which the configuration allows for this machine
    /// only, cookies are sent without TLS.
    pub fn new(settings: &config::Desk, public_url: &str, second_factors: [u8; 32]) -> Self {
        let (_, host) = public_url.split_once("://").unwrap_or_default();
        Self {
            passwords: Passwords::default(),
            sealer: Sealer::with(second_factors),
            throttle: Throttle::default(),
            require_totp: settings.require_totp.clone(),
            issuer: format!("Loket {host}"),
            limits: SessionLimits {
                idle: settings.idle,
                whole: settings.session,
                halfway: HALFWAY,
            },
            secure: public_url.starts_with("https://"),
            origin: public_url.to_owned(),
        }
    }
}

/// Method, path and access of every address of the desk: what a test walks.
pub fn known_routes() -> &'static [(axum::http::Method, &'static str, Access)] {
    &routes::KNOWN
}

/// Lets somebody in without asking for anything, and gives what their cookie holds: for the demo and
/// for tests.
///
/// # Errors
/// [`Fault`] when the session cannot be written.
pub async fn begin_session(app: &App, operator: OperatorId) -> Result<Token, Fault> {
    log_in::begin(app, operator).await
}

/// Every address of the desk, each behind its guard.
pub(super) fn router(app: &App) -> Router<App> {
    let fixed = |name: HeaderName, value| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    routes::router(app)
        .layer(fixed(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Not "no-referrer": with that a browser hides where even our own forms come from.
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}

#[cfg(test)]
mod words_tests;
