//! Drives the network in virtual time: hours of calls in milliseconds, the same every time.
//!
//! Carries requests over to an application in the same process, signed as a provider signs them,
//! and lets the application do its own timed work in between. It waits for nothing: time is
//! wherever the next thing happens.

use std::collections::BTreeMap;
use std::future::{Future, ready};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use super::network::Network;
use super::scenario::{Trouble, WhatGoesWrong};
use super::wire::{Failure, Method, Request, Response};
use crate::domain::Timestamp;

/// Most pieces of work of its own that an application may do at one moment.
const MOST_WORK_AT_ONCE: usize = 1_000;

/// What answers webhooks.
pub trait Application {
    /// Answers one request at this moment.
    fn answer(
        &mut self,
        now: Timestamp,
        request: HttpRequest,
    ) -> impl Future<Output = Result<Response, Failure>>;

    /// When it next wants to do something by itself; a moment that has passed means now.
    fn next_due(&mut self) -> impl Future<Output = Option<Timestamp>> {
        ready(None)
    }

    /// Does what is due by now: its timers, its REST calls.
    fn work(&mut self, _now: Timestamp) -> impl Future<Output = ()> {
        ready(())
    }

    /// Ends and begins anew with what it has on disk.
    fn restart(&mut self) -> impl Future<Output = ()> {
        ready(())
    }
}

/// A request as it would stand on the wire. It holds numbers and keys, so it has no `Debug` (R14).
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// How.
    pub method: Method,
    /// Path and query.
    pub path_and_query: String,
    /// Header fields, the signature among them.
    pub headers: Vec<(&'static str, String)>,
    /// The form, or nothing.
    pub body: Vec<u8>,
}

impl HttpRequest {
    /// A request of the network, signed with the account's token.
    pub fn of(request: &Request, auth_token: &str) -> Self {
        Self {
            method: request.method,
            path_and_query: request.path_and_query().to_owned(),
            headers: request.headers(auth_token),
            body: request.body().into_bytes(),
        }
    }
}

/// How a run goes.
#[derive(Debug, Clone, Copy)]
pub struct Pace<'a> {
    /// What requests are signed with.
    pub auth_token: &'a str,
    /// Nothing later than this happens.
    pub until: Timestamp,
    /// The application's own work overtakes its answer, as a REST call can in life.
    pub work_first: bool,
    /// The application is started anew after every webhook.
    pub restarts: bool,
    /// What goes wrong, by the number of the webhook as they arrive.
    pub trouble: &'a [Trouble],
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is left to happen on either side.
    AtRest,
    /// Something is still to happen, later than allowed.
    TimeUp,
    /// At this moment the application kept finding work to do, without an end.
    NeverDone(Timestamp),
}

/// Lets everything happen, in order, until nothing is left or the time is up.
///
/// The lock is never held while the application works, so that it can call [`Network::rest`].
pub async fn run(
    network: &Mutex<Network>,
    application: &mut impl Application,
    pace: Pace<'_>,
) -> Ended {
    run_on(Road::without_delay(), network, application, pace).await
}

/// The same over a slow road: what a leg waits for is up to 2 s under way, reports up to 20 s, so
/// that they overtake each other. The same seed, the same delays. Answers are back at once.
pub async fn run_with_delays(
    network: &Mutex<Network>,
    application: &mut impl Application,
    pace: Pace<'_>,
    seed: u64,
) -> Ended {
    run_on(Road::with_delays(seed), network, application, pace).await
}

async fn run_on(
    mut road: Road,
    network: &Mutex<Network>,
    application: &mut impl Application,
    pace: Pace<'_>,
) -> Ended {
    let mut now = Timestamp(i64::MIN);
    let mut work_at_this_moment = 0;
    let mut webhooks = 0;
    loop {
        let on_the_network = lock(network).next_at();
        let on_its_own = application.next_due().await;
        let soonest = [on_the_network, on_its_own, road.next_at()];
        let Some(next) = soonest.into_iter().flatten().min() else {
            return Ended::AtRest;
        };
        if next > pace.until {
            return Ended::TimeUp;
        }
        if next > now {
            now = next;
            work_at_this_moment = 0;
        }
        for request in lock(network).step(now) {
            road.leaves(now, request);
        }
        while let Some(request) = road.arrives(now) {
            webhooks += 1;
            let trouble = pace.trouble.iter().find(|t| t.webhook == webhooks).map(|t| t.what);
            carry_over(network, application, &request, now, pace, trouble).await;
        }
        if application.next_due().await.is_some_and(|due| due <= now) {
            application.work(now).await;
            work_at_this_moment += 1;
        }
        if work_at_this_moment > MOST_WORK_AT_ONCE {
            return Ended::NeverDone(now);
        }
    }
}

/// Requests that have left and not arrived.
struct Road {
    rng: Option<ChaCha8Rng>,
    under_way: BTreeMap<(Timestamp, u64), Request>,
    left: u64,
}

impl Road {
    fn without_delay() -> Self {
        Self { rng: None, under_way: BTreeMap::new(), left: 0 }
    }

    fn with_delays(seed: u64) -> Self {
        Self { rng: Some(ChaCha8Rng::seed_from_u64(seed)), ..Self::without_delay() }
    }

    fn leaves(&mut self, now: Timestamp, request: Request) {
        let longest = if request.kind.wants_document() { 2_000 } else { 20_000 };
        let travels = match &mut self.rng {
            Some(rng) => Duration::from_millis(rng.random_range(0..longest)),
            None => Duration::ZERO,
        };
        self.left += 1;
        self.under_way.insert((now + travels, self.left), request);
    }

    fn next_at(&self) -> Option<Timestamp> {
        self.under_way.keys().next().map(|(at, _)| *at)
    }

    fn arrives(&mut self, now: Timestamp) -> Option<Request> {
        let first = self.under_way.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(first.remove())
    }
}

async fn carry_over(
    network: &Mutex<Network>,
    application: &mut impl Application,
    request: &Request,
    now: Timestamp,
    pace: Pace<'_>,
    trouble: Option<WhatGoesWrong>,
) {
    let answer = match trouble {
        Some(WhatGoesWrong::Unreachable) => Err(Failure::Connection),
        _ => application.answer(now, HttpRequest::of(request, pace.auth_token)).await,
    };
    let answer = match trouble {
        Some(WhatGoesWrong::AnswerLost) => Err(Failure::Connection),
        Some(WhatGoesWrong::TooLate) => Err(Failure::Timeout),
        _ => answer,
    };
    if pace.restarts || trouble == Some(WhatGoesWrong::Restart) {
        application.restart().await;
    }
    if pace.work_first {
        application.work(now).await;
    }
    lock(network).answered(now, request.id, answer);
    application.work(now).await;
}

/// A panic elsewhere is reported where it happened, not here.
fn lock(network: &Mutex<Network>) -> MutexGuard<'_, Network> {
    network.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
