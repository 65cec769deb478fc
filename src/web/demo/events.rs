//! What moves, sent as it changes: server-sent events with parts of the page, ready to be put in.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use serde_json::{Map, Value, json};
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};

use crate::web::demo::Demo;
use crate::web::demo::page::{Parts, Wanted, state};

pub(super) async fn events(
    State(demo): State<Arc<Demo>>,
    Query(wanted): Query<Wanted>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let language = wanted.language();
    let mut sent = Map::new();
    let scenes = WatchStream::new(demo.scene.subscribe());
    let events = scenes.filter_map(move |scene| {
        let parts = Parts::of(&scene, &demo.cast, language).ok()?;
        let mut now = match json!(parts) {
            Value::Object(parts) => parts,
            _ => return None,
        };
        now.insert("state".to_owned(), json!(state(&scene)));
        let changed: Map<_, _> =
            now.iter().filter(|(name, part)| sent.get(*name) != Some(part)).map(owned).collect();
        sent = now;
        (!changed.is_empty()).then(|| Ok(Event::default().data(Value::Object(changed).to_string())))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

fn owned((name, part): (&String, &Value)) -> (String, Value) {
    (name.clone(), part.clone())
}
