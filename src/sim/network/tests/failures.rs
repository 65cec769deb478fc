//! Documents that cannot be had or carried out.

use super::super::super::leg::Status;
use super::*;

#[test]
fn a_failure_goes_to_the_fallback_with_its_code_and_address() {
    let cases: [(Result<Response, Failure>, &str); 6] = [
        (Ok(Response::status(500)), "11200"),
        (Ok(Response::status(404)), "11200"),
        (Err(Failure::Connection), "11205"),
        (Ok(Response::xml("<Response>")), "12100"),
        (Ok(Response::xml("<Response><Shout/></Response>")), "12200"),
        (Ok(Response { content_type: None, ..Response::xml("<Response/>") }), "12300"),
    ];
    for (answer, code) in cases {
        let toy = Toy::new()
            .on_answer("/voice", answer)
            .on("/fallback", "<Say>Er gaat iets mis</Say>")
            .call(&[]);
        let fallback = toy.only("/fallback");
        assert_eq!(fallback.kind, Kind::Fallback);
        assert_eq!(fallback.param("ErrorCode"), Some(code));
        assert_eq!(fallback.param("ErrorUrl"), Some("http://app.test/voice"));
        assert_eq!(toy.said(), ["Er gaat iets mis"]);
        assert_eq!(toy.alarms(), [code.parse::<u32>().unwrap()]);
    }
}

#[test]
fn a_failure_later_in_the_call_goes_there_too() {
    let toy = Toy::new()
        .on("/voice", "<Gather numDigits=\"1\" action=\"/g\"><Say>Toets</Say></Gather>")
        .on_answer("/g", Ok(Response::status(500)))
        .on("/fallback", "<Say>Er gaat iets mis</Say>")
        .call(&["press 1"]);
    assert_eq!(toy.said().last(), Some(&"Er gaat iets mis"));
}

#[test]
fn when_the_fallback_fails_too_the_caller_is_cut_off() {
    let toy = Toy::new()
        .on_answer("/voice", Ok(Response::status(500)))
        .on_answer("/fallback", Ok(Response::status(500)))
        .call(&[]);
    assert_eq!(toy.alarms(), [11200, 11200]);
    assert_eq!(toy.said(), ["An application error has occurred. Goodbye."]);
    assert_eq!(toy.network.status(toy.caller), Some(Status::Completed));
    assert!(toy.network.is_quiet());
}

#[test]
fn a_screening_that_fails_drops_the_neighbour_and_leaves_the_caller_to_the_action() {
    let toy = Toy::new()
        .on("/voice", &dial(BOS))
        .on_answer("/screen", Ok(Response::status(500)))
        .on("/done", "<Say>Wij bellen iemand anders</Say>")
        .telephone(BOS, "picks up after 4")
        .call(&[]);
    assert_eq!(toy.only("/done").param("DialBridged"), Some("false"));
    assert!(toy.asked("/fallback").is_empty());
    assert_eq!(toy.alarms(), [11200]);
}

#[test]
fn a_status_callback_that_fails_is_an_alarm_and_nothing_more() {
    let toy = Toy::new()
        .on("/voice", "<Say>Dag</Say>")
        .on_answer("/status", Ok(Response::status(500)))
        .call(&[]);
    assert_eq!(toy.alarms(), [11200]);
    assert!(toy.asked("/fallback").is_empty());
}

#[test]
fn a_sound_that_is_none_is_a_failure() {
    let toy = Toy::new()
        .on("/voice", "<Play>/x.wav</Play>")
        .on("/x.wav", "")
        .on("/fallback", "<Hangup/>")
        .call(&[]);
    assert_eq!(toy.alarms(), [12300]);
}

#[test]
fn an_answer_that_comes_after_the_caller_left_has_no_audience() {
    let mut toy = Toy::new();
    let from = CallerId::Shown(Number::new(CALLER));
    let caller = toy.network.dial(start(), from, Number::new(LINE), Vec::new());
    let request = toy.network.step(start()).remove(0);
    let later = start() + Duration::from_secs(2);
    toy.network.hang_up(later, caller);
    toy.network.answered(
        later,
        request.id,
        Ok(Response::xml("<Response><Say>Dag</Say></Response>")),
    );
    let toy = toy.run();
    assert!(toy.said().is_empty());
    assert_eq!(toy.only("/status").param("CallStatus"), Some("no-answer"));
}
