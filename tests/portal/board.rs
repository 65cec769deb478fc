//! The board: what neighbours ask and offer.

use super::{BOS, House, minutes_go_by, quiet_morning, rings};
use crate::house::desk::Visitor;

const FATIMA: &str = "+31700010002";
const NOOR: &str = "+31602000001";

/// Noor asks for company on Friday, for the board too if she likes, and confirms it.
async fn noor_asks(house: &mut House, for_the_board: bool) {
    let mut fields = vec![
        ("dienst", "company"),
        ("postcode", "2586"),
        ("wanneer", "moment"),
        ("dag", "2026-11-27"),
        ("tijd", "10:00"),
        ("telefoon", NOOR),
    ];
    if for_the_board {
        fields.push(("prikbord", "ja"));
    }
    assert_eq!(house.post(&Visitor::default(), "/vragen", &fields).await.status, 303);
    minutes_go_by(house, 5).await;
}

#[tokio::test]
async fn i_will_do_it_rings_and_joins_and_is_gone_for_the_next() {
    let mut house = quiet_morning().await;
    noor_asks(&mut house, true).await;
    let (bos, fatima) = (house.at_home(BOS).await, house.at_home(FATIMA).await);
    let page = house.get(&bos, "/mijn/prikbord").await;
    assert!(page.body.contains("vr 27 nov 10:00"), "{}", page.body);
    for secret in ["Noor", "0200 0001", "2586", "Scheveningen-"] {
        let main = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        assert!(!main.contains(secret), "{secret}: {main}");
    }
    let done = house.post(&bos, "/mijn/prikbord/vraag/1", &[]).await;
    assert_eq!(done.location.as_deref(), Some("/mijn/prikbord"));
    minutes_go_by(&mut house, 5).await;
    assert_eq!((rings(&house, BOS), rings(&house, NOOR), rings(&house, FATIMA)), (1, 2, 0));
    let outcome: String = house
        .books_now()
        .query_row("SELECT outcome FROM request WHERE id = 1", [], |row| row.get(0))
        .unwrap();
    assert_eq!(outcome, "connected");
    let mut fatima = fatima;
    let late = house.post(&fatima, "/mijn/prikbord/vraag/1", &[]).await;
    fatima.keeps(&late);
    let page = house.get(&fatima, "/mijn/prikbord").await;
    assert!(page.body.contains("al opgelost"), "{}", page.body);
    assert!(!page.body.contains("vraag/1\""), "{}", page.body);
}

#[tokio::test]
async fn only_what_somebody_agreed_to_show_is_on_the_board_and_nothing_else_can_be_taken_up() {
    let mut house = quiet_morning().await;
    noor_asks(&mut house, false).await;
    let bos = house.at_home(BOS).await;
    let page = house.get(&bos, "/mijn/prikbord").await;
    assert!(!page.body.contains("vraag/1\""), "{}", page.body);
    house.post(&bos, "/mijn/prikbord/vraag/1", &[]).await;
    house.post(&bos, "/mijn/prikbord/vraag/99", &[]).await;
    minutes_go_by(&mut house, 5).await;
    assert_eq!(rings(&house, BOS), 0);
}

#[tokio::test]
async fn r13_nobody_is_rung_at_night_who_takes_something_up() {
    let mut house = quiet_morning().await;
    noor_asks(&mut house, true).await;
    let now = house.app().0.exchange.now();
    house.set_clock(now + std::time::Duration::from_secs(12 * 3600));
    let mut bos = house.at_home(BOS).await;
    let page = house.post(&bos, "/mijn/prikbord/vraag/1", &[]).await;
    bos.keeps(&page);
    let page = house.get(&bos, "/mijn/prikbord").await;
    assert!(page.body.contains("Op dit uur bellen wij niemand"), "{}", page.body);
    minutes_go_by(&mut house, 30).await;
    assert_eq!(rings(&house, BOS), 0);
}

#[tokio::test]
async fn an_offer_is_taken_up_once_and_rings_whoever_made_it_first() {
    let mut house = quiet_morning().await;
    let (mut bos, fatima) = (house.at_home(BOS).await, house.at_home(FATIMA).await);
    let offer = [("dienst", "company"), ("dag", "2026-11-24")];
    let page = house.post(&bos, "/mijn/prikbord/aanbod", &offer).await;
    bos.keeps(&page);
    let page = house.get(&bos, "/mijn/prikbord").await;
    assert!(page.body.contains("Wie gaat er mee?") && page.body.contains("Haal weg"));
    let page = house.get(&fatima, "/mijn/prikbord").await;
    assert!(page.body.contains("Wie gaat er mee?") && page.body.contains("Ja, graag"));
    for twice in [0, 1] {
        let page = house.post(&fatima, "/mijn/prikbord/aanbod/1", &[]).await;
        let mut fatima = fatima.clone();
        fatima.keeps(&page);
        let page = house.get(&fatima, "/mijn/prikbord").await;
        let words = ["Wij bellen nu uw buurtgenoot", "u net voor"][twice];
        assert!(page.body.contains(words), "{}", page.body);
    }
    minutes_go_by(&mut house, 3).await;
    assert_eq!((rings(&house, BOS), rings(&house, FATIMA)), (1, 1));
    assert_eq!(house.count("request"), 1);
}

#[tokio::test]
async fn what_cannot_be_offered_has_a_kind_word() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    for (service, day, words) in [
        ("transport", "2026-11-24", "hoort niet bij wat u graag doet"),
        ("company", "2026-11-23", "vanaf vandaag"),
        ("company", "2027-06-01", "binnen een maand"),
    ] {
        let fields = [("dienst", service), ("dag", day)];
        let page = house.post(&bos, "/mijn/prikbord/aanbod", &fields).await;
        assert_eq!(page.status, 422, "{service} {day}: {}", page.body);
        assert!(page.body.contains(words), "{service} {day}: {}", page.body);
        assert!(page.body.contains(&format!("value=\"{day}\"")), "it stands there: {}", page.body);
    }
    for fields in [
        [("dienst", "Nog iets 0612345678"), ("dag", "2026-11-24")],
        [("dienst", "company"), ("dag", "morgen")],
    ] {
        let page = house.post(&bos, "/mijn/prikbord/aanbod", &fields).await;
        assert_eq!(page.status, 422, "{}", page.body);
    }
    assert_eq!(house.count("posted_offer"), 0);
}

#[tokio::test]
async fn an_offer_goes_by_itself_at_the_end_of_its_day_and_whenever_it_is_taken_back() {
    let house = quiet_morning().await;
    let (bos, fatima) = (house.at_home(BOS).await, house.at_home(FATIMA).await);
    let offer = [("dienst", "company"), ("dag", "2026-11-24")];
    let shown = async |house: &House, who: &Visitor| {
        house.get(who, "/mijn/prikbord").await.body.contains("Ja, graag")
    };
    house.post(&bos, "/mijn/prikbord/aanbod", &offer).await;
    assert!(shown(&house, &fatima).await);
    house.post(&fatima, "/mijn/prikbord/aanbod/1/weg", &[]).await;
    assert!(shown(&house, &fatima).await, "only one's own");
    house.post(&bos, "/mijn/prikbord/aanbod/1/weg", &[]).await;
    assert!(!shown(&house, &fatima).await);
    house.post(&bos, "/mijn/prikbord/aanbod", &offer).await;
    assert!(shown(&house, &fatima).await, "offered anew");
    let now = house.app().0.exchange.now();
    house.set_clock(now + std::time::Duration::from_secs(14 * 3600));
    let fatima = house.at_home(FATIMA).await;
    assert!(!shown(&house, &fatima).await);
}
