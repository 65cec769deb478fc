//! What goes over the wire between the network and the application: requests out, answers back.
//!
//! Plain values. Who carries them (HTTP, or a test that calls the application itself) is not
//! decided here.

use std::fmt;

use super::leg::LegId;
use super::signature;

/// Names one request for as long as it is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(pub u64);

/// Why the network asks or tells something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Somebody dialled a line, or a call that was ordered by REST was answered.
    Voice,
    /// The document at another address, from `Redirect` or by REST.
    Redirect,
    /// Keys, or silence.
    Gather,
    /// A recording was made.
    Record,
    /// A dial is over.
    DialAction,
    /// A dialled telephone was picked up: what does it hear before the two are joined?
    Screening,
    /// The document could not be had or could not be carried out.
    Fallback,
    /// How a leg goes; the answer is not looked at.
    StatusCallback,
    /// A recording can be fetched; the answer is not looked at.
    RecordingCallback,
    /// A sound to play.
    Media,
}

impl Kind {
    /// Whether the answer is a document that the leg waits for.
    pub fn wants_document(self) -> bool {
        !matches!(self, Self::StatusCallback | Self::RecordingCallback | Self::Media)
    }
}

/// How a request is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// The parameters are the body.
    Post,
    /// The parameters are added to the address.
    Get,
}

/// One request of the network to the application.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// To answer by.
    pub id: RequestId,
    /// The leg that it is about.
    pub leg: LegId,
    /// What for.
    pub kind: Kind,
    /// How.
    pub method: Method,
    /// Absolute address, complete with query, without fragment.
    pub url: String,
    /// Form fields in the order in which they are sent.
    pub params: Vec<(String, String)>,
    /// Same for every delivery of one webhook, as far as the policy says so.
    pub token: String,
}

impl Request {
    /// The body of a `POST`, form-encoded; empty for a `GET`.
    pub fn body(&self) -> String {
        if self.method == Method::Get {
            return String::new();
        }
        form(&self.params)
    }

    /// Puts the parameters where a `GET` has them.
    pub(super) fn move_params_to_url(&mut self) {
        if !self.params.is_empty() {
            self.url.push(if self.url.contains('?') { '&' } else { '?' });
            self.url.push_str(&form(&self.params));
        }
    }

    /// Every header that goes with it, signed with the account's token.
    pub fn headers(&self, auth_token: &str) -> Vec<(&'static str, String)> {
        let signed: &[(String, String)] =
            if self.method == Method::Post { &self.params } else { &[] };
        let mut headers = vec![
            ("X-Twilio-Signature", signature::sign(auth_token, &self.url, signed)),
            ("I-Twilio-Idempotency-Token", self.token.clone()),
            ("User-Agent", "TwilioProxy/1.1".to_owned()),
            ("Accept", "*/*".to_owned()),
        ];
        if self.method == Method::Post {
            let form = "application/x-www-form-urlencoded; charset=UTF-8";
            headers.push(("Content-Type", form.to_owned()));
        }
        headers
    }

    /// The value of a field.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The path and query, for handing it to a router without a network in between.
    pub fn path_and_query(&self) -> &str {
        let after_scheme = self.url.find("://").map_or(0, |at| at + 3);
        self.url[after_scheme..].find('/').map_or("/", |at| &self.url[after_scheme + at..])
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({}, {:?}, {:?}, {})", self.id.0, self.kind, self.leg, self.url)
    }
}

/// What the application answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, when there is one.
    pub content_type: Option<String>,
    /// `Location`, when there is one.
    pub location: Option<String>,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// `200` with a document.
    pub fn xml(document: &str) -> Self {
        Self {
            status: 200,
            content_type: Some("text/xml; charset=utf-8".to_owned()),
            location: None,
            body: document.as_bytes().to_vec(),
        }
    }

    /// A status and nothing else.
    pub fn status(status: u16) -> Self {
        Self { status, content_type: None, location: None, body: Vec::new() }
    }
}

/// There is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// No connection could be made: the application never saw the request.
    Connection,
    /// Connected, and then nothing for 15 s: the application may have acted on it.
    Timeout,
}

/// Fields as a form has them.
fn form(params: &[(String, String)]) -> String {
    let pairs = params.iter().map(|(name, value)| {
        let mut pair = String::new();
        encode(name, &mut pair);
        pair.push('=');
        encode(value, &mut pair);
        pair
    });
    pairs.collect::<Vec<_>>().join("&")
}

/// Adds `text` to `out` in the form encoding of HTML: unreserved bytes as they are, blank as `+`.
fn encode(text: &str, out: &mut String) {
    use fmt::Write;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                out.push(byte.into());
            }
            b' ' => out.push('+'),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_as_browsers_do() {
        let request = Request {
            id: RequestId(1),
            leg: LegId(1),
            kind: Kind::Voice,
            method: Method::Post,
            url: "http://h:1/voice/incoming?x=1".to_owned(),
            params: vec![
                ("From".to_owned(), "+31601000001".to_owned()),
                ("Naam".to_owned(), "Café ’t Hoekje".to_owned()),
                ("Leeg".to_owned(), String::new()),
            ],
            token: "t".to_owned(),
        };
        assert_eq!(request.body(), "From=%2B31601000001&Naam=Caf%C3%A9+%E2%80%99t+Hoekje&Leeg=");
        assert_eq!(request.path_and_query(), "/voice/incoming?x=1");
        assert!(!format!("{request:?}").contains("601000001"));
    }
}
