//! The provider's REST interface in front of a network in virtual time, on a thread of its own.
//!
//! It answers at once, at whatever moment the network is; or, when it keeps the clock on the wall,
//! not earlier than now. It can let whoever orders a call be killed there and then.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::routing::{delete, post};
use burenhulp::domain::Timestamp;
use burenhulp::exchange::{Clock, SystemClock};
use burenhulp::sim::Network;
use burenhulp::sim::api::{Fields, RestAnswer, RestCall};

type Pairs = Vec<(String, String)>;

/// Which order of a call is its giver's last deed, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Victim {
    /// It never reaches the provider.
    BeforeOrder(u32),
    /// It is carried out; nobody is there any more to hear so.
    AfterOrder(u32),
}

/// Orders of calls, and which of them is struck.
#[derive(Debug, Clone, Default)]
pub(crate) struct Orders {
    victim: Option<Victim>,
    tell: Option<Sender<()>>,
    heard: Arc<AtomicU32>,
}

impl Orders {
    /// When the victim orders, `tell` is told; the order is never answered.
    pub(crate) fn struck(victim: Option<Victim>, tell: Sender<()>) -> Self {
        Self { victim, tell: Some(tell), heard: Arc::default() }
    }

    /// How many there were, those included that were struck.
    pub(crate) fn heard(&self) -> u32 {
        self.heard.load(Ordering::SeqCst)
    }

    fn kill(&self) {
        if let Some(tell) = &self.tell {
            // Whoever would do it may have stopped waiting.
            let _ = tell.send(());
        }
    }
}

#[derive(Clone)]
struct Desk {
    network: Arc<Mutex<Network>>,
    orders: Orders,
    on_the_wall: bool,
}

/// Answers as long as it is kept.
pub(crate) struct Provider {
    /// `http://127.0.0.1:…`
    pub(crate) api_base: String,
    _runtime: tokio::runtime::Runtime,
}

impl Provider {
    pub(crate) fn before(network: Arc<Mutex<Network>>) -> Self {
        Self::begin(Desk { network, orders: Orders::default(), on_the_wall: false })
    }

    /// Its calls are made now at the earliest, so that they can be looked for by time.
    pub(crate) fn on_the_wall(network: Arc<Mutex<Network>>, orders: Orders) -> Self {
        Self::begin(Desk { network, orders, on_the_wall: true })
    }

    fn begin(desk: Desk) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let api_base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new()
            .route("/2010-04-01/Accounts/{account}/Calls.json", post(create_call).get(list_calls))
            .route("/2010-04-01/Accounts/{account}/Calls/{sid}", post(update_call).get(fetch_call))
            .route("/2010-04-01/Accounts/{account}/Recordings/{sid}", delete(delete_recording))
            .with_state(desk);
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

async fn create_call(State(desk): State<Desk>, Form(fields): Form<Pairs>) -> RestAnswer {
    let nth = desk.orders.heard.fetch_add(1, Ordering::SeqCst) + 1;
    let order = RestCall::CreateCall(Fields(fields));
    match desk.orders.victim {
        Some(Victim::BeforeOrder(victim)) if victim == nth => desk.orders.kill(),
        Some(Victim::AfterOrder(victim)) if victim == nth => {
            // The call's own reports leave when the lock does: nobody may hear them before the end.
            let mut network = desk.lock();
            network.rest(desk.now(), order);
            desk.orders.kill();
        }
        _ => return desk.ask(order),
    }
    std::future::pending().await
}

async fn list_calls(State(desk): State<Desk>, Query(filter): Query<Pairs>) -> RestAnswer {
    desk.ask(RestCall::ListCalls(Fields(filter)))
}

async fn update_call(
    State(desk): State<Desk>,
    Path((_, sid)): Path<(String, String)>,
    Form(fields): Form<Pairs>,
) -> RestAnswer {
    desk.ask(RestCall::UpdateCall { sid: without_ending(&sid), fields: Fields(fields) })
}

async fn fetch_call(
    State(desk): State<Desk>,
    Path((_, sid)): Path<(String, String)>,
) -> RestAnswer {
    desk.ask(RestCall::FetchCall { sid: without_ending(&sid) })
}

async fn delete_recording(
    State(desk): State<Desk>,
    Path((_, sid)): Path<(String, String)>,
) -> RestAnswer {
    desk.ask(RestCall::DeleteRecording { sid: without_ending(&sid) })
}

impl Desk {
    /// A panic elsewhere is reported where it happened, not here.
    fn lock(&self) -> std::sync::MutexGuard<'_, Network> {
        self.network.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Timestamp {
        if self.on_the_wall { SystemClock.now() } else { Timestamp(i64::MIN) }
    }

    fn ask(&self, call: RestCall) -> RestAnswer {
        self.lock().rest(self.now(), call)
    }
}

fn without_ending(sid: &str) -> String {
    sid.strip_suffix(".json").unwrap_or(sid).to_owned()
}
