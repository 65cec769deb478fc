//! Order, repetition and loss of webhooks.

use super::super::super::delivery::{Callbacks, DroppedAs, Duplicate};
use super::*;

fn hung_up_while_ringing(delivery: Delivery) -> Toy {
    yes(Toy::with(delivery)).telephone(BOS, "rings out").call(&["wait 8", "hang up"])
}

/// The paths asked from the moment of hanging up, in order.
fn afterwards(toy: &Toy) -> Vec<&str> {
    toy.asked
        .iter()
        .filter(|(at, _)| *at >= start() + Duration::from_secs(8))
        .map(|(_, r)| r.path_and_query())
        .collect()
}

#[test]
fn callbacks_may_come_before_after_or_instead_of_the_action() {
    for (callbacks, order) in [
        (Callbacks::Before, &["/status", "/leg", "/done"][..]),
        (Callbacks::After, &["/done", "/status", "/leg"]),
        (Callbacks::Instead, &["/status", "/leg"]),
    ] {
        let toy = hung_up_while_ringing(Delivery { callbacks, ..Delivery::default() });
        assert_eq!(afterwards(&toy), order, "{callbacks:?}");
        assert!(toy.network.is_quiet());
    }
}

#[test]
fn a_live_caller_always_gets_the_action() {
    for callbacks in [Callbacks::Before, Callbacks::After, Callbacks::Instead] {
        let toy = yes(Toy::with(Delivery { callbacks, ..Delivery::default() }))
            .telephone(BOS, "is busy")
            .call(&[]);
        assert_eq!(toy.asked("/done").len(), 1, "{callbacks:?}");
    }
}

#[test]
fn a_dropped_ring_may_be_reported_either_way() {
    let delivery = Delivery { dropped_as: DroppedAs::NoAnswer, ..Delivery::default() };
    let toy = hung_up_while_ringing(delivery);
    assert_eq!(toy.only("/done").param("DialCallStatus"), Some("no-answer"));
}

#[test]
fn everything_may_come_twice_with_the_same_token_or_another() {
    for (duplicate, same_token) in [(Duplicate::SameToken, true), (Duplicate::OtherToken, false)] {
        let delivery = Delivery { duplicate, ..Delivery::default() };
        let toy = yes(Toy::with(delivery))
            .telephone(BOS, "picks up after 6, presses 1, talks 10")
            .call(&[]);
        for path in ["/voice", "/screen", "/key", "/done", "/status"] {
            let all = toy.asked(path);
            assert_eq!(all.len(), 2, "{path}");
            assert_eq!(all[0].body(), all[1].body(), "{path}");
            assert_eq!(all[0].token == all[1].token, same_token, "{path}");
        }
        assert_eq!(toy.alarms(), [0; 0]);
    }
}

#[test]
fn r11_a_repeat_that_is_answered_otherwise_is_an_alarm() {
    let delivery = Delivery { duplicate: Duplicate::SameToken, ..Delivery::default() };
    let toy = Toy::with(delivery)
        .on("/voice", "<Say>een</Say>")
        .on("/voice", "<Say>twee</Say>")
        .call(&[]);
    assert_eq!(toy.alarms(), [0]);
}

#[test]
fn a_connection_that_fails_is_tried_once_more_and_not_by_default_after_a_timeout() {
    let once = Toy::new()
        .on_answer("/voice", Err(Failure::Connection))
        .on("/voice", "<Say>Dag</Say>")
        .call(&[]);
    assert_eq!(once.said(), ["Dag"]);
    let [first, second] = once.asked("/voice")[..] else { panic!() };
    assert_eq!((first.body(), &first.token), (second.body(), &second.token));

    let timed_out = Toy::new()
        .on_answer("/voice", Err(Failure::Timeout))
        .on("/fallback", "<Say>Er gaat iets mis</Say>")
        .call(&[]);
    assert_eq!(timed_out.asked("/voice").len(), 1);
    assert_eq!(timed_out.said(), ["Er gaat iets mis"]);
}

#[test]
fn a_fragment_is_kept_home_and_obeyed() {
    let toy = Toy::new()
        .on("/voice", "<Redirect>http://app.test/next?x=1#rc=2&amp;rp=5xx</Redirect>")
        .on_answer("/next", Ok(Response::status(503)))
        .on_answer("/next", Ok(Response::status(503)))
        .on("/next", "<Say>gelukt</Say>")
        .call(&[]);
    assert_eq!(toy.said(), ["gelukt"]);
    assert!(toy.asked("/next").iter().all(|r| r.url == "http://app.test/next?x=1"));
    assert_eq!(toy.asked("/next").len(), 3);
}

#[test]
fn http_redirections_are_followed_with_the_same_fields() {
    let elsewhere = Response {
        status: 307,
        content_type: None,
        location: Some("/elsewhere".to_owned()),
        body: Vec::new(),
    };
    let toy = Toy::new()
        .on("/voice", "<Gather numDigits=\"1\" action=\"/g\"/>")
        .on_answer("/g", Ok(elsewhere.clone()))
        .on("/elsewhere", "<Say>hier</Say>")
        .call(&["press 1"]);
    assert_eq!(toy.only("/elsewhere").param("Digits"), Some("1"));
    assert_eq!(toy.said(), ["hier"]);

    let circle = Response { location: Some("/voice".to_owned()), ..elsewhere };
    let toy = Toy::new().on_answer("/voice", Ok(circle)).on("/fallback", "<Hangup/>").call(&[]);
    assert_eq!(toy.alarms(), [11215]);
    assert_eq!(toy.asked("/voice").len(), 11);
}

#[test]
fn a_webhook_for_an_unknown_call_has_no_leg_behind_it() {
    let mut toy = Toy::new().on("/done", "<Response/>");
    toy.network.stray(start(), "http://app.test/done?n=3");
    let toy = toy.run();
    assert_eq!(toy.only("/done").kind, Kind::DialAction);
    assert!(toy.network.is_quiet());
}
