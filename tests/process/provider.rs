//! The provider's REST interface in front of a network in virtual time, on a thread of its own.
//!
//! It answers at once, at whatever moment the network is.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, Path, State};
use axum::routing::{delete, post};
use burenhulp::domain::Timestamp;
use burenhulp::sim::Network;
use burenhulp::sim::api::{Fields, RestAnswer, RestCall};

type Shared = State<Arc<Mutex<Network>>>;

/// Answers as long as it is kept.
pub(crate) struct Provider {
    /// `http://127.0.0.1:…`
    pub(crate) api_base: String,
    _runtime: tokio::runtime::Runtime,
}

impl Provider {
    pub(crate) fn before(network: Arc<Mutex<Network>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let api_base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/2010-04-01/Accounts/{account}/Calls/{sid}", post(update_call))
            .route("/2010-04-01/Accounts/{account}/Recordings/{sid}", delete(delete_recording))
            .with_state(network);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await
        });
        Self { api_base, _runtime: runtime }
    }
}

async fn update_call(
    State(network): Shared,
    Path((_, sid)): Path<(String, String)>,
    Form(fields): Form<Vec<(String, String)>>,
) -> RestAnswer {
    ask(&network, RestCall::UpdateCall { sid: without_ending(&sid), fields: Fields(fields) })
}

async fn delete_recording(
    State(network): Shared,
    Path((_, sid)): Path<(String, String)>,
) -> RestAnswer {
    ask(&network, RestCall::DeleteRecording { sid: without_ending(&sid) })
}

fn ask(network: &Mutex<Network>, call: RestCall) -> RestAnswer {
    // A panic elsewhere is reported where it happened, not here.
    network.lock().unwrap_or_else(PoisonError::into_inner).rest(Timestamp(i64::MIN), call)
}

fn without_ending(sid: &str) -> String {
    sid.strip_suffix(".json").unwrap_or(sid).to_owned()
}
