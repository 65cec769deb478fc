//! Who may ask an address of the desk.

use crate::domain::Right;
use crate::store::Stage;

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody, logged in or not.
    Anybody,
    /// Whoever gave a password and has not got in yet.
    Halfway(Stage),
    /// Whoever is in and has this right.
    Right(Right),
}

impl From<Right> for Access {
    fn from(right: Right) -> Self {
        Self::Right(right)
    }
}
