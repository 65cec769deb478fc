//! The demo as its page and its neighbours in the process see it.

use std::collections::BTreeSet;

use reqwest::header::{ACCEPT, CONTENT_SECURITY_POLICY, LOCATION};
use reqwest::{Client, RequestBuilder, Response};

use super::*;
use crate::domain::Hours;
use crate::sim::log::What;
use crate::sim::number::CallerId;
use crate::sim::rules::{Known, broken};
use crate::sim::script::Act;

const DESKS: [Desk; 3] = [Desk::OfficeHours, Desk::Open, Desk::Closed];

/// On a Tuesday morning.
pub(super) fn demo() -> Demo {
    let at = Timestamp::parse("2026-11-24T10:00:00+01:00");
    Demo { port: 0, seed: 1, speed: 20.0, at, desk: Desk::Closed, past: 0 }
}

/// Sunday, three in the morning.
fn at_night() -> Timestamp {
    Timestamp::parse("2026-11-29T03:00:00+01:00").unwrap()
}

pub(super) fn town(demo: &Demo) -> (Config, Town) {
    let flows = Flows::built_in();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let database = Path::new("demo.db");
    let config = demo.configuration(address, database, "token", &flows, at_night()).unwrap();
    let town = Town::of(&config, flows.catalogue(), demo.seed, at_night()).unwrap();
    (config, town)
}

/// A demo that runs, and a client that is no browser.
struct Visit {
    running: Running,
    client: Client,
}

impl Visit {
    async fn begin() -> Self {
        let running = demo().start().await.unwrap();
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        Self { running, client: client.build().unwrap() }
    }

    fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    async fn get(&self, path: &str) -> Response {
        self.client.get(self.address(path)).send().await.unwrap()
    }

    fn post(&self, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.client.post(self.address(path)).form(form)
    }

    /// Reads events until one has these words in it.
    async fn until(&self, words: &str) -> String {
        let mut events = self.get("/demo/events").await;
        let read = async {
            let mut all = String::new();
            while !all.contains(words) {
                let chunk = events.chunk().await.unwrap().expect("the events go on");
                all.push_str(&String::from_utf8_lossy(&chunk));
            }
            all
        };
        let patience = Duration::from_secs(20);
        tokio::time::timeout(patience, read).await.unwrap_or_else(|_| panic!("never: {words}"))
    }
}

const CALL: [(&str, &str); 2] = [("who", "unknown"), ("line", "+31700002586")];

#[test]
fn the_town_is_large_and_everybody_has_a_telephone() {
    let (config, town) = town(&demo());
    assert_eq!(config.lines.len(), 2);
    assert!(town.telephones.len() >= 200, "{}", town.telephones.len());
    let numbers: BTreeSet<_> = town.telephones.iter().map(|(number, _)| number).collect();
    assert_eq!(numbers.len(), town.telephones.len());
    assert!(numbers.iter().all(|number| number.is_dutch_fixture()));
}

#[test]
fn the_configuration_is_sound_whenever_the_desk_is_open() {
    for desk in DESKS {
        let (config, _) = town(&Demo { desk, ..demo() });
        let open = config.lines[0].office_hours.is_open(at_night());
        assert_eq!(open, desk != Desk::OfficeHours, "{desk:?}");
        assert_eq!(config.lines[0].ringing_hours, Hours::parse("24/7").unwrap());
    }
}

#[test]
fn somebody_can_be_found_for_everything_in_the_middle_of_the_night() {
    let (config, town) = town(&demo());
    // Around Scheveningen, and around the villages.
    for (line, around) in config.lines.iter().zip([["25", "25"], ["91", "74"]]) {
        for service in &line.services {
            let found = town.people.iter().any(|person| {
                let postcode = person.postcode.to_string();
                around.iter().any(|near| postcode.starts_with(near))
                    && person.services.contains(service)
                    && person.hours.is_open(at_night())
                    && person.opted_in_at.is_some()
                    && person.verified_at.is_some()
            });
            assert!(found, "{}: nobody for {service}", line.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_takes_nothing_from_elsewhere_and_has_nothing_inline() {
    let visit = Visit::begin().await;
    for path in ["/demo", "/demo?lang=en"] {
        let page = visit.get(path).await;
        let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"));
        let text = page.text().await.unwrap();
        for inline in ["style=", "onclick", "<style", "http://", "https://", "javascript:"] {
            assert!(!text.contains(inline), "{path} has {inline}");
        }
        let scripts = text.matches("<script").count();
        assert_eq!(scripts, text.matches("<script src=\"/demo/").count());
    }
    let page = visit.get("/demo").await.text().await.unwrap();
    assert!(page.contains("<html lang=\"nl\">"));
    assert!(page.contains("Het is 10:00 uur. Het loket is dicht."));
    let page = visit.get("/demo?lang=en").await.text().await.unwrap();
    assert!(page.contains("<html lang=\"en\">"));
    for asset in ["/demo/demo.css", "/demo/demo.js", "/demo/live.js"] {
        assert_eq!(visit.get(asset).await.status(), 200, "{asset}");
    }
    visit.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_a_control_leads_back_to_a_page_that_shows_what_it_did() {
    let visit = Visit::begin().await;
    let english = [CALL[0], CALL[1], ("lang", "en")];
    let dialled = visit.post("/demo/dial", &english).send().await.unwrap();
    assert_eq!(dialled.status(), 303);
    assert_eq!(dialled.headers()[LOCATION], "/demo?lang=en");
    visit.until("Dit is Burenhulp Scheveningen").await;
    let page = visit.get("/demo").await.text().await.unwrap();
    assert!(page.contains("data-state=\"live\"") && page.contains("Dit is Burenhulp Scheveningen"));

    let script = visit.post("/demo/hang-up", &[]).header(ACCEPT, "application/json");
    assert_eq!(script.send().await.unwrap().status(), 204);
    visit.until("U hing op").await;
    visit.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_or_harmless() {
    let visit = Visit::begin().await;
    let status = async |path: &str, form: &[(&str, &str)]| {
        visit.post(path, form).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("/demo/dial", &[("who", "+31612345678"), CALL[1]]).await, 400);
    assert_eq!(status("/demo/dial", &[CALL[0], ("line", "112")]).await, 400);
    assert_eq!(status("/demo/dial", &[]).await, 422);
    for key in ["", "11", "a", "é"] {
        assert_eq!(status("/demo/press", &[("key", key)]).await, 400, "{key}");
    }
    // No call, or a telephone that is not there: nothing happens.
    for path in ["press", "hang-up", "pick-up", "let-ring", "voicemail", "talk"] {
        let path = format!("/demo/{path}");
        assert_eq!(status(&path, &[("key", "1")]).await, 303, "{path}");
        assert_eq!(status(&path, &[("key", "1"), ("leg", "4294967295")]).await, 303, "{path}");
    }
    visit.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_cannot_press_anything() {
    let visit = Visit::begin().await;
    let from = async |site: &str| {
        let pressed = visit.post("/demo/dial", &CALL).header("sec-fetch-site", site);
        pressed.send().await.unwrap().status().as_u16()
    };
    assert_eq!(from("cross-site").await, 403);
    assert_eq!(from("same-site").await, 403);
    assert_eq!(from("same-origin").await, 303);
    visit.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_the_demo_answers_only_its_own_carrier() {
    let visit = Visit::begin().await;
    let webhook = [("CallSid", "CA1"), ("From", "anonymous"), ("To", "+31700002586")];
    let unsigned = visit.post("/voice/incoming", &webhook).send().await.unwrap();
    assert_eq!(unsigned.status(), 403);
    let account = "/2010-04-01/Accounts/AC00000000000000000000000000000000/Calls.json";
    assert_eq!(visit.get(account).await.status(), 401);
    visit.running.stop().await;
}

/// Asks for a chat, in their own way, and says afterwards that it worked out.
fn asks(steps: &[&str]) -> Vec<Act> {
    let after = ["joined", "hear 'Is het gelukt'", "press 1"];
    steps.iter().chain(&after).map(|step| Act::read(step).unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_hour_of_callers_at_once_breaks_no_rule() {
    let running = Demo { speed: 100.0, ..demo() }.start().await.unwrap();
    let (config, town) = town(&demo());
    let live = running.network();
    let shown = |number: &str| CallerId::Shown(Number::new(number));
    let [scheveningen, villages] = ["+31700002586", "+31519002586"].map(Number::new);
    for at in 0..12 {
        let postcode = format!("press {}", [2581, 2582, 2583, 2584, 2586, 2587][at % 6]);
        let service = format!("press {}", 1 + at % 4);
        let stranger = asks(&[
            "hear 'praatje'",
            &service,
            "hear 'vier cijfers'",
            &postcode,
            "hear 'Klopt dat?'",
            "press 1",
        ]);
        let number = format!("+3160100{at:04}");
        live.dial(shown(&number), scheveningen.clone(), stranger).await.unwrap();
    }
    let villagers = town.people.iter().filter(|person| person.postcode.to_string() == "7437");
    for person in villagers.take(6) {
        let known = asks(&["hear 'praatje'", "press 4", "hear 'Is het voor'", "press 1"]);
        live.dial(shown(person.phone.e164()), villages.clone(), known).await.unwrap();
    }
    let quiet = tokio::time::timeout(Duration::from_secs(120), live.quiet());
    quiet.await.expect("everything comes to rest").unwrap();

    let (log, _) = live.since(0).await.unwrap();
    let desks = config.lines.iter().flat_map(|line| &line.desk);
    let known = Known {
        desks: desks.map(|desk| Number::new(desk.e164())).collect(),
        names: town.people.iter().map(|person| person.name.clone()).collect(),
        ..Known::lines(["+31700002586", "+31519002586"])
    };
    assert_eq!(broken(&log, &known), Vec::<String>::new());
    let count = |wanted: fn(&What) -> bool| log.iter().filter(|e| wanted(&e.what)).count();
    assert_eq!(count(|what| matches!(what, What::Dialled { .. })), 18);
    assert_eq!(
        count(|what| matches!(what, What::Alarm { .. })),
        0,
        "the provider has no complaint"
    );
    assert!(count(|what| matches!(what, What::Joined { .. })) >= 6, "most find somebody");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_told_with_a_way_on() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let fault = Demo { port, ..demo() }.start().await.err().expect("it cannot start");
    let expected = format!("port {port} cannot be used; choose another with --port");
    assert_eq!(fault.to_string(), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_behind() {
    let running = demo().start().await.unwrap();
    let directory = running.directory.path().to_owned();
    assert!(directory.join("demo.db").exists());
    running.stop().await;
    assert!(!directory.exists());
}
