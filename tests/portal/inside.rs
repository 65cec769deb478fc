//! Going along to the door, or inside too: what somebody says they like, and what somebody asks.

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;

use super::{BOS, House, minutes_go_by, rings};
use crate::house::desk::Visitor;
use crate::house::portal::words_heard;

const FATIMA: &str = "+31700010002";
const NOOR: &str = "0602 000 001";

/// Two people who give lifts; Bos was asked longest ago.
const LIFTS: &str = r#"
title = "Two people who give lifts"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
services = ["transport"]
does = "picks up after 6, presses 1, talks 20"
[[neighbour]]
name = "fatima"
services = ["transport"]
does = "picks up after 6, presses 1, talks 20"
[[telephone]]
name = "noor"
does = ["picks up after 5, presses 1", "picks up after 5, presses 1, talks 20"]
"#;

/// Fatima also goes inside.
async fn lifts() -> House {
    let house = House::of(&Scenario::read("lifts", LIFTS).unwrap(), Delivery::default()).await;
    let fatima = house.at_home(FATIMA).await;
    let page = house.get(&fatima, "/mijn/aanbod").await.body;
    assert!(page.contains("name=\"binnen-transport\" value=\"nee\" checked"), "{page}");
    assert!(!page.contains("binnen-groceries"), "nobody asks for that: {page}");
    let form = [("dienst", "transport"), ("binnen-transport", "ja"), ("binnen-dog", "ja")];
    house.post(&fatima, "/mijn/aanbod", &form).await;
    let page = house.get(&fatima, "/mijn/aanbod").await.body;
    assert!(page.contains("name=\"binnen-transport\" value=\"ja\" checked"), "{page}");
    house
}

async fn asks(house: &House, other: &[(&str, &str)]) -> String {
    let usual = [("postcode", "2584"), ("wanneer", "nu"), ("telefoon", NOOR)];
    let fields: Vec<_> = usual.into_iter().chain(other.iter().copied()).collect();
    let sent = house.post(&Visitor::default(), "/vragen", &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    sent.location.unwrap()
}

#[tokio::test]
async fn who_would_like_company_inside_gets_somebody_who_goes_inside_and_hears_so() {
    let mut house = lifts().await;
    let anybody = Visitor::default();
    let page = house.get(&anybody, "/vragen/waar?dienst=transport").await.body;
    assert!(page.contains("name=\"binnen\""), "{page}");
    let path = "/vragen/nummer?dienst=transport&binnen=ja&postcode=2584&wanneer=nu";
    let page = house.get(&anybody, path).await.body;
    assert!(page.contains("vervoer, ook mee naar binnen"), "{page}");
    let link = asks(&house, &[("dienst", "transport"), ("binnen", "ja")]).await;
    minutes_go_by(&mut house, 5).await;
    assert_eq!((rings(&house, BOS), rings(&house, FATIMA)), (0, 1));
    let heard = words_heard(house.network().lock().unwrap().log(), FATIMA);
    assert!(heard.contains("wil graag een lift, en iemand die mee binnengaat"), "{heard}");
    let page = house.get(&anybody, &link).await.body;
    assert!(page.contains("vervoer, ook mee naar binnen"), "{page}");
    let sql = "SELECT reason FROM attempt";
    let reason: String = house.books_now().query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(reason.contains("gaat mee naar binnen"), "{reason}");
}

#[tokio::test]
async fn who_does_not_gets_anybody_in_turn_and_nothing_is_said_of_it() {
    let mut house = lifts().await;
    asks(&house, &[("dienst", "transport")]).await;
    minutes_go_by(&mut house, 5).await;
    assert_eq!((rings(&house, BOS), rings(&house, FATIMA)), (1, 0));
    let heard = words_heard(house.network().lock().unwrap().log(), BOS);
    assert!(heard.contains("een lift of gezelschap onderweg"), "{heard}");
}

#[tokio::test]
async fn what_nobody_goes_inside_for_cannot_be_asked_with_it() {
    let house = lifts().await;
    let anybody = Visitor::default();
    let page = house.get(&anybody, "/vragen/waar?dienst=company").await.body;
    assert!(!page.contains("name=\"binnen\""), "{page}");
    asks(&house, &[("dienst", "company"), ("binnen", "ja")]).await;
    let sql = "SELECT inside FROM web_question";
    let inside: bool = house.books_now().query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(!inside);
}
