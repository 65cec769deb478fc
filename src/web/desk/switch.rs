//! The language switch of the desk.

use axum::extract::{Path, Query, State};

use super::fault::Answer;
use super::log_in;
use crate::web::App;
use crate::web::switch::{self, Pressed};

/// Dutch or English from now on, on the same page.
pub(super) async fn language(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(pressed): Query<Pressed>,
) -> Answer {
    let back = match pressed.van.as_str() {
        path if path.starts_with("/loket/inloggen") => "/loket/inloggen",
        path => log_in::own_page(path),
    };
    switch::to(&code, &pressed, &app.desk.site, back)
}
