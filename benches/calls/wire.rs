//! Connections that are kept open, each with one request at a time.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use burenhulp::sim::wire::{Failure, Method, Request, RequestId, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::process::TOKEN;

/// An answer, and how long it took.
pub(crate) struct Carried {
    pub(crate) connection: usize,
    pub(crate) request: RequestId,
    pub(crate) answer: Result<Response, Failure>,
    pub(crate) took: Duration,
}

/// Opens a connection: what is sent to it is carried, one after another.
pub(crate) fn connect(
    address: SocketAddr,
    connection: usize,
    done: UnboundedSender<Carried>,
) -> UnboundedSender<Request> {
    let (give, requests) = unbounded_channel();
    tokio::spawn(carry(address, connection, requests, done));
    give
}

async fn carry(
    address: SocketAddr,
    connection: usize,
    mut requests: UnboundedReceiver<Request>,
    done: UnboundedSender<Carried>,
) {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("an option");
    let mut buffer = Vec::new();
    while let Some(request) = requests.recv().await {
        let bytes = written(&request);
        let began = Instant::now();
        stream.write_all(&bytes).await.expect("sent");
        let answer = read(&mut stream, &mut buffer).await;
        let took = began.elapsed();
        let carried = Carried { connection, request: request.id, answer: Ok(answer), took };
        if done.send(carried).is_err() {
            return;
        }
    }
}

fn written(request: &Request) -> Vec<u8> {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let body = request.body();
    let mut text = format!("{method} {} HTTP/1.1\r\nHost: bench\r\n", request.path_and_query());
    for (name, value) in request.headers(TOKEN) {
        text.extend([name, ": ", &value, "\r\n"]);
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    text.into_bytes()
}

async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Response {
    buffer.clear();
    loop {
        let read = stream.read_buf(buffer).await.expect("an answer");
        assert!(read > 0, "the exchange closed the connection");
        if let Some(response) = whole(buffer) {
            return response;
        }
    }
}

/// The answer, once all of it is there.
fn whole(bytes: &[u8]) -> Option<Response> {
    let ends = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..ends]).expect("a head in ASCII");
    let field = |name| head.lines().find_map(|line| line.strip_prefix(name));
    let length = field("content-length: ").map_or(0, |length| length.parse().expect("a length"));
    let body = bytes.get(ends + 4..ends + 4 + length)?;
    Some(Response {
        status: head.get(9..12).and_then(|status| status.parse().ok()).expect("a status"),
        content_type: field("content-type: ").map(str::to_owned),
        location: None,
        body: body.to_vec(),
    })
}
