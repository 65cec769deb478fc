//! What the desk has seen to overnight: nobody is rung in the morning to hear that it went wrong.

use burenhulp::domain::{Phone, Role, Timestamp};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};

use crate::house::{House, TOKEN};

/// The last neighbour is rung as the ringing hours end; an hour later the search is over, and whoever
/// asked would be told so in the morning.
const AN_EVENING: &str = r#"
title = "Nobody was found in the evening"
at = "2026-11-24T20:59:00+01:00"
[[line]]
background_hours = 1
[[neighbour]]
name = "visser"
does = "rings out"
[[telephone]]
name = "thuis"
does = "rings out"
[[order]]
after = 50
what = "search for thuis"
"#;

async fn goes_on(house: &mut House, until: &str) {
    let until = Timestamp::parse(until).unwrap();
    let network = house.network().clone();
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    virtual_time::run(&network, house, pace).await;
    house.set_clock(until);
}

/// How often whoever asked was rung, when this is done at the desk in the night.
async fn rings_after(done: Option<(&str, &str)>) -> i64 {
    let scenario = Scenario::read("an evening", AN_EVENING).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    goes_on(&mut house, "2026-11-24T22:30:00+01:00").await;
    assert_eq!(house.count("promise"), 1, "the desk has it");
    let line = Phone::from_stored("+31700002586").unwrap();
    let anneke = house.operator("Anneke", Role::Operator, &[line], &[]).await;
    if let Some((path, how)) = done {
        assert_eq!(house.post(&anneke, path, &[("hoe", how)]).await.status, 303, "{path}");
    }
    goes_on(&mut house, "2026-11-25T12:00:00+01:00").await;
    let rings = "SELECT count(*) FROM placed WHERE attempt IS NULL";
    house.books_now().query_row(rings, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn r10_whoever_was_helped_at_the_desk_is_not_rung_to_hear_that_nobody_was_found() {
    assert_eq!(rings_after(None).await, 1, "else they are, in the morning");
    assert_eq!(rings_after(Some(("/loket/vragen/1/afronden", "done"))).await, 0);
    assert_eq!(rings_after(Some(("/loket/berichten/1/afronden", "spoken"))).await, 0);
}
