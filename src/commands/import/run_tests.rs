//! Stories of the whole command, on real files and a register in memory.

use clap::Parser;
use tempfile::TempDir;

use super::in_memory::InMemory;
use super::*;
use crate::commands::export::Export;
use crate::domain::{Numbering, Phone, ServiceId, Timestamp};

const HEADER: &str = "name,phone,postcode,services,hours,languages,min_km,max_km,max_per_day,\
                      max_per_week,opted_in_at,opted_in_via,verified_at";

#[derive(Parser)]
enum Cli {
    Import(Import),
    Export(Export),
}

/// What a command did: whether it went well, and what it wrote to both streams.
#[derive(Debug)]
struct Ran {
    well: bool,
    out: String,
    err: String,
}

fn run(register: &mut InMemory, arguments: &[&str]) -> anyhow::Result<Ran> {
    let services = ["groceries", "odd-job", "transport", "company", "dog", "paperwork", "digital"]
        .map(|id| ServiceId::parse(id).expect("an id"));
    let lines = [number("070 000 2586")];
    let rules = participants::Rules {
        numbering: Numbering::NlFixtures,
        lines: &lines,
        services: &services,
        now: Timestamp::parse("2026-11-24T10:00:00+01:00").expect("a time"),
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let well = match Cli::try_parse_from([&["burenhulp"], arguments].concat())? {
        Cli::Import(import) => import.run(&rules, register, &mut out, &mut err)?,
        Cli::Export(export) => {
            export.run(register, &mut out)?;
            true
        }
    };
    let text = |bytes| String::from_utf8(bytes).expect("text");
    Ok(Ran { well, out: text(out), err: text(err) })
}

fn number(text: &str) -> Phone {
    Phone::parse(text, Numbering::NlFixtures).expect("a fixture number")
}

/// A file with these rows under the header; its path.
fn file(dir: &TempDir, rows: &str) -> String {
    let path = dir.path().join("people.csv");
    std::fs::write(&path, format!("{HEADER}\n{rows}")).expect("a file");
    path.to_str().expect("a path in UTF-8").to_owned()
}

fn dir() -> TempDir {
    tempfile::tempdir().expect("a directory")
}

fn fixtures() -> InMemory {
    let mut register = InMemory::default();
    for what in ["places", "participants"] {
        let path = format!("{}/fixtures/{what}.csv", env!("CARGO_MANIFEST_DIR"));
        assert!(run(&mut register, &["import", what, &path]).expect("a run").well);
    }
    register
}

#[test]
fn the_summary_counts_who_is_never_rung_and_why() {
    let dir = dir();
    let rows = "Aaltje,+31700010001,2584,dog,,,,,,,2024-03-01,web,2024-03-01
Bart,+31700010002,2584,dog,,,,,,,,,2024-03-01
Cees,+31700010003,2584,dog,,,,,,,2024-03-01,paper,
Dora,+31700010004,2584,,,,,,,,2024-03-01,web,2024-03-01
Els,+31700010005,1234,dog,,,,,,,2024-03-01,web,2024-03-01
Fien,+31700010006,1235,dog,,,,,,,2024-03-01,web,2024-03-01
";
    let ran = run(&mut fixtures(), &["import", "participants", &file(&dir, rows)]).expect("a run");
    assert!(ran.well, "{}", ran.err);
    let counts = "6 people: 0 added, 6 changed, 0 unchanged.\nNever rung for now: 5\n";
    let reasons = "     1  did not say that they take part (opted_in_at is empty)
     1  not confirmed on their own telephone (verified_at is empty)
     1  offer nothing (services is empty)
     2  no place is known for 1234, 1235; import places
";
    assert_eq!(ran.out, format!("{counts}{reasons}"));
}

#[test]
fn the_same_file_again_changes_nothing_and_doubles_nobody() {
    let mut register = fixtures();
    let people = register.people.len();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/participants.csv");
    let again = run(&mut register, &["import", "participants", path]).expect("a run");
    let first = format!("{people} people: 0 added, 0 changed, {people} unchanged.");
    assert_eq!(again.out.lines().next(), Some(first.as_str()));
    assert_eq!(register.people.len(), people);
}

#[test]
fn one_bad_row_and_nothing_is_imported() {
    let dir = dir();
    let path = file(&dir, "Aaltje,+31700010001,2584,,,,,,,,,,\nBart,112,2584,,,,,,,,,,\n");
    let mut register = InMemory::default();
    let ran = run(&mut register, &["import", "participants", &path]).expect("a run");
    assert!(!ran.well && ran.out.is_empty());
    assert_eq!(
        ran.err,
        format!(
            "{path}:\nline 3, phone: short and emergency numbers are never rung\n\
             1 fault in 1 row; nothing was imported\n"
        )
    );
    assert_eq!(register, InMemory::default());
}

#[test]
fn r9_an_import_never_undoes_a_stop_unless_both_dates_are_later() {
    let dir = dir();
    let stop = Timestamp::parse("2025-06-01").expect("a day");
    let mut register = InMemory::default();
    register.stopped.insert(number("070 001 0001"), stop);
    for (opted_in, verified, comes_in) in [
        ("2024-01-01", "2024-01-02", false),
        ("2025-07-01", "2024-01-02", false),
        ("2025-07-01", "", false),
        ("2025-07-01", "2025-07-02", true),
    ] {
        let row = format!("Guus,+31700010001,2584,dog,,,,,,,{opted_in},web,{verified}\n");
        let path = file(&dir, &row);
        let ran = run(&mut register, &["import", "participants", &path]).expect("a run");
        assert_eq!(ran.well, comes_in, "{row}");
        assert_eq!(ran.err.contains("line 2, phone: this person stopped taking part"), !comes_in);
    }
}

#[test]
fn a_file_that_is_not_there_and_a_database_that_fails_are_told() {
    let gone = run(&mut InMemory::default(), &["import", "places", "nowhere.csv"]);
    assert_eq!(gone.expect_err("no file").to_string(), "cannot read nowhere.csv");
    let dir = dir();
    let path = file(&dir, "Hetty,+31700010001,2584,,,,,,,,,,\n");
    let mut register = InMemory { broken: true, ..InMemory::default() };
    let failed = run(&mut register, &["import", "participants", &path]).expect_err("a full disk");
    assert_eq!(format!("{failed:#}"), "nothing was imported: the disk is full");
}

#[test]
fn export_and_import_of_the_whole_town_is_the_identity() {
    let mut register = fixtures();
    let mut copy = InMemory::default();
    let dir = dir();
    for what in ["places", "participants"] {
        let path = dir.path().join(what);
        let path = path.to_str().expect("a path in UTF-8");
        let exported = run(&mut register, &["export", what, path]).expect("a run");
        assert!(exported.out.is_empty());
        assert!(run(&mut copy, &["import", what, path]).expect("a run").well);
        let to_stdout = run(&mut register, &["export", what]).expect("a run").out;
        assert_eq!(std::fs::read_to_string(path).expect("a file"), to_stdout);
    }
    assert!(copy == register);
}

#[test]
fn who_stopped_is_not_exported() {
    let mut register = fixtures();
    let now = Timestamp::parse("2026-11-24").expect("a day");
    register.stopped.insert(number("070 001 0003"), now);
    let exported = run(&mut register, &["export", "participants"]).expect("a run").out;
    assert_eq!(exported.lines().count(), register.people.len());
    assert!(!exported.contains("+31700010003"));
}

#[cfg(unix)]
#[test]
fn an_exported_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let dir = dir();
    let path = dir.path().join("people.csv");
    run(&mut fixtures(), &["export", "participants", path.to_str().expect("UTF-8")])
        .expect("a run");
    let mode = std::fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn every_help_has_an_example() {
    use clap::CommandFactory;
    let cli = Cli::command();
    let commands =
        cli.get_subcommands().flat_map(|top| std::iter::once(top).chain(top.get_subcommands()));
    for command in commands {
        let help = command.clone().render_long_help().to_string();
        assert!(help.contains("Example") && help.contains("  burenhulp "), "{help}");
    }
}
