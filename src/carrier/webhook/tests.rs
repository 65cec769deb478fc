//! Webhooks as captured from providers, with fixture numbers.

use proptest::prelude::*;

use super::*;
use crate::carrier::Params;
use crate::domain::{Numbering, Phone};

const STANDARD: &str = "AccountSid=AC00000000000000000000000000000000&ApiVersion=2010-04-01\
    &CallSid=CA00000000000000000000000000000001&CallStatus=in-progress&Direction=inbound\
    &From=%2B31601000001&FromCity=&FromCountry=NL&To=%2B31700002586&ToCountry=NL";

fn read(body: &str) -> Result<Webhook, BadWebhook> {
    Webhook::read(&Params::read(body.as_bytes()).expect("a form"))
}

/// The standard parameters and these.
fn with(more: &str) -> Webhook {
    read(&format!("{STANDARD}&{more}")).expect(more)
}

fn dial_ending(more: &str) -> Ending {
    with(more).dial.expect("a dial was reported").ending
}

#[test]
fn an_incoming_call_is_read() {
    let call = read(STANDARD).expect("complete");
    assert_eq!(call.call_sid, "CA00000000000000000000000000000001");
    assert_eq!(call.caller(Numbering::NlFixtures).phone().map(Phone::e164), Some("+31601000001"));
    assert_eq!(call.to, "+31700002586");
    assert_eq!(call.status, LegStatus::InProgress);
    assert_eq!((call.parent_sid, call.digits, call.recording, call.dial), (None, None, None, None));
}

#[test]
fn a_screened_leg_names_the_callers_leg() {
    let leg = with("ParentCallSid=CA00000000000000000000000000000009");
    assert_eq!(leg.parent_sid.as_deref(), Some("CA00000000000000000000000000000009"));
}

#[test]
fn without_a_leg_it_is_not_a_webhook() {
    for body in ["", "From=%2B31601000001", "CallSid=", "callsid=CA1"] {
        assert_eq!(read(body), Err(BadWebhook::NoCallSid), "{body}");
    }
    let long = format!("CallSid={}", "x".repeat(129));
    for body in [&long, "CallSid=a+b", "CallSid=%C3%A9", "CallSid=a%0A"] {
        assert_eq!(read(body), Err(BadWebhook::NotASid { field: "CallSid" }), "{body}");
    }
    let other = Err(BadWebhook::NotASid { field: "ParentCallSid" });
    assert_eq!(read("CallSid=CA1&ParentCallSid=%00"), other);
}

#[test]
fn missing_extra_and_repeated_parameters_are_no_fault() {
    let bare = read("CallSid=CA1&Nonsense=%F0%9F%93%9E&CallSid=CA2").expect("CallSid is enough");
    assert_eq!((bare.call_sid.as_str(), bare.to.as_str()), ("CA1", ""));
    assert_eq!(bare.caller(Numbering::NlFixtures), Caller::Withheld);
    assert_eq!(bare.status, LegStatus::Unknown);
}

#[test]
fn every_status_word_has_its_place() {
    for (word, status) in [
        ("queued", LegStatus::Initiated),
        ("initiated", LegStatus::Initiated),
        ("ringing", LegStatus::Ringing),
        ("in-progress", LegStatus::InProgress),
        ("completed", LegStatus::Over(Ending::Completed { bridged: None })),
        ("no-answer", LegStatus::Over(Ending::NoAnswer)),
        ("busy", LegStatus::Over(Ending::Busy)),
        ("failed", LegStatus::Over(Ending::Failed)),
        ("canceled", LegStatus::Over(Ending::Canceled)),
        ("paused", LegStatus::Unknown),
        ("", LegStatus::Unknown),
    ] {
        assert_eq!(LegStatus::read(word), status, "{word}");
    }
}

#[test]
fn silence_is_no_digits_however_it_is_said() {
    assert_eq!(read(STANDARD).expect("complete").digits, None);
    assert_eq!(with("Digits=").digits, None);
    assert_eq!(with("Digits=hangup").digits, None);
}

#[test]
fn keys_are_kept_and_everything_else_is_dropped() {
    assert_eq!(with("Digits=2584").digits.as_deref(), Some("2584"));
    assert_eq!(with("Digits=*").digits.as_deref(), Some("*"));
    assert_eq!(with("Digits=%23").digits.as_deref(), Some("#"));
    assert_eq!(with("Digits=1+A;2w3").digits.as_deref(), Some("123"));
    assert_eq!(with(&format!("Digits={}", "7".repeat(900))).digits, Some("7".repeat(32)));
}

#[test]
fn r5_only_the_bridge_tells_whether_the_two_were_joined() {
    for (more, ending) in [
        ("DialCallStatus=completed&DialBridged=true&DialCallDuration=184", Some(true)),
        ("DialCallStatus=completed&DialBridged=false&DialCallDuration=11", Some(false)),
        ("DialCallStatus=completed&DialCallDuration=11", None),
        ("DialCallStatus=answered", None),
        ("DialCallStatus=answered&DialBridged=true", Some(true)),
        ("DialCallStatus=completed&DialBridged=", None),
        ("DialCallStatus=something-new", None),
        ("DialCallStatus=no-answer&DialBridged=true", Some(true)),
    ] {
        assert_eq!(dial_ending(more), Ending::Completed { bridged: ending }, "{more}");
    }
}

#[test]
fn a_dial_that_nobody_answered_says_how() {
    for (more, ending) in [
        ("DialCallStatus=no-answer&DialBridged=false", Ending::NoAnswer),
        ("DialCallStatus=busy&DialBridged=false", Ending::Busy),
        ("DialCallStatus=failed&DialBridged=false", Ending::Failed),
        ("DialCallStatus=canceled&DialBridged=false&CallStatus=completed", Ending::Canceled),
        ("DialCallStatus=busy", Ending::Busy),
    ] {
        assert_eq!(dial_ending(more), ending, "{more}");
    }
}

#[test]
fn the_other_leg_and_its_seconds_are_read_where_they_are_told() {
    let dial = with("DialCallStatus=completed&DialCallSid=CA7&DialCallDuration=11").dial;
    let dial = dial.expect("a dial was reported");
    assert_eq!((dial.sid.as_deref(), dial.seconds), (Some("CA7"), Some(11)));
    // Nothing hangs on them: an odd one is left out rather than costing the caller an answer.
    let dial = with("DialCallStatus=no-answer&DialCallSid=a+b&DialCallDuration=soon").dial;
    let dial = dial.expect("a dial was reported");
    assert_eq!((dial.sid, dial.seconds), (None, None));
}

#[test]
fn a_recording_that_ended_by_hanging_up_is_still_one() {
    let more = "RecordingUrl=https%3A%2F%2Fapi.example%2FRecordings%2FRE1&RecordingSid=RE1\
        &RecordingDuration=0&Digits=hangup";
    let recording = with(more).recording.expect("a recording");
    assert_eq!(recording.url, "https://api.example/Recordings/RE1");
    assert_eq!(recording.sid.as_deref(), Some("RE1"));
    assert_eq!((recording.seconds, recording.by_hangup), (0, true));
    let bare = with("RecordingUrl=x&Digits=%23").recording.expect("a recording");
    assert_eq!((bare.sid, bare.seconds, bare.by_hangup), (None, 0, false));
    assert_eq!(with("RecordingUrl=").recording, None);
    let long = format!("{STANDARD}&RecordingUrl={}", "x".repeat(2_049));
    assert_eq!(read(&long), Err(BadWebhook::LongAddress));
}

#[test]
fn r11_a_repeat_has_the_same_fingerprint_whatever_else_changed() {
    let once = with("Digits=1&SequenceNumber=0&Timestamp=Tue");
    let again = with("Digits=1&SequenceNumber=1&Timestamp=Wed&CallToken=x");
    assert_eq!(once.fingerprint, again.fingerprint);
}

#[test]
fn every_field_that_is_acted_on_changes_the_fingerprint() {
    let different = [
        "x=",
        "Digits=1",
        "Digits=11",
        "RecordingUrl=1",
        "RecordingUrl=1&Digits=hangup",
        "RecordingUrl=1&Digits=1",
        "DialCallStatus=completed",
        "DialCallStatus=completed&DialBridged=true",
        "DialCallStatus=completed&DialBridged=false",
        "DialCallStatus=busy",
    ];
    let mut seen: Vec<[u8; 16]> = different.iter().map(|more| with(more).fingerprint).collect();
    for body in ["CallSid=CA1&CallStatus=ringing", "CallSid=CA1", "CallSid=CA1&CallStatus=busy"] {
        seen.push(read(body).expect("complete").fingerprint);
    }
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count);
}

#[test]
fn the_fingerprint_stays_the_same_over_the_years() {
    // Stored beside answers that were given: a change would make every repeat a new webhook.
    let fingerprint = with("Digits=1").fingerprint;
    assert_eq!(
        fingerprint.map(|byte| format!("{byte:02x}")).concat(),
        "9cff482d69c4dee0966e8e592062b23f"
    );
}

#[test]
fn r14_debug_shows_no_number_key_or_sound() {
    let webhook = with("Digits=2584&RecordingUrl=https%3A%2F%2Fsecret.example%2Fsound");
    let shown = format!("{webhook:?}");
    for hidden in ["01000001", "0002586", "2584", "secret.example"] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

proptest! {
    #[test]
    fn arbitrary_values_never_panic(
        values in proptest::collection::vec((0_usize..12, any::<String>()), 0..24)
    ) {
        const NAMES: [&str; 12] = ["CallSid", "ParentCallSid", "From", "To", "CallStatus",
            "Digits", "RecordingUrl", "RecordingSid", "RecordingDuration", "DialCallStatus",
            "DialBridged", "DialCallDuration"];
        let encode = |text: &str| text.bytes().map(|b| format!("%{b:02x}")).collect::<String>();
        let body: Vec<_> = values.iter()
            .map(|(name, value)| format!("{}={}", NAMES[*name], encode(value))).collect();
        if let Ok(webhook) = read(&format!("{}&CallSid=CA1", body.join("&"))) {
            prop_assert!(webhook.digits.as_ref().is_none_or(|keys| (1..=32).contains(&keys.len())));
        }
    }
}
