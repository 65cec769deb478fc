//! `Record`.

use super::*;

fn taped(attributes: &str, script: &[&str]) -> Toy {
    Toy::new()
        .on(
            "/voice",
            &format!(
                "<Say>Spreek na de toon</Say><Record {attributes} action=\"/taped\" \
                 recordingStatusCallback=\"/ready\"/>"
            ),
        )
        .on("/taped", "<Say>Dank u wel</Say>")
        .call(script)
}

fn seconds(toy: &Toy) -> &str {
    toy.only("/taped").param("RecordingDuration").unwrap()
}

#[test]
fn silence_ends_a_recording_and_is_not_part_of_it() {
    let toy = taped("timeout=\"4\"", &["tone", "talk 9"]);
    assert_eq!(seconds(&toy), "9");
    assert_eq!(toy.only("/taped").param("Digits"), Some(""));
    let silent = taped("timeout=\"4\"", &[]);
    assert_eq!(seconds(&silent), "0");
}

#[test]
fn a_key_or_the_longest_length_ends_it() {
    let key = taped("", &["tone", "talk 5", "press #"]);
    assert_eq!(key.only("/taped").param("Digits"), Some("#"));
    let long = taped("maxLength=\"20\"", &["tone", "talk 60"]);
    assert_eq!(seconds(&long), "20");
    let other_key = taped("finishOnKey=\"*\" timeout=\"3\"", &["tone", "talk 5", "press #"]);
    assert_eq!(other_key.only("/taped").param("Digits"), Some(""));
}

#[test]
fn hanging_up_leaves_a_valid_recording_and_a_call_that_is_over() {
    let toy = taped("", &["tone", "talk 7", "hang up"]);
    let taped = toy.only("/taped");
    assert_eq!(taped.param("Digits"), Some("hangup"));
    assert_eq!(taped.param("CallStatus"), Some("completed"));
    assert_eq!(seconds(&toy), "7");
    assert!(!toy.said().contains(&"Dank u wel"));
}

#[test]
fn the_sound_is_ready_later_than_the_action_and_that_is_told() {
    let toy = taped("timeout=\"4\"", &["tone", "talk 9"]);
    assert!(toy.asked_at("/ready") > toy.asked_at("/taped"));
    let ready = toy.only("/ready");
    assert_eq!(ready.kind, Kind::RecordingCallback);
    assert_eq!(ready.param("RecordingStatus"), Some("completed"));
    assert_eq!(ready.param("RecordingSource"), Some("RecordVerb"));
    assert_eq!(ready.param("RecordingSid"), toy.only("/taped").param("RecordingSid"));
    assert!(ready.param("RecordingUrl").unwrap().starts_with("http://carrier.test/2010-04-01/"));
    assert_eq!(ready.param("From"), None);
}

#[test]
fn a_recording_begins_with_a_tone_unless_it_should_not() {
    assert!(taped("timeout=\"2\"", &[]).has(|what| *what == What::Tone));
    assert!(!taped("timeout=\"2\" playBeep=\"false\"", &[]).has(|what| *what == What::Tone));
}
