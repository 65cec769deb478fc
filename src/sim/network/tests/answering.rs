//! The first request, and when a call counts as answered.

use super::super::super::leg::Status;
use super::*;

#[test]
fn the_first_request_has_what_the_documentation_promises() {
    let toy = Toy::new().on("/voice", "<Hangup/>").call(&[]);
    let request = toy.only("/voice");
    assert_eq!(request.kind, Kind::Voice);
    for (name, value) in [
        ("AccountSid", "AC00000000000000000000000000000000"),
        ("ApiVersion", "2010-04-01"),
        ("CallStatus", "ringing"),
        ("Direction", "inbound"),
        ("From", CALLER),
        ("Caller", CALLER),
        ("To", LINE),
        ("FromCity", ""),
    ] {
        assert_eq!(request.param(name), Some(value), "{name}");
    }
    let sid = request.param("CallSid").unwrap();
    assert!(sid.starts_with("CA") && sid.len() == 34, "{sid}");
    assert_eq!(request.param("ParentCallSid"), None);
}

#[test]
fn a_withheld_caller_comes_as_the_carrier_spells_it() {
    for word in ["anonymous", "Anonymous", "+266696687", ""] {
        let from = CallerId::Withheld(word.to_owned());
        let toy = Toy::new().on("/voice", "<Hangup/>").call_from(from, &[]);
        assert_eq!(toy.only("/voice").param("From"), Some(word));
    }
}

#[test]
fn a_call_that_is_hung_up_before_anything_was_heard_ends_unanswered() {
    let toy = Toy::new().on("/voice", "<Pause length=\"2\"/><Hangup/>").call(&[]);
    let status = toy.only("/status");
    assert_eq!(status.param("CallStatus"), Some("no-answer"));
    assert_eq!(status.param("CallDuration"), Some("0"));
    assert!(!toy.has(|what| *what == What::Answered));
}

#[test]
fn words_answer_the_call_and_its_end_is_told_once_with_its_length() {
    let toy = Toy::new().on("/voice", "<Say>een twee drie vier vijf zes zeven</Say>").call(&[]);
    let status = toy.only("/status");
    assert_eq!(status.param("CallStatus"), Some("completed"));
    assert_eq!(status.param("CallDuration"), Some("3"));
    assert_eq!(status.param("Timestamp"), Some("Tue, 24 Nov 2026 09:00:03 +0000"));
    assert_eq!(status.param("SequenceNumber"), Some("0"));
    assert!(toy.network.is_quiet());
}

#[test]
fn a_rejected_call_is_never_answered() {
    for (reason, word) in [("", "no-answer"), (" reason=\"busy\"", "busy")] {
        let toy = Toy::new().on("/voice", &format!("<Reject{reason}/>")).call(&[]);
        assert_eq!(toy.only("/status").param("CallStatus"), Some(word));
    }
    let late = Toy::new().on("/voice", "<Say>Dag</Say><Reject/>").call(&[]);
    assert_eq!(late.alarms()[0], 12200);
}

#[test]
fn a_document_that_ends_ends_the_call() {
    let toy = Toy::new().on("/voice", "").call(&[]);
    assert_eq!(toy.network.status(toy.caller), Some(Status::NoAnswer));
}

#[test]
fn a_redirect_goes_on_elsewhere_and_relative_addresses_follow_the_document() {
    let toy = Toy::new()
        .on("/voice", "<Redirect>/a/b?x=1</Redirect><Say>nooit</Say>")
        .on("/a/b", "<Redirect method=\"GET\">c</Redirect>")
        .on("/a/c", "<Say>hier</Say>")
        .call(&[]);
    assert_eq!(toy.said(), ["hier"]);
    assert_eq!(toy.only("/a/b").url, "http://app.test/a/b?x=1");
    let get = toy.only("/a/c");
    assert_eq!(get.body(), "");
    assert!(get.url.contains("?AccountSid=AC"), "{}", get.url);
}

#[test]
fn a_number_that_is_no_line_reaches_nobody() {
    let mut toy = Toy::new();
    let from = CallerId::Shown(Number::new(CALLER));
    toy.network.dial(start(), from, Number::new(BOS), Vec::new());
    let toy = toy.run();
    assert!(toy.asked.is_empty());
    assert!(toy.network.is_quiet());
}

#[test]
fn a_sound_is_fetched_and_lasts_as_long_as_it_is() {
    let sound = Response {
        status: 200,
        content_type: Some("audio/wav".to_owned()),
        location: None,
        body: super::super::super::wav::tones(4),
    };
    let toy = Toy::new()
        .on("/voice", "<Play>/note.wav?t=secret</Play><Say>klaar</Say>")
        .on_answer("/note.wav", Ok(sound))
        .call(&[]);
    assert!(toy.has(|what| *what == What::Played { url: "http://app.test/note.wav".to_owned() }));
    let said = toy.network.log().iter().find(|e| matches!(e.what, What::Said { .. })).unwrap();
    assert_eq!(said.at.since(start()), Duration::from_secs(4));
    assert!(toy.only("/note.wav").params.is_empty());
}
