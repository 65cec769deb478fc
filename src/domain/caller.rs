//! Who calls, as far as the telephone network tells. A hint, never proof.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Phone;

/// The other end of an incoming call.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Caller {
    /// A Dutch number that may be rung back.
    Known(Phone),
    /// A number that is never rung back (foreign, 088, malformed), as the provider sent it, at
    /// most 32 characters. The desk may read it; no machine dials it.
    Other(Box<str>),
    /// No number was shown. Served like anybody else.
    Withheld,
}

impl Caller {
    /// The number that may be rung back, if there is one.
    pub fn phone(&self) -> Option<&Phone> {
        match self {
            Self::Known(phone) => Some(phone),
            Self::Other(_) | Self::Withheld => None,
        }
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(phone) => write!(f, "Known({phone})"),
            Self::Other(_) => f.write_str("Other(masked)"),
            Self::Withheld => f.write_str("Withheld"),
        }
    }
}
