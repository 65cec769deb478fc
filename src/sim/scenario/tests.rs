//! The judge is judged: one good story over canned documents, then everything that can be wrong.

use std::sync::Mutex;
use std::time::Duration;

use proptest::prelude::*;

use super::super::log::What;
use super::super::network::{Network, NetworkConfig};
use super::super::virtual_time::{self, Application, Ended, HttpRequest, Pace};
use super::super::wire::{Failure, Response};
use super::*;
use crate::domain::Timestamp;

const STORY: &str = r#"
title = "Bos says yes"
at = "2026-11-24T10:00:00+01:00"

[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, talks 30"
hears = ["iemand uit", "schikt het"]

[[caller]]
does = "presses 4, joined"
hears = ["goedemorgen", "ogenblik", "tot ziens"]
never_hears = ["bos"]
talks_with = ["bos"]
ends = "goodbye"

[must]
rings = ["bos: connected"]
"#;

/// An exchange of four documents.
struct Canned;

impl Application for Canned {
    async fn answer(&mut self, _: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        let inside = match request.path_and_query.as_str() {
            "/voice/incoming" => {
                "<Gather numDigits=\"1\" action=\"/voice/key\"><Say>Goedemorgen</Say></Gather>"
            }
            "/voice/key" => {
                "<Say>Een ogenblik</Say><Dial action=\"/voice/done\" answerOnBridge=\"true\" \
                 timeout=\"15\" callerId=\"+31700002586\"><Number url=\"/voice/screen\">\
                 +31700010001</Number></Dial>"
            }
            "/voice/screen" => {
                "<Gather numDigits=\"1\" action=\"/voice/yes\"><Say>Iemand uit uw buurt. Schikt het?\
                 </Say></Gather><Hangup/>"
            }
            "/voice/yes" => "",
            "/voice/done" => "<Say>Tot ziens</Say><Hangup/>",
            _ => return Ok(Response::status(404)),
        };
        Ok(Response::xml(&format!("<Response>{inside}</Response>")))
    }
}

struct Played {
    scenario: Scenario,
    network: Network,
}

fn play(text: &str) -> Played {
    let scenario = Scenario::read("story.toml", text).unwrap();
    let cast = Cast::of(&scenario);
    let mut network = Network::new(network_config(&scenario, &cast), 1);
    scenario.set_up(&cast, &mut network, "http://app.test");
    let network = Mutex::new(network);
    let pace = Pace {
        auth_token: "geheim",
        until: scenario.at + Duration::from_secs(3600),
        work_first: false,
        restarts: false,
        trouble: &scenario.trouble,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(virtual_time::run(&network, &mut Canned, pace)), Ended::AtRest);
    Played { scenario, network: network.into_inner().unwrap() }
}

fn network_config(scenario: &Scenario, cast: &Cast) -> NetworkConfig {
    NetworkConfig {
        account: "AC00000000000000000000000000000000".to_owned(),
        lines: cast.lines.clone(),
        voice_url: "http://app.test/voice/incoming".to_owned(),
        fallback_url: None,
        status_url: None,
        api_base: "http://carrier.test".to_owned(),
        delivery: scenario.delivery.delivery(),
    }
}

/// What an exchange's books say after the story.
fn books() -> Afterwards {
    let bos = Cast::of(&Scenario::read("story.toml", STORY).unwrap()).neighbours[0].clone();
    Afterwards { results: vec![(bos, "connected".to_owned())], ..Afterwards::default() }
}

fn complaints_about(text: &str, books: &Afterwards) -> Vec<String> {
    let played = play(text);
    played.scenario.complaints(&played.network, books)
}

#[test]
fn a_story_that_went_as_it_must_gives_no_complaint() {
    assert_eq!(complaints_about(STORY, &books()), Vec::<String>::new());
}

#[test]
fn every_expectation_that_is_not_met_is_told_in_one_sentence() {
    for (was, is, told) in [
        ("\"ogenblik\"", "\"nooit gezegd\"", "caller did not hear \"nooit gezegd\""),
        // The order counts.
        ("\"ogenblik\", \"tot ziens\"", "\"tot ziens\", \"ogenblik\"", "did not hear \"ogenblik\""),
        ("\"iemand uit\"", "\"u spreekt met\"", "bos did not hear \"u spreekt met\""),
        ("[\"bos\"]\ntalks", "[\"een ogenblik\"]\ntalks", "caller heard \"een ogenblik\""),
        ("talks_with = [\"bos\"]", "talks_with = []", "caller talked with"),
        ("ends = \"goodbye\"", "ends = \"hangs-up\"", "call must end with HangsUp"),
        ("rings = [\"bos: connected\"]", "rings = []", "telephones rang: must be []"),
        ("\"bos: connected\"", "\"bos: declined\"", "it went: must be [\"bos: declined\"]"),
        ("[must]", "[must]\nmessages = 1", "1 messages must be there; there are 0"),
        ("[must]", "[must]\npromises = [\"desk_answers 2026\"]", "it was promised: must be"),
        ("[must]", "[must]\nstopped = [\"bos\"]", "have stopped: must be [\"bos\"]"),
        ("[must]", "[must]\npaused = [\"bos until_they_call\"]", "have a pause: must be"),
        ("[must]", "[must]\nhappy_pairs = [\"bos bos\"]", "are happy with each other: must be"),
        ("[must]", "[must]\nalarms = [11200]", "alarm 11200 was not raised"),
        ("presses 4, joined", "presses 4, joined, tone", "before they could do this: tone"),
    ] {
        let text = STORY.replace(was, is);
        assert_ne!(text, STORY, "{was}");
        let complaints = complaints_about(&text, &books());
        assert!(complaints.iter().any(|c| c.contains(told)), "{told}: {complaints:?}");
    }
}

#[test]
fn every_breach_in_the_books_is_told() {
    let bos = books().results[0].0.clone();
    for (wrong, told) in [
        (Afterwards { results: vec![], ..books() }, "it went"),
        (Afterwards { messages: 1, ..books() }, "0 messages must be there; there are 1"),
        (Afterwards { promises: vec!["desk_answers".into()], ..books() }, "it was promised"),
        (Afterwards { stopped: vec![bos.clone()], ..books() }, "have stopped"),
        (Afterwards { paused: vec![(bos, "until_they_call".into())], ..books() }, "have a pause"),
        (Afterwards { left_over: vec!["a timer".into()], ..books() }, "left over: a timer"),
    ] {
        let complaints = complaints_about(STORY, &wrong);
        assert!(complaints.iter().any(|c| c.contains(told)), "{told}: {complaints:?}");
    }
}

#[test]
fn the_rules_and_the_alarms_are_watched() {
    // A neighbour with that name must not be spoken of.
    let named = STORY.replace("\"bos\"", "\"goedemorgen\"").replace("bos:", "goedemorgen:");
    let complaints = complaints_about(&named, &books());
    assert!(complaints.iter().any(|c| c.starts_with("R8: a name")), "{complaints:?}");
    let lost = STORY.replace("[must]", "[[trouble]]\nwebhook = 1\nwhat = \"too-late\"\n\n[must]");
    let complaints = complaints_about(&lost, &books());
    assert!(complaints.iter().any(|c| c.contains("alarm was raised: 11200")), "{complaints:?}");
}

#[test]
fn a_scenario_that_cannot_be_is_refused_with_its_file_and_place() {
    for (was, is, told) in [
        ("ends = \"goodbye\"", "ends = \"somehow\"", "line 15"),
        ("title = ", "titel = ", "titel"),
        ("picks up after 6", "picks up", "line 7"),
        ("[[caller]]", "[[caller]]\nafter = -1", "between 0 and 86400"),
        ("presses 4, joined", "sings", "sings"),
        ("2026-11-24T10:00:00+01:00", "tomorrow", "tomorrow"),
        ("rings = [\"bos", "rings = [\"visser", "must.rings: nobody is called visser"),
        ("talks_with = [\"bos\"]", "talks_with = [\"visser\"]", "nobody is called visser"),
        ("[must]", "[[desk]]\nname = \"bos\"\n[must]", "two telephones are called bos"),
        (
            "[must]",
            "[[caller]]\ndoes = \"hangs up\"\nends = \"hangs-up\"\n[must]",
            "two callers are called caller",
        ),
        ("[must]", "[must]\nstopped = [\"x\"]", "must.stopped: nobody is called x"),
    ] {
        let text = STORY.replace(was, is);
        assert_ne!(text, STORY, "{was}");
        let fault = Scenario::read("story.toml", &text).unwrap_err();
        assert!(fault.starts_with("story.toml: "), "{fault}");
        assert!(fault.contains(told), "{told}: {fault}");
    }
}

#[test]
fn a_transcript_reads_like_a_play_and_shows_no_number() {
    let played = play(STORY);
    let transcript = transcript(&played.scenario, played.network.log());
    for line in [
        "10:00:00.000  caller     dials",
        "caller     presses 4",
        "bos        is rung for caller (bos), 20 s at most",
        "bos        hears: Iemand uit uw buurt. Schikt het?",
        "caller     TALKS WITH bos",
        "caller     the exchange ends the call (completed)",
    ] {
        assert!(transcript.contains(line), "{line}\n{transcript}");
    }
    assert!(!transcript.contains("+31"), "{transcript}");
}

#[test]
fn withheld_callers_and_participants_call_with_what_the_network_shows() {
    for (from, sent) in [
        ("unknown", "+31601000001"),
        ("bos", "+31700010001"),
        ("withheld", "anonymous"),
        ("withheld as +266696687", "+266696687"),
        ("+441134960001", "+441134960001"),
    ] {
        let text = STORY.replace("[[caller]]", &format!("[[caller]]\nfrom = \"{from}\""));
        let played = play(&text);
        let shown = played.network.log().iter().find_map(|entry| match &entry.what {
            What::Dialled { from, .. } => Some(from.as_sent().to_owned()),
            _ => None,
        });
        assert_eq!(shown.as_deref(), Some(sent));
    }
}

proptest! {
    /// Any text is a scenario that can be set up, or a fault.
    #[test]
    fn no_text_upsets_the_reader(
        at in 0usize..STORY.len(),
        length in 0usize..40,
        instead in prop_oneof!["\\PC{0,12}", "[0-9.eE+-]{1,8}", "[a-z ,'\"\\[\\]=]{0,12}"],
    ) {
        let is_edge = |i: &usize| STORY.is_char_boundary(*i);
        let from = (0..=at).rev().find(is_edge).unwrap();
        let to = (at + length..=STORY.len()).find(is_edge).unwrap_or(STORY.len());
        let text = format!("{}{instead}{}", &STORY[..from], &STORY[to..]);
        if let Ok(scenario) = Scenario::read("story.toml", &text) {
            let cast = Cast::of(&scenario);
            let mut network = Network::new(network_config(&scenario, &cast), 1);
            scenario.set_up(&cast, &mut network, "http://app.test");
        }
    }
}
