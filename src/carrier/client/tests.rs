//! The client against a provider on this machine that says what a test lets it say.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response as Reply, StatusCode};

use super::recording::Whose;
use super::*;
use crate::carrier::form::Params;

/// One request as it arrived.
#[derive(Debug, Clone)]
struct Heard {
    what: String,
    authorisation: String,
    key: String,
    form: Vec<(String, String)>,
}

impl Heard {
    fn values(&self, name: &str) -> Vec<&str> {
        self.form.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
    }
}

#[derive(Clone, Default)]
struct Provider {
    replies: Arc<Mutex<VecDeque<Reply<Body>>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Provider {
    /// A provider that gives these answers, one after another, and then none at all.
    async fn that_says(replies: impl IntoIterator<Item = Reply<Body>>) -> (Self, String) {
        let provider = Self::default();
        provider.replies.lock().expect("one test").extend(replies);
        let router = Router::new().fallback(answer).with_state(provider.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        (provider, base)
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().expect("one test").clone()
    }

    fn only(&self) -> Heard {
        let [heard] = self.heard().try_into().expect("exactly one request");
        heard
    }
}

async fn answer(State(provider): State<Provider>, request: Request) -> Reply<Body> {
    let authorisation = header(&request, "authorization");
    let key = header(&request, "idempotency-key");
    let what = format!("{} {}", request.method(), request.uri());
    let body = axum::body::to_bytes(request.into_body(), 100_000).await.expect("a small body");
    let form = Params::read(&body).expect("a form");
    let form = form.iter().map(|(name, value)| (name.into(), value.into())).collect();
    provider.heard.lock().expect("one test").push(Heard { what, authorisation, key, form });
    let reply = provider.replies.lock().expect("one test").pop_front();
    match reply {
        Some(reply) => reply,
        None => std::future::pending().await,
    }
}

fn header(request: &Request, name: &str) -> String {
    let value = request.headers().get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

fn says(status: u16, body: &str) -> Reply<Body> {
    let mut reply = Reply::new(Body::from(body.to_owned()));
    *reply.status_mut() = StatusCode::from_u16(status).expect("a status");
    reply
}

fn with_header(mut reply: Reply<Body>, name: &'static str, value: &str) -> Reply<Body> {
    reply.headers_mut().insert(name, value.parse().expect("a header's value"));
    reply
}

fn client_of(kind: Kind, base: &str) -> RestCarrier {
    let access = Access {
        kind,
        account: "AC00000000000000000000000000000000".into(),
        token: "12345".into(),
        api_base: base.into(),
        application: (kind == Kind::Telnyx).then(|| "170001".into()),
    };
    // Long enough for this machine at its busiest, short enough for a test of no answer at all.
    RestCarrier::with_time_outs(access, CONNECT, Duration::from_millis(1_500)).expect("an address")
}

async fn twilio(replies: impl IntoIterator<Item = Reply<Body>>) -> (Provider, RestCarrier) {
    let (provider, base) = Provider::that_says(replies).await;
    (provider, client_of(Kind::Twilio, &base))
}

fn phone(e164: &str) -> Phone {
    Phone::from_stored(e164).expect("a fixture number")
}

fn sid(text: &str) -> Sid {
    Sid::parse(text).expect("an id")
}

fn call() -> PlaceCall {
    PlaceCall {
        to: phone("+31601000001"),
        from: phone("+31700002586"),
        url: "https://h.example/voice/answered?n=3".into(),
        fallback: "https://h.example/voice/fallback".into(),
        status_callback: "https://h.example/voice/leg?n=3".into(),
        ring_seconds: 20,
        key: "attempt-7".into(),
    }
}

const ACCOUNT: &str = "/2010-04-01/Accounts/AC00000000000000000000000000000000";

#[tokio::test]
async fn a_call_is_placed_with_the_lines_number_and_every_event() {
    let (provider, client) = twilio([says(201, r#"{"sid":"CA1","status":"queued"}"#)]).await;
    assert_eq!(client.place(&call()).await, Ok(sid("CA1")));
    let heard = provider.only();
    assert_eq!(heard.what, format!("POST {ACCOUNT}/Calls.json"));
    let basic = "Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDoxMjM0NQ==";
    assert_eq!((heard.authorisation.as_str(), heard.key.as_str()), (basic, "attempt-7"));
    for (name, value) in [
        ("To", "+31601000001"),
        ("From", "+31700002586"),
        ("Url", "https://h.example/voice/answered?n=3"),
        ("Method", "POST"),
        ("FallbackUrl", "https://h.example/voice/fallback"),
        ("FallbackMethod", "POST"),
        ("StatusCallback", "https://h.example/voice/leg?n=3"),
        ("StatusCallbackMethod", "POST"),
        ("Timeout", "15"),
    ] {
        assert_eq!(heard.values(name), [value], "{name}");
    }
    let events = ["initiated", "ringing", "answered", "completed"];
    assert_eq!(heard.values("StatusCallbackEvent"), events);
    assert!(heard.values("ApplicationSid").is_empty());
}

#[tokio::test]
async fn telnyx_is_asked_in_its_own_way() {
    let (provider, base) =
        Provider::that_says([says(200, r#"{"sid":"v3:aB-_c"}"#), says(200, "{}")]).await;
    let client = client_of(Kind::Telnyx, &base);
    let placed = client.place(&call()).await.expect("placed");
    client.hang_up(&placed).await.expect("hung up");
    let [place, hang_up] = provider.heard().try_into().expect("two requests");
    let account = ACCOUNT.replace("/2010-04-01/", "/v2/texml/");
    assert_eq!(place.what, format!("POST {account}/Calls"));
    assert_eq!(place.authorisation, "Bearer 12345");
    assert_eq!(place.values("Timeout"), ["20"]);
    assert_eq!(place.values("StatusCallbackEvent"), ["initiated ringing answered completed"]);
    assert_eq!(place.values("ApplicationSid"), ["170001"]);
    assert_eq!(hang_up.what, format!("POST {account}/Calls/v3%3AaB-_c"));
}

#[tokio::test]
async fn signalwire_has_its_own_base_and_an_address_may_have_a_path() {
    let (provider, base) = Provider::that_says([says(200, r#"{"sid":"CA1"}"#)]).await;
    let client = client_of(Kind::SignalWire, &format!("{base}/proxy/"));
    client.place(&call()).await.expect("placed");
    let account = ACCOUNT.replace("/2010-04-01", "/api/laml/2010-04-01");
    assert_eq!(provider.only().what, format!("POST /proxy{account}/Calls.json"));
}

#[tokio::test]
async fn r12_each_refusal_of_a_call_says_whether_to_try_again() {
    for (status, body, expected, safe) in [
        (429, r#"{"code":20429}"#, CarrierError::Busy { retry_after: None }, true),
        (400, r#"{"code":21211}"#, CarrierError::BadNumber { code: 21_211 }, false),
        (400, r#"{"code":21215}"#, refused(400, Some(21_215)), false),
        (401, r#"{"code":20003}"#, refused(401, Some(20_003)), false),
        (404, r#"{"code":20404}"#, refused(404, Some(20_404)), false),
        (422, r#"{"errors":[{"code":"10002"}]}"#, refused(422, Some(10_002)), false),
        (403, "<html>", refused(403, None), false),
        (302, "", refused(302, None), false),
        (500, "", CarrierError::Unknown { why: "an error of its own" }, false),
        (503, r#"{"code":20429}"#, CarrierError::Unknown { why: "an error of its own" }, false),
        (201, "not JSON", UNREADABLE, false),
        (201, r#"{"status":"queued"}"#, UNREADABLE, false),
        (201, r#"{"sid":"not an id"}"#, UNREADABLE, false),
    ] {
        let (provider, client) = twilio([says(status, body)]).await;
        let error = client.place(&call()).await.expect_err(body);
        assert_eq!((error, error.retry_is_safe()), (expected, safe), "{status} {body}");
        provider.only();
    }
}

fn refused(status: u16, code: Option<u32>) -> CarrierError {
    CarrierError::Refused { status, code }
}

#[tokio::test]
async fn without_an_answer_it_is_not_known_whether_it_rings() {
    let (provider, client) = twilio([]).await;
    let error = client.place(&call()).await.expect_err("no answer");
    assert_eq!(error, CarrierError::Unknown { why: "no answer in time" });
    assert!(!error.retry_is_safe());
    provider.only();
}

#[tokio::test]
async fn without_a_connection_nothing_was_asked() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let error = client_of(Kind::Twilio, &base).place(&call()).await.expect_err("nobody listens");
    assert_eq!(error, CarrierError::Unreachable);
    assert!(error.retry_is_safe());
}

#[tokio::test]
async fn a_running_leg_is_sent_to_another_document() {
    let (provider, client) = twilio([says(200, "{}")]).await;
    let url = "https://h.example/voice/step?n=4";
    assert_eq!(client.redirect(&sid("CA1"), url).await, Ok(()));
    let heard = provider.only();
    assert_eq!(heard.what, format!("POST {ACCOUNT}/Calls/CA1.json"));
    assert_eq!((heard.values("Url"), heard.values("Method")), (vec![url], vec!["POST"]));
}

#[tokio::test]
async fn hanging_up_a_call_that_is_over_is_no_error() {
    for replies in [
        vec![says(200, r#"{"status":"completed"}"#)],
        vec![says(400, r#"{"code":21220}"#)],
        vec![says(404, r#"{"code":20404}"#)],
        // In words of its own: whether it is over is looked up.
        vec![says(422, r#"{"errors":[{"code":"77"}]}"#), says(200, r#"{"status":"completed"}"#)],
        vec![says(422, ""), says(404, "")],
    ] {
        let (provider, client) = twilio(replies).await;
        assert_eq!(client.hang_up(&sid("CA1")).await, Ok(()));
        assert_eq!(provider.heard()[0].values("Status"), ["completed"]);
    }
}

#[tokio::test]
async fn a_refused_change_of_a_call_that_still_runs_is_an_error() {
    let (_, client) = twilio([says(400, "{}"), says(200, r#"{"status":"in-progress"}"#)]).await;
    assert_eq!(client.hang_up(&sid("CA1")).await, Err(refused(400, None)));
    let (_, client) = twilio([says(400, r#"{"code":21220}"#)]).await;
    assert_eq!(client.redirect(&sid("CA1"), "x").await, Err(CarrierError::CallOver));
    let (_, client) = twilio([says(500, "")]).await;
    let unknown = CarrierError::Unknown { why: "an error of its own" };
    assert_eq!(client.hang_up(&sid("CA1")).await, Err(unknown));
}

#[tokio::test]
async fn a_leg_can_be_looked_up() {
    let (provider, client) = twilio([says(200, r#"{"status":"no-answer"}"#), says(404, "")]).await;
    let over = LegStatus::Over(crate::dispatch::Ending::NoAnswer);
    assert_eq!(client.look_up(&sid("CA1")).await, Ok(over));
    assert_eq!(client.look_up(&sid("CA2")).await, Err(CarrierError::CallOver));
    assert_eq!(provider.heard()[0].what, format!("GET {ACCOUNT}/Calls/CA1.json"));
}

#[tokio::test]
async fn a_call_of_unknown_outcome_is_found_again() {
    let list = r#"{"calls":[
        {"sid":"CA4","to":"+31601000002","from":"+31700002586","date_created":"Tue, 24 Nov 2026 09:00:09 +0000"},
        {"sid":"CA3","to":"+31601000001","from":"+31700002586","date_created":"Tue, 24 Nov 2026 09:00:05 +0000","start_time":null},
        {"sid":"CA2","date_created":"2026-11-24T09:00:04Z"},
        {"sid":"CA1","date_created":"Tue, 24 Nov 2026 08:59:59 +0000"},
        {"sid":"CA0"}]}"#;
    let (to, from) = (phone("+31601000001"), phone("+31700002586"));
    for (since, found) in [
        ("2026-11-24T10:00:00+01:00", Some("CA3")),
        ("2026-11-24T10:00:05.900+01:00", Some("CA3")),
        ("2026-11-24T10:00:06+01:00", None),
    ] {
        let (provider, client) = twilio([says(200, list)]).await;
        let since = Timestamp::parse(since).expect(since);
        assert_eq!(client.find_call(&to, &from, since).await, Ok(found.map(sid)), "{since:?}");
        let query = "To=%2B31601000001&From=%2B31700002586&PageSize=20";
        assert_eq!(provider.only().what, format!("GET {ACCOUNT}/Calls.json?{query}"));
    }
    let (_, client) = twilio([says(200, "[]")]).await;
    assert_eq!(client.find_call(&to, &from, Timestamp(0)).await, Err(UNREADABLE));
}

#[tokio::test]
async fn a_recording_is_fetched_with_its_type() {
    let sound = with_header(says(200, "RIFF"), "content-type", "audio/x-wav; rate=8000");
    let (provider, client) = twilio([sound]).await;
    // A name that somebody put into the address is not used.
    let url = client.base.join("/Recordings/RE1").expect("an address");
    let url = url.as_str().replace("http://", "http://jan:x@");
    let sound = client.fetch_recording(&url, 4).await.expect("fetched");
    assert_eq!(
        (sound.content_type.as_str(), sound.bytes.as_slice()),
        ("audio/x-wav", &b"RIFF"[..])
    );
    assert_eq!(format!("{sound:?}"), "Sound(audio/x-wav, 4 bytes)");
    let heard = provider.only();
    assert_eq!(heard.what, "GET /Recordings/RE1");
    assert!(heard.authorisation.starts_with("Basic QUMw"), "our own, not the one in the address");
}

#[tokio::test]
async fn a_recording_is_asked_for_at_the_provider_only() {
    let (provider, client) = twilio([]).await;
    let port = client.base.port().expect("bound");
    for url in [
        "http://169.254.169.254/latest/meta-data",
        "https://evil.example/RE1",
        "https://s3.amazonaws.com/telephony-recorder-prod/RE1",
        &format!("http://127.0.0.1:{}/RE1", port.wrapping_add(1)),
        "http://127.0.0.1/RE1",
        &format!("http://127.0.0.1:{port}@evil.example/RE1"),
        "file:///etc/passwd",
        "/RE1",
        "",
    ] {
        let fetched = client.fetch_recording(url, 1_000).await;
        assert_eq!(fetched, Err(CarrierError::Elsewhere), "{url}");
    }
    assert!(provider.heard().is_empty());
}

#[test]
fn telnyx_keeps_recordings_in_a_store_of_its_own() {
    let client = client_of(Kind::Telnyx, "https://api.telnyx.example");
    let leads = |url: &str| match client.whose(&Url::parse(url).expect(url)) {
        Some(Whose::Store(_)) => "store",
        Some(Whose::Provider(own)) if own.scheme() == "https" => "provider",
        Some(Whose::Provider(_)) => "provider, in the clear",
        None => "a stranger",
    };
    assert_eq!(leads("https://s3.amazonaws.com/telephony-recorder-prod/a.wav?X=1"), "store");
    assert_eq!(leads("https://api.telnyx.example/v2/recordings/1"), "provider");
    assert_eq!(leads("http://api.telnyx.example/v2/recordings/1"), "provider");
    for url in [
        "https://s3.amazonaws.com/somebody-else/a.wav",
        "https://s3.amazonaws.com/telephony-recorder-prod/../somebody-else/a.wav",
        "http://s3.amazonaws.com/telephony-recorder-prod/a.wav",
        "https://s3.amazonaws.com:8443/telephony-recorder-prod/a.wav",
        "https://api.telnyx.example:8443/v2/recordings/1",
    ] {
        assert_eq!(leads(url), "a stranger", "{url}");
    }
}

#[tokio::test]
async fn a_redirect_is_followed_at_the_provider_and_nowhere_else() {
    let to = |url: &str| with_header(says(302, ""), "location", url);
    let (provider, client) = twilio([to("/Recordings/RE2"), says(200, "RIFF")]).await;
    let url = client.base.join("/Recordings/RE1").expect("an address");
    let sound = client.fetch_recording(url.as_str(), 100).await.expect("fetched");
    assert_eq!(sound.content_type, "application/octet-stream");
    assert_eq!(provider.heard()[1].what, "GET /Recordings/RE2");

    for replies in
        [vec![to("http://169.254.169.254/")], vec![to("/a"), to("/b"), to("/c"), to("/d")]]
    {
        let asked = replies.len();
        let (provider, client) = twilio(replies).await;
        let url = client.base.join("/Recordings/RE1").expect("an address");
        let fetched = client.fetch_recording(url.as_str(), 100).await;
        assert_eq!(fetched, Err(CarrierError::Elsewhere));
        assert_eq!(provider.heard().len(), asked);
    }
}

#[tokio::test]
async fn a_busy_provider_says_when_to_come_back() {
    for (said, understood) in
        [("30", Some(30)), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("", None)]
    {
        let mut busy = says(429, "");
        busy.headers_mut().insert("Retry-After", said.parse().expect("a header"));
        let (_, client) = twilio([busy]).await;
        let fault = client.place(&call()).await.expect_err("busy");
        assert_eq!(fault.retry_after(), understood.map(Duration::from_secs), "{said:?}");
    }
}

#[tokio::test]
async fn a_recording_may_not_be_there_yet_or_be_too_large() {
    let streamed = |text: &'static str| {
        let chunks = text.as_bytes().chunks(3).map(Ok::<_, std::io::Error>);
        Reply::new(Body::from_stream(tokio_stream::iter(chunks)))
    };
    for (reply, expected) in [
        (says(404, ""), Err(CarrierError::NotYet)),
        (says(200, "12345678"), Ok(8)),
        (says(200, "123456789"), Err(CarrierError::TooLarge { max_bytes: 8 })),
        (streamed("12345678"), Ok(8)),
        (streamed("123456789"), Err(CarrierError::TooLarge { max_bytes: 8 })),
        (says(429, ""), Err(CarrierError::Busy { retry_after: None })),
        (says(401, ""), Err(refused(401, None))),
    ] {
        let (_, client) = twilio([reply]).await;
        let url = client.base.join("/Recordings/RE1").expect("an address");
        let fetched = client.fetch_recording(url.as_str(), 8).await;
        assert_eq!(fetched.map(|sound| sound.bytes.len()), expected);
    }
}

#[tokio::test]
async fn deleting_a_recording_that_is_gone_is_no_error() {
    for (reply, expected) in
        [(says(204, ""), Ok(())), (says(404, ""), Ok(())), (says(401, ""), Err(refused(401, None)))]
    {
        let (provider, client) = twilio([reply]).await;
        assert_eq!(client.delete_recording(&sid("RE1")).await, expected);
        assert_eq!(provider.only().what, format!("DELETE {ACCOUNT}/Recordings/RE1.json"));
    }
}

#[test]
fn settings_that_lead_nowhere_are_refused_in_words() {
    let access = |api_base: &str, account: &str| {
        let access = Access {
            kind: Kind::Twilio,
            account: account.into(),
            token: "12345".into(),
            api_base: api_base.into(),
            application: None,
        };
        RestCarrier::new(access).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(access("https://api.twilio.com", "AC1"), Ok(()));
    for base in ["", "api.twilio.com", "ftp://api.twilio.com", "file:///tmp"] {
        let said = access(base, "AC1").expect_err(base);
        assert!(said.starts_with("api_base is not"), "{said}");
    }
    let said = access("https://api.twilio.com", "A C").expect_err("a blank");
    assert!(said.starts_with("account is not"), "{said}");
}

#[test]
fn r14_no_error_or_debug_shows_a_number() {
    let shown = format!("{:?}", call());
    assert!(!shown.contains("01000001") && !shown.contains("0002586"), "{shown}");
}
