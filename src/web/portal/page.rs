//! Showing pages.

use axum::response::Redirect;

pub use crate::web::page::show;

pub(super) use crate::web::page::{nowhere, show_typed};

/// The address as some people type it.
pub(super) async fn to_mine() -> Redirect {
    Redirect::permanent("/mijn")
}
