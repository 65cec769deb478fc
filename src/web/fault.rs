//! Why a page cannot be shown, or an action not be done: each is told in words on a page, by the guard
//! that stands in front of it.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::exchange::Failure;
use crate::store::StoreError;

/// What a handler answers: a page or a way on, or a fault that its guard tells on a page.
pub type Answer = Result<Response, Fault>;

/// Why not. None of these holds anybody's data.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// There is no such thing, or it is not theirs to see: which of the two is not told.
    #[error("there is nothing here")]
    NotHere,
    /// Their role does not do this.
    #[error("this is not for this role")]
    NotTheirs,
    /// Something was filled in that only another form than ours holds, or an address that somebody
    /// typed; the sentence, in Dutch and in English, says what to do. What people type wrong in a
    /// form is told on the form itself (`typed`).
    #[error("{1}")]
    FilledIn(String, String),
    /// The form is another session's, or a page of long ago.
    #[error("the form is not of this session")]
    OldForm,
    /// The form comes from another site.
    #[error("the form comes from another site")]
    OtherSite,
    /// They are not logged in any more.
    #[error("the session is over")]
    SessionOver,
    /// Too many tries; after so many seconds again.
    #[error("too many tries")]
    TooOften(u64),
    /// The form is larger than any of ours.
    #[error("the form is too large")]
    TooLarge,
    /// Our own fault; the log says which.
    #[error("{0}")]
    Ours(Arc<str>),
}

impl Fault {
    /// Our own fault.
    pub fn ours(why: impl std::fmt::Display) -> Self {
        Self::Ours(why.to_string().into())
    }

    pub(in crate::web) fn status(&self) -> StatusCode {
        match self {
            Self::NotHere => StatusCode::NOT_FOUND,
            Self::NotTheirs | Self::OldForm | Self::OtherSite => StatusCode::FORBIDDEN,
            Self::FilledIn(..) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::SessionOver => StatusCode::UNAUTHORIZED,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Ours(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<StoreError> for Fault {
    fn from(fault: StoreError) -> Self {
        Self::ours(fault)
    }
}

impl From<Failure> for Fault {
    fn from(fault: Failure) -> Self {
        Self::ours(fault)
    }
}

impl From<askama::Error> for Fault {
    fn from(fault: askama::Error) -> Self {
        Self::ours(fault)
    }
}

impl IntoResponse for Fault {
    /// Only marked here: the guard, which knows who asks and in which language, writes the page.
    fn into_response(self) -> Response {
        let mut marked = self.status().into_response();
        marked.extensions_mut().insert(self);
        marked
    }
}
