//! `burenhulp forget`: erase by hand what the exchange erases every night.

use std::io::Write;
use std::path::PathBuf;

use crate::config::FILE_NAME;
use crate::domain::{Language, Line, Timestamp};
use crate::exchange;
use crate::privacy::rule;
use crate::store::{DueCount, Store};

/// Erase what is kept no longer, as the exchange does every night
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp forget --dry-run\n  burenhulp forget\n\n\
                        How long what is kept, and why: `burenhulp privacy`. It may run beside the exchange.\n\
                        Reports are counted first: they keep their figures.")]
pub struct Forget {
    /// Only say what would be erased
    #[arg(long)]
    pub dry_run: bool,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

impl Forget {
    /// Says what is due on `out`, and erases it.
    ///
    /// # Errors
    /// When the database fails; what was erased until then stays erased.
    pub fn run(
        &self,
        store: &Store,
        lines: &[Line],
        now: Timestamp,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let due = store.read_blocking(|tx| tx.due_to_forget(now, None))?;
        tell(&due, out)?;
        if self.dry_run {
            return Ok(writeln!(out, "Nothing was erased: this was a dry run.")?);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        let erased = runtime.block_on(exchange::forget(store, lines, &|| None, now))?;
        Ok(writeln!(out, "Erased: {erased} rows.")?)
    }
}

fn tell(due: &[DueCount], out: &mut dyn Write) -> std::io::Result<()> {
    let day = |at: Option<Timestamp>| {
        at.map_or_else(String::new, |at| at.local().format("%Y-%m-%d").to_string())
    };
    writeln!(out, "{:>8}  {:<10}  {:<10}  what", "rows", "oldest", "newest")?;
    for count in due {
        let what = rule(count.kept).what(Language::En);
        let (oldest, newest) = (day(count.oldest), day(count.newest));
        writeln!(out, "{:>8}  {oldest:<10}  {newest:<10}  {what}", count.rows)?;
    }
    Ok(())
}
