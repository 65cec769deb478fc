//! Webhooks over real HTTP: signed, with an idempotency token, for 15 seconds at most.
//!
//! It carries one request and says what came of it. Whether it is tried again, and what an answer
//! means, is the network's to know.

use std::time::Duration;

use reqwest::Client;

use super::wire::{Failure, Method, Request, Response};

/// The provider's limits: for a connection, and for everything together.
const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(15);
/// Most bytes of an answer that are read. A document may have 64 kB; a sound has more.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The sending half of a provider. Connections are kept and used again.
#[derive(Clone)]
pub struct Webhooks {
    http: Client,
    auth_token: String,
}

impl Webhooks {
    /// Signs with this token of the account.
    ///
    /// # Errors
    /// When no client can be made, for want of TLS on this machine.
    pub fn signed_with(auth_token: &str) -> reqwest::Result<Self> {
        Self::with_limits(auth_token, CONNECT, WHOLE)
    }

    fn with_limits(auth_token: &str, connect: Duration, whole: Duration) -> reqwest::Result<Self> {
        // Whoever comes second finds the same provider installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder()
            .connect_timeout(connect)
            .timeout(whole)
            // The network follows them itself, and counts.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self { http, auth_token: auth_token.to_owned() })
    }

    /// Carries one request over and brings its answer.
    ///
    /// # Errors
    /// [`Failure`]: whether the application can have seen it.
    pub async fn carry(&self, request: &Request) -> Result<Response, Failure> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut sending = self.http.request(method, &request.url);
        for (name, value) in request.headers(&self.auth_token) {
            sending = sending.header(name, value);
        }
        if request.method == Method::Post {
            sending = sending.body(request.body());
        }
        let answer = sending.send().await.map_err(|fault| failure(&fault))?;
        read(answer).await
    }
}

async fn read(mut answer: reqwest::Response) -> Result<Response, Failure> {
    let header = |name| {
        let value = answer.headers().get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let (content_type, location) = (header("content-type"), header("location"));
    let status = answer.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|fault| failure(&fault))? {
        let room = MOST_BYTES - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == MOST_BYTES {
            break;
        }
    }
    Ok(Response { status, content_type, location, body })
}

fn failure(fault: &reqwest::Error) -> Failure {
    if fault.is_connect() || fault.is_builder() { Failure::Connection } else { Failure::Timeout }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::HeaderMap;
    use axum::response::{IntoResponse, Redirect};
    use axum::routing::{get, post};

    use super::super::leg::LegId;
    use super::super::signature;
    use super::super::wire::{Kind, RequestId};
    use super::*;

    async fn listen(app: Router) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        format!("http://{address}")
    }

    fn request(method: Method, url: String) -> Request {
        Request {
            id: RequestId(1),
            leg: LegId(1),
            kind: Kind::Voice,
            method,
            url,
            params: vec![("Digits".to_owned(), "1 é".to_owned())],
            token: "token-1".to_owned(),
        }
    }

    #[tokio::test]
    async fn r15_what_arrives_is_the_form_that_was_signed() {
        let app = Router::new().route(
            "/voice",
            post(|headers: HeaderMap, body: String| async move {
                let told = |name: &str| headers[name].to_str().unwrap().to_owned();
                let told = [
                    told("x-twilio-signature"),
                    told("i-twilio-idempotency-token"),
                    told("content-type"),
                    body,
                ];
                told.join("|")
            }),
        );
        let url = format!("{}/voice", listen(app).await);
        let request = request(Method::Post, url.clone());
        let answer = Webhooks::signed_with("secret").unwrap().carry(&request).await.unwrap();
        let signature = signature::sign("secret", &url, &request.params);
        let form = "application/x-www-form-urlencoded; charset=UTF-8";
        let expected = format!("{signature}|token-1|{form}|Digits=1+%C3%A9");
        assert_eq!(String::from_utf8(answer.body).unwrap(), expected);
    }

    #[tokio::test]
    async fn a_redirect_is_brought_back_and_not_followed() {
        let app = Router::new().route("/old", get(|| async { Redirect::temporary("/new") }));
        let url = format!("{}/old", listen(app).await);
        let webhooks = Webhooks::signed_with("secret").unwrap();
        let answer = webhooks.carry(&request(Method::Get, url)).await.unwrap();
        assert_eq!((answer.status, answer.location.as_deref()), (307, Some("/new")));
    }

    #[tokio::test]
    async fn nobody_there_is_told_from_nobody_answering() {
        let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let nobody = format!("http://{}/", closed.local_addr().unwrap());
        drop(closed);
        let app = Router::new().route(
            "/",
            post(|| async {
                std::future::pending::<()>().await;
                ().into_response()
            }),
        );
        let silent = format!("{}/", listen(app).await);
        let limit = Duration::from_millis(200);
        let webhooks = Webhooks::with_limits("secret", limit, limit).unwrap();
        let carried = webhooks.carry(&request(Method::Post, nobody)).await;
        assert_eq!(carried, Err(Failure::Connection));
        let carried = webhooks.carry(&request(Method::Post, silent)).await;
        assert_eq!(carried, Err(Failure::Timeout));
    }

    #[tokio::test]
    async fn an_answer_without_end_is_cut_off() {
        let app = Router::new().route("/", get(|| async { vec![b'x'; MOST_BYTES + 1] }));
        let url = format!("{}/", listen(app).await);
        let webhooks = Webhooks::signed_with("secret").unwrap();
        let answer = webhooks.carry(&request(Method::Get, url)).await.unwrap();
        assert_eq!(answer.body.len(), MOST_BYTES);
    }
}
