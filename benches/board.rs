//! `cargo bench --bench board`: what one console on the live board costs, and how soon it sees.
//!
//! Two hundred callers wait while twenty times a second a telephone rings out and the next one is
//! rung. What it prints, and what it must hold to, is in `benches/README.md`.

#[path = "board/callers.rs"]
mod callers;
#[path = "webhook/client.rs"]
#[expect(dead_code, reason = "the webhook bench has more to ask of it")]
mod client;
#[path = "shared/configuration.rs"]
mod configuration;
#[path = "board/console.rs"]
mod console;
#[path = "shared/people.rs"]
mod people;
#[path = "webhook/servers.rs"]
#[expect(dead_code, reason = "the webhook bench has more to ask of it")]
mod servers;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use axum::Router;
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use burenhulp::domain::Role;
use burenhulp::store::{NewOperator, OperatorFault};
use burenhulp::web::App;
use burenhulp::web::desk::begin_session;
use hdrhistogram::Histogram;
use tokio_stream::StreamExt;
use tokio_stream::wrappers::WatchStream;

use callers::Waiting;
use client::{Wire, cpu_time};
use console::Awaited;
use servers::Town;

/// Callers on the board.
const CALLS: usize = 200;
/// How often something happens to one of them.
const EVERY: Duration = Duration::from_millis(50);
/// Within which the slowest of a hundred events is to arrive.
const MOST: Duration = Duration::from_millis(100);
/// Longest wait for what is still under way at the end.
const LAST: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    // `cargo test --benches` and `cargo bench -- --list` ask what is here; this is no test.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return ExitCode::SUCCESS;
    }
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(15);
    let town = Town::build();
    let (server, app) = servers::serving(&town);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure(&town, server.address, &app, seconds))
}

async fn measure(town: &Town, address: SocketAddr, app: &App, seconds: u64) -> ExitCode {
    let cookie = logged_in(app).await;
    let mut wire = Wire::open(address).await;
    let mut callers = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        callers.push(Waiting::begin(&mut wire, town).await);
    }
    println!("{CALLS} callers, {} events a second, {seconds} s each", 1000 / EVERY.as_millis());

    let time = Duration::from_secs(seconds);
    let nobody = events(app, &mut wire, &mut callers, time, &Awaited::nothing()).await;
    let awaited = Awaited::nothing();
    let path = "/loket/nu/gebeurtenissen".to_owned();
    let reads = tokio::spawn(console::read(address, path, cookie, awaited.clone()));
    // The whole board comes first.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (_, first_bytes, _) = awaited.so_far();
    let one = events(app, &mut wire, &mut callers, time, &awaited).await;
    let lost = settled(&awaited).await;
    reads.abort();
    let (took, bytes, _) = awaited.so_far();

    let per_event = (bytes - first_bytes) / took.len().max(1);
    let echo = echo(time, usize::try_from(per_event).unwrap_or(1024)).await;
    let share = |cpu: Duration| 100.0 * cpu.as_secs_f64() / seconds as f64;
    println!("\nprocessor      {:>8.1} % of one core without a console", share(nobody));
    println!("               {:>8.1} % with one, its own reading included", share(one));
    println!("the board      {:>8.1} kB when the page is opened", first_bytes as f64 / 1e3);
    let rate = (bytes - first_bytes) as f64 / 1e3 / seconds as f64;
    println!("after that     {rate:>8.1} kB/s, {per_event} bytes an event");
    println!("\n{:<28}{:>10}{:>10}{:>10}", "milliseconds", "median", "99 %", "events");
    print("commit to arrival", &took);
    print("bare echo of as many bytes", &echo);
    let slow = Duration::from_nanos(took.value_at_quantile(0.99)) >= MOST;
    if lost > 0 || slow {
        println!("\n{lost} events never came; the 99th was to be below {} ms", MOST.as_millis());
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn print(name: &str, took: &Histogram<u64>) {
    let ms = |quantile| took.value_at_quantile(quantile) as f64 / 1e6;
    println!("{name:<28}{:>10.2}{:>10.2}{:>10}", ms(0.5), ms(0.99), took.len());
}

/// An administrator's cookie.
async fn logged_in(app: &App) -> String {
    let new = NewOperator {
        name: "Anneke".to_owned(),
        role: Role::Administrator,
        password: String::new(),
        password_given: false,
        lines: Vec::new(),
        areas: Vec::new(),
    };
    let now = app.exchange.now();
    let added = app.exchange.store().write(move |tx| tx.add_operator(&new, now)).await;
    let id = added.map_err(|fault: OperatorFault| fault).expect("an operator");
    let token = begin_session(app, id).await.expect("a session");
    format!("loket={}", token.text())
}

/// One after another's telephone rings out, at an even pace; the processor time that it took.
async fn events(
    app: &App,
    wire: &mut Wire,
    callers: &mut [Waiting],
    time: Duration,
    awaited: &Awaited,
) -> Duration {
    let (began, cpu) = (Instant::now(), cpu_time());
    let mut pace = tokio::time::interval(EVERY);
    for nth in 0.. {
        pace.tick().await;
        if began.elapsed() >= time {
            break;
        }
        let caller = &mut callers[nth % CALLS];
        let row = caller.row();
        let mut commits = app.exchange.feed().listen();
        // The commit is told before the answer is sent: that is the moment that counts.
        let commit = async move {
            let _ = commits.changed().await;
            Instant::now()
        };
        let (rings_on, committed) = tokio::join!(caller.rings_out(wire), commit);
        assert!(rings_on, "there is always somebody else");
        awaited.expect(&row, committed);
    }
    cpu_time() - cpu
}

/// Waits for what is still under way; how much of it never came.
async fn settled(awaited: &Awaited) -> usize {
    let began = Instant::now();
    while awaited.so_far().2 > 0 && began.elapsed() < LAST {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    awaited.so_far().2
}

/// As many events of as many bytes from a handler that does nothing else.
async fn echo(time: Duration, bytes: usize) -> Histogram<u64> {
    let sender = tokio::sync::watch::Sender::new(String::new());
    let receiver = sender.subscribe();
    let events = move || {
        let texts = WatchStream::new(receiver.clone());
        async move { Sse::new(texts.map(|text| Ok::<_, Infallible>(Event::default().data(text)))) }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let router = Router::new().route("/events", get(events));
    // Threads of its own, as the exchange has.
    let threads = tokio::runtime::Runtime::new().expect("threads");
    let listener = listener.into_std().expect("a listener");
    threads.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
        axum::serve(listener, router).await
    });
    let awaited = Awaited::nothing();
    let (path, cookie) = ("/events".to_owned(), String::new());
    let reads = tokio::spawn(console::read(address, path, cookie, awaited.clone()));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let filling = "x".repeat(bytes);
    let began = Instant::now();
    let mut pace = tokio::time::interval(EVERY);
    for nth in 0_u64.. {
        pace.tick().await;
        if began.elapsed() >= time {
            break;
        }
        let name = format!("e{nth}");
        awaited.expect(&name, Instant::now());
        sender.send_replace(format!("\"{name}-head\" {filling}"));
    }
    settled(&awaited).await;
    reads.abort();
    threads.shutdown_background();
    awaited.so_far().0
}
