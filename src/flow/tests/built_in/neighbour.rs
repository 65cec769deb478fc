//! What happens to a neighbour who is rung.

use super::*;

fn rung(changes: &[(&'static str, Value)]) -> Walk {
    let mut vars = line();
    vars.extend([
        ("area", text("Scheveningen")),
        ("task", text("hulp bij de boodschappen")),
        ("solved", NO),
        ("has_note", NO),
        ("caller_waits", YES),
    ]);
    Walk::of(built_in(), "neighbour", Language::Nl, &but(vars, changes))
}

#[test]
fn the_first_words_say_who_calls_and_what_is_asked_but_not_by_whom() {
    let heard = rung(&[]).heard();
    assert!(heard.starts_with("Dag, dit is Burenhulp Scheveningen, van buren voor buren."));
    assert!(heard.contains("Iemand uit Scheveningen wil graag hulp bij de boodschappen."));
    assert!(rung(&[("area", text(""))]).heard().contains("Iemand uit de buurt wil graag"));
}

#[test]
fn what_is_asked_for_a_moment_says_so_also_to_whoever_missed_the_beginning() {
    let moment = ("moment", text("donderdag 3 december, om tien uur"));
    let mut walk = rung(std::slice::from_ref(&moment));
    let words = "Het is voor donderdag 3 december, om tien uur.";
    assert!(walk.heard().contains(words), "{}", walk.heard());
    assert!(walk.silence().heard().contains(words), "{}", walk.heard());
    assert!(!rung(&[]).heard().contains("Het is voor"), "for now nothing is said");
}

#[test]
fn every_key_is_its_own_answer_with_its_own_friendly_words() {
    for (key, word, words) in [
        ("2", "not-now", "Geen probleem. Tot een andere keer."),
        ("3", "not-today", "Vandaag bellen wij u niet meer."),
        ("0", "desk", "Een medewerker belt u morgen terug."),
    ] {
        let mut walk = rung(&[]);
        walk.keys(key).answers(word);
        walk.returns(&[("result", text("noted")), ("day", text("morgen"))]);
        assert!(walk.heard().contains(words), "{}", walk.heard());
        assert!(walk.hung_up());
    }
}

#[test]
fn r6_a_yes_in_time_joins_the_two_and_a_late_one_is_thanked_and_let_go() {
    let mut walk = rung(&[]);
    walk.keys("1").answers("yes");
    walk.result("connect");
    assert_eq!(walk.heard(), "Wat fijn! Daar komt uw buurtgenoot.");
    assert_eq!(walk.turn.wait, Wait::Exit);
    let mut late = rung(&[]);
    late.keys("1").result("gone");
    assert!(late.heard().contains("Dank u wel voor uw ja."));
    assert!(late.hung_up());
}

#[test]
fn a_question_that_is_solved_already_is_not_put() {
    let walk = rung(&[("solved", YES)]);
    assert!(walk.heard().contains("is al opgelost"), "{}", walk.heard());
    assert!(walk.hung_up());
}

#[test]
fn a_note_is_heard_before_the_question_and_not_once_more() {
    let note = [("has_note", YES), ("note_url", text("https://a.example/note"))];
    let mut walk = rung(&note);
    let heard = walk.heard();
    let (before, after) = heard.split_once("[https://a.example/note]").expect("the note");
    assert!(before.ends_with("Uw buurtgenoot zegt: | ") && after.contains("Schikt het?"));
    assert!(!walk.silence().heard().contains("[https"));
}

#[test]
fn r9_stop_is_told_at_once_asked_once_more_and_then_final() {
    let mut walk = rung(&[]);
    walk.keys("4").answers("stop-asked");
    walk.result("noted");
    assert!(walk.heard().contains("Wilt u echt niet meer gebeld worden? Toets 1."));
    walk.keys("1").answers("stop");
    assert!(walk.result("noted").heard().contains("Wij bellen u niet meer."));
    assert!(walk.hung_up());
}

#[test]
fn whoever_asked_to_stop_may_take_a_pause_instead_or_leave_it_open() {
    let mut walk = rung(&[]);
    walk.keys("4").result("noted");
    walk.keys("2").answers("pause");
    assert!(walk.result("noted").heard().contains("een maand niet"));
    let mut open = rung(&[]);
    open.keys("4").result("noted").silence();
    assert!(open.asks());
    assert!(open.silence().heard().contains("Wij bellen u voorlopig niet."));
    assert!(open.hung_up(), "without another answer: the stop stays unconfirmed");
}

#[test]
fn r5_the_question_is_repeated_once_in_all_and_the_second_slip_decides() {
    for (first, second, word) in [
        (None, None, "silence"),
        (Some("7"), Some("9"), "wrong-key"),
        (Some("7"), None, "silence"),
        (None, Some("*"), "wrong-key"),
    ] {
        let mut walk = rung(&[]);
        let slip = |walk: &mut Walk, key: Option<&str>| match key {
            Some(key) => walk.keys(key).heard(),
            None => walk.silence().heard(),
        };
        let again = slip(&mut walk, first);
        assert!(walk.asks() && again.contains("Schikt het? Toets 1"), "{again}");
        slip(&mut walk, second);
        walk.answers(word);
        assert!(walk.result("noted").hung_up());
    }
}

#[test]
fn after_one_slip_every_key_still_counts() {
    for slip in [None, Some("7")] {
        for (key, word) in [("1", "yes"), ("2", "not-now"), ("4", "stop-asked"), ("0", "desk")] {
            let mut walk = rung(&[]);
            match slip {
                Some(slip) => walk.keys(slip),
                None => walk.silence(),
            };
            walk.keys(key).answers(word);
        }
    }
}
