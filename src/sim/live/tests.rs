//! The running network with a toy application, over real HTTP on this machine.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use axum::serve::ListenerExt;

use super::super::delivery::Delivery;
use super::super::leg::Status;
use super::super::log::{By, What};
use super::super::network::NetworkConfig;
use super::super::rest;
use super::super::telephone::Behaviour;
use super::*;

const ACCOUNT: &str = "AC00000000000000000000000000000000";
const LINE: &str = "+31700002586";
const BOS: &str = "+31700010001";
/// So much faster than real time: a call takes a fraction of a second.
const SPEED: f64 = 50.0;

/// What the toy application was asked, in order, and over how many connections.
#[derive(Clone, Default)]
struct Seen {
    paths: Arc<Mutex<Vec<String>>>,
    connections: Arc<Mutex<usize>>,
}

/// One neighbour is rung; 1 joins them.
async fn answer(
    State((seen, base)): State<(Seen, String)>,
    uri: Uri,
    form: String,
) -> axum::response::Response {
    seen.paths.lock().unwrap().push(uri.path().to_owned());
    let inside = match uri.path() {
        "/voice" => format!(
            "<Say language=\"nl-NL\">Een ogenblik.</Say><Dial action=\"{base}/done\" \
             answerOnBridge=\"true\" timeout=\"15\" callerId=\"{LINE}\"><Number url=\"{base}/screen\" \
             statusCallback=\"{base}/leg\" statusCallbackEvent=\"completed\">{BOS}</Number></Dial>"
        ),
        "/screen" => format!(
            "<Gather numDigits=\"1\" timeout=\"6\" action=\"{base}/key\"><Say>Toets 1.</Say></Gather>\
             <Hangup/>"
        ),
        "/key" if form.contains("Digits=1") => String::new(),
        "/key" => "<Hangup/>".to_owned(),
        "/done" => "<Say>Dank u wel.</Say>".to_owned(),
        _ => return StatusCode::NO_CONTENT.into_response(),
    };
    ([(header::CONTENT_TYPE, "text/xml")], format!("<Response>{inside}</Response>")).into_response()
}

/// A town of one telephone, an application, and the provider's REST interface at `api_base`.
struct Town {
    live: Live,
    seen: Seen,
    api_base: String,
    started: Timestamp,
}

impl Town {
    async fn with(bos: Behind) -> Self {
        let seen = Seen::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state((seen.clone(), base.clone()));
        let connections = Arc::clone(&seen.connections);
        let listener = listener.tap_io(move |_| *connections.lock().unwrap() += 1);
        tokio::spawn(async move { axum::serve(listener, app).await });

        let carrier = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let api_base = format!("http://{}", carrier.local_addr().unwrap());
        let config = NetworkConfig {
            account: ACCOUNT.to_owned(),
            lines: vec![Number::new(LINE)],
            voice_url: format!("{base}/voice"),
            fallback_url: None,
            status_url: Some(format!("{base}/status")),
            api_base: api_base.clone(),
            delivery: Delivery::default(),
        };
        let mut network = Network::new(config, 1);
        network.add_telephone(Number::new(BOS), bos);
        let webhooks = Webhooks::signed_with("token").unwrap();
        let started = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
        let live = Live::start(network, webhooks, Pace::from(started, SPEED));
        let rest = rest::router(live.clone(), ACCOUNT, "token");
        tokio::spawn(async move { axum::serve(carrier, rest).await });
        Self { live, seen, api_base, started }
    }

    async fn scripted(does: &str) -> Self {
        Self::with(Behind::Scripted(vec![Behaviour::read(does).unwrap()])).await
    }

    async fn dial(&self) -> LegId {
        let anonymous = CallerId::Withheld("anonymous".to_owned());
        self.live.dial(anonymous, Number::new(LINE), Vec::new()).await.unwrap()
    }

    /// Waits for something of the whole history; a network that never gets there fails the test.
    async fn until(&self, wanted: impl Fn(&What) -> bool) -> LogEntry {
        let found = self.live.until(0, |entry| wanted(&entry.what));
        let patience = Duration::from_secs(20);
        tokio::time::timeout(patience, found).await.expect("it never happened").unwrap()
    }

    async fn rests(&self) -> Vec<LogEntry> {
        let quiet = self.live.quiet();
        tokio::time::timeout(Duration::from_secs(20), quiet).await.expect("never quiet").unwrap();
        self.live.since(0).await.unwrap().0
    }

    async fn rest(
        &self,
        method: reqwest::Method,
        path: &str,
        form: &[(&str, &str)],
    ) -> (u16, serde_json::Value) {
        let url = format!("{}/2010-04-01/Accounts/{ACCOUNT}/{path}", self.api_base);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut asked = client.request(method, url).basic_auth(ACCOUNT, Some("token"));
        if !form.is_empty() {
            asked = asked.form(form);
        }
        let answer = asked.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
    }
}

#[tokio::test]
async fn a_call_goes_over_real_http_from_dialling_to_goodbye() {
    let town = Town::scripted("picks up after 3, presses 1, talks 10").await;
    town.dial().await;
    let log = town.rests().await;
    let joined = log.iter().find(|e| matches!(e.what, What::Joined { .. })).expect("joined");
    // Found after 1 s, rang for 3 s: on the simulated clock, at whatever speed it runs.
    assert!(joined.at.since(town.started) >= Duration::from_secs(4));
    assert!(
        log.iter().any(|e| e.what == What::Ended { status: Status::Completed, by: By::Exchange })
    );
    let paths = town.seen.paths.lock().unwrap().clone();
    let asked: Vec<&str> = paths.iter().map(String::as_str).filter(|p| *p != "/leg").collect();
    assert_eq!(asked, ["/voice", "/screen", "/key", "/done", "/status"]);
    assert!(paths.iter().any(|p| p == "/leg"));
}

#[tokio::test]
async fn a_telephone_can_be_answered_by_hand() {
    let town = Town::with(Behind::Hand).await;
    town.dial().await;
    let bos = town.until(|what| *what == What::Rings).await.leg;
    assert!(town.live.pick_up(bos, Vec::new()).await.unwrap());
    assert!(!town.live.pick_up(bos, Vec::new()).await.unwrap(), "it no longer rings");
    town.until(|what| *what == What::Listening).await;
    town.live.press(bos, '1').await.unwrap();
    let caller = town.until(|what| matches!(what, What::Joined { .. })).await.leg;
    town.live.hang_up(bos).await.unwrap();
    town.until(|what| matches!(what, What::DialEnded { bridged: true, .. })).await;
    town.live.hang_up(caller).await.unwrap();
    town.rests().await;
}

#[tokio::test]
async fn whoever_takes_a_ringing_telephone_over_stops_its_habits() {
    let town = Town::scripted("picks up after 10, presses 1").await;
    town.dial().await;
    let bos = town.until(|what| *what == What::Rings).await.leg;
    town.live.take_over(bos).await.unwrap();
    let log = town.rests().await;
    let of_bos: Vec<_> = log.iter().filter(|e| e.leg == bos).map(|e| &e.what).collect();
    assert!(!of_bos.contains(&&What::Answered));
    assert!(of_bos.contains(&&What::Ended { status: Status::NoAnswer, by: By::Network }));
}

#[tokio::test]
async fn a_machine_can_be_made_to_pick_up() {
    let town = Town::with(Behind::Hand).await;
    town.dial().await;
    let bos = town.until(|what| *what == What::Rings).await.leg;
    let machine = Behaviour::voicemail(Duration::ZERO, Duration::from_secs(30));
    assert!(town.live.pick_up(bos, machine.script).await.unwrap());
    let log = town.rests().await;
    assert!(log.iter().any(|e| matches!(e.what, What::DialEnded { bridged: false, .. })));
}

#[tokio::test]
async fn many_callers_at_once_share_few_connections() {
    let town = Town::scripted("is busy").await;
    for _ in 0..40 {
        town.dial().await;
    }
    let log = town.rests().await;
    let goodbyes =
        log.iter().filter(|e| matches!(&e.what, What::Said { text, .. } if text == "Dank u wel."));
    assert_eq!(goodbyes.count(), 40);
    let asked = town.seen.paths.lock().unwrap().len();
    let connections = *town.seen.connections.lock().unwrap();
    assert!(asked >= 160 && connections <= 80, "{asked} requests over {connections} connections");
}

#[tokio::test]
async fn calls_are_ordered_asked_about_and_ended_over_rest() {
    let town = Town::with(Behind::Hand).await;
    let url = "http://127.0.0.1:9/never";
    let order = [("To", BOS), ("From", LINE), ("Url", url), ("Timeout", "30")];
    let (status, call) = town.rest(reqwest::Method::POST, "Calls.json", &order).await;
    assert_eq!((status, call["status"].as_str()), (201, Some("queued")));
    town.until(|what| *what == What::Rings).await;

    let one = format!("Calls/{}.json", call["sid"].as_str().unwrap());
    let (status, fetched) = town.rest(reqwest::Method::GET, &one, &[]).await;
    assert_eq!((status, fetched["status"].as_str()), (200, Some("ringing")));
    let to = format!("Calls.json?To=%2B{}", &BOS[1..]);
    let (_, listed) = town.rest(reqwest::Method::GET, &to, &[]).await;
    assert_eq!(listed["calls"].as_array().map(Vec::len), Some(1));
    let (_, listed) = town.rest(reqwest::Method::GET, "Calls.json?To=%2B31700010009", &[]).await;
    assert_eq!(listed["calls"].as_array().map(Vec::len), Some(0));

    let (status, _) = town.rest(reqwest::Method::POST, &one, &[("Status", "completed")]).await;
    assert_eq!(status, 200);
    town.until(|what| *what == What::Ended { status: Status::Canceled, by: By::Exchange }).await;
    let (status, _) = town.rest(reqwest::Method::POST, &one, &[("Status", "completed")]).await;
    assert_eq!(status, 400, "it is over already");
}

#[tokio::test]
async fn rest_refuses_strangers_and_says_what_it_does_not_know() {
    let town = Town::with(Behind::Hand).await;
    let base = format!("{}/2010-04-01/Accounts", town.api_base);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let of = |path: &str, token: &'static str| {
        client.get(format!("{base}/{path}")).basic_auth(ACCOUNT, Some(token)).send()
    };
    assert_eq!(of(&format!("{ACCOUNT}/Calls.json"), "wrong").await.unwrap().status(), 401);
    assert_eq!(of("AC1/Calls.json", "token").await.unwrap().status(), 404);
    assert_eq!(of(&format!("{ACCOUNT}/Calls/CA1.json"), "token").await.unwrap().status(), 404);
    assert_eq!(of(&format!("{ACCOUNT}/Recordings/RE1"), "token").await.unwrap().status(), 404);
    let order = [("To", "0700010001"), ("From", LINE), ("Url", "http://127.0.0.1:9/")];
    let (status, fault) = town.rest(reqwest::Method::POST, "Calls.json", &order).await;
    assert_eq!((status, fault["code"].as_u64()), (400, Some(21211)));
    let unreadable = client
        .post(format!("{base}/{ACCOUNT}/Calls.json"))
        .basic_auth(ACCOUNT, Some("token"))
        .body("To")
        .send();
    assert_eq!(unreadable.await.unwrap().status(), 400);
}
