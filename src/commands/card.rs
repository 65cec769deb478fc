//! `burenhulp card`: the card of a line, to be printed and handed out.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, anyhow, ensure};

use crate::card;
use crate::config::FILE_NAME;
use crate::domain::{Language, Line, Numbering, Phone};
use crate::flow::Flows;

/// Print the A5 card of a line: its number, and its menu in the order in which it is spoken
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp card > card.html\n  \
                        burenhulp card --line +31700002586 --language en > card.html\n\n\
                        Open it in a browser and print it on A5, or two on an A4. The menu is read \
                        from the line's own voice flows.")]
pub struct Card {
    /// The line [default: the only one]
    #[arg(long, value_name = "NUMBER")]
    pub line: Option<String>,
    /// In which language, nl or en [default: the first that the line speaks]
    #[arg(long, value_parser = language)]
    pub language: Option<Language>,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write nl or en".to_owned())
}

impl Card {
    /// Writes it to `out`, a page by itself.
    ///
    /// # Errors
    /// When the line is none of these, or does not speak that language; and what `out` says.
    pub fn run(
        &self,
        lines: &[Line],
        numbering: Numbering,
        flows: &Flows,
        public_url: &str,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let line = self.line(lines, numbering)?;
        let language = self.language.or(line.languages.first().copied()).unwrap_or_default();
        ensure!(
            line.languages.contains(&language),
            "--language: {} does not speak {}; add it to `languages` of the line",
            line.name,
            language.code()
        );
        let card = card::Card::of(line, flows, language, public_url);
        Ok(out.write_all(card::alone(&card)?.as_bytes())?)
    }

    fn line<'a>(&self, lines: &'a [Line], numbering: Numbering) -> anyhow::Result<&'a Line> {
        let known = || {
            let all = lines.iter().map(|line| format!("{} ({})", line.number.e164(), line.name));
            all.collect::<Vec<_>>().join(", ")
        };
        match (&self.line, lines) {
            (None, [only]) => Ok(only),
            (None, _) => Err(anyhow!("choose a line with --line; they are {}", known())),
            (Some(number), _) => {
                let number = Phone::parse_desk(number, numbering).context("--line")?;
                let found = lines.iter().find(|line| line.number == number);
                found.ok_or_else(|| {
                    anyhow!("--line: this is none of the lines; they are {}", known())
                })
            }
        }
    }
}
