//! What is printed when an import went well: how many rows did what, and who is never rung and why.

use std::collections::BTreeSet;
use std::io::{self, Write};

use crate::domain::Postcode;

use super::{Counts, ParticipantRow};

/// Postcodes named at most; of more, the first so many.
const POSTCODES_NAMED: usize = 8;

/// The reasons why somebody who was imported is not rung, the first that holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct NeverRung {
    no_opt_in: usize,
    not_verified: usize,
    offers_nothing: usize,
    no_place: usize,
    postcodes: BTreeSet<Postcode>,
}

impl NeverRung {
    pub(super) fn of(rows: &[ParticipantRow], without_place: &BTreeSet<Postcode>) -> Self {
        let mut never = Self::default();
        for row in rows {
            if row.opted_in_at.is_none() {
                never.no_opt_in += 1;
            } else if row.verified_at.is_none() {
                never.not_verified += 1;
            } else if row.offered_at().next().is_none() {
                never.offers_nothing += 1;
            } else if row.offered_at().all(|there| without_place.contains(&there)) {
                never.no_place += 1;
                never.postcodes.extend(row.offered_at());
            }
        }
        never
    }

    fn total(&self) -> usize {
        self.no_opt_in + self.not_verified + self.offers_nothing + self.no_place
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.total() == 0 {
            return Ok(());
        }
        writeln!(out, "Never rung for now: {}", self.total())?;
        let postcodes = format!("no place is known for {}; import places", self.postcodes());
        for (count, why) in [
            (self.no_opt_in, "did not say that they take part (opted_in_at is empty)"),
            (self.not_verified, "not confirmed on their own telephone (verified_at is empty)"),
            (self.offers_nothing, "offer nothing (services is empty)"),
            (self.no_place, &postcodes),
        ] {
            if count > 0 {
                writeln!(out, "{count:>6}  {why}")?;
            }
        }
        Ok(())
    }

    fn postcodes(&self) -> String {
        let named: Vec<String> =
            self.postcodes.iter().take(POSTCODES_NAMED).map(Postcode::to_string).collect();
        match self.postcodes.len() - named.len() {
            0 => named.join(", "),
            more => format!("{} and {more} more", named.join(", ")),
        }
    }
}

pub(super) fn write_counts(out: &mut dyn Write, what: &str, counts: &Counts) -> io::Result<()> {
    let Counts { added, changed, unchanged } = counts;
    let total = added + changed + unchanged;
    writeln!(out, "{total} {what}: {added} added, {changed} changed, {unchanged} unchanged.")
}
