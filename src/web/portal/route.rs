//! An address: how it is asked, who may, and what answers.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::web::App;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Anybody,
    /// Whoever takes part and is logged in.
    Participant,
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
    access: Access,
    handler: impl Handler<T, App>,
) -> Route {
    Route { method: Method::GET, path, access, handler: on(MethodFilter::GET, handler) }
}

/// Something that changes something: a form, with the session's key in it where there is a session.
pub(super) fn post<T: 'static>(
    path: &'static str,
    access: Access,
    handler: impl Handler<T, App>,
) -> Route {
    Route { method: Method::POST, path, access, handler: on(MethodFilter::POST, handler) }
}
