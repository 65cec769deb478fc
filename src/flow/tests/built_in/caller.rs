//! What happens to callers, told call by call.

use super::*;
use crate::flow::Event;

fn found() -> [(&'static str, Value); 3] {
    [("found", YES), ("served", YES), ("name", text("Scheveningen"))]
}

/// A caller in office hours who has chosen shopping and is asked for a postcode.
fn at_the_postcode() -> Walk {
    let mut walk = caller(&[]);
    walk.keys("1").keys("1");
    walk
}

/// A caller whose search has just begun.
fn searching() -> Walk {
    let mut walk = at_the_postcode();
    walk.keys("2586").returns(&found()).keys("1");
    walk
}

fn says(walk: &Walk, words: &str) {
    let heard = walk.heard();
    assert!(heard.contains(words), "\"{words}\" in: {heard}");
}

fn says_nothing_of(walk: &Walk, words: &str) {
    let heard = walk.heard();
    assert!(!heard.contains(words), "no \"{words}\" in: {heard}");
}

#[test]
fn the_greeting_follows_the_part_of_the_day_and_knows_a_neighbour_again() {
    for (part, greeting) in
        [("morning", "Goedemorgen."), ("afternoon", "Goedemiddag."), ("evening", "Goedenavond.")]
    {
        let walk = caller(&[("part_of_day", text(part))]);
        assert!(walk.heard().starts_with(greeting), "{}", walk.heard());
    }
    says(&caller(&[]), "Dit is Burenhulp Scheveningen. Fijn dat u belt.");
    says(&caller(&[("known", YES)]), "Fijn dat u weer belt met Burenhulp Scheveningen.");
    says(&caller(&[]), "hang op en bel 1, 1, 2.");
}

#[test]
fn in_office_hours_a_person_is_offered_before_anything_else_and_at_night_a_message() {
    let mut open = caller(&[]);
    says(&open, "Liever een medewerker? Toets 0.");
    says_nothing_of(&open, "boodschappen");
    says(open.keys("1"), "boodschappen");
    let closed = caller(&[("desk_open", NO)]);
    says(&closed, "Een bericht inspreken? Toets 0.");
    says_nothing_of(&closed, "medewerker");
}

#[test]
fn every_service_has_its_keys_and_is_searched_for_under_its_own_name() {
    let ways = [["1", ""], ["2", ""], ["3", ""], ["4", ""], ["5", "1"], ["5", "2"], ["5", "3"]];
    for (service, [first, second]) in services().into_iter().zip(ways) {
        let mut walk = caller(&[]);
        walk.keys("1").keys(first);
        if !second.is_empty() {
            walk.keys(second);
        }
        walk.keys("2586").returns(&found()).keys("1");
        assert_eq!(walk.door(), "find-neighbour");
        assert_eq!(walk.param("service"), text(service));
        assert_eq!(walk.param("postcode"), text("2586"));
    }
}

#[test]
fn a_line_offers_its_own_services_only_and_a_key_of_another_line_is_forgiven_once() {
    let mut changes: Vec<_> = OFFERS.map(|offer| (offer, NO)).into();
    changes.extend([("offers.groceries", YES), ("offers.company", YES), ("desk_open", NO)]);
    let mut walk = caller(&changes);
    says(&walk, "boodschappen: toets 1.");
    says(&walk, "wandeling: toets 4.");
    for other in ["klusje", "vervoer", "iets anders"] {
        says_nothing_of(&walk, other);
    }
    says(walk.keys("2"), "Die toets hoort hier niet bij.");
    says(walk.keys("5"), "Die toets hoort hier niet bij.");
    says(&walk, "boodschappen");
    assert!(walk.keys("5").records(), "{}", walk.heard());
}

#[test]
fn more_services_are_one_key_away_and_one_key_back() {
    let mut walk = caller(&[]);
    says(walk.keys("1").keys("5"), "hond: toets 1.");
    says(walk.keys("5"), "boodschappen: toets 1.");
}

#[test]
fn eight_changes_the_language_and_changes_it_back() {
    let mut walk = caller(&[("more_languages", YES)]);
    says(&walk, "For English, press 8.");
    walk.keys("8");
    says(&walk, "Good morning. | This is Burenhulp Scheveningen.");
    says_nothing_of(&walk, "toets 8");
    walk.keys("1");
    says(&walk, "For shopping, press 1.");
    says(walk.keys("8"), "Goedemorgen.");
}

#[test]
fn a_line_with_one_language_does_not_speak_of_another() {
    let mut walk = caller(&[]);
    says_nothing_of(&walk, "English");
    says(walk.keys("8"), "Die toets hoort hier niet bij.");
    assert!(walk.asks());
    assert_eq!(walk.keys("8").door(), "find-desk");
}

#[test]
fn a_neighbour_is_offered_their_own_place_and_may_name_another() {
    let known = [("known", YES), ("area", text("Duindorp"))];
    let mut walk = caller(&known);
    says(walk.keys("1").keys("1"), "Is het voor Duindorp? Toets 1.");
    walk.keys("1");
    assert_eq!((walk.door(), walk.param("postcode")), ("find-neighbour", Value::Undefined));
    let mut walk = caller(&known);
    says(walk.keys("1").keys("1").keys("2"), "de vier cijfers van uw postcode");
    walk.keys("2586").returns(&found()).keys("1");
    assert_eq!(walk.param("postcode"), text("2586"));
    let mut nowhere = caller(&[("known", YES)]);
    says(nowhere.keys("1").keys("1"), "de vier cijfers van uw postcode");
}

#[test]
fn a_postcode_is_read_back_digit_by_digit_with_the_name_of_the_place() {
    let mut walk = at_the_postcode();
    walk.keys("2586");
    assert_eq!((walk.door(), walk.param("digits")), ("look-up-place", text("2586")));
    says(walk.returns(&found()), "2, 5, 8, 6. Dat is Scheveningen.");
}

#[test]
fn a_postcode_that_is_not_right_is_asked_three_times_and_then_a_person_helps() {
    let mut walk = at_the_postcode();
    for _ in 0..2 {
        says(walk.keys("2581").returns(&found()).keys("2"), "vier cijfers");
    }
    assert_eq!(walk.keys("2581").returns(&found()).keys("2").door(), "find-desk");
}

#[test]
fn a_postcode_that_nobody_knows_is_asked_once_more_and_then_a_person_helps() {
    let unknown = [("found", NO), ("served", NO)];
    let mut walk = at_the_postcode();
    says(walk.keys("2599").returns(&unknown), "Die postcode kennen wij nog niet.");
    assert!(walk.asks());
    says(walk.keys("2598").returns(&unknown), "Wij helpen u graag verder.");
    assert_eq!(walk.door(), "find-desk");
}

#[test]
fn half_a_postcode_is_a_wrong_key_and_the_letters_are_explained() {
    let mut walk = at_the_postcode();
    says(walk.keys("25"), "De letters zijn niet nodig.");
    assert!(walk.asks());
}

#[test]
fn a_place_outside_the_area_is_named_and_may_have_been_a_slip_of_the_finger() {
    let outside = [("found", YES), ("served", NO), ("name", text("Monster"))];
    let mut walk = at_the_postcode();
    walk.keys("2681").returns(&outside);
    says(&walk, "2, 6, 8, 1. Dat is Monster. Daar werken wij nog niet.");
    says(walk.keys("1"), "vier cijfers");
    walk.keys("2681").returns(&outside);
    assert_eq!(walk.keys("0").door(), "find-desk");
}

#[test]
fn a_note_is_kept_before_the_search_and_saying_nothing_is_fine() {
    for (seconds, kept) in [(6, YES), (0, NO)] {
        let mut walk = caller(&[("voice_note", YES)]);
        walk.keys("1").keys("1").keys("2586").returns(&found()).keys("1");
        says(&walk, "Een buurtgenoot hoort dat eerst.");
        assert!(walk.records());
        assert_eq!(walk.event(Event::Recorded { seconds }).door(), "keep-note");
        assert_eq!(walk.returns(&[("kept", kept)]).door(), "find-neighbour");
    }
    assert_eq!(searching().door(), "find-neighbour", "a line without notes asks for none");
}

#[test]
fn outside_ringing_hours_a_person_of_the_desk_is_rung_or_a_message_is_taken() {
    let mut open = caller(&[("ringing_open", NO)]);
    says(&open, "Op dit moment bellen wij geen buurtgenoten.");
    assert_eq!(open.door(), "find-desk");
    says(open.result("nobody"), "Spreek na de toon");
    let closed = caller(&[("ringing_open", NO), ("desk_open", NO)]);
    says(&closed, "Spreek na de toon");
    assert!(closed.records());
    let mut late = searching();
    says(late.result("closed"), "Op dit moment bellen wij geen buurtgenoten.");
    assert_eq!(late.door(), "find-desk");
}

#[test]
fn r8_the_caller_hears_the_same_before_every_further_ring() {
    let mut walk = searching();
    says(&walk, "Wij zoeken iemand bij u in de buurt.");
    for _ in 0..7 {
        walk.returns(&[("again", YES), ("why", text("declined"))]);
        assert_eq!(walk.heard(), "Het komt net niet uit. Wij bellen iemand anders.");
        assert_eq!(walk.door(), "find-neighbour");
    }
}

#[test]
fn when_nobody_is_free_there_is_a_call_back_a_message_another_try_or_a_person() {
    let mut walk = searching();
    walk.result("nobody");
    says(&walk, "Dat ligt niet aan u.");
    says(&walk, "verder zoeken en u terugbellen? Toets 1");
    let mut back = walk.clone();
    says(back.keys("1"), "op het nummer waarmee u nu belt? Toets 1.");
    assert_eq!(back.keys("1").door(), "call-back");
    assert!(walk.keys("2").records());
    for (key, door) in [("3", "try-again"), ("0", "find-desk")] {
        assert_eq!(searching().result("nobody").keys(key).door(), door);
    }
}

#[test]
fn a_question_that_was_seen_to_meanwhile_is_said_so_and_something_else_may_be_asked() {
    for doors in [&["settled"][..], &["long", "settled"], &["nobody", "settled"]] {
        let mut walk = searching();
        for (nth, result) in doors.iter().enumerate() {
            if nth > 0 {
                walk.keys(if doors[0] == "long" { "1" } else { "3" });
            }
            walk.result(result);
        }
        says(&walk, "Voor uw vraag is al gezorgd.");
        says(walk.clone().keys("1"), "Wilt u een buurtgenoot spreken? Toets 1.");
        assert_eq!(walk.clone().keys("0").door(), "find-desk");
        says(walk.event(Event::Silence), "Wilt u nog iets anders vragen? Toets 1.");
        says(walk.event(Event::Silence), "Dank u wel");
    }
}

#[test]
fn after_a_while_the_caller_is_asked_whether_to_wait_and_silence_waits() {
    let mut asked = searching();
    says(asked.result("long"), "Wachten? Toets 1. Liever teruggebeld worden? Toets 2.");
    assert!(matches!(asked.turn.wait, Wait::Keys { timeout: 4, .. }), "four seconds at most");
    for event in [Event::Silence, Event::Keys("1".into())] {
        assert_eq!(asked.clone().event(event).door(), "keep-waiting");
    }
    says(asked.keys("2"), "op het nummer waarmee u nu belt");
}

#[test]
fn a_number_is_asked_for_read_back_and_forgiven_once() {
    let mut withheld = caller(&[("withheld", YES), ("can_call_back", NO)]);
    withheld.keys("1").keys("1").keys("2586").returns(&found()).keys("1");
    says(withheld.result("nobody").keys("1"), "met het netnummer of nul zes");
    says(withheld.clone().keys("06123"), "Een nummer heeft tien cijfers.");
    for (refused, words) in [
        ("foreign", "alleen Nederlandse nummers"),
        ("kind", "Dit soort nummer kunnen wij niet bellen."),
        ("ours", "Dat is ons eigen nummer."),
        ("unknown", "Dit nummer kennen wij niet."),
    ] {
        let mut walk = withheld.clone();
        says(walk.keys("0601000001").result(refused), words);
        assert_eq!(walk.keys("0601000001").result(refused).door(), "find-desk", "a person helps");
    }
    withheld.keys("0601000001").result("fine");
    says(&withheld, "0, 6, 0, 1, 0, 0, 0, 0, 0, 1. Klopt dat? Toets 1.");
    withheld.keys("1");
    assert_eq!((withheld.door(), withheld.param("number")), ("call-back", text("0601000001")));
}

#[test]
fn whoever_is_to_be_called_back_can_ask_stop_or_ask_for_something_else() {
    let searching = caller(&[("searching", YES)]);
    says(&searching, "Wij zoeken nog iemand voor u.");
    for (key, what) in [("1", "keep"), ("2", "stop")] {
        let mut walk = searching.clone();
        assert_eq!(walk.keys(key).door(), "my-search");
        assert_eq!(walk.param("do"), text(what));
    }
    says(searching.clone().keys("3"), "Wilt u een buurtgenoot spreken?");
}

#[test]
fn a_second_try_in_vain_is_told_at_once_and_offers_the_rest() {
    let mut walk = searching();
    walk.result("nobody").keys("3").returns(&[("again", YES)]);
    assert_eq!(
        (walk.door(), walk.heard().as_str()),
        ("try-again", "Het komt net niet uit. Wij bellen iemand anders.")
    );
    walk.result("nobody");
    assert_eq!((walk.door(), walk.param("service")), ("referral", text("groceries")));
    let mut named = walk.clone();
    named.returns(&[("name", text("Wijkteam")), ("number", text("14070"))]);
    says(&named, "Misschien helpt Wijkteam u verder. Het nummer is 1, 4, 0, 7, 0.");
    walk.returns(&[]);
    says(&walk, "Er is nu ook niemand anders vrij.");
    says_nothing_of(&walk, "Misschien helpt");
    says_nothing_of(&walk, "nog eens proberen");
    assert!(walk.keys("2").records());
}

#[test]
fn where_the_coordinator_looks_first_the_caller_is_told_by_when_and_nobody_is_rung() {
    let mut walk = at_the_postcode();
    let found = [found().as_slice(), &[("coordinator", YES)]].concat();
    walk.keys("2586").returns(&found).keys("1");
    says_nothing_of(&walk, "Wij zoeken iemand");
    says(&walk, "kijkt de coördinator eerst mee");
    assert_eq!(walk.keys("1").door(), "ask-coordinator");
    assert_eq!(
        (walk.param("service"), walk.param("number")),
        (text("groceries"), Value::Undefined)
    );
    walk.returns(&[("result", text("promised")), ("day", text("uiterlijk morgen"))]);
    says(&walk, "De coördinator belt u uiterlijk morgen. U hoeft niets te doen.");
    assert!(walk.hung_up());
    // Whatever a flow of one's own makes of it: the search itself says so too.
    let mut walk = searching();
    says(walk.result("coordinator"), "kijkt de coördinator eerst mee");
}

#[test]
fn after_a_conversation_a_yes_is_told_and_the_call_ends() {
    let mut walk = searching();
    says(walk.result("connected"), "Is het gelukt met uw vraag?");
    walk.keys("1");
    assert_eq!((walk.door(), walk.param("ok")), ("outcome", YES));
    assert_eq!(walk.returns(&[]).door(), "ask-to-join");
    says(walk.returns(&[("ask", NO)]), "Dank u wel en een fijne dag.");
    assert!(walk.hung_up());
}

#[test]
fn whoever_may_be_asked_is_asked_to_take_part_and_says_no_without_a_key() {
    let asked = || {
        let mut walk = searching();
        walk.result("connected").keys("1").returns(&[]).returns(&[("ask", YES)]);
        walk
    };
    says(&asked(), "Liever niet? Hang gerust op.");
    assert!(asked().silence().hung_up());
    assert!(asked().keys("2").hung_up());
    let mut walk = asked();
    walk.keys("1");
    assert_eq!((walk.door(), walk.param("name")), ("flow", text("signup")));
    assert_eq!(walk.param("at"), text("after-talk"));
}

#[test]
fn after_a_no_somebody_else_is_looked_for_or_a_person_helps() {
    for (key, door) in [("1", "try-again"), ("0", "find-desk")] {
        let mut walk = searching();
        walk.result("connected").keys("2");
        assert_eq!((walk.door(), walk.param("ok")), ("outcome", NO));
        says(walk.returns(&[]), "Zullen wij iemand anders zoeken? Toets 1.");
        assert_eq!(walk.keys(key).door(), door);
    }
}

#[test]
fn the_desk_is_rung_one_after_another_and_nobody_there_means_a_message() {
    let mut walk = caller(&[]);
    says(walk.keys("0"), "Wij verbinden u met een medewerker.");
    assert_eq!(walk.door(), "find-desk");
    says(walk.returns(&[("again", YES)]), "Wij bellen een andere medewerker.");
    says(walk.result("nobody"), "De medewerkers zijn nu niet bereikbaar.");
    assert!(walk.records());
    says(caller(&[]).keys("0").result("closed"), "Er is nu geen medewerker aan de lijn.");
    let mut talked = caller(&[]);
    assert!(talked.keys("0").result("connected").hung_up());
}

#[test]
fn r10_a_message_is_a_promise_with_a_day_also_for_those_who_hang_up_at_once() {
    let mut walk = caller(&[("desk_open", NO)]);
    says(walk.keys("0"), "Een medewerker belt u dan morgen terug.");
    assert_eq!(walk.event(Event::Recorded { seconds: 9 }).door(), "leave-message");
    says(walk.returns(&[("kept", YES), ("day", text("maandag"))]), "belt u maandag terug.");
    assert!(walk.hung_up());
}

#[test]
fn a_message_without_words_is_asked_for_once_more_and_then_the_call_ends_kindly() {
    let mut walk = caller(&[("desk_open", NO)]);
    walk.keys("0").event(Event::Recorded { seconds: 0 });
    says(walk.returns(&[("kept", NO)]), "Probeert u het nog een keer.");
    assert!(walk.records());
    walk.event(Event::Recorded { seconds: 0 });
    says(walk.returns(&[("kept", NO)]), "U kunt ons altijd weer bellen.");
    assert!(walk.hung_up());
}

#[test]
fn whoever_withholds_their_number_is_served_alike_and_asked_for_one_in_a_message() {
    let withheld = [("withheld", YES), ("desk_open", NO)];
    assert_eq!(caller(&withheld).heard(), caller(&[("desk_open", NO)]).heard());
    says(caller(&withheld).keys("0"), "Zeg ook op welk nummer wij u kunnen bellen.");
    says_nothing_of(caller(&[("desk_open", NO)]).keys("0"), "welk nummer");
}
