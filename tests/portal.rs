//! The public pages, and the pages of those who take part.

mod shell;

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;

use crate::house::House;

/// Tuesday morning: two people take part, nobody calls.
const QUIET_MORNING: &str = r#"
title = "A quiet morning"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, talks 30"
[[neighbour]]
name = "fatima"
does = "rings out"
[[desk]]
name = "balie"
does = "rings out"
"#;

/// The telephone of the first who takes part.
const BOS: &str = "+31700010001";

async fn quiet_morning() -> House {
    House::of(&Scenario::read("quiet", QUIET_MORNING).unwrap(), Delivery::default()).await
}
