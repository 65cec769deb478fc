//! A request for whoever is on the telephone with the desk: the form begins with what their call
//! tells, and their number stays masked.

use std::time::Duration;

use burenhulp::domain::{Phone, Postcode, Role, Timestamp};

use super::seconds_of;
use crate::house::House;
use crate::house::desk::Visitor;

/// Somebody who takes part asks for the desk, and speaks with it from half a minute on.
const WITH_THE_DESK: &str = r#"
title = "A participant speaks with the desk"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 2"
[[neighbour]]
name = "visser"
does = "picks up after 6, presses 1, talks 30"
[[desk]]
name = "balie"
does = "picks up after 4, presses 1, talk 500"
cut_off = true
[[caller]]
from = "bos"
does = "presses 0, joined, talk 500"
ends = "hangs-up"
"#;

/// The same of somebody whose number is not shown.
const WITHHELD: &str = r#"
title = "Somebody without a number speaks with the desk"
at = "2026-11-24T10:00:00+01:00"
[[desk]]
name = "balie"
does = "picks up after 4, presses 1, talk 500"
[[caller]]
from = "withheld"
does = "presses 0, joined, talk 500"
ends = "hangs-up"
"#;

/// Somebody left a message, and the desk calls them back.
const CALLED_BACK: &str = r#"
title = "The desk calls somebody back"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "visser"
does = "picks up after 6, presses 1, talks 30"
[[desk]]
name = "balie"
does = ["is busy", "picks up after 4, presses 1, talk 500"]
[[telephone]]
name = "thuis"
does = "picks up after 5, talk 500"
[[order]]
after = 60
what = "call back at balie"
[[caller]]
from = "thuis"
does = "presses 0, tone, talk 8, hang up"
ends = "hangs-up"
"#;

async fn talking(story: &str) -> (House, Visitor) {
    let house = seconds_of(story, 120).await;
    house.set_clock(Timestamp::parse("2026-11-24T10:02:00+01:00").unwrap());
    let line = Phone::from_stored("+31700002586").unwrap();
    let kees = house.operator("Kees", Role::Operator, &[line], &[]).await;
    (house, kees)
}

fn one<T: rusqlite::types::FromSql>(house: &House, sql: &str) -> T {
    house.books_now().query_row(sql, [], |row| row.get(0)).unwrap()
}

/// Where the button on the board leads.
async fn button(house: &House, who: &Visitor) -> String {
    let board = house.get(who, "/loket").await.body;
    assert!(board.contains("praat met het loket"), "{board}");
    let (_, rest) = board.split_once("-enter\" href=\"").expect("the button");
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_form_knows_what_the_call_tells_and_shows_no_number() {
    let (house, kees) = talking(WITH_THE_DESK).await;
    let address = button(&house, &kees).await;
    assert_eq!(address, "/loket/vragen/nieuw?gesprek=1");
    let page = house.get(&kees, &address).await.body;
    assert!(page.contains("+31 70 ••• ••01") && !page.contains("700010001"), "{page}");
    assert!(page.contains("name=\"naam\" value=\"Bos\""), "{page}");
    assert!(page.contains("name=\"postcode\" value=\"2584\""), "their own place: {page}");
    assert!(
        page.contains("name=\"aan_de_lijn\" value=\"ja\"") && page.contains(" checked> Zoek nu")
    );
    assert!(page.contains("nog niemand geholpen"), "who helped before is looked up: {page}");
    house.get(&kees, &address).await;
    let seen =
        "SELECT count(*) FROM audit WHERE what = 'participant-seen' AND about = 'participant:1'";
    assert_eq!(one::<i64>(&house, seen), 1, "looked at twice within minutes");
}

#[tokio::test]
async fn sent_as_it_is_it_is_searched_for_with_the_caller_on_the_very_line_they_are_on() {
    let (house, mut kees) = talking(WITH_THE_DESK).await;
    // Kees has not said which telephone is his: the call is where it is.
    let form = [
        ("gesprek", "1"),
        ("via", "telefoon"),
        ("naam", "Bos"),
        ("telefoon", ""),
        ("dienst", "company"),
        ("postcode", "2584"),
        ("lijn", "+31700002586"),
        ("wanneer", "nu"),
        ("aan_de_lijn", "ja"),
    ];
    let wrong = form.map(|(name, value)| (name, if name == "dienst" { "" } else { value }));
    let page = house.post(&kees, "/loket/vragen/nieuw", &wrong).await;
    assert_eq!(page.status, 422);
    assert!(page.body.contains("+31 70 ••• ••01"), "the caller is still known: {}", page.body);
    assert!(!page.body.contains("fout-telefoon"), "{}", page.body);

    let sent = house.post(&kees, "/loket/vragen/nieuw", &form).await;
    kees.keeps(&sent);
    let page = house.get(&kees, &sent.location.expect("the page of the request")).await.body;
    assert!(page.contains("De persoon wacht nu aan de lijn"), "{page}");
    assert_eq!(one::<String>(&house, "SELECT phone FROM intake"), "+31700010001");
    assert_eq!(one::<String>(&house, "SELECT seat FROM intake"), "+31700090001");
    assert_eq!(house.count("placed"), 0, "nobody is rung for it who is on the line already");
}

#[tokio::test]
async fn whoever_showed_no_number_is_asked_for_one() {
    let (house, kees) = talking(WITHHELD).await;
    let page = house.get(&kees, &button(&house, &kees).await).await.body;
    assert!(!page.contains("nummer-bekend"), "{page}");
    assert!(page.contains("name=\"lijn\"") && page.contains("name=\"gesprek\" value=\"1\""));
    let page = house.post(&kees, "/loket/vragen/nieuw", &[("gesprek", "1")]).await;
    assert!(page.body.contains("id=\"fout-telefoon\""), "{}", page.body);
}

#[tokio::test]
async fn another_lines_caller_is_not_theirs_and_odd_calls_are_an_empty_form() {
    let (house, _) = talking(WITH_THE_DESK).await;
    let dokkum = Phone::from_stored("+31519002586").unwrap();
    let sjoerd = house.operator("Sjoerd", Role::Operator, &[dokkum], &[]).await;
    let far = Postcode::try_from(9101).unwrap();
    let marij = house.operator("Marij", Role::Coordinator, &[], &[far]).await;
    for who in [&sjoerd, &marij] {
        for call in ["1", "2", "99", "-1", "x", "9999999999999999999", ""] {
            let page = house.get(who, &format!("/loket/vragen/nieuw?gesprek={call}")).await;
            assert_eq!(page.status, 200, "{call}");
            assert!(
                !page.body.contains("Bos") && !page.body.contains("name=\"gesprek\""),
                "{}",
                page.body
            );
        }
    }
    assert_eq!(one::<i64>(&house, "SELECT count(*) FROM audit WHERE what = 'participant-seen'"), 0);
}

#[tokio::test]
async fn a_call_that_is_over_still_tells_whose_it_was_and_they_are_rung() {
    let (house, mut kees) = talking(WITH_THE_DESK).await;
    house.books_now().execute_batch("UPDATE call SET ended_at = 1795500000000").unwrap();
    let page = house.get(&kees, "/loket/vragen/nieuw?gesprek=1").await.body;
    assert!(page.contains("+31 70 ••• ••01") && !page.contains(" checked> Zoek nu"), "{page}");
    let now = house.app().0.exchange.now();
    house.set_clock(now + Duration::from_secs(60));
    let form = [
        ("gesprek", "1"),
        ("via", "telefoon"),
        ("dienst", "company"),
        ("postcode", "2584"),
        ("lijn", "+31700002586"),
        ("wanneer", "nu"),
    ];
    kees.keeps(&house.post(&kees, "/loket/vragen/nieuw", &form).await);
    assert_eq!(
        one::<String>(&house, "SELECT call_back FROM request WHERE kind = 'neighbour'"),
        "+31700010001"
    );
}

#[tokio::test]
async fn whoever_the_desk_called_back_stands_on_the_board_and_can_wait_on_that_call_too() {
    let (house, mut kees) = talking(CALLED_BACK).await;
    let board = house.get(&kees, "/loket").await.body;
    assert!(board.contains("href=\"/loket/berichten/1\""), "to what is promised: {board}");
    let address = button(&house, &kees).await;
    let page = house.get(&kees, &address).await.body;
    assert!(page.contains("+31 6 •••• ••") && page.contains(" checked> Zoek nu"), "{page}");
    let (_, call) = address.split_once("gesprek=").unwrap();
    let form = [
        ("gesprek", call),
        ("via", "telefoon"),
        ("dienst", "company"),
        ("postcode", "2584"),
        ("lijn", "+31700002586"),
        ("wanneer", "nu"),
        ("aan_de_lijn", "ja"),
    ];
    let sent = house.post(&kees, "/loket/vragen/nieuw", &form).await;
    kees.keeps(&sent);
    let page = house.get(&kees, &sent.location.expect("the page of the request")).await.body;
    assert!(page.contains("De persoon wacht nu aan de lijn"), "{page}");
    // They have spoken: what was promised is kept.
    assert_eq!(one::<String>(&house, "SELECT kept_how FROM promise"), "spoken");
    assert_eq!(one::<String>(&house, "SELECT result FROM desk_call"), "spoken");
}
