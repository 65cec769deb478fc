//! Showing pages.

use askama::Template;
use axum::response::{Html, IntoResponse, Redirect};

use crate::web::fault::{Answer, Fault};
use crate::web::typed::Typed;

/// A page.
///
/// # Errors
/// [`Fault`] when the template cannot be written.
pub fn show(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}

/// A page with a form on it: 422 when the form was refused.
pub(super) fn show_typed(page: &impl Template, typed: &Typed) -> Answer {
    Ok((typed.status(), show(page)?).into_response())
}

/// An address that is not in the table.
pub(super) async fn nowhere() -> Fault {
    Fault::NotHere
}

/// The address as some people type it.
pub(super) async fn to_mine() -> Redirect {
    Redirect::permanent("/mijn")
}
