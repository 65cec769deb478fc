//! `burenhulp operator`: who may log in at the desk, from the server.
//!
//! The first administrator is added here; everybody else can be added on the web. Passwords are
//! never on the command line, where others on the machine could read them.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, anyhow, ensure};

use crate::config::FILE_NAME;
use crate::domain::operator::name_of;
use crate::domain::{About, Deed, Line, OperatorId, Phone, Postcode, Role, Timestamp};
use crate::login::password;
use crate::store::{Colleague, NewOperator, OperatorFault, Store, Tx};

/// Say who may log in at the desk
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Examples:\n  burenhulp operator add Anneke --role administrator\n  \
                  burenhulp operator add \"Kees Bos\" --line +31700002586\n  \
                  echo 'fiets lamp regen boom' | burenhulp operator password Kees\n\n\
                  A password is asked for, or is the first line of standard input. It holds from the next\n\
                  click on: the exchange need not be started again.")]
pub struct Operator {
    /// What to do
    #[command(subcommand)]
    pub what: What,
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
}

/// What can be done.
#[derive(Debug, Clone, clap::Subcommand)]
pub enum What {
    /// Add somebody, and ask for their password
    #[command(after_help = "Examples:\n  burenhulp operator add Anneke --role administrator\n  \
                      burenhulp operator add Piet --role coordinator --area 7431 --area 7434 --temporary")]
    Add {
        /// What they log in with
        name: String,
        /// What they do: operator, coordinator or administrator
        #[arg(long, value_parser = role, default_value = "operator")]
        role: Role,
        /// What they see
        #[command(flatten)]
        scope: Scope,
        /// They choose a password of their own when they first log in
        #[arg(long)]
        temporary: bool,
    },
    /// Who there are, and who may log in
    #[command(after_help = "Example:\n  burenhulp operator list")]
    List,
    /// Switch somebody off: they are out at once
    #[command(after_help = "Example:\n  burenhulp operator off Kees")]
    Off {
        /// Who
        name: String,
    },
    /// Let somebody log in again
    #[command(after_help = "Example:\n  burenhulp operator on Kees")]
    On {
        /// Who
        name: String,
    },
    /// Give somebody another password; they are out on every device
    #[command(after_help = "Example:\n  burenhulp operator password Kees --temporary")]
    Password {
        /// Who
        name: String,
        /// They choose a password of their own when they next log in
        #[arg(long)]
        temporary: bool,
    },
    /// Take somebody's second factor away: a lost telephone. Where it is required they set up
    /// another when they next log in
    #[command(after_help = "Example:\n  burenhulp operator totp Kees")]
    Totp {
        /// Who
        name: String,
    },
    /// Settle which lines an operator works for, or which postcodes a coordinator looks after
    #[command(
        after_help = "Examples:\n  burenhulp operator lines Kees --line +31700002586 --line +31519002586\n  \
                      burenhulp operator lines Piet --area 9101 --area 9102"
    )]
    Lines {
        /// Who
        name: String,
        /// What they see
        #[command(flatten)]
        scope: Scope,
    },
}

/// What somebody sees.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Scope {
    /// A line that they work for, by its number; several times for several [default when added: all]
    #[arg(long = "line", value_name = "NUMBER")]
    pub lines: Vec<String>,
    /// A postcode that they look after; several times for several
    #[arg(long = "area", value_name = "POSTCODE")]
    pub areas: Vec<String>,
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "operator, coordinator or administrator".to_owned())
}

/// What the command works with.
pub struct Rooms<'a> {
    /// The database.
    pub store: &'a Store,
    /// The lines of the configuration.
    pub lines: &'a [Line],
    /// This moment.
    pub now: Timestamp,
    /// Asks for a password; the text says whose.
    pub ask: &'a mut dyn FnMut(&str) -> anyhow::Result<String>,
}

impl Operator {
    /// Does it, and says so on `out`.
    ///
    /// # Errors
    /// What kept it from being done, as one sentence that says what to do next.
    pub fn run(&self, rooms: &mut Rooms<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
        match &self.what {
            What::List => return list(rooms, out),
            What::Add { name, role, scope, temporary } => {
                add(rooms, name, *role, scope, *temporary)?;
                writeln!(out, "{name} can log in at /loket.")?;
            }
            What::Off { name } => {
                let now = rooms.now;
                change(rooms, name, Deed::OperatorSwitchedOff, move |tx, id| {
                    tx.switch_operator_off(id, now)
                })?;
                writeln!(out, "{name} is out, and cannot log in any more.")?;
            }
            What::On { name } => {
                change(rooms, name, Deed::OperatorSwitchedOn, |tx, id| tx.switch_operator_on(id))?;
                writeln!(out, "{name} can log in again.")?;
            }
            What::Password { name, temporary } => {
                let (hash, temporary) = (asked(rooms, name)?, *temporary);
                change(rooms, name, Deed::OperatorPasswordReset, move |tx, id| {
                    tx.set_operator_password(id, &hash, temporary)
                })?;
                writeln!(out, "{name} has another password, and is out on every device.")?;
            }
            What::Totp { name } => {
                change(rooms, name, Deed::OperatorSecondFactorReset, |tx, id| {
                    tx.remove_second_factor(id)?;
                    Ok(tx.end_sessions_of(id)?)
                })?;
                writeln!(out, "{name} has no second factor any more, and is out on every device.")?;
            }
            What::Lines { name, scope } => {
                let (lines, areas) = (lines(rooms, &scope.lines)?, areas(&scope.areas)?);
                ensure!(
                    !lines.is_empty() || !areas.is_empty(),
                    "name at least one --line or --area; `burenhulp operator off` lets somebody see nothing"
                );
                change(rooms, name, Deed::OperatorScopeChanged, move |tx, id| {
                    Ok(tx.set_operator_scope(id, &lines, &areas)?)
                })?;
                writeln!(out, "{name} sees these from the next click on.")?;
            }
        }
        Ok(())
    }
}

fn add(
    rooms: &mut Rooms<'_>,
    name: &str,
    role: Role,
    scope: &Scope,
    temporary: bool,
) -> anyhow::Result<()> {
    let name = name_of(name)?;
    let mut lines = lines(rooms, &scope.lines)?;
    let areas = areas(&scope.areas)?;
    match role {
        Role::Operator if lines.is_empty() => {
            lines = rooms.lines.iter().map(|line| line.number.clone()).collect();
        }
        Role::Coordinator => {
            ensure!(!areas.is_empty(), "a coordinator looks after an area: name one with --area");
        }
        _ => {}
    }
    let taken = rooms.store.read_blocking(|tx| tx.operator_named(&name))?.is_some();
    ensure!(!taken, OperatorFault::NameTaken.to_string());
    let password = asked(rooms, &name)?;
    let new = NewOperator { name, role, password, password_given: temporary, lines, areas };
    let now = rooms.now;
    let added = rooms.store.write_blocking(move |tx| {
        let id = tx.add_operator(&new, now)?;
        Ok::<_, OperatorFault>(tx.audit_on_server(
            Deed::OperatorAdded,
            &About::Operator(id),
            now,
        )?)
    });
    Ok(added?)
}

/// A new password for somebody, as its hash.
fn asked(rooms: &mut Rooms<'_>, name: &str) -> anyhow::Result<String> {
    let password = (rooms.ask)(name)?;
    password::judge(&password, name)?;
    Ok(password::hash(&password)?)
}

/// Changes something about somebody, and writes that down.
fn change(
    rooms: &Rooms<'_>,
    name: &str,
    deed: Deed,
    to: impl FnOnce(&mut Tx<'_>, OperatorId) -> Result<(), OperatorFault> + Send + 'static,
) -> anyhow::Result<()> {
    let (name, now) = (name.to_owned(), rooms.now);
    let changed = rooms.store.write_blocking(move |tx| {
        let known = tx.operator_named(&name)?.ok_or(OperatorFault::Unknown)?;
        to(tx, known.operator.id)?;
        let about = About::Operator(known.operator.id);
        Ok::<_, OperatorFault>(tx.audit_on_server(deed, &about, now)?)
    });
    Ok(changed?)
}

fn lines(rooms: &Rooms<'_>, written: &[String]) -> anyhow::Result<Vec<Phone>> {
    let known = |text: &String| {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let wanted = digits(text);
        let national = wanted.strip_prefix('0').map(|rest| format!("31{rest}"));
        let wanted = national.unwrap_or(wanted);
        let found = rooms.lines.iter().find(|line| digits(line.number.e164()) == wanted);
        found.map(|line| line.number.clone()).ok_or_else(|| {
            let numbers: Vec<_> = rooms.lines.iter().map(|line| line.number.e164()).collect();
            anyhow!("--line: there is no such line; the configuration has {}", numbers.join(", "))
        })
    };
    written.iter().map(known).collect()
}

fn areas(written: &[String]) -> anyhow::Result<Vec<Postcode>> {
    written.iter().map(|text| Postcode::parse(text).context("--area")).collect()
}

fn list(rooms: &Rooms<'_>, out: &mut dyn Write) -> anyhow::Result<()> {
    let colleagues = rooms.store.read_blocking(|tx| tx.colleagues())?;
    if colleagues.is_empty() {
        writeln!(out, "Nobody yet. `burenhulp operator add NAME --role administrator` adds one.")?;
    }
    for colleague in &colleagues {
        writeln!(out, "{}", described(colleague, rooms.lines))?;
    }
    Ok(())
}

fn described(colleague: &Colleague, lines: &[Line]) -> String {
    let operator = &colleague.operator;
    let name_of_line = |number: &Phone| {
        let line = lines.iter().find(|line| line.number == *number);
        line.map_or("a line that is not configured", |line| line.name.as_str())
    };
    let sees: Vec<String> = match operator.role {
        Role::Operator => operator.lines.iter().map(|line| name_of_line(line).to_owned()).collect(),
        Role::Coordinator => operator.areas.iter().map(ToString::to_string).collect(),
        Role::Administrator => vec!["everything".to_owned()],
    };
    let factor = if colleague.second_factor { "second factor" } else { "password only" };
    let state = if colleague.off_at.is_some() { "OFF" } else { "on" };
    format!(
        "{state:<4} {:<14} {:<24} {factor:<14} {}",
        operator.role.code(),
        operator.name,
        sees.join(", ")
    )
}

#[cfg(test)]
mod tests;
