//! What comes to the webhooks and is not right: somebody may be on the line, so there is a kind
//! sentence and a way on; for the technician there is a status and a sentence; and nothing is done.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use burenhulp::domain::Timestamp;
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{Application, HttpRequest};
use burenhulp::sim::wire::{Method, Response};
use hmac::{Hmac, KeyInit, Mac};
use proptest::prelude::*;
use sha1::Sha1;

use crate::house::{House, TOKEN};

const PUBLIC_URL: &str = "https://centrale.example.nl";
const LINE: &str = "+31700002586";
const FORM: &str = "application/x-www-form-urlencoded";
const QUIET_MORNING: &str = r#"
title = "A quiet morning"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, talks 30"
[[desk]]
name = "balie"
does = "rings out"
"#;

type Fields<'a> = &'a [(&'a str, &'a str)];

/// An exchange that is asked directly.
struct Desk {
    house: House,
    now: Timestamp,
    runtime: tokio::runtime::Runtime,
}

impl Desk {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let scenario = Scenario::read("quiet", QUIET_MORNING).unwrap();
        let house = runtime.block_on(House::of(&scenario, Delivery::default()));
        Self { house, now: scenario.at, runtime }
    }

    fn send(&mut self, path: &str, kind: &str, signature: Option<&str>, body: &[u8]) -> Answer {
        let mut headers = vec![("Content-Type", kind.to_owned())];
        headers.extend(signature.map(|signature| ("X-Twilio-Signature", signature.to_owned())));
        let request = HttpRequest {
            method: Method::Post,
            path_and_query: path.to_owned(),
            headers,
            body: body.to_vec(),
        };
        let answer = self.runtime.block_on(self.house.answer(self.now, request));
        Answer(answer.expect("an answer"))
    }

    /// A form, signed as the provider signs it.
    fn post(&mut self, path: &str, fields: Fields) -> Answer {
        let signature = signed(&format!("{PUBLIC_URL}{path}"), fields, TOKEN);
        self.send(path, FORM, Some(&signature), encoded(fields).as_bytes())
    }

    fn incoming(&mut self, sid: &str) -> Answer {
        self.post("/voice/incoming", &[("CallSid", sid), ("From", "+31601000001"), ("To", LINE)])
    }

    /// Rows of everything that a webhook could have begun.
    fn rows(&self) -> i64 {
        let tables = ["call", "step", "request", "attempt", "event", "message", "promise", "note"];
        tables.iter().map(|table| self.house.count(table)).sum()
    }
}

struct Answer(Response);

impl Answer {
    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap()
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.body.clone()).unwrap()
    }

    /// Kind words, and then somebody at the desk or an end: never an error for a caller.
    fn is_an_apology(&self) {
        let text = self.text();
        assert_eq!(self.status(), StatusCode::OK, "{text}");
        assert!(text.contains("Dat ligt niet aan u"), "{text}");
        assert!(text.contains("<Hangup/>"), "{text}");
    }
}

fn signed(url: &str, fields: Fields, token: &str) -> String {
    let mut fields: Vec<_> = fields.to_vec();
    fields.sort_unstable();
    fields.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
    mac.update(url.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

fn encoded(fields: Fields) -> String {
    let escape = |text: &str| {
        let byte = |b: u8| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                char::from(b).to_string()
            }
            other => format!("%{other:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    fields.iter().map(|(n, v)| format!("{}={}", escape(n), escape(v))).collect::<Vec<_>>().join("&")
}

#[test]
fn r15_a_webhook_that_is_not_rightly_signed_is_answered_403_and_has_no_effect() {
    let mut desk = Desk::open();
    let before = desk.rows();
    let fields = [("CallSid", "CA1"), ("From", "+31601000001"), ("To", LINE)];
    let (path, body) = ("/voice/incoming", encoded(&fields));
    let right = signed(&format!("{PUBLIC_URL}{path}"), &fields, TOKEN);
    let wrong = [
        None,
        Some(String::new()),
        Some("not a signature".to_owned()),
        Some(signed(&format!("{PUBLIC_URL}{path}"), &fields, "another token")),
        Some(signed("https://elsewhere.example.nl/voice/incoming", &fields, TOKEN)),
        Some(signed(&format!("{PUBLIC_URL}/voice/status"), &fields, TOKEN)),
        Some(right[..right.len() - 1].to_owned()),
    ];
    for signature in wrong {
        let answer = desk.send(path, FORM, signature.as_deref(), body.as_bytes());
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{signature:?}");
    }
    let changed = body.replace("CA1", "CA2");
    let answer = desk.send(path, FORM, Some(&right), changed.as_bytes());
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    assert_eq!(desk.rows(), before);
    // The same, rightly signed, is a call.
    assert_eq!(desk.send(path, FORM, Some(&right), body.as_bytes()).status(), StatusCode::OK);
    assert!(desk.rows() > before);
}

#[test]
fn a_body_that_cannot_be_a_webhook_is_refused_with_a_sentence() {
    let mut desk = Desk::open();
    let before = desk.rows();
    let huge = [b"CallSid=CA1&Field=".to_vec(), vec![b'x'; 70_000]].concat();
    let many: Vec<u8> = (0..300).flat_map(|n| format!("Field{n}=x&").into_bytes()).collect();
    let bodies: [(&[u8], StatusCode); 4] = [
        (b"CallSid=CA1&CallerName=Jos%E9", StatusCode::BAD_REQUEST),
        (b"<Response>no form</Response>", StatusCode::BAD_REQUEST),
        (&huge, StatusCode::PAYLOAD_TOO_LARGE),
        (&many, StatusCode::BAD_REQUEST),
    ];
    for (body, status) in bodies {
        let answer = desk.send("/voice/incoming", FORM, Some("c2ln"), body);
        assert_eq!(answer.status(), status);
        assert!(answer.text().len() > 20, "a sentence for the technician: {}", answer.text());
    }
    // Another kind of body is covered by no signature of ours.
    let json = desk.send("/voice/incoming", "application/json", Some("c2ln"), b"{}");
    assert_eq!(json.status(), StatusCode::FORBIDDEN);
    assert_eq!(desk.rows(), before);
}

#[test]
fn a_signed_webhook_that_names_no_leg_still_gets_kind_words_and_the_desk() {
    let mut desk = Desk::open();
    let before = desk.rows();
    for fields in [
        &[("To", LINE)][..],
        &[("CallSid", ""), ("To", LINE)],
        &[("CallSid", "with a blank"), ("To", LINE)],
    ] {
        let answer = desk.post("/voice/incoming", fields);
        answer.is_an_apology();
        assert!(answer.text().contains("<Dial"), "the desk is rung: {}", answer.text());
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn unknown_repeated_and_empty_parameters_change_nothing() {
    let mut desk = Desk::open();
    let plain = desk.incoming("CA1").text();
    let more = desk.post(
        "/voice/incoming",
        &[
            ("CallSid", "CA2"),
            ("From", "+31601000001"),
            ("To", LINE),
            ("FromCity", ""),
            ("Tag", "b"),
            ("Tag", "a"),
            ("Tag", "b"),
            ("NieuwVeld", "één ’t €"),
        ],
    );
    assert_eq!(more.text(), plain.replace("/leg/1/", "/leg/2/"));
}

#[test]
fn a_number_that_is_no_line_of_ours_is_answered_kindly() {
    let mut desk = Desk::open();
    let before = desk.rows();
    for to in ["+31700009999", "", "sip:iemand@example.nl", "112"] {
        desk.post("/voice/incoming", &[("CallSid", "CA1"), ("To", to)]).is_an_apology();
    }
    assert_eq!(desk.rows(), before);
}

#[test]
fn keys_that_no_menu_has_are_forgiven() {
    let mut desk = Desk::open();
    desk.incoming("CA1");
    for (step, keys) in [(1, "7"), (2, "##**")] {
        let path = format!("/voice/leg/1/{step}");
        let answer = desk.post(&path, &[("CallSid", "CA1"), ("To", LINE), ("Digits", keys)]);
        assert!(answer.text().contains("Die toets hoort hier niet bij"), "{}", answer.text());
        assert!(answer.text().contains("<Gather"), "{}", answer.text());
    }
}

#[test]
fn r11_a_step_is_answered_once_whatever_comes_after() {
    let mut desk = Desk::open();
    desk.incoming("CA1");
    let keys = |keys| [("CallSid", "CA1"), ("To", LINE), ("Digits", keys)];
    let first = desk.post("/voice/leg/1/1", &keys("1")).text();
    let rows = desk.rows();
    assert_eq!(desk.post("/voice/leg/1/1", &keys("1")).text(), first, "the same again");
    assert_eq!(desk.post("/voice/leg/1/1", &keys("2")).text(), first, "another key");
    assert_eq!(desk.rows(), rows);
}

#[test]
fn r11_webhooks_about_what_is_not_known_do_nothing() {
    let mut desk = Desk::open();
    desk.incoming("CA1");
    let rows = desk.rows();
    let about = [("CallSid", "CA1"), ("To", LINE), ("Digits", "1"), ("CallStatus", "in-progress")];
    // Another leg's address, a step that was never handed out, numbers that no row has.
    for path in ["/voice/leg/2/1", "/voice/leg/1/9", "/voice/leg/1/4294967295", "/voice/leg/-1/0"] {
        desk.post(path, &about).is_an_apology();
    }
    for path in [
        "/voice/leg/een/1",
        "/voice/dialled/1/1/99",
        "/voice/dialled-caller/1/1/99",
        "/voice/transferred/1/1",
    ] {
        desk.post(path, &about).is_an_apology();
    }
    let other = [("CallSid", "CA9"), ("To", LINE), ("Digits", "1")];
    desk.post("/voice/leg/1/1", &other).is_an_apology();
    for path in [
        "/voice/status",
        "/voice/attempt/99",
        "/voice/attempt/x",
        "/voice/callback/99/status",
        "/voice/callback/x/status",
        "/voice/placed/9/status",
        "/voice/placed/x/status",
        "/voice/recording/9/1",
    ] {
        let over = [("CallSid", "CA9"), ("CallStatus", "completed")];
        assert_eq!(desk.post(path, &over).status(), StatusCode::NO_CONTENT, "{path}");
    }
    assert_eq!(desk.rows(), rows);
}

#[test]
fn r10_by_night_a_call_that_cannot_go_on_ends_with_a_message_that_is_kept() {
    let mut desk = Desk::open();
    desk.now = Timestamp::parse("2026-11-24T21:30:00+01:00").unwrap();
    let begins = [("CallSid", "CA1"), ("From", "+31601000001"), ("To", LINE)];
    let breaks = |desk: &Desk, sql: &str| desk.house.books_now().execute_batch(sql).unwrap();
    breaks(&desk, "ALTER TABLE notice RENAME TO away");
    let heard = desk.post("/voice/incoming", &begins);
    heard.is_an_apology();
    let message = "action=\"https://centrale.example.nl/voice/fallback/message\"";
    assert!(heard.text().contains(message), "{}", heard.text());

    // The database works where a message needs it, and takes it once.
    let left = [
        ("CallSid", "CA1"),
        ("From", "+31601000001"),
        ("To", LINE),
        ("RecordingUrl", "https://api.twilio.com/RE1"),
        ("RecordingSid", "RE1"),
        ("RecordingDuration", "8"),
    ];
    for _ in 0..2 {
        let thanked = desk.post("/voice/fallback/message", &left);
        assert!(thanked.text().contains("Wij hebben uw bericht"), "{}", thanked.text());
        let ready = desk.post("/voice/fallback/recorded", &left);
        assert_eq!(ready.status(), StatusCode::NO_CONTENT);
    }
    let owed = "SELECT count(*) FROM promise p JOIN message m ON m.id = p.message
                WHERE m.ready_at IS NOT NULL AND m.caller LIKE '%+31601000001%'";
    let owed: i64 = desk.house.books_now().query_row(owed, [], |row| row.get(0)).unwrap();
    assert_eq!((owed, desk.house.count("message"), desk.house.count("promise")), (1, 1, 1));

    // It does not: no second message is asked for, which would go the same way.
    breaks(&desk, "ALTER TABLE message RENAME TO away_too");
    let honest = desk.post("/voice/fallback/message", &left).text();
    assert!(honest.contains("Belt u ons straks nog eens?"), "{honest}");
    assert!(!honest.contains("<Record"), "{honest}");
}

#[test]
fn r10_a_desk_that_does_not_come_to_the_telephone_leaves_a_message_to_be_taken() {
    let mut desk = Desk::open();
    let over = |word| [("CallSid", "CA1"), ("To", LINE), ("DialCallStatus", word)];
    let silent = desk.post("/voice/fallback/dialled", &over("no-answer")).text();
    assert!(silent.contains("Spreek na de toon") && silent.contains("<Record"), "{silent}");
    let spoken = desk.post("/voice/fallback/dialled", &over("completed")).text();
    assert!(spoken.contains("Dank u wel voor het bellen"), "{spoken}");
    assert!(!spoken.contains("<Record"), "{spoken}");
}

#[test]
fn r11_a_report_that_the_database_did_not_take_is_not_answered_as_if_it_had() {
    let mut desk = Desk::open();
    desk.incoming("CA1");
    let over = [("CallSid", "CA1"), ("To", LINE), ("CallStatus", "completed")];
    let open = "SELECT count(*) FROM call WHERE ended_at IS NULL";
    let still_open = |desk: &Desk| -> i64 {
        desk.house.books_now().query_row(open, [], |row| row.get(0)).unwrap()
    };
    desk.house.books_now().execute_batch("ALTER TABLE note RENAME TO away").unwrap();
    assert_eq!(desk.post("/voice/status", &over).status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(still_open(&desk), 1);
    desk.house.books_now().execute_batch("ALTER TABLE away RENAME TO note").unwrap();
    assert_eq!(desk.post("/voice/status", &over).status(), StatusCode::NO_CONTENT);
    assert_eq!(still_open(&desk), 0, "the same report, once more");
}

#[test]
fn r5_a_screening_that_is_not_known_joins_nobody() {
    let mut desk = Desk::open();
    desk.incoming("CA1");
    let child = [("CallSid", "CB1"), ("ParentCallSid", "CA1"), ("From", LINE), ("Digits", "1")];
    for path in [
        "/voice/screening/99",
        "/voice/screening/x",
        "/voice/callback/99",
        "/voice/callback/x",
        "/voice/leg/99/1",
        "/voice/leg/1/1",
        "/voice/placed/99",
        "/voice/placed/x",
    ] {
        let answer = desk.post(path, &child);
        answer.is_an_apology();
        let text = answer.text();
        assert!(text.ends_with("<Hangup/></Response>") && !text.contains("<Dial"), "{text}");
    }
}

#[test]
fn an_address_that_was_never_handed_out_says_where_to_look() {
    let mut desk = Desk::open();
    let answer = desk.post("/voice/inkomend", &[("CallSid", "CA1")]);
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(answer.text().contains("burenhulp check"));
    let unsigned = desk.send("/voice/inkomend", FORM, None, b"CallSid=CA1");
    assert_eq!(unsigned.status(), StatusCode::FORBIDDEN);
    for path in ["/voice/note/1-AAAA", "/voice/note/x", "/voice/audio/..%2Fburenhulp.db"] {
        let request = HttpRequest {
            method: Method::Get,
            path_and_query: path.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        let answer = desk.runtime.block_on(desk.house.answer(desk.now, request));
        assert_eq!(answer.unwrap().status, 404, "{path}");
    }
}

const ADDRESSES: [&str; 17] = [
    "/voice/incoming",
    "/voice/fallback",
    "/voice/fallback/dialled",
    "/voice/fallback/message",
    "/voice/fallback/recorded",
    "/voice/status",
    "/voice/leg/1/1",
    "/voice/dialled/1/1/1",
    "/voice/transferred/1/1",
    "/voice/screening/1",
    "/voice/attempt/1",
    "/voice/callback/1",
    "/voice/callback/1/status",
    "/voice/dialled-caller/1/1/1",
    "/voice/recording/1/1",
    "/voice/placed/1",
    "/voice/placed/1/status",
];

/// Parameters that providers send, with any content.
fn any_fields() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let name = prop::sample::select(vec![
        "CallSid",
        "ParentCallSid",
        "From",
        "To",
        "CallStatus",
        "Digits",
        "RecordingUrl",
        "RecordingSid",
        "RecordingDuration",
        "DialCallStatus",
        "DialBridged",
        "DialCallSid",
        "DialCallDuration",
        "AccountSid",
        "Iets",
    ]);
    let value = prop_oneof![
        Just("CA1".to_owned()),
        Just(LINE.to_owned()),
        prop::sample::select(vec!["completed", "busy", "canceled", "in-progress", "true", "false"])
            .prop_map(str::to_owned),
        "[0-9*#]{0,40}",
        ".{0,60}",
    ];
    prop::collection::vec((name, value), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_ever_break_a_webhook(bodies in prop::collection::vec(
        prop::collection::vec(any::<u8>(), 0..400), 11)
    ) {
        let mut desk = Desk::open();
        let rows = desk.rows();
        for (path, body) in ADDRESSES.iter().zip(&bodies) {
            let status = desk.send(path, FORM, Some("c2ln"), body).status();
            prop_assert!(status == 400 || status == 403, "{path}: {status}");
        }
        prop_assert_eq!(desk.rows(), rows);
    }

    #[test]
    fn no_signed_parameters_ever_break_a_webhook(
        forms in prop::collection::vec((0..ADDRESSES.len(), any_fields()), 1..12)
    ) {
        let mut desk = Desk::open();
        desk.incoming("CA1");
        for (address, fields) in &forms {
            let fields: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let answer = desk.post(ADDRESSES[*address], &fields);
            prop_assert!(answer.status().is_success(), "{}", answer.status());
            prop_assert!(answer.status() == 204 || answer.text().starts_with("<?xml"));
        }
    }
}
