//! The desk on the web: who gets in, and who may do what.

mod administration;
mod admission;
mod board;
mod logging_in;
mod opening;
mod others;
mod participants;
mod promises;
mod refused;
mod reports;
mod requests;
mod sessions;
mod shell;

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;

use crate::house::House;

/// Tuesday morning: the desk is open, nobody calls.
const QUIET_MORNING: &str = r#"
title = "A quiet morning"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, talks 30"
[[desk]]
name = "balie"
does = "rings out"
"#;

async fn quiet_morning() -> House {
    quiet_morning_with("require_totp = []").await
}

/// The same, with these settings of the desk.
async fn quiet_morning_with(desk: &str) -> House {
    let scenario = Scenario::read("quiet", QUIET_MORNING).unwrap();
    House::with_desk(&scenario, Delivery::default(), desk).await
}
