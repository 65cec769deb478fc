//! The provider's REST interface is out of reach for an hour: the desk sees it, and nothing is lost.

use burenhulp::domain::{Phone, Role, Timestamp};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::faults::Fault;
use burenhulp::sim::log::What;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};

use crate::house::desk::Visitor;
use crate::house::{House, TOKEN};

/// Somebody leaves a message while the desk is engaged.
const A_MESSAGE: &str = r#"
title = "A message in the morning"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "devries"
services = []
does = "picks up after 5, joined, talk 40, hang up"
[[desk]]
name = "balie"
does = ["is busy", "picks up after 4, presses 1, joined"]
[[caller]]
from = "devries"
does = "presses 0, tone, talk 5, hang up"
ends = "hangs-up"
"#;

async fn until(house: &mut House, text: &str) {
    let network = house.network().clone();
    let until = Timestamp::parse(&format!("2026-11-24T{text}+01:00")).unwrap();
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    virtual_time::run(&network, house, pace).await;
    house.set_clock(until);
}

async fn call_back(house: &House, who: &Visitor) {
    let form = [("toestel", "+31700090001")];
    let answer = house.post(who, "/loket/berichten/1/terugbellen", &form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

fn rings(house: &House) -> usize {
    let network = house.network().lock().unwrap();
    network.log().iter().filter(|entry| matches!(entry.what, What::Rung { .. })).count()
}

const SILENT: &str = "De telefoonaanbieder antwoordt niet, sinds";

#[tokio::test]
async fn an_hour_without_the_provider_is_seen_on_the_board_and_in_the_figures_and_loses_nothing() {
    let scenario = Scenario::read("a message", A_MESSAGE).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    until(&mut house, "10:10:00").await;
    let line = Phone::from_stored("+31700002586").unwrap();
    let anneke = house.operator("Anneke", Role::Operator, &[line], &[]).await;
    let down: Fault = toml::from_str("what = 'down'\nuntil = 3600").unwrap();
    let begins = house.app().0.exchange.now();
    house.network().lock().unwrap().provider_is(begins, vec![down]);
    let before = rings(&house);

    call_back(&house, &anneke).await;
    until(&mut house, "10:12:00").await;
    let board = house.get(&anneke, "/loket").await.body;
    assert!(board.contains(SILENT) && board.contains("10:10"), "{board}");
    let figures = house.get(&Visitor::default(), "/metrics").await.body;
    assert!(figures.contains("burenhulp_provider_trouble_seconds 120"), "{figures}");
    let page = house.get(&anneke, "/loket/berichten/1").await.body;
    assert!(page.contains("van u"), "the promise is still hers: {page}");
    assert_eq!(rings(&house), before, "nothing rang");

    // It is back: the same button, and now the two speak.
    until(&mut house, "11:10:01").await;
    call_back(&house, &anneke).await;
    until(&mut house, "11:14:00").await;
    assert!(!house.get(&anneke, "/loket").await.body.contains(SILENT));
    let figures = house.get(&Visitor::default(), "/metrics").await.body;
    assert!(figures.contains("burenhulp_provider_trouble_seconds 0"), "{figures}");
    assert_eq!(rings(&house) - before, 2, "the desk once, and whoever was promised it once");
    let kept: String =
        house.books_now().query_row("SELECT kept_how FROM promise", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, "spoken");
}
