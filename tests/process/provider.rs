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

/// What the provider is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// To make a call.
    Order,
    /// To end one.
    HangUp,
    /// Whether it made one of which nothing was heard.
    LookFor,
}

/// A request that is its giver's last deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Victim {
    /// Of which kind.
    pub(crate) ask: Ask,
    /// Which of them, counted from 1.
    pub(crate) nth: u32,
    /// It is carried out, and nobody is there any more to hear so; else it never reaches the provider.
    pub(crate) carried_out: bool,
}

/// What the provider was asked, and which of it is struck.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    victims: Vec<Victim>,
    tell: Option<Sender<()>>,
    heard: Arc<[AtomicU32; 3]>,
}

impl Asked {
    /// When a victim is asked, `tell` is told; it is never answered.
    pub(crate) fn struck(victims: Vec<Victim>, tell: Sender<()>) -> Self {
        Self { victims, tell: Some(tell), heard: Arc::default() }
    }

    /// How many there were of this kind, those included that were struck.
    pub(crate) fn heard(&self, ask: Ask) -> u32 {
        self.heard[ask as usize].load(Ordering::SeqCst)
    }

    /// Counts one, and says whether it is a victim.
    fn hear(&self, ask: Ask) -> Option<Victim> {
        let nth = self.heard[ask as usize].fetch_add(1, Ordering::SeqCst) + 1;
        self.victims.iter().find(|victim| victim.ask == ask && victim.nth == nth).copied()
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
    asked: Asked,
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
        Self::begin(Desk { network, asked: Asked::default(), on_the_wall: false })
    }

    /// Its calls are made now at the earliest, so that they can be looked for by time.
    pub(crate) fn on_the_wall(network: Arc<Mutex<Network>>, asked: Asked) -> Self {
        Self::begin(Desk { network, asked, on_the_wall: true })
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
    desk.ask_once(Ask::Order, RestCall::CreateCall(Fields(fields))).await
}

async fn list_calls(State(desk): State<Desk>, Query(filter): Query<Pairs>) -> RestAnswer {
    desk.ask_once(Ask::LookFor, RestCall::ListCalls(Fields(filter))).await
}

async fn update_call(
    State(desk): State<Desk>,
    Path((_, sid)): Path<(String, String)>,
    Form(fields): Form<Pairs>,
) -> RestAnswer {
    let ends = fields.iter().any(|(name, _)| name == "Status");
    let call = RestCall::UpdateCall { sid: without_ending(&sid), fields: Fields(fields) };
    match ends {
        true => desk.ask_once(Ask::HangUp, call).await,
        false => desk.ask(call),
    }
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

    /// The same, unless it is a victim.
    async fn ask_once(&self, ask: Ask, call: RestCall) -> RestAnswer {
        match self.asked.hear(ask) {
            None => return self.ask(call),
            Some(victim) if victim.carried_out => {
                // What follows of it leaves when the lock does: nobody may hear that before the end.
                let mut network = self.lock();
                network.rest(self.now(), call);
                self.asked.kill();
            }
            Some(_) => self.asked.kill(),
        }
        std::future::pending().await
    }
}

fn without_ending(sid: &str) -> String {
    sid.strip_suffix(".json").unwrap_or(sid).to_owned()
}
