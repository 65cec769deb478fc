use proptest::prelude::*;

use super::*;

fn code(document: &str) -> u32 {
    read(document.as_bytes()).expect_err(document).code
}

#[test]
fn the_canonical_dial_is_read_in_full() {
    let verbs = read(
        br#"<?xml version="1.0" encoding="UTF-8"?>
        <Response>
          <Dial action="https://h/v/done?call=42&amp;n=3" answerOnBridge="true" timeout="15"
                timeLimit="3600" callerId="+31700002586">
            <Number url="https://h/v/screen?call=42&amp;n=3" statusCallback="https://h/v/leg"
                statusCallbackEvent="initiated ringing answered completed">+31700010001</Number>
          </Dial>
        </Response>"#,
    )
    .unwrap();
    let [Verb::Dial(dial)] = &verbs[..] else { panic!("{verbs:?}") };
    assert_eq!(dial.number, "+31700010001");
    assert_eq!(dial.caller_id.as_deref(), Some("+31700002586"));
    assert_eq!(dial.timeout, Duration::from_secs(15));
    assert_eq!(dial.time_limit, Duration::from_secs(3600));
    assert!(dial.answer_on_bridge);
    assert!(!dial.hangup_on_star);
    assert_eq!(dial.action.as_ref().unwrap().url, "https://h/v/done?call=42&n=3");
    assert_eq!(dial.screening.as_ref().unwrap().url, "https://h/v/screen?call=42&n=3");
    assert_eq!(dial.events.len(), 4);
}

#[test]
fn what_is_left_out_has_the_documented_default() {
    let verbs = read(b"<Response><Gather/><Record/><Dial>+31700010001</Dial></Response>").unwrap();
    let [Verb::Gather(gather), Verb::Record(record), Verb::Dial(dial)] = &verbs[..] else {
        panic!("{verbs:?}")
    };
    assert_eq!((gather.timeout, gather.finish), (Duration::from_secs(5), Some('#')));
    assert!(!gather.empty_too);
    assert_eq!((record.timeout, record.max), (Duration::from_secs(5), Duration::from_secs(3600)));
    assert!(record.beep && record.trim);
    assert_eq!((dial.timeout, dial.time_limit.as_secs()), (Duration::from_secs(30), 14400));
    assert_eq!(dial.events, [Progress::Completed]);
}

#[test]
fn words_are_read_with_their_entities_and_inner_elements() {
    let verbs = read(
        "<Response><Say language=\"nl-NL\">Jansen &amp; Vos, &#233;&#xe9;n <break time=\"1s\"/>\
         <prosody>keer</prosody>\n  caf\u{e9}</Say></Response>"
            .as_bytes(),
    )
    .unwrap();
    let Verb::Hear(Prompt::Say { text, language }) = &verbs[0] else { panic!("{verbs:?}") };
    assert_eq!(text, "Jansen & Vos, één keer café");
    assert_eq!(*language, Some(Language::Nl));
}

#[test]
fn what_is_not_xml_is_12100() {
    for document in [
        "",
        "hallo",
        " <Response/>",
        "\u{feff}<Response/>",
        "<Response>",
        "<Response></Respons>",
        "<Response/><Response/>",
        "<Response>&nbsp;</Response>",
        "<Answer/>",
        "<Response a=1/>",
        "<Response><Say>\u{1}</Say></Response>",
    ] {
        assert_eq!(code(document), 12100, "{document:?}");
    }
}

#[test]
fn what_the_documentation_does_not_have_is_12200() {
    for inside in [
        "<Shout>hallo</Shout>",
        "<say>hallo</say>",
        "<Say volume=\"9\">hallo</Say>",
        "<Say voice=\"Polly.Lotte-Neural\">hallo</Say>",
        "<Gather input=\"speech\"/>",
        "<Gather><Dial>+31700010001</Dial></Gather>",
        "<Gather numDigits=\"0\"/>",
        "<Gather timeout=\"-1\"/>",
        "<Dial timeout=\"4\">+31700010001</Dial>",
        "<Dial/>",
        "<Dial><Number>+31700010001</Number><Number>+31700010002</Number></Dial>",
        "<Dial><Number statusCallbackEvent=\"started\">+31700010001</Number></Dial>",
        "<Dial record=\"record-from-answer\">+31700010001</Dial>",
        "<Record maxLength=\"1\"/>",
        "<Redirect/>",
        "<Redirect method=\"PUT\">/x</Redirect>",
        "<Hangup reason=\"busy\"/>",
        "los",
    ] {
        assert_eq!(code(&format!("<Response>{inside}</Response>")), 12200, "{inside}");
    }
}

#[test]
fn too_much_text_and_too_large_a_document_have_codes_of_their_own() {
    let long = "a".repeat(3001);
    assert_eq!(
        code(&format!("<Response><Say voice=\"Polly.Lotte\">{long}</Say></Response>")),
        13521
    );
    let huge = vec![b' '; LARGEST + 1];
    assert_eq!(read_answer(Some("text/xml"), &huge).unwrap_err().code, 11750);
}

#[test]
fn the_content_type_decides_how_an_answer_is_read() {
    let document = b"<Response><Hangup/></Response>";
    for kind in ["text/xml", "application/xml; charset=utf-8", "TEXT/HTML", "text/plain"] {
        assert_eq!(read_answer(Some(kind), document).unwrap(), [Verb::Hangup], "{kind}");
    }
    let spoken = read_answer(Some("text/plain"), b"hallo").unwrap();
    assert!(matches!(&spoken[0], Verb::Hear(Prompt::Say { text, .. }) if text == "hallo"));
    for kind in [None, Some(""), Some("application/json")] {
        assert_eq!(read_answer(kind, document).unwrap_err().code, 12300, "{kind:?}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read_answer(Some("text/plain"), &bytes);
        let _ = read(&bytes);
    }

    #[test]
    fn nothing_that_looks_like_a_document_makes_it_panic(inside in "[<>/&;#a-zA-Z\"= ]{0,80}") {
        let _ = read(format!("<Response>{inside}</Response>").as_bytes());
    }

    #[test]
    fn any_words_come_through_escaping(words in "[\\PC&&[^\\s]]{1,20}( [\\PC&&[^\\s]]{1,9}){0,3}") {
        let document = format!(
            "<Response><Say>{}</Say></Response>",
            quick_xml::escape::escape(words.as_str())
        );
        let verbs = read(document.as_bytes()).unwrap();
        let spoken = words.split_whitespace().collect::<Vec<_>>().join(" ");
        prop_assert_eq!(&verbs[0], &Verb::Hear(Prompt::Say { text: spoken, language: None }));
    }
}
