//! The desk on the web: who gets in, and who may do what.

mod administration;
mod admission;
mod at_once;
mod board;
mod forged;
mod from_a_call;
mod logging_in;
mod notice_board;
mod opening;
mod others;
mod participants;
mod promises;
mod provider;
mod refused;
mod reports;
mod requests;
mod sessions;
mod shell;
mod solved;
mod supply;

use std::time::Duration;

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};

use crate::house::{House, TOKEN};

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
pub(crate) async fn quiet_morning_with(desk: &str) -> House {
    let scenario = Scenario::read("quiet", QUIET_MORNING).unwrap();
    House::with_desk(&scenario, Delivery::default(), desk).await
}

/// Somebody asks in vain and leaves a message: a person, a request, a message and a promise, each
/// the first of its kind.
const ONE_OF_EACH: &str = r#"
title = "One of each"
at = "2026-11-24T19:00:00+01:00"
[[neighbour]]
name = "bos"
does = "rings out"
[[desk]]
name = "balie"
[[caller]]
does = "presses 0, tone, talk 8, hang up"
ends = "hangs-up"
[must]
messages = 1
"#;

async fn one_of_each() -> House {
    ten_minutes_of(ONE_OF_EACH).await
}

/// The house ten minutes after a story began.
async fn ten_minutes_of(story: &str) -> House {
    seconds_of(story, 600).await
}

/// The house so many seconds after a story began; its clock stands there.
async fn seconds_of(story: &str, seconds: u64) -> House {
    let scenario = Scenario::read("a while", story).unwrap();
    let mut house = House::of(&scenario, Delivery::default()).await;
    let network = house.network().clone();
    let until = scenario.at + Duration::from_secs(seconds);
    let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
    virtual_time::run(&network, &mut house, pace).await;
    house
}
