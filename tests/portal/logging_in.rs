//! Logging in by a code that is spoken in a call.

use std::time::Duration;

use burenhulp::domain::{Language, Phone, SpokenCode};
use burenhulp::exchange::{CodeCall, CodeWanted};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::store::{CodeTried, StoreError};

use super::{BOS, QUIET_MORNING, codes_heard, minutes_go_by, quiet_morning, rings};
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

/// Asks for a code for Bos as the page does, and types the right one at once.
async fn knows_the_code(house: &House, nth: u8) -> (CodeCall, CodeTried) {
    let exchange = &house.app().0.exchange;
    let bos = Phone::from_stored(BOS).unwrap();
    let (number, browser, now) = (bos.clone(), [nth; 32], exchange.now());
    let who = house.store().write(move |tx| tx.participant_by_phone(&number)).await;
    let who: Result<_, StoreError> = who;
    let code = SpokenCode::of(424_242);
    let wanted = CodeWanted {
        ring: Some(bos),
        code: code.clone(),
        language: Language::Nl,
        browser,
        who: Some(who.unwrap().unwrap().id),
        proves: None,
    };
    let came = exchange.speak_code(&exchange.context().lines[0], wanted).await.unwrap();
    let tried = house.store().write(move |tx| tx.try_spoken_code(browser, &code, now)).await;
    let tried: Result<_, StoreError> = tried;
    (came, tried.unwrap())
}

#[tokio::test]
async fn a_code_that_no_telephone_rang_for_is_never_right_so_eight_a_day_can_be_guessed() {
    let mut house = quiet_morning().await;
    let mut right = 0;
    for nth in 0..200 {
        let (came, tried) = knows_the_code(&house, nth).await;
        let fits = matches!(tried, CodeTried::Right(..));
        assert_eq!(fits, came == CodeCall::Rings, "the {nth}th: {came:?}");
        right += u32::from(fits);
        if nth % 2 == 1 {
            minutes_go_by(&mut house, 6).await;
        }
    }
    assert_eq!(right, 8, "of two hundred, asked for from morning to evening");
    assert_eq!(rings(&house, BOS), 8);
}

#[tokio::test]
async fn whoever_did_not_ask_for_a_code_presses_2_and_hears_no_more_of_it_for_a_day() {
    let town = QUIET_MORNING.replace("picks up after 6, presses 1", "picks up after 6, presses 2");
    let mut house = House::of(&Scenario::read("quiet", &town).unwrap(), Delivery::default()).await;
    let began = house.app().0.exchange.now();
    let mut somebody = Visitor::default();
    asks(&house, &mut somebody, "0700010001").await;
    minutes_go_by(&mut house, 2).await;
    assert_eq!(codes_heard(&house, BOS), Vec::<String>::new());
    let live = "SELECT count(*) FROM spoken_code WHERE participant IS NOT NULL";
    let live = house.books_now().query_row(live, [], |row| row.get::<_, i64>(0));
    assert_eq!(live, Ok(0), "there is nothing left to guess");
    let page = types(&house, &mut somebody, "123456").await;
    assert_eq!(page.status, 422);
    for hours in 1..10 {
        house.set_clock(began + hours * 60 * MINUTE);
        let again = asks(&house, &mut Visitor::default(), "0700010001").await;
        assert_eq!(again.status, 303, "a stranger is told the same");
        minutes_go_by(&mut house, 2).await;
    }
    assert_eq!(rings(&house, BOS), 1);
    house.set_clock(began + 25 * 60 * MINUTE);
    asks(&house, &mut Visitor::default(), "0700010001").await;
    minutes_go_by(&mut house, 2).await;
    assert_eq!(rings(&house, BOS), 2, "a day later their own code comes again");
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
        let kept = page.body.contains("value=\"0700010001\"");
        assert_eq!(kept, nth >= 3, "what was typed is not lost: {}", page.body);
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
