//! Signatures: the published values, and everything near them that must be refused (R15).

use proptest::prelude::*;
use reqwest::header::{HeaderName, HeaderValue};

use super::*;

const TWILIO: &str = "X-Twilio-Signature";
const SETTINGS: &str = "X-Twilio-Webhooks-Signature-Settings";
const SIGNALWIRE: &str = "X-SignalWire-Signature";
const SIGNALWIRE_SHA256: &str = "X-SignalWire-Sha256-Signature";
const TELNYX: &str = "telnyx-signature-ed25519";
const TELNYX_TIME: &str = "telnyx-timestamp";

const V1: (&str, &str, &str) = (
    "https://mycompany.com/myapp.php?foo=1&bar=2",
    "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212",
    "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
);
const V2: (&str, &str, &str) = (
    "https://voice.example.org/twiml/inbound?CallSid=CA00000000000000000000000000000001&From=%2B31612345678",
    "",
    "2X+mm8EMSko4tTWE8Ef5OB8IkYI=",
);
const V3: (&str, &str, &str) = (
    "https://voice.example.org/v/whisper?call=42&n=3",
    "CallSid=CA00000000000000000000000000000002&ParentCallSid=CA00000000000000000000000000000001&AccountSid=AC00000000000000000000000000000000&From=%2B31201234567&To=%2B31612345678&CallStatus=in-progress&Direction=outbound-dial&ApiVersion=2010-04-01&Digits=1",
    "3UISKJvo4KGTGbaYQNE2RGavdyQ=",
);
const V3_SHA256: &str = "3knKBkiXNoGMv3a63fEtp2ZJra2eeE3ojuPQxiS8HbY=";
const V4: (&str, &str, &str) = (
    "https://voice.example.org/v/inbound?naam=Andr%C3%A9&x=a+b",
    "CallSid=CA00000000000000000000000000000003&CallerName=Caf%C3%A9+%E2%80%99t+Hoekje+%26+Zoon+%E2%82%AC5&FromCity=&SpeechResult=%C3%A9%C3%A9n%2C+twee+%2B+drie&Tag=b&Tag=a&Tag=b&from=lower&From=%2B266696687",
    "jAko2GdUIQJuEZY6HUNK6/Os4JI=",
);
const V4_KEY: &str = "s3cr3t-törken";
const V4_SHA256: &str = "rqOF5YaOdKLChrYq6i1n/vRnwKcFB21CpYkhiAjFMGU=";
const V6: (&str, &str, &str) = (
    "https://voice.example.org/json?bodySHA256=fd59367f4997ea6f91c628e024af10706b49849cbd0fc4f74a40f4954b4ccd38",
    r#"{"naam":"Zoë","n":1}"#,
    "WG6ndqcdCUnUWpB8FbX9c4J6Gyo=",
);
const SW_URL: &str = "https://voice.example.org/v/sw?x=1";
const SW_BODY: &str = "CallSid=abc&From=%2B31612345678";
const SW_SHA1: &str = "2caa3062b0d4f069a43950d83333bcf10b5193b7";
const SW_SHA256: &str = "2f4ee939a22a238d12c252aebb2ceab3b0b712f0ec755b2e97975e27a0e627bf";
const SW_FORM: &str = "BBQTqz8JXkZ5b0DaD1IF0Fk1FvQ=";
const TX_KEY: &str = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";
const TX_BODY: &str = "CallSid=v3%3Aabc&CallStatus=ringing&From=%2B31612345678&To=%2B31201234567";
const TX_SIGNATURE: &str =
    "MLI9FFHYi6qkSzt8UNlqrpNAlkTlfmg1wVSvwgnF4tqKjLNOJwqTxC8RmvnguqWhpx9XBK/feoDeyuLDR3I6Dw==";
const TX_TIME: i64 = 1_735_689_600;

/// One request, as the provider sent it or somebody forged it.
#[derive(Clone)]
struct Request {
    kind: Kind,
    secrets: Secrets,
    now: Timestamp,
    url: String,
    body: String,
    headers: Vec<(&'static str, String)>,
}

impl Request {
    fn twilio((url, body, signature): (&str, &str, &str)) -> Self {
        Self {
            kind: Kind::Twilio,
            secrets: Secrets::new(["12345"]),
            now: Timestamp(0),
            url: url.into(),
            body: body.into(),
            headers: vec![(TWILIO, signature.into())],
        }
    }

    fn signalwire(header: &'static str, signature: &str) -> Self {
        let request = Self::twilio((SW_URL, SW_BODY, ""));
        Self { kind: Kind::SignalWire, ..request }
            .keys(&["PSK_test_key"])
            .headers(&[(header, signature)])
    }

    fn telnyx() -> Self {
        let request = Self::twilio(("https://voice.example.org/v/in", TX_BODY, ""));
        Self { kind: Kind::Telnyx, now: Timestamp(TX_TIME * 1_000), ..request }
            .keys(&[TX_KEY])
            .headers(&[(TELNYX, TX_SIGNATURE), (TELNYX_TIME, &TX_TIME.to_string())])
    }

    fn keys(self, keys: &[&str]) -> Self {
        Self { secrets: Secrets::new(keys.iter().copied()), ..self }
    }

    fn headers(mut self, headers: &[(&'static str, &str)]) -> Self {
        self.headers = headers.iter().map(|(name, value)| (*name, (*value).into())).collect();
        self
    }

    fn body(self, from: &str, to: &str) -> Self {
        assert!(self.body.contains(from), "{from}");
        Self { body: self.body.replacen(from, to, 1), ..self }
    }

    fn url(self, url: &str) -> Self {
        Self { url: url.into(), ..self }
    }

    fn verify(&self) -> Result<(), BadSignature> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
            headers.append(HeaderName::from_bytes(name.as_bytes()).expect("a name"), value);
        }
        let params = Params::read(self.body.as_bytes()).unwrap_or_default();
        let (secrets, body) = (&self.secrets, self.body.as_bytes());
        self.kind.dialect().verify(secrets, self.now, &headers, &self.url, body, &params)
    }
}

#[test]
fn r15_the_published_signatures_fit() {
    for vector in [V1, V2, V3, V6] {
        assert_eq!(Request::twilio(vector).verify(), Ok(()), "{}", vector.0);
    }
    assert_eq!(Request::twilio(V4).keys(&[V4_KEY]).verify(), Ok(()));
}

#[test]
fn r15_a_port_is_signed_or_not() {
    let (bare, https, own) = (
        ("https://voice.example.org/v/in", "rwKlp7Jy+ute5WvGpUyNnKIxmks="),
        ("https://voice.example.org:443/v/in", "Qq+oNQkzmRKggidxEf9rrpzGdKk="),
        ("https://voice.example.org:8443/v/in", "etO54QC1Hzo+kN1oDaXxduhQpWs="),
    );
    for (requested, signed, fits) in [
        (bare, bare, true),
        (bare, https, true),
        (bare, own, false),
        (https, bare, true),
        (https, https, true),
        (own, own, true),
        (own, bare, true),
        (own, https, false),
    ] {
        let verified = Request::twilio((requested.0, "A=1", signed.1)).verify();
        assert_eq!(verified.is_ok(), fits, "{} signed as {}", requested.0, signed.0);
    }
}

#[test]
fn r15_anything_changed_after_signing_is_refused() {
    let v3 = Request::twilio(V3);
    let v4 = Request::twilio(V4).keys(&[V4_KEY]);
    let changed = [
        v3.clone().body("Digits=1", "Digits=2"),
        v3.clone().body("&Digits=1", ""),
        v3.clone().url("https://voice.example.org/v/whisper?call=42&n=4"),
        v3.clone().url("http://voice.example.org/v/whisper?call=42&n=3"),
        v3.clone().url("https://other.example.org/v/whisper?call=42&n=3"),
        v4.clone().body("from=lower&From=%2B266696687", "From=lower&from=%2B266696687"),
        v4.clone().body("FromCity=&", ""),
        v4.clone().body("Tag=a", "Tag=c"),
        v4.clone().url("https://voice.example.org/v/inbound?naam=Andr%C3%A9&x=a%20b"),
        Request::twilio(V1).url(&format!("{}#rc=2", V1.0)),
        Request::twilio(V2).url(&V2.0.replace("0001", "0002")),
        Request::twilio(V1).keys(&["12346"]),
        Request::twilio(V1).keys(&[""]),
        Request::twilio(V1).keys(&[]),
    ];
    for (nth, request) in changed.iter().enumerate() {
        assert_eq!(request.verify(), Err(BadSignature::Mismatch), "number {nth}");
    }
}

#[test]
fn r15_a_header_that_is_no_signature_is_refused() {
    let v1 = |value: &str| Request::twilio((V1.0, V1.1, value)).verify();
    assert_eq!(v1(""), Err(BadSignature::Missing));
    assert_eq!(Request::twilio(V1).headers(&[]).verify(), Err(BadSignature::Missing));
    let unpadded = V1.2.trim_end_matches('=');
    assert_eq!(unpadded.len(), 27);
    assert_eq!(v1(unpadded), Err(BadSignature::Malformed));
    assert_eq!(v1("no signature"), Err(BadSignature::Malformed));
    assert_eq!(v1("é"), Err(BadSignature::Missing));
    // The beginning of a good signature is not a signature.
    assert_eq!(v1("RSOY"), Err(BadSignature::Mismatch));
}

#[test]
fn while_a_key_is_changed_both_are_good() {
    let request = Request::twilio(V1);
    assert_eq!(request.clone().keys(&["old", "12345"]).verify(), Ok(()));
    assert_eq!(request.keys(&["12345", "new"]).verify(), Ok(()));
}

#[test]
fn a_form_without_parameters_in_the_signature_is_refused() {
    // Signed over the address alone: says nothing about this body.
    let bare = Request::twilio(("https://voice.example.org/v/in", "", ""));
    let forged = Request { body: "{\"Digits\":1}".into(), ..bare };
    let forged = forged.headers(&[(TWILIO, "rwKlp7Jy+ute5WvGpUyNnKIxmks=")]);
    assert_eq!(forged.verify(), Err(BadSignature::BodyNotCovered));
    let changed = Request::twilio(V6).body("1}", "2}");
    assert_eq!(changed.verify(), Err(BadSignature::BodyNotCovered));
}

#[test]
fn r15_a_shared_key_signs_with_sha256() {
    let shared = |secrets: Secrets, vector: (&str, &str, &str), signature: &str, settings: &str| {
        let request = Request { secrets, ..Request::twilio(vector) };
        request.headers(&[(TWILIO, signature), (SETTINGS, settings)]).verify()
    };
    let known = Secrets::new(["other"]).with_shared_key("WK1", "12345");
    let v3 = |signature: &str, settings: &str| shared(known.clone(), V3, signature, settings);
    assert_eq!(v3(V3_SHA256, "key=WK1,algorithm=HMAC_SHA256"), Ok(()));
    assert_eq!(v3(V3_SHA256, "algorithm=HMAC_SHA256, key=WK1"), Ok(()));
    let v4 = Secrets::default().with_shared_key("WK2", V4_KEY);
    assert_eq!(shared(v4, V4, V4_SHA256, "key=WK2,algorithm=HMAC_SHA256"), Ok(()));
    for (signature, settings, refused) in [
        (V3_SHA256, "key=WK2,algorithm=HMAC_SHA256", BadSignature::UnknownKey),
        (V3_SHA256, "key=WK1,algorithm=HMAC_MD5", BadSignature::UnknownAlgorithm),
        (V3.2, "key=WK1,algorithm=HMAC_SHA1", BadSignature::UnknownAlgorithm),
        (V3.2, "key=WK1,algorithm=HMAC_SHA256", BadSignature::Mismatch),
        (V3_SHA256, "key=WK1", BadSignature::Malformed),
        (V3_SHA256, "", BadSignature::Malformed),
        ("x", "key=WK1,algorithm=HMAC_SHA256", BadSignature::Malformed),
    ] {
        assert_eq!(v3(signature, settings), Err(refused), "{settings}");
    }
    // A shared key is good only where it is named, the account's token only where none is.
    let token = shared(Secrets::new(["12345"]), V3, V3_SHA256, "key=WK1,algorithm=HMAC_SHA256");
    assert_eq!(token, Err(BadSignature::UnknownKey));
    let unnamed = Request { secrets: known, ..Request::twilio(V3) };
    assert_eq!(unnamed.verify(), Err(BadSignature::Mismatch));
}

#[test]
fn r15_signalwire_signs_in_three_ways() {
    for (header, signature) in [
        (SIGNALWIRE_SHA256, SW_SHA256),
        (SIGNALWIRE, SW_SHA1),
        (SIGNALWIRE, SW_FORM),
        (TWILIO, SW_FORM),
    ] {
        let request = Request::signalwire(header, signature);
        assert_eq!(request.verify(), Ok(()), "{header}");
        let with_port = request.clone().url("https://voice.example.org:443/v/sw?x=1");
        assert_eq!(with_port.verify(), Ok(()), "{header}");
        for wrong in [
            request.clone().body("abc", "abd"),
            request.clone().url("https://voice.example.org/v/sw?x=2"),
            request.clone().keys(&["12345"]),
        ] {
            assert_eq!(wrong.verify(), Err(BadSignature::Mismatch), "{header}");
        }
    }
    assert_eq!(Request::signalwire(SIGNALWIRE, "").verify(), Err(BadSignature::Missing));
    let not_hex = Request::signalwire(SIGNALWIRE_SHA256, SW_FORM);
    assert_eq!(not_hex.verify(), Err(BadSignature::Malformed));
}

#[test]
fn r15_an_older_signature_does_not_excuse_a_newer_one() {
    let both = [(SIGNALWIRE_SHA256, &*"0".repeat(64)), (SIGNALWIRE, SW_SHA1)];
    let request = Request::signalwire(SIGNALWIRE, SW_SHA1).headers(&both);
    assert_eq!(request.verify(), Err(BadSignature::Mismatch));
}

#[test]
fn r15_telnyx_signs_the_time_and_the_body() {
    let good = Request::telnyx();
    assert_eq!(good.verify(), Ok(()));
    assert_eq!(good.clone().keys(&["not a key", TX_KEY]).verify(), Ok(()));
    let other_time = [(TELNYX, TX_SIGNATURE), (TELNYX_TIME, "1735689601")];
    for wrong in [
        good.clone().body("abc", "abd"),
        good.clone().headers(&other_time),
        good.clone().keys(&["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]),
        good.clone().keys(&["not a key"]),
    ] {
        assert_eq!(wrong.verify(), Err(BadSignature::Mismatch));
    }
    for (headers, refused) in [
        (vec![(TELNYX_TIME, "1735689600")], BadSignature::Missing),
        (vec![(TELNYX, TX_SIGNATURE)], BadSignature::Missing),
        (vec![(TELNYX, "AAAA"), (TELNYX_TIME, "1735689600")], BadSignature::Malformed),
        (vec![(TELNYX, TX_SIGNATURE), (TELNYX_TIME, "now")], BadSignature::Malformed),
    ] {
        assert_eq!(good.clone().headers(&headers).verify(), Err(refused));
    }
}

#[test]
fn r15_telnyx_requests_are_good_for_five_minutes() {
    for (seconds, verified) in [
        (300, Ok(())),
        (301, Err(BadSignature::WrongTime)),
        (-300, Ok(())),
        (-301, Err(BadSignature::WrongTime)),
    ] {
        let request = Request { now: Timestamp((TX_TIME + seconds) * 1_000), ..Request::telnyx() };
        assert_eq!(request.verify(), verified, "{seconds} s later");
    }
}

#[test]
fn somleng_signs_like_twilio_but_cannot_screen() {
    let request = Request { kind: Kind::Somleng, ..Request::twilio(V3) };
    assert_eq!(request.verify(), Ok(()));
    assert_eq!(request.body("Digits=1", "Digits=2").verify(), Err(BadSignature::Mismatch));
    assert_eq!(Kind::Somleng.usable(), Err(NoScreening));
}

#[test]
fn r5_every_other_provider_can_screen() {
    for kind in ["twilio", "signalwire", "telnyx"] {
        assert_eq!(Kind::from_word(kind).expect(kind).usable(), Ok(()), "{kind}");
    }
    assert_eq!(Kind::from_word("somleng"), Some(Kind::Somleng));
    assert_eq!(Kind::from_word("Twilio"), None);
}

#[test]
fn a_key_of_the_wrong_form_is_seen_at_start_up() {
    assert!(Kind::Telnyx.dialect().fits_key(TX_KEY));
    assert!(!Kind::Telnyx.dialect().fits_key("KEY0123"));
    assert!(Kind::Twilio.dialect().fits_key("12345"));
    assert!(!Kind::Twilio.dialect().fits_key(""));
}

proptest! {
    #[test]
    fn r15_forged_headers_never_fit_and_never_panic(
        value in "[ -~é]{0,100}", settings in "[ -~]{0,60}", body in ".{0,60}", url in ".{0,60}",
    ) {
        for kind in [Kind::Twilio, Kind::SignalWire, Kind::Telnyx, Kind::Somleng] {
            for headers in [
                vec![(TWILIO, &*value), (SIGNALWIRE, &*value), (TELNYX, &*value)],
                vec![(TWILIO, &*value), (SETTINGS, &*settings), (SIGNALWIRE_SHA256, &*value)],
                vec![(TELNYX, TX_SIGNATURE), (TELNYX_TIME, &*value)],
            ] {
                let request = Request { kind, ..Request::twilio((&url, &body, "")) };
                prop_assert!(request.headers(&headers).keys(&["12345", TX_KEY]).verify().is_err());
            }
        }
    }
}
