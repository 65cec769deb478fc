//! The REST interface.

use serde_json::Value;

use super::super::super::api::{Fields, RestAnswer, RestBody, RestCall};
use super::*;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
}

fn json(answer: &RestAnswer) -> &Value {
    match &answer.body {
        RestBody::Json(value) => value,
        other => panic!("{other:?}"),
    }
}

fn order(toy: &mut Toy, more: &[(&str, &str)]) -> RestAnswer {
    let mut all = fields(&[("To", BOS), ("From", LINE), ("Url", "http://app.test/out")]);
    all.0.extend(fields(more).0);
    toy.network.rest(start(), RestCall::CreateCall(all))
}

#[test]
fn an_ordered_call_rings_and_is_asked_about_when_it_is_picked_up() {
    let mut toy = Toy::new().on("/out", "<Say>Dag</Say>").telephone(BOS, "picks up after 6");
    let answer = order(
        &mut toy,
        &[
            ("StatusCallback", "http://app.test/leg"),
            ("StatusCallbackEvent", "ringing"),
            ("StatusCallbackEvent", "completed"),
        ],
    );
    assert_eq!(answer.status, 201);
    assert_eq!(json(&answer)["status"], "queued");
    assert_eq!(json(&answer)["direction"], "outbound-api");
    let sid = json(&answer)["sid"].as_str().unwrap().to_owned();
    let mut toy = toy.run();
    let out = toy.only("/out");
    assert_eq!(out.param("CallSid"), Some(sid.as_str()));
    assert_eq!(out.param("Direction"), Some("outbound-api"));
    assert_eq!(toy.asked_at("/out"), 7.0);
    let told: Vec<_> = toy.asked("/leg").iter().map(|r| r.param("CallStatus").unwrap()).collect();
    assert_eq!(told, ["ringing", "completed"]);
    let now = start() + Duration::from_secs(60);
    let answer = toy.network.rest(now, RestCall::FetchCall { sid });
    assert_eq!(json(&answer)["status"], "completed");
    assert_eq!(json(&answer)["duration"], "1");
}

#[test]
fn a_call_that_cannot_be_is_refused_with_its_code() {
    for (field, value, code) in [
        ("To", "0700010001", 21211),
        ("From", BOS, 21210),
        ("Url", "/relative", 21205),
        ("Timeout", "0", 20001),
        ("StatusCallbackEvent", "started", 21626),
    ] {
        let mut all = fields(&[("To", BOS), ("From", LINE), ("Url", "http://app.test/out")]);
        all.0.retain(|(name, _)| name != field);
        all.0.push((field.to_owned(), value.to_owned()));
        let answer = Toy::new().network.rest(start(), RestCall::CreateCall(all));
        assert_eq!((answer.status, &json(&answer)["code"]), (400, &Value::from(code)), "{field}");
    }
}

#[test]
fn a_call_can_be_ended_at_any_stage_and_not_again() {
    let mut toy = Toy::new().telephone(BOS, "rings out");
    let answer = order(&mut toy, &[]);
    let sid = json(&answer)["sid"].as_str().unwrap().to_owned();
    let mut toy = toy.run_for(3);
    let end = |toy: &mut Toy, status: &str| {
        let update =
            RestCall::UpdateCall { sid: sid.clone(), fields: fields(&[("Status", status)]) };
        toy.network.rest(start() + Duration::from_secs(4), update)
    };
    let answer = end(&mut toy, "completed");
    assert_eq!((answer.status, &json(&answer)["status"]), (200, &Value::from("canceled")));
    let again = end(&mut toy, "completed");
    assert_eq!((again.status, &json(&again)["code"]), (400, &Value::from(21220)));
    assert!(toy.run().network.is_quiet());
}

#[test]
fn what_is_unknown_is_not_found() {
    let mut toy = Toy::new();
    for call in [
        RestCall::FetchCall { sid: "CA1".to_owned() },
        RestCall::UpdateCall { sid: "CA1".to_owned(), fields: Fields::default() },
        RestCall::FetchRecording { sid: "RE1".to_owned() },
        RestCall::FetchSound { sid: "RE1".to_owned() },
        RestCall::DeleteRecording { sid: "RE1".to_owned() },
    ] {
        assert_eq!(toy.network.rest(start(), call).status, 404);
    }
}

#[test]
fn calls_can_be_listed_for_finding_out_what_became_of_an_order() {
    let mut toy = Toy::new().telephone(BOS, "rings out");
    order(&mut toy, &[]);
    let list = |toy: &mut Toy, to: &str| {
        let answer = toy.network.rest(start(), RestCall::ListCalls(fields(&[("To", to)])));
        json(&answer)["calls"].as_array().unwrap().len()
    };
    assert_eq!(list(&mut toy, BOS), 1);
    assert_eq!(list(&mut toy, CALLER), 0);
}

#[test]
fn a_recording_is_there_after_a_while_until_it_is_deleted() {
    let toy = Toy::new()
        .on("/voice", "<Record timeout=\"2\" action=\"/taped\"/>")
        .on("/taped", "<Hangup/>")
        .call(&["tone", "talk 5"]);
    let sid = toy.only("/taped").param("RecordingSid").unwrap().to_owned();
    let mut toy = toy;
    let sound = |toy: &mut Toy| {
        let now = start() + Duration::from_secs(60);
        toy.network.rest(now, RestCall::FetchSound { sid: sid.clone() })
    };
    let RestBody::Sound(bytes) = sound(&mut toy).body else { panic!() };
    assert_eq!(super::super::super::wav::length(&bytes), Some(Duration::from_secs(5)));
    let delete = RestCall::DeleteRecording { sid: sid.clone() };
    assert_eq!(toy.network.rest(start(), delete).status, 204);
    assert_eq!(sound(&mut toy).status, 404);
    assert_eq!(toy.network.recordings().count(), 0);
}

#[test]
fn a_recording_is_not_there_at_once() {
    let mut toy = Toy::new()
        .on("/voice", "<Record timeout=\"2\" action=\"/taped\"/>")
        .on("/taped", "<Pause length=\"60\"/>");
    let from = CallerId::Shown(Number::new(CALLER));
    toy.network.dial(start(), from, Number::new(LINE), vec![Act::Tone, Act::HangUp]);
    let mut toy = toy.run_for(2);
    let sid = toy.only("/taped").param("RecordingSid").unwrap().to_owned();
    let at = |seconds| start() + Duration::from_secs(seconds);
    let fetch = RestCall::FetchRecording { sid };
    assert_eq!(toy.network.rest(at(2), fetch.clone()).status, 404);
    assert_eq!(toy.network.rest(at(4), fetch).status, 200);
}

#[test]
fn a_screened_neighbour_who_is_sent_elsewhere_leaves_the_dial() {
    let mut toy = yes(Toy::new())
        .on("/elsewhere", "<Say>Dank u wel dat u wilde helpen</Say><Hangup/>")
        .telephone(BOS, "picks up after 3");
    let from = CallerId::Shown(Number::new(CALLER));
    toy.network.dial(start(), from, Number::new(LINE), Vec::new());
    let mut toy = toy.run_for(7);
    let child = toy.network.leg_at(&Number::new(BOS)).unwrap();
    let sid = toy.network.sid(child).unwrap().to_owned();
    let fields = fields(&[("Url", "http://app.test/elsewhere")]);
    let at = start() + Duration::from_secs(7);
    assert_eq!(toy.network.rest(at, RestCall::UpdateCall { sid, fields }).status, 200);
    let toy = toy.run();
    let done = toy.only("/done");
    assert_eq!(done.param("DialBridged"), Some("false"));
    assert_eq!(done.param("DialCallDuration"), None, "not told of a child that was sent elsewhere");
    assert!(toy.said().contains(&"Dank u wel dat u wilde helpen"));
}
