//! The board of the neighbourhood as the desk sees it: offers to tell a caller about, and requests
//! that are put there with somebody's agreement.

use std::time::Duration;

use burenhulp::domain::{Phone, Postcode, Role};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};

use crate::house::desk::Visitor;
use crate::house::{House, TOKEN, portal};

const LINE: &str = "+31700002586";
const BOS: &str = "+31700010001";
const FATIMA: &str = "+31700010002";

const MORNING: &str = r#"
title = "A morning"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, joined"
[[neighbour]]
name = "fatima"
postcode = 2586
does = "picks up after 6, presses 1, joined"
[[telephone]]
name = "thuis"
does = "picks up after 5, presses 1, joined, talk 30, hang up"
[[desk]]
name = "balie"
"#;

/// Bos and Fatima take part; Anneke is at the desk.
async fn morning() -> (House, Visitor) {
    let house = House::of(&Scenario::read("morning", MORNING).unwrap(), Delivery::default()).await;
    let line = Phone::from_stored(LINE).unwrap();
    let anneke = house.operator("Anneke", Role::Operator, &[line], &[]).await;
    (house, anneke)
}

/// Whoever has this number offers company on that day.
async fn offers(house: &House, number: &str, day: &str) {
    let who = house.at_home(number).await;
    let posted =
        house.post(&who, "/mijn/prikbord/aanbod", &[("dienst", "company"), ("dag", day)]).await;
    assert_eq!(posted.status, 303, "{}", posted.body);
}

/// Greet asks for company, with these fields otherwise.
async fn greet_asks(house: &House, anneke: &Visitor, other: &[(&str, &str)]) -> String {
    let mut form = vec![
        ("via", "telefoon"),
        ("naam", "Greet"),
        ("telefoon", "06 0200 0001"),
        ("dienst", "company"),
        ("postcode", "2584"),
        ("lijn", LINE),
    ];
    form.extend(other);
    let sent = house.post(anneke, "/loket/vragen/nieuw", &form).await;
    sent.location.unwrap_or_else(|| panic!("{}", sent.body))
}

async fn minutes_go_by(house: &mut House, minutes: u32) {
    let network = house.network().clone();
    let until = house.app().0.exchange.now() + Duration::from_secs(60) * minutes;
    let pace = Pace { auth_token: TOKEN, until, work_first: true, restarts: false, trouble: &[] };
    virtual_time::run(&network, house, pace).await;
    house.set_clock(until);
}

fn rings(house: &House, number: &str) -> usize {
    portal::rings_of(house.network().lock().unwrap().log(), number)
}

/// The part of a page that is about one thing: from its heading to the next section.
fn about<'a>(page: &'a str, heading: &str) -> &'a str {
    let part = page.split(&format!("id=\"{heading}\"")).nth(1);
    part.unwrap_or_else(|| panic!("no {heading}: {page}")).split("</section>").next().unwrap()
}

#[tokio::test]
async fn the_desk_can_tell_a_caller_what_neighbours_offer_and_when() {
    let (house, anneke) = morning().await;
    offers(&house, FATIMA, "2026-11-27").await;
    offers(&house, BOS, "2026-11-24").await;
    let page = house.get(&anneke, "/loket/prikbord").await;
    let offered = about(&page.body, "aanbod");
    assert!(offered.contains("(2)") && offered.contains("vandaag"), "{offered}");
    assert!(offered.contains("vr 27 nov") && offered.contains("(2586)"), "{offered}");
    assert!(!offered.contains("0001 0002"), "no number stands there: {offered}");
    // Whoever takes it back is not told about any more.
    let fatima = house.at_home(FATIMA).await;
    house.post(&fatima, "/mijn/prikbord/aanbod/1/weg", &[]).await;
    let page = house.get(&anneke, "/loket/prikbord").await;
    assert!(about(&page.body, "aanbod").contains("(1)"), "{}", page.body);
}

#[tokio::test]
async fn another_coordinators_area_is_not_seen_on_the_board() {
    let (house, anneke) = morning().await;
    offers(&house, BOS, "2026-11-24").await;
    greet_asks(&house, &anneke, &[("wanneer", "nu"), ("prikbord", "ja")]).await;
    let elsewhere = [Postcode::parse("9101").unwrap()];
    let ruth = house.operator("Ruth", Role::Coordinator, &[], &elsewhere).await;
    let page = house.get(&ruth, "/loket/prikbord").await;
    assert!(about(&page.body, "aanbod").contains("(0)"), "{}", page.body);
    assert!(about(&page.body, "vragen").contains("(0)"), "{}", page.body);
    let put = house.post(&ruth, "/loket/vragen/1/prikbord", &[("wat", "eraf")]).await;
    assert_eq!((put.status, house.count("on_board")), (404, 1));
}

#[tokio::test]
async fn offers_stand_beside_a_request_and_those_of_its_day_are_asked_first() {
    let (mut house, anneke) = morning().await;
    offers(&house, FATIMA, "2026-11-27").await;
    let moment = [("wanneer", "moment"), ("moment", "2026-11-27T10:00")];
    let path = greet_asks(&house, &anneke, &moment).await;
    let page = house.get(&anneke, &path).await;
    let board = about(&page.body, "prikbord");
    assert!(board.contains("vr 27 nov") && board.contains("wordt het eerst gevraagd"), "{board}");
    // The search begins two days before.
    minutes_go_by(&mut house, 25 * 60).await;
    assert_eq!((rings(&house, FATIMA), rings(&house, BOS)), (1, 0));
    // Anneke went home.
    let jan = house.operator("Jan", Role::Administrator, &[], &[]).await;
    let page = house.get(&jan, &path).await;
    assert!(page.body.contains("biedt dit zelf aan op het prikbord"), "{}", page.body);
    let page = house.get(&jan, "/loket/prikbord").await;
    assert!(about(&page.body, "aanbod").contains("(0)"), "it was met: {}", page.body);
}

#[tokio::test]
async fn a_request_goes_on_the_board_with_agreement_is_taken_up_there_and_comes_off() {
    let (mut house, mut anneke) = morning().await;
    let moment = [("wanneer", "moment"), ("moment", "2026-11-30T10:00")];
    let path = greet_asks(&house, &anneke, &moment).await;
    let fatima = house.at_home(FATIMA).await;
    let on_fatimas = async |house: &House| {
        house.get(&fatima, "/mijn/prikbord").await.body.contains("/mijn/prikbord/vraag/1\"")
    };
    let put = format!("{path}/prikbord");
    let refused = house.post(&anneke, &put, &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("id=\"fout-akkoord\">Alleen als de persoon"), "{}", refused.body);
    assert!(!on_fatimas(&house).await);
    let done = house.post(&anneke, &put, &[("akkoord", "ja")]).await;
    anneke.keeps(&done);
    let page = house.get(&anneke, &path).await;
    assert!(page.body.contains("De vraag staat op het prikbord."), "{}", page.body);
    assert!(on_fatimas(&house).await);
    assert!(!house.get(&fatima, "/mijn/prikbord").await.body.contains("Greet"));
    house.post(&anneke, &put, &[("wat", "eraf")]).await;
    assert!(!on_fatimas(&house).await);
    house.post(&anneke, &put, &[("akkoord", "ja")]).await;
    house.post(&fatima, "/mijn/prikbord/vraag/1", &[]).await;
    minutes_go_by(&mut house, 5).await;
    assert_eq!((rings(&house, FATIMA), rings(&house, "+31602000001")), (1, 1));
    let late = house.post(&anneke, &put, &[("akkoord", "ja")]).await;
    anneke.keeps(&late);
    let page = house.get(&anneke, &path).await;
    assert!(page.body.contains("niemand meer gezocht"), "{}", page.body);
    let books = house.books_now();
    let sql = "SELECT group_concat(what, ' ') FROM audit WHERE what LIKE '%board'";
    let trail: String = books.query_row(sql, [], |row| row.get(0)).unwrap();
    let once = "request-put-on-board request-taken-off-board request-put-on-board";
    assert_eq!(trail, once);
}

#[tokio::test]
async fn a_box_on_the_form_puts_it_there_at_once_but_not_who_waits_on_the_line() {
    let (house, anneke) = morning().await;
    greet_asks(&house, &anneke, &[("wanneer", "nu"), ("prikbord", "ja")]).await;
    assert_eq!(house.count("on_board"), 1);
    house.post(&anneke, "/loket/nu/toestel", &[("toestel", "+31700090001")]).await;
    let at_hand = [
        ("via", "balie"),
        ("telefoon", "06 0200 0002"),
        ("dienst", "company"),
        ("postcode", "2584"),
        ("lijn", LINE),
        ("wanneer", "nu"),
        ("prikbord", "ja"),
        ("aan_de_lijn", "ja"),
    ];
    let sent = house.post(&anneke, "/loket/vragen/nieuw", &at_hand).await;
    assert_eq!((sent.status, house.count("on_board")), (303, 1), "{}", sent.body);
}
