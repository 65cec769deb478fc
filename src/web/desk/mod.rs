//! `/loket`: the desk on the web.
//!
//! Every address of it stands in `routes`, with the right that it needs; nothing is reached
//! around that table. The `guard` in front of each handler knows who asks; a handler is given them as
//! [`SignedIn`] and does one thing: ask `exchange` or `store`, and show a page or go to one.

mod account;
mod administration;
mod board;
mod card;
mod cookies;
pub mod demo;
mod guard;
mod layout;
mod log_in;
mod log_out;
mod notes;
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
mod sought;
mod switch;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::Router;

use crate::config;
use crate::domain::{OperatorId, Role};
use crate::login::{Passwords, Sealer, Throttle, Token};
use crate::store::{SessionHash, SessionLimits};
use crate::web::site::Site;
use crate::web::{App, address, fault, headers};

pub use crate::web::fault::{Answer, Fault};
pub use board::Board;
pub use layout::{Layout, Section};
pub use page::show;
pub use route::Access;
pub use signed_in::{Fields, SignedIn};

/// Between the password and the code of the second factor.
const HALFWAY: std::time::Duration = std::time::Duration::from_secs(10 * 60);

/// What logging in needs. Made once.
pub struct Desk {
    passwords: Passwords,
    sealer: Sealer,
    throttle: Throttle,
    /// Wrong second steps, by the session half-way in.
    wrong_codes: Mutex<HashMap<SessionHash, u32>>,
    /// Roles that do not get in without a second factor.
    require_totp: Vec<Role>,
    /// What an app for codes calls this place.
    issuer: String,
    limits: SessionLimits,
    site: Site,
}

impl Desk {
    /// The desk at this address.
    pub fn new(settings: &config::Desk, public_url: &str, second_factors: [u8; 32]) -> Self {
        let site = Site::at(public_url);
        Self {
            passwords: Passwords::default(),
            sealer: Sealer::with(second_factors),
            throttle: Throttle::default(),
            wrong_codes: Mutex::default(),
            require_totp: settings.require_totp.clone(),
            issuer: format!("Loket {}", site.host()),
            limits: SessionLimits {
                idle: settings.idle,
                whole: settings.session,
                halfway: HALFWAY,
            },
            site,
        }
    }

    /// One wrong second step more in this session; how many that makes.
    fn wrong_codes(&self, session: SessionHash) -> u32 {
        let mut wrong = self.wrong_codes.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever fills this has the passwords of a thousand people.
        if wrong.len() > 1_000 {
            wrong.clear();
        }
        let times = wrong.entry(session).or_default();
        *times += 1;
        *times
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
    headers::on_every_page(routes::router(app))
}

#[cfg(test)]
mod words_tests;
