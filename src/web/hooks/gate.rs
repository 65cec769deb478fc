//! Only the provider's own webhooks come through (R15).

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::carrier::dialect::Dialect;
use crate::carrier::form::MAX_BODY;
use crate::carrier::signature::{Secrets, signed_url};
use crate::carrier::{Params, Webhook};
use crate::web::App;

/// What it takes to know a webhook of our own provider.
pub struct Gate {
    /// How this provider signs.
    pub dialect: &'static dyn Dialect,
    /// What it signs with.
    pub secrets: Secrets,
    /// The address that it calls, without a slash at the end.
    pub public_url: String,
}

/// A webhook whose signature was right.
pub(in crate::web) struct Signed {
    params: Params,
    webhook: Option<Webhook>,
}

impl Signed {
    /// What it says; none when it does not say which leg it is about.
    pub(super) fn webhook(self) -> Option<Webhook> {
        self.webhook
    }

    /// The number that was dialled, whatever else is wrong.
    pub(super) fn to(&self) -> &str {
        self.params.get("To").unwrap_or_default()
    }

    /// Whether the leg is one that the exchange had rung. Where a caller's leg had it rung, an
    /// answer that merely ends joins two people; and nobody who was rung is put through to the desk.
    pub(super) fn is_rung_leg(&self) -> bool {
        let placed = self.params.get("Direction").is_some_and(|how| how.starts_with("outbound"));
        placed || self.params.filled("ParentCallSid").is_some()
    }
}

impl FromRequest<App> for Signed {
    type Rejection = Response;

    async fn from_request(request: Request, app: &App) -> Result<Self, Response> {
        let gate = &app.gate;
        let (parts, body) = request.into_parts();
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let url = signed_url(&gate.public_url, target);
        let body = read_body(body).await?;
        let params = match read_params(&parts.method, &parts.headers, &body) {
            Ok(params) => params,
            Err(sentence) => return Err(refuse(StatusCode::BAD_REQUEST, &sentence)),
        };
        let now = app.exchange.now();
        let verified =
            gate.dialect.verify(&gate.secrets, now, &parts.headers, &url, &body, &params);
        if let Err(fault) = verified {
            tracing::warn!(%fault, "webhook.refused");
            return Err(refuse(StatusCode::FORBIDDEN, "The signature is not right.\n"));
        }
        let webhook = Webhook::read(&params)
            .inspect_err(|fault| tracing::warn!(%fault, "webhook.not_understood"));
        Ok(Self { params, webhook: webhook.ok() })
    }
}

async fn read_body(body: axum::body::Body) -> Result<Bytes, Response> {
    axum::body::to_bytes(body, MAX_BODY).await.map_err(|_| {
        let sentence = format!("The body is over {MAX_BODY} bytes, or broke off.\n");
        refuse(StatusCode::PAYLOAD_TOO_LARGE, &sentence)
    })
}

/// A form's parameters. A body of another kind has none, and only passes where its hash is signed.
fn read_params(
    method: &Method,
    headers: &header::HeaderMap,
    body: &Bytes,
) -> Result<Params, String> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_form = kind.is_none_or(|kind| kind.trim_start().starts_with(FORM));
    if method == Method::GET || !is_form {
        return Ok(Params::default());
    }
    Params::read(body).map_err(|fault| format!("{fault}\n"))
}

const FORM: &str = "application/x-www-form-urlencoded";

fn refuse(status: StatusCode, sentence: &str) -> Response {
    (status, sentence.to_owned()).into_response()
}
