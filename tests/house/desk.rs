//! The desk on the web, asked directly: somebody is logged in and opens pages and sends forms.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use burenhulp::domain::{OperatorId, Phone, Postcode, Role};
use burenhulp::store::{NewOperator, OperatorFault};
use burenhulp::web::desk::begin_session;
use tower::ServiceExt;

use super::{House, LONGEST};

/// Somebody in front of a browser.
#[derive(Debug, Clone, Default)]
pub(crate) struct Visitor {
    /// What their browser sends along.
    pub(crate) cookies: String,
    /// The key that forms of their session carry.
    pub(crate) key: String,
    /// Who they are; nobody when they are not logged in.
    pub(crate) id: Option<OperatorId>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    /// The cookies that were set, each as `name=value; attributes`.
    pub(crate) set_cookies: Vec<String>,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: String,
    /// The same, when it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl House {
    /// Adds somebody to the desk and logs them in.
    pub(crate) async fn operator(
        &self,
        name: &str,
        role: Role,
        lines: &[Phone],
        areas: &[Postcode],
    ) -> Visitor {
        let (lines, areas) = (lines.to_vec(), areas.to_vec());
        let password = String::new();
        let name = name.into();
        let new = NewOperator { name, role, password, password_given: false, lines, areas };
        let now = self.app().0.exchange.now();
        let added = self.store().write(move |tx| tx.add_operator(&new, now));
        let id: Result<OperatorId, OperatorFault> = added.await;
        let id = id.unwrap();
        let token = begin_session(&self.app().0, id).await.unwrap();
        let cookies = format!("__Host-loket={}", token.text());
        Visitor { cookies, key: token.form_key(), id: Some(id) }
    }

    /// Opens a page.
    pub(crate) async fn get(&self, who: &Visitor, path: &str) -> Page {
        self.ask(Request::get(path), who, Body::empty()).await
    }

    /// Sends a form as its own page would, the session's key in it.
    pub(crate) async fn post(&self, who: &Visitor, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut form = fields.to_vec();
        form.push(("csrf", &who.key));
        let asked = Request::post(path).header("sec-fetch-site", "same-origin");
        self.send(asked, who, &form).await
    }

    /// Looks something up in a list of the desk: the page that the form leads to, and its address.
    pub(crate) async fn looks_up(
        &self,
        who: &Visitor,
        path: &str,
        fields: &[(&str, &str)],
    ) -> (Page, String) {
        let sent = self.post(who, path, fields).await;
        assert_eq!(sent.status, 303, "{path}: {}", sent.body);
        let address = sent.location.expect("an address");
        (self.get(who, &address).await, address)
    }

    /// Sends these fields and no other, with these headers.
    pub(crate) async fn send(
        &self,
        asked: axum::http::request::Builder,
        who: &Visitor,
        form: &[(&str, &str)],
    ) -> Page {
        let body = form_encoded(form);
        let asked = asked.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(asked, who, Body::from(body)).await
    }

    /// Opens a page with these headers.
    pub(crate) async fn get_with(&self, who: &Visitor, path: &str, header: (&str, &str)) -> Page {
        self.ask(Request::get(path).header(header.0, header.1), who, Body::empty()).await
    }

    async fn ask(&self, asked: axum::http::request::Builder, who: &Visitor, body: Body) -> Page {
        let asked = match who.cookies.is_empty() {
            true => asked,
            false => asked.header(header::COOKIE, &who.cookies),
        };
        let answer = self.app().1.clone().oneshot(asked.body(body).unwrap()).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = bytes_of(answer).await;
        let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
        Page {
            status,
            location: headers.get(header::LOCATION).map(text),
            set_cookies: headers.get_all(header::SET_COOKIE).iter().map(text).collect(),
            headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }
}

impl Visitor {
    /// The browser keeps what the page set.
    pub(crate) fn keeps(&mut self, page: &Page) {
        for set in &page.set_cookies {
            let pair = set.split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap_or_default();
            let mut kept: Vec<String> = self.cookies.split("; ").map(str::to_owned).collect();
            kept.retain(|cookie| !cookie.is_empty() && !cookie.starts_with(&format!("{name}=")));
            if !value.is_empty() {
                kept.push(pair.to_owned());
            }
            self.cookies = kept.join("; ");
        }
    }
}

/// The whole answer; of events, which never end, the first one.
async fn bytes_of(answer: axum::response::Response) -> Vec<u8> {
    let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
    let bytes = match kind.is_some_and(|kind| kind == "text/event-stream") {
        true => {
            let mut events = answer.into_body().into_data_stream();
            futures_util::StreamExt::next(&mut events).await.expect("an event").unwrap()
        }
        false => to_bytes(answer.into_body(), LONGEST).await.unwrap(),
    };
    bytes.into()
}

/// Names and values as a browser sends them.
fn form_encoded(form: &[(&str, &str)]) -> String {
    let escaped = |text: &str| -> String {
        let escape = |byte: u8| match byte {
            plain if plain.is_ascii_alphanumeric() => char::from(plain).to_string(),
            other => format!("%{other:02X}"),
        };
        text.bytes().map(escape).collect()
    };
    let pairs: Vec<_> =
        form.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
    pairs.join("&")
}
