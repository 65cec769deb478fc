//! The public pages and `/mijn`, the pages of those who take part.
//!
//! Every address stands in `routes`, with who may come; nothing is reached around that table. The
//! `guard` in front of each handler knows who asks. A handler is given a [`Visitor`], or [`Me`] where
//! one must be logged in, and does one thing: ask `exchange` or `store`, and show a page or go to one.
//!
//! No page tells whether a number is known here, who said no, or who somebody else is (R8).

mod ask;
mod assets;
mod board;
mod codes;
mod cookies;
mod fault_page;
mod field;
mod guard;
mod home;
mod join;
mod layout;
mod log_in;
mod log_out;
mod mine;
mod page;
mod route;
mod routes;
mod switch;
mod visitor;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;

use crate::domain::{Line, ParticipantId, Phone, Timestamp};
use crate::login::{Throttle, Token};
use crate::store::OwnSessionLimits;
use crate::web::site::Site;
use crate::web::{App, headers};

pub use crate::web::fault::{Answer, Fault};
pub use crate::web::form::Fields;
pub use layout::{Frame, Layout, Section};
pub use page::show;
pub use route::Access;
pub use visitor::{Me, Visitor};

/// How long somebody is logged in on their own pages.
const LIMITS: OwnSessionLimits =
    OwnSessionLimits { idle: Duration::from_secs(3600), whole: Duration::from_secs(12 * 3600) };

/// What the pages need. Made once.
pub struct Portal {
    site: Site,
    frame: Arc<Frame>,
    /// How often a telephone may be rung for what is typed on a page.
    calls: Throttle,
    /// How often somebody may send a form who is not logged in.
    strangers: Throttle,
}

impl Portal {
    /// The pages at this address, for whoever dials these lines.
    pub fn new(lines: &[Line], public_url: &str) -> Self {
        let frame = Arc::new(Frame::around(lines));
        Self {
            site: Site::at(public_url),
            frame,
            calls: Throttle::of_calls(),
            strangers: Throttle::of_strangers(),
        }
    }

    /// One call more to this number, if it is not one too many; whoever it belongs to.
    ///
    /// # Errors
    /// [`Fault::TooOften`].
    pub fn admit_call(
        &self,
        phone: &Phone,
        address: Option<std::net::IpAddr>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.calls.admit(phone.e164(), address, now).map_err(|wait| {
            tracing::warn!("portal.too_many_calls");
            Fault::TooOften(wait.as_secs().max(1))
        })
    }

    /// One form more from this address, of somebody who is not logged in, if it is not one too many.
    ///
    /// # Errors
    /// [`Fault::TooOften`].
    pub fn admit_stranger(
        &self,
        address: Option<std::net::IpAddr>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        self.strangers.admit_from(address, now).map_err(|wait| {
            tracing::warn!("portal.too_many_forms");
            Fault::TooOften(wait.as_secs().max(1))
        })
    }

    /// The same with a way to the demo's telephones on its first page.
    #[must_use]
    pub fn with_telephones(mut self, path: &'static str) -> Self {
        self.frame = Arc::new(Frame { telephones: Some(path), ..(*self.frame).clone() });
        self
    }
}

/// Method, path and access of every address: what a test walks.
pub fn known_routes() -> &'static [(axum::http::Method, &'static str, Access)] {
    &routes::KNOWN
}

/// Lets somebody in without asking for anything, and gives what their cookie holds: for tests.
///
/// # Errors
/// [`Fault`] when the session cannot be written.
pub async fn begin_session(app: &App, who: ParticipantId) -> Result<Token, Fault> {
    let token = Token::new().ok_or_else(|| Fault::ours("this machine has no random source"))?;
    let (hash, now) = (token.hash(), app.exchange.now());
    app.exchange.store().write(move |tx| tx.begin_own_session(hash, who, LIMITS, now)).await?;
    Ok(token)
}

/// Every address, each behind its guard.
pub(super) fn router(app: &App) -> Router<App> {
    headers::on_every_page(routes::router(app))
}
