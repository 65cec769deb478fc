//! `burenhulp demo`: the exchange and a simulated carrier in one process, with telephones in the
//! browser.
//!
//! Everything goes the way that it goes with a provider: signed webhooks over HTTP, TwiML back,
//! REST calls. Nobody is really rung; people, numbers and the database last as long as the process.

mod past;
mod town;

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::config::{Config, Surroundings};
use crate::domain::Timestamp;
use crate::exchange::{Clock, Exchange, SystemClock};
use crate::flow::Flows;
use crate::sim::clock::Pace;
use crate::sim::delivery::Delivery;
use crate::sim::http::Webhooks;
use crate::sim::live::Live;
use crate::sim::number::Number;
use crate::sim::telephone::Behind;
use crate::sim::{Network, NetworkConfig, rest};
use crate::store::{Store, key};
use crate::telemetry::{LogFormat, Metrics, logging, start_logging};
use crate::web;
use crate::web::demo::Demo as DemoPage;
use crate::web::portal::Portal;

use super::assemble::{self, Rooms};
use town::Town;

/// Try the exchange with telephones in the browser; nobody is really rung
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Example:\n  burenhulp demo --port 8090\n\nCtrl-C stops it.")]
pub struct Demo {
    /// The port on this machine; 0 for any that is free
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Settles who answers how: the same number, the same town
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
    /// How many times faster than in life telephones ring and people speak, 0.1 to 20; the
    /// exchange's own limits are not changed
    #[arg(long, default_value_t = 1.0, value_parser = speed)]
    pub speed: f64,
    /// When it is at the start, such as 2026-12-25T23:00:00+01:00 [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub at: Option<Timestamp>,
    /// When the desk takes calls
    #[arg(long, value_enum, default_value_t)]
    pub desk: Desk,
    /// Weeks of calls that lie behind, for the reports; 0 for none
    #[arg(long, value_name = "WEEKS", default_value_t = 9, value_parser = clap::value_parser!(u32).range(0..=52))]
    pub past: u32,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse().ok().filter(|speed| (0.1..=20.0).contains(speed));
    speed.ok_or_else(|| "a number from 0.1 to 20 is expected".to_owned())
}

fn moment(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "a time like 2026-12-25T23:00:00+01:00".to_owned())
}

/// The time in the demo: it runs on from its start.
struct DemoClock(Pace);

impl Clock for DemoClock {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

/// When the desk of the demo takes calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Desk {
    /// Monday to Friday from nine to five, not on public holidays
    #[default]
    OfficeHours,
    /// Around the clock
    Open,
    /// Half an hour in the night to Sunday, so hardly ever
    Closed,
}

/// The configuration, with words in capitals in the place of what is settled at start.
const CONFIGURATION: &str = include_str!("../../fixtures/demo.toml");
/// The variable that the configuration names; the process's environment is not looked into.
const TOKEN_VARIABLE: &str = "BURENHULP_DEMO_TOKEN";
/// Pages that follow the demo never end by themselves; they are cut off after this.
const LAST_ANSWERS: Duration = Duration::from_secs(1);

impl Desk {
    fn hours(self) -> &'static str {
        match self {
            Self::OfficeHours => "Mo-Fr 09:00-17:00; PH off",
            Self::Open => "24/7",
            Self::Closed => "Su 03:00-03:30",
        }
    }
}

impl Demo {
    /// Runs the demo until Ctrl-C or SIGTERM.
    ///
    /// # Errors
    /// When the port is taken, or there is no room for a temporary database.
    pub fn run(&self) -> anyhow::Result<()> {
        let filter = std::env::var(logging::LOG_VARIABLE).unwrap_or_else(|_| "warn".to_owned());
        start_logging(LogFormat::Text, Some(&filter))?;
        let runtime = tokio::runtime::Runtime::new().context("no threads can be started")?;
        runtime.block_on(async {
            let running = self.start().await?;
            let mut out = std::io::stdout();
            writeln!(
                out,
                "The demo runs. Open this address in a browser:\n\n    {}\n\n\
                 Nobody is really rung. Ctrl-C stops it.",
                running.page()
            )?;
            out.flush()?;
            let mut terminate = signal(SignalKind::terminate())?;
            tokio::select! {
                _ = terminate.recv() => {}
                stop = tokio::signal::ctrl_c() => stop?,
            }
            running.stop().await;
            Ok(())
        })
    }

    /// Starts the demo in this runtime.
    ///
    /// # Errors
    /// As [`Demo::run`].
    pub async fn start(&self) -> anyhow::Result<Running> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await;
        let listener = listener.with_context(|| {
            format!("port {} cannot be used; choose another with --port", self.port)
        })?;
        let address = listener.local_addr()?;
        let directory = tempfile::tempdir().context("no temporary directory can be made")?;
        let database = directory.path().join("demo.db");
        let keys = key::load_or_make(&database)?;
        let store = Arc::new(Store::open(&database, keys.stop_list)?);
        // As good as random: derived from a secret that was made just now.
        let token: String = keys.voice_notes.iter().map(|byte| format!("{byte:02x}")).collect();

        let flows = Flows::built_in();
        let began = self.at.unwrap_or_else(|| SystemClock.now());
        let clock = DemoClock(Pace::from(began, 1.0));
        let config = self.configuration(address, &database, &token, &flows, began)?;
        let town = Town::of(&config, flows.catalogue(), self.seed, began)?;
        town.settle(&store, began)?;

        let pace = Pace::from(began, self.speed);
        let live = network(&config, &town, &token, self.seed, pace)?;
        let rooms = Rooms {
            flows,
            store,
            keys,
            carrier: Arc::new(assemble::carrier(&config.provider)?),
            clock: Arc::new(clock),
            metrics: Arc::new(Metrics::new()),
        };
        let mut app = assemble::exchange(&config, rooms);
        // The first page is that of any exchange, with a way to the telephones.
        let portal = Portal::new(&config.lines, &config.public_url).with_telephones("/demo");
        app.portal = Arc::new(portal);
        app.exchange.begin().await?;
        let exchange = Arc::clone(&app.exchange);
        let colleagues = town::desk(&config, &exchange, began).await?;
        if let Some(keeper) = colleagues.first().map(|colleague| colleague.id) {
            let calls = past::planned(&config.lines, self.past, self.seed, began);
            let then = past::Then { began, keeper, seed: self.seed };
            let (lines, numbering) = (&config.lines, config.numbering);
            past::live(exchange.store(), lines, numbering, &town.telephones, calls, then).await?;
        }
        town::offers(&exchange, began).await?;
        let door = web::desk::demo::door(app.clone(), colleagues);
        let page = Arc::new(DemoPage::new(
            live.clone(),
            Arc::clone(&exchange),
            town.cast,
            town.telephones,
        ));
        let router = web::router(app)
            .merge(rest::router(live.clone(), &config.provider.account, &token))
            .merge(web::demo::router(Arc::clone(&page)))
            .merge(door);

        let (stop, stopped) = tokio::sync::watch::channel(false);
        let is_set = move || {
            let mut flag = stopped.clone();
            async move {
                let _ = flag.wait_for(|set| *set).await;
            }
        };
        let counting = Arc::clone(&exchange);
        let worker = tokio::spawn({
            let (stop, exchange) = (is_set(), Arc::clone(&exchange));
            async move { exchange.keep_working(stop).await }
        });
        tokio::spawn({
            let (exchange, stop) = (counting, is_set());
            async move { exchange.keep_counting(stop).await }
        });
        tokio::spawn(page.keep_watching());
        let server = axum::serve(listener, web::service(router))
            .with_graceful_shutdown(is_set())
            .into_future();
        let server = tokio::spawn(server);
        Ok(Running { live, exchange, address, stop, server, worker, directory })
    }

    fn configuration(
        &self,
        address: SocketAddr,
        database: &Path,
        token: &str,
        flows: &Flows,
        now: Timestamp,
    ) -> anyhow::Result<Config> {
        let text = CONFIGURATION
            .replace("ADDRESS", &address.to_string())
            .replace("DATABASE", &database.to_string_lossy())
            .replace("DESK_HOURS", self.desk.hours());
        let around = Surroundings {
            environment: &|variable| (variable == TOKEN_VARIABLE).then(|| token.to_owned()),
            read_file: &|path| std::fs::read_to_string(path),
            services: &|_| Some(flows.catalogue().ids().cloned().collect()),
            now,
        };
        Config::read(&text, &around).map_err(|faults| anyhow!("fixtures/demo.toml: {faults}"))
    }
}

/// A network with the town's telephones, running.
fn network(
    config: &Config,
    town: &Town,
    token: &str,
    seed: u64,
    pace: Pace,
) -> anyhow::Result<Live> {
    let [voice_url, fallback_url, status_url] = config.provider_addresses().map(|(_, url)| url);
    let settings = NetworkConfig {
        account: config.provider.account.clone(),
        lines: config.lines.iter().map(|line| Number::new(line.number.e164())).collect(),
        voice_url,
        fallback_url: Some(fallback_url),
        status_url: Some(status_url),
        api_base: config.provider.api_base.clone(),
        delivery: Delivery::default(),
    };
    let mut network = Network::new(settings, seed);
    for (number, habits) in &town.telephones {
        network.add_telephone(number.clone(), Behind::Habits(habits.clone()));
    }
    Ok(Live::start(network, Webhooks::signed_with(token)?, pace))
}

/// A demo that runs.
pub struct Running {
    live: Live,
    exchange: Arc<Exchange>,
    address: SocketAddr,
    stop: tokio::sync::watch::Sender<bool>,
    server: tokio::task::JoinHandle<std::io::Result<()>>,
    worker: tokio::task::JoinHandle<()>,
    /// Goes with everything in it when the demo is over.
    directory: tempfile::TempDir,
}

impl Running {
    /// The address of the page.
    pub fn page(&self) -> String {
        format!("http://{}/demo", self.address)
    }

    /// The telephone network, for whoever wants to see or do more than the page shows.
    pub fn network(&self) -> &Live {
        &self.live
    }

    /// The address of the desk, which lets its first operator in.
    pub fn desk(&self) -> String {
        format!("http://{}{}", self.address, web::desk::demo::DOOR)
    }

    /// The exchange, to look into.
    pub fn exchange(&self) -> &Arc<Exchange> {
        &self.exchange
    }

    /// Stops it, and leaves nothing behind.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let _ = tokio::time::timeout(LAST_ANSWERS, self.server).await;
        let _ = self.worker.await;
        drop(self.directory);
    }
}

#[cfg(test)]
mod tests;
