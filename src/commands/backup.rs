//! `burenhulp backup` and `burenhulp restore`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::ensure;

use crate::config::FILE_NAME;
use crate::domain::{About, Deed, Timestamp};
use crate::privacy::BACKUP_DAYS;
use crate::store::{self, Store, StoreError, key, stops_path};

/// Copy the database to a file while the exchange runs
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp backup /backup/burenhulp-monday.db\n  \
                        burenhulp backup /backup/burenhulp-monday.db --with-key\n\n\
                        Without its key a back-up cannot be used. Keep the two apart, and keep a back-up 14 days at\n\
                        most.")]
pub struct Backup {
    /// The file; one that is there is replaced when the copy is whole
    pub file: PathBuf,
    /// Copy the key beside it as well (FILE.key): for a place that only you can read
    #[arg(long)]
    pub with_key: bool,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

/// Put a back-up in the place of the database
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Example:\n  burenhulp restore /backup/burenhulp-monday.db\n\n\
                        Stop the exchange first. Everybody who stopped after the back-up was made is erased again:\n\
                        they are known from the database that is replaced and from the list beside it (.stops).")]
pub struct Restore {
    /// The back-up; its key is taken from FILE.key when there is none here
    pub file: PathBuf,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

impl Backup {
    /// Copies, and says on `out` what else to keep.
    ///
    /// # Errors
    /// When a file cannot be written; one that was there stays as it was.
    pub fn run(&self, database: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
        store::back_up(database, &self.file)?;
        writeln!(
            out,
            "{}: a whole copy. Delete it within {BACKUP_DAYS} days.",
            self.file.display()
        )?;
        let key = key::path_for(database);
        if self.with_key {
            let copy = key::path_for(&self.file);
            std::fs::copy(&key, &copy)?;
            writeln!(out, "{}: its key. Nobody else may read it.", copy.display())?;
        } else {
            writeln!(
                out,
                "Keep a copy of {} too, apart from it: without the key it is of no use.",
                key.display()
            )?;
        }
        Ok(writeln!(
            out,
            "Copy {} off this machine as often as you can: it says who stopped since.",
            stops_path(database).display()
        )?)
    }
}

impl Restore {
    /// Puts it in place, and says on `out` what became of it.
    ///
    /// # Errors
    /// When the back-up is not whole or not ours, or the exchange runs; nothing was changed then.
    pub fn run(&self, database: &Path, now: Timestamp, out: &mut dyn Write) -> anyhow::Result<()> {
        ensure!(self.file.exists(), "{}: there is no such file", self.file.display());
        let restored = store::restore(&self.file, database, now)?;
        let keys = key::load(database)?;
        let store = Store::open(database, keys.stop_list)?;
        store.write_blocking(move |tx| {
            tx.audit_on_server(Deed::BackupRestored, &About::Nothing, now)?;
            Ok::<_, StoreError>(())
        })?;
        store.write_stops()?;
        writeln!(out, "{}: restored from {}.", database.display(), self.file.display())?;
        if restored.erased > 0 {
            writeln!(out, "People had stopped since: erased again, {} rows.", restored.erased)?;
        }
        if restored.waiting > 0 {
            writeln!(
                out,
                "{} of them are erased in the coming night; they are not rung.",
                restored.waiting
            )?;
        }
        if restored.moved > 0 {
            writeln!(
                out,
                "People have another number since, which this back-up does not know: {}. They have a pause at the \
                 desk and are not rung; they can sign up again with the new number.",
                restored.moved
            )?;
        }
        if let Some(replaced) = restored.replaced {
            writeln!(
                out,
                "{}: what was there before. Delete it when all is well: people who were erased may be in it.",
                replaced.display()
            )?;
        }
        Ok(writeln!(
            out,
            "Now run `burenhulp forget`, so that nothing in it is too old, and start the exchange."
        )?)
    }
}
