//! `cargo bench --bench calls`: simulated callers a second, from first ring to goodbye.
//!
//! The real binary in a process of its own, over HTTP; the simulated network in this one, with
//! fifty calls at once. Time on the network is simulated, so nobody ever waits: a call goes as fast
//! as its answers come. Afterwards the rules of the house are held against everything that happened.

#[path = "calls/load.rs"]
mod load;
#[path = "shared/people.rs"]
mod people;
#[path = "calls/process.rs"]
mod process;
#[path = "calls/town.rs"]
mod town;
#[path = "calls/wire.rs"]
mod wire;

use std::time::Duration;

use load::Measured;

/// Calls at once.
const AT_ONCE: usize = 50;
/// What a plain service on Node does on this kind of machine, doing much less: calls a second of
/// ten webhooks each, resident in so many MB. The mark is five times as many with a third of it.
const PLAIN_CALLS: f64 = 150.0;
const PLAIN_WEBHOOKS: f64 = 10.0 * PLAIN_CALLS;
const PLAIN_MB: f64 = 155.0;

fn main() {
    // `cargo test --benches` and `cargo bench -- --list` ask what is here; this is no test.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(10);
    let town = town::Town::build();
    let exchange = process::Exchange::serve(&town);
    println!("{AT_ONCE} callers at once, {seconds} s, {} neighbours", town.people());

    let measured = load::run(&town, &exchange, AT_ONCE, Duration::from_secs(seconds));
    report(&measured);
    if !measured.broken.is_empty() {
        std::process::exit(1);
    }
}

fn report(measured: &Measured) {
    let seconds = measured.time.as_secs_f64();
    let (calls, webhooks) =
        (measured.calls as f64 / seconds, measured.times.len() as f64 / seconds);
    let ms = |quantile| measured.times.value_at_quantile(quantile) as f64 / 1e6;
    let of_calls = |count: u64| 100.0 * count as f64 / measured.calls.max(1) as f64;
    println!("\ncalls          {calls:>10.0} /s, {:.1} webhooks each", webhooks / calls);
    println!("webhooks       {webhooks:>10.0} /s, p50 {:.2} ms, p99 {:.2} ms", ms(0.5), ms(0.99));
    println!("connected      {:>10.1} % of callers", of_calls(measured.connected));
    println!(
        "rung           {:>10.1} telephones a call",
        measured.rings as f64 / measured.calls as f64
    );
    println!("resident       {:>10.1} MB", measured.resident_mb);
    let cores = |cpu: Duration| cpu.as_secs_f64() / seconds;
    println!(
        "processors     {:>10.2} busy with the exchange, {:.2} with the network that loads it",
        cores(measured.exchange_cpu),
        cores(measured.own_cpu)
    );
    println!("breaks of R1 to R15 {:>5}", measured.broken.len());
    for sentence in measured.broken.iter().take(10) {
        println!("  {sentence}");
    }
    println!(
        "\nto a plain service ({PLAIN_CALLS:.0} calls of 10 webhooks, {PLAIN_MB:.0} MB): \
         {:.2} x its webhooks, {:.2} x its calls, {:.2} x its memory   (mark: 5 x, with 0.33 x)",
        webhooks / PLAIN_WEBHOOKS,
        calls / PLAIN_CALLS,
        measured.resident_mb / PLAIN_MB
    );
}
