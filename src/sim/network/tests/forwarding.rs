//! Telephones that send calls on.

use super::*;

const VISSER: &str = "+31700010002";

#[test]
fn a_forwarded_telephone_rings_elsewhere() {
    let toy = yes(Toy::new())
        .telephone(BOS, &format!("forwards to {VISSER}"))
        .telephone(VISSER, "picks up after 3, presses 1, talks 5")
        .call(&[]);
    assert_eq!(toy.only("/done").param("DialBridged"), Some("true"));
    assert_eq!(toy.only("/screen").param("To"), Some(BOS), "the application sees what it dialled");
}

#[test]
fn telephones_that_forward_to_one_another_reach_nobody() {
    let toy = yes(Toy::new())
        .telephone(BOS, &format!("forwards to {VISSER}"))
        .telephone(VISSER, &format!("forwards to {BOS}"))
        .call(&[]);
    assert_eq!(toy.only("/done").param("DialCallStatus"), Some("failed"));
}

#[test]
fn a_telephone_that_forwards_to_the_line_comes_back_in_as_a_new_call() {
    let toy = Toy::new()
        .on("/voice", &dial(BOS))
        .on("/voice", "<Say>Goedemorgen</Say><Pause length=\"20\"/><Hangup/>")
        .on(
            "/screen",
            "<Gather numDigits=\"1\" timeout=\"6\" action=\"/key\"><Say>Toets 1</Say></Gather>\
             <Hangup/>",
        )
        .on("/done", "<Say>Wij bellen iemand anders</Say>")
        .telephone(BOS, &format!("forwards to {LINE}"))
        .call(&[]);
    let [_, back] = toy.asked("/voice")[..] else { panic!() };
    assert_eq!(back.param("From"), Some(LINE));
    assert_eq!(back.param("ForwardedFrom"), Some(BOS));
    assert_eq!(toy.only("/done").param("DialBridged"), Some("false"));
    assert!(toy.network.is_quiet(), "both halves end together");
}
