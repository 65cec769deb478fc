//! How long it takes to choose and reserve the next neighbour, from a thousand people to a million.
//!
//! `cargo bench --bench choose`, or with sizes of your own: `cargo bench --bench choose -- 1000 10000`.
//! What it prints, and what it must hold to, is in `benches/README.md`.

#[path = "webhook/client.rs"]
#[expect(dead_code, reason = "the webhook bench has more to ask of it")]
mod client;
#[path = "shared/configuration.rs"]
mod configuration;
#[path = "choose/country.rs"]
mod country;
#[path = "choose/serving.rs"]
mod serving;

/// What the client of the webhook bench wants to know of the server that it rings.
mod servers {
    pub(crate) use super::configuration::LINE;
    pub(crate) use super::serving::{AUTH_TOKEN, Town};
}

use std::process::ExitCode;
use std::time::{Duration, Instant};

use burenhulp::dispatch::AttemptResult;
use burenhulp::domain::{Caller, Conditions, Language, Numbering};
use burenhulp::store::{
    Direction, NewCall, NewRequest, NextAsk, RequestKind, Role, StoreError, Tx,
};
use hdrhistogram::Histogram;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

use country::{Country, NOW};

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Requests for each size, and rings for each request.
const REQUESTS: usize = 1_000;
const RINGS: usize = 3;
/// How much longer a million may take than ten thousand.
const MOST: f64 = 3.0;
/// What `serve` may hold in memory with a million people, in megabytes.
const MOST_MB: f64 = 200.0;

fn main() -> ExitCode {
    // `cargo test --benches` and `cargo bench -- --list` ask what is here; this is no test.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return ExitCode::SUCCESS;
    }
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|size| size.parse().ok()).collect();
    let sizes = if asked.is_empty() { SIZES.to_vec() } else { asked };
    println!("reserve_next, {REQUESTS} requests of up to {RINGS} rings each, in microseconds\n");
    println!("    people  rings  within the transaction        with its commit   filling");
    println!("                     mean     p50     p99        mean     p99            s");
    let mut means = Vec::new();
    let mut well = true;
    for size in sizes {
        let country = Country::build(size);
        let Measured { choice, whole, filled } = measure(&country);
        println!(
            "{size:>10}  {:>5}  {:>7.0} {:>7} {:>7}     {:>7.0} {:>7}      {:>7.1}",
            choice.len(),
            choice.mean(),
            choice.value_at_quantile(0.5),
            choice.value_at_quantile(0.99),
            whole.mean(),
            whole.value_at_quantile(0.99),
            filled.as_secs_f64(),
        );
        means.push((size, choice.mean()));
        if size == 1_000_000 {
            well &= serving::print_memory(country, MOST_MB);
        }
    }
    let mean = |size| means.iter().find(|(s, _)| *s == size).map(|(_, mean)| *mean);
    if let (Some(few), Some(many)) = (mean(10_000), mean(1_000_000)) {
        let ratio = many / few;
        well &= ratio <= MOST;
        println!("\na million : ten thousand = {ratio:.2} (at most {MOST})");
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Measured {
    choice: Histogram<u64>,
    whole: Histogram<u64>,
    filled: Duration,
}

fn measure(country: &Country) -> Measured {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let new = || Histogram::new(3).expect("three digits");
    let mut measured = Measured { choice: new(), whole: new(), filled: country.filled };
    for n in 0..REQUESTS {
        let (postcode, service) = country.wish(&mut rng);
        let line = country.line.clone();
        let request = written(country, move |tx| {
            let call = tx.open_call(&NewCall {
                sid: format!("CA{n}"),
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line: line.number.clone(),
                caller: Caller::Withheld,
                participant: None,
                attempt: None,
                now: NOW,
            })?;
            tx.call_ended(call.id, NOW)?;
            tx.open_request(&NewRequest {
                line: line.number.clone(),
                kind: RequestKind::Neighbour,
                service: Some(service),
                postcode: Some(postcode),
                language: Language::Nl,
                participant: None,
                call: Some(call.id),
                note: None,
                now: NOW,
            })
        });
        for _ in 0..RINGS {
            let (line, request) = (country.line.clone(), request.clone());
            let begun = Instant::now();
            let (reserved, took) = written(country, move |tx| {
                let begun = Instant::now();
                let reserved = tx.reserve_next(&NextAsk {
                    conditions: Conditions::default(),
                    request: &request,
                    line: &line,
                    round: 1,
                    ringing_hours_open: true,
                    numbering: Numbering::NlFixtures,
                    now: NOW,
                })?;
                Ok((reserved, begun.elapsed()))
            });
            record(&mut measured.whole, begun.elapsed());
            record(&mut measured.choice, took);
            let Some(reserved) = reserved else { break };
            let line = country.line.clone();
            let result = if rng.random_bool(0.5) {
                AttemptResult::NoAnswer
            } else {
                AttemptResult::Declined
            };
            written(country, move |tx| {
                tx.decide_attempt(reserved.attempt, result, &line, NOW)?;
                tx.release_attempt(reserved.attempt, NOW)
            });
        }
    }
    measured
}

fn record(histogram: &mut Histogram<u64>, took: Duration) {
    histogram.record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX)).expect("it grows");
}

fn written<T: Send + 'static>(
    country: &Country,
    job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
) -> T {
    country.store.write_blocking(job).expect("the store does it")
}
