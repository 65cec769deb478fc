//! Several neighbours after one another, and the determinism of it all.

use super::super::super::rules;
use super::*;

const VISSER: &str = "+31700010002";

fn chain() -> Toy {
    Toy::new()
        .on("/voice", &format!("<Say>Wij bellen nu een buurtgenoot</Say>{}", dial(BOS)))
        .on(
            "/screen",
            "<Gather numDigits=\"1\" action=\"/key\"><Say>Toets 1</Say></Gather><Hangup/>",
        )
        .on("/key", "<Hangup/>")
        .on("/key", "")
        .on("/done", &format!("<Say>Wij bellen iemand anders</Say>{}", dial(VISSER)))
        .on("/done", "<Say>Dank u wel</Say>")
        .telephone(BOS, "picks up after 6, presses 2")
        .telephone(VISSER, "picks up after 4, presses 1, talks 30")
        .call(&[])
}

#[test]
fn a_no_rings_the_next_in_the_same_answer() {
    let toy = chain();
    let rung: Vec<_> = toy
        .network
        .log()
        .iter()
        .filter_map(|entry| match &entry.what {
            What::Rung { number, .. } => Some(number.as_str().to_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(rung, [BOS, VISSER]);
    assert_eq!(toy.asked("/done").len(), 2);
    assert_eq!(rules::broken(toy.network.log(), &rules::Known::lines([LINE])), [""; 0]);
}

#[test]
fn the_same_seed_and_answers_give_the_same_calls() {
    let (one, other) = (chain(), chain());
    assert_eq!(one.network.log(), other.network.log());
    assert_eq!(one.asked, other.asked);
}

#[test]
fn a_telephone_may_do_something_else_every_time_it_rings() {
    let mut toy = Toy::new()
        .on("/voice", &dial(BOS))
        .on("/done", &dial(BOS))
        .on("/done", "<Hangup/>")
        .on("/screen", "<Hangup/>");
    let rings = ["is busy", "picks up after 3"].map(|text| Behaviour::read(text).unwrap());
    toy.network.add_telephone(Number::new(BOS), Behind::Scripted(rings.into()));
    let toy = toy.call(&[]);
    let results: Vec<_> =
        toy.asked("/done").iter().map(|r| r.param("DialCallStatus").unwrap()).collect();
    assert_eq!(results, ["busy", "completed"]);
}

#[test]
fn somebody_at_the_controls_picks_up_presses_and_hangs_up() {
    let mut toy = yes(Toy::new());
    toy.network.add_telephone(Number::new(BOS), Behind::Hand);
    let from = CallerId::Shown(Number::new(CALLER));
    let caller = toy.network.dial(start(), from, Number::new(LINE), Vec::new());
    let mut toy = toy.run_for(5);
    let at = |seconds| start() + Duration::from_secs(seconds);
    let bos = toy.network.pick_up(at(6), &Number::new(BOS)).unwrap();
    assert_eq!(toy.network.pick_up(at(6), &Number::new(BOS)), None, "it rings no more");
    let mut toy = toy.run_for(7);
    toy.network.press(at(8), bos, '1');
    let mut toy = toy.run_for(20);
    assert!(toy.has(|what| *what == What::Joined { with: bos }));
    toy.network.hang_up(at(30), bos);
    let toy = toy.run();
    assert_eq!(toy.only("/done").param("DialBridged"), Some("true"));
    assert!(toy.network.status(caller).unwrap().is_final());
}

#[test]
fn a_telephone_is_free_until_its_own_call_begins() {
    let mut toy = yes(Toy::new()).telephone(BOS, "picks up after 6, presses 1, talks 5");
    let later = start() + Duration::from_secs(600);
    let bos = CallerId::Shown(Number::new(BOS));
    toy.network.dial(later, bos, Number::new(LINE), vec![Act::HangUp]);
    let toy = toy.call(&[]);
    assert!(toy.has(|what| matches!(what, What::Joined { .. })));
}
