//! Sounds that the provider fetches: a caller's own few words, and the organisation's recordings.

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::web::App;

/// A voice note, behind an address that cannot be guessed and that dies with its search.
pub(crate) async fn note(State(app): State<App>, Path(token): Path<String>) -> Response {
    match app.exchange.note(&token).await {
        Ok(Some(sound)) => {
            // Nothing on the way may keep it: it is deleted here when its search ends.
            let headers = [
                (header::CONTENT_TYPE, sound.content_type),
                (header::CACHE_CONTROL, "no-store".into()),
            ];
            (headers, sound.bytes).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => {
            tracing::error!(%fault, "note.failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// One of the organisation's recorded prompts.
pub(crate) async fn audio(State(app): State<App>, Path(name): Path<String>) -> Response {
    let Some((file, kind)) = app.exchange.context().recordings.find(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match tokio::task::spawn_blocking(move || std::fs::read(file)).await {
        Ok(Ok(bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        _ => {
            tracing::warn!(name, "audio.unreadable: see who may read audio/ of the flows");
            StatusCode::NOT_FOUND.into_response()
        }
    }
}
