//! The command line as a technician types it: what it answers, and with which status.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::Installation;

const LINE: &str = r#"[[line]]
number = "+31700002586"
name = "Burenhulp Scheveningen"
area = ["2584", "2586"]
services = ["company", "groceries", "dog"]
office_hours = "Mo-Fr 09:00-17:00; PH off"
"#;
const NOWHERE: &str = "http://127.0.0.1:9";

struct Ran {
    status: Option<i32>,
    out: String,
    err: String,
}

/// Runs in this directory, without the provider's token.
fn run(directory: &Path, arguments: &[&str]) -> Ran {
    let ran = Command::new(env!("CARGO_BIN_EXE_burenhulp"))
        .args(arguments)
        .current_dir(directory)
        .env_remove("BURENHULP_AUTH_TOKEN")
        .output()
        .expect("it runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran { status: ran.status.code(), out: text(ran.stdout), err: text(ran.stderr) }
}

fn fixture(name: &str) -> String {
    format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_status_is_0_when_well_1_when_failed_and_2_for_wrong_use() {
    let empty = tempfile::tempdir().unwrap();
    for (arguments, status, advice) in [
        (&["--help"][..], 0, "Exit status"),
        (&["check", "--print-default"], 0, "[[line]]"),
        (&["check"], 1, "burenhulp check --print-default > burenhulp.toml"),
        (&["export", "places"], 1, "burenhulp check --print-default > burenhulp.toml"),
        (&["import", "people", "x.csv"], 2, "try '--help'"),
        (&["explain", "--line", "070 000 2586"], 2, "--postcode"),
        (&[], 2, "Usage: burenhulp"),
    ] {
        let ran = run(empty.path(), arguments);
        assert_eq!(ran.status, Some(status), "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(format!("{}{}", ran.out, ran.err).contains(advice), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_database_that_is_not_there_is_told_and_not_made() {
    let installation = Installation::new("", LINE, NOWHERE);
    let here = installation.database().parent().unwrap().to_owned();
    let ran = run(&here, &["export", "participants"]);
    assert_eq!(ran.status, Some(1));
    assert!(ran.err.contains("there is no database yet"), "{}", ran.err);
    assert!(!installation.database().exists());
}

#[test]
fn people_are_imported_explained_and_exported_while_the_exchange_serves() {
    let installation = Installation::new("", LINE, NOWHERE);
    let here = installation.database().parent().unwrap().to_owned();
    let serving = installation.serve();
    for (what, file) in [("places", "places.csv"), ("participants", "participants.csv")] {
        let ran = run(&here, &["import", what, &fixture(file)]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(ran.out.contains(" 0 changed, 0 unchanged."), "{}", ran.out);
    }

    let bad = run(&here, &["import", "participants", &fixture("bad-participants.csv")]);
    assert_eq!(bad.status, Some(1));
    assert!(bad.err.trim_end().ends_with("nothing was imported"), "{}", bad.err);

    let asked = ["--line", "070 000 2586", "--postcode", "2586", "--service", "company"];
    let at = ["--at", "2026-11-24T10:30:00+01:00"];
    let ran = run(&here, &[&["explain"], &asked[..], &at].concat());
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let first = ran.out.lines().find(|line| line.trim_start().starts_with("1."));
    assert!(first.is_some_and(|first| first.contains("same postcode")), "{}", ran.out);
    assert!(ran.out.contains("+31 70 ••• ••") && !ran.out.contains("+3170"), "{}", ran.out);

    let first = run(&here, &["export", "participants"]);
    assert_eq!(first.status, Some(0), "{}", first.err);
    let copy = here.join("copy.csv");
    std::fs::write(&copy, &first.out).unwrap();
    let again = run(&here, &["import", "participants", copy.to_str().unwrap()]);
    assert!(again.out.contains("0 added, 0 changed"), "{}{}", again.out, again.err);
    serving.stop();
}

#[test]
fn the_first_operator_is_added_with_a_password_that_is_not_on_the_command_line() {
    let installation = Installation::new("", LINE, NOWHERE);
    let here = installation.database().parent().unwrap().to_owned();
    let types = |arguments: &[&str], password: &str| {
        let mut typing = Command::new(env!("CARGO_BIN_EXE_burenhulp"))
            .args(arguments)
            .current_dir(&here)
            .env_remove("BURENHULP_AUTH_TOKEN")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let typed = typing.stdin.take().expect("piped").write_all(password.as_bytes());
        typed.expect("it reads");
        let ran = typing.wait_with_output().expect("it ends");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        (ran.status.code(), text(ran.stdout), text(ran.stderr))
    };
    let add = ["operator", "add", "Anneke", "--role", "administrator"];
    let (status, _, err) = types(&add, "kort\n");
    assert!(status == Some(1) && err.contains("at least 12 characters"), "{err}");
    let (status, out, err) = types(&add, "fiets lamp regen boom\n");
    assert_eq!((status, out.as_str()), (Some(0), "Anneke can log in at /loket.\n"), "{err}");
    let listed = run(&here, &["operator", "list"]);
    assert!(listed.out.contains("Anneke") && !listed.out.contains("argon2"), "{}", listed.out);
    let refused = run(&here, &["operator", "off", "Anneke"]);
    assert_eq!(refused.status, Some(1));
    assert!(refused.err.contains("the last administrator"), "{}", refused.err);
}
