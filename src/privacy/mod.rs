//! What the exchange keeps about people, why, and for how long: lists that everything else reads.
//!
//! Pure. [`retention`] says when something is erased: the database is swept by it, and the
//! [`register`](fn@register) that the software prints about itself is made from it, so that the two
//! cannot disagree. [`paper`] shows either as Markdown or as a page. Nothing here knows a
//! person; [`own_data`] is handed what is known about one, and writes it for them.

mod activities;
pub mod own_data;
pub mod paper;
mod register;
pub mod retention;

pub use paper::{Block, Paper};
pub use register::{Surroundings, register};
pub use retention::{BACKUP_DAYS, Kept, RULES, Rule, rule};

#[cfg(test)]
mod tests;
