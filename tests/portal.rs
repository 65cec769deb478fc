//! The public pages, and the pages of those who take part.

mod asking;
mod board;
mod joining;
mod logging_in;
mod shell;

use std::time::Duration;

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::log::What;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Pace};

use crate::house::{House, TOKEN};

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
    let network = house.network().lock().unwrap();
    let is_theirs =
        |what: &What| matches!(what, What::Rung { number: rung, .. } if rung.as_str() == number);
    network.log().iter().filter(|entry| is_theirs(&entry.what)).count()
}

/// The codes of six digits that were spoken on this telephone, in order.
fn codes_heard(house: &House, number: &str) -> Vec<String> {
    let network = house.network().lock().unwrap();
    let is_theirs =
        |what: &What| matches!(what, What::Rung { number: rung, .. } if rung.as_str() == number);
    let legs: Vec<_> = network
        .log()
        .iter()
        .filter(|entry| is_theirs(&entry.what))
        .map(|entry| entry.leg)
        .collect();
    let mut digits = String::new();
    for entry in network.log().iter().filter(|entry| legs.contains(&entry.leg)) {
        if let What::Said { text, .. } = &entry.what {
            // The key to press is a digit too, and stands in a sentence.
            let alone = text.split_whitespace().filter(|word| word.trim_matches('.').len() == 1);
            let alone = alone.filter(|word| word.ends_with('.') && !text.contains("oets"));
            digits
                .extend(alone.filter_map(|word| word.chars().next()).filter(char::is_ascii_digit));
        }
    }
    digits.as_bytes().chunks(6).map(|six| String::from_utf8_lossy(six).into_owned()).collect()
}
