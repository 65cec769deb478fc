//! Somewhere else than at home where somebody likes to do something: near their work, for example.

use super::{Postcode, ServiceId};

/// Most of them that one person has: with home they make three.
pub const MOST_OTHER_PLACES: usize = 2;

/// A place with what somebody likes to do there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherPlace {
    /// Where.
    pub postcode: Postcode,
    /// What; never empty, since without anything to do there it is no place of theirs.
    pub services: Vec<ServiceId>,
}
