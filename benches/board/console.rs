//! A browser that reads events and notes when they came.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use hdrhistogram::Histogram;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What is awaited, and what has come.
#[derive(Clone)]
pub(crate) struct Awaited(Arc<Mutex<Inner>>);

struct Inner {
    /// When it was committed, by the name under which it comes.
    since: HashMap<String, Instant>,
    /// Nanoseconds until it came.
    took: Histogram<u64>,
    bytes: u64,
}

impl Awaited {
    pub(crate) fn nothing() -> Self {
        let took = Histogram::new(3).expect("a histogram");
        Self(Arc::new(Mutex::new(Inner { since: HashMap::new(), took, bytes: 0 })))
    }

    /// It was committed at this moment.
    pub(crate) fn expect(&self, name: &str, since: Instant) {
        self.0.lock().expect("no panic").since.insert(name.to_owned(), since);
    }

    /// Nanoseconds until what was awaited came, and the bytes that were read.
    pub(crate) fn so_far(&self) -> (Histogram<u64>, u64, usize) {
        let inner = self.0.lock().expect("no panic");
        (inner.took.clone(), inner.bytes, inner.since.len())
    }

    fn came(&self, text: &str, bytes: usize, now: Instant) {
        let mut inner = self.0.lock().expect("no panic");
        inner.bytes += bytes as u64;
        let here: Vec<String> = (inner.since.keys())
            .filter(|name| text.contains(&format!("\"{name}-head\"")))
            .cloned()
            .collect();
        for name in here {
            let since = inner.since.remove(&name).expect("it is here");
            let took = u64::try_from(now.duration_since(since).as_nanos()).unwrap_or(u64::MAX);
            inner.took.record(took).expect("it grows");
        }
    }
}

/// Asks for events at this path, and reads them for as long as the task lives.
pub(crate) async fn read(address: SocketAddr, path: String, cookie: String, awaited: Awaited) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let asked = format!(
        "GET {path} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\nCookie: {cookie}\r\n\r\n"
    );
    stream.write_all(asked.as_bytes()).await.expect("sent");
    let (mut buffer, mut whole) = (vec![0; 64 * 1024], String::new());
    loop {
        let read = stream.read(&mut buffer).await.expect("events");
        assert!(read > 0, "the events ended: {whole}");
        let now = Instant::now();
        whole.push_str(&String::from_utf8_lossy(&buffer[..read]));
        // An event may come in pieces; it ends with an empty line.
        let ends = whole.rfind("\n\n").map_or(0, |at| at + 2);
        let rest = whole.split_off(ends);
        awaited.came(&whole, read, now);
        whole = rest;
    }
}
