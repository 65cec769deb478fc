//! What is kept and what is forgotten, on this machine.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::bail;

use super::{Here, now};
use crate::commands::backup::{Backup, Restore};
use crate::commands::forget::Forget;
use crate::commands::privacy::Privacy;
use crate::commands::stop::{self, Stop};

pub(in crate::commands) fn forget(forget: &Forget) -> anyhow::Result<bool> {
    let here = Here::look(&forget.config)?;
    let store = here.store()?;
    forget.run(&store, &here.settled.lines, here.now, &mut io::stdout().lock())?;
    Ok(true)
}

pub(in crate::commands) fn stop(stop: &Stop) -> anyhow::Result<bool> {
    let here = Here::look(&stop.config)?;
    let store = here.store()?;
    let numbering = here.settled.numbering;
    let mut rooms = stop::Rooms { store: &store, numbering, now: here.now, ask: &mut ask };
    stop.run(&mut rooms, &mut io::stdout().lock())?;
    Ok(true)
}

pub(in crate::commands) fn backup(backup: &Backup) -> anyhow::Result<bool> {
    let here = Here::look(&backup.config)?;
    // Opened, so that a database of an older release is brought up to date before it is copied.
    drop(here.store()?);
    backup.run(&here.settled.database, &mut io::stdout().lock())?;
    Ok(true)
}

pub(in crate::commands) fn restore(restore: &Restore) -> anyhow::Result<bool> {
    let here = Here::look(&restore.config)?;
    restore.run(&here.settled.database, now(), &mut io::stdout().lock())?;
    Ok(true)
}

pub(in crate::commands) fn privacy(privacy: &Privacy) -> anyhow::Result<bool> {
    let here = Here::look(&privacy.config)?;
    let provider = here.settled.provider;
    privacy.run(&here.settled.lines, provider, here.now, &mut io::stdout().lock())?;
    Ok(true)
}

/// A question that is answered with yes or no; without anybody to ask it is neither.
fn ask(question: &str) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody can be asked here; add --yes if you are sure");
    }
    write!(io::stderr(), "{question} (yes/no): ")?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "yes" | "y" | "ja" | "j"))
}
