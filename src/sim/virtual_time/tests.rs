//! A toy application that is called, works by itself, and calls back.

use std::sync::Arc;
use std::time::Duration;

use super::super::api::{Fields, RestCall};
use super::super::log::What;
use super::super::network::NetworkConfig;
use super::super::number::{CallerId, Number};
use super::super::signature;
use super::super::telephone::{Behaviour, Behind};
use super::*;

const LINE: &str = "+31700002586";
const CALLER: &str = "+31601000001";
const BOS: &str = "+31700010001";
const TOKEN: &str = "een geheim";

fn start() -> Timestamp {
    Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap()
}

fn network() -> Arc<Mutex<Network>> {
    let config = NetworkConfig {
        account: "AC00000000000000000000000000000000".to_owned(),
        lines: vec![Number::new(LINE)],
        voice_url: "http://app.test/voice?x=1".to_owned(),
        fallback_url: None,
        status_url: None,
        api_base: "http://carrier.test".to_owned(),
        delivery: Default::default(),
    };
    Arc::new(Mutex::new(Network::new(config, 1)))
}

/// Keeps silent for an hour, and ends the call by REST a minute after it came in.
struct Toy {
    network: Arc<Mutex<Network>>,
    seen: Vec<HttpRequest>,
    hang_up_at: Option<Timestamp>,
    sid: String,
    worked_at: Vec<Timestamp>,
}

impl Toy {
    fn new(network: &Arc<Mutex<Network>>) -> Self {
        Self {
            network: Arc::clone(network),
            seen: Vec::new(),
            hang_up_at: None,
            sid: String::new(),
            worked_at: Vec::new(),
        }
    }
}

impl Application for Toy {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        let body = String::from_utf8(request.body.clone()).unwrap();
        let sid = body.split('&').find_map(|field| field.strip_prefix("CallSid="));
        self.sid = sid.unwrap().to_owned();
        self.hang_up_at = Some(now + Duration::from_secs(60));
        self.seen.push(request);
        Ok(Response::xml("<Response><Pause length=\"3600\"/></Response>"))
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        self.hang_up_at
    }

    async fn work(&mut self, now: Timestamp) {
        if self.hang_up_at.is_some_and(|at| at <= now) {
            self.hang_up_at = None;
            self.worked_at.push(now);
            let fields = Fields(vec![("Status".to_owned(), "completed".to_owned())]);
            let call = RestCall::UpdateCall { sid: self.sid.clone(), fields };
            assert_eq!(self.network.lock().unwrap().rest(now, call).status, 200);
        }
    }
}

fn pace() -> Pace<'static> {
    let until = start() + Duration::from_secs(7200);
    Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] }
}

fn dial(network: &Mutex<Network>) {
    let from = CallerId::Shown(Number::new(CALLER));
    network.lock().unwrap().dial(start(), from, Number::new(LINE), Vec::new());
}

#[tokio::test]
async fn the_application_is_woken_when_it_wants_to_be_and_may_call_the_rest_side() {
    let network = network();
    dial(&network);
    let mut toy = Toy::new(&network);
    assert_eq!(run(&network, &mut toy, pace()).await, Ended::AtRest);
    assert_eq!(toy.worked_at, [start() + Duration::from_secs(60)]);
    let network = network.lock().unwrap();
    assert!(network.is_quiet());
    let ended = network.log().iter().find(|entry| matches!(entry.what, What::Ended { .. }));
    assert_eq!(ended.unwrap().at, start() + Duration::from_secs(60));
}

#[tokio::test]
async fn r15_a_request_goes_over_as_a_provider_would_sign_and_write_it() {
    let network = network();
    dial(&network);
    let mut toy = Toy::new(&network);
    run(&network, &mut toy, pace()).await;
    let request = &toy.seen[0];
    assert_eq!(request.path_and_query, "/voice?x=1");
    let header = |name: &str| {
        request.headers.iter().find(|(n, _)| *n == name).map(|(_, value)| value.as_str()).unwrap()
    };
    assert!(header("Content-Type").starts_with("application/x-www-form-urlencoded"));
    let body = std::str::from_utf8(&request.body).unwrap();
    let fields: Vec<(String, String)> = body
        .split('&')
        .filter_map(|field| field.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.replace("%2B", "+")))
        .collect();
    let signed = signature::sign(TOKEN, "http://app.test/voice?x=1", &fields);
    assert_eq!(header("X-Twilio-Signature"), signed);
}

#[tokio::test]
async fn nothing_happens_after_the_time_is_up() {
    let network = network();
    dial(&network);
    let mut toy = Toy::new(&network);
    let short = Pace { until: start() + Duration::from_secs(30), ..pace() };
    assert_eq!(run(&network, &mut toy, short).await, Ended::TimeUp);
    assert!(toy.worked_at.is_empty());
    assert_eq!(network.lock().unwrap().live().count(), 1);
}

/// Is never done.
struct Busy;

impl Application for Busy {
    async fn answer(&mut self, _: Timestamp, _: HttpRequest) -> Result<Response, Failure> {
        Ok(Response::status(204))
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        Some(start())
    }
}

#[tokio::test]
async fn an_application_that_is_never_done_is_named_as_such() {
    let network = network();
    assert_eq!(run(&network, &mut Busy, pace()).await, Ended::NeverDone(start()));
}

/// Orders a telephone to be rung in the very answer to the first webhook.
struct Orders {
    network: Arc<Mutex<Network>>,
    to_ring: bool,
    asked: u32,
}

impl Application for Orders {
    async fn answer(&mut self, _: Timestamp, _: HttpRequest) -> Result<Response, Failure> {
        self.to_ring = self.asked == 0;
        self.asked += 1;
        Ok(Response::xml("<Response><Say>Dag</Say></Response>"))
    }

    async fn work(&mut self, now: Timestamp) {
        if std::mem::take(&mut self.to_ring) {
            let fields = [("To", BOS), ("From", LINE), ("Url", "http://app.test/out")];
            let fields = fields.map(|(n, v)| (n.to_owned(), v.to_owned()));
            let call = RestCall::CreateCall(Fields(fields.into()));
            assert_eq!(self.network.lock().unwrap().rest(now, call).status, 201);
        }
    }
}

#[tokio::test]
async fn its_own_work_comes_after_the_answer_or_overtakes_it() {
    for (work_first, order) in [(false, ["document", "rung"]), (true, ["rung", "document"])] {
        let network = network();
        let behaviour = Behaviour::read("picks up after 3").unwrap();
        let behind = Behind::Scripted(vec![behaviour]);
        network.lock().unwrap().add_telephone(Number::new(BOS), behind);
        dial(&network);
        let mut orders = Orders { network: Arc::clone(&network), to_ring: false, asked: 0 };
        let ended = run(&network, &mut orders, Pace { work_first, ..pace() }).await;
        assert_eq!(ended, Ended::AtRest);
        assert_eq!(orders.asked, 2);
        let network = network.lock().unwrap();
        let seen: Vec<_> = network
            .log()
            .iter()
            .filter_map(|entry| match entry.what {
                What::Document { .. } => Some("document"),
                What::Rung { .. } => Some("rung"),
                _ => None,
            })
            .take(2)
            .collect();
        assert_eq!(seen, order);
    }
}

/// Counts what reaches it.
#[derive(Default)]
struct Counts {
    asked: u32,
    restarted: u32,
}

impl Application for Counts {
    async fn answer(&mut self, _: Timestamp, _: HttpRequest) -> Result<Response, Failure> {
        self.asked += 1;
        Ok(Response::xml("<Response><Say>Dag</Say></Response>"))
    }

    async fn restart(&mut self) {
        self.restarted += 1;
    }
}

#[tokio::test]
async fn trouble_strikes_at_its_webhook() {
    for (what, asked, restarted, alarms) in [
        // The network tries once more when the connection fails, and not when time is up.
        (WhatGoesWrong::Unreachable, 1, 0, 0),
        (WhatGoesWrong::AnswerLost, 2, 0, 0),
        (WhatGoesWrong::TooLate, 1, 0, 1),
        (WhatGoesWrong::Restart, 1, 1, 0),
    ] {
        let network = network();
        dial(&network);
        let mut counts = Counts::default();
        let trouble = [Trouble { webhook: 1, what }];
        run(&network, &mut counts, Pace { trouble: &trouble, ..pace() }).await;
        assert_eq!((counts.asked, counts.restarted), (asked, restarted), "{what:?}");
        let network = network.lock().unwrap();
        let raised = network.log().iter().filter(|e| matches!(e.what, What::Alarm { .. })).count();
        assert_eq!(raised, alarms, "{what:?}");
    }
}

#[tokio::test]
async fn it_can_be_started_anew_after_every_webhook() {
    let network = network();
    dial(&network);
    let mut counts = Counts::default();
    run(&network, &mut counts, Pace { restarts: true, ..pace() }).await;
    assert_eq!((counts.asked, counts.restarted), (1, 1));
}

/// Remembers when it was asked, and what about.
#[derive(Default)]
struct Diary(Vec<(Timestamp, String)>);

impl Application for Diary {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        self.0.push((now, request.path_and_query));
        Ok(Response::xml("<Response><Say>Dag</Say></Response>"))
    }
}

#[tokio::test]
async fn r11_delayed_webhooks_overtake_each_other_the_same_way_each_time() {
    let mut diaries = Vec::new();
    for seed in [1, 1, 2] {
        let network = network();
        (0..10).for_each(|_| dial(&network));
        let mut diary = Diary::default();
        let ended = run_with_delays(&network, &mut diary, pace(), seed).await;
        assert_eq!(ended, Ended::AtRest);
        assert!(network.lock().unwrap().is_quiet());
        assert_eq!(diary.0.len(), 10);
        assert!(diary.0.iter().any(|(at, _)| *at > start()), "nothing was late");
        assert!(diary.0.iter().all(|(at, _)| at.since(start()) < Duration::from_secs(2)));
        diaries.push(diary.0);
    }
    assert_eq!(diaries[0], diaries[1]);
    assert_ne!(diaries[0], diaries[2]);
}
