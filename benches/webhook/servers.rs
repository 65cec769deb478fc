//! The two that are compared: the exchange on a town of its own, and a handler that only parses.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Form, Path as UrlPath};
use axum::http::header;
use axum::routing::post;
use burenhulp::commands::assemble::{self, Rooms};
use burenhulp::config::{Config, Surroundings};
use burenhulp::domain::Timestamp;
use burenhulp::exchange::{Clock, SystemClock};
use burenhulp::flow::Flows;
use burenhulp::store::{NewParticipant, Place, Store, StoreError, key};
use burenhulp::telemetry::Metrics;
use burenhulp::web::{self, App};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::client::Recorded;
pub(crate) use crate::configuration::LINE;
use crate::configuration::configuration;
use crate::people::{FIRST_PLACE, person, place};

/// What webhooks are signed with.
pub(crate) const AUTH_TOKEN: &str = "12345";
/// Half of the country's postcodes, with twenty people each who do what is asked: that is dense.
const PLACES: u16 = 2_000;
const PEOPLE: u32 = 40_000;

/// Places with people, enough of them that nobody is asked too often while the bench runs.
pub(crate) struct Town {
    pub(crate) postcodes: Vec<u16>,
}

/// A server that runs as long as it is kept.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
    _directory: Option<TempDir>,
    commits: Arc<Commits>,
    began: Instant,
}

#[derive(Default)]
struct Commits {
    commits: AtomicU64,
    writes: AtomicU64,
    nanos: AtomicU64,
}

impl Server {
    pub(crate) fn commits_per_second(&self) -> f64 {
        self.commits.commits.load(Ordering::Relaxed) as f64 / self.began.elapsed().as_secs_f64()
    }

    /// From the first write of a batch to its commit, milliseconds on average.
    pub(crate) fn milliseconds(&self) -> f64 {
        let commits = self.commits.commits.load(Ordering::Relaxed).max(1);
        self.commits.nanos.load(Ordering::Relaxed) as f64 / 1e6 / commits as f64
    }

    pub(crate) fn writes_per_commit(&self) -> f64 {
        let commits = self.commits.commits.load(Ordering::Relaxed).max(1);
        self.commits.writes.load(Ordering::Relaxed) as f64 / commits as f64
    }
}

impl Town {
    pub(crate) fn build() -> Self {
        Self { postcodes: (0..PLACES).map(|n| FIRST_PLACE + n).collect() }
    }

    fn config(&self, database: &Path, address: SocketAddr) -> Config {
        let text = configuration(&self.postcodes, database, address);
        let around = Surroundings {
            environment: &|_| Some(AUTH_TOKEN.to_owned()),
            read_file: &|_| Err(std::io::ErrorKind::NotFound.into()),
            services: &|_| None,
            now: SystemClock.now(),
        };
        Config::read(&text, &around).unwrap_or_else(|faults| panic!("{faults}"))
    }

    fn move_in(&self, store: &Store, now: Timestamp) {
        let places: Vec<Place> = self.postcodes.iter().map(|&number| place(number)).collect();
        let since = now - Duration::from_secs(24 * 3600);
        let people: Vec<NewParticipant> = (0..PEOPLE)
            // In the order of their postcodes, as an import stores them.
            .map(|n| person(n, self.postcodes[(n / (PEOPLE / u32::from(PLACES))) as usize], since))
            .collect();
        let moved: Result<(), StoreError> = store.write_blocking(move |tx| {
            tx.put_places(&places)?;
            people.iter().try_for_each(|person| tx.put_participant(person, now).map(|_| ()))
        });
        moved.expect("the town is written");
    }
}

/// The exchange, as `serve` has it, on a database of its own on disk.
pub(crate) fn exchange(town: &Town) -> Server {
    serving(town).0
}

/// The same, to look into.
pub(crate) fn serving(town: &Town) -> (Server, App) {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    // On the disk that the program is built on: a directory in memory would prove nothing.
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("an address");
    let config = town.config(&directory.path().join("bench.db"), address);

    let commits = Arc::new(Commits::default());
    let watching = Arc::clone(&commits);
    let keys = key::load_or_make(&config.database).expect("a key");
    let store =
        Store::open_watched(&config.database, keys.stop_list, move |writes, took: Duration| {
            watching.nanos.fetch_add(took.as_nanos() as u64, Ordering::Relaxed);
            watching.commits.fetch_add(1, Ordering::Relaxed);
            watching.writes.fetch_add(writes as u64, Ordering::Relaxed);
        })
        .expect("a database");
    town.move_in(&store, SystemClock.now());
    let app = assemble::exchange(
        &config,
        Rooms {
            flows: Flows::built_in(),
            store: Arc::new(store),
            keys,
            carrier: Arc::new(assemble::carrier(&config.provider).expect("a carrier")),
            clock: Arc::new(SystemClock),
            metrics: Arc::new(Metrics::new()),
        },
    );
    runtime.block_on(app.exchange.begin()).expect("begins");
    let worker = Arc::clone(&app.exchange);
    runtime.spawn(async move { worker.keep_working(std::future::pending()).await });
    runtime.spawn(axum::serve(listener, web::router(app.clone())).into_future());
    let server = Server {
        address,
        _runtime: runtime,
        _directory: Some(directory),
        commits,
        began: Instant::now(),
    };
    (server, app)
}

/// A bare handler: parses the same form and returns the same bytes, and nothing else.
pub(crate) fn bare(recorded: &Recorded) -> Server {
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
    let address = listener.local_addr().expect("an address");
    let answers: Arc<[String]> = recorded.answers().into();
    let handler = move |UrlPath(step): UrlPath<usize>, Form(form): Form<Vec<(String, String)>>| {
        let answer = answers.get(step).cloned().unwrap_or_default();
        async move {
            std::hint::black_box(&form);
            ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], answer)
        }
    };
    let router = Router::new().route("/{step}", post(handler));
    runtime.spawn(axum::serve(listener, router).into_future());
    let commits = Arc::default();
    Server { address, _runtime: runtime, _directory: None, commits, began: Instant::now() }
}
