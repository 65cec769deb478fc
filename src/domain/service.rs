//! Kinds of help. The catalogue is data (`voice-flows/services.toml`); here is only its key.

use serde::{Deserialize, Serialize};

/// The id of a service in the catalogue: `groceries`, `odd-job`, `dog` ...
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceId(Box<str>);

/// Not an id: one to thirty lower-case letters, digits and hyphens were expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a service id is 1 to 30 lower-case letters, digits or hyphens, beginning with a letter")]
pub struct NotAServiceId;

impl ServiceId {
    /// Reads an id as it stands in the catalogue.
    ///
    /// # Errors
    /// [`NotAServiceId`] when `text` is not 1 to 30 of `a-z`, `0-9` and `-` after a first letter.
    pub fn parse(text: &str) -> Result<Self, NotAServiceId> {
        let fits = (1..=30).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(text.into())) } else { Err(NotAServiceId) }
    }

    /// The id as it stands in the catalogue.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What somebody must have besides the wish to do it, before they are rung for a service. Data of the
/// catalogue; most services have none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conditions {
    /// The desk has to approve of each person first.
    pub approval: bool,
    /// A certificate has to have been seen, and not be out of date.
    pub certificate: bool,
    /// They have to be this old, in years; 0: any age.
    pub min_age: u8,
}

impl Conditions {
    /// Whether there is any.
    pub fn any(self) -> bool {
        self != Self::default()
    }
}

impl TryFrom<String> for ServiceId {
    type Error = NotAServiceId;
    fn try_from(text: String) -> Result<Self, NotAServiceId> {
        Self::parse(&text)
    }
}

impl From<ServiceId> for String {
    fn from(id: ServiceId) -> String {
        id.0.into()
    }
}

impl std::fmt::Display for ServiceId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
