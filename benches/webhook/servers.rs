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
use burenhulp::domain::{Hours, Language, Numbering, Phone, Postcode, ServiceId, Timestamp};
use burenhulp::exchange::{Clock, SystemClock};
use burenhulp::flow::Flows;
use burenhulp::store::{NewParticipant, Place, Store, StoreError, key};
use burenhulp::telemetry::Metrics;
use burenhulp::web::{self, App};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::client::Recorded;

/// What webhooks are signed with.
pub(crate) const AUTH_TOKEN: &str = "12345";
/// The number that is dialled.
pub(crate) const LINE: &str = "+31700002586";
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
        Self { postcodes: (0..PLACES).map(|n| 2000 + n).collect() }
    }

    fn config(&self, database: &Path, address: SocketAddr) -> Config {
        let area: Vec<String> = self.postcodes.iter().map(|p| format!("\"{p}\"")).collect();
        let text = format!(
            r#"public_url = "http://{address}"
database = "{database}"
numbering = "nl-fixtures"
[provider]
kind = "twilio"
account = "AC00000000000000000000000000000000"
auth_token_env = "TOKEN"
api_base = "http://127.0.0.1:9"
[[line]]
number = "{LINE}"
name = "Burenhulp Scheveningen"
area = [{area}]
languages = ["nl"]
services = ["groceries", "odd-job", "transport", "company"]
office_hours = "Mo-Su 09:00-17:00"
ringing_hours = "Mo-Su 00:00-24:00"
desk = []
"#,
            database = database.display(),
            area = area.join(", "),
        );
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
        let people: Vec<NewParticipant> = (0..PEOPLE)
            // In the order of their postcodes, as an import stores them.
            .map(|n| person(n, self.postcodes[(n / (PEOPLE / u32::from(PLACES))) as usize], now))
            .collect();
        let moved: Result<(), StoreError> = store.write_blocking(move |tx| {
            tx.put_places(&places)?;
            people.iter().try_for_each(|person| tx.put_participant(person, now).map(|_| ()))
        });
        moved.expect("the town is written");
    }
}

fn place(number: u16) -> Place {
    let n = f64::from(number - 2000);
    Place {
        postcode: Postcode::try_from(number).expect("a postcode"),
        place: "Den Haag".into(),
        neighbourhood: "Scheveningen".into(),
        lat: 52.0 + (n / 25.0).floor() * 0.009,
        lon: 4.2 + (n % 25.0) * 0.0146,
    }
}

fn person(n: u32, postcode: u16, now: Timestamp) -> NewParticipant {
    let day = Duration::from_secs(24 * 3600);
    NewParticipant {
        phone: Phone::parse(&format!("+31700{:06}", 100_000 + n), Numbering::NlFixtures)
            .expect("a fixture number"),
        name: String::new(),
        postcode: Postcode::try_from(postcode).expect("a postcode"),
        services: vec![ServiceId::parse("groceries").expect("an id")],
        hours: Hours::parse("Mo-Su 00:00-24:00").expect("hours"),
        languages: vec![Language::Nl],
        min_m: 0,
        max_m: 15_000,
        max_per_day: 20,
        max_per_week: 50,
        opted_in: Some((now - day * 2, "web".into())),
        verified_at: Some(now - day),
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
