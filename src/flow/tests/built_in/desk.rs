//! What happens to somebody at the desk who is rung.

use super::*;

fn rung(solved: Value) -> Walk {
    let vars = but(line(), &[("solved", solved)]);
    Walk::of(built_in(), "desk", Language::Nl, &vars)
}

#[test]
fn one_takes_the_caller_and_two_does_not() {
    let mut walk = rung(NO);
    assert!(walk.heard().contains("Een beller voor het loket van Burenhulp Scheveningen."));
    walk.keys("1").answers("yes");
    assert_eq!(walk.result("connect").turn.wait, Wait::Exit);
    let mut walk = rung(NO);
    walk.keys("2").answers("not-now");
    assert!(walk.result("noted").hung_up());
}

#[test]
fn r6_a_caller_who_has_gone_is_told_and_nobody_is_joined() {
    assert!(rung(NO).keys("1").result("gone").hung_up());
    let walk = rung(YES);
    assert!(walk.heard().contains("De beller is al geholpen") && walk.hung_up());
}

#[test]
fn r5_silence_and_wrong_keys_are_forgiven_once_in_all() {
    for (first, second, word) in
        [("", "", "silence"), ("5", "0", "wrong-key"), ("5", "", "silence"), ("", "5", "wrong-key")]
    {
        let mut walk = rung(NO);
        for key in [first, second] {
            assert!(walk.asks());
            if key.is_empty() {
                walk.silence();
            } else {
                walk.keys(key);
            }
        }
        walk.answers(word);
        assert!(walk.result("noted").hung_up());
    }
}
