//! What happens to somebody at the desk who calls back.

use super::*;

fn ready(language: Language) -> Walk {
    Walk::of(built_in(), "ringback", language, &line())
}

#[test]
fn one_rings_and_whatever_comes_of_it_is_said() {
    for (result, nl, en) in [
        ("spoken", "Het gesprek is genoteerd.", "The call has been noted."),
        ("short", "Dat was een kort gesprek.", "That was a short call."),
        ("busy", "De lijn is bezet.", "The line is engaged."),
        ("noanswer", "Er wordt niet opgenomen.", "There is no answer."),
        ("network_busy", "Er wordt niet opgenomen.", "There is no answer."),
        ("gone", "Deze belofte is al nagekomen.", "This promise has been kept already."),
    ] {
        for (language, words) in [(Language::Nl, nl), (Language::En, en)] {
            let mut walk = ready(language);
            assert_eq!(walk.keys("1").door(), "ring-back");
            assert!(walk.result(result).heard().contains(words), "{}", walk.heard());
            assert!(walk.hung_up());
        }
    }
}

#[test]
fn two_silence_and_wrong_keys_ring_nobody() {
    assert!(ready(Language::Nl).keys("2").hung_up());
    for (first, second) in [("", ""), ("5", ""), ("", "7"), ("5", "7")] {
        let mut walk = ready(Language::Nl);
        for key in [first, second] {
            assert!(walk.asks());
            if key.is_empty() {
                walk.silence();
            } else {
                walk.keys(key);
            }
        }
        assert!(walk.heard().contains("De belofte blijft staan.") && walk.hung_up());
    }
}
