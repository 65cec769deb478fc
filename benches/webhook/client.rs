//! A provider in a hurry: keeps connections open and sends one webhook after another on each.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::servers::{AUTH_TOKEN, LINE, Town};

/// Webhooks of a call at most: whoever changes the flows may have to change what is pressed here.
const LONGEST: usize = 30;

/// How hard, and how long.
pub(crate) struct Load {
    pub(crate) address: SocketAddr,
    pub(crate) connections: usize,
    pub(crate) time: Duration,
}

/// One call, webhook by webhook.
#[derive(Default)]
pub(crate) struct Recorded(Vec<(Form, String)>);

impl Recorded {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn answers(&self) -> Vec<String> {
        self.0.iter().map(|(_, answer)| answer.clone()).collect()
    }
}

/// What came of it.
pub(crate) struct Outcome {
    times: Histogram<u64>,
    time: Duration,
    calls: u64,
    connected: u64,
    /// Processor time of client and server together.
    cpu: Duration,
}

impl Outcome {
    pub(crate) fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.time.as_secs_f64()
    }

    pub(crate) fn print(&self, name: &str, calls: bool) {
        let ms = |quantile| self.times.value_at_quantile(quantile) as f64 / 1e6;
        let share = 100.0 * self.connected as f64 / self.calls.max(1) as f64;
        let share = if calls { format!("{share:.1} %") } else { "-".to_owned() };
        let (p50, p99) = (ms(0.5), ms(0.99));
        let cpu = self.cpu.as_secs_f64() * 1e6 / self.times.len().max(1) as f64;
        let rate = self.per_second();
        println!("{name:<14}{rate:>12.0}{p50:>12.3}{p99:>12.3}{cpu:>12.0}{share:>12}");
    }
}

pub(crate) type Form = Vec<(&'static str, String)>;

/// One connection that is kept open.
pub(crate) struct Wire {
    stream: TcpStream,
    base: String,
    buffer: Vec<u8>,
    times: Histogram<u64>,
}

impl Wire {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("an option");
        let times = Histogram::new(3).expect("a histogram");
        Self { stream, base: format!("http://{address}"), buffer: Vec::new(), times }
    }

    /// Posts a form and gives the body of the answer.
    async fn post(&mut self, path: &str, form: &Form) -> String {
        let (body, signature) = (encoded(form), sign(&self.base, path, form));
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: bench\r\nX-Twilio-Signature: {signature}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let began = Instant::now();
        self.stream.write_all(request.as_bytes()).await.expect("sent");
        let answer = self.answer().await;
        self.times.record(began.elapsed().as_nanos() as u64).expect("it grows");
        answer
    }

    async fn answer(&mut self) -> String {
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the server closed the connection");
            if let Some(body) = whole_body(&self.buffer) {
                return String::from_utf8_lossy(body).into_owned();
            }
        }
    }
}

/// The body, once all of it is there. An answer that is not a success ends the bench.
fn whole_body(answer: &[u8]) -> Option<&[u8]> {
    let head_ends = answer.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = std::str::from_utf8(&answer[..head_ends]).expect("a head in ASCII");
    assert!(head.starts_with("HTTP/1.1 20"), "{}", String::from_utf8_lossy(answer));
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length = length.map_or(0, |length| length.parse().expect("a length"));
    answer.get(head_ends..head_ends + length)
}

fn encoded(form: &Form) -> String {
    let escape = |text: &str| text.replace('+', "%2B").replace(':', "%3A").replace('/', "%2F");
    form.iter()
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}

fn sign(base: &str, path: &str, form: &Form) -> String {
    let mut sorted: Vec<_> = form.iter().collect();
    sorted.sort();
    let mut mac = Hmac::<Sha1>::new_from_slice(AUTH_TOKEN.as_bytes()).expect("any length");
    mac.update(base.as_bytes());
    mac.update(path.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A caller with a leg, and what is said about it.
pub(crate) struct Call<'w> {
    pub(crate) wire: &'w mut Wire,
    pub(crate) sid: String,
    pub(crate) number: u64,
    pub(crate) postcode: u16,
    pub(crate) recorded: Recorded,
}

impl Call<'_> {
    pub(crate) fn about(
        &self,
        child: Option<u32>,
        status: &str,
        more: &[(&'static str, &str)],
    ) -> Form {
        let mut form: Form = [
            ("AccountSid", "AC00000000000000000000000000000000"),
            ("ApiVersion", "2010-04-01"),
            ("CallStatus", status),
            ("Direction", if child.is_some() { "outbound-dial" } else { "inbound" }),
            ("FromCity", ""),
            ("FromCountry", "NL"),
            ("FromState", ""),
            ("FromZip", ""),
            ("ToCity", ""),
            ("ToCountry", "NL"),
            ("ToState", ""),
            ("ToZip", ""),
        ]
        .map(|(name, value)| (name, value.to_owned()))
        .into();
        match child {
            Some(n) => {
                form.push(("CallSid", format!("CB{:024x}{n:08x}", self.number)));
                form.push(("ParentCallSid", self.sid.clone()));
                form.push(("From", LINE.to_owned()));
            }
            None => {
                form.push(("CallSid", self.sid.clone()));
                form.push(("From", format!("+316{:08}", 1_000_000 + self.number % 1_000_000)));
            }
        }
        form.push(("To", LINE.to_owned()));
        form.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        form
    }

    pub(crate) async fn post(&mut self, url: &str, form: Form) -> String {
        let path = url.strip_prefix(self.wire.base.as_str()).unwrap_or(url).to_owned();
        let answer = self.wire.post(&path, &form).await;
        self.recorded.0.push((form, answer.clone()));
        answer
    }

    /// From the first ring to goodbye: a neighbour who does not pick up, and one who says yes.
    async fn run(&mut self) -> bool {
        let mut said = self.post("/voice/incoming", self.about(None, "ringing", &[])).await;
        let mut rung = 0;
        let mut connected = false;
        loop {
            assert!(self.recorded.len() < LONGEST, "the call does not end; the last words: {said}");
            if let Some(screening) = attribute(&said, "Number url") {
                rung += 1;
                let (action, status) =
                    (attribute(&said, "action"), attribute(&said, "statusCallback"));
                let (action, status) = (action.expect("an action"), status.expect("an address"));
                let yes = rung == 2;
                if yes {
                    let question =
                        self.post(&screening, self.about(Some(rung), "in-progress", &[])).await;
                    let key = attribute(&question, "action").expect("a question");
                    self.post(&key, self.about(Some(rung), "in-progress", &[("Digits", "1")]))
                        .await;
                    connected = true;
                }
                let (word, bridged) =
                    if yes { ("completed", "true") } else { ("no-answer", "false") };
                self.post(&status, self.about(Some(rung), word, &[])).await;
                let ended = [("DialCallStatus", word), ("DialBridged", bridged)];
                said = self.post(&action, self.about(None, "in-progress", &ended)).await;
            } else if let Some(action) = attribute(&said, "action") {
                let keys = if said.contains("numDigits=\"4\"") {
                    self.postcode.to_string()
                } else {
                    "1".into()
                };
                said =
                    self.post(&action, self.about(None, "in-progress", &[("Digits", &keys)])).await;
                // It worked out, and that was said; whatever is asked then, they hang up.
                if connected {
                    break;
                }
            } else {
                break;
            }
        }
        self.post("/voice/status", self.about(None, "completed", &[])).await;
        connected
    }
}

/// The value of an attribute; of `Number url`, the attribute behind that element's name.
pub(crate) fn attribute(document: &str, name: &str) -> Option<String> {
    let at = document.find(&format!("{name}=\""))? + name.len() + 2;
    let value = &document[at..];
    Some(value[..value.find('"')?].replace("&amp;", "&"))
}

static NEXT_CALL: AtomicU64 = AtomicU64::new(1);

/// Somebody who is about to dial.
pub(crate) fn call<'w>(wire: &'w mut Wire, town: &Town) -> Call<'w> {
    let number = NEXT_CALL.fetch_add(1, Ordering::Relaxed);
    let postcode =
        town.postcodes[(number.wrapping_mul(7_919) % town.postcodes.len() as u64) as usize];
    Call { wire, sid: format!("CA{number:032x}"), number, postcode, recorded: Recorded::default() }
}

/// One call, written down.
pub(crate) fn one_call(address: SocketAddr, town: &Town) -> Recorded {
    runtime().block_on(async {
        let mut wire = Wire::open(address).await;
        let mut call = call(&mut wire, town);
        assert!(call.run().await, "the first call is connected");
        call.recorded
    })
}

/// Call after call on every connection.
pub(crate) fn calls(load: &Load, town: &Town) -> Outcome {
    run(load, async |wire: &mut Wire| call(wire, town).run().await)
}

/// The same webhooks, to a server that answers each by its number.
pub(crate) fn replay(load: &Load, recorded: &Recorded) -> Outcome {
    run(load, async |wire: &mut Wire| {
        for (step, (form, _)) in recorded.0.iter().enumerate() {
            wire.post(&format!("/{step}"), form).await;
        }
        true
    })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

/// `once` again and again on every connection, until the time is up.
fn run(load: &Load, once: impl AsyncFn(&mut Wire) -> bool) -> Outcome {
    runtime().block_on(async {
        let (began, cpu) = (Instant::now(), cpu_time());
        let (calls, connected) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let connections = (0..load.connections).map(|_| async {
            let mut wire = Wire::open(load.address).await;
            while began.elapsed() < load.time {
                calls.fetch_add(1, Ordering::Relaxed);
                connected.fetch_add(u64::from(once(&mut wire).await), Ordering::Relaxed);
            }
            wire.times
        });
        let mut times = Histogram::new(3).expect("a histogram");
        for of_one in futures_of(connections).await {
            times.add(of_one).expect("the same range");
        }
        let (calls, connected) = (calls.load(Ordering::Relaxed), connected.load(Ordering::Relaxed));
        Outcome { times, time: began.elapsed(), calls, connected, cpu: cpu_time() - cpu }
    })
}

/// All of them at once, on this thread.
async fn futures_of<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    use futures_util::stream::{FuturesUnordered, StreamExt};
    futures.collect::<FuturesUnordered<_>>().collect().await
}

/// Processor time of this process so far. Linux counts it in hundredths of a second.
pub(crate) fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let after_name = stat.rsplit(')').next().expect("a name in parentheses");
    let ticks = |at| after_name.split_whitespace().nth(at).and_then(|n| n.parse::<u64>().ok());
    Duration::from_millis(10 * (ticks(11).unwrap_or(0) + ticks(12).unwrap_or(0)))
}
