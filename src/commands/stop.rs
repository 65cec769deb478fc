//! `burenhulp stop`: somebody takes part no longer and is erased, from the server.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::config::FILE_NAME;
use crate::domain::{About, Deed, Numbering, Phone, Timestamp};
use crate::exchange::delete_at_provider;
use crate::store::{Erasing, Store, StoreError, Why};

/// Stop somebody, and erase them everywhere
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  burenhulp stop 070 001 0001\n  burenhulp stop +31700010001 --yes\n\n\
                        They are not rung again, no import brings them back, and nothing about them is kept but\n\
                        a keyed hash of the number and the proof of their consent. It may run beside the exchange."
)]
pub struct Stop {
    /// Their number, participant or caller
    #[arg(required = true, num_args = 1.., value_name = "NUMBER")]
    pub number: Vec<String>,
    /// Do not ask first
    #[arg(long)]
    pub yes: bool,
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

/// What the command works with.
pub struct Rooms<'a> {
    /// The database.
    pub store: &'a Store,
    /// Which numbers there are.
    pub numbering: Numbering,
    /// This moment.
    pub now: Timestamp,
    /// Asks a question to be answered with yes or no.
    pub ask: &'a mut dyn FnMut(&str) -> anyhow::Result<bool>,
}

impl Stop {
    /// Does it, and says so on `out`.
    ///
    /// # Errors
    /// When the number is none, when the answer was no, or when the database fails.
    pub fn run(&self, rooms: &mut Rooms<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
        let phone = Phone::parse(&self.number.join(" "), rooms.numbering).context("the number")?;
        let question = format!("Stop {phone} and erase everything about them? It cannot be undone");
        if !self.yes && !(rooms.ask)(&question)? {
            bail!("nothing was changed");
        }
        let (now, number) = (rooms.now, phone.clone());
        let (known, erasing) = rooms.store.write_blocking(move |tx| {
            let known = tx.stop_number(&number, "desk", now)?;
            let about = known.map_or(About::Nothing, About::Participant);
            tx.audit_on_server(Deed::PersonErased, &about, now)?;
            let erasing = tx.erase_number(&number, now)?;
            if let Erasing::Done(done) = &erasing {
                delete_at_provider(tx, &done.recordings, now)?;
            }
            Ok::<_, StoreError>((known.is_some(), erasing))
        })?;
        rooms.store.write_stops()?;
        let who = if known { "took part" } else { "did not take part" };
        writeln!(out, "{phone} {who}, and is not rung any more.")?;
        match erasing {
            Erasing::Done(done) => writeln!(out, "Erased everywhere: {} rows.", done.rows)?,
            Erasing::Later(why) => writeln!(out, "{}", later(why, known))?,
        }
        Ok(())
    }
}

fn later(why: Why, known: bool) -> &'static str {
    match (why, known) {
        (Why::OnTheTelephone, true) => {
            "They are on the telephone now: they are erased tonight, or say this again in a while."
        }
        (Why::QuestionOpen, true) => {
            "A question of theirs is still open: they are erased the night after it is done."
        }
        (Why::OnTheTelephone, false) => "They are on the telephone now: say this again in a while.",
        (Why::QuestionOpen, false) => {
            "A question of theirs is open: say this again when it is done."
        }
    }
}
