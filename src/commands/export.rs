//! `burenhulp export`: participants and places to a file that `import` reads.
//!
//! Who stopped is not in it: a copy that is imported elsewhere must not ring them again (R9).

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::config::FILE_NAME;
use crate::domain::{About, Deed, Language, Numbering, Phone, Timestamp};
use crate::privacy::own_data;
use crate::store::{Store, StoreError};

use super::import::Register;

pub mod text;

/// Write participants or places as a file that `import` reads
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp export participants people.csv\n  \
                        burenhulp export places > places.csv\n  \
                        burenhulp export person +31700010001 --html > bos.html\n\n\
                        The file of participants holds names and numbers: keep it safe, delete it soon.")]
pub struct Export {
    /// What to write
    #[command(subcommand)]
    pub what: What,
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

/// What can be exported.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum What {
    /// Everybody who takes part, without those who stopped
    #[command(after_help = "Example:\n  burenhulp export participants people.csv")]
    Participants {
        /// The file, readable by its owner only; without one: standard output
        file: Option<PathBuf>,
    },
    /// Every postcode with its place and coordinates
    #[command(after_help = "Example:\n  burenhulp export places places.csv")]
    Places {
        /// The file; without one: standard output
        file: Option<PathBuf>,
    },
    /// Everything that is known about one person, for themselves: JSON, or a page to print
    #[command(after_help = "Examples:\n  burenhulp export person +31700010001 > bos.json\n  \
                            burenhulp export person 070 001 0001 --html > bos.html\n\n\
                            Ring them back on that number before you hand it over.")]
    Person {
        /// Their number
        #[arg(required = true, num_args = 1.., value_name = "NUMBER")]
        number: Vec<String>,
        /// A page to print, instead of JSON
        #[arg(long)]
        html: bool,
        /// Language of the page, nl or en
        #[arg(long, default_value = "nl", value_parser = language)]
        language: Language,
    },
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write nl or en".to_owned())
}

/// Writes everything about one person to `out`; the audit trail says so. On a page, services and
/// lines stand by what they are `called`.
///
/// # Errors
/// When the number is none, or the database fails.
pub fn write_person(
    number: &[String],
    html: Option<Language>,
    called: own_data::Called<'_>,
    numbering: Numbering,
    store: &Store,
    now: Timestamp,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let phone = Phone::parse(&number.join(" "), numbering).context("the number")?;
    let asked = phone.clone();
    store.write_blocking(move |tx| {
        let known = tx.participant_by_phone(&asked)?;
        let about = known.map_or(About::Nothing, |known| About::Participant(known.id));
        tx.audit_on_server(Deed::PersonExported, &about, now)?;
        Ok::<_, StoreError>(())
    })?;
    let known = store.read_blocking(|tx| tx.everything_about(&phone))?;
    match html {
        Some(language) => {
            let paper = own_data::paper(&phone, &known, called, now, language);
            out.write_all(paper.html()?.as_bytes())?;
        }
        None => {
            serde_json::to_writer_pretty(&mut *out, &own_data::json(&phone, &known, now))
                .map_err(std::io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(())
}

impl Export {
    /// Writes to the file, or to `out` when none is given.
    ///
    /// # Errors
    /// When the database fails or the file cannot be written; a file that was there stays as it was.
    pub fn run(&self, register: &mut dyn Register, out: &mut dyn Write) -> anyhow::Result<()> {
        let file = match &self.what {
            What::Participants { file } | What::Places { file } => file.as_deref(),
            What::Person { .. } => None,
        };
        match file {
            None => self.write(register, out),
            Some(file) => replace(file, |new| self.write(register, new))
                .with_context(|| format!("cannot write {}", file.display())),
        }
    }

    fn write(&self, register: &mut dyn Register, out: &mut dyn Write) -> anyhow::Result<()> {
        let written = match &self.what {
            What::Participants { .. } => text::participants(register.participants()?, out),
            What::Places { .. } => text::places(register.places()?, out),
            // One person is no file that can be imported: see `write_person`.
            What::Person { .. } => Ok(()),
        };
        // A reader who has seen enough is known by the stream's own error.
        Ok(written.map_err(std::io::Error::from)?)
    }
}

/// Writes a new file beside `file` and puts it in its place when it is whole. It can be read and
/// written by its owner only.
pub(super) fn replace(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let directory = match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut new = tempfile::NamedTempFile::new_in(directory)?;
    write(&mut new)?;
    new.as_file().sync_all()?;
    new.persist(file)?;
    Ok(())
}

#[cfg(test)]
mod tests;
