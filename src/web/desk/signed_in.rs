//! Whoever asks, as handlers are given them.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::layout;
use super::{Layout, Section};
use crate::domain::{Language, Operator};
use crate::login::AddressKey;
use crate::store::SessionHash;
use crate::web::notice::Notice;
use crate::web::site::Site;

pub use crate::web::form::Fields;

/// Somebody who is logged in and has the right that the table asks for. Only `guard` makes one.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who: name, role, lines and areas.
    pub operator: Operator,
    /// The language that they read.
    pub language: Language,
    /// The key that every form of this session carries; [`Layout`] has it too.
    pub csrf: String,
    pub(super) session: SessionHash,
    /// What seals words in an address of theirs.
    pub(super) address_key: AddressKey,
    pub(super) notice: Option<Notice>,
    pub(super) path: String,
    pub(super) site: Site,
}

impl SignedIn {
    /// The text in their language; Dutch first.
    pub fn say<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        self.language.pick(nl, en)
    }

    /// What stands around a page.
    pub fn layout(&self, section: Section, title: &str) -> Layout {
        Layout {
            title: title.to_owned(),
            language: self.language,
            path: self.path.clone(),
            filled_in: false,
            csrf: self.csrf.clone(),
            notice: self.notice.clone(),
            events: None,
            own: layout::Own {
                name: Some(self.operator.name.clone()),
                places: layout::places(&self.operator, section, self.language),
            },
        }
    }

    /// It was done: on to this page, with a sentence on top.
    pub fn done(&self, path: &str, notice: impl Into<String>) -> Response {
        Notice::done(notice).on(path, &self.site)
    }

    /// It was not done, or there is something to mind: on to this page, with a sentence on top.
    pub fn warned(&self, path: &str, notice: impl Into<String>) -> Response {
        Notice::warning(notice).on(path, &self.site)
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Missing only where the table says that anybody may come: a fault of ours.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The language of whoever asks, logged in or not, and where they are.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub(super) language: Language,
    pub(super) path: String,
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
