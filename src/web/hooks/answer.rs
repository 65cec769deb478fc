//! From what the exchange says to an HTTP answer; when it cannot say anything, words and a way on.

use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::exchange::Failure;
use crate::telemetry::WebhookKind;
use crate::web::App;
use crate::web::hooks::gate::Signed;

/// Longest that an answer may take; the provider gives up after 15 s, and a caller hears nothing.
const LONGEST: Duration = Duration::from_secs(10);

/// One webhook being answered.
pub(super) struct Answering<'a> {
    app: &'a App,
    kind: WebhookKind,
    began: Instant,
    to: String,
    is_rung_leg: bool,
}

impl<'a> Answering<'a> {
    pub(super) fn begin(app: &'a App, kind: WebhookKind, signed: &Signed) -> Self {
        let is_rung_leg = kind == WebhookKind::Screening || signed.is_rung_leg();
        Self { app, kind, began: Instant::now(), to: signed.to().to_owned(), is_rung_leg }
    }

    /// A document, from the exchange or, when it fails, the apology.
    pub(super) async fn document(
        self,
        answer: impl Future<Output = Result<String, Failure>>,
    ) -> Response {
        match self.in_time(answer).await {
            Ok(document) => self.with(xml(document)),
            Err(_) => self.apology(),
        }
    }

    /// Nothing is said: the provider only reports. A report that was not written down may come
    /// again, where the provider was told to (`#rp=5xx`), and stands in its log of errors.
    pub(super) async fn report(self, heard: impl Future<Output = Result<(), Failure>>) -> Response {
        match self.in_time(heard).await {
            Ok(()) | Err(Unanswered::ForGood) => self.nothing(),
            Err(Unanswered::ForNow) => self.with(StatusCode::SERVICE_UNAVAILABLE.into_response()),
        }
    }

    /// The answer to a report.
    pub(super) fn nothing(self) -> Response {
        self.with(StatusCode::NO_CONTENT.into_response())
    }

    /// Kind words, and the desk where that may be. A rung leg is let go: nobody is joined.
    pub(super) fn apology(self) -> Response {
        let document = if self.is_rung_leg {
            self.app.exchange.apology_to_rung()
        } else {
            self.app.exchange.fallback(&self.to)
        };
        let response = document.map_or_else(
            // The sentences are constants and fit; the provider has its own words if not.
            |_| StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            xml,
        );
        self.with(response)
    }

    /// As a document, where the apology itself could not go on: it does not begin anew.
    pub(super) async fn last_words(
        self,
        answer: impl Future<Output = Result<String, Failure>>,
    ) -> Response {
        let later = || self.app.exchange.call_later(&self.to);
        let document = match self.in_time(answer).await {
            Ok(document) => Ok(document),
            Err(_) => later(),
        };
        let response =
            document.map_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response(), xml);
        self.with(response)
    }

    /// This response, counted.
    pub(super) fn with(self, response: Response) -> Response {
        let (metrics, took) = (self.app.exchange.metrics(), self.began.elapsed());
        metrics.webhook(self.kind, response.status().as_u16(), took);
        response
    }

    async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Unanswered> {
        let kind = self.kind;
        match tokio::time::timeout(LONGEST, answer).await {
            Ok(Ok(said)) => Ok(said),
            Ok(Err(Failure::UnknownLeg)) => {
                tracing::info!(?kind, "webhook.unknown_leg: it is answered, and has no effect");
                Err(Unanswered::ForGood)
            }
            Ok(Err(fault)) => {
                tracing::error!(?kind, %fault, "webhook.failed");
                let store = matches!(fault, Failure::Store(_));
                Err(if store { Unanswered::ForNow } else { Unanswered::ForGood })
            }
            Err(_) => {
                tracing::error!(?kind, "webhook.too_slow: the database took over 10 s");
                Err(Unanswered::ForNow)
            }
        }
    }
}

/// Why the exchange had no answer.
enum Unanswered {
    /// The database did not take it: the same may be answered a moment later.
    ForNow,
    /// The same again would have no answer either.
    ForGood,
}

fn xml(document: String) -> Response {
    ([(header::CONTENT_TYPE, "text/xml; charset=utf-8")], document).into_response()
}
