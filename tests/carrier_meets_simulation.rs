//! The exchange's provider side and the simulated carrier share no code. Here they meet over real
//! HTTP: each accepts what the other writes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use burenhulp::carrier::client::Access;
use burenhulp::carrier::signature::{Secrets, signed_url};
use burenhulp::carrier::webhook::LegStatus;
use burenhulp::carrier::{
    Carrier, CarrierError, Kind, Params, PlaceCall, RestCarrier, Sid, Webhook,
};
use burenhulp::domain::{Numbering, Phone, Timestamp};
use burenhulp::sim::clock::Pace;
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::faults::Fault;
use burenhulp::sim::http::Webhooks;
use burenhulp::sim::live::Live;
use burenhulp::sim::log::What;
use burenhulp::sim::number::Number;
use burenhulp::sim::telephone::{Behaviour, Behind};
use burenhulp::sim::{Network, NetworkConfig, rest};

const ACCOUNT: &str = "AC00000000000000000000000000000000";
const TOKEN: &str = "een geheim";
const LINE: &str = "+31700002586";
const NEIGHBOUR: &str = "+31700010001";

/// Every webhook that the exchange's own check and reader let in.
type Accepted = Arc<Mutex<Vec<Webhook>>>;

async fn application(
    State((accepted, public_url)): State<(Accepted, String)>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let params = Params::read(&body).unwrap();
    let url = signed_url(&public_url, &uri.to_string());
    let secrets = Secrets::new([TOKEN]);
    let twilio = Kind::Twilio.dialect();
    if twilio.verify(&secrets, Timestamp(0), &headers, &url, &body, &params).is_err() {
        return StatusCode::FORBIDDEN.into_response();
    }
    accepted.lock().unwrap().push(Webhook::read(&params).unwrap());
    let inside = match uri.path() {
        "/voice" => {
            "<Gather numDigits=\"1\" action=\"/keyed?stap=1\"><Say>Toets één.</Say></Gather>"
        }
        "/keyed" => "<Record action=\"/recorded\" maxLength=\"30\" timeout=\"3\"/>",
        "/recorded" => "<Say>Dank u wel.</Say>",
        _ => return StatusCode::NO_CONTENT.into_response(),
    };
    ([(header::CONTENT_TYPE, "text/xml")], format!("<Response>{inside}</Response>")).into_response()
}

/// A loopback port with the application and the provider's REST interface on it.
struct Meeting {
    live: Live,
    carrier: RestCarrier,
    accepted: Accepted,
    base: String,
}

impl Meeting {
    async fn with(neighbour: &str) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let config = NetworkConfig {
            account: ACCOUNT.to_owned(),
            lines: vec![Number::new(LINE)],
            voice_url: format!("{base}/voice"),
            fallback_url: None,
            status_url: None,
            api_base: base.clone(),
            delivery: Delivery::default(),
        };
        let mut network = Network::new(config, 1);
        let behaviour = Behaviour::read(neighbour).unwrap();
        network.add_telephone(Number::new(NEIGHBOUR), Behind::Scripted(vec![behaviour]));
        let start = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
        let webhooks = Webhooks::signed_with(TOKEN).unwrap();
        let live = Live::start(network, webhooks, Pace::from(start, 50.0));
        let accepted = Accepted::default();
        let app = Router::new()
            .fallback(application)
            .with_state((Arc::clone(&accepted), base.clone()))
            .merge(rest::router(live.clone(), ACCOUNT, TOKEN));
        tokio::spawn(async move { axum::serve(listener, app).await });
        let carrier = RestCarrier::new(Access {
            kind: Kind::Twilio,
            account: ACCOUNT.to_owned(),
            token: TOKEN.to_owned(),
            api_base: base.clone(),
            application: None,
        });
        Self { live, carrier: carrier.unwrap(), accepted, base }
    }

    fn order(&self) -> PlaceCall {
        let phone = |number| Phone::parse(number, Numbering::NlFixtures).unwrap();
        PlaceCall {
            to: phone(NEIGHBOUR),
            from: phone(LINE),
            url: format!("{}/voice", self.base),
            fallback: format!("{}/fallback", self.base),
            status_callback: format!("{}/status", self.base),
            ring_seconds: 20,
            key: "attempt-1".to_owned(),
        }
    }

    /// What is wrong with the provider from now on, written as scenarios write it.
    async fn provider(&self, what: &str) {
        let fault: Fault = toml::from_str(&format!("what = \"{what}\"\nretry_after = 7")).unwrap();
        let now = |network: &mut Network, now| network.provider_is(now, vec![fault]);
        self.live.with(now).await.unwrap();
    }

    async fn calls_made(&self) -> usize {
        let (log, _) = self.live.since(0).await.unwrap();
        log.iter().filter(|entry| matches!(entry.what, What::Rung { .. })).count()
    }

    async fn until(&self, wanted: impl Fn(&What) -> bool) {
        let happens = self.live.until(0, |entry| wanted(&entry.what));
        let patience = Duration::from_secs(20);
        tokio::time::timeout(patience, happens).await.expect("it never happened").unwrap();
    }
}

#[tokio::test]
async fn r15_the_exchange_accepts_every_webhook_and_fetches_what_was_recorded() {
    let meeting = Meeting::with("picks up after 3, presses 1, tone, talk 5").await;
    let sid = meeting.carrier.place(&meeting.order()).await.unwrap();
    meeting.until(|what| matches!(what, What::Recorded { .. })).await;
    tokio::time::timeout(Duration::from_secs(20), meeting.live.quiet()).await.unwrap().unwrap();

    let webhooks = meeting.accepted.lock().unwrap().clone();
    assert!(webhooks.iter().all(|webhook| webhook.call_sid == sid.as_str()));
    assert!(webhooks.iter().any(|webhook| webhook.digits.as_deref() == Some("1")));
    assert!(webhooks.iter().any(|webhook| matches!(webhook.status, LegStatus::Over(_))));
    let recording = webhooks.iter().find_map(|w| w.recording.clone()).expect("a recording");
    assert!((5..=9).contains(&recording.seconds), "{} s", recording.seconds);

    // As at the provider, it can be fetched some seconds after it was made.
    let sound = loop {
        match meeting.carrier.fetch_recording(&recording.url, 1_000_000).await {
            Err(CarrierError::NotYet) => {}
            fetched => break fetched.unwrap(),
        }
    };
    assert_eq!((sound.content_type.as_str(), &sound.bytes[..4]), ("audio/x-wav", &b"RIFF"[..]));
    let recorded = Sid::parse(recording.sid.as_deref().unwrap()).unwrap();
    meeting.carrier.delete_recording(&recorded).await.unwrap();
    let gone = meeting.carrier.fetch_recording(&recording.url, 1_000_000).await;
    assert_eq!(gone.unwrap_err(), CarrierError::NotYet, "it was deleted");
}

#[tokio::test]
async fn what_the_exchange_asks_of_a_provider_is_done() {
    let meeting = Meeting::with("picks up after 60").await;
    let carrier = &meeting.carrier;
    let sid = carrier.place(&meeting.order()).await.unwrap();
    meeting.until(|what| *what == What::Rings).await;
    assert_eq!(carrier.look_up(&sid).await.unwrap(), LegStatus::Ringing);
    let order = meeting.order();
    let found = carrier.find_call(&order.to, &order.from, Timestamp(0)).await.unwrap();
    assert_eq!(found.as_ref(), Some(&sid));

    carrier.hang_up(&sid).await.unwrap();
    carrier.hang_up(&sid).await.expect("what is over already is no error");
    assert!(matches!(carrier.look_up(&sid).await.unwrap(), LegStatus::Over(_)));
    let unknown = Sid::parse("CA00000000000000000000000000000009").unwrap();
    assert_eq!(carrier.look_up(&unknown).await, Err(CarrierError::CallOver));
}

#[tokio::test]
async fn whatever_is_wrong_with_the_provider_the_exchange_knows_whether_it_may_have_rung() {
    let meeting = Meeting::with("rings out").await;
    let unknown = |why| CarrierError::Unknown { why };
    for (what, expected, made) in [
        ("busy", CarrierError::Busy { retry_after: Some(Duration::from_secs(7)) }, 0),
        ("fails", unknown("an error of its own"), 0),
        ("done-and-fails", unknown("an error of its own"), 1),
        ("done-and-cut", unknown("the connection broke"), 1),
        ("bad-number", CarrierError::BadNumber { code: 21_211 }, 0),
        ("down", unknown("an error of its own"), 0),
    ] {
        let before = meeting.calls_made().await;
        meeting.provider(what).await;
        assert_eq!(meeting.carrier.place(&meeting.order()).await, Err(expected), "{what}");
        assert_eq!(meeting.calls_made().await - before, made, "{what}");
    }
}

#[tokio::test]
async fn a_provider_that_says_nothing_is_given_up_by_whoever_asks() {
    let meeting = Meeting::with("rings out").await;
    meeting.provider("done-and-silent").await;
    let order = meeting.order();
    let waiting = meeting.carrier.place(&order);
    tokio::select! {
        answer = waiting => panic!("{answer:?}"),
        () = meeting.until(|what| *what == What::Rings) => {}
    }
    // Whoever looks afterwards finds the call.
    meeting.live.with(|network, now| network.provider_is(now, Vec::new())).await.unwrap();
    let found = meeting.carrier.find_call(&order.to, &order.from, Timestamp(0)).await.unwrap();
    assert!(found.is_some());
}
