//! Sounds that the provider fetches: a caller's own few words, and the organisation's recordings.

use std::path::Path as FilePath;

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

/// One of the organisation's recorded prompts: a file in `audio/` of its flow directory.
pub(crate) async fn audio(State(app): State<App>, Path(name): Path<String>) -> Response {
    let (Some(directory), Some(kind)) = (&app.recordings, kind_of(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let file = directory.join(&name);
    let read = tokio::task::spawn_blocking(move || std::fs::read(file)).await;
    match read {
        Ok(Ok(bytes)) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        _ => {
            tracing::warn!(name, "audio.missing: there is no such file in audio/ of the flows");
            StatusCode::NOT_FOUND.into_response()
        }
    }
}

/// The type of a recording by its name; none for a name that could lead out of the directory.
fn kind_of(name: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.starts_with('.') || !name.chars().all(plain) {
        return None;
    }
    match FilePath::new(name).extension()?.to_str()? {
        "wav" => Some("audio/wav"),
        "mp3" => Some("audio/mpeg"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_of_sounds_are_served() {
        assert_eq!(kind_of("groet-nl.wav"), Some("audio/wav"));
        assert_eq!(kind_of("greeting.mp3"), Some("audio/mpeg"));
        for name in
            ["../burenhulp.db", ".wav", "a/b.wav", "..wav", "caller.vxml", "noot", "a\\b.wav"]
        {
            assert_eq!(kind_of(name), None, "{name}");
        }
    }
}
