//! What each ending of a dial looks like: one test for every row of the reference (3.9.3).

use super::super::super::leg::Status;
use super::super::super::log::By;
use super::*;

/// Status, bridged, and whether a duration came along.
fn result(toy: &Toy) -> (&str, &str, bool) {
    let done = toy.only("/done");
    (
        done.param("DialCallStatus").unwrap(),
        done.param("DialBridged").unwrap(),
        done.param("DialCallDuration").is_some(),
    )
}

#[test]
fn talked_and_the_callee_hung_up() {
    let toy = yes(Toy::new()).telephone(BOS, "picks up after 6, presses 1, talks 30").call(&[]);
    assert_eq!(result(&toy), ("completed", "true", true));
    assert_eq!(toy.only("/done").param("CallStatus"), Some("in-progress"));
    let seconds: u32 = toy.only("/done").param("DialCallDuration").unwrap().parse().unwrap();
    assert!((31..=36).contains(&seconds), "{seconds} s, screening included");
    assert_eq!(toy.said().last(), Some(&"Dank u wel"), "the caller hears the action's answer");
}

#[test]
fn talked_and_the_caller_hung_up() {
    let toy = yes(Toy::new())
        .telephone(BOS, "picks up after 6, presses 1, joined")
        .call(&["joined", "wait 20", "hang up"]);
    assert_eq!(result(&toy), ("completed", "true", true));
    assert_eq!(toy.only("/done").param("CallStatus"), Some("completed"));
    assert!(!toy.said().contains(&"Dank u wel"), "the answer has no audience");
    assert!(toy.network.is_quiet());
}

#[test]
fn the_callee_hung_up_during_the_screening() {
    let toy = yes(Toy::new()).telephone(BOS, "picks up after 6, hangs up after 1").call(&[]);
    assert_eq!(result(&toy), ("completed", "false", true));
}

#[test]
fn our_document_hung_up() {
    let toy = no(Toy::new()).telephone(BOS, "picks up after 6, presses 2").call(&[]);
    assert_eq!(result(&toy), ("completed", "false", true));
    assert!(!toy.has(|what| matches!(what, What::Joined { .. })));
}

#[test]
fn voicemail_picked_up_and_pressed_nothing() {
    let toy = yes(Toy::new()).telephone(BOS, "voicemail after 16").call(&[]);
    assert_eq!(result(&toy), ("completed", "false", true));
    assert!(toy.asked("/key").is_empty());
}

#[test]
fn rang_out_after_the_time_asked_and_five_seconds_more() {
    let toy = yes(Toy::new()).telephone(BOS, "rings out").call(&[]);
    assert_eq!(result(&toy), ("no-answer", "false", false));
    let words = super::super::super::speech::time_to_say("Een ogenblik").as_secs_f64();
    assert!((toy.asked_at("/done") - words - 1.0 - 20.0).abs() < 0.01);
}

#[test]
fn engaged_or_declined_on_the_handset() {
    for does in ["is busy", "declines after 4"] {
        let toy = yes(Toy::new()).telephone(BOS, does).call(&[]);
        assert_eq!(result(&toy), ("busy", "false", false), "{does}");
    }
}

#[test]
fn the_network_cannot_reach_the_number() {
    let dead = yes(Toy::new()).telephone(BOS, "is dead").call(&[]);
    assert_eq!(result(&dead), ("failed", "false", false));
    let nobody_there = yes(Toy::new()).call(&[]);
    assert_eq!(result(&nobody_there), ("failed", "false", false));
}

#[test]
fn a_number_that_is_not_e164_fails_with_an_alarm() {
    let toy = Toy::new().on("/voice", &dial("0700010001")).on("/done", "<Hangup/>").call(&[]);
    assert_eq!(result(&toy), ("failed", "false", false));
    assert_eq!(toy.alarms(), [13224]);
}

#[test]
fn canceled_by_rest_before_it_was_answered() {
    use super::super::super::api::{Fields, RestCall};
    let mut toy = yes(Toy::new()).telephone(BOS, "rings out");
    let from = CallerId::Shown(Number::new(CALLER));
    toy.network.dial(start(), from, Number::new(LINE), Vec::new());
    let mut toy = toy.run_for(8);
    let child = toy.network.leg_at(&Number::new(BOS)).unwrap();
    let sid = toy.network.sid(child).unwrap().to_owned();
    let fields = Fields(vec![("Status".to_owned(), "canceled".to_owned())]);
    let answer =
        toy.network.rest(start() + Duration::from_secs(9), RestCall::UpdateCall { sid, fields });
    assert_eq!(answer.status, 200);
    let toy = toy.run();
    assert_eq!(result(&toy), ("canceled", "false", false));
}

#[test]
fn the_callers_star_drops_the_callee_when_the_dial_says_so() {
    let star = dial(BOS).replace("<Dial ", "<Dial hangupOnStar=\"true\" ");
    let talking =
        yes(Toy::new()).telephone(BOS, "picks up after 6, presses 1, joined").on("/voice", &star);
    let talking = Toy { answers: only_last(talking.answers, "/voice"), ..talking };
    let talking = talking.call(&["joined", "wait 5", "press *"]);
    assert_eq!(result(&talking), ("completed", "true", true));
    assert_eq!(talking.said().last(), Some(&"Dank u wel"));

    let ringing = yes(Toy::new()).telephone(BOS, "rings out").on("/voice", &star);
    let ringing = Toy { answers: only_last(ringing.answers, "/voice"), ..ringing };
    let ringing = ringing.call(&["wait 5", "press *"]);
    // Not answered itself: a telephone that only rings has no keys to take.
    assert_eq!(result(&ringing), ("no-answer", "false", false));

    let answered =
        yes(Toy::new()).telephone(BOS, "rings out").on("/voice", &format!("<Say>Dag</Say>{star}"));
    let answered = Toy { answers: only_last(answered.answers, "/voice"), ..answered };
    let answered = answered.call(&["wait 5", "press *"]);
    assert_eq!(result(&answered), ("canceled", "false", false));
}

fn only_last<T>(mut answers: HashMap<String, Vec<T>>, path: &str) -> HashMap<String, Vec<T>> {
    if let Some(all) = answers.get_mut(path) {
        all.drain(..all.len() - 1);
    }
    answers
}

#[test]
fn the_star_means_nothing_otherwise() {
    let toy = yes(Toy::new()).telephone(BOS, "rings out").call(&["wait 5", "press *"]);
    assert_eq!(result(&toy), ("no-answer", "false", false));
}

#[test]
fn the_caller_hung_up_while_it_rang() {
    let toy = yes(Toy::new()).telephone(BOS, "rings out").call(&["wait 8", "hang up"]);
    assert_eq!(result(&toy), ("canceled", "false", false));
    assert_eq!(toy.only("/done").param("CallStatus"), Some("completed"));
    let completed = toy.asked("/leg").into_iter().next_back().unwrap();
    assert_eq!(completed.param("CallStatus"), Some("canceled"));
    assert!(toy.network.is_quiet(), "the neighbour's telephone stops");
}

#[test]
fn the_caller_hung_up_while_the_screening_spoke() {
    let toy = yes(Toy::new())
        .telephone(BOS, "picks up after 6, presses 1 after 'Toets 1'")
        .call(&["wait 8.5", "hang up"]);
    assert_eq!(result(&toy), ("completed", "false", true));
    assert!(toy.asked("/key").is_empty(), "a key pressed on a leg that is gone reaches nobody");
}

#[test]
fn the_longest_conversation_was_reached() {
    let limited = dial(BOS).replace("<Dial ", "<Dial timeLimit=\"45\" ");
    let toy = yes(Toy::new()).telephone(BOS, "picks up after 6, presses 1, joined");
    let toy = toy.on("/voice", &limited);
    let toy = Toy { answers: only_last(toy.answers, "/voice"), ..toy }.call(&[]);
    assert_eq!(result(&toy), ("completed", "true", true));
    let seconds: u32 = toy.only("/done").param("DialCallDuration").unwrap().parse().unwrap();
    assert!((46..=51).contains(&seconds), "{seconds}");
}

#[test]
fn the_parent_was_sent_elsewhere_by_rest() {
    use super::super::super::api::{Fields, RestCall};
    let mut toy = yes(Toy::new()).telephone(BOS, "rings out").on("/desk", "<Say>loket</Say>");
    let from = CallerId::Shown(Number::new(CALLER));
    let caller = toy.network.dial(start(), from, Number::new(LINE), Vec::new());
    let mut toy = toy.run_for(8);
    let sid = toy.network.sid(caller).unwrap().to_owned();
    let fields = Fields(vec![("Url".to_owned(), "http://app.test/desk".to_owned())]);
    let at = start() + Duration::from_secs(9);
    assert_eq!(toy.network.rest(at, RestCall::UpdateCall { sid, fields }).status, 200);
    let toy = toy.run();
    assert_eq!(result(&toy), ("canceled", "false", false), "the old action is asked too");
    assert_eq!(toy.said(), ["Een ogenblik", "loket"], "and its answer is not carried out");
}

#[test]
fn a_screening_that_merely_ends_joins_the_two() {
    let toy = Toy::new()
        .on("/voice", &dial(BOS))
        .on("/screen", "<Say>Daar komt uw buurtgenoot</Say>")
        .on("/done", "<Hangup/>")
        .telephone(BOS, "voicemail after 10")
        .call(&[]);
    assert_eq!(result(&toy), ("completed", "true", true), "even with a voicemail box");
}

#[test]
fn a_gather_without_hangup_behind_it_joins_the_two_in_silence() {
    let toy = Toy::new()
        .on("/voice", &dial(BOS))
        .on("/screen", "<Gather timeout=\"5\" action=\"/key\"><Say>Toets 1</Say></Gather>")
        .on("/done", "<Hangup/>")
        .telephone(BOS, "picks up after 4, stays silent, wait 30, hang up")
        .call(&[]);
    assert_eq!(result(&toy), ("completed", "true", true));
}

#[test]
fn the_screening_is_asked_about_the_childs_own_leg() {
    let toy = yes(Toy::new()).telephone(BOS, "picks up after 6, presses 1").call(&[]);
    let (voice, screen) = (toy.only("/voice"), toy.only("/screen"));
    assert_eq!(screen.kind, Kind::Screening);
    assert_eq!(screen.param("ParentCallSid"), voice.param("CallSid"));
    assert_ne!(screen.param("CallSid"), voice.param("CallSid"));
    for (name, value) in
        [("Direction", "outbound-dial"), ("CallStatus", "in-progress"), ("From", LINE), ("To", BOS)]
    {
        assert_eq!(screen.param(name), Some(value), "{name}");
    }
    assert_eq!(toy.only("/done").param("DialCallSid"), screen.param("CallSid"));
    assert_eq!(toy.only("/key").param("CallSid"), screen.param("CallSid"));
}

#[test]
fn status_callbacks_tell_each_step_of_the_child_in_order() {
    let toy = yes(Toy::new()).telephone(BOS, "picks up after 6, presses 1, talks 10").call(&[]);
    let steps: Vec<_> = toy
        .asked("/leg")
        .into_iter()
        .map(|r| (r.param("SequenceNumber").unwrap(), r.param("CallStatus").unwrap()))
        .collect();
    assert_eq!(
        steps,
        [("0", "initiated"), ("1", "ringing"), ("2", "in-progress"), ("3", "completed")]
    );
    let (answered, completed) = (toy.asked("/leg")[2], toy.asked("/leg")[3]);
    assert_eq!(answered.param("CallDuration"), None);
    assert!(completed.param("CallDuration").is_some());
    assert_eq!(completed.param("CallbackSource"), Some("call-progress-events"));
    assert!(completed.param("ParentCallSid").is_some());
}

#[test]
fn an_unanswered_caller_stays_ringing_until_the_two_are_joined() {
    let toy = Toy::new()
        .on("/voice", &dial(BOS))
        .on("/screen", "<Hangup/>")
        .on("/done", "<Hangup/>")
        .telephone(BOS, "picks up after 4")
        .call(&[]);
    assert_eq!(toy.only("/done").param("CallStatus"), Some("ringing"));
    assert_eq!(toy.only("/status").param("CallStatus"), Some("no-answer"));
}

#[test]
fn a_screening_may_not_dial_or_record() {
    for verb in ["<Dial>+31700010002</Dial>", "<Record/>", "<Reject/>"] {
        let toy = Toy::new()
            .on("/voice", &dial(BOS))
            .on("/screen", verb)
            .on("/done", "<Hangup/>")
            .telephone(BOS, "picks up after 4")
            .call(&[]);
        assert_eq!(toy.alarms(), [12200], "{verb}");
        assert_eq!(result(&toy).1, "false");
    }
}

#[test]
fn r8_a_number_that_does_not_belong_to_the_application_cannot_be_shown() {
    let foreign = dial(BOS).replace(LINE, "+31700010009");
    let toy = Toy::new()
        .on("/voice", &foreign)
        .on("/done", "<Hangup/>")
        .telephone(BOS, "picks up after 4")
        .call(&[]);
    assert_eq!(toy.alarms(), [13214]);
    assert_eq!(result(&toy), ("failed", "false", false));

    let withheld = dial(BOS).replace(&format!("callerId=\"{LINE}\""), "");
    let toy = Toy::new()
        .on("/voice", &withheld)
        .on("/done", "<Hangup/>")
        .telephone(BOS, "picks up after 4")
        .call_from(CallerId::Withheld("anonymous".to_owned()), &[]);
    assert_eq!(result(&toy).0, "failed", "a withheld caller cannot be passed on");
}

#[test]
fn without_an_action_the_next_verb_follows() {
    let plain = dial(BOS).replace("action=\"/done\"", "");
    let toy = Toy::new()
        .on("/voice", &format!("{plain}<Say>helaas</Say>"))
        .telephone(BOS, "is busy")
        .call(&[]);
    assert_eq!(toy.said(), ["helaas"]);
}

#[test]
fn a_telephone_in_use_is_engaged() {
    let toy = Toy::new()
        .on("/voice", &dial(CALLER))
        .on("/done", "<Hangup/>")
        .telephone(CALLER, "picks up after 1")
        .call(&[]);
    assert_eq!(result(&toy).0, "busy", "nobody can be rung on the telephone they call with");
}

#[test]
fn who_ended_a_leg_is_in_the_log() {
    let toy = no(Toy::new()).telephone(BOS, "picks up after 6, presses 2").call(&[]);
    assert!(toy.has(|what| *what == What::Ended { status: Status::Completed, by: By::Exchange }));
    let toy = no(Toy::new()).telephone(BOS, "rings out").call(&["wait 5", "hang up"]);
    assert!(toy.has(|what| *what == What::Ended { status: Status::Completed, by: By::Person }));
    assert!(toy.has(|what| *what == What::Ended { status: Status::Canceled, by: By::Network }));
}
