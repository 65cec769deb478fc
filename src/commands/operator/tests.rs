//! The command as stories, on a real database.

use clap::Parser;

use super::*;
use crate::config::{Config, Surroundings};
use crate::flow::Flows;
use crate::login::second_factor::{Sealer, Secret};
use crate::store::AuditFilter;

const NOW: Timestamp = Timestamp(1_795_510_800_000);
const PASSWORD: &str = "fiets lamp regen boom";

struct Server {
    store: Store,
    lines: Vec<Line>,
    _directory: tempfile::TempDir,
}

#[derive(Debug, clap::Parser)]
struct Typed {
    #[command(flatten)]
    operator: Operator,
}

impl Server {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(&directory.path().join("town.db"), [7; 32]).expect("a store");
        let text = include_str!("../../../fixtures/demo.toml")
            .replace("ADDRESS", "127.0.0.1:8080")
            .replace("DATABASE", "town.db")
            .replace("DESK_HOURS", "24/7");
        let around = Surroundings {
            environment: &|_| Some("x".into()),
            read_file: &|_| Ok("x".into()),
            services: &|_| Some(Flows::built_in().catalogue().ids().cloned().collect()),
            now: NOW,
        };
        let lines = Config::read(&text, &around).expect("the demo's configuration").lines;
        Self { store, lines, _directory: directory }
    }

    fn types(&self, arguments: &[&str], password: &str) -> anyhow::Result<String> {
        let typed = Typed::try_parse_from(["operator"].iter().chain(arguments))?;
        let mut ask = |_: &str| Ok(password.to_owned());
        let mut rooms = Rooms { store: &self.store, lines: &self.lines, now: NOW, ask: &mut ask };
        let mut out = Vec::new();
        typed.operator.run(&mut rooms, &mut out)?;
        Ok(String::from_utf8(out).expect("text"))
    }

    fn refuses(&self, arguments: &[&str], password: &str) -> String {
        self.types(arguments, password).expect_err("refused").to_string()
    }

    fn somebody(&self, name: &str) -> crate::store::Credentials {
        self.store.read_blocking(|tx| tx.operator_named(name)).expect("read").expect("somebody")
    }
}

#[test]
fn the_first_administrator_is_added_and_can_log_in() {
    let server = Server::new();
    assert!(server.types(&["list"], "").expect("a list").starts_with("Nobody yet"));
    let said = server.types(&["add", "Anneke", "--role", "administrator"], PASSWORD);
    assert_eq!(said.expect("added"), "Anneke can log in at /loket.\n");
    let known = server.somebody("anneke");
    assert!(password::verify(PASSWORD, Some(&known.password)) && !known.password_given);
    let listed = server.types(&["list"], "").expect("a list");
    assert!(listed.contains("administrator") && listed.contains("everything"), "{listed}");
    let trail =
        server.store.read_blocking(|tx| tx.audit(AuditFilter::default(), 10)).expect("read");
    assert_eq!((trail[0].what, trail[0].operator.as_deref()), (Deed::OperatorAdded, None));
}

#[test]
fn what_is_typed_wrongly_is_told_before_anything_is_written() {
    let server = Server::new();
    server.types(&["add", "Anneke", "--role", "administrator"], PASSWORD).expect("added");
    for (arguments, password, told) in [
        (&["add", "ANNEKE"][..], PASSWORD, "there is an operator of this name already"),
        (&["add", "Kees"], "kort", "at least 12 characters"),
        (&["add", ""], PASSWORD, "a name"),
        (&["add", "a:b"], PASSWORD, "a name"),
        (&["add", "Piet", "--role", "coordinator"], PASSWORD, "--area"),
        (&["add", "Kees", "--line", "+31700000000"], PASSWORD, "+31700002586"),
        (&["add", "Kees", "--area", "25"], PASSWORD, "--area"),
        (&["lines", "Anneke"], "", "at least one"),
        (&["off", "Niemand"], "", "operator list"),
        (&["off", "Anneke"], "", "the last administrator"),
        (&["password", "Anneke"], "AnnekeAnneke", "too easy to guess"),
    ] {
        let refused = server.refuses(arguments, password);
        assert!(refused.contains(told), "{arguments:?}: {refused}");
    }
    assert_eq!(server.types(&["list"], "").expect("a list").lines().count(), 1);
}

#[test]
fn an_operator_has_lines_and_a_coordinator_areas() {
    let server = Server::new();
    server.types(&["add", "Kees"], PASSWORD).expect("added");
    assert_eq!(server.somebody("Kees").operator.lines.len(), 2, "all of them unless told");
    server.types(&["lines", "Kees", "--line", "0519 00 25 86"], "").expect("changed");
    let lines = server.somebody("Kees").operator.lines;
    assert_eq!(lines.iter().map(Phone::e164).collect::<Vec<_>>(), ["+31519002586"]);
    let arguments = ["add", "Piet", "--role", "coordinator", "--area", "7434", "--temporary"];
    server.types(&arguments, PASSWORD).expect("added");
    let piet = server.somebody("Piet");
    assert!(piet.password_given && piet.operator.areas.len() == 1);
    let listed = server.types(&["list"], "").expect("a list");
    assert!(listed.contains("Burenhulp in de dorpen") && listed.contains("7434"), "{listed}");
}

#[test]
fn switched_off_and_on_with_another_password_and_without_the_second_factor() {
    let server = Server::new();
    server.types(&["add", "Kees"], PASSWORD).expect("added");
    let id = server.somebody("Kees").operator.id;
    let secret = Secret::new().expect("random");
    let sealed = Sealer::with([1; 32]).seal(&secret, id).expect("sealed");
    let set =
        server.store.write_blocking(move |tx| tx.set_second_factor(id, &sealed, 1, &[[0; 32]]));
    set.expect("set");
    server.types(&["off", "Kees"], "").expect("off");
    assert!(server.somebody("Kees").off_at.is_some());
    assert!(server.types(&["list"], "").expect("a list").starts_with("OFF"));
    server.types(&["on", "Kees"], "").expect("on");
    assert!(server.somebody("Kees").off_at.is_none());
    server.types(&["password", "Kees", "--temporary"], "kraan wolk trui geel").expect("changed");
    let known = server.somebody("Kees");
    assert!(known.password_given && !password::verify(PASSWORD, Some(&known.password)));
    assert!(known.totp_secret.is_some());
    server.types(&["totp", "Kees"], "").expect("taken away");
    assert!(server.somebody("Kees").totp_secret.is_none());
}
