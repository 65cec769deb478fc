//! Signing up with keys: every key and silence, and nothing kept of whoever may not or would not.

use super::explorer::{Explorer, events};
use super::*;
use crate::flow::Event;

fn told(changes: &[(&'static str, Value)]) -> Vec<(&'static str, Value)> {
    let mut vars = line();
    vars.extend(OFFERS.map(|offer| (offer, YES)));
    vars.extend([
        ("part_of_day", text("morning")),
        ("can_call_back", YES),
        ("waits", NO),
        ("half_way", NO),
        ("after_talk", NO),
    ]);
    but(vars, changes)
}

fn signup(changes: &[(&'static str, Value)]) -> Walk {
    Walk::of(built_in(), "signup", Language::Nl, &told(changes))
}

fn everywhere(holds: impl Fn(&Explorer)) {
    for language in Language::ALL {
        for changes in [
            &[][..],
            &[("can_call_back", NO)],
            &[("waits", YES)],
            &[("waits", YES), ("first_words", YES)],
            &[("half_way", YES), ("after_talk", YES)],
            &[("offers.dog", NO), ("offers.paperwork", NO), ("offers.digital", NO)],
        ] {
            holds(&Explorer::go("signup", language, &told(changes)));
        }
    }
}

fn place(walk: &mut Walk) {
    walk.keys("2584");
    assert_eq!(walk.door(), "look-up-place");
    walk.returns(&[("found", YES), ("served", YES), ("name", text("Scheveningen"))]);
    assert!(walk.heard().contains("2, 5, 8, 4. Dat is Scheveningen."), "{}", walk.heard());
    walk.keys("1");
}

#[test]
fn from_the_first_word_to_the_last_in_about_two_minutes() {
    let mut walk = signup(&[]);
    let mut heard = words_of(&walk.turn.spoken);
    let mut keys = 0;
    let mut listen = |walk: &Walk| {
        heard.push_str(&words_of(&walk.turn.spoken));
        keys += 1;
    };
    for key in ["1", "1"] {
        walk.keys(key);
        listen(&walk);
    }
    for service in services() {
        walk.keys(if service == "transport" { "2" } else { "1" });
        assert_eq!((walk.door(), walk.param("service")), ("sign-up-choice", text(service)));
        assert_eq!(walk.param("for"), text("do"));
        assert_eq!(walk.param("likes"), Value::Bool(service != "transport"));
        walk.returns(&[]);
        listen(&walk);
    }
    walk.keys("1");
    listen(&walk);
    walk.keys("4");
    assert_eq!((walk.param("service"), walk.param("for")), (text("company"), text("ask")));
    walk.returns(&[]);
    listen(&walk);
    walk.keys("2");
    listen(&walk);
    walk.keys("1");
    listen(&walk);
    place(&mut walk);
    assert_eq!((walk.door(), walk.param("when")), ("sign-up", text("day")));
    assert_eq!((walk.param("postcode"), walk.param("adult")), (text("2584"), YES));
    assert_eq!(walk.param("number"), Value::Undefined);
    walk.result("soon");
    assert!(walk.hung_up() && walk.heard().contains("Over een minuut"), "{}", walk.heard());
    let words = heard.split_whitespace().count();
    // 140 words a minute, and two seconds for each key.
    let seconds = words * 60 / 140 + keys * 2;
    assert!((60..=130).contains(&seconds), "{seconds} s");
}

#[test]
fn nobody_is_written_down_who_did_not_agree_and_say_that_they_are_of_age() {
    everywhere(|explorer| {
        for place in &explorer.places {
            if let Wait::Object { name, params } = &place.turn.wait
                && name == "sign-up"
            {
                assert_eq!(params["adult"], YES, "{}", place.way);
            }
        }
    });
    let mut minor = signup(&[]);
    minor.keys("1").keys("2");
    assert!(minor.hung_up() && minor.heard().contains("vanaf achttien jaar. Wij bewaren niets."));
    let mut rather_not = signup(&[("after_talk", YES)]);
    assert!(rather_not.keys("2").hung_up(), "{}", rather_not.heard());
    // The star was a slip of the finger: back to asking a neighbour.
    let mut slip = signup(&[]);
    slip.keys("2");
    assert_eq!((slip.door(), slip.param("at")), ("flow", text("services")));
}

#[test]
fn without_a_number_one_is_keyed_in_and_read_back() {
    let mut walk = signup(&[("can_call_back", NO)]);
    walk.keys("1").keys("1");
    for _ in services() {
        walk.keys("1").returns(&[]);
    }
    walk.keys("2").keys("4");
    place(&mut walk);
    assert!(walk.asks() && walk.heard().contains("Op welk nummer"), "{}", walk.heard());
    walk.keys("0900123456");
    assert_eq!(walk.door(), "check-number");
    walk.result("kind");
    assert!(walk.heard().contains("kunnen wij niet bellen"), "{}", walk.heard());
    walk.keys("0601000001").result("fine").keys("1");
    assert_eq!((walk.door(), walk.param("number")), ("sign-up", text("0601000001")));
    walk.returns(&[("result", text("later")), ("day", text("morgen"))]);
    assert!(walk.heard().contains("Wij bellen u morgen even terug"), "{}", walk.heard());
}

#[test]
fn whoever_hung_up_half_way_is_asked_whether_to_go_on_and_hears_nothing_of_before() {
    let mut walk = signup(&[("half_way", YES)]);
    assert!(walk.heard().contains("Verder waar u was? Toets 1."), "{}", walk.heard());
    assert_eq!(walk.keys("1").door(), "sign-up-go-on");
    assert!(walk.returns(&[]).heard().contains("Vindt u dat goed? Toets 1."), "{}", walk.heard());
    let mut anew = signup(&[("half_way", YES)]);
    assert!(anew.keys("2").heard().contains("Vindt u dat goed? Toets 1."), "{}", anew.heard());
}

#[test]
fn whoever_waits_for_their_call_can_have_it_now_or_ask_something() {
    let mut walk = signup(&[("waits", YES), ("first_words", YES)]);
    assert!(walk.heard().contains("Wij belden u over uw aanmelding."), "{}", walk.heard());
    assert_eq!(walk.keys("1").door(), "sign-up-ring-me");
    assert!(walk.result("soon").hung_up());
    let mut ask = signup(&[("waits", YES)]);
    ask.keys("2");
    assert_eq!((ask.door(), ask.param("at")), ("flow", text("services")));
}

#[test]
fn zero_leads_to_a_person_everywhere_and_silence_never_ends_wordless() {
    everywhere(|explorer| {
        for place in explorer.questions() {
            let there = explorer.step(place, Event::Keys("0".into()));
            let Wait::Object { params, .. } = &there.turn.wait else { panic!("{}", there.way) };
            assert_eq!(params.get("at"), Some(&text("desk")), "{}", there.way);
            let mut there = place.clone();
            for _ in 0..3 {
                there = explorer.step(&there, Event::Silence);
                assert!(!words_of(&there.heard).is_empty(), "{}", there.way);
            }
            assert!(matches!(there.turn.wait, Wait::Object { .. }), "{}", there.way);
        }
        assert!(explorer.endings().count() > 0);
        for place in explorer.endings() {
            let words = words_of(&place.heard);
            let goodbye =
                words.ends_with("en een fijne dag.") || words.ends_with("have a nice day.");
            assert!(goodbye && place.turn.wait == Wait::Disconnect, "{}: {words}", place.way);
        }
    });
}

#[test]
fn only_the_keys_one_and_two_answer_a_yes_or_no() {
    everywhere(|explorer| {
        for place in explorer.questions() {
            for event in events(place) {
                let there = explorer.step(place, event.clone());
                if let Wait::Object { name, params } = &there.turn.wait
                    && name == "sign-up-choice"
                    && params["for"] == text("do")
                {
                    let key = if params["likes"] == YES { "1" } else { "2" };
                    assert_eq!(event, Event::Keys(key.into()), "{}", there.way);
                }
            }
        }
    });
}
