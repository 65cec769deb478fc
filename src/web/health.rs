//! For the technician: does it live, can it answer, and the figures.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::domain::Timestamp;
use crate::telemetry::Metrics;
use crate::web::App;

/// The process lives.
pub(super) async fn healthz() -> &'static str {
    "alive\n"
}

/// The database answers. The flows are valid, or the process would not have begun.
pub(super) async fn readyz(State(app): State<App>) -> Response {
    let now = app.exchange.now();
    match app.exchange.store().read(move |tx| tx.figures(now)).await {
        Ok(_) => "ready\n".into_response(),
        Err(fault) => {
            (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {fault}\n")).into_response()
        }
    }
}

/// The figures, for Prometheus.
pub(super) async fn metrics(State(app): State<App>) -> Response {
    let now = app.exchange.now();
    let metrics = app.exchange.metrics();
    match app.exchange.store().read(move |tx| tx.figures(now)).await {
        Ok(figures) => {
            metrics.set_live_calls(figures.live_calls);
            metrics.set_outbox_waiting(figures.outbox_waiting);
            metrics.set_promises_overdue(figures.promises_overdue);
            metrics.set_promises_open(figures.promises_open);
            let since =
                |then: Option<Timestamp>| then.map_or(Duration::ZERO, |then| now.since(then));
            metrics.set_outbox_age(since(figures.outbox_oldest_due));
            metrics.set_provider_trouble(since(figures.provider_trouble_since));
        }
        // The other figures are good all the same; what these were is told by /readyz.
        Err(fault) => tracing::warn!(%fault, "metrics.store_does_not_answer"),
    }
    ([(header::CONTENT_TYPE, Metrics::CONTENT_TYPE)], metrics.encode()).into_response()
}
