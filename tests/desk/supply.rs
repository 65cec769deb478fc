//! Who does what, where and when, and who is never asked; and the card that is printed.

use burenhulp::domain::{Phone, Postcode, Role};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;

use crate::house::House;
use crate::house::desk::Visitor;

/// Six who like a chat, five of them in the morning; one who walks dogs.
fn town() -> String {
    let mut text = "title = \"seven\"\nat = \"2026-11-24T10:00:00+01:00\"\n\
                    [[line]]\nlanguages = [\"nl\", \"en\"]\n[[desk]]\nname = \"balie\"\n"
        .to_owned();
    for n in 0..6 {
        let hours = if n == 0 { "Sa 13:00-16:00" } else { "Mo-Fr 09:00-12:00" };
        text +=
            &format!("[[neighbour]]\nname = \"buur{n}\"\npostcode = 2584\nhours = \"{hours}\"\n");
    }
    text + "[[neighbour]]\nname = \"hond\"\npostcode = 2586\nservices = [\"dog\"]\n"
}

async fn seven() -> House {
    House::of(&Scenario::read("seven", &town()).unwrap(), Delivery::default()).await
}

async fn kees(house: &House) -> Visitor {
    let line = Phone::from_stored("+31700002586").unwrap();
    house.operator("Kees", Role::Operator, &[line], &[]).await
}

/// The row of a table that begins with this, its cells apart.
fn row(page: &str, table: &str, name: &str) -> Vec<String> {
    let table = page.split(&format!("id=\"{table}\"")).nth(1).unwrap();
    let row = table.split("<tr>").find(|row| row.contains(&format!("\">{name}</th>"))).unwrap();
    let cells = row.split("</tr>").next().unwrap().split("<td class=\"number\">").skip(1);
    let plain = |cell: &str| {
        let mut text = cell.to_owned();
        while let (Some(begin), Some(end)) = (text.find('<'), text.find('>')) {
            text.replace_range(begin..=end, "");
        }
        text.trim().to_owned()
    };
    cells.map(plain).collect()
}

#[tokio::test]
async fn gaps_are_seen_and_small_numbers_are_not() {
    let house = seven().await;
    let kees = kees(&house).await;
    let page = house.get(&kees, "/loket/aanbod").await;
    assert_eq!(page.status, 200);
    let chat = row(&page.body, "delen", "een praatje of een wandeling");
    assert_eq!(chat, ["6", "5", "niemand", "niemand", "niemand", "klein", "niemand"]);
    let dog = row(&page.body, "delen", "het uitlaten van de hond");
    assert_eq!(dog[0], "klein", "one is not counted out: {dog:?}");
    assert!(dog.iter().all(|cell| cell != "1"), "{dog:?}");
    let shopping = row(&page.body, "delen", "boodschappen");
    assert!(shopping.iter().skip(1).all(|cell| cell == "niemand"), "{shopping:?}");
    let places = row(&page.body, "plaatsen", "een praatje of een wandeling");
    assert_eq!(places[..2], ["6", "6"], "they all live in the first place: {places:?}");
    // Somebody who pauses is nobody who could be rung.
    house.post(&kees, "/loket/deelnemers/2/pauze", &[("tot", "week")]).await;
    let page = house.get(&kees, "/loket/aanbod").await;
    assert_eq!(row(&page.body, "delen", "een praatje of een wandeling")[0], "5");
}

#[tokio::test]
async fn whoever_rests_until_they_answer_is_counted_by_why_and_may_be_taken_at_their_word() {
    let house = seven().await;
    let kees = kees(&house).await;
    let resting = |page: &str| {
        let section = page.split("id=\"rust\"").nth(1).unwrap();
        let counts = section.split("</dl>").next().unwrap().split("<dd>").skip(1);
        counts.map(|cell| cell.split('<').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(resting(&house.get(&kees, "/loket/aanbod").await.body), ["0", "0"]);
    let books = house.books_now();
    books.execute("UPDATE participant SET unanswered = 5 WHERE id <= 5", []).unwrap();
    let sql = "INSERT INTO still_there (participant, line, why, since, rings_at)
               VALUES (6, '+31700002586', 'silent', 1795510800000, 1795597200000)";
    books.execute(sql, []).unwrap();
    let page = house.get(&kees, "/loket/aanbod").await.body;
    assert_eq!(resting(&page), ["5", "klein"]);
    assert_eq!(row(&page, "delen", "een praatje of een wandeling")[0], "0", "nobody to be rung");
    let silent = house.get(&kees, "/loket/deelnemers/6").await.body;
    assert!(silent.contains("een jaar niets van gehoord"), "{silent}");
    assert!(silent.contains("vraagt het vanaf 25 november 2026"), "{silent}");
    assert_eq!(house.post(&kees, "/loket/deelnemers/6/hervat", &[]).await.status, 303);
    assert_eq!(house.post(&kees, "/loket/deelnemers/1/hervat", &[]).await.status, 303);
    let page = house.get(&kees, "/loket/aanbod").await.body;
    assert_eq!(resting(&page), ["klein", "0"]);
    let again = house.get(&kees, "/loket/deelnemers/6").await.body;
    assert!(!again.contains("een jaar niets"), "{again}");
}

#[tokio::test]
async fn whoever_was_never_asked_is_on_the_list_with_the_reasons() {
    let house = seven().await;
    let kees = kees(&house).await;
    let books = house.books_now();
    let since = burenhulp::domain::Timestamp::parse("2026-01-05").unwrap();
    books.execute("UPDATE participant SET created_at = ?1, last_asked = NULL", [since.0]).unwrap();
    let asked = |at: &str, service: &str, postcode: u16| {
        let at = burenhulp::domain::Timestamp::parse(at).unwrap();
        let sql = "INSERT INTO request (line, kind, service, postcode, language, opened_at)
                   VALUES ('+31700002586', 'neighbour', ?1, ?2, 'nl', ?3)";
        books.execute(sql, (service, postcode, at.0)).unwrap();
    };
    for day in ["09", "10", "11"] {
        asked(&format!("2026-11-{day}T10:00:00+01:00"), "company", 2584);
    }
    asked("2026-11-14T14:00:00+01:00", "company", 2584);
    asked("2026-11-12T22:30:00+01:00", "company", 2584);
    let listed = |page: &str, id: u32| {
        let row = page.split(&format!("/loket/deelnemers/{id}\"")).nth(1).unwrap_or_default();
        row.split("</tr>").next().unwrap_or_default().to_owned()
    };
    let page = house.get(&kees, "/loket/aanbod").await.body;
    let saturday = listed(&page, 1);
    assert!(saturday.contains("buiten eigen tijden (3)"), "{saturday}");
    assert!(saturday.contains("een ander was eerder aan de beurt (1)"), "{saturday}");
    assert!(saturday.contains("buiten de beltijden van de lijn (1)"), "{saturday}");
    assert!(saturday.contains("5 januari 2026"), "{saturday}");
    let morning = listed(&page, 2);
    assert!(morning.contains("een ander was eerder aan de beurt (3)"), "{morning}");
    assert!(listed(&page, 7).contains("niemand vroeg hierom"), "{page}");
    // Rung last week: not on the list any more.
    let lately = burenhulp::domain::Timestamp::parse("2026-11-18").unwrap();
    books.execute("UPDATE participant SET last_asked = ?1 WHERE id = 2", [lately.0]).unwrap();
    let page = house.get(&kees, "/loket/aanbod").await.body;
    assert!(listed(&page, 2).is_empty() && !listed(&page, 1).is_empty(), "{page}");
}

#[tokio::test]
async fn a_coordinator_sees_their_own_places_only() {
    let house = seven().await;
    let place = Postcode::parse("2586").unwrap();
    let piet = house.operator("Piet", Role::Coordinator, &[], &[place]).await;
    let page = house.get(&piet, "/loket/aanbod").await;
    assert_eq!(row(&page.body, "delen", "een praatje of een wandeling")[0], "0");
    let elsewhere = Postcode::parse("9101").unwrap();
    let sietske = house.operator("Sietske", Role::Coordinator, &[], &[elsewhere]).await;
    assert_eq!(house.get(&sietske, "/loket/aanbod").await.status, 404);
    assert_eq!(house.get(&sietske, "/loket/kaart").await.status, 404);
}

#[tokio::test]
async fn a_card_is_printed_in_each_language_of_the_line() {
    let house = seven().await;
    let kees = kees(&house).await;
    let dutch = house.get(&kees, "/loket/kaart").await;
    assert_eq!(dutch.status, 200);
    for told in ["Burenhulp Scheveningen", "070 000 25 86", "Wilt u een buurtgenoot spreken?"] {
        assert!(dutch.body.contains(told), "{told}: {}", dutch.body);
    }
    assert!(!dutch.body.contains("<style"), "the policy of the desk lets no style in");
    let english = house.get(&kees, "/loket/kaart?lijn=31700002586&taal=en").await;
    assert!(english.body.contains("To speak to a neighbour"), "{}", english.body);
    assert_eq!(house.get(&kees, "/loket/kaart?lijn=31519002586").await.status, 404);
    assert!(house.get(&kees, "/loket/card.css").await.body.contains("size: A5"));
}
