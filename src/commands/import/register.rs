//! What import and export need of the database, in words of the trade.

use std::collections::BTreeSet;

use crate::domain::{Postcode, Timestamp};

use super::{ParticipantRow, PlaceRow, Progress};

/// How many rows of an import did what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Were not there before.
    pub added: usize,
    /// Were there and differed.
    pub changed: usize,
    /// Were there just so.
    pub unchanged: usize,
}

/// What became of an import of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is in the database.
    Done(Counts),
    /// Nothing is: the people on these lines stopped, and `opted_in_at` and `verified_at` are not
    /// both later than that (R9).
    Stopped(Vec<u64>),
}

/// The database, as far as import and export are concerned.
pub trait Register {
    /// Puts all rows in, in one transaction, or none of them. The number is the key: a repeat
    /// doubles nobody. An import never undoes a stop. Progress is told in rows.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    fn put_participants(
        &mut self,
        rows: &[ParticipantRow],
        now: Timestamp,
        progress: Progress<'_>,
    ) -> anyhow::Result<Outcome>;

    /// Puts all rows in, in one transaction, or none of them. The postcode is the key.
    ///
    /// # Errors
    /// When the database fails; nothing is changed then.
    fn put_places(&mut self, rows: &[PlaceRow], progress: Progress<'_>) -> anyhow::Result<Counts>;

    /// Which of these have no place: nobody there can be found.
    ///
    /// # Errors
    /// When the database fails.
    fn without_place(
        &mut self,
        postcodes: &BTreeSet<Postcode>,
    ) -> anyhow::Result<BTreeSet<Postcode>>;

    /// Everybody but those who stopped, in a lasting order. Their `line` is not read.
    ///
    /// # Errors
    /// When the database fails.
    fn participants(&mut self) -> anyhow::Result<Vec<ParticipantRow>>;

    /// Every place, by postcode.
    ///
    /// # Errors
    /// When the database fails.
    fn places(&mut self) -> anyhow::Result<Vec<PlaceRow>>;
}
