//! What proves that somebody is who they say: passwords, the second factor, tokens of sessions,
//! and how often one may try.
//!
//! It knows no table and no page; `store` keeps what is made here, `web` and the commands ask for
//! it. Nothing here is ever logged.

pub mod password;
pub mod second_factor;
pub mod throttle;
pub mod token;

pub use password::Passwords;
pub use second_factor::Sealer;
pub use throttle::Throttle;
pub use token::{AddressKey, Token};
