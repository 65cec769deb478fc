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

/// Whoever has this number finds that this does not belong on the board.
async fn reports(house: &House, number: &str, what: &str, why: &str) {
    let who = house.at_home(number).await;
    let path = format!("/mijn/prikbord/{what}/melden");
    let sent = house.post(&who, &path, &[("waarom", why)]).await;
    assert_eq!(sent.status, 303, "{}", sent.body);
}

/// What somebody reads after they sent this form.
async fn reads_after(
    house: &House,
    who: &mut Visitor,
    path: &str,
    form: &[(&str, &str)],
) -> String {
    let sent = house.post(who, path, form).await;
    who.keeps(&sent);
    match &sent.location {
        Some(location) => house.get(who, location).await.body,
        None => sent.body,
    }
}

#[tokio::test]
async fn a_commercial_offer_that_a_neighbour_reports_is_looked_at_and_taken_down() {
    let (house, mut anneke) = morning().await;
    offers(&house, FATIMA, "2026-11-27").await;
    reports(&house, BOS, "aanbod/1", "commercial").await;
    // It is due within a working day, and late like any other after that.
    let list = house.get(&anneke, "/loket/berichten").await.body;
    for words in ["Prikbord: hoort dit hier?", "1 keer: om geld te verdienen", "vr 27 nov"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    assert!(list.contains("uiterlijk morgen 10:00"), "{list}");
    assert!(!list.contains("Bos") && !list.contains("0001 0001"), "who said so is secret: {list}");
    let board = house.get(&anneke, "/loket/prikbord").await.body;
    assert!(about(&board, "aanbod").contains("/loket/berichten/1\""), "{board}");
    let page = house.get(&anneke, "/loket/berichten/1").await.body;
    assert!(page.contains("value=\"commercial\" required checked"), "{page}");
    assert!(page.contains("href=\"/loket/deelnemers/2\""), "who offers it is known: {page}");
    let path = "/loket/berichten/1/prikbord";
    let refused = house.post(&anneke, path, &[("wat", "eraf")]).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let form = [("wat", "eraf"), ("waarom", "commercial")];
    let page = reads_after(&house, &mut anneke, path, &form).await;
    assert!(page.contains("Het is van het prikbord gehaald."), "{page}");
    assert!(page.contains("van het prikbord gehaald: Anneke"), "{page}");
    let board = house.get(&anneke, "/loket/prikbord").await.body;
    assert!(about(&board, "aanbod").contains("(0)"), "{board}");
    // Fatima reads why, in friendly words, and cannot put it up again for that day.
    let fatima = house.at_home(FATIMA).await;
    let own = house.get(&fatima, "/mijn/prikbord").await.body;
    let own = about(&own, "eigen");
    for words in ["Het loket heeft dit eraf gehaald.", "zonder dat het geld kost", "Bel ons"] {
        assert!(own.contains(words), "{words}: {own}");
    }
    assert!(!own.contains("gemeld") && !own.contains("Haal weg"), "{own}");
    let offer = [("dienst", "company"), ("dag", "2026-11-27")];
    let again = house.post(&fatima, "/mijn/prikbord/aanbod", &offer).await;
    assert_eq!(again.status, 422);
    assert!(again.body.contains("Het loket heeft dit voor die dag"), "{}", again.body);
    let sql = "SELECT group_concat(what || ' ' || about, ', ') FROM audit
               WHERE what LIKE '%board' OR what LIKE 'offer-%'";
    let trail: String = house.books_now().query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(trail, "offer-taken-down participant:2");
}

#[tokio::test]
async fn what_may_stay_stays_for_all_but_those_who_reported_it() {
    let (house, mut anneke) = morning().await;
    offers(&house, FATIMA, "2026-11-27").await;
    reports(&house, BOS, "aanbod/1", "other").await;
    let form = [("wat", "laten")];
    let page = reads_after(&house, &mut anneke, "/loket/berichten/1/prikbord", &form).await;
    assert!(page.contains("Het blijft staan.") && page.contains("mag blijven staan"), "{page}");
    let board = house.get(&anneke, "/loket/prikbord").await.body;
    assert!(about(&board, "aanbod").contains("(1)"), "{board}");
    let bos = house.at_home(BOS).await;
    assert!(!house.get(&bos, "/mijn/prikbord").await.body.contains("aanbod/1\""));
    let sql = "SELECT count(*) FROM audit WHERE what = 'left-on-board'";
    assert_eq!(house.books_now().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[tokio::test]
async fn a_reported_request_only_comes_off_the_board_and_is_searched_for_as_before() {
    let (mut house, mut anneke) = morning().await;
    let moment = [("wanneer", "moment"), ("moment", "2026-11-30T10:00"), ("prikbord", "ja")];
    let path = greet_asks(&house, &anneke, &moment).await;
    reports(&house, BOS, "vraag/1", "not_meant_for").await;
    let page = house.get(&anneke, &path).await.body;
    assert!(page.contains("href=\"/loket/berichten/1\""), "it stands with the request: {page}");
    let form = [("wat", "eraf"), ("waarom", "not_meant_for")];
    let page = reads_after(&house, &mut anneke, "/loket/berichten/1/prikbord", &form).await;
    assert!(page.contains("Het is van het prikbord gehaald."), "{page}");
    assert!(page.contains("href=\"/loket/vragen/1\""), "{page}");
    let fatima = house.at_home(FATIMA).await;
    assert!(!house.get(&fatima, "/mijn/prikbord").await.body.contains("vraag/1\""));
    minutes_go_by(&mut house, 5 * 24 * 60).await;
    assert_eq!((rings(&house, FATIMA), rings(&house, BOS)), (1, 0));
}

#[tokio::test]
async fn whoever_asked_on_the_web_reads_on_its_page_that_it_came_off_the_board_and_why() {
    let (mut house, mut anneke) = morning().await;
    let asked = [
        ("dienst", "company"),
        ("postcode", "2586"),
        ("wanneer", "moment"),
        ("dag", "2026-11-30"),
        ("tijd", "10:00"),
        ("telefoon", "+31602000001"),
        ("prikbord", "ja"),
    ];
    let link = house.post(&Visitor::default(), "/vragen", &asked).await.location.unwrap();
    minutes_go_by(&mut house, 5).await;
    reports(&house, BOS, "vraag/1", "unkind_or_unsafe").await;
    let form = [("wat", "eraf"), ("waarom", "unkind_or_unsafe")];
    reads_after(&house, &mut anneke, "/loket/berichten/1/prikbord", &form).await;
    let page = house.get(&Visitor::default(), &link).await.body;
    assert!(page.contains("Het loket heeft uw vraag van het prikbord gehaald."), "{page}");
    assert!(page.contains("prettig en veilig") && page.contains("Wij zoeken iemand"), "{page}");
}

#[tokio::test]
async fn somebody_rings_about_an_offer_and_the_desk_takes_it_down_without_a_report() {
    let (house, mut anneke) = morning().await;
    offers(&house, FATIMA, "2026-11-27").await;
    let path = "/loket/prikbord/aanbod/1/eraf";
    let page = reads_after(&house, &mut anneke, path, &[("waarom", "money")]).await;
    assert!(page.contains("Kies waarom."), "{page}");
    let page = reads_after(&house, &mut anneke, path, &[("waarom", "commercial")]).await;
    assert!(page.contains("Het is van het prikbord gehaald."), "{page}");
    let page = reads_after(&house, &mut anneke, path, &[("waarom", "commercial")]).await;
    assert!(page.contains("Dit staat niet meer op het prikbord."), "{page}");
    assert_eq!((house.count("taken_down"), house.count("promise")), (1, 0));
    // Somebody of another line sees no such offer.
    let elsewhere = Phone::from_stored("+31519002586").unwrap();
    let ans = house.operator("Ans", Role::Operator, &[elsewhere], &[]).await;
    assert_eq!(house.post(&ans, path, &[("waarom", "commercial")]).await.status, 404);
}

#[tokio::test]
async fn what_a_colleague_has_claimed_is_theirs_and_what_was_gone_by_itself_is_settled() {
    let (house, mut anneke) = morning().await;
    let line = Phone::from_stored(LINE).unwrap();
    let jan = house.operator("Jan", Role::Operator, &[line], &[]).await;
    offers(&house, FATIMA, "2026-11-27").await;
    reports(&house, BOS, "aanbod/1", "commercial").await;
    house.post(&jan, "/loket/berichten/1/nemen", &[]).await;
    for path in ["/loket/berichten/1/prikbord", "/loket/prikbord/aanbod/1/eraf"] {
        let form = [("wat", "eraf"), ("waarom", "commercial")];
        let page = reads_after(&house, &mut anneke, path, &form).await;
        assert!(page.contains("Jan heeft dit al op zich genomen."), "{path}: {page}");
    }
    let fatima = house.at_home(FATIMA).await;
    house.post(&fatima, "/mijn/prikbord/aanbod/1/weg", &[]).await;
    let mut jan = jan;
    let page = house.get(&jan, "/loket/berichten/1").await.body;
    assert!(page.contains("Dit staat nu niet op het prikbord."), "{page}");
    let form = [("wat", "laten")];
    let page = reads_after(&house, &mut jan, "/loket/berichten/1/prikbord", &form).await;
    assert!(page.contains("De melding is afgerond."), "{page}");
    assert_eq!(house.count("taken_down"), 0);
}
