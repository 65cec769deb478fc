//! Figures that people look at: rows in, counts, figures, tables and plots out.
//!
//! Three steps, each a value: [`Counts`] is what happened on a line (it adds up, so days make months
//! and months make years); [`Report`] is what may be told about it, with small groups taken out
//! ([`conceal`]); a [`Document`] is that in words of one language, written as text, CSV or a page.
//!
//! Nothing here knows a person: no number, name or row of one comes in. No clock, file or database;
//! who counts the rows is `store`.

pub mod conceal;
pub mod counts;
pub mod csv;
pub mod document;
pub mod page;
pub mod period;
pub mod plot;
pub mod quantile;
pub mod spread;
pub mod summary;
pub mod tables;
pub mod text;
pub mod words;

#[cfg(test)]
mod tests;

pub use counts::{Counts, DayCounts, Habitat, MonthCounts, Seconds};
pub use document::{Document, Names};
pub use period::{Month, Period};
pub use spread::Spread;
pub use summary::{Report, Scope};
