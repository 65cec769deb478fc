//! How long somebody is in, and what ends it at once.

use std::time::Duration;

use burenhulp::domain::Role;
use burenhulp::store::OperatorFault;

use super::quiet_morning;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_session_ends_when_nobody_clicks_and_when_the_day_is_over() {
    let house = quiet_morning().await;
    let began = house.app().0.exchange.now();
    let idle = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    house.set_clock(began + 59 * MINUTE);
    assert_eq!(house.get(&idle, "/loket").await.status, 200);
    house.set_clock(began + (59 + 59) * MINUTE);
    assert_eq!(house.get(&idle, "/loket").await.status, 200, "each click is a new hour");
    house.set_clock(began + (59 + 59 + 60) * MINUTE);
    assert_eq!(house.get(&idle, "/loket").await.status, 401, "an hour without a click");

    let busy = house.operator("Kees", Role::Operator, &[], &[]).await;
    let began = house.app().0.exchange.now();
    for half_hours in 1..20 {
        house.set_clock(began + 30 * MINUTE * half_hours);
        assert_eq!(house.get(&busy, "/loket").await.status, 200, "{half_hours}");
    }
    house.set_clock(began + 600 * MINUTE);
    assert_eq!(house.get(&busy, "/loket").await.status, 401, "ten hours are enough");
}

#[tokio::test]
async fn switched_off_while_logged_in_somebody_is_out_at_the_next_click_and_told_so() {
    let house = quiet_morning().await;
    house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let kees = house.operator("Kees", Role::Operator, &[], &[]).await;
    let (id, now) = (kees.id.unwrap(), house.app().0.exchange.now());
    assert_eq!(house.count("session"), 2);
    house.store().write(move |tx| tx.switch_operator_off(id, now)).await.unwrap();
    assert_eq!(house.count("session"), 1, "in the same transaction");
    let page = house.get(&kees, "/loket").await;
    assert_eq!(page.status, 401);
    assert!(page.body.contains("een beheerder heeft uw toegang uitgezet"), "{}", page.body);
    // Switched on again, the old cookie still leads nowhere.
    house.store().write(move |tx| tx.switch_operator_on(id)).await.unwrap();
    assert_eq!(house.get(&kees, "/loket").await.status, 401);
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let house = quiet_morning().await;
    let anneke = house.operator("Anneke", Role::Administrator, &[], &[]).await;
    let (id, now) = (anneke.id.unwrap(), house.app().0.exchange.now());
    let off = house.store().write(move |tx| tx.switch_operator_off(id, now)).await;
    assert!(matches!(off, Err(OperatorFault::LastAdministrator)));
    let role = house.store().write(move |tx| tx.set_operator_role(id, Role::Operator)).await;
    assert!(matches!(role, Err(OperatorFault::LastAdministrator)));
    assert_eq!(house.get(&anneke, "/loket").await.status, 200);
}
