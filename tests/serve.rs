//! `burenhulp serve` under the eyes of its technician: signals, other flows, health.

use std::path::Path;
use std::time::{Duration, Instant};

use burenhulp::sim::leg::LegId;
use burenhulp::sim::virtual_time::HttpRequest;
use burenhulp::sim::wire::{Kind, Method, Request, RequestId};

use crate::process::{
    ACCOUNT, Installation, PUBLIC_URL, Process, Sent, Story, TOKEN, get, head, send,
};

const NOBODY: &str = r#"
title = "Nobody is rung"
at = "2026-01-06T10:00:00+01:00"
[[desk]]
name = "a seat"
"#;
const NOWHERE: &str = "http://127.0.0.1:9";
const FLOWS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/voice-flows");
/// Said in the flows that come later.
const NEW: &str = "Dit is nieuw.";

/// An exchange in which nobody lives; `top` is for its configuration.
fn install(top: &str) -> Installation {
    let story = Story::read(NOBODY);
    let installation = story.install(top, NOWHERE);
    story.settle(&installation);
    installation
}

/// Somebody on the telephone, as far as webhooks know.
struct Call<'a> {
    sid: &'a str,
    /// Where the next key goes.
    action: String,
    /// What was heard last.
    heard: String,
}

impl<'a> Call<'a> {
    fn begin(process: &Process, sid: &'a str) -> Self {
        let mut call =
            Self { sid, action: format!("{PUBLIC_URL}/voice/incoming"), heard: String::new() };
        call.goes_on(process, &[("CallStatus", "ringing")]);
        call
    }

    fn presses(&mut self, process: &Process, key: &str) {
        self.goes_on(process, &[("CallStatus", "in-progress"), ("Digits", key)]);
    }

    fn goes_on(&mut self, process: &Process, more: &[(&str, &str)]) {
        let request = self.webhook(more);
        let answer = send(process.address, &request).and_then(Sent::answer).unwrap();
        assert_eq!(answer.status, 200);
        self.heard = String::from_utf8(answer.body).unwrap();
        let action = self.heard.split("action=\"").nth(1).and_then(|rest| rest.split('"').next());
        self.action = action.expect("a question").to_owned();
    }

    fn webhook(&self, more: &[(&str, &str)]) -> HttpRequest {
        let usual = [
            ("AccountSid", ACCOUNT),
            ("CallSid", self.sid),
            ("Direction", "inbound"),
            ("From", "+31601000001"),
            ("To", "+31600002586"),
        ];
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let request = Request {
            id: RequestId(1),
            leg: LegId(1),
            kind: Kind::Gather,
            method: Method::Post,
            url: self.action.clone(),
            params: usual.iter().chain(more).map(own).collect(),
            token: "token".to_owned(),
        };
        HttpRequest::of(&request, TOKEN)
    }
}

#[test]
fn sigterm_finishes_what_is_under_way_and_closes_the_database() {
    let installation = install("");
    let process = installation.serve();
    let mut call = Call::begin(&process, "CA01");
    let log = installation.path("burenhulp.db-wal");
    assert!(log.exists(), "the database is in use");

    let request = call.webhook(&[("CallStatus", "in-progress"), ("Digits", "1")]);
    let (first, last) = request.body.split_at(request.body.len() / 2);
    let mut under_way = Sent::open(process.address).unwrap();
    under_way.write(head(&request).as_bytes()).unwrap();
    under_way.write(first).unwrap();
    process.signal("TERM");
    process.wait_for("stopping");
    // The door closes a moment after the word; the process does not end before what is under way.
    let patience = Instant::now() + Duration::from_secs(10);
    while Sent::open(process.address).is_ok() {
        assert!(Instant::now() < patience, "nothing new is taken on");
    }
    under_way.write(last).unwrap();
    let answer = under_way.answer().unwrap();
    assert_eq!(answer.status, 200);
    let (status, lines) = process.end();
    assert_eq!(status.code(), Some(0), "{lines:?}");
    assert!(lines.last().unwrap().contains("everything is on disk"), "{lines:?}");
    assert!(!log.exists(), "the log was not moved into the database");

    // What was finished last is on disk: asked again, it is answered the same.
    let process = installation.serve();
    call.presses(&process, "1");
    assert_eq!(call.heard.as_bytes(), answer.body);
}

#[test]
fn sigterm_at_the_first_moment_is_a_good_end_too() {
    let installation = install("");
    let process = installation.serve();
    process.signal("TERM");
    let (status, lines) = process.end();
    assert_eq!(status.code(), Some(0), "{lines:?}");
}

/// A directory with the flows of this repository, changed by `edit`.
fn write_flows(directory: &Path, edit: impl Fn(&str) -> String) {
    std::fs::create_dir_all(directory).unwrap();
    for entry in std::fs::read_dir(FLOWS).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if !(name.ends_with(".vxml") || name.ends_with(".toml")) {
            continue;
        }
        let text = std::fs::read_to_string(entry.path()).unwrap();
        let text = if name == "caller.vxml" { edit(&text) } else { text };
        std::fs::write(directory.join(name), text).unwrap();
    }
}

/// Something new in the greeting and in the first question.
fn renewed(caller: &str) -> String {
    let said = format!(
        "<prompt xml:lang=\"nl-NL\">{NEW}</prompt><prompt xml:lang=\"en-GB\">This is new.</prompt>"
    );
    let greeting = "<form id=\"greeting\">";
    let question = "<menu id=\"neighbour_or_desk\">";
    assert!(caller.contains(greeting) && caller.contains(question), "the flows have changed");
    // Prompts stand behind the properties of a menu.
    let (before, menu) = caller.split_once(question).unwrap();
    let (head, rest) = menu.split_once("<prompt").unwrap();
    format!("{before}{question}{head}{said}<prompt{rest}")
        .replace(greeting, &format!("{greeting}<block>{said}</block>"))
}

#[test]
fn sighup_changes_what_new_calls_hear_and_no_call_under_way() {
    let installation = install("flows = \"flows\"");
    let flows = installation.path("flows");
    write_flows(&flows, str::to_owned);
    let process = installation.serve();
    let mut under_way = Call::begin(&process, "CA01");
    let question = under_way.heard.clone();
    assert!(!question.contains(NEW));

    write_flows(&flows, renewed);
    process.signal("HUP");
    process.wait_for("flows.in_use");
    let mut new = Call::begin(&process, "CA02");
    assert_eq!(new.heard.matches(NEW).count(), 2, "{}", new.heard);
    under_way.presses(&process, "9");
    assert!(!under_way.heard.contains(NEW), "{}", under_way.heard);

    // After a crash both still go on with their own.
    process.kill();
    let process = installation.serve();
    under_way.presses(&process, "9");
    assert!(!under_way.heard.contains(NEW), "{}", under_way.heard);
    new.presses(&process, "9");
    assert_eq!(new.heard.matches(NEW).count(), 1, "{}", new.heard);
}

#[test]
fn flows_with_a_fault_are_refused_at_the_start_and_not_used_later() {
    let broken = |caller: &str| caller.replace("next=\"#services\"", "next=\"#nowhere\"");
    let installation = install("flows = \"flows\"");
    let flows = installation.path("flows");
    write_flows(&flows, broken);
    let (status, said) = installation.serve_in_vain();
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("flows/caller.vxml:") && said.contains("nowhere"), "{said}");

    write_flows(&flows, renewed);
    let process = installation.serve();
    write_flows(&flows, broken);
    process.signal("HUP");
    let told = process.wait_for("flows.not_used");
    assert!(told.contains("caller.vxml:") && told.contains("nowhere"), "{told}");
    assert!(Call::begin(&process, "CA01").heard.contains(NEW), "the ones in use stay in use");
    process.stop();
}

#[test]
fn sighup_with_the_built_in_flows_says_what_to_do() {
    let installation = install("");
    let process = installation.serve();
    process.signal("HUP");
    assert!(process.wait_for("flows.not_used").contains("`flows` in the configuration"));
    assert_eq!(get(process.address, "/healthz").status, 200);
}

#[test]
fn a_technician_sees_that_it_lives_can_answer_and_what_it_did() {
    let installation = install("");
    let process = installation.serve();
    Call::begin(&process, "CA01");
    for path in ["/healthz", "/readyz"] {
        assert_eq!(get(process.address, path).status, 200, "{path}");
    }
    let metrics = get(process.address, "/metrics");
    assert_eq!(metrics.status, 200);
    let figures = String::from_utf8(metrics.body).unwrap();
    let of = |name: &str| {
        let line = figures.lines().find(|line| line.starts_with(name));
        line.unwrap_or_else(|| panic!("no {name} in {figures}")).rsplit(' ').next().unwrap()
    };
    assert_eq!(of("burenhulp_live_calls"), "1");
    assert!(!figures.contains("+316"), "R14: a number among the figures");
}

#[test]
fn a_log_that_nobody_reads_any_more_stops_no_call() {
    let installation = install("");
    let process = installation.serve_unread();
    // Every one of these is complained of.
    for _ in 0..3 {
        assert_eq!(get(process.address, "/voice/screening/1").status, 405);
        let request = Call {
            sid: "CA01",
            action: format!("{PUBLIC_URL}/voice/leg/9/9"),
            heard: String::new(),
        }
        .webhook(&[("CallStatus", "in-progress")]);
        let answer = send(process.address, &request).and_then(Sent::answer).unwrap();
        assert_eq!(answer.status, 200);
    }
    Call::begin(&process, "CA02");
}
