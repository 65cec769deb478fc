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

/// Whoever has this number offers company today.
async fn offers_company(house: &House, number: &str) {
    let who = house.at_home(number).await;
    let offer = [("dienst", "company"), ("dag", "2026-11-24")];
    assert_eq!(house.post(&who, "/mijn/prikbord/aanbod", &offer).await.status, 303);
}

/// What somebody reads on their board after they sent this form.
async fn reads_after(house: &House, who: &Visitor, path: &str, form: &[(&str, &str)]) -> String {
    let sent = house.post(who, path, form).await;
    assert_eq!(sent.location.as_deref(), Some("/mijn/prikbord"), "{}", sent.body);
    let mut who = who.clone();
    who.keeps(&sent);
    house.get(&who, "/mijn/prikbord").await.body
}

#[tokio::test]
async fn what_does_not_belong_there_is_said_with_a_reason_and_not_seen_again() {
    let mut house = quiet_morning().await;
    noor_asks(&mut house, true).await;
    offers_company(&house, FATIMA).await;
    let bos = house.at_home(BOS).await;
    let page = house.get(&bos, "/mijn/prikbord").await.body;
    assert_eq!(page.matches("Dit hoort hier niet").count(), 2, "{page}");
    for path in ["/mijn/prikbord/vraag/1/melden", "/mijn/prikbord/aanbod/1/melden"] {
        // Without a reason the form comes back, open, with a word.
        for form in [&[][..], &[("waarom", "zomaar 0612345678")]] {
            let refused = house.post(&bos, path, form).await;
            assert_eq!(refused.status, 422, "{}", refused.body);
            assert!(refused.body.contains("<details open>"), "{}", refused.body);
            assert!(refused.body.contains("id=\"fout-waarom\">Kies waarom."), "{}", refused.body);
        }
        // Twice is once, whatever is said the second time.
        for why in ["commercial", "other"] {
            let page = reads_after(&house, &bos, path, &[("waarom", why)]).await;
            assert!(page.contains("Dank u wel. Het loket kijkt ernaar."), "{page}");
            assert!(!page.contains(path), "{page}");
        }
    }
    assert_eq!((house.count("board_report"), house.count("promise")), (2, 2));
    let fatima = house.at_home(FATIMA).await;
    let page = house.get(&fatima, "/mijn/prikbord").await.body;
    assert!(page.contains("/mijn/prikbord/vraag/1\""), "others see it as before: {page}");
    // Noor is searched for by telephone, and Bos is not rung for what he would rather not see.
    minutes_go_by(&mut house, 3 * 24 * 60).await;
    assert_eq!(rings(&house, BOS), 0);
    assert!(rings(&house, FATIMA) > 0);
}

#[tokio::test]
async fn ones_own_what_is_gone_and_too_much_of_it_have_a_kind_word_and_no_effect() {
    let mut house = quiet_morning().await;
    noor_asks(&mut house, false).await;
    offers_company(&house, BOS).await;
    let bos = house.at_home(BOS).await;
    let page = house.get(&bos, "/mijn/prikbord").await.body;
    assert!(!page.contains("Dit hoort hier niet"), "of one's own one does not: {page}");
    for path in [
        "/mijn/prikbord/aanbod/1/melden",
        "/mijn/prikbord/aanbod/99/melden",
        "/mijn/prikbord/vraag/1/melden",
        "/mijn/prikbord/vraag/99/melden",
    ] {
        let page = reads_after(&house, &bos, path, &[("waarom", "other")]).await;
        assert!(page.contains("Dit staat niet meer op het prikbord."), "{path}: {page}");
    }
    assert_eq!((house.count("board_report"), house.count("promise")), (0, 0));
    // Ten a day.
    offers_company(&house, FATIMA).await;
    let now = house.app().0.exchange.now();
    let books = house.books_now();
    let sql = "INSERT INTO promise (kind, line, made_at, due_at)
               VALUES ('board_looked_at', '+31700002586', 1, 1)";
    books.execute(sql, []).unwrap();
    for nth in 100..110 {
        books
            .execute(
                "INSERT INTO request (id, line, kind, language, opened_at)
                 VALUES (?1, '+31700002586', 'desk', 'nl', 1)",
                [nth],
            )
            .unwrap();
        books
            .execute(
                "INSERT INTO board_report (participant, request, why, promise, reported_at)
                 SELECT id, ?1, 'other', 1, ?2 FROM participant WHERE phone = ?3",
                (nth, now.0, BOS),
            )
            .unwrap();
    }
    let path = "/mijn/prikbord/aanbod/2/melden";
    let page = reads_after(&house, &bos, path, &[("waarom", "other")]).await;
    assert!(page.contains("U hebt vandaag al veel gemeld."), "{page}");
    assert_eq!(house.count("board_report"), 10);
    assert!(house.get(&bos, "/mijn/prikbord").await.body.contains("Ja, graag"));
}

#[tokio::test]
async fn a_report_without_the_pages_own_key_has_no_effect() {
    let house = quiet_morning().await;
    offers_company(&house, FATIMA).await;
    let bos = house.at_home(BOS).await;
    let forged = Visitor { key: house.at_home(FATIMA).await.key, ..bos.clone() };
    let path = "/mijn/prikbord/aanbod/1/melden";
    assert_eq!(house.post(&forged, path, &[("waarom", "other")]).await.status, 403);
    let nobody = house.post(&Visitor::default(), path, &[("waarom", "other")]).await;
    assert_ne!(nobody.location.as_deref(), Some("/mijn/prikbord"));
    assert_eq!(house.count("board_report"), 0);
}
