//! What every page says about how a browser is to handle it.

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use tower_http::set_header::SetResponseHeaderLayer;

/// Nothing from another site, nothing inline, nobody around it.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// Styles and scripts change with a release only.
pub(super) const FOR_A_WHILE: (HeaderName, &str) = (header::CACHE_CONTROL, "max-age=300");

/// Puts them on every answer; what may be kept for a while says so itself.
pub(super) fn on_every_page<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    let fixed = |name: HeaderName, value| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    router
        .layer(fixed(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .layer(fixed(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // Not "no-referrer": with that a browser hides where even our own forms come from.
        .layer(fixed(header::REFERRER_POLICY, "same-origin"))
        .layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
}

/// Whether nobody got to see this: what stands in the address is not what belongs there.
pub(super) fn is_misread(answer: &Response) -> bool {
    answer.status() == StatusCode::BAD_REQUEST && !is_page(answer)
}

/// Whether this answer is a page.
pub(super) fn is_page(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
