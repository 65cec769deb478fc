//! `burenhulp serve`: answers the provider until it is told to stop.
//!
//! SIGTERM (or Ctrl-C) finishes what is under way and closes the database. SIGHUP reads the voice
//! flows again; ones with a fault are told and not used.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::config::{Config, FILE_NAME};
use crate::exchange::SystemClock;
use crate::flow::Flows;
use crate::store::{Store, key};
use crate::telemetry::{LogFormat, Metrics, logging, start_logging};
use crate::web::{self, App};

use super::assemble::{self, Rooms};
use super::{flow_files, world};

/// Answer the telephony provider until told to stop
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Example:\n  \
    BURENHULP_AUTH_TOKEN=... burenhulp serve --config burenhulp.toml\n\n\
    SIGTERM stops it after what is under way; SIGHUP reads the voice flows again.")]
pub struct Serve {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
    /// How log lines look
    #[arg(long, value_enum, default_value_t)]
    pub log_format: LogFormat,
}

/// Answers that are under way when the process is told to stop are waited for this long: the
/// provider itself waits no longer.
const LAST_ANSWERS: Duration = Duration::from_secs(15);

impl Serve {
    /// Serves until SIGTERM or SIGINT.
    ///
    /// # Errors
    /// When the configuration, the flows or the database are not in order, or the address is taken.
    pub fn run(&self) -> anyhow::Result<()> {
        start_logging(self.log_format, std::env::var(logging::LOG_VARIABLE).ok().as_deref())?;
        let config = Config::load(&self.config, &flow_files::services, world::now())
            .map_err(|faults| in_lines(&faults.lines().collect::<Vec<_>>()))?;
        let flows = flow_files::read_for(config.flows.as_deref(), &config.lines)
            .map_err(|faults| in_lines(&faults))?;
        let app = open(&config, flows)?;
        let runtime = tokio::runtime::Runtime::new().context("no threads can be started")?;
        runtime.block_on(serve(app, config.listen, config.flows.as_deref()))?;
        tracing::info!("stopped: everything is on disk");
        Ok(())
    }
}

/// Every fault on a line of its own.
fn in_lines(faults: &[String]) -> anyhow::Error {
    anyhow!("it cannot begin like this:\n{}", faults.join("\n"))
}

fn open(config: &Config, flows: Flows) -> anyhow::Result<App> {
    let metrics = Arc::new(Metrics::new());
    let keys = key::load_or_make(&config.database)?;
    let watching = Arc::clone(&metrics);
    let watcher = move |writes, took| watching.commit(writes, took);
    let store = Store::open_watched(&config.database, keys.stop_list, watcher)
        .with_context(|| config.database.display().to_string())?;
    let carrier = Arc::new(assemble::carrier(&config.provider)?);
    let clock = Arc::new(SystemClock);
    let store = Arc::new(store);
    Ok(assemble::exchange(config, Rooms { flows, store, keys, carrier, clock, metrics }))
}

/// Serves and works until told to stop; then finishes what is under way and lets the store go,
/// which closes the database.
async fn serve(app: App, listen: SocketAddr, flows: Option<&Path>) -> anyhow::Result<()> {
    // First of all: told to stop before it hears that, the process would end in the middle of
    // something.
    let signals = Signals::listen().context("no signals can be received")?;
    app.exchange.begin().await?;
    tell_of_lines_gone(&app).await?;
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("{listen} cannot be listened on; is the exchange running already?")
    })?;
    let lines: Vec<&str> = app.exchange.context().lines.iter().map(|l| l.name.as_str()).collect();
    tracing::info!(listen = %listener.local_addr()?, lines = lines.join(", "), "serving");

    let (stop, stopped) = watch::channel(false);
    let worker = {
        let (exchange, stopped) = (Arc::clone(&app.exchange), stopped.clone());
        tokio::spawn(async move { exchange.keep_working(is_set(stopped)).await })
    };
    let forgetter = {
        let (exchange, stopped) = (Arc::clone(&app.exchange), stopped.clone());
        tokio::spawn(async move { exchange.keep_forgetting(is_set(stopped)).await })
    };
    let exchange = Arc::clone(&app.exchange);
    let server = axum::serve(listener, web::service(web::router(app)))
        .with_graceful_shutdown(is_set(stopped))
        .into_future();
    let server = tokio::spawn(server);

    signals.until_told_to_stop(&exchange, flows).await;
    tracing::info!("stopping: what is under way is finished first");
    stop.send_replace(true);
    match tokio::time::timeout(LAST_ANSWERS, server).await {
        Ok(ended) => ended??,
        Err(_) => tracing::warn!("stopping: an answer took over 15 s and is not waited for"),
    }
    worker.await?;
    forgetter.await?;
    Ok(())
}

/// Something waits for a line that is not in the configuration any more: the desk of another one gets
/// it, in time.
async fn tell_of_lines_gone(app: &App) -> anyhow::Result<()> {
    let context = app.exchange.context();
    let at_work = app.exchange.store().read(|tx| tx.lines_at_work()).await?;
    let gone = at_work.iter().filter(|number| context.line(number).is_none()).count();
    if gone > 0 {
        tracing::warn!(lines = gone, "serving.lines_gone: see `burenhulp check` for which");
    }
    Ok(())
}

async fn is_set(mut flag: watch::Receiver<bool>) {
    // An error means that whoever could set it is gone: stop as well.
    let _ = flag.wait_for(|set| *set).await;
}

/// What the process may be told by its keeper.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    fn listen() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    async fn until_told_to_stop(
        mut self,
        exchange: &crate::exchange::Exchange,
        flows: Option<&Path>,
    ) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hang_up.recv() => {
                    if let Err(fault) = read_flows_again(exchange, flows).await {
                        tracing::error!("flows.not_used: the ones in use stay in use; {fault:#}");
                    }
                }
            }
        }
    }
}

async fn read_flows_again(
    exchange: &crate::exchange::Exchange,
    directory: Option<&Path>,
) -> anyhow::Result<()> {
    let Some(directory) = directory else {
        bail!("the built-in flows are in use; name a directory with `flows` in the configuration");
    };
    let lines = &exchange.context().lines;
    let flows = flow_files::read_for(Some(directory), lines)
        .map_err(|faults| anyhow!(faults.join("\n")))?;
    let version = flows.version().to_owned();
    exchange.use_flows(flows).await?;
    tracing::info!(version, "flows.in_use: calls that begin from now on hear them");
    Ok(())
}
