//! `cargo bench --bench webhook`: what durability costs.
//!
//! Whole calls, twelve webhooks each, against the exchange (signature, flow, search, commit with
//! `synchronous=FULL`) and against a bare axum handler that parses the same forms and returns the
//! same bytes. Both under 32 connections, by the same client, on the same machine, in one run; the
//! ratio is what counts.

#[path = "webhook/client.rs"]
mod client;
#[path = "shared/configuration.rs"]
mod configuration;
#[path = "shared/people.rs"]
mod people;
#[path = "webhook/servers.rs"]
mod servers;

use std::time::Duration;

use client::{Load, Recorded};

/// As in `main.rs`; for both.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Connections at once, each with a call at a time.
const CONNECTIONS: usize = 32;
/// The ratio that must be reached, and the one that this is to go to.
const MUST: f64 = 0.15;
const GOAL: f64 = 0.25;

fn main() {
    // `cargo test --benches` and `cargo bench -- --list` ask what is here; this is no test.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(10);
    let time = Duration::from_secs(seconds);

    let town = servers::Town::build();
    let exchange = servers::exchange(&town);
    let recorded: Recorded = client::one_call(exchange.address, &town);
    println!("a call of {} webhooks, {CONNECTIONS} connections, {seconds} s each", recorded.len());
    let bare = servers::bare(&recorded);

    let load = |address| Load { address, connections: CONNECTIONS, time };
    // The other one's caches must not be warm for one of them only: each is run in first.
    client::calls(&Load { time: time / 5, ..load(exchange.address) }, &town);
    client::replay(&Load { time: time / 5, ..load(bare.address) }, &recorded);
    let durable = client::calls(&load(exchange.address), &town);
    let plain = client::replay(&load(bare.address), &recorded);

    println!(
        "\n{:<14}{:>12}{:>12}{:>12}{:>12}{:>12}",
        "", "webhooks/s", "p50 ms", "p99 ms", "cpu µs", "connected"
    );
    durable.print("exchange", true);
    plain.print("bare handler", false);
    let ratio = durable.per_second() / plain.per_second();
    println!("\nratio {ratio:.3}   (at least {MUST}, goal {GOAL})");
    println!(
        "commits {:.0}/s of {:.2} ms each, {:.1} webhooks a commit",
        exchange.commits_per_second(),
        exchange.milliseconds(),
        exchange.writes_per_commit()
    );
    if ratio < MUST {
        std::process::exit(1);
    }
}
