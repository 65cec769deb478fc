//! `burenhulp import`: participants and places from a file, all or nothing.
//!
//! Reading and checking is pure ([`participants::read`], [`places::read`]); the database is a
//! [`Register`]. Here the two meet a file and a person at a terminal. Nobody is rung.

mod fault;
mod field;
mod geonames;
pub mod participants;
pub mod places;
mod progress;
mod register;
mod rows;
mod stored;
mod summary;
mod table;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::FILE_NAME;

pub use fault::{Fault, Faults};
pub use register::{Counts, Outcome, Register};
pub use rows::{OptedInVia, ParticipantRow, PlaceRow};
pub use stored::Stored;
pub use table::Progress;

use progress::Bar;
use summary::NeverRung;

/// Take participants or places from a file, all of it or nothing
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp import places NL.txt\n  \
                        burenhulp import participants people.csv\n\n\
                        May be repeated: a row that is there already is changed, not doubled.")]
pub struct Import {
    /// What to take
    #[command(subcommand)]
    pub what: What,
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

/// What can be imported.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum What {
    /// People who take part
    #[command(after_help = participants_help())]
    Participants {
        /// The file, CSV in UTF-8 with a header
        #[arg(value_name = "FILE.csv")]
        file: PathBuf,
    },
    /// Postcodes with their place and coordinates
    #[command(after_help = places_help())]
    Places {
        /// The file, CSV in UTF-8 with a header, or NL.txt of GeoNames
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

fn participants_help() -> String {
    format!(
        "The first line is: {}\nLists have ; between their parts. An empty field means the \
         default.\nA column {} may follow: 2516 groceries dog;2521\n\nExample:\n  burenhulp import \
         participants people.csv",
        participants::COLUMNS.join(","),
        participants::OTHER_PLACES
    )
}

fn places_help() -> String {
    format!(
        "The first line is: {}\nNL.txt of GeoNames is recognised and needs none.\n\nExample:\n  \
         burenhulp import places places.csv",
        places::COLUMNS.join(",")
    )
}

impl Import {
    /// Imports, writes the summary to `out` or every fault to `err`. Whether it was imported.
    ///
    /// # Errors
    /// When the file cannot be read, or the database or a stream fails; nothing is changed then.
    pub fn run(
        &self,
        rules: &participants::Rules<'_>,
        register: &mut dyn Register,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> anyhow::Result<bool> {
        let (file, outcome) = match &self.what {
            What::Participants { file } => (file, people(&bytes_of(file)?, rules, register, out)?),
            What::Places { file } => (file, postcodes(&bytes_of(file)?, register, out)?),
        };
        if let Err(faults) = &outcome {
            writeln!(err, "{}:\n{faults}", file.display())?;
        }
        Ok(outcome.is_ok())
    }
}

fn bytes_of(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))
}

fn people(
    file: &[u8],
    rules: &participants::Rules<'_>,
    register: &mut dyn Register,
    out: &mut dyn Write,
) -> anyhow::Result<Result<(), Faults>> {
    let mut bar = Bar::new("Reading", file.len());
    let rows = match participants::read(file, rules, &mut |bytes| bar.at(bytes)) {
        Ok(rows) => rows,
        Err(faults) => return Ok(Err(faults)),
    };
    let mut bar = Bar::new("Storing", rows.len());
    let outcome = register
        .put_participants(&rows, rules.now, &mut |done| bar.at(done))
        .context("nothing was imported")?;
    drop(bar);
    match outcome {
        Outcome::Stopped(lines) => Ok(Faults::or(lines.into_iter().map(stopped).collect(), ())),
        Outcome::Done(counts) => {
            summary::write_counts(out, "people", &counts)?;
            let postcodes: BTreeSet<_> = rows.iter().flat_map(ParticipantRow::offered_at).collect();
            NeverRung::of(&rows, &register.without_place(&postcodes)?).write(out)?;
            Ok(Ok(()))
        }
    }
}

fn stopped(line: u64) -> Fault {
    let why = "this person stopped taking part; leave the row out, unless they joined again: \
               then opted_in_at and verified_at are both later than the stop";
    Fault { line, column: Some("phone"), why: why.to_owned() }
}

fn postcodes(
    file: &[u8],
    register: &mut dyn Register,
    out: &mut dyn Write,
) -> anyhow::Result<Result<(), Faults>> {
    let mut bar = Bar::new("Reading", file.len());
    let rows = match places::read(file, &mut |bytes| bar.at(bytes)) {
        Ok(rows) => rows,
        Err(faults) => return Ok(Err(faults)),
    };
    let mut bar = Bar::new("Storing", rows.len());
    let counts =
        register.put_places(&rows, &mut |done| bar.at(done)).context("nothing was imported")?;
    drop(bar);
    summary::write_counts(out, "postcodes", &counts)?;
    Ok(Ok(()))
}

#[cfg(test)]
pub(crate) mod in_memory;
#[cfg(test)]
mod run_tests;
#[cfg(test)]
mod stored_tests;
#[cfg(test)]
mod tests;
