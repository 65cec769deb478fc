//! Reports on the web: who sees which, on screen and as a file.

use burenhulp::domain::{Phone, Postcode, Role};

use super::quiet_morning;

fn line() -> Phone {
    Phone::from_stored("+31700002586").unwrap()
}

const OURS: &str = "lijn=31700002586";

#[tokio::test]
async fn an_operator_reads_the_report_of_their_line_and_takes_it_along() {
    let house = quiet_morning().await;
    let anneke = house.operator("Anneke", Role::Operator, &[line()], &[]).await;
    let page = house.get(&anneke, &format!("/loket/verslagen?periode=2026-11&{OURS}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("november 2026</h1>"), "{}", page.body);
    assert!(page.body.contains("In november 2026 is er niet gebeld."), "{}", page.body);
    assert!(page.body.contains("Deze periode loopt nog. Geteld tot en met 24-11-2026."));
    assert!(!page.body.contains("style=") && !page.body.contains("<style"), "{}", page.body);
    let csv = house.get(&anneke, &format!("/loket/verslagen/csv?periode=2026-11&{OURS}")).await;
    assert_eq!(csv.status, 200);
    assert_eq!(csv.headers["content-type"], "text/csv; charset=utf-8");
    assert!(
        csv.headers["content-disposition"]
            .to_str()
            .unwrap()
            .contains("verslag-2026-11-31700002586.csv")
    );
    assert!(csv.body.starts_with("verslag;onderdeel;rij;kolom;waarde\r\n"), "{}", csv.body);
}

#[tokio::test]
async fn without_a_choice_it_is_about_the_last_month_that_is_over() {
    let house = quiet_morning().await;
    let anneke = house.operator("Anneke", Role::Operator, &[line()], &[]).await;
    let page = house.get(&anneke, "/loket/verslagen").await;
    assert!(page.body.contains("oktober 2026</h1>"), "{}", page.body);
    assert!(page.body.contains("<option value=\"2026-10\" selected>oktober 2026</option>"));
    assert!(page.body.contains("<option value=\"2026\">2026</option>"), "a year for the funder");
}

#[tokio::test]
async fn a_line_is_for_its_operators_and_for_whoever_looks_after_its_area() {
    let house = quiet_morning().await;
    let elsewhere = Phone::from_stored("+31519002586").unwrap();
    let place = |number| Postcode::try_from(number).unwrap();
    let other = house.operator("Anneke", Role::Operator, &[elsewhere], &[]).await;
    let near = house.operator("Kees", Role::Coordinator, &[], &[place(2584)]).await;
    let far = house.operator("Piet", Role::Coordinator, &[], &[place(9101)]).await;
    let path = format!("/loket/verslagen?periode=2026-11&{OURS}");
    let statuses = [
        house.get(&other, &path).await.status,
        house.get(&near, &path).await.status,
        house.get(&far, &path).await.status,
        // Without a choice there is nothing that could be chosen for them.
        house.get(&far, "/loket/verslagen").await.status,
        house.get(&far, &format!("/loket/verslagen/csv?periode=2026-11&{OURS}")).await.status,
    ];
    assert_eq!(statuses, [404, 200, 404, 404, 404]);
}

#[tokio::test]
async fn a_period_that_is_none_is_told_kindly() {
    let house = quiet_morning().await;
    let anneke = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    for period in ["november", "2026-13", "9999999999", "%3Cscript%3E"] {
        let page = house.get(&anneke, &format!("/loket/verslagen?periode={period}")).await;
        assert_eq!(page.status, 422, "{period}");
        assert!(page.body.contains("Schrijf een maand als 2026-11"), "{}", page.body);
        assert!(!page.body.contains("script>"), "{}", page.body);
    }
}
