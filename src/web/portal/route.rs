//! Who may ask an address.

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Anybody,
    /// Whoever takes part and is logged in.
    Participant,
}
