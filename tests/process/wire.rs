//! One request over one connection, in two halves: what happens in between is the test's to say.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use burenhulp::sim::virtual_time::HttpRequest;
use burenhulp::sim::wire::{Method, Response};

use super::PATIENCE;

/// A request that has left, and whose answer has not been read.
pub(crate) struct Sent(TcpStream);

/// Sends the whole request.
pub(crate) fn send(address: SocketAddr, request: &HttpRequest) -> io::Result<Sent> {
    let mut sent = Sent::open(address)?;
    sent.write(head(request).as_bytes())?;
    sent.write(&request.body)?;
    Ok(sent)
}

/// What is at this path, for anybody.
pub(crate) fn get(address: SocketAddr, path: &str) -> Response {
    let request = HttpRequest {
        method: Method::Get,
        path_and_query: path.to_owned(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    send(address, &request).and_then(Sent::answer).unwrap()
}

/// The request line and the header fields.
pub(crate) fn head(request: &HttpRequest) -> String {
    let method = match request.method {
        Method::Get => "GET",
        Method::Post => "POST",
    };
    let fields = request.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    format!(
        "{method} {} HTTP/1.1\r\nHost: centrale.example.org\r\nConnection: close\r\n\
         Content-Length: {}\r\n{}\r\n",
        request.path_and_query,
        request.body.len(),
        fields.collect::<String>()
    )
}

impl Sent {
    /// A connection on which nothing has been said.
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(stream))
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    /// Reads the answer. Half an answer is none.
    pub(crate) fn answer(mut self) -> io::Result<Response> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes)?;
        read(&bytes).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

fn read(bytes: &[u8]) -> Option<Response> {
    let ends = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..ends]).ok()?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let field = |name: &str| {
        let mut fields = lines.clone().filter_map(|line| line.split_once(": "));
        fields.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let body = bytes[ends + 4..].to_vec();
    let length = field("content-length").map_or(Some(0), |length| length.parse().ok())?;
    let (content_type, location) = (field("content-type"), field("location"));
    (body.len() == length).then_some(Response { status, content_type, location, body })
}
