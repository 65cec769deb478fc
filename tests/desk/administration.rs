//! Colleagues, and the trail of who did what.

use burenhulp::domain::{OperatorId, Role};

use super::quiet_morning;
use crate::house::House;
use crate::house::desk::Visitor;

async fn anneke(house: &House) -> Visitor {
    house.operator("Anneke", Role::Administrator, &[], &[]).await
}

fn colleague(id: OperatorId) -> String {
    format!("/loket/beheer/collega/{id}")
}

#[tokio::test]
async fn a_colleague_is_added_with_a_password_that_is_shown_once_and_replaced() {
    let house = quiet_morning().await;
    let anneke = anneke(&house).await;
    for (form, told) in [
        (
            &[("naam", "a:b"), ("rol", "operator"), ("lijn", "+31700002586")][..],
            "Vul 2 tot 40 letters",
        ),
        (&[("naam", "Kees"), ("rol", "baas")], "Kies een rol"),
        (&[("naam", "Kees"), ("rol", "operator")], "minstens één lijn"),
        (&[("naam", "Kees"), ("rol", "operator"), ("lijn", "+31700000001")], "minstens één lijn"),
        (&[("naam", "Piet"), ("rol", "coordinator")], "minstens één postcode"),
        (&[("naam", "Piet"), ("rol", "coordinator"), ("gebied", "25 x")], "Schrijf postcodes"),
        (&[("naam", "ANNEKE"), ("rol", "administrator")], "al een collega met deze naam"),
    ] {
        let page = house.post(&anneke, "/loket/beheer/nieuw", form).await;
        assert!(page.status == 422 && page.body.contains(told), "{form:?}: {}", page.body);
    }
    assert_eq!(house.count("operator"), 1);
    let form = [("naam", "Kees"), ("rol", "operator"), ("lijn", "+31700002586")];
    let page = house.post(&anneke, "/loket/beheer/nieuw", &form).await;
    assert_eq!(page.status, 200);
    let password = page.body.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(!house.get(&anneke, "/loket/beheer/collega/2").await.body.contains(&password));
    let form = [("naam", "Kees"), ("wachtwoord", password.as_str())];
    let page = house.post(&Visitor::default(), "/loket/inloggen", &form).await;
    assert_eq!(page.location.as_deref(), Some("/loket/inloggen/wachtwoord?naar=/loket"));
}

#[tokio::test]
async fn another_role_holds_from_the_next_click_on() {
    let house = quiet_morning().await;
    let anneke = anneke(&house).await;
    let kees = house.operator("Kees", Role::Operator, &[], &[]).await;
    assert_eq!(house.get(&kees, "/loket/beheer").await.status, 403);
    let path = colleague(kees.id.unwrap());
    assert_eq!(house.post(&anneke, &path, &[("rol", "administrator")]).await.status, 303);
    assert_eq!(house.get(&kees, "/loket/beheer").await.status, 200);
    let form = [("rol", "coordinator"), ("gebied", "2584, 2586")];
    assert_eq!(house.post(&anneke, &path, &form).await.status, 303);
    assert_eq!(house.get(&kees, "/loket/beheer").await.status, 403);
    let page = house.get(&anneke, "/loket/beheer").await;
    assert!(page.body.contains("2584, 2586"), "{}", page.body);
}

#[tokio::test]
async fn a_colleague_is_switched_off_at_once_and_never_the_last_administrator() {
    let house = quiet_morning().await;
    let mut anneke = anneke(&house).await;
    let kees = house.operator("Kees", Role::Operator, &[], &[]).await;
    let path = colleague(kees.id.unwrap());
    assert_eq!(house.post(&anneke, &format!("{path}/uit"), &[]).await.status, 303);
    assert_eq!(house.get(&kees, "/loket").await.status, 401);
    assert!(house.get(&anneke, &path).await.body.contains("uitgezet"));
    assert_eq!(house.post(&anneke, &format!("{path}/aan"), &[]).await.status, 303);
    assert_eq!(house.get(&kees, "/loket").await.status, 401, "logged out all the same");

    let own = colleague(anneke.id.unwrap());
    for (action, form) in
        [("/uit", &[][..]), ("", &[("rol", "operator"), ("lijn", "+31700002586")])]
    {
        let page = house.post(&anneke, &format!("{own}{action}"), form).await;
        anneke.keeps(&page);
        let page = house.get(&anneke, &own).await;
        assert_eq!(page.status, 200, "still administrator");
        assert!(page.body.contains("notice warning"), "{}", page.body);
    }
    assert_eq!(
        house.post(&anneke, &colleague(OperatorId(99)), &[("rol", "operator")]).await.status,
        404
    );
}

#[tokio::test]
async fn a_second_step_is_taken_away_once_and_that_is_written_down() {
    let house = quiet_morning().await;
    let anneke = anneke(&house).await;
    let kees = house.operator("Kees", Role::Operator, &[], &[]).await;
    let id = kees.id.unwrap();
    let factor = house.store().write(move |tx| tx.set_second_factor(id, &[7; 60], 1, &[[7; 32]]));
    factor.await.unwrap();
    let count =
        |sql: &str| -> i64 { house.books_now().query_row(sql, [], |row| row.get(0)).unwrap() };
    let with = "SELECT count(*) FROM operator WHERE totp_secret IS NOT NULL";
    assert_eq!(count(with), 1);
    for _ in 0..2 {
        let path = format!("{}/tweede-stap", colleague(id));
        assert_eq!(house.post(&anneke, &path, &[]).await.status, 303);
    }
    assert_eq!(count(with), 0);
    let told = format!(
        "SELECT count(*) FROM audit
         WHERE what = 'operator-second-factor-reset' AND about = 'operator:{id}'"
    );
    assert_eq!(count(&told), 1, "the second time there was nothing to take away");
}

#[tokio::test]
async fn the_trail_tells_who_did_what_by_colleague_and_by_day() {
    let house = quiet_morning().await;
    let anneke = anneke(&house).await;
    let kees = house.operator("Kees", Role::Administrator, &[], &[]).await;
    let path = colleague(kees.id.unwrap());
    house.post(&anneke, &format!("{path}/uit"), &[]).await;
    house.get(&anneke, "/loket/deelnemers/1").await;
    let page = house.get(&anneke, "/loket/beheer/logboek").await.body;
    for told in ["zette een collega uit", "bekeek een deelnemer", "logde in"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(page.contains("<a href=\"/loket/deelnemers/1\">deelnemer 1</a>"), "{page}");
    let page = house.get(&anneke, &format!("/loket/beheer/logboek?wie={}", kees.id.unwrap())).await;
    assert!(!page.body.contains("bekeek een deelnemer") && page.body.contains("logde in"));
    let page = house.get(&anneke, "/loket/beheer/logboek?dag=2026-11-24").await;
    assert!(page.body.contains("bekeek een deelnemer"));
    for empty in ["dag=2026-11-23", "dag=2026-11-25"] {
        let page = house.get(&anneke, &format!("/loket/beheer/logboek?{empty}")).await;
        assert!(page.body.contains("niets vastgelegd"), "{empty}: {}", page.body);
    }
    for odd in ["dag=x", "dag=%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80", "wie=x", "voor=-1"] {
        let page = house.get(&anneke, &format!("/loket/beheer/logboek?{odd}")).await;
        assert_eq!(page.status, 200, "{odd}");
    }
}

#[tokio::test]
async fn the_trail_is_only_ever_added_to() {
    let house = quiet_morning().await;
    anneke(&house).await;
    let books = house.books_now();
    for sql in ["UPDATE audit SET what = 'logged-out'", "DELETE FROM audit"] {
        let refused = books.execute(sql, []).expect_err(sql).to_string();
        assert!(refused.contains("append-only"), "{refused}");
    }
    assert_eq!(house.count("audit"), 1);
}
