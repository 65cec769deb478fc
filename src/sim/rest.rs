//! The provider's REST interface over HTTP, for one account, in front of a network that runs.
//!
//! It turns requests into [`RestCall`]s and answers back; what they mean is the network's to know.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Path, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use super::api::{Fields, RestAnswer, RestBody, RestCall};
use super::faults::NoAnswer;
use super::live::{Live, Stopped};

type Pairs = Vec<(String, String)>;

/// Whose requests are answered.
struct Gate {
    /// `/2010-04-01/Accounts/AC…/`
    path: String,
    /// What `Authorization` must say.
    authorization: String,
}

/// The routes below `/2010-04-01/Accounts/{account}/`, behind the account's token.
pub fn router(live: Live, account: &str, auth_token: &str) -> Router {
    let gate = Gate {
        path: format!("/2010-04-01/Accounts/{account}/"),
        authorization: format!("Basic {}", STANDARD.encode(format!("{account}:{auth_token}"))),
    };
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Calls.json", post(create_call).get(list_calls))
        .route("/2010-04-01/Accounts/{account}/Calls/{sid}", post(update_call).get(fetch_call))
        .route(
            "/2010-04-01/Accounts/{account}/Recordings/{sid}",
            get(fetch_recording).delete(delete_recording),
        )
        .route_layer(axum::middleware::from_fn_with_state(Arc::new(gate), only_the_account))
        .with_state(live)
}

async fn only_the_account(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    let shown = request.headers().get(header::AUTHORIZATION).map_or(&b""[..], |v| v.as_bytes());
    if !bool::from(shown.ct_eq(gate.authorization.as_bytes())) {
        return RestAnswer::error(401, 20003, "Authenticate").into_response();
    }
    if !request.uri().path().starts_with(&gate.path) {
        return RestAnswer::not_found().into_response();
    }
    next.run(request).await
}

async fn create_call(
    State(live): State<Live>,
    fields: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, RestAnswer> {
    let Form(fields) = fields.map_err(|_| unreadable())?;
    ask(&live, RestCall::CreateCall(Fields(fields))).await
}

async fn list_calls(
    State(live): State<Live>,
    filter: Result<Query<Pairs>, QueryRejection>,
) -> Result<Response, RestAnswer> {
    let Query(filter) = filter.map_err(|_| unreadable())?;
    ask(&live, RestCall::ListCalls(Fields(filter))).await
}

async fn update_call(
    State(live): State<Live>,
    Path((_, sid)): Path<(String, String)>,
    fields: Result<Form<Pairs>, FormRejection>,
) -> Result<Response, RestAnswer> {
    let Form(fields) = fields.map_err(|_| unreadable())?;
    let sid = without_ending(&sid);
    ask(&live, RestCall::UpdateCall { sid, fields: Fields(fields) }).await
}

async fn fetch_call(
    State(live): State<Live>,
    Path((_, sid)): Path<(String, String)>,
) -> Result<Response, RestAnswer> {
    ask(&live, RestCall::FetchCall { sid: without_ending(&sid) }).await
}

async fn fetch_recording(
    State(live): State<Live>,
    Path((_, sid)): Path<(String, String)>,
) -> Result<Response, RestAnswer> {
    let call = match sid.strip_suffix(".json") {
        Some(sid) => RestCall::FetchRecording { sid: sid.to_owned() },
        None => RestCall::FetchSound { sid: without_ending(&sid) },
    };
    ask(&live, call).await
}

async fn delete_recording(
    State(live): State<Live>,
    Path((_, sid)): Path<(String, String)>,
) -> Result<Response, RestAnswer> {
    ask(&live, RestCall::DeleteRecording { sid: without_ending(&sid) }).await
}

async fn ask(live: &Live, call: RestCall) -> Result<Response, RestAnswer> {
    match live.rest(call).await {
        Ok(Ok(answer)) => Ok(answer.into_response()),
        Ok(Err(fault)) => Ok(no_answer(fault).await),
        Err(Stopped) => Err(unavailable()),
    }
}

/// As it looks to whoever asks. The connection is there already: a provider out of reach is what
/// stands before it and says so.
async fn no_answer(fault: NoAnswer) -> Response {
    match fault {
        NoAnswer::Unreachable => unavailable().into_response(),
        NoAnswer::Silence => std::future::pending().await,
        NoAnswer::Cut => {
            let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            Body::from_stream(tokio_stream::once(Err::<Vec<u8>, _>(broken))).into_response()
        }
    }
}

fn unavailable() -> RestAnswer {
    RestAnswer::error(503, 20503, "Service Unavailable")
}

fn unreadable() -> RestAnswer {
    RestAnswer::error(400, 20001, "The request is not a form")
}

fn without_ending(sid: &str) -> String {
    [".json", ".wav"].iter().find_map(|e| sid.strip_suffix(e)).unwrap_or(sid).to_owned()
}

impl IntoResponse for RestAnswer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = match self.body {
            RestBody::Empty => status.into_response(),
            RestBody::Json(value) => {
                (status, [(header::CONTENT_TYPE, "application/json")], value.to_string())
                    .into_response()
            }
            RestBody::Sound(bytes) => {
                (status, [(header::CONTENT_TYPE, "audio/x-wav")], bytes).into_response()
            }
        };
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
