//! Fifty callers at once: the network in one task, its requests over as many connections.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::time::{Duration, Instant};

use burenhulp::domain::Timestamp;
use burenhulp::sim::Network;
use burenhulp::sim::leg::LegId;
use burenhulp::sim::log::What;
use burenhulp::sim::number::Number;
use burenhulp::sim::rules::{self, Known};
use burenhulp::sim::wire::Request;
use hdrhistogram::Histogram;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::process::{Exchange, own_cpu};
use crate::town::{LINE, Town};
use crate::wire::{Carried, connect};

/// Longest answer that is told from a longer one, nanoseconds: the provider waits no longer.
const SLOWEST: u64 = 15_000_000_000;

/// What was counted while the load was steady; `broken` is of the whole run.
pub(crate) struct Measured {
    pub(crate) time: Duration,
    pub(crate) calls: u64,
    pub(crate) connected: u64,
    pub(crate) rings: u64,
    /// Nanoseconds from sending a webhook to its answer.
    pub(crate) times: Histogram<u64>,
    pub(crate) exchange_cpu: Duration,
    pub(crate) own_cpu: Duration,
    pub(crate) resident_mb: f64,
    pub(crate) broken: Vec<String>,
}

impl Measured {
    fn nothing() -> Self {
        Self {
            time: Duration::ZERO,
            calls: 0,
            connected: 0,
            rings: 0,
            times: Histogram::new_with_bounds(1, SLOWEST, 3).expect("a histogram"),
            exchange_cpu: Duration::ZERO,
            own_cpu: Duration::ZERO,
            resident_mb: 0.0,
            broken: Vec::new(),
        }
    }
}

/// Runs in for a fifth of the time, measures, and lets every call come to its end.
pub(crate) fn run(town: &Town, exchange: &Exchange, at_once: usize, time: Duration) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut load = Load::begin(town, exchange, at_once);
        load.until(Instant::now() + time / 5).await;

        load.measured = Measured::nothing();
        let (began, exchange_cpu, own) = (Instant::now(), exchange.cpu(), own_cpu());
        load.until(began + time).await;
        let mut measured = std::mem::replace(&mut load.measured, Measured::nothing());
        measured.time = began.elapsed();
        measured.exchange_cpu = exchange.cpu() - exchange_cpu;
        measured.own_cpu = own_cpu() - own;
        measured.resident_mb = exchange.resident_mb();

        load.finish().await;
        let known = Known { lines: [Number::new(LINE)].into(), ..Known::default() };
        measured.broken = rules::broken(load.network.log(), &known);
        measured
    })
}

struct Load<'a> {
    town: &'a Town,
    network: Network,
    now: Timestamp,
    callers: u64,
    calling: HashSet<LegId>,
    joined: HashSet<LegId>,
    /// How much of the network's log was looked at.
    looked: usize,
    connections: Vec<UnboundedSender<Request>>,
    idle: BTreeSet<usize>,
    waiting: VecDeque<Request>,
    done: UnboundedReceiver<Carried>,
    measured: Measured,
}

impl<'a> Load<'a> {
    fn begin(town: &'a Town, exchange: &Exchange, at_once: usize) -> Self {
        let (tell, done) = unbounded_channel();
        let connect = |n| connect(exchange.address, n, tell.clone());
        let mut load = Self {
            town,
            network: town.network(),
            now: Timestamp(i64::MIN),
            callers: 0,
            calling: HashSet::new(),
            joined: HashSet::new(),
            looked: 0,
            connections: (0..at_once).map(connect).collect(),
            idle: (0..at_once).collect(),
            waiting: VecDeque::new(),
            done,
            measured: Measured::nothing(),
        };
        (0..at_once).for_each(|_| load.call());
        load
    }

    fn call(&mut self) {
        let (from, does) = self.town.caller(self.callers);
        self.callers += 1;
        let leg = self.network.dial(self.now, from, Number::new(LINE), does);
        self.calling.insert(leg);
    }

    /// Whoever hangs up is followed by the next caller.
    async fn until(&mut self, end: Instant) {
        while Instant::now() < end {
            self.go_on().await;
            for _ in 0..self.look() {
                self.call();
            }
        }
    }

    async fn finish(&mut self) {
        while !self.network.is_quiet() {
            self.go_on().await;
            self.look();
        }
    }

    /// Simulated time runs on as long as anything can happen without an answer.
    async fn go_on(&mut self) {
        match self.network.next_at() {
            Some(next) => {
                self.now = self.now.max(next);
                self.waiting.extend(self.network.step(self.now));
                self.send();
                while let Ok(carried) = self.done.try_recv() {
                    self.answered(carried);
                }
            }
            None => {
                let carried = self.done.recv().await.expect("an answer is awaited");
                self.answered(carried);
            }
        }
        // Connections live on this thread too.
        tokio::task::yield_now().await;
    }

    fn send(&mut self) {
        while !self.waiting.is_empty() {
            let Some(connection) = self.idle.pop_first() else { return };
            let Some(request) = self.waiting.pop_front() else { return };
            self.connections[connection].send(request).expect("a connection that lives");
        }
    }

    fn answered(&mut self, carried: Carried) {
        let took = u64::try_from(carried.took.as_nanos()).unwrap_or(u64::MAX);
        self.measured.times.saturating_record(took);
        self.network.answered(self.now, carried.request, carried.answer);
        self.idle.insert(carried.connection);
        self.send();
    }

    /// Counts what has happened since; how many callers have gone.
    fn look(&mut self) -> usize {
        let mut gone = 0;
        let log = self.network.log();
        for entry in &log[self.looked..] {
            match entry.what {
                What::Rung { .. } => self.measured.rings += 1,
                What::Joined { .. } => {
                    self.joined.insert(entry.leg);
                }
                What::Ended { .. } if self.calling.remove(&entry.leg) => {
                    gone += 1;
                    self.measured.calls += 1;
                    self.measured.connected += u64::from(self.joined.remove(&entry.leg));
                }
                _ => {}
            }
        }
        self.looked = log.len();
        gone
    }
}
