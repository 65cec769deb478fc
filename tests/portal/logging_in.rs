//! Logging in by a code that is spoken in a call.

use std::time::Duration;

use burenhulp::domain::Phone;

use super::{BOS, codes_heard, minutes_go_by, quiet_morning, rings};
use crate::house::House;
use crate::house::desk::{Page, Visitor};

/// Nobody takes part with this number.
const UNKNOWN: &str = "0602 000 009";
const MINUTE: Duration = Duration::from_secs(60);

async fn asks(house: &House, who: &mut Visitor, number: &str) -> Page {
    let page = house.post(who, "/mijn/inloggen", &[("nummer", number)]).await;
    who.keeps(&page);
    page
}

/// The form's key comes with the page; the code belongs to the browser.
async fn types(house: &House, who: &mut Visitor, code: &str) -> Page {
    let page = house.post(who, "/mijn/inloggen/code", &[("code", code)]).await;
    who.keeps(&page);
    page
}

#[tokio::test]
async fn the_code_that_was_heard_opens_the_own_page_once() {
    let mut house = quiet_morning().await;
    let mut bos = Visitor::default();
    let page = asks(&house, &mut bos, "070-001 0001").await;
    assert_eq!(page.location.as_deref(), Some("/mijn/inloggen/code?naar=/mijn"));
    minutes_go_by(&mut house, 2).await;
    let heard = codes_heard(&house, BOS);
    assert_eq!(heard.len(), 2, "spoken twice: {heard:?}");
    assert_eq!(heard[0], heard[1]);

    let somebody_else = types(&house, &mut Visitor::default(), &heard[0]).await;
    assert_eq!(somebody_else.status, 422, "another browser's code is none");
    let before = bos.clone();
    let page = types(&house, &mut bos, &heard[0]).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/mijn")));
    let page = house.get(&bos, "/mijn").await;
    assert!(page.status == 200 && page.body.contains("Wat u graag doet"), "{}", page.body);
    let page = types(&house, &mut before.clone(), &heard[0]).await;
    assert!(page.status == 422 && page.body.contains("geldt niet meer"), "used: {}", page.body);
    assert_eq!(house.count("spoken_code"), 0);
}

#[tokio::test]
async fn a_stranger_learns_nothing_and_rings_nobody() {
    let mut house = quiet_morning().await;
    let stopped = Phone::from_stored("+31700010002").unwrap();
    let now = house.app().0.exchange.now();
    house.store().write(move |tx| tx.stop_number(&stopped, "phone", now)).await.unwrap();
    let mut told = Vec::new();
    for number in ["070 001 00 01", "070 001 00 02", UNKNOWN] {
        let mut somebody = Visitor::default();
        let asked = asks(&house, &mut somebody, number).await;
        let page = house.get(&somebody, asked.location.as_deref().unwrap()).await;
        let wrong = types(&house, &mut somebody, "000000").await;
        told.push((asked.status, asked.location, page.body, wrong.status, wrong.body));
    }
    assert!(told[0] == told[1] && told[1] == told[2], "known, stopped and unknown look alike");
    minutes_go_by(&mut house, 5).await;
    assert_eq!(rings(&house, BOS), 1);
    assert_eq!(rings(&house, "+31700010002"), 0, "R9");
    assert_eq!(rings(&house, "+31602000009"), 0);
}

#[tokio::test]
async fn a_code_is_guessed_five_times_and_no_more() {
    let mut house = quiet_morning().await;
    let mut bos = Visitor::default();
    asks(&house, &mut bos, "0700010001").await;
    minutes_go_by(&mut house, 2).await;
    let right = codes_heard(&house, BOS)[0].clone();
    let wrong = if right == "123456" { "654321" } else { "123456" };
    for left in ["nog 4 keer", "nog 3 keer", "nog 2 keer", "nog 1 keer", "geldt niet meer"] {
        let page = types(&house, &mut bos, wrong).await;
        assert!(page.status == 422 && page.body.contains(left), "{left}: {}", page.body);
    }
    for odd in ["", "12345", "abcdef", "<b>"] {
        let page = types(&house, &mut bos, odd).await;
        assert!(page.status == 422 && page.body.contains("zes cijfers"), "{}", page.body);
    }
    assert_eq!(types(&house, &mut bos, &right).await.status, 422, "too late");
    assert_eq!(house.count("own_session"), 0);
}

#[tokio::test]
async fn a_code_is_good_for_five_minutes() {
    let mut house = quiet_morning().await;
    let began = house.app().0.exchange.now();
    let mut bos = Visitor::default();
    asks(&house, &mut bos, "0700010001").await;
    minutes_go_by(&mut house, 2).await;
    let right = codes_heard(&house, BOS)[0].clone();
    house.set_clock(began + 5 * MINUTE);
    let page = types(&house, &mut bos, &right).await;
    assert!(page.status == 422 && page.body.contains("geldt niet meer"), "{}", page.body);
}

#[tokio::test]
async fn whoever_types_anothers_number_cannot_keep_it_ringing() {
    let mut house = quiet_morning().await;
    for nth in 0..14 {
        let page = asks(&house, &mut Visitor::default(), "0700010001").await;
        assert_eq!(page.status, if nth < 3 { 303 } else { 429 }, "the {nth}th");
        minutes_go_by(&mut house, 1).await;
    }
    assert!(rings(&house, BOS) <= 3, "{} rings in 14 minutes", rings(&house, BOS));
    // The same for a number that nobody has: the answer tells nothing.
    for nth in 0..5 {
        let page = asks(&house, &mut Visitor::default(), UNKNOWN).await;
        assert_eq!(page.status, if nth < 3 { 303 } else { 429 }, "the {nth}th");
    }
}

#[tokio::test]
async fn r12_numbers_that_are_not_rung_get_a_word_beside_the_field() {
    let house = quiet_morning().await;
    for (number, word) in [
        ("", "tien cijfers"),
        ("<b>070</b>", "tien cijfers"),
        ("112", "gewoon vast of mobiel"),
        ("0900 8844", "gewoon vast of mobiel"),
        ("+44 113 496 0000", "alleen Nederlandse nummers"),
        ("070 000 25 86", "ons eigen nummer"),
        ("070 009 00 01", "ons eigen nummer"),
    ] {
        let page = asks(&house, &mut Visitor::default(), number).await;
        assert_eq!(page.status, 422, "{number}");
        assert!(page.body.contains(word), "{number}: {}", page.body);
        let kept = number.replace('<', "&#60;").replace('>', "&#62;");
        assert!(page.body.contains(&format!("value=\"{kept}\"")), "{number} is kept");
    }
}

#[tokio::test]
async fn r13_nobody_is_rung_at_night_and_everybody_is_told_so() {
    let mut house = quiet_morning().await;
    let began = house.app().0.exchange.now();
    house.set_clock(began + 13 * 60 * MINUTE);
    for number in ["0700010001", UNKNOWN] {
        let page = asks(&house, &mut Visitor::default(), number).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("Op dit uur bellen wij niemand"), "{}", page.body);
        assert!(page.body.contains("vanaf morgen 9:00"), "{}", page.body);
    }
    minutes_go_by(&mut house, 5).await;
    assert_eq!(rings(&house, BOS), 0);
}
