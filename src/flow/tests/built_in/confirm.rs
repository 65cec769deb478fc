//! What somebody hears who signed up, or has a code spoken: only a key does anything, and a voicemail
//! box hears nothing that it should not keep.

use super::explorer::{Explorer, events};
use super::*;
use crate::flow::Event;

fn everywhere(flow: &str, told: &[(&'static str, Value)], holds: impl Fn(&Explorer)) {
    for language in Language::ALL {
        holds(&Explorer::go(flow, language, &but(line(), told)));
    }
}

fn digits() -> Vec<(&'static str, Value)> {
    let names = ["digit_1", "digit_2", "digit_3", "digit_4", "digit_5", "digit_6"];
    names.into_iter().zip(["7", "3", "5", "0", "2", "9"].map(text)).collect()
}

#[test]
fn r5_only_the_key_one_confirms_and_only_the_key_two_erases() {
    everywhere("confirm", &[("part_of_day", text("evening"))], |explorer| {
        let mut answered = 0;
        for place in explorer.questions() {
            for event in events(place) {
                let there = explorer.step(place, event.clone());
                let Wait::Object { name, params } = &there.turn.wait else { continue };
                assert_eq!(name, "confirm-sign-up");
                let key = match params.get("is") {
                    Some(is) if *is == text("yes") => "1",
                    Some(is) if *is == text("no") => "2",
                    other => {
                        assert_eq!(other, Some(&text("desk")), "{}", there.way);
                        "0"
                    }
                };
                assert_eq!(event, Event::Keys(key.into()), "{}", there.way);
                answered += 1;
            }
        }
        assert!(answered >= 3, "three keys have a meaning");
    });
}

#[test]
fn whoever_is_welcome_hears_so_and_whoever_comes_too_late_as_well() {
    for (result, words) in [("done", "U doet mee. Welkom!"), ("gone", "altijd weer aanmelden")] {
        let told = but(line(), &[("part_of_day", text("morning"))]);
        let mut walk = Walk::of(built_in(), "confirm", Language::Nl, &told);
        assert!(walk.heard().contains("Klopt dat? Toets 1."), "{}", walk.heard());
        assert!(walk.keys("1").result(result).heard().contains(words), "{}", walk.heard());
        assert!(walk.hung_up());
    }
}

#[test]
fn two_silences_end_both_calls_with_words_and_every_ending_has_some() {
    let told = [&digits()[..], &[("part_of_day", text("morning"))]].concat();
    for flow in ["confirm", "code"] {
        everywhere(flow, &told, |explorer| {
            assert!(explorer.endings().count() > 0);
            for place in explorer.endings() {
                assert!(!words_of(&place.heard).is_empty(), "{}", place.way);
                assert_eq!(place.turn.wait, Wait::Disconnect, "nobody is joined with anybody");
            }
            for place in explorer.questions() {
                let mut there = place.clone();
                for _ in 0..2 {
                    there = explorer.step(&there, Event::Silence);
                }
                assert!(!matches!(there.turn.wait, Wait::Keys { .. }), "{}", there.way);
            }
        });
    }
}

#[test]
fn a_code_is_spoken_twice_after_the_key_one_and_at_most_twice_that() {
    everywhere("code", &digits(), |explorer| {
        for place in &explorer.places {
            if words_of(&place.heard).contains("7. 3. 5.") {
                assert!(place.way.ends_with("> 1"), "{}", place.way);
            }
        }
    });
    let mut walk = Walk::of(built_in(), "code", Language::Nl, &but(line(), &digits()));
    assert!(!walk.heard().contains("7."), "{}", walk.heard());
    for _ in 0..2 {
        let spoken = words_of(&walk.keys("1").turn.spoken);
        assert_eq!(spoken.matches("7. 3. 5. 0. 2. 9.").count(), 2, "{spoken}");
    }
    assert!(walk.keys("1").hung_up());
}
