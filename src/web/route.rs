//! A line of a table of addresses: how it is asked, who may, and what answers.

use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on};

use super::App;

/// A line of the table. Who may ask is for each side to say.
pub(super) struct Route<Access> {
    pub(super) method: Method,
    pub(super) path: &'static str,
    pub(super) access: Access,
    pub(super) handler: MethodRouter<App>,
}

/// A page.
pub(super) fn get<Access, T: 'static>(
    path: &'static str,
    access: impl Into<Access>,
    handler: impl Handler<T, App>,
) -> Route<Access> {
    let handler = on(MethodFilter::GET, handler);
    Route { method: Method::GET, path, access: access.into(), handler }
}

/// Something that changes something: a form, with the session's key in it where there is a session.
pub(super) fn post<Access, T: 'static>(
    path: &'static str,
    access: impl Into<Access>,
    handler: impl Handler<T, App>,
) -> Route<Access> {
    let handler = on(MethodFilter::POST, handler);
    Route { method: Method::POST, path, access: access.into(), handler }
}
