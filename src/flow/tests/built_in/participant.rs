//! The own menu of those who take part: every key, silence, and only what applies.

use super::explorer::Explorer;
use super::*;
use crate::flow::Event;

fn own(changes: &[(&'static str, Value)]) -> Walk {
    let told = but(line(), &[("paused", NO), ("resting", NO), ("silent", NO)]);
    Walk::of(built_in(), "participant", Language::Nl, &but(told, changes))
}

#[test]
fn whoever_takes_part_is_offered_a_pause_and_whoever_has_one_to_go_on() {
    let active = own(&[]);
    assert!(active.heard().contains("Pauze nemen? Toets 1."), "{}", active.heard());
    assert!(!active.heard().contains("Weer meedoen"), "{}", active.heard());
    let paused = own(&[("paused", YES)]);
    assert!(paused.heard().contains("Weer meedoen? Toets 2."), "{}", paused.heard());
    assert!(!paused.heard().contains("Toets 1"), "{}", paused.heard());
}

#[test]
fn at_most_four_choices_are_spoken_at_once() {
    everywhere(|explorer| {
        for place in explorer.questions() {
            let words = words_of(&place.turn.spoken);
            let keys = words.matches("oets ").count() + words.matches("ress ").count();
            assert!((1..=4).contains(&keys), "{}: {words}", place.way);
        }
    });
}

#[test]
fn each_pause_has_its_key() {
    for (key, how_long) in [("1", "today"), ("2", "week"), ("3", "month"), ("4", "until-they-call")]
    {
        let mut walk = own(&[]);
        walk.keys("1").keys(key);
        assert_eq!((walk.door(), walk.param("for")), ("own-pause", text(how_long)));
        walk.returns(&[("day", text("zondag"))]);
        assert!(walk.hung_up(), "{}", walk.heard());
        let week_or_month = ["2", "3"].contains(&key);
        assert_eq!(walk.heard().contains("tot en met zondag"), week_or_month, "{}", walk.heard());
    }
}

#[test]
fn stop_asks_once_more_and_offers_a_pause() {
    let mut walk = own(&[]);
    walk.keys("4");
    assert!(walk.asks() && walk.heard().contains("echt niet meer"), "{}", walk.heard());
    walk.keys("1");
    assert_eq!(walk.door(), "own-stop");
    assert!(walk.returns(&[]).hung_up() && walk.heard().contains("niet meer"), "{}", walk.heard());
    let mut walk = own(&[]);
    assert!(walk.keys("4").keys("2").heard().contains("Een week? Toets 2."), "{}", walk.heard());
}

#[test]
fn r9_nothing_but_the_key_one_after_the_question_stops_anybody() {
    everywhere(|explorer| {
        for place in explorer.questions() {
            for event in super::explorer::events(place) {
                let there = explorer.step(place, event.clone());
                if matches!(&there.turn.wait, Wait::Object { name, .. } if name == "own-stop") {
                    let asked = words_of(&place.turn.spoken);
                    let asked = asked.contains("echt niet meer") || asked.contains("really want");
                    assert!(asked && event == Event::Keys("1".into()), "{}", there.way);
                }
            }
        }
    });
}

#[test]
fn whoever_rests_is_asked_whether_they_still_take_part() {
    let mut walk = own(&[("resting", YES), ("first_words", YES)]);
    assert!(walk.heard().contains("belden u een paar keer"), "{}", walk.heard());
    assert!(walk.heard().contains("Doet u nog mee? Toets 1."), "{}", walk.heard());
    assert_eq!(walk.keys("1").door(), "own-resume");
    let silent = own(&[("resting", YES), ("silent", YES)]);
    assert!(
        silent.heard().contains("een tijd niets van u. | Doet u nog mee?"),
        "{}",
        silent.heard()
    );
    let mut pause = own(&[("resting", YES)]);
    assert!(pause.keys("2").heard().contains("Een week? Toets 2."), "{}", pause.heard());
    let mut stop = own(&[("resting", YES)]);
    assert!(stop.keys("3").heard().contains("echt niet meer"), "{}", stop.heard());
}

#[test]
fn whoever_calls_back_hears_how_it_stands_and_says_yes_only_to_what_is_open() {
    let solved = own(&[("called", text("solved"))]);
    assert!(solved.heard().contains("u bent gebeld door Burenhulp Scheveningen"));
    assert!(solved.heard().contains("al opgelost"), "{}", solved.heard());
    let over = own(&[("called", text("over"))]);
    assert!(over.heard().contains("nu voorbij"), "{}", over.heard());
    let asking = own(&[("called", text("asking"))]);
    assert!(asking.heard().contains("iemand anders"), "{}", asking.heard());
    let mut open = own(&[("called", text("open"))]);
    assert!(open.heard().contains("nog open. Komt het u nu wel uit? Toets 1."), "{}", open.heard());
    assert_eq!(open.keys("1").door(), "yes-after-all");
    assert!(open.returns(&[("day", text("morgen"))]).hung_up());
    assert!(open.heard().contains("belt u morgen terug"), "{}", open.heard());
    let mut late = own(&[("called", text("open"))]);
    late.keys("1").returns(&[]);
    assert!(late.heard().contains("intussen opgelost"), "{}", late.heard());
    let mut no = own(&[("called", text("open"))]);
    assert!(no.keys("2").heard().contains("Pauze nemen? Toets 1."), "{}", no.heard());
}

#[test]
fn zero_and_three_silences_lead_to_the_desk_and_five_to_asking_a_neighbour() {
    let at = |walk: &Walk| (walk.door().to_owned(), walk.param("name"), walk.param("at"));
    everywhere(|explorer| {
        for place in explorer.questions() {
            let there = explorer.step(place, Event::Keys("0".into()));
            let Wait::Object { params, .. } = &there.turn.wait else { panic!("{}", there.way) };
            assert_eq!(params["at"], text("desk"), "{}", there.way);
        }
    });
    let mut walk = own(&[]);
    walk.silence().silence().silence();
    assert_eq!(at(&walk), ("flow".to_owned(), text("caller"), text("desk")));
    let mut walk = own(&[]);
    walk.keys("5");
    assert_eq!(at(&walk), ("flow".to_owned(), text("caller"), text("services")));
}

#[test]
fn every_ending_has_a_goodbye() {
    everywhere(|explorer| {
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
fn whoever_comes_from_their_own_menu_is_not_greeted_again() {
    let from_there = |at: &str| caller(&[("straight_to", text(at)), ("takes_part", YES)]);
    let services = from_there("services");
    assert!(services.heard().starts_with("Wat kan een buurtgenoot"), "{}", services.heard());
    assert_eq!(from_there("desk").door(), "find-desk");
    let night = caller(&[("straight_to", text("services")), ("ringing_open", NO)]);
    assert!(night.heard().contains("bellen wij geen buurtgenoten"), "{}", night.heard());
}

fn everywhere(holds: impl Fn(&Explorer)) {
    for language in Language::ALL {
        for called in [Value::Undefined, text("solved"), text("over"), text("asking"), text("open")]
        {
            for (paused, resting, silent) in
                [(NO, NO, NO), (YES, NO, NO), (NO, YES, NO), (NO, YES, YES)]
            {
                let told = [
                    ("called", called.clone()),
                    ("paused", paused),
                    ("resting", resting),
                    ("silent", silent),
                ];
                holds(&Explorer::go("participant", language, &but(line(), &told)));
            }
        }
    }
}
