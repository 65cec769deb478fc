//! What whoever has the number hears that was filled in with a question on the website.

use super::*;

fn rung(language: Language) -> Walk {
    let mut vars = line();
    vars.push(("part_of_day", text("morning")));
    Walk::of(built_in(), "question", language, &vars)
}

#[test]
fn nothing_is_said_of_what_was_asked_before_a_key_and_nothing_after_a_no() {
    let mut walk = rung(Language::Nl);
    assert!(walk.heard().contains("Op onze website staat een vraag met dit nummer."));
    walk.keys("2");
    assert_eq!((walk.door(), walk.param("is")), ("answer-question", text("no")));
    walk.result("noted");
    assert!(walk.heard().contains("Wij wissen alles") && walk.hung_up(), "{}", walk.heard());
}

#[test]
fn one_is_a_yes_and_tells_how_it_goes_on() {
    for (result, nl, en) in [
        ("searching", "Wij zoeken nu iemand", "We are looking for someone near you now"),
        ("planned", "Wij zoeken op tijd iemand", "in good time"),
        ("desk", "belt u morgen.", "call you morgen."),
        ("gone", "al ingetrokken", "withdrawn already"),
    ] {
        for (language, words) in [(Language::Nl, nl), (Language::En, en)] {
            let mut walk = rung(language);
            walk.keys("1");
            assert_eq!((walk.door(), walk.param("is")), ("answer-question", text("yes")));
            walk.returns(&[("result", text(result)), ("day", text("morgen"))]);
            assert!(walk.heard().contains(words) && walk.hung_up(), "{}", walk.heard());
        }
    }
}

#[test]
fn silence_and_wrong_keys_are_no_yes() {
    for (first, second) in [("", ""), ("5", ""), ("", "7"), ("5", "7")] {
        let mut walk = rung(Language::Nl);
        for key in [first, second] {
            assert!(walk.asks());
            if key.is_empty() {
                walk.silence();
            } else {
                walk.keys(key);
            }
        }
        assert!(walk.heard().contains("Tot later.") && walk.hung_up());
    }
}
