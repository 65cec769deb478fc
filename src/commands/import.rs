//! `burenhulp import`: participants and places from a file, all or nothing.

mod fault;
mod field;
mod geonames;
pub mod participants;
pub mod places;
pub mod progress;
mod rows;
mod table;

pub use fault::{Fault, Faults};
pub use rows::{OptedInVia, ParticipantRow, PlaceRow};
pub use table::Progress;

#[cfg(test)]
mod tests;
