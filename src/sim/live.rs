//! The network in real time: one task owns it, carries its requests over HTTP, and takes orders.
//!
//! ```no_run
//! # use burenhulp::{domain::Timestamp, sim::*};
//! # async fn example(network: Network, line: number::Number, start: Timestamp) {
//! let webhooks = http::Webhooks::signed_with("token").unwrap();
//! let live = live::Live::start(network, webhooks, clock::Pace::from(start, 1.0));
//! let caller = number::CallerId::Withheld("anonymous".to_owned());
//! let leg = live.dial(caller, line, Vec::new()).await.unwrap();
//! live.press(leg, '1').await.unwrap();
//! live.quiet().await.unwrap();
//! # }
//! ```
//!
//! What happens is read from the log, never from a stream that could overflow: [`Live::listen`]
//! says that there is more, [`Live::since`] reads it.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::Network;
use super::api::{RestAnswer, RestCall};
use super::clock::Pace;
use super::faults::NoAnswer;
use super::http::Webhooks;
use super::leg::LegId;
use super::log::LogEntry;
use super::number::{CallerId, Number};
use super::script::Act;
use super::telephone::Behind;
use super::wire::{Failure, RequestId, Response};
use crate::domain::Timestamp;

type Order = Box<dyn FnOnce(&mut Network, &mut Pace) + Send>;
type Carried = (RequestId, Result<Response, Failure>);

/// A network that runs. Clones are handles to the same one; it stops when the last one is dropped.
#[derive(Clone)]
pub struct Live {
    orders: mpsc::UnboundedSender<Order>,
    pulse: watch::Receiver<Pulse>,
}

/// How far the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pulse {
    /// Entries in its log.
    pub entries: usize,
    /// No leg alive, nothing queued, no answer awaited.
    pub quiet: bool,
}

/// The network has stopped; nothing can be asked of it any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the simulated telephone network has stopped; start the program again")]
pub struct Stopped;

impl Live {
    /// Lets a network run, from now on, on a task of its own.
    pub fn start(network: Network, webhooks: Webhooks, pace: Pace) -> Self {
        let (orders, taken) = mpsc::unbounded_channel();
        let (tell, pulse) =
            watch::channel(Pulse { entries: network.log().len(), quiet: network.is_quiet() });
        tokio::spawn(run(network, webhooks, pace, taken, tell));
        Self { orders, pulse }
    }

    /// Does something with the network at the simulated moment that it is.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn with<T: Send + 'static>(
        &self,
        order: impl FnOnce(&mut Network, Timestamp) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        self.order(move |network, pace| order(network, pace.now())).await
    }

    async fn order<T: Send + 'static>(
        &self,
        order: impl FnOnce(&mut Network, &mut Pace) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let (tell, told) = oneshot::channel();
        let order: Order = Box::new(move |network, pace| {
            // Whoever gave the order may have gone; it is carried out all the same.
            let _ = tell.send(order(network, pace));
        });
        self.orders.send(order).map_err(|_| Stopped)?;
        told.await.map_err(|_| Stopped)
    }

    /// Time stands still in the network from now on: what rings goes on ringing, and nobody grows
    /// impatient. Whatever is done by hand still happens, and is answered.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn hold(&self) -> Result<(), Stopped> {
        self.order(|_, pace| pace.hold()).await
    }

    /// Time goes on from where [`Live::hold`] stopped it.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn go_on(&self) -> Result<(), Stopped> {
        self.order(|_, pace| pace.go_on()).await
    }

    /// Somebody dials now, and then does what the script says; an empty one is somebody at the
    /// controls.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn dial(
        &self,
        from: CallerId,
        to: Number,
        script: Vec<Act>,
    ) -> Result<LegId, Stopped> {
        self.with(move |network, now| network.dial(now, from, to, script)).await
    }

    /// Somebody presses a key.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn press(&self, leg: LegId, key: char) -> Result<(), Stopped> {
        self.with(move |network, now| network.press(now, leg, key)).await
    }

    /// Somebody talks for so long.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn talk(&self, leg: LegId, time: Duration) -> Result<(), Stopped> {
        self.with(move |network, now| network.talk(now, leg, time)).await
    }

    /// Somebody puts the receiver down, or declines a telephone that rings.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn hang_up(&self, leg: LegId) -> Result<(), Stopped> {
        self.with(move |network, now| network.hang_up(now, leg)).await
    }

    /// Somebody at the controls takes the place of whoever is behind this leg's telephone; it
    /// rings on until they do something.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn take_over(&self, leg: LegId) -> Result<(), Stopped> {
        self.with(move |network, now| network.take_over(now, leg)).await
    }

    /// Somebody at the controls picks up; with a script, whoever plays by it does. Whether it rang.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn pick_up(&self, leg: LegId, script: Vec<Act>) -> Result<bool, Stopped> {
        self.with(move |network, now| network.pick_up_as(now, leg, script)).await
    }

    /// Puts somebody behind a telephone, from its next ring on.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn put_behind(&self, number: Number, behind: Behind) -> Result<(), Stopped> {
        self.with(move |network, _| network.add_telephone(number, behind)).await
    }

    /// Takes one REST call as the provider takes them at the moment.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn rest(&self, call: RestCall) -> Result<Result<RestAnswer, NoAnswer>, Stopped> {
        self.with(move |network, now| network.take(now, call)).await
    }

    /// Tells that something has happened; several things may count as one.
    pub fn listen(&self) -> watch::Receiver<Pulse> {
        self.pulse.clone()
    }

    /// Everything that happened since the log had so many entries, and the simulated moment.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn since(&self, entries: usize) -> Result<(Vec<LogEntry>, Timestamp), Stopped> {
        self.with(move |network, now| {
            let log = network.log();
            (log[entries.min(log.len())..].to_vec(), now)
        })
        .await
    }

    /// Waits for the first thing of this kind that happens, or happened, since the log had so many
    /// entries. It waits for ever for what never happens.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn until(
        &self,
        mut entries: usize,
        wanted: impl Fn(&LogEntry) -> bool,
    ) -> Result<LogEntry, Stopped> {
        let mut pulse = self.listen();
        loop {
            pulse.borrow_and_update();
            let (new, _) = self.since(entries).await?;
            entries += new.len();
            if let Some(found) = new.into_iter().find(&wanted) {
                return Ok(found);
            }
            pulse.changed().await.map_err(|_| Stopped)?;
        }
    }

    /// Waits until everything has come to rest.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn quiet(&self) -> Result<(), Stopped> {
        // What was ordered before this is then part of what comes to rest.
        self.with(|_, _| ()).await?;
        self.listen().wait_for(|pulse| pulse.quiet).await.map(drop).map_err(|_| Stopped)
    }
}

/// One thing at a time, then what follows from it, then tell.
async fn run(
    mut network: Network,
    webhooks: Webhooks,
    mut pace: Pace,
    mut orders: mpsc::UnboundedReceiver<Order>,
    tell: watch::Sender<Pulse>,
) {
    let mut under_way: JoinSet<Carried> = JoinSet::new();
    network.step(pace.now());
    loop {
        let next = network.next_at().map(|at| pace.when(at));
        tokio::select! {
            order = orders.recv() => match order {
                Some(order) => order(&mut network, &mut pace),
                None => return,
            },
            Some(carried) = under_way.join_next() => match carried {
                Ok((request, answer)) => network.answered(pace.now(), request, answer),
                Err(fault) => std::panic::resume_unwind(fault.into_panic()),
            },
            () = wait_until(next) => {}
        }
        for request in network.step(pace.now()) {
            let webhooks = webhooks.clone();
            under_way.spawn(async move { (request.id, webhooks.carry(&request).await) });
        }
        let pulse = Pulse { entries: network.log().len(), quiet: network.is_quiet() };
        tell.send_if_modified(|told| {
            let differs = *told != pulse;
            *told = pulse;
            differs
        });
    }
}

async fn wait_until(moment: Option<tokio::time::Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
