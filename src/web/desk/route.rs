//! An address of the desk: how it is asked, who may, and what answers.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::domain::Right;
use crate::store::Stage;
use crate::web::App;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, logged in or not.
    Anybody,
    /// Whoever gave a password and has not got in yet.
    Halfway(Stage),
    /// Whoever is in and has this right.
    Right(Right),
}

impl From<Right> for Access {
    fn from(right: Right) -> Self {
        Self::Right(right)
    }
}

/// A line of the table.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) handler: MethodRouter<App>,
}

/// A page.
pub(super) fn get<T: 'static>(
    path: &'static str,
    access: impl Into<Access>,
    handler: impl Handler<T, App>,
) -> Route {
    let handler = on(MethodFilter::GET, handler);
    Route { method: Method::GET, path, access: access.into(), handler }
}

/// Something that changes something: a form with the session's key in it.
pub(super) fn post<T: 'static>(
    path: &'static str,
    access: impl Into<Access>,
    handler: impl Handler<T, App>,
) -> Route {
    let handler = on(MethodFilter::POST, handler);
    Route { method: Method::POST, path, access: access.into(), handler }
}
