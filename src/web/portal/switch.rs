//! The language switch of the public pages.

use axum::extract::{Path, Query, State};

use crate::web::App;
use crate::web::fault::Answer;
use crate::web::site::is_our_path;
use crate::web::switch::{self, Pressed};

/// Dutch or English from now on, on the same page.
pub(super) async fn language(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(pressed): Query<Pressed>,
) -> Answer {
    switch::to(&code, &pressed, &app.portal.site, own_page(&pressed.van))
}

/// A page of this site, and nothing that leads elsewhere.
pub(super) fn own_page(path: &str) -> &str {
    if is_our_path(path) && !path.starts_with("/taal/") { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switch_leads_nowhere_else() {
        for own in ["/", "/meedoen", "/mijn/gegevens?taal=en"] {
            assert_eq!(own_page(own), own);
        }
        for other in [
            "",
            "//elsewhere.example",
            "https://elsewhere.example",
            "/\\elsewhere.example",
            "/taal/en",
            "/a b",
            "/\r\nSet-Cookie: a",
        ] {
            assert_eq!(own_page(other), "/", "{other}");
        }
    }
}
