//! What somebody at the desk asks about a call on the board: who asks, about which request, and
//! whether they are told in place.

use axum::RequestPartsExt;
use axum::extract::{FromRequestParts, Path};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::acts::theirs;
use crate::domain::{About, Deed, RequestId};
use crate::exchange::{DeskWish, Ordered};
use crate::store::StoreError;
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::{Fields, SignedIn};

pub(super) const BOARD: &str = "/loket";

/// A form of a row of the board, sent by somebody who may see that row.
pub(in crate::web::desk) struct Asked {
    pub(super) app: App,
    pub(super) you: SignedIn,
    pub(super) request: RequestId,
    pub(super) form: Fields,
    /// By a script, which puts the answer on the page; else the way leads back to the board.
    pub(super) in_place: bool,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let you = SignedIn::from_request_parts(parts, app).await;
        let you = you.map_err(IntoResponse::into_response)?;
        let request = parts.extract::<Path<i64>>().await;
        let Path(request) = request.map_err(|_| Fault::NotHere.into_response())?;
        let request = RequestId(request);
        theirs(app, &you, request).await.map_err(IntoResponse::into_response)?;
        let form = parts.extensions.get::<Fields>().cloned().unwrap_or_default();
        let accepts = parts.headers.get(header::ACCEPT).and_then(|kinds| kinds.to_str().ok());
        let in_place = accepts.is_some_and(|kinds| kinds.starts_with("application/json"));
        Ok(Self { app: app.clone(), you, request, form, in_place })
    }
}

impl Asked {
    /// A number that the form holds without anybody typing it.
    ///
    /// # Errors
    /// [`Fault::FilledIn`]: the form is not ours.
    pub(super) fn number(&self, field: &str) -> Result<i64, Fault> {
        self.form.get(field).parse().map_err(|_| {
            Fault::FilledIn("Er is niemand gekozen.".to_owned(), "Nobody was chosen.".to_owned())
        })
    }

    /// Gives this order, and tells what came of it.
    pub(super) async fn order(&self, wish: DeskWish, deed: Deed, nl: &str, en: &str) -> Answer {
        Ok(match self.give(wish, deed).await? {
            Ok(()) => self.told(true, self.you.say(nl, en)),
            Err(why) => self.told(false, &why),
        })
    }

    /// Gives this order and writes it down; or says why it came too late.
    pub(super) async fn give(
        &self,
        wish: DeskWish,
        deed: Deed,
    ) -> Result<Result<(), String>, Fault> {
        if let Ordered::TooLate(why) = self.app.exchange.order(self.request, wish).await? {
            return Ok(Err(why.in_words(self.you.language)));
        }
        let (id, now, about) =
            (self.you.operator.id, self.app.exchange.now(), About::Request(self.request));
        let written: Result<(), StoreError> =
            self.app.exchange.store().write(move |tx| tx.audit(id, deed, &about, now)).await;
        written?;
        Ok(Ok(()))
    }

    /// Tells what came of it, in place or on the board.
    pub(super) fn told(&self, done: bool, words: &str) -> Response {
        if self.in_place {
            let class = if done { "notice" } else { "notice warning" };
            let words = askama::filters::escape(words, askama::filters::Html);
            let words = words.map(|words| words.to_string()).unwrap_or_default();
            let told = json!({ "told": format!("<p class=\"{class}\">{words}</p>") });
            let kind = (header::CONTENT_TYPE, "application/json");
            return ([kind], told.to_string()).into_response();
        }
        match done {
            true => self.you.done(BOARD, words),
            false => self.you.warned(BOARD, words),
        }
    }
}
