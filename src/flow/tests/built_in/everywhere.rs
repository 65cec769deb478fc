//! What holds at every place of the built-in flows.

use std::collections::{BTreeMap, BTreeSet};

use super::explorer::{
    Explorer, Place, door_answers, events, for_every_caller, for_everybody_who_is_called_back,
    for_everybody_who_is_rung, returned,
};
use super::*;
use crate::flow::Event;

/// Where zero and three silences lead: a telephone of the desk that rings, or a tone.
fn is_help(place: &Place, desk_open: bool) -> bool {
    match &place.turn.wait {
        Wait::Object { name, .. } => desk_open && name == "find-desk",
        Wait::Record { beep, .. } => !desk_open && *beep,
        _ => false,
    }
}

#[test]
fn zero_reaches_the_desk_or_a_message_at_every_question() {
    for_every_caller(|explorer, desk_open| {
        for place in explorer.questions() {
            let there = explorer.step(place, Event::Keys("0".into()));
            assert!(is_help(&there, desk_open), "{}: {:?}", there.way, there.turn.wait);
        }
    });
}

#[test]
fn nine_says_the_question_again_at_every_question_and_the_star_harms_nobody() {
    for_every_caller(|explorer, _| {
        for place in explorer.questions() {
            for key in ["9", "*"] {
                let there = explorer.step(place, Event::Keys(key.into()));
                assert!(there.position == place.position, "{}", there.way);
                assert_eq!(there.turn.wait, place.turn.wait, "{}", there.way);
                let (before, again) = (words_of(&place.heard), words_of(&there.turn.spoken));
                assert!(!again.is_empty() && before.ends_with(&again), "{}: {again}", there.way);
            }
        }
    });
}

#[test]
fn the_star_leads_whoever_takes_part_to_their_own_menu_from_every_question() {
    let session =
        but(session(), &[("takes_part", YES), ("known", YES), ("area", text("Duindorp"))]);
    for language in Language::ALL {
        let explorer = Explorer::go("caller", language, &session);
        for place in explorer.questions() {
            let there = explorer.step(place, Event::Keys("*".into()));
            let Wait::Object { name, params } = &there.turn.wait else {
                panic!("{}: {:?}", there.way, there.turn.wait)
            };
            assert_eq!((name.as_str(), &params["name"]), ("flow", &text("participant")));
        }
    }
}

#[test]
fn the_star_leads_whoever_does_not_take_part_yet_to_where_they_can() {
    let session = but(session(), &[("may_sign_up", YES)]);
    for language in Language::ALL {
        let explorer = Explorer::go("caller", language, &session);
        for place in explorer.questions() {
            let there = explorer.step(place, Event::Keys("*".into()));
            let Wait::Object { name, params } = &there.turn.wait else {
                panic!("{}: {:?}", there.way, there.turn.wait)
            };
            assert_eq!((name.as_str(), &params["name"]), ("flow", &text("signup")));
        }
    }
}

#[test]
fn three_silences_or_three_wrong_keys_end_at_help_and_never_hang_up_wordless() {
    for_every_caller(|explorer, desk_open| {
        for place in explorer.questions() {
            for event in [Event::Silence, Event::Keys("#".into())] {
                let mut there = place.clone();
                let mut times = 0;
                while matches!(there.turn.wait, Wait::Keys { .. }) {
                    times += 1;
                    assert!(times <= 3, "asked for ever: {}", there.way);
                    there = explorer.step(&there, event.clone());
                    assert!(!words_of(&there.heard).is_empty(), "{}", there.way);
                }
                // After a conversation, or when it was seen to, whoever says nothing is thanked; all
                // others get help.
                let question = words_of(&place.turn.spoken);
                let after = [
                    "Is het gelukt",
                    "is al gezorgd",
                    "seen to already",
                    "Did it work out",
                    "zelf ook wel eens iets voor een buur",
                    "something for a neighbour sometimes",
                ];
                let after = after.iter().any(|q| question.contains(q));
                let thanked = after && there.turn.wait == Wait::Disconnect;
                // Whoever says nothing to the offer of a call-back waits on.
                let waits =
                    matches!(&there.turn.wait, Wait::Object { name, .. } if name == "keep-waiting");
                assert!(thanked || waits || is_help(&there, desk_open), "{}", there.way);
            }
        }
    });
}

#[test]
fn r10_every_call_ends_with_words_and_a_goodbye() {
    for_every_caller(|explorer, _| {
        assert!(explorer.endings().count() > 0);
        for place in explorer.endings() {
            let words = words_of(&place.heard);
            let goodbye =
                words.ends_with("en een fijne dag.") || words.ends_with("have a nice day.");
            assert!(goodbye && place.turn.wait == Wait::Disconnect, "{}: {words}", place.way);
        }
    });
    let ends_with_words = |explorer: &Explorer| {
        assert!(explorer.endings().count() > 0);
        for place in explorer.endings() {
            assert!(!words_of(&place.heard).is_empty(), "{}", place.way);
        }
    };
    for_everybody_who_is_rung(ends_with_words);
    for_everybody_who_is_called_back(ends_with_words);
}

#[test]
fn whoever_waits_for_keys_or_a_tone_has_just_heard_what_to_do() {
    for_every_caller(|explorer, _| {
        for place in &explorer.places {
            if matches!(place.turn.wait, Wait::Keys { .. } | Wait::Record { .. }) {
                assert!(words_of(&place.turn.spoken).len() > 20, "{}", place.way);
            }
        }
    });
}

#[test]
fn r10_every_place_leads_on_to_an_ending_without_a_single_key() {
    for_every_caller(|explorer, _| {
        for place in &explorer.places {
            let mut there = place.clone();
            for _ in 0..40 {
                let event = match &there.turn.wait {
                    Wait::Keys { .. } => Event::Silence,
                    Wait::Record { .. } => Event::Recorded { seconds: 0 },
                    Wait::Object { name, params } => door_answers(name, params).swap_remove(0),
                    _ => break,
                };
                there = explorer.step(&there, event);
            }
            assert_eq!(there.turn.wait, Wait::Disconnect, "{}", there.way);
        }
    });
}

#[test]
fn r8_between_two_rings_the_same_words_are_heard_wherever_the_search_began() {
    let mut heard: BTreeMap<Language, BTreeSet<String>> = BTreeMap::new();
    let mut places = 0;
    for language in Language::ALL {
        let explorer = Explorer::go("caller", language, &session());
        for place in &explorer.places {
            let Wait::Object { name, .. } = &place.turn.wait else { continue };
            if ["find-neighbour", "try-again", "keep-waiting"].contains(&name.as_str()) {
                let next = explorer.step(place, returned(&[("again", YES)]));
                let later = explorer.step(&next, returned(&[("again", YES)]));
                assert_eq!(next.turn, later.turn, "{}", next.way);
                assert!(
                    next.turn.spoken.iter().all(|u| matches!(u, Utterance::Say { .. })),
                    "no pause (R7)"
                );
                heard.entry(language).or_default().insert(words_of(&next.turn.spoken));
                places += 1;
            }
        }
    }
    assert!(places >= 4, "both searches, in both languages");
    assert!(heard.values().all(|words| words.len() == 1), "{heard:?}");
}

#[test]
fn r5_only_the_key_one_is_a_yes_and_only_a_yes_in_time_joins() {
    let holds = |explorer: &Explorer| {
        for place in &explorer.places {
            for event in events(place) {
                let there = explorer.step(place, event.clone());
                if let Wait::Object { params, .. } = &there.turn.wait
                    && params.get("is") == Some(&text("yes"))
                {
                    assert_eq!(event, Event::Keys("1".into()), "{}", there.way);
                }
                if there.turn.wait == Wait::Exit {
                    assert_eq!(event, returned(&[("result", text("connect"))]), "{}", there.way);
                }
            }
        }
    };
    for_everybody_who_is_rung(holds);
    for_everybody_who_is_called_back(holds);
}

#[test]
fn a_voicemail_box_is_let_go_after_two_silences_of_six_seconds() {
    for_everybody_who_is_rung(|explorer| {
        for place in explorer.questions() {
            assert!(matches!(place.turn.wait, Wait::Keys { timeout: 6, .. }), "{}", place.way);
            let mut there = place.clone();
            let mut silences = 0;
            while matches!(there.turn.wait, Wait::Keys { .. }) {
                there = explorer.step(&there, Event::Silence);
                silences += 1;
                assert!(silences <= 2, "{}", there.way);
            }
        }
    });
}

#[test]
fn everybody_is_spoken_to_in_one_language_but_for_the_offer_of_the_other() {
    for_every_caller(|explorer, _| {
        for place in &explorer.places {
            let own = place.position.language();
            for utterance in &place.heard {
                if let Utterance::Say { text, language } = utterance
                    && *language != own
                {
                    let offer = ["For English, press 8.", "Voor Nederlands: toets 8."];
                    assert!(offer.contains(&text.as_str()), "{}: {text}", place.way);
                }
            }
        }
    });
}

#[test]
fn a_voicemail_box_that_is_called_back_is_let_go_after_two_silences() {
    for_everybody_who_is_called_back(|explorer| {
        for place in explorer.questions() {
            let mut there = place.clone();
            let mut silences = 0;
            while matches!(there.turn.wait, Wait::Keys { .. }) {
                there = explorer.step(&there, Event::Silence);
                silences += 1;
                assert!(silences <= 2, "{}", there.way);
            }
        }
    });
}
