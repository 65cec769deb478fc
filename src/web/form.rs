//! What somebody filled in, and whether it was on a page of ours.

use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};

use super::fault::Fault;

/// Largest form, bytes; ours stay far below.
const LARGEST: usize = 64 * 1024;

/// What was filled in in a form; a box that may be ticked several times comes several times.
/// `Debug` shows only how many.
#[derive(Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// These, as if they had been filled in.
    pub(super) fn of(filled: Vec<(String, String)>) -> Self {
        Self(filled)
    }

    /// What stands in an address behind the question mark; nothing when it cannot be read.
    pub(super) fn in_address(uri: &Uri) -> Self {
        let read = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
        Self(read.map(|query| query.0).unwrap_or_default())
    }

    /// What was filled in here, without spaces around it; empty when nothing was.
    pub fn get<'a>(&'a self, name: &'a str) -> &'a str {
        self.all(name).next().unwrap_or_default()
    }

    /// What was filled in here; none when it was left empty.
    pub fn filled<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// Everything that was filled in under this name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// The same, with this where nothing was filled in.
    pub(super) fn or(mut self, name: &str, value: impl Into<String>) -> Self {
        if self.filled(name).is_none() {
            self.0.retain(|(key, _)| key != name);
            self.0.push((name.to_owned(), value.into()));
        }
        self
    }

    /// A form that was filled in like this.
    #[cfg(test)]
    pub(crate) fn with(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect())
    }

    /// As it was typed, spaces and all: for passwords.
    pub(super) fn raw(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).unwrap_or_default()
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Fields({})", self.0.len())
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

/// Whether a browser says that another site sent this. Browsers that say nothing are held by the
/// form's key alone.
pub(super) fn is_from_elsewhere(headers: &HeaderMap, origin: &str) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => !["same-origin", "none"].contains(&site),
        (None, Some(sender)) => sender != origin,
        (None, None) => false,
    }
}

/// Takes the form out of the body; handlers find it as [`Fields`].
pub(super) async fn read(request: Request) -> Result<Request, Fault> {
    let (mut parts, body) = request.into_parts();
    let bytes = axum::body::to_bytes(body, LARGEST).await.map_err(|_| Fault::TooLarge)?;
    let form = axum::http::Request::builder()
        .method(Method::POST)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(bytes))
        .map_err(Fault::ours)?;
    let read = <axum::Form<Vec<(String, String)>> as axum::extract::FromRequest<()>>::from_request(
        form,
        &(),
    );
    let unreadable = || {
        Fault::FilledIn(
            "Het formulier kan niet gelezen worden.".into(),
            "The form cannot be read.".into(),
        )
    };
    let axum::Form(fields) = read.await.map_err(|_| unreadable())?;
    parts.extensions.insert(Fields(fields));
    Ok(Request::from_parts(parts, Body::empty()))
}
