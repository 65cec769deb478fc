//! The public pages, and the pages of those who take part.

mod asking;
mod board;
mod inside;
mod joining;
mod logging_in;
mod settling;
mod shell;
mod unasked;

use std::time::Duration;

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};

use crate::house::{House, TOKEN, portal};

/// Tuesday morning: two people take part, Noor does not, nobody calls.
const QUIET_MORNING: &str = r#"
title = "A quiet morning"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1"
[[neighbour]]
name = "fatima"
does = "rings out"
[[desk]]
name = "balie"
does = "rings out"
[[telephone]]
name = "noor"
does = "picks up after 5, presses 1"
"#;

/// The telephone of the first who takes part.
const BOS: &str = "+31700010001";

async fn quiet_morning() -> House {
    House::of(&Scenario::read("quiet", QUIET_MORNING).unwrap(), Delivery::default()).await
}

/// Telephones ring and are answered for so many minutes.
async fn minutes_go_by(house: &mut House, minutes: u32) {
    let network = house.network().clone();
    let now = house.app().0.exchange.now();
    let until = now + Duration::from_secs(60) * minutes;
    let pace = Pace { auth_token: TOKEN, until, work_first: true, restarts: false, trouble: &[] };
    virtual_time::run(&network, house, pace).await;
    house.set_clock(until);
}

/// How often this telephone was rung.
fn rings(house: &House, number: &str) -> usize {
    portal::rings_of(house.network().lock().unwrap().log(), number)
}

/// The codes of six digits that were spoken on this telephone, in order.
fn codes_heard(house: &House, number: &str) -> Vec<String> {
    portal::codes_heard(house.network().lock().unwrap().log(), number)
}
