//! Whoever was not asked in the last quarter is told why on their own page.

use burenhulp::domain::Timestamp;

use super::{BOS, quiet_morning};

#[tokio::test]
async fn whoever_was_not_asked_in_the_last_quarter_is_told_why() {
    let house = quiet_morning().await;
    let bos = house.at_home(BOS).await;
    let at = |text: &str| Timestamp::parse(text).unwrap().0;
    let books = house.books_now();
    let known =
        "UPDATE participant SET created_at = ?1, last_asked = ?2, hours = 'Mo-Fr 13:00-17:00'";
    books.execute(known, (at("2026-02-01"), Some(at("2026-10-02")))).unwrap();
    let told = "Sinds";
    assert!(!house.get(&bos, "/mijn").await.body.contains(told), "asked since the quarter began");
    books.execute(known, (at("2026-02-01"), None::<i64>)).unwrap();
    let page = house.get(&bos, "/mijn").await.body;
    assert!(page.contains("Sinds 1 februari bent u niet gevraagd. Niemand vroeg"), "{page}");
    for (day, hour) in [("2026-07-06", "10"), ("2026-07-07", "10"), ("2026-09-08", "14")] {
        let sql = "INSERT INTO request (line, kind, service, postcode, language, opened_at)
                   VALUES ('+31700002586', 'neighbour', 'company', 2584, 'nl', ?1)";
        books.execute(sql, [at(&format!("{day}T{hour}:00:00+02:00"))]).unwrap();
    }
    let page = house.get(&bos, "/mijn").await.body;
    let why = "Meestal kwam dat doordat de vraag buiten de tijden kwam die u koos. \
               Soms doordat een ander eerder aan de beurt was.";
    assert!(page.contains(why), "{page}");
    books.execute(known, (at("2026-08-01"), None::<i64>)).unwrap();
    assert!(!house.get(&bos, "/mijn").await.body.contains(told), "too short to say anything");
}
