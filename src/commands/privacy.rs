//! `burenhulp privacy`: the register of processing that the software prints about itself.

use std::io::Write;
use std::path::PathBuf;

use crate::config::FILE_NAME;
use crate::domain::{Language, Line, Timestamp};
use crate::privacy::{Surroundings, register};

/// Print what is kept about people, why and for how long: the register of processing
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp privacy > register.md\n  \
                        burenhulp privacy --html > register.html\n  burenhulp privacy --language en\n\n\
                        It is made from the lists that the software itself acts on.")]
pub struct Privacy {
    /// As a page that can be printed, instead of Markdown
    #[arg(long)]
    pub html: bool,
    /// In which language, nl or en
    #[arg(long, default_value = "nl", value_parser = language)]
    pub language: Language,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| "write nl or en".to_owned())
}

impl Privacy {
    /// Writes it to `out`.
    ///
    /// # Errors
    /// What `out` says.
    pub fn run(
        &self,
        lines: &[Line],
        provider: &str,
        now: Timestamp,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let around = Surroundings {
            lines: lines.iter().map(|line| line.name.clone()).collect(),
            provider: provider.to_owned(),
            day: now.local().format("%Y-%m-%d").to_string(),
        };
        let paper = register(&around, self.language);
        let text = if self.html { paper.html()? } else { paper.markdown() };
        Ok(out.write_all(text.as_bytes())?)
    }
}
