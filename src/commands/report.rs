//! `burenhulp report`: the figures of a month or a year, on a terminal or in a file.
//!
//! Reads only; it may be asked while the exchange runs.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::config::FILE_NAME;
use crate::domain::{Language, Line, Numbering, Phone, Timestamp};
use crate::report::summary::Counted;
use crate::report::{Document, Month, Names, Period, Report, Scope, csv, page, text};

use super::export::replace;

/// Show the figures of a month or a year
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  \
    burenhulp report --month 2026-11\n  \
    burenhulp report --month 2026-11 --line +31700002586 --csv > november.csv\n  \
    burenhulp report --year 2026 --html 2026.html\n\n\
    Groups smaller than five are not shown. The CSV has semicolons and decimal commas (in Dutch), as\n\
    a Dutch spreadsheet expects; the HTML is one file that can be mailed and printed.")]
pub struct ReportCommand {
    /// A month, such as 2026-11 [default: the last one that is over]
    #[arg(long, value_name = "YYYY-MM", conflicts_with = "year")]
    pub month: Option<Month>,
    /// A whole year, for the funder
    #[arg(long, value_name = "YYYY", value_parser = year)]
    pub year: Option<Period>,
    /// One line [default: all lines together]
    #[arg(long, value_name = "NUMBER")]
    pub line: Option<String>,
    /// As CSV, to standard output
    #[arg(long, conflicts_with_all = ["json", "html"])]
    pub csv: bool,
    /// As JSON, to standard output
    #[arg(long, conflicts_with = "html")]
    pub json: bool,
    /// As a page with plots, to this file
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Language of the words, nl or en
    #[arg(long, default_value = "nl", value_parser = language)]
    pub language: Language,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

fn year(text: &str) -> Result<Period, String> {
    match Period::parse(text) {
        Ok(year @ Period::Year(_)) => Ok(year),
        _ => Err("write a year as 2026".to_owned()),
    }
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write nl or en".to_owned())
}

/// What a report needs of the database.
pub trait Source {
    /// Everything that was counted in a period.
    ///
    /// # Errors
    /// When the database fails.
    fn counted(&mut self, period: Period) -> anyhow::Result<Counted>;
    /// How things are called.
    ///
    /// # Errors
    /// When the database fails.
    fn names(&mut self, language: Language) -> anyhow::Result<Names>;
}

impl ReportCommand {
    /// Writes the report to `out`, or to the file that was asked for.
    ///
    /// # Errors
    /// When the line is none of these, with those that are; when the database fails or the file
    /// cannot be written.
    pub fn run(
        &self,
        lines: &[Line],
        numbering: Numbering,
        now: Timestamp,
        source: &mut dyn Source,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let today = now.wall_clock().date();
        let period = self.year.or(self.month.map(Period::Month));
        let period = period.unwrap_or_else(|| Period::Month(Month::of(today).previous()));
        let scope = Scope::new(self.line(lines, numbering)?, period, today);
        let report = Report::of(scope, &source.counted(period)?);
        if self.json {
            serde_json::to_writer_pretty(&mut *out, &report).map_err(std::io::Error::from)?;
            return Ok(writeln!(out)?);
        }
        let document = Document::of(&report, &source.names(self.language)?, self.language);
        if self.csv {
            return Ok(out.write_all(csv::csv(&document)?.as_bytes())?);
        }
        match &self.html {
            Some(file) => write_page(file, &document, out),
            None => Ok(out.write_all(text::text(&document).as_bytes())?),
        }
    }

    fn line(&self, lines: &[Line], numbering: Numbering) -> anyhow::Result<Option<Phone>> {
        let Some(number) = &self.line else { return Ok(None) };
        let number = Phone::parse_desk(number, numbering).context("--line")?;
        if lines.iter().any(|line| line.number == number) {
            return Ok(Some(number));
        }
        let known: Vec<_> =
            lines.iter().map(|line| format!("{} ({})", line.number.e164(), line.name)).collect();
        Err(anyhow!("--line: this is none of the lines; they are {}", known.join(", ")))
    }
}

fn write_page(file: &Path, document: &Document, out: &mut dyn Write) -> anyhow::Result<()> {
    let page = page::alone(document)?;
    replace(file, |new| Ok(new.write_all(page.as_bytes())?))
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(writeln!(out, "{}: {}", file.display(), document.title)?)
}

#[cfg(test)]
mod tests;
