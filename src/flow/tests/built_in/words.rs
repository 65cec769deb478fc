//! How long the texts are, for people who cannot take in many words at once.

use super::explorer::{
    for_every_caller, for_everybody_who_is_called_back, for_everybody_who_is_rung,
};
use super::*;

/// What is counted on, words a minute: slow and clear.
const WORDS_A_MINUTE: f64 = 140.0;

/// How long this takes to hear, in seconds; recordings are not counted.
fn seconds(spoken: &[Utterance]) -> f64 {
    let pauses = spoken.iter().map(|utterance| match utterance {
        Utterance::Pause { ms } => f64::from(*ms) / 1000.0,
        Utterance::Say { .. } | Utterance::Play { .. } => 0.0,
    });
    in_seconds(&words_of(spoken)) + pauses.sum::<f64>()
}

fn in_seconds(words: &str) -> f64 {
    let count = u32::try_from(words.split_whitespace().count()).expect("not that many");
    f64::from(count) * 60.0 / WORDS_A_MINUTE
}

/// What has been heard by the time that `last` has been said.
fn heard_until(spoken: &[Utterance], last: &str) -> Vec<Utterance> {
    let mut heard = Vec::new();
    for utterance in spoken {
        if let Utterance::Say { text, language } = utterance
            && let Some(at) = text.find(last)
        {
            let text = text[..at + last.len()].to_owned();
            heard.push(Utterance::Say { text, language: *language });
            return heard;
        }
        heard.push(utterance.clone());
    }
    panic!("\"{last}\" is not said in {spoken:?}");
}

fn sentences(words: &str) -> impl Iterator<Item = &str> {
    words.split_inclusive(['.', '?', '!']).map(str::trim).filter(|s| !s.is_empty())
}

#[test]
fn no_question_takes_longer_than_twenty_seconds() {
    for_every_caller(|explorer, _| {
        for place in explorer.questions() {
            let again = explorer.step(place, crate::flow::Event::Keys("9".into()));
            let takes = seconds(&again.turn.spoken);
            assert!(takes <= 20.0, "{takes:.1} s: {}", words_of(&again.turn.spoken));
        }
    });
    for_everybody_who_is_rung(|explorer| {
        for place in explorer.questions() {
            let takes = seconds(&place.turn.spoken);
            assert!(takes <= 20.0, "{takes:.1} s: {}", words_of(&place.turn.spoken));
        }
    });
    for_everybody_who_is_called_back(|explorer| {
        for place in explorer.questions() {
            let takes = seconds(&place.turn.spoken);
            assert!(takes <= 20.0, "{takes:.1} s: {}", words_of(&place.turn.spoken));
        }
    });
}

#[test]
fn no_sentence_has_more_than_twelve_words() {
    let short = |place: &super::explorer::Place| {
        for sentence in sentences(&words_of(&place.heard)) {
            assert!(sentence.split_whitespace().count() <= 12, "{sentence}");
        }
    };
    for_every_caller(|explorer, _| explorer.places.iter().for_each(short));
    for_everybody_who_is_rung(|explorer| explorer.places.iter().for_each(short));
}

#[test]
fn a_task_leaves_its_sentence_short_enough() {
    let flows = built_in();
    for service in services() {
        let service = flows.catalogue().called(service).expect(service);
        for language in Language::ALL {
            // "Iemand uit Scheveningen wil graag", "Someone in Scheveningen would like"
            let words = service.task(language).split_whitespace().count() + 5;
            assert!(words <= 12, "{}", service.task(language));
            let inside = service.inside(language).unwrap_or_default();
            assert!(inside.split_whitespace().count() + 5 <= 12, "{inside}");
        }
    }
}

#[test]
fn the_greeting_takes_eight_seconds_at_most() {
    for language in Language::ALL {
        for known in [YES, NO] {
            let vars = but(session(), &[("known", known)]);
            let walk = Walk::of(built_in(), "caller", language, &vars);
            let takes = seconds(&heard_until(&walk.turn.spoken, "1, 1, 2."));
            assert!(takes <= 8.0, "{takes:.1} s: {}", walk.heard());
        }
    }
}

/// From the first word to the first ring, for somebody who presses each key once it has been said.
fn until_it_rings(language: Language, service: &str) -> f64 {
    let (press, right) = match language {
        Language::Nl => ("oets ", "Toets 1."),
        Language::En => ("ress ", "press 1."),
    };
    let mut walk = Walk::of(built_in(), "caller", language, &session());
    let found = [("found", YES), ("served", YES), ("name", text("Scheveningen"))];
    let mut takes = 0.0;
    for key in ["1", service] {
        takes += seconds(&heard_until(&walk.turn.spoken, &format!("{press}{key}")));
        walk.keys(key);
    }
    takes += seconds(&walk.turn.spoken);
    walk.keys("2586").returns(&found);
    takes += seconds(&heard_until(&walk.turn.spoken, right));
    walk.keys("1");
    assert_eq!(walk.door(), "find-neighbour");
    takes + seconds(&walk.turn.spoken)
}

#[test]
fn the_first_telephone_rings_within_three_quarters_of_a_minute() {
    for language in Language::ALL {
        for service in ["1", "2", "3", "4"] {
            let takes = until_it_rings(language, service);
            assert!(takes <= 45.0, "{takes:.1} s in {} for key {service}", language.code());
        }
    }
}

#[test]
fn a_yes_is_quick() {
    for language in Language::ALL {
        let mut vars = line();
        vars.extend([
            ("area", text("Scheveningen")),
            ("task", text("een praatje")),
            ("solved", NO),
        ]);
        let walk = Walk::of(built_in(), "neighbour", language, &vars);
        let key = language.pick("Toets 1", "Press 1");
        let takes = seconds(&heard_until(&walk.turn.spoken, key));
        assert!(takes <= 10.0, "{takes:.1} s: {}", walk.heard());
    }
}
