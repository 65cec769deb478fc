//! `burenhulp check`: every fault of the configuration, the flows and the database at once.
//!
//! Changes nothing and rings nobody. What the flows and the database have to say comes in through
//! [`Rooms`], so that this file knows neither.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::{Config, FILE_NAME, Faults, Paths};
use crate::domain::{Line, Postcode, ServiceId, Timestamp};

/// Find every fault of configuration, voice flows and database
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Example:\n  burenhulp check --print-default > burenhulp.toml\n  \
                        burenhulp check --config burenhulp.toml")]
pub struct Check {
    /// The configuration
    #[arg(long, value_name = "FILE", default_value = FILE_NAME)]
    pub config: PathBuf,
    /// Print a configuration to begin with, and check nothing
    #[arg(long)]
    pub print_default: bool,
}

/// Tells every fault of the flows in a directory, on some lines.
pub type LookAtFlows<'a> = dyn Fn(Option<&Path>, &[Line]) -> Vec<String> + 'a;

/// The rooms that are asked. Each fault is a whole line, with file and place.
#[derive(Clone, Copy)]
pub struct Rooms<'a> {
    /// The ids of the service catalogue of this flow directory (`None`: the built-in one), in its
    /// order; `None` when it cannot be read.
    pub services: &'a dyn Fn(Option<&Path>) -> Option<Vec<ServiceId>>,
    /// Every fault of the flows in this directory (`None`: the built-in ones), on these lines.
    pub flows: &'a LookAtFlows<'a>,
    /// Every fault of this database, which is there.
    pub database: &'a dyn Fn(&Path) -> Vec<String>,
    /// Of the places that go to the coordinator first, by this database, which is there, or by the
    /// configuration (these): those without a coordinator.
    pub without_a_coordinator: &'a dyn Fn(&Path, &[Postcode]) -> Vec<Postcode>,
    /// The lines, by their number, for which something in this database, which is there, waits to be
    /// done.
    pub lines_at_work: &'a dyn Fn(&Path) -> Vec<String>,
}

impl Check {
    /// Checks, writes what is well to `out` and what is not to `err`. Whether all is well.
    ///
    /// # Errors
    /// When `out` or `err` cannot be written to.
    pub fn run(
        &self,
        rooms: &Rooms<'_>,
        now: Timestamp,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> io::Result<bool> {
        if self.print_default {
            out.write_all(Config::default_text().as_bytes())?;
            return Ok(true);
        }
        let config = Config::load(&self.config, rooms.services, now);
        let mut faults: Vec<String> =
            config.as_ref().err().into_iter().flat_map(Faults::lines).collect();
        // Also with a faulty configuration, the rest is looked at: one run finds everything.
        if let Some(paths) = Paths::load(&self.config) {
            let lines = config.as_ref().map_or(&[][..], |config| &config.lines);
            faults.extend((rooms.flows)(paths.flows.as_deref(), lines));
            faults.extend(database_faults(&paths.database, rooms.database));
        }
        match config {
            Ok(config) if faults.is_empty() => {
                write_well(out, &self.config, &config)?;
                write_warning(err, &places_without_a_coordinator(&self.config, &config, rooms))?;
                write_lines_gone(err, &lines_gone(&self.config, &config, rooms))?;
            }
            _ => write_faults(err, &faults)?,
        }
        Ok(faults.is_empty())
    }
}

/// Whoever asks there is promised a coordinator, and there is none.
fn places_without_a_coordinator(file: &Path, config: &Config, rooms: &Rooms<'_>) -> Vec<Postcode> {
    let mut configured: Vec<Postcode> =
        config.lines.iter().flat_map(|line| line.coordinator_first.iter().copied()).collect();
    match Paths::load(file).filter(|paths| paths.database.exists()) {
        Some(paths) => (rooms.without_a_coordinator)(&paths.database, &configured),
        None => {
            configured.sort_unstable();
            configured.dedup();
            configured
        }
    }
}

/// A line was taken out of the configuration while something waits for it.
fn lines_gone(file: &Path, config: &Config, rooms: &Rooms<'_>) -> Vec<String> {
    let database = Paths::load(file).map(|paths| paths.database).filter(|at| at.exists());
    let mut at_work = database.map_or_else(Vec::new, |at| (rooms.lines_at_work)(&at));
    at_work.retain(|number| config.lines.iter().all(|line| line.number.e164() != number));
    at_work
}

/// A database that is not there yet is made at the first start, if there is a place for it.
fn database_faults(file: &Path, look: &dyn Fn(&Path) -> Vec<String>) -> Vec<String> {
    if file.exists() {
        return look(file);
    }
    match file.parent() {
        Some(directory) if !directory.as_os_str().is_empty() && !directory.is_dir() => {
            vec![format!(
                "{}: there is no directory {} to make the database in; make it, or change `database`",
                file.display(),
                directory.display()
            )]
        }
        _ => Vec::new(),
    }
}

fn write_well(out: &mut dyn Write, file: &Path, config: &Config) -> io::Result<()> {
    let names: Vec<&str> = config.lines.iter().map(|line| line.name.as_str()).collect();
    writeln!(out, "{}, the voice flows and the database are in order.", file.display())?;
    writeln!(out, "Lines: {}.", names.join(", "))?;
    writeln!(
        out,
        "\nAt {}, give each number of a line these addresses:",
        config.provider.kind.word()
    )?;
    let addresses = config.provider_addresses();
    let width = addresses.iter().map(|(_, address)| address.len()).max().unwrap_or(0);
    for (when, address) in addresses {
        writeln!(out, "  POST {address:width$}  {when}")?;
    }
    Ok(())
}

/// It serves all the same, so this is no fault.
fn write_warning(err: &mut dyn Write, places: &[Postcode]) -> io::Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let places: Vec<String> = places.iter().map(Postcode::to_string).collect();
    writeln!(
        err,
        "\nWarning: requests from {} go to the coordinator first, and no coordinator looks after \
         those postcodes. Give them to one (`burenhulp operator add --help`, or /loket/beheer), or \
         take them out of coordinator_first.",
        places.join(", ")
    )
}

/// Nobody can be rung from that number any more, so this is for somebody to know, and no fault.
fn write_lines_gone(err: &mut dyn Write, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(
        err,
        "\nWarning: the database still has searches, calls or promises of {}, which is no line of \
         this configuration. Put the line back until they are done, or the desk of another line gets \
         them to see to.",
        lines.join(", ")
    )
}

fn write_faults(err: &mut dyn Write, faults: &[String]) -> io::Result<()> {
    for fault in faults {
        writeln!(err, "{fault}")?;
    }
    let count = faults.len();
    writeln!(err, "\n{count} fault{} found.", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    const GOOD: &str = r#"public_url = "http://127.0.0.1:8080"
database = "DIR/burenhulp.db"
flows = "DIR/flows"
numbering = "nl-fixtures"
[provider]
kind = "twilio"
account = "ACtest"
auth_token_file = "DIR/token"
api_base = "http://127.0.0.1:9090"
[[line]]
number = "+31700002586"
name = "Burenhulp Scheveningen"
area = ["2584"]
services = ["company"]
office_hours = "Mo-Fr 09:00-17:00; PH off"
"#;

    struct Run {
        well: bool,
        out: String,
        err: String,
    }

    /// Runs in a directory with this configuration; flows and database say what they are told.
    fn run(dir: &TempDir, config: Option<&str>, flows: &[&str], database: &[&str]) -> Run {
        let file = dir.path().join("burenhulp.toml");
        fs::write(dir.path().join("token"), "secret").expect("a token");
        if let Some(text) = config {
            let place = dir.path().to_str().expect("a path in UTF-8");
            fs::write(&file, text.replace("DIR", place)).expect("a configuration");
        }
        let owned = |faults: &[&str]| faults.iter().map(|f| (*f).to_owned()).collect::<Vec<_>>();
        let rooms = Rooms {
            services: &|_| Some(vec![ServiceId::parse("company").expect("an id")]),
            flows: &|at, _| {
                assert!(at.is_some_and(|at| at.ends_with("flows")), "{at:?}");
                owned(flows)
            },
            database: &|at| {
                assert!(at.is_file(), "only a database that is there is looked at");
                owned(database)
            },
            without_a_coordinator: &|_, places| places.to_vec(),
            lines_at_work: &|_| vec!["+31700002586".to_owned(), "+31519002586".to_owned()],
        };
        let now = Timestamp::parse("2026-11-24T10:00:00+01:00").expect("a moment");
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let check = Check { config: file, print_default: false };
        let well = check.run(&rooms, now, &mut out, &mut err).expect("vectors can be written");
        let text = |bytes| String::from_utf8(bytes).expect("text");
        Run { well, out: text(out), err: text(err) }
    }

    fn dir() -> TempDir {
        tempfile::tempdir().expect("a directory")
    }

    #[test]
    fn all_is_well_and_the_three_addresses_are_printed_in_full() {
        let run = run(&dir(), Some(GOOD), &[], &[]);
        assert!(run.well, "{}", run.err);
        for address in [
            "POST http://127.0.0.1:8080/voice/incoming ",
            "POST http://127.0.0.1:8080/voice/fallback ",
            "POST http://127.0.0.1:8080/voice/status ",
        ] {
            assert!(run.out.contains(address), "{}", run.out);
        }
        assert!(run.out.contains("Burenhulp Scheveningen") && run.out.contains("At twilio"));
        assert_eq!(run.err, "");
    }

    #[test]
    fn faults_of_all_three_are_found_in_one_run() {
        let dir = dir();
        fs::write(dir.path().join("burenhulp.db"), "not a database").expect("a file");
        let faulty = GOOD.replace("ACtest", "").replace("2584", "x");
        let run = run(&dir, Some(&faulty), &["caller.vxml:3: a"], &["burenhulp.db: b"]);
        assert!(!run.well);
        let lines: Vec<&str> = run.err.lines().collect();
        assert_eq!(lines.len(), 6, "{}", run.err);
        assert!(lines[0].contains("burenhulp.toml:7: account is"), "{}", run.err);
        assert!(lines[1].contains("burenhulp.toml:13: area: "), "{}", run.err);
        assert_eq!(lines[2..], ["caller.vxml:3: a", "burenhulp.db: b", "", "4 faults found."]);
        assert_eq!(run.out, "");
    }

    #[test]
    fn a_good_configuration_with_a_faulty_flow_is_not_well() {
        let run = run(&dir(), Some(GOOD), &["caller.vxml:3: a"], &[]);
        assert!(!run.well && run.out.is_empty());
        assert!(run.err.ends_with("1 fault found.\n"), "{}", run.err);
    }

    #[test]
    fn without_a_configuration_it_says_how_to_get_one() {
        let run = run(&dir(), None, &[], &[]);
        assert!(!run.well);
        assert!(
            run.err.contains("burenhulp check --print-default > burenhulp.toml"),
            "{}",
            run.err
        );
    }

    #[test]
    fn a_database_needs_a_directory_to_be_made_in() {
        let run = run(&dir(), Some(&GOOD.replace("DIR/burenhulp.db", "DIR/none/b.db")), &[], &[]);
        assert!(!run.well && run.err.contains("there is no directory"), "{}", run.err);
    }

    #[test]
    fn places_for_a_coordinator_who_is_not_there_are_told_and_it_is_well_all_the_same() {
        let first = format!("{GOOD}coordinator_first = [\"2584\"]\n");
        let run = run(&dir(), Some(&first), &[], &[]);
        assert!(run.well, "{}", run.err);
        assert!(run.err.contains("Warning: requests from 2584 go to the coordinator first"));
    }

    #[test]
    fn a_line_that_was_taken_out_while_something_waits_for_it_is_told_and_it_is_well_all_the_same()
    {
        let dir = dir();
        assert!(!run(&dir, Some(GOOD), &[], &[]).err.contains("no line of this configuration"));
        fs::write(dir.path().join("burenhulp.db"), "").expect("a database");
        let run = run(&dir, Some(GOOD), &[], &[]);
        assert!(run.well, "{}", run.err);
        let told = "promises of +31519002586, which is no line of this configuration";
        assert!(run.err.contains(told), "{}", run.err);
    }

    #[test]
    fn the_default_configuration_is_printed_without_looking_at_anything() {
        let nothing = Rooms {
            services: &|_| panic!("not asked"),
            flows: &|_, _| panic!("not asked"),
            database: &|_| panic!("not asked"),
            without_a_coordinator: &|_, _| panic!("not asked"),
            lines_at_work: &|_| panic!("not asked"),
        };
        let check = Check { config: "/nowhere".into(), print_default: true };
        let mut out = Vec::new();
        let now = Timestamp::parse("2026-11-24").expect("a day");
        assert!(check.run(&nothing, now, &mut out, &mut io::sink()).expect("written"));
        assert_eq!(out, Config::default_text().as_bytes());
    }
}
