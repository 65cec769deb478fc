//! Showing pages, and the ones that tell a fault.

use askama::Template;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

use super::fault::{Answer, Fault};
use super::typed::Typed;

/// A page.
///
/// # Errors
/// [`Fault`] when the template cannot be written.
pub fn show(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}

/// A page with forms on it, one of which may have been refused: the status, 422, says so too.
pub(super) fn show_typed(page: &impl Template, typed: &Typed) -> Answer {
    Ok((typed.status(), show(page)?).into_response())
}

/// The answer that tells a fault, on this page.
pub(super) fn show_fault(fault: &Fault, page: &impl Template) -> Response {
    let mut response = match page.render() {
        Ok(html) => (fault.status(), Html(html)).into_response(),
        Err(_) => fault.status().into_response(),
    };
    if let Fault::TooOften(seconds) = fault {
        response.headers_mut().insert(header::RETRY_AFTER, (*seconds).into());
    }
    response
}

/// An address that is not in a table.
pub(super) async fn nowhere() -> Fault {
    Fault::NotHere
}
