//! "Do you still take part?": every key, silence, and nothing said that a voicemail box should not keep.

use super::explorer::{Explorer, events};
use super::*;
use crate::flow::Event;

fn rung() -> Walk {
    Walk::of(built_in(), "checkin", Language::Nl, &but(line(), &[("part_of_day", text("evening"))]))
}

fn everywhere(holds: impl Fn(&Explorer)) {
    for language in Language::ALL {
        let told = but(line(), &[("part_of_day", text("morning"))]);
        holds(&Explorer::go("checkin", language, &told));
    }
}

#[test]
fn one_goes_on_two_asks_once_more_three_pauses_and_zero_is_the_desk() {
    let mut yes = rung();
    assert!(yes.heard().contains("Doet u nog graag mee? Toets 1."), "{}", yes.heard());
    assert_eq!(yes.keys("1").door(), "own-resume");
    assert!(yes.returns(&[]).hung_up() && yes.heard().contains("Nee zeggen mag altijd"));
    let mut no = rung();
    no.keys("2");
    assert_eq!((no.door(), no.param("is")), ("still-there", text("stop-asked")), "from now on");
    no.result("noted");
    assert!(no.asks() && no.heard().contains("echt niet meer gebeld worden"), "{}", no.heard());
    assert_eq!(no.keys("1").door(), "own-stop");
    assert!(no.returns(&[]).hung_up() && no.heard().contains("Wij bellen u niet meer"));
    let mut after_all = rung();
    after_all.keys("2").result("noted").keys("2");
    assert!(after_all.heard().contains("Een week pauze? Toets 1."), "{}", after_all.heard());
    for (key, how_long) in [("1", "week"), ("2", "month"), ("3", "until-they-call")] {
        let mut pause = rung();
        pause.keys("3").keys(key);
        assert_eq!((pause.door(), pause.param("for")), ("own-pause", text(how_long)));
        assert!(pause.returns(&[("day", text("zondag"))]).hung_up());
    }
    let mut desk = rung();
    desk.keys("0");
    assert_eq!((desk.door(), desk.param("is")), ("still-there", text("desk")));
    desk.returns(&[("result", text("noted")), ("day", text("morgen"))]);
    assert!(desk.hung_up() && desk.heard().contains("belt u morgen"), "{}", desk.heard());
}

#[test]
fn r5_r9_only_keys_do_anything_and_only_the_second_question_stops() {
    everywhere(|explorer| {
        let mut stops = 0;
        for place in explorer.questions() {
            for event in events(place) {
                let there = explorer.step(place, event.clone());
                let Wait::Object { name, .. } = &there.turn.wait else { continue };
                assert!(matches!(event, Event::Keys(_)), "{}", there.way);
                if name == "own-resume" {
                    assert_eq!(event, Event::Keys("1".into()), "{}", there.way);
                }
                if name == "own-stop" {
                    assert!(there.way.contains("> 2 >") && there.way.ends_with("> 1"));
                    stops += 1;
                }
            }
        }
        assert!(stops > 0, "they can stop");
    });
}

#[test]
fn two_silences_end_it_with_words_and_a_voicemail_box_hears_nothing_about_anybody() {
    everywhere(|explorer| {
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
    let mut box_of_theirs = rung();
    let greeted = box_of_theirs.heard();
    assert!(box_of_theirs.silence().silence().hung_up());
    assert!(box_of_theirs.heard().contains("Tot later."), "{}", box_of_theirs.heard());
    for told in [greeted, box_of_theirs.heard()] {
        for word in ["opgenomen", "paar keer", "jaar", "aangemeld", "lijst", "nummer"] {
            assert!(!told.contains(word), "{word}: {told}");
        }
    }
}
