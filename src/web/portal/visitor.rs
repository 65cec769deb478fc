//! Whoever asks, as handlers are given them.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;

use super::layout::{self, Frame};
use super::{Layout, Section};
use crate::domain::{Language, ParticipantId};
use crate::store::SessionHash;
use crate::web::notice::Notice;
use crate::web::site::Site;

/// Somebody with a browser, logged in or not. Only `guard` makes one.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The language that they read.
    pub language: Language,
    /// Who they are, when they are logged in.
    pub who: Option<ParticipantId>,
    /// The key that every form of their session carries; [`Layout`] has it too.
    pub(super) csrf: String,
    pub(super) notice: Option<Notice>,
    /// Where they are; after a form, the page that it stands on.
    pub(super) path: String,
    /// They filled something in and sent it.
    pub(super) filled_in: bool,
    pub(super) frame: Arc<Frame>,
    pub(super) site: Site,
}

impl Visitor {
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
            filled_in: self.filled_in,
            csrf: self.csrf.clone(),
            notice: self.notice.clone(),
            events: None,
            own: layout::Own {
                frame: Arc::clone(&self.frame),
                places: layout::places(section, self.who.is_some(), self.language),
                logged_in: self.who.is_some(),
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

/// Somebody who takes part and is logged in. Only `guard` makes one.
#[derive(Debug, Clone)]
pub struct Me {
    /// Who.
    pub id: ParticipantId,
    /// In front of which page.
    pub visitor: Visitor,
    pub(super) session: SessionHash,
}

impl Me {
    /// As [`Visitor::say`].
    pub fn say<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        self.visitor.say(nl, en)
    }

    /// As [`Visitor::layout`].
    pub fn layout(&self, section: Section, title: &str) -> Layout {
        self.visitor.layout(section, title)
    }

    /// As [`Visitor::done`].
    pub fn done(&self, path: &str, notice: impl Into<String>) -> Response {
        self.visitor.done(path, notice)
    }

    /// As [`Visitor::warned`].
    pub fn warned(&self, path: &str, notice: impl Into<String>) -> Response {
        self.visitor.warned(path, notice)
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl<S: Sync> FromRequestParts<S> for Me {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Missing only where the table says that anybody may come: a fault of ours.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
