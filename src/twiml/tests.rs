//! Documents as a provider would read them.

use proptest::prelude::*;
use quick_xml::events::Event;
use quick_xml::{Reader, escape};

use super::text::{SAY_BYTES, clean, pieces};
use super::*;
use crate::domain::Language;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;

fn phone(e164: &str) -> Phone {
    Phone::from_stored(e164).expect("a fixture number")
}

fn say(text: &str) -> Verb {
    Verb::Say { text: text.into(), language: "nl-NL", voice: Some("Polly.Laura-Neural".into()) }
}

fn gather(digits: Option<u8>) -> Verb {
    Verb::Gather {
        prompts: vec![say("Toets 1."), Verb::Pause { seconds: 2 }],
        digits,
        timeout: 6,
        action: "https://h.example/voice/step?call=42&n=3".into(),
    }
}

fn dial(ring_seconds: u32, ring_surplus_seconds: u32, time_limit: u32) -> Verb {
    Verb::Dial {
        number: phone("+31601000001"),
        caller_id: phone("+31700002586"),
        ring_seconds,
        ring_surplus_seconds,
        time_limit,
        action: Some("https://h.example/dialled?n=3".into()),
        screening: Some("https://h.example/screen?call=42&n=3".into()),
        status_callback: Some("https://h.example/leg?n=3".into()),
    }
}

fn body(verbs: &[Verb]) -> String {
    let document = document(verbs).expect("it is short");
    document.strip_prefix(HEAD).expect("nothing stands before the declaration").to_owned()
}

#[test]
fn no_verbs_are_an_empty_response() {
    assert_eq!(body(&[]), "<Response/>");
}

#[test]
fn speech_is_escaped() {
    assert_eq!(
        body(&[say("Jan & Piet's <\"straat\">"), Verb::Hangup]),
        "<Response><Say language=\"nl-NL\" voice=\"Polly.Laura-Neural\">\
         Jan &amp; Piet&apos;s &lt;&quot;straat&quot;&gt;</Say><Hangup/></Response>"
    );
}

#[test]
fn without_a_voice_the_account_decides() {
    let verb = Verb::Say { text: "Hello.".into(), language: "en-GB", voice: None };
    assert_eq!(body(&[verb]), "<Response><Say language=\"en-GB\">Hello.</Say></Response>");
}

#[test]
fn nothing_to_say_is_not_written() {
    assert_eq!(body(&[say(" \u{7}\n"), Verb::Reject]), "<Response><Reject/></Response>");
}

#[test]
fn one_wanted_key_may_be_any_key_and_silence_comes_back() {
    assert_eq!(
        body(&[gather(Some(1)), Verb::Hangup]),
        "<Response><Gather input=\"dtmf\" numDigits=\"1\" timeout=\"6\" finishOnKey=\"\" \
         actionOnEmptyResult=\"true\" action=\"https://h.example/voice/step?call=42&amp;n=3\" \
         method=\"POST\"><Say language=\"nl-NL\" voice=\"Polly.Laura-Neural\">Toets 1.</Say>\
         <Pause length=\"2\"/></Gather><Hangup/></Response>"
    );
}

#[test]
fn several_keys_may_be_ended_with_a_hash() {
    let four = body(&[gather(Some(4))]);
    assert!(four.contains(" numDigits=\"4\" timeout=\"6\" finishOnKey=\"#\" "), "{four}");
    let any = body(&[gather(None)]);
    assert!(any.contains("<Gather input=\"dtmf\" timeout=\"6\" finishOnKey=\"#\" "), "{any}");
}

#[test]
fn a_gather_holds_only_what_a_provider_accepts_there() {
    let verb = Verb::Gather {
        prompts: vec![Verb::Play { url: "https://h.example/a.wav".into() }, dial(20, 5, 60)],
        digits: Some(1),
        timeout: 0,
        action: "https://h.example/a".into(),
    };
    let written = body(&[verb]);
    assert!(written.contains("<Play>https://h.example/a.wav</Play></Gather>"), "{written}");
    assert!(written.contains(" timeout=\"1\" "), "{written}");
}

#[test]
fn r8_a_dial_shows_the_lines_number_and_screens_before_joining() {
    assert_eq!(
        body(&[dial(20, 5, 3_600)]),
        "<Response><Dial answerOnBridge=\"true\" timeout=\"15\" timeLimit=\"3600\" \
         callerId=\"+31700002586\" action=\"https://h.example/dialled?n=3\" method=\"POST\">\
         <Number url=\"https://h.example/screen?call=42&amp;n=3\" method=\"POST\" \
         statusCallback=\"https://h.example/leg?n=3\" statusCallbackMethod=\"POST\" \
         statusCallbackEvent=\"initiated ringing answered completed\">+31601000001</Number>\
         </Dial></Response>"
    );
}

#[test]
fn a_dial_may_go_without_screening_and_callback() {
    let Verb::Dial { number, caller_id, action, .. } = dial(20, 5, 3_600) else { unreachable!() };
    let bare = Verb::Dial {
        number,
        caller_id,
        action,
        ring_seconds: 20,
        ring_surplus_seconds: 0,
        time_limit: 3_600,
        screening: None,
        status_callback: None,
    };
    let written = body(&[bare]);
    assert!(written.contains("<Number>+31601000001</Number>"), "{written}");
    assert!(written.contains(" timeout=\"20\" "), "{written}");
}

#[test]
fn ringing_and_talking_stay_within_what_providers_accept() {
    for (ring, surplus, limit, asked) in [
        (0, 5, 0, " timeout=\"5\" timeLimit=\"60\" "),
        (9, 5, 59, " timeout=\"5\" timeLimit=\"60\" "),
        (u32::MAX, 0, u32::MAX, " timeout=\"600\" timeLimit=\"14400\" "),
    ] {
        let written = body(&[dial(ring, surplus, limit)]);
        assert!(written.contains(asked), "{ring} {limit}: {written}");
    }
}

#[test]
fn a_recording_asks_back_twice_once_for_the_call_and_once_for_the_sound() {
    let verb = Verb::Record {
        max_seconds: 120,
        final_silence: 4,
        beep: true,
        action: "https://h.example/recorded?n=7".into(),
        status_callback: "https://h.example/sound?n=7".into(),
    };
    assert_eq!(
        body(&[verb]),
        "<Response><Record maxLength=\"120\" timeout=\"4\" finishOnKey=\"1234567890*#\" \
         playBeep=\"true\" trim=\"trim-silence\" action=\"https://h.example/recorded?n=7\" \
         method=\"POST\" recordingStatusCallback=\"https://h.example/sound?n=7\" \
         recordingStatusCallbackMethod=\"POST\"/></Response>"
    );
}

#[test]
fn a_redirect_posts() {
    let verb = Verb::Redirect { url: "https://h.example/a?b=1&c=2".into() };
    assert_eq!(
        body(&[verb]),
        "<Response><Redirect method=\"POST\">https://h.example/a?b=1&amp;c=2</Redirect></Response>"
    );
}

#[test]
fn a_long_text_is_cut_after_a_sentence_or_a_word() {
    let sentence = "Wij zoeken iemand bij u in de buurt. ";
    let long = sentence.repeat(60);
    let cut: Vec<&str> = pieces(&long).collect();
    assert_eq!(cut.len(), 3);
    assert!(cut.iter().all(|piece| piece.ends_with(". ") && piece.len() <= SAY_BYTES));
    let words = "woord ".repeat(400);
    assert!(pieces(&words).all(|piece| piece.ends_with("woord ")));
    let endless = "é".repeat(900);
    assert_eq!(pieces(&endless).map(str::len).collect::<Vec<_>>(), [1_000, 800]);
    assert_eq!(body(&[say(&long)]).matches("<Say ").count(), 3);
}

#[test]
fn a_document_over_64_kb_is_refused() {
    assert_eq!(document(&[say(&"Dag. ".repeat(20_000))]), Err(TooLong));
    let fits = document(&[say(&"Dag. ".repeat(10_000))]).expect("50 kB fit");
    assert!(fits.len() <= MAX_BYTES);
}

#[test]
fn r14_a_dial_hides_its_number_in_debug() {
    let shown = format!("{:?}", dial(20, 5, 60));
    assert!(!shown.contains("01000001") && !shown.contains("0002586"), "{shown}");
}

/// A document as a reader understands it: every attribute value and every text, in order.
fn read_back(document: &str) -> Vec<String> {
    let mut reader = Reader::from_str(document);
    reader.config_mut().check_end_names = true;
    let (mut values, mut words, mut depth) = (Vec::new(), String::new(), 0);
    loop {
        let event = reader.read_event().expect("well-formed");
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                depth += i32::from(matches!(event, Event::Start(_)));
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("well-formed and not repeated");
                    let raw = std::str::from_utf8(&attribute.value).expect("UTF-8");
                    values.push(escape::unescape(raw).expect("known entities").into_owned());
                }
            }
            Event::Text(text) => words.push_str(&text.decode().expect("UTF-8")),
            Event::GeneralRef(name) => {
                let entity = format!("&{};", name.decode().expect("UTF-8"));
                words.push_str(&escape::unescape(&entity).expect("a known entity"));
            }
            Event::End(_) => {
                depth -= 1;
                values.extend((!words.is_empty()).then(|| std::mem::take(&mut words)));
            }
            Event::Decl(_) => {}
            Event::Eof => break,
            other => panic!("not in a document of ours: {other:?}"),
        }
    }
    assert_eq!(depth, 0, "every element is closed");
    values
}

/// What must arrive, said independently of [`clean`].
fn without_controls(text: &str) -> String {
    let spaced = text.replace(['\t', '\n', '\r'], " ");
    spaced.replace(|c: char| c.is_control() || c == '\u{fffe}' || c == '\u{ffff}', "")
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,60}",
        proptest::collection::vec(any::<char>(), 0..60).prop_map(String::from_iter),
        "[<>&'\"\\]\\-!\\[CDAT \\x00-\\x1f\u{fffe}]{0,60}",
        "([a-zé&]{1,12}[.!? ]{1,2}){100,400}",
    ]
}

proptest! {
    #[test]
    fn any_text_in_any_field_reads_back_the_same(text in any_text()) {
        let expected = without_controls(&text);
        let prompts = vec![
            Verb::Say { text: text.clone(), language: "nl-NL", voice: Some(text.clone()) },
            Verb::Play { url: text.clone() },
        ];
        let verbs = [
            Verb::Gather { prompts, digits: None, timeout: 5, action: text.clone() },
            Verb::Record {
                max_seconds: 60, final_silence: 3, beep: false,
                action: text.clone(), status_callback: text.clone(),
            },
            Verb::Dial {
                number: phone("+31601000001"), caller_id: phone("+31700002586"),
                ring_seconds: 20, ring_surplus_seconds: 5, time_limit: 60,
                action: Some(text.clone()), screening: Some(text.clone()),
                status_callback: Some(text.clone()),
            },
            Verb::Redirect { url: text.clone() },
        ];
        let Ok(document) = document(&verbs) else {
            prop_assert!(text.len() > 2_000, "short text always fits");
            return Ok(());
        };
        let arrived = read_back(&document).iter().filter(|value| **value == expected).count();
        // Gather's action, voice and sound, two of Record, three of Dial, and Redirect; a blank
        // text is not spoken, so its voice is not written either.
        let fields = if expected.trim().is_empty() { 8 } else { 9 };
        prop_assert!(expected.is_empty() || arrived >= fields, "{arrived} of {fields}");
        let joined: String = pieces(&expected).collect();
        prop_assert_eq!(joined, expected.clone());
        prop_assert_eq!(clean(&text), expected.clone());
        if !expected.trim().is_empty() {
            let spoken = read_back(&super::document(&[say(&text)]).expect("one copy fits"));
            let spoken: String = spoken.into_iter()
                .filter(|value| value != "nl-NL" && value != "Polly.Laura-Neural").collect();
            prop_assert_eq!(spoken, expected);
        }
    }
}

#[test]
fn what_was_said_can_be_read_back_and_what_was_not_said_cannot() {
    let english =
        Verb::Say { text: "For English, press 8.".into(), language: "en-GB", voice: None };
    let verbs = [
        say("Wij bellen Jan & \"Piet\" <nu>."),
        english,
        Verb::Play { url: "https://h.example/voice/audio/greet.mp3".into() },
        gather(Some(1)),
        dial(20, 5, 3600),
    ];
    let document = document(&verbs).expect("short");
    let read = said(&document);
    let words: Vec<_> = read.iter().map(|s| (s.words.as_str(), s.language)).collect();
    assert_eq!(
        words,
        [
            ("Wij bellen Jan & \"Piet\" <nu>.", Some(Language::Nl)),
            ("For English, press 8.", Some(Language::En)),
            ("Toets 1.", Some(Language::Nl)),
        ]
    );
}

proptest! {
    #[test]
    fn whatever_is_said_reads_back_as_it_was_and_nothing_makes_it_panic(words in "\\PC{0,3000}", junk in ".*") {
        let document = document(&[say(&words)]).expect("short");
        let read: String = said(&document).into_iter().map(|s| s.words).collect();
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().concat();
        prop_assert_eq!(squeezed(&read), squeezed(&clean(&words)));
        said(&junk);
        said(&document.replace("Say", &junk));
    }
}
