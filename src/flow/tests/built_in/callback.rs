//! What happens to a caller who is called back.

use super::*;

fn back(why: &str) -> Walk {
    let vars = but(line(), &[("why", text(why)), ("part_of_day", text("afternoon"))]);
    Walk::of(built_in(), "callback", Language::Nl, &vars)
}

#[test]
fn r8_the_first_words_say_who_calls_and_nothing_of_what_was_asked() {
    for why in ["join", "again", "confirm", "outcome", "ask", "counter"] {
        let heard = back(why).heard();
        assert!(heard.starts_with("Goedemiddag."), "{heard}");
        assert!(heard.contains("Dit is Burenhulp Scheveningen."), "{heard}");
    }
}

#[test]
fn somebody_was_found_one_joins_two_ends_it_and_zero_is_the_desk() {
    let mut walk = back("join");
    walk.keys("1").answers_call("yes");
    assert_eq!(walk.result("connect").turn.wait, Wait::Exit);
    let mut walk = back("join");
    walk.keys("2").answers_call("no");
    assert!(walk.result("noted").heard().contains("Wij zoeken niet verder."));
    let mut walk = back("join");
    walk.keys("0").answers_call("desk");
    walk.returns(&[("result", text("noted")), ("day", text("morgen"))]);
    assert!(walk.heard().contains("Een medewerker belt u morgen."));
}

#[test]
fn a_neighbour_who_has_just_left_is_told_and_nobody_is_joined() {
    let mut walk = back("join");
    walk.keys("1").result("gone");
    assert!(walk.heard().contains("Wij zoeken verder") && walk.hung_up());
}

#[test]
fn called_back_once_more_it_is_a_search_like_any_other() {
    let mut walk = back("again");
    assert_eq!(walk.keys("1").door(), "connect-me");
    let mut found = walk.clone();
    assert!(found.result("connected").heard().contains("Is het gelukt"));
    walk.result("nobody").keys("1");
    assert_eq!(walk.door(), "call-back");
}

#[test]
fn whoever_the_desk_has_at_hand_waits_on_the_line_and_only_after_a_key() {
    for why in ["ask", "counter"] {
        let mut walk = back(why);
        assert!(walk.asks(), "a voicemail box is not kept waiting: {}", walk.heard());
        assert_eq!(walk.clone().keys("1").door(), "connect-me", "{why}");
        assert!(walk.clone().silence().silence().hung_up(), "{why}");
        walk.keys("2").answers_call("no");
    }
    assert!(back("counter").heard().contains("Geef de hoorn zo door"));
    let here = back("here");
    assert_eq!(here.door(), "connect-me", "they wait on the line already");
    assert!(!here.heard().contains("Goedemiddag"), "{}", here.heard());
}

#[test]
fn a_number_that_was_keyed_in_is_only_asked_whether_it_is_right() {
    let mut walk = back("confirm");
    walk.keys("1").answers_call("yes");
    assert!(walk.result("gone").heard().contains("bellen u weer"));
    let mut walk = back("confirm");
    walk.keys("2").answers_call("no");
    assert!(walk.result("noted").heard().contains("niet meer hierover"));
}

#[test]
fn nobody_was_found_the_day_of_the_desk_is_told_and_a_message_can_be_left() {
    let mut walk = back("outcome");
    assert!(walk.heard().contains("Een medewerker belt u morgen."));
    assert!(walk.keys("1").records());
    assert!(back("outcome").silence().hung_up());
}

impl Walk {
    /// What the caller answers is told to the exchange as this word.
    fn answers_call(&self, word: &str) {
        assert_eq!((self.door(), self.param("is")), ("answer-call", text(word)));
    }
}
