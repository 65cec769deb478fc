//! The commands on this machine: its configuration, clock, database and streams.

use std::io::{self, BufRead, IsTerminal};
use std::path::Path;

use anyhow::{Context, ensure};

use crate::config::WithoutSecrets;
use crate::domain::{Language, Line, ServiceId, Timestamp};
use crate::exchange::{Clock, SystemClock, names};
use crate::flow::Flows as VoiceFlows;
use crate::report::summary::Counted;
use crate::report::{Names, Period};
use crate::store::{self, Store, key};

use super::card::Card;
use super::check::{Check, Rooms};
use super::explain::{Explain, Explanation, Question};
use super::export::{Export, What, write_person};
use super::flow_files;
use super::flows::Flows;
use super::import::participants::Rules;
use super::import::{Import, Stored};
use super::operator::{self, Operator};
use super::report::{ReportCommand, Source};

pub(super) fn check(check: &Check) -> anyhow::Result<bool> {
    let flow_faults = |directory: Option<&Path>, lines: &[Line]| {
        flow_files::read_for(directory, lines).err().unwrap_or_default()
    };
    let rooms = Rooms {
        services: &flow_files::services,
        flows: &flow_faults,
        database: &store::faults,
        without_a_coordinator: &store::without_a_coordinator,
        lines_at_work: &store::lines_at_work,
    };
    Ok(check.run(&rooms, now(), &mut io::stdout().lock(), &mut io::stderr().lock())?)
}

pub(super) fn import(import: &Import) -> anyhow::Result<bool> {
    let here = Here::look(&import.config)?;
    let store = here.store_or_new()?;
    let rules = Rules {
        numbering: here.settled.numbering,
        lines: &here.settled.numbers(),
        services: &here.services,
        now: here.now,
    };
    let mut register = Stored::over(&store, &here.services);
    import.run(&rules, &mut register, &mut io::stdout().lock(), &mut io::stderr().lock())
}

pub(super) fn export(export: &Export) -> anyhow::Result<bool> {
    let here = Here::look(&export.config)?;
    let store = here.store()?;
    if let What::Person { number, html, language } = &export.what {
        let called = |what: &str, id: &str| match what {
            "service" => {
                let service = here.flows.catalogue().service(&ServiceId::parse(id).ok()?)?;
                Some(service.name(*language).to_owned())
            }
            _ => here
                .settled
                .lines
                .iter()
                .find(|line| line.number.e164() == id)
                .map(|line| line.name.clone()),
        };
        let html = html.then_some(*language);
        let (numbering, out) = (here.settled.numbering, &mut io::stdout().lock());
        write_person(number, html, &called, numbering, &store, here.now, out)?;
        return Ok(true);
    }
    export.run(&mut Stored::over(&store, &here.services), &mut io::stdout().lock())?;
    Ok(true)
}

pub(super) fn flows(flows: &Flows) -> anyhow::Result<bool> {
    flows.run(now(), &mut io::stdout().lock(), &mut io::stderr().lock())
}

pub(super) fn card(card: &Card) -> anyhow::Result<bool> {
    let here = Here::look(&card.config)?;
    let WithoutSecrets { lines, numbering, public_url, .. } = &here.settled;
    card.run(lines, *numbering, &here.flows, public_url, &mut io::stdout().lock())?;
    Ok(true)
}

pub(super) fn explain(explain: &Explain) -> anyhow::Result<bool> {
    let here = Here::look(&explain.config)?;
    let store = here.store()?;
    let WithoutSecrets { lines, numbering, .. } = &here.settled;
    let mut read = |question: &Question<'_>| {
        let conditions = here.flows.catalogue().conditions(&question.service);
        Ok(Explanation::read(question, conditions, *numbering, &store)?)
    };
    explain.run(lines, *numbering, here.now, &mut read, &mut io::stdout().lock())?;
    Ok(true)
}

pub(super) fn report(report: &ReportCommand) -> anyhow::Result<bool> {
    let here = Here::look(&report.config)?;
    let store = here.store()?;
    let WithoutSecrets { lines, numbering, .. } = &here.settled;
    let mut source = Books { here: &here, store: &store };
    report.run(lines, *numbering, here.now, &mut source, &mut io::stdout().lock())?;
    Ok(true)
}

/// The database as a report asks it.
struct Books<'a> {
    here: &'a Here,
    store: &'a Store,
}

impl Source for Books<'_> {
    fn counted(&mut self, period: Period) -> anyhow::Result<Counted> {
        let (lines, today) = (&self.here.settled.lines, self.here.now.wall_clock().date());
        Ok(self.store.read_blocking(|tx| tx.counted(period, lines, today))?)
    }

    fn names(&mut self, language: Language) -> anyhow::Result<Names> {
        let places = self.store.read_blocking(|tx| tx.places())?;
        let Here { settled, flows, .. } = self.here;
        Ok(names(&settled.lines, flows.catalogue(), places, language))
    }
}

pub(super) fn operator(operator: &Operator) -> anyhow::Result<bool> {
    let here = Here::look(&operator.config)?;
    let store = here.store_or_new()?;
    let lines = &here.settled.lines;
    let mut rooms = operator::Rooms { store: &store, lines, now: here.now, ask: &mut password };
    operator.run(&mut rooms, &mut io::stdout().lock())?;
    Ok(true)
}

/// A new password: typed twice without being shown, or the first line of standard input.
fn password(name: &str) -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let terminal = console::Term::stderr();
    let ask = |text: &str| -> anyhow::Result<String> {
        terminal.write_str(text)?;
        Ok(terminal.read_secure_line()?)
    };
    let typed = ask(&format!("Password for {name} (not shown): "))?;
    ensure!(ask("Once more: ")? == typed, "the two are not the same; nothing was changed");
    Ok(typed)
}

mod keeping;
pub(super) use keeping::{backup, forget, privacy, restore, stop};

/// What a command at the database finds here.
struct Here {
    settled: WithoutSecrets,
    flows: VoiceFlows,
    /// The catalogue.
    services: Vec<ServiceId>,
    now: Timestamp,
}

impl Here {
    fn look(config: &Path) -> anyhow::Result<Self> {
        let now = now();
        let settled = WithoutSecrets::load(config, &flow_files::services, now)?;
        let flows = flow_files::read(settled.flows.as_deref());
        let flows = flows.map_err(|faults| anyhow::anyhow!(faults.join("\n")))?;
        let services = flows.catalogue().ids().cloned().collect();
        Ok(Self { settled, flows, services, now })
    }

    /// The database, made if it is not there.
    fn store_or_new(&self) -> anyhow::Result<Store> {
        let file = &self.settled.database;
        let keys = key::load_or_make(file)?;
        Store::open(file, keys.stop_list).with_context(|| file.display().to_string())
    }

    /// The database, which must be there.
    fn store(&self) -> anyhow::Result<Store> {
        let file = self.settled.database.display();
        ensure!(
            self.settled.database.exists(),
            "{file}: there is no database yet; `burenhulp import` and `burenhulp serve` make one"
        );
        self.store_or_new()
    }
}

/// A command takes the time once, here.
pub(super) fn now() -> Timestamp {
    SystemClock.now()
}
