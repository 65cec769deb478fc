//! `Gather`.

use super::*;

const SEVEN: &str = "een twee drie vier vijf zes zeven";

#[test]
fn a_key_is_taken_at_any_moment_of_the_question() {
    let toy = Toy::new()
        .on("/voice", &format!("<Gather numDigits=\"1\" action=\"/g\"><Say>{SEVEN}</Say></Gather>"))
        .on("/g", "<Say>dank</Say>")
        .call(&["hear 'een'", "press 2"]);
    assert_eq!(toy.only("/g").param("Digits"), Some("2"));
    assert!(toy.asked_at("/g") < 1.5, "{}", toy.asked_at("/g"));
    assert!(toy.has(|what| *what == What::CutShort));
}

#[test]
fn the_time_for_an_answer_begins_when_the_question_is_at_its_end() {
    let toy = Toy::new()
        .on(
            "/voice",
            &format!(
                "<Gather timeout=\"6\" action=\"/g\"><Say>{SEVEN}</Say></Gather>\
                 <Redirect>/silence</Redirect>"
            ),
        )
        .on("/silence", "<Hangup/>")
        .call(&[]);
    assert_eq!(toy.asked_at("/silence"), 9.0);
    assert!(toy.asked("/g").is_empty(), "silence falls through");
}

#[test]
fn silence_comes_back_when_that_is_asked_for() {
    let toy = Toy::new()
        .on("/voice", "<Gather timeout=\"6\" actionOnEmptyResult=\"true\" action=\"/g\"/><Hangup/>")
        .on("/g", "<Hangup/>")
        .call(&[]);
    assert_eq!(toy.only("/g").param("Digits"), Some(""));
    assert_eq!(toy.asked_at("/g"), 6.0);
}

#[test]
fn several_keys_end_by_their_number_by_the_finish_key_or_by_a_pause() {
    for (attributes, keys, digits, finished) in [
        ("numDigits=\"4\"", "2584", "2584", None),
        ("", "2584#", "2584", Some("#")),
        ("finishOnKey=\"*\"", "25#4*", "25#4", Some("*")),
        ("finishOnKey=\"\"", "25#", "25#", None),
        ("", "25", "25", None),
    ] {
        let toy = Toy::new()
            .on("/voice", &format!("<Gather {attributes} action=\"/g\"/><Hangup/>"))
            .on("/g", "<Hangup/>")
            .call(&[&format!("press {keys}")]);
        assert_eq!(toy.only("/g").param("Digits"), Some(digits), "{attributes} {keys}");
        assert_eq!(toy.only("/g").param("FinishedOnKey"), finished, "{attributes} {keys}");
    }
}

#[test]
fn each_key_gives_new_time_for_the_next() {
    let toy = Toy::new()
        .on("/voice", "<Gather timeout=\"5\" numDigits=\"4\" action=\"/g\"/><Hangup/>")
        .on("/g", "<Hangup/>")
        .call(&["wait 4", "press 2", "wait 4", "press 5", "wait 4", "press 8"]);
    assert_eq!(toy.only("/g").param("Digits"), Some("258"));
}

#[test]
fn the_finish_key_alone_counts_as_silence() {
    let toy = Toy::new()
        .on("/voice", "<Gather action=\"/g\"/><Redirect>/silence</Redirect>")
        .on("/silence", "<Hangup/>")
        .call(&["press #"]);
    assert!(toy.asked("/g").is_empty());
    assert!(toy.asked_at("/silence") < 1.0);
}

#[test]
fn without_an_action_the_document_itself_gets_the_keys() {
    let toy = Toy::new()
        .on("/voice", "<Gather numDigits=\"1\"/>")
        .on("/voice", "<Hangup/>")
        .call(&["press 1"]);
    assert_eq!(toy.asked("/voice")[1].param("Digits"), Some("1"));
}

#[test]
fn keys_that_nobody_asked_for_are_lost() {
    let toy = Toy::new()
        .on("/voice", &format!("<Say>{SEVEN}</Say><Gather timeout=\"1\" action=\"/g\"/><Hangup/>"))
        .call(&["hear 'een'", "press 1"]);
    assert!(toy.asked("/g").is_empty());
}

#[test]
fn a_person_acts_on_what_was_heard_and_when() {
    let toy = Toy::new()
        .on(
            "/voice",
            "<Gather numDigits=\"1\" action=\"/g\"><Say>Voor een praatje: toets 4. Voor vervoer: \
             toets 3.</Say></Gather>",
        )
        .on("/g", "<Hangup/>")
        .call(&["hear 'praatje'", "hear 'Toets 4'", "hear 'toets 3'", "press 3"]);
    assert_eq!(toy.only("/g").param("Digits"), Some("3"));
    let never = Toy::new()
        .on("/voice", "<Gather timeout=\"3\"><Say>Voor vervoer: toets 3.</Say></Gather>")
        .call(&["hear 'praatje'", "press 4"]);
    assert!(
        never.has(|what| matches!(what, What::StillWaiting { step } if step == "hear 'praatje'"))
    );
}
