//! The style sheet.

use axum::http::header;
use axum::response::IntoResponse;

use crate::web::headers::FOR_A_WHILE;

pub(super) async fn style() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    let sheet = concat!(include_str!("../assets/base.css"), include_str!("assets/portal.css"));
    ([kind, FOR_A_WHILE], sheet)
}
