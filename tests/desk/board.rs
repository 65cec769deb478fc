//! The board: who sees which call, how it changes while it is read, and who is told nothing.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, header};
use burenhulp::domain::{Phone, Postcode, Role, Timestamp};
use burenhulp::sim::virtual_time::{self, Pace};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::house::TOKEN;
use crate::house::desk::{Page, Visitor};

const AT: &str = "2026-11-24T10:00:00+01:00";

/// Somebody asks for a chat. Bos says no, Visser yes.
const A_CALL: &str = r#"
title = "A call on the board"
at = "2026-11-24T10:00:00+01:00"
[[caller]]
does = "presses 1, presses 4, presses 2584, presses 1, joined, presses 1"
ends = "goodbye"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 2"
[[neighbour]]
name = "visser"
does = "picks up after 6, presses 1, talks 30"
[[desk]]
name = "balie"
does = "picks up after 3, presses 1, talks 20"
"#;

/// A house in which that call is about to come.
async fn house() -> House {
    House::of(&Scenario::read("board", A_CALL).unwrap(), Delivery::default()).await
}

/// So many seconds after ten everything until then has happened.
async fn until(house: &mut House, seconds: u64) {
    let network = Arc::clone(house.network());
    let until = Timestamp::parse(AT).unwrap() + Duration::from_secs(seconds);
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    virtual_time::run(&network, house, pace).await;
    house.set_clock(until);
}

/// Until the page of this visitor has these words.
async fn until_it_says(house: &mut House, who: &Visitor, words: &str) -> (u64, Page) {
    for seconds in (0..600).step_by(2) {
        until(house, seconds).await;
        let page = house.get(who, "/loket").await;
        if page.body.contains(words) {
            return (seconds, page);
        }
    }
    panic!("the board never said {words:?}");
}

async fn operator(house: &House, line: &str) -> Visitor {
    let line = Phone::from_stored(line).unwrap();
    house.operator("Kees", Role::Operator, &[line], &[]).await
}

const LINE: &str = "+31700002586";
const OTHER_LINE: &str = "+31519002586";

#[tokio::test]
async fn a_call_goes_over_the_board_from_the_menu_to_its_end() {
    let mut house = house().await;
    let kees = operator(&house, LINE).await;
    let page = house.get(&kees, "/loket").await;
    assert!(page.body.contains("Er belt nu niemand"), "{}", page.body);
    assert!(!page.body.contains("<article"));

    let (_, page) = until_it_says(&mut house, &kees, "kiest met de toetsen").await;
    assert!(page.body.contains("Onbekend") && page.body.contains("nog geen vraag"));
    assert!(page.body.contains("<q lang=\"nl\">"), "what the caller heard: {}", page.body);
    let (_, page) = until_it_says(&mut house, &kees, "wacht: een buur wordt gebeld").await;
    assert!(page.body.contains("een praatje") && page.body.contains("2584"), "{}", page.body);
    assert!(page.body.contains("Wij zoeken iemand bij u in de buurt."));
    assert!(page.body.contains("zelfde postcode"), "why this person: {}", page.body);
    let (_, page) = until_it_says(&mut house, &kees, "nu niet").await;
    assert!(page.body.contains("wacht: zo volgt iemand anders"), "{}", page.body);
    until_it_says(&mut house, &kees, "Het komt net niet uit.").await;
    let (at, page) = until_it_says(&mut house, &kees, "praat met een buur").await;
    assert!(page.body.contains("ja, verbonden"));
    let (_, page) = until_it_says(&mut house, &kees, "klaar: sprak een buur").await;
    assert!(page.body.contains("<strong>0</strong> gesprekken"), "{}", page.body);
    until(&mut house, at + 200).await;
    assert!(!house.get(&kees, "/loket").await.body.contains("<article"), "it is taken off");
}

#[tokio::test]
async fn a_call_is_seen_by_its_line_its_area_and_administrators_and_by_no_others() {
    let mut house = house().await;
    let here = operator(&house, LINE).await;
    let line = Phone::from_stored(OTHER_LINE).unwrap();
    let elsewhere = house.operator("Jan", Role::Operator, &[line], &[]).await;
    let chief = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let [area, other_area] = [2584, 9101].map(|number| [Postcode::try_from(number).unwrap()]);
    let near = house.operator("Piet", Role::Coordinator, &[], &area).await;
    let far = house.operator("Sjoukje", Role::Coordinator, &[], &other_area).await;

    until_it_says(&mut house, &here, "kiest met de toetsen").await;
    let sees = async |house: &House, who: &Visitor| {
        house.get(who, "/loket").await.body.contains("<article")
    };
    assert!(sees(&house, &chief).await);
    assert!(!sees(&house, &near).await, "nobody knows yet where it is");
    until_it_says(&mut house, &here, "een buur wordt gebeld").await;
    assert!(sees(&house, &near).await && sees(&house, &chief).await);
    assert!(!sees(&house, &far).await && !sees(&house, &elsewhere).await);
    let steers = |page: Page| page.body.contains("/overnemen");
    assert!(steers(house.get(&here, "/loket").await));
    assert!(!steers(house.get(&near, "/loket").await), "a coordinator does not steer calls");
    for who in [&far, &elsewhere] {
        let events = house.get(who, "/loket/nu/gebeurtenissen").await.body;
        assert!(!events.contains("praatje") && events.contains("\"only\""), "{events}");
    }
}

/// Somebody's browser that reads the events.
struct Console {
    events: Pin<Box<dyn Stream<Item = String>>>,
}

impl Console {
    async fn open(house: &House, who: &Visitor, seen: &str) -> Self {
        let asked = Request::get(format!("/loket/nu/gebeurtenissen?na={seen}"))
            .header(header::COOKIE, &who.cookies)
            .body(Body::empty())
            .unwrap();
        let answer = house.app().1.clone().oneshot(asked).await.unwrap();
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        let events = answer.into_body().into_data_stream();
        let events = events.map(|bytes| String::from_utf8(bytes.unwrap().into()).unwrap());
        Self { events: Box::pin(events) }
    }

    /// The next event.
    async fn next(&mut self) -> Value {
        let patience = Duration::from_secs(20);
        loop {
            let text = tokio::time::timeout(patience, self.events.next()).await;
            let text = text.expect("an event in time").expect("the events go on");
            if let Some(data) = text.lines().find_map(|line| line.strip_prefix("data: ")) {
                return serde_json::from_str(data).unwrap();
            }
        }
    }

    /// Events until one says this, all in one text.
    async fn until(&mut self, words: &str) -> String {
        let mut all = String::new();
        while !all.contains(words) {
            all += &self.next().await.to_string();
        }
        all
    }
}

/// What a page says that it shows.
fn shown(page: &Page) -> String {
    let (_, rest) = page.body.split_once("gebeurtenissen?na=").expect("the address of its events");
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_console_is_sent_rows_as_they_come_their_parts_as_they_change_and_their_end() {
    let mut house = house().await;
    let kees = operator(&house, LINE).await;
    let page = house.get(&kees, "/loket").await;
    let mut console = Console::open(&house, &kees, &shown(&page)).await;
    let first = console.next().await;
    assert_eq!(first["only"]["rows"], serde_json::json!([]));

    until(&mut house, 5).await;
    let row = console.until("rows>c1").await;
    assert!(row.contains("<article"), "{row}");
    until(&mut house, 60).await;
    let parts = console.until("een buur wordt gebeld").await;
    assert!(parts.contains("c1-head") && !parts.contains("rows>c1"), "only what changed: {parts}");
    assert!(parts.contains("c1-acts") && parts.contains(&kees.key), "with the key of their forms");
    until_it_says(&mut house, &kees, "klaar: sprak een buur").await;
    console.until("klaar: sprak een buur").await;
    // Nothing more is committed: it goes by itself.
    let now = house.app().0.exchange.now();
    house.set_clock(now + Duration::from_secs(21));
    console.until("\"rows>c1\":null").await;
}

#[tokio::test]
async fn a_browser_that_lost_the_connection_is_sent_what_it_missed_and_no_more() {
    let mut house = house().await;
    let kees = operator(&house, LINE).await;
    until_it_says(&mut house, &kees, "kiest met de toetsen").await;
    let page = house.get(&kees, "/loket").await;
    let up_to_date = Console::open(&house, &kees, &shown(&page)).await.next().await;
    assert_eq!(up_to_date["only"]["rows"], serde_json::json!(["c1"]));
    assert!(up_to_date.get("rows>c1").is_none() && up_to_date.get("c1-head").is_none());

    until_it_says(&mut house, &kees, "een buur wordt gebeld").await;
    let missed = Console::open(&house, &kees, &shown(&page)).await.next().await;
    assert!(missed["c1-head"].as_str().unwrap().contains("een buur wordt gebeld"), "{missed}");
    assert!(missed.get("rows>c1").is_none());
    // Another process numbers its readings anew: everything is sent.
    for odd in ["1-1", "", "x", "9223372036854775807-99999999999999999999", "-"] {
        let all = Console::open(&house, &kees, odd).await.next().await;
        assert!(all["rows>c1"].as_str().unwrap().contains("<article"), "{odd}: {all}");
    }
}

#[tokio::test]
async fn switched_off_somebody_is_sent_away_from_an_open_board() {
    let house = house().await;
    let kees = operator(&house, LINE).await;
    let mut console = Console::open(&house, &kees, "").await;
    console.next().await;
    let (id, now) = (kees.id.unwrap(), house.app().0.exchange.now());
    house.store().write(move |tx| tx.switch_operator_off(id, now)).await.unwrap();
    assert_eq!(console.next().await, serde_json::json!({ "go": "/loket" }));
    let end = tokio::time::timeout(Duration::from_secs(5), console.events.next()).await;
    assert_eq!(end.expect("at once"), None);
}

/// Sends a form of the board; what the board then says on top.
async fn orders(house: &House, who: &mut Visitor, what: &str, fields: &[(&str, &str)]) -> String {
    let answer = house.post(who, &format!("/loket/nu/{what}"), fields).await;
    if answer.status == 422 {
        let (_, told) = answer.body.split_once("<p class=\"wrong\"").expect("a word beside it");
        return told.split("</p>").next().unwrap().to_owned();
    }
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/loket")), "{answer:?}");
    who.keeps(&answer);
    let page = house.get(who, "/loket").await;
    who.keeps(&page);
    let (_, notice) = page.body.split_once("<p class=\"notice").expect("a notice");
    let (_, notice) = notice.split_once('>').unwrap();
    notice.split("</p>").next().unwrap().to_owned()
}

async fn two_operators(house: &House) -> [Visitor; 2] {
    let line = [Phone::from_stored(LINE).unwrap()];
    let kees = house.operator("Kees", Role::Operator, &line, &[]).await;
    [kees, house.operator("Jan", Role::Operator, &line, &[]).await]
}

/// How often the audit trail says this.
fn audited(house: &House, what: &str) -> i64 {
    let sql = "SELECT count(*) FROM audit WHERE what = ?1";
    house.books_now().query_row(sql, [what], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_caller_who_waits_is_taken_over_by_one_of_two_operators_and_the_other_is_told() {
    let mut house = house().await;
    let [mut kees, mut jan] = two_operators(&house).await;
    until_it_says(&mut house, &kees, "wacht: een buur wordt gebeld").await;
    let told = orders(&house, &mut kees, "1/overnemen", &[]).await;
    assert!(told.contains("Uw toestel"), "no telephone was chosen yet: {told}");
    for (odd, why) in [(LINE, "nummer van een lijn"), ("112", "kan de centrale niet bellen")] {
        let told = orders(&house, &mut kees, "toestel", &[("ander", odd)]).await;
        assert!(told.contains(why), "{told}");
    }
    let page = house.get(&kees, "/loket").await.body;
    let (_, options) = page.split_once("<option value=\"+31").expect("the desk's telephones");
    let seat = format!("+31{}", options.split('"').next().unwrap());
    for operator in [&mut kees, &mut jan] {
        let told = orders(&house, operator, "toestel", &[("toestel", &seat)]).await;
        assert_eq!(told, "Uw toestel is bewaard.");
    }
    let told = orders(&house, &mut kees, "1/overnemen", &[]).await;
    assert!(told.contains("komt naar uw toestel"), "{told}");
    let told = orders(&house, &mut jan, "1/overnemen", &[]).await;
    assert!(told.contains("Misschien was een collega eerder"), "{told}");
    assert_eq!(audited(&house, "call-taken-over"), 1);
    until_it_says(&mut house, &kees, "praat met het loket").await;
}

#[tokio::test]
async fn two_operators_who_skip_the_same_ring_skip_one_person() {
    let mut house = house().await;
    let [mut kees, mut jan] = two_operators(&house).await;
    until_it_says(&mut house, &kees, "gaat over").await;
    let told = orders(&house, &mut kees, "1/overslaan", &[("poging", "1")]).await;
    assert_eq!(told, "De volgende wordt gebeld.");
    orders(&house, &mut jan, "1/overslaan", &[("poging", "1")]).await;
    let (_, page) = until_it_says(&mut house, &kees, "Visser").await;
    assert_eq!(page.body.matches("<li class=\"mark").count(), 2, "{}", page.body);
    until_it_says(&mut house, &kees, "praat met een buur").await;
}

#[tokio::test]
async fn why_this_one_and_not_that_one_can_be_read_and_somebody_be_chosen() {
    let mut house = house().await;
    let [mut kees, _] = two_operators(&house).await;
    until_it_says(&mut house, &kees, "wacht: een buur wordt gebeld").await;
    let page = house.get(&kees, "/loket/nu/1/wie").await;
    assert!(page.body.contains("Visser") && page.body.contains("zelfde postcode"), "{}", page.body);
    assert!(page.body.contains("al gevraagd voor deze vraag"), "Bos rings: {}", page.body);
    assert!(page.body.contains("•••") && !page.body.contains("+3170"), "numbers are masked");
    assert_eq!(audited(&house, "choice-seen"), 1);
    let told = orders(&house, &mut kees, "1/hierna", &[("wie", "2")]).await;
    assert!(told.contains("wordt hierna gebeld"), "{told}");
    let told = orders(&house, &mut kees, "1/hierna", &[("wie", "1")]).await;
    assert!(told.contains("Kan nu niet: al gevraagd"), "{told}");
    assert_eq!(house.post(&kees, "/loket/nu/1/hierna", &[("wie", "x")]).await.status, 422);
}

#[tokio::test]
async fn giving_up_ends_the_search_once_with_one_promise() {
    let mut house = house().await;
    let [mut kees, mut jan] = two_operators(&house).await;
    until_it_says(&mut house, &kees, "gaat over").await;
    let told = orders(&house, &mut kees, "1/zeggen", &[("zin", "Bel mij op 0701234567")]).await;
    assert!(told.contains("Er staat een telefoonnummer in de zin"), "{told}");
    let told = orders(&house, &mut kees, "1/zeggen", &[("zin", "Nog een paar tellen.")]).await;
    assert!(told.contains("De beller hoort uw zin"), "{told}");
    let told = orders(&house, &mut kees, "1/opgeven", &[]).await;
    assert!(told.contains("Berichten en beloftes"), "{told}");
    let told = orders(&house, &mut jan, "1/opgeven", &[]).await;
    assert!(told.contains("al voorbij"), "{told}");
    assert_eq!((house.count("promise"), audited(&house, "gave-up")), (1, 1));
}

#[tokio::test]
async fn nothing_is_ordered_about_a_call_of_another_line() {
    let mut house = house().await;
    let here = operator(&house, LINE).await;
    let line = [Phone::from_stored(OTHER_LINE).unwrap()];
    let elsewhere = house.operator("Jan", Role::Operator, &line, &[]).await;
    until_it_says(&mut house, &here, "gaat over").await;
    for what in ["overslaan", "opgeven", "zeggen", "hierna"] {
        let fields = [("poging", "1"), ("zin", "Dag."), ("wie", "2")];
        let answer = house.post(&elsewhere, &format!("/loket/nu/1/{what}"), &fields).await;
        assert_eq!(answer.status, 404, "{what}");
    }
    assert_eq!(house.get(&elsewhere, "/loket/nu/1/wie").await.status, 404);
    assert_eq!(house.get(&here, "/loket/nu/99/wie").await.status, 404);
    until_it_says(&mut house, &here, "gaat over").await;
}
