//! Drives the network in virtual time: hours of calls in milliseconds, the same every time.
//!
//! Carries requests over to an application in the same process, signed as a provider signs them,
//! and lets the application do its own timed work in between. It waits for nothing: time is
//! wherever the next thing happens.

use std::future::{Future, ready};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    /// What goes wrong, by the number of the webhook.
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
    let mut now = Timestamp(i64::MIN);
    let mut work_at_this_moment = 0;
    let mut webhooks = 0;
    loop {
        let on_the_network = lock(network).next_at();
        let on_its_own = application.next_due().await;
        let Some(next) = on_the_network.into_iter().chain(on_its_own).min() else {
            return Ended::AtRest;
        };
        if next > pace.until {
            return Ended::TimeUp;
        }
        if next > now {
            now = next;
            work_at_this_moment = 0;
        }
        let requests = lock(network).step(now);
        for request in requests {
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
