//! What proves that somebody is who they say: passwords, the second factor, tokens of sessions,
//! and how often one may try.
//!
//! It knows no table and no page; `store` keeps what is made here, `web` and the commands ask for
//! it. Nothing here is ever logged.

pub mod password;
pub mod token;

pub use password::Passwords;
pub use token::Token;
