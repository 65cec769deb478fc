//! The whole exchange in this process, on a clock that is set: its router is asked directly, its
//! carrier is the simulated network, its database a file that survives it.

mod books;
mod carrier;
pub(crate) mod desk;
pub(crate) mod orders;
pub(crate) mod portal;
mod town;

use std::path::PathBuf;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use burenhulp::commands::assemble::{Rooms, exchange};
use burenhulp::config::{Config, Surroundings};
use burenhulp::domain::Timestamp;
use burenhulp::exchange::{FALLBACK, INCOMING, STATUS, SetClock};
use burenhulp::flow::Flows;
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::{Afterwards, Cast, Scenario};
use burenhulp::sim::virtual_time::{Application, HttpRequest};
use burenhulp::sim::wire::{Failure, Method, Response};
use burenhulp::sim::{Network, NetworkConfig};
use burenhulp::store::{Store, key};
use burenhulp::telemetry::Metrics;
use burenhulp::web::{App, router};
use tower::ServiceExt;

use carrier::InProcess;
pub(crate) use carrier::Tapes;

/// What webhooks are signed with.
pub(crate) const TOKEN: &str = "een geheim";
const ACCOUNT: &str = "AC00000000000000000000000000000000";
const PUBLIC_URL: &str = "https://centrale.example.nl";
/// A loopback address, as fixture numbers demand. Nothing is ever sent there.
const API_BASE: &str = "http://127.0.0.1:9";
/// Longest answer that is read, bytes.
const LONGEST: usize = 1_000_000;

/// Read once: a restart in a scenario is to try the database, not the reading of flows.
static FLOWS: LazyLock<Flows> = LazyLock::new(Flows::built_in);

/// An exchange and the network that it lives on.
pub(crate) struct House {
    network: Arc<Mutex<Network>>,
    config: Config,
    clock: Arc<SetClock>,
    tapes: Arc<Mutex<Tapes>>,
    flows: Flows,
    app: Option<(App, Router)>,
    directory: tempfile::TempDir,
    orders: orders::Orders,
}

impl House {
    /// The house of a scenario: its lines, its people, nobody calling yet.
    pub(crate) async fn of(scenario: &Scenario, delivery: Delivery) -> Self {
        Self::with_desk(scenario, delivery, "require_totp = []").await
    }

    /// The same, with these settings of its desk.
    pub(crate) async fn with_desk(scenario: &Scenario, delivery: Delivery, desk: &str) -> Self {
        Self::with(scenario, delivery, desk, FLOWS.clone()).await
    }

    /// The same, with other flows than the built-in ones.
    pub(crate) async fn with_flows(scenario: &Scenario, flows: Flows) -> Self {
        Self::with(scenario, Delivery::default(), "require_totp = []", flows).await
    }

    async fn with(scenario: &Scenario, delivery: Delivery, desk: &str, flows: Flows) -> Self {
        let cast = Cast::of(scenario);
        let config = config(scenario, &cast, desk, &flows);
        let network = Network::new(network_config(&cast, delivery), 1);
        let clock = Arc::new(SetClock::at(scenario.at));
        let directory = in_memory_directory();
        let network = Arc::new(Mutex::new(network));
        let (tapes, orders) = (Arc::default(), orders::Orders::of(scenario, &cast));
        let app = None;
        let mut house = Self { network, config, clock, tapes, flows, app, directory, orders };
        house.open().await;
        town::settle(house.store(), &house.database(), scenario, &cast).await;
        scenario.set_up(&cast, &mut house.network.lock().unwrap(), PUBLIC_URL);
        house
    }

    /// How recordings are from now on.
    pub(crate) fn recordings_are(&self, tapes: Tapes) {
        *self.tapes.lock().unwrap() = tapes;
    }

    /// The network. The exchange orders calls on it whenever it works.
    pub(crate) fn network(&self) -> &Arc<Mutex<Network>> {
        &self.network
    }

    /// What its books say now.
    pub(crate) async fn books(&self, scenario: &Scenario) -> Afterwards {
        books::read(self.store(), &self.database(), scenario).await
    }

    /// What the desk was told otherwise than it should have been.
    pub(crate) fn complaints_of_the_desk(&self) -> &[String] {
        self.orders.complaints()
    }

    /// The books as they lie open now.
    pub(crate) fn books_now(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }

    /// Moves the clock.
    pub(crate) fn set_clock(&self, now: Timestamp) {
        self.clock.set(now);
    }

    /// The process begins again, with a configuration that no longer has this line.
    pub(crate) async fn goes_on_without(&mut self, line: &str) {
        self.config.lines.retain(|one| one.number.e164() != line);
        self.restart().await;
    }

    /// Somebody at the desk or on the website does what the scenario says for now; nothing follows
    /// from it yet.
    pub(crate) async fn give_orders(&mut self, now: Timestamp) {
        self.clock.set(now);
        let (exchange, database) = (Arc::clone(&self.app().0.exchange), self.database());
        self.orders.give_those_due(&exchange, &database, now).await;
    }

    /// Whether everything was ordered that the scenario says.
    pub(crate) fn all_orders_given(&self) -> bool {
        self.orders.next_at().is_none()
    }

    /// How many rows a table has.
    pub(crate) fn count(&self, table: &str) -> i64 {
        books::count(&self.database(), table)
    }

    fn database(&self) -> PathBuf {
        self.directory.path().join("town.db")
    }

    /// The exchange's database.
    pub(crate) fn store(&self) -> &Arc<Store> {
        self.app().0.exchange.store()
    }

    /// The exchange itself, and its addresses.
    pub(crate) fn app(&self) -> &(App, Router) {
        self.app.as_ref().expect("open at all times but during a restart")
    }

    async fn open(&mut self) {
        let keys = key::load_or_make(&self.database()).unwrap();
        let store = Arc::new(Store::open(&self.database(), keys.stop_list).unwrap());
        let rooms = Rooms {
            flows: self.flows.clone(),
            store,
            keys,
            carrier: Arc::new(InProcess::new(&self.network, &self.clock, &self.tapes)),
            clock: Arc::clone(&self.clock) as Arc<_>,
            metrics: Arc::new(Metrics::new()),
        };
        let app = exchange(&self.config, rooms);
        app.exchange.begin().await.unwrap();
        let router = router(app.clone());
        self.app = Some((app, router));
    }
}

impl Application for House {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        self.clock.set(now);
        let method = match request.method {
            Method::Post => "POST",
            Method::Get => "GET",
        };
        let mut asked = Request::builder().method(method).uri(&request.path_and_query);
        for (name, value) in &request.headers {
            asked = asked.header(*name, value);
        }
        let asked = asked.body(Body::from(request.body)).unwrap();
        let answer = self.app().1.clone().oneshot(asked).await.unwrap();
        let text = |name| answer.headers().get(name).map(|v| v.to_str().unwrap().to_owned());
        Ok(Response {
            status: answer.status().as_u16(),
            content_type: text(header::CONTENT_TYPE),
            location: text(header::LOCATION),
            body: to_bytes(answer.into_body(), LONGEST).await.unwrap().into(),
        })
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        let own = self.app().0.exchange.next_due().await.unwrap();
        [own, self.orders.next_at()].into_iter().flatten().min()
    }

    async fn work(&mut self, now: Timestamp) {
        self.give_orders(now).await;
        self.app().0.exchange.work().await.unwrap();
    }

    async fn restart(&mut self) {
        self.app = None;
        self.open().await;
    }
}

/// Where there is one, a directory in memory: restarts in a scenario end the exchange, not the
/// machine, so that nothing needs to reach a disk. (That it does is for the kill test.)
fn in_memory_directory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn network_config(cast: &Cast, delivery: Delivery) -> NetworkConfig {
    NetworkConfig {
        account: ACCOUNT.to_owned(),
        lines: cast.lines.clone(),
        voice_url: format!("{PUBLIC_URL}{INCOMING}"),
        fallback_url: Some(format!("{PUBLIC_URL}{FALLBACK}")),
        status_url: Some(format!("{PUBLIC_URL}{STATUS}")),
        api_base: API_BASE.to_owned(),
        delivery,
    }
}

/// A whole configuration, read as an organisation's would be.
fn config(scenario: &Scenario, cast: &Cast, desk: &str, flows: &Flows) -> Config {
    let mut lines = scenario.line.clone();
    if lines.is_empty() {
        lines.push(toml::Table::new());
    }
    // A line that is switched off here is a number that only the provider knows of.
    lines.retain(|line| line.get("unknown").is_none());
    for line in &mut lines {
        for (key, value) in usual_line(cast) {
            line.entry(key).or_insert(value);
        }
    }
    let lines = lines.into_iter().map(toml::Value::Table).collect();
    let mut tables = toml::Table::from_iter([("line".to_owned(), toml::Value::Array(lines))]);
    if !scenario.referral.is_empty() {
        let known = scenario.referral.iter().cloned().map(toml::Value::Table).collect();
        tables.insert("referral".to_owned(), toml::Value::Array(known));
    }
    let text = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"{PUBLIC_URL}\"\ndatabase = \"town.db\"\n\
         numbering = \"nl-fixtures\"\n[desk]\n{desk}\n[provider]\nkind = \"twilio\"\naccount = \"{ACCOUNT}\"\n\
         auth_token_env = \"TOKEN\"\napi_base = \"{API_BASE}\"\n{}",
        toml::to_string(&tables).unwrap()
    );
    let around = Surroundings {
        environment: &|name| (name == "TOKEN").then(|| TOKEN.to_owned()),
        read_file: &|_| Err(std::io::ErrorKind::NotFound.into()),
        services: &|_| Some(flows.catalogue().ids().cloned().collect()),
        now: scenario.at,
    };
    Config::read(&text, &around).unwrap_or_else(|faults| panic!("{faults}\n{text}"))
}

fn usual_line(cast: &Cast) -> toml::Table {
    let desk: Vec<&str> = cast.desk.iter().map(|seat| seat.as_str()).collect();
    let mut line: toml::Table = toml::from_str(
        r#"
        name = "Burenhulp Scheveningen"
        area = ["2581", "2582", "2583", "2584", "2586", "2587"]
        languages = ["nl"]
        services = ["groceries", "odd-job", "transport", "company", "dog", "paperwork", "digital"]
        office_hours = "Mo-Fr 09:00-17:00; PH off"
        "#,
    )
    .unwrap();
    line.insert("number".to_owned(), cast.lines[0].as_str().into());
    line.insert("desk".to_owned(), desk.into());
    line
}
