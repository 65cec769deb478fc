//! `/loket/open`: the desk open or closed, closing days, and what callers hear first.

use burenhulp::domain::{Language, Phone, Role};

use super::quiet_morning;
use crate::house::House;
use crate::house::desk::Visitor;

const LINE: &str = "+31700002586";

fn line() -> Phone {
    Phone::from_stored(LINE).unwrap()
}

async fn operator(house: &House) -> Visitor {
    house.operator("Anneke", Role::Operator, &[line()], &[]).await
}

fn audited(house: &House, what: &str) -> i64 {
    let sql = "SELECT count(*) FROM audit WHERE what = ?1";
    house.books_now().query_row(sql, [what], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn closed_for_an_hour_and_back_to_the_usual_hours() {
    let house = quiet_morning().await;
    let mut anneke = operator(&house).await;
    let page = house.get(&anneke, "/loket/open").await;
    assert!(page.body.contains("Volgens de gewone tijden."), "{}", page.body);
    let form = [("lijn", LINE), ("wat", "dicht"), ("tot", "uur")];
    let done = house.post(&anneke, "/loket/open/nu", &form).await;
    assert_eq!((done.status, done.location.as_deref()), (303, Some("/loket/open")));
    anneke.keeps(&done);
    let page = house.get(&anneke, "/loket/open").await;
    assert!(page.body.contains("Het loket is dicht tot vandaag 11:00."), "{}", page.body);
    assert!(page.body.contains(">dicht</span>"), "{}", page.body);
    assert_eq!(audited(&house, "desk-closed"), 1);

    let form = [("lijn", LINE), ("wat", "tijden")];
    for _ in 0..2 {
        assert_eq!(house.post(&anneke, "/loket/open/nu", &form).await.status, 303);
    }
    assert_eq!(audited(&house, "desk-by-hours"), 1, "twice is one effect");
    assert!(house.get(&anneke, "/loket/open").await.body.contains(">open</span>"));
}

#[tokio::test]
async fn until_a_moment_that_has_passed_or_is_far_away_is_refused_in_words() {
    let house = quiet_morning().await;
    let anneke = operator(&house).await;
    for moment in ["2026-11-24T09:59", "2028-01-01T00:00", "morgen", "", "2026-02-30T10:00"] {
        let form = [("lijn", LINE), ("wat", "dicht"), ("tot", "moment"), ("tot_moment", moment)];
        let page = house.post(&anneke, "/loket/open/nu", &form).await;
        assert_eq!(page.status, 422, "{moment}");
        assert!(page.body.contains("Kies tot wanneer"), "{moment}: {}", page.body);
    }
    assert_eq!(house.count("desk_by_hand"), 0);
}

#[tokio::test]
async fn another_lines_desk_is_not_theirs_to_close() {
    let house = quiet_morning().await;
    let dokkum = Phone::from_stored("+31519002586").unwrap();
    let sjoerd = house.operator("Sjoerd", Role::Operator, &[dokkum], &[]).await;
    let page = house.get(&sjoerd, "/loket/open").await;
    assert!(!page.body.contains("Burenhulp Scheveningen"), "{}", page.body);
    for (path, form) in [
        ("/loket/open/nu", vec![("lijn", LINE), ("wat", "dicht"), ("tot", "uur")]),
        ("/loket/open/dag", vec![("lijn", LINE), ("dag", "2026-12-24")]),
        (
            "/loket/open/mededeling",
            vec![("lijn", LINE), ("taal", "nl"), ("tekst", "Dag."), ("tot", "uur")],
        ),
    ] {
        assert_eq!(house.post(&sjoerd, path, &form).await.status, 404, "{path}");
    }
    let tables = ["desk_by_hand", "closing_day", "notice"];
    assert_eq!(tables.map(|table| house.count(table)), [0, 0, 0]);
}

#[tokio::test]
async fn a_closing_day_is_entered_once_and_taken_away_once() {
    let house = quiet_morning().await;
    let mut anneke = operator(&house).await;
    let mut kees = house.operator("Kees", Role::Operator, &[line()], &[]).await;
    let form = [("lijn", LINE), ("dag", "2026-12-24")];
    anneke.keeps(&house.post(&anneke, "/loket/open/dag", &form).await);
    let page = house.get(&anneke, "/loket/open").await;
    assert!(page.body.contains("De sluitingsdag staat erin."), "{}", page.body);
    assert!(page.body.contains("do 24 dec"), "{}", page.body);
    kees.keeps(&house.post(&kees, "/loket/open/dag", &form).await);
    assert!(house.get(&kees, "/loket/open").await.body.contains("Die dag stond er al in."));
    assert_eq!((house.count("closing_day"), audited(&house, "closing-day-added")), (1, 1));

    house.post(&anneke, "/loket/open/dag/weg", &form).await;
    kees.keeps(&house.post(&kees, "/loket/open/dag/weg", &form).await);
    assert!(house.get(&kees, "/loket/open").await.body.contains("Die dag was al weg."));
    assert_eq!((house.count("closing_day"), audited(&house, "closing-day-removed")), (0, 1));

    for day in ["2026-11-23", "2029-01-01", "24 december", ""] {
        let form = [("lijn", LINE), ("dag", day)];
        assert_eq!(house.post(&anneke, "/loket/open/dag", &form).await.status, 422, "{day}");
    }
}

#[tokio::test]
async fn only_an_administrator_closes_all_lines() {
    let house = quiet_morning().await;
    let anneke = operator(&house).await;
    let form = [("lijn", ""), ("dag", "2026-12-24")];
    assert_eq!(house.post(&anneke, "/loket/open/dag", &form).await.status, 403);
    let beheer = house.operator("Beheer", Role::Administrator, &[], &[]).await;
    assert_eq!(house.post(&beheer, "/loket/open/dag", &form).await.status, 303);
    let page = house.get(&anneke, "/loket/open").await;
    assert!(page.body.contains("alle lijnen") && !page.body.contains("/loket/open/dag/weg"));
}

#[tokio::test]
async fn a_notice_has_no_number_no_markup_and_no_word_that_is_not_used_here() {
    let house = quiet_morning().await;
    let mut anneke = operator(&house).await;
    let send = |text: String| {
        let form = [("lijn", LINE), ("taal", "nl"), ("wat", "aan"), ("tot", "dag")]
            .map(|(a, b)| (a, b.to_owned()));
        let (house, anneke) = (&house, anneke.clone());
        async move {
            let mut form: Vec<(&str, &str)> = form.iter().map(|(a, b)| (*a, b.as_str())).collect();
            form.push(("tekst", &text));
            house.post(&anneke, "/loket/open/mededeling", &form).await
        }
    };
    for (text, told) in [
        ("Bel 070 000 25 86.", "Er staat een telefoonnummer in"),
        ("<Say>Dag</Say>", "De tekens &#60; &#62; { } kunnen niet"),
        ("Onze vrijwilligers zijn er weer.", "vrijwilligers"),
        ("Mail bos@voorbeeld.nl", "e-mailadres"),
        ("", "nog geen tekst"),
        (&"lang ".repeat(60), "te lang"),
    ] {
        let page = send(text.to_owned()).await;
        assert_eq!(page.status, 422, "{text}");
        assert!(page.body.contains(told), "{text}: {}", page.body);
    }
    assert_eq!(house.count("notice"), 0);
    let done = send("Morgen is ons loket gesloten.".to_owned()).await;
    assert_eq!(done.status, 303);
    anneke.keeps(&done);
    let page = house.get(&anneke, "/loket/open").await;
    assert!(page.body.contains("Morgen is ons loket gesloten.</textarea>"), "{}", page.body);
    assert!(page.body.contains("Bellers horen dit tot morgen 0:00."), "{}", page.body);
    assert_eq!(audited(&house, "notice-set"), 1);
}

#[tokio::test]
async fn a_notice_that_has_expired_is_spoken_to_nobody() {
    let house = quiet_morning().await;
    let anneke = operator(&house).await;
    let form = [
        ("lijn", LINE),
        ("taal", "nl"),
        ("wat", "aan"),
        ("tot", "uur"),
        ("tekst", "Wij zijn even weg."),
    ];
    assert_eq!(house.post(&anneke, "/loket/open/mededeling", &form).await.status, 303);
    let spoken = async || {
        let now = house.app().0.exchange.now();
        let read = house.store().read(move |tx| tx.notice(&line(), Language::Nl, now)).await;
        read.unwrap().map(|notice| notice.text)
    };
    assert_eq!(spoken().await.as_deref(), Some("Wij zijn even weg."));
    let until = house.app().0.exchange.now() + std::time::Duration::from_secs(3600);
    house.set_clock(until - std::time::Duration::from_millis(1));
    assert_eq!(spoken().await.as_deref(), Some("Wij zijn even weg."), "to the last moment");
    house.set_clock(until);
    assert_eq!(spoken().await, None);
    let kees = house.operator("Kees", Role::Operator, &[line()], &[]).await;
    let page = house.get(&kees, "/loket/open").await;
    assert!(!page.body.contains("Bellers horen dit tot"), "{}", page.body);
}
