//! A provider's id of a leg or a recording: opaque, and never looked into.

use std::fmt;

use serde::{Deserialize, Serialize};

/// 1 to 128 visible ASCII characters, as the provider sent them (`CA…`, a UUID, `v3:…`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sid(Box<str>);

/// Not an id of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a provider's id has 1 to 128 visible ASCII characters")]
pub struct NotASid;

impl Sid {
    /// Takes an id as it came.
    ///
    /// # Errors
    /// [`NotASid`] when it is empty, over 128 characters, or has others than visible ASCII.
    pub fn parse(text: &str) -> Result<Self, NotASid> {
        let fits = (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(text.into())) } else { Err(NotASid) }
    }

    /// The id as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id as one segment of a path: everything but letters, digits, `-`, `_` and `~` is
    /// percent-encoded, so that an id can never climb out of its place.
    pub(super) fn in_path(&self) -> String {
        let bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~".contains(&byte);
        let encoded = self.0.bytes().map(|byte| match byte {
            byte if bare(byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        });
        encoded.collect()
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Sid {
    type Error = NotASid;
    fn try_from(text: String) -> Result<Self, NotASid> {
        Self::parse(&text)
    }
}

impl From<Sid> for String {
    fn from(sid: Sid) -> String {
        sid.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_every_provider_are_taken_as_they_are() {
        for text in ["CA00000000000000000000000000000001", "v3:aB/c_d-1==", &"x".repeat(128)] {
            assert_eq!(Sid::parse(text).map(String::from), Ok(text.to_owned()));
        }
        for text in ["", "a b", "é", "a\n", &"x".repeat(129)] {
            assert_eq!(Sid::parse(text), Err(NotASid), "{text:?}");
        }
    }

    #[test]
    fn an_id_stays_one_segment_of_a_path() {
        let sid = Sid::parse("v3:a/../b?c#d%2F.json").expect("visible ASCII");
        assert_eq!(sid.in_path(), "v3%3Aa%2F%2E%2E%2Fb%3Fc%23d%252F%2Ejson");
    }
}
