//! A voice note whose sound cannot be fetched stays nowhere: not here, and not at the provider.

use std::time::Duration;

use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Ended, Pace};

use crate::house::{House, TOKEN, Tapes};

const STORY: &str = r#"
title = "somebody says in their own words what they would like"
at = "2026-11-24T10:00:00+01:00"
[[line]]
voice_note = true
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, talks 20"
[[caller]]
does = "presses 4, presses 2584, presses 1, tone, talk 5, joined, presses 1"
ends = "goodbye"
"#;

#[tokio::test]
async fn a_voice_note_that_is_never_fetched_is_deleted_at_the_provider_all_the_same() {
    for tapes in [Tapes::Huge, Tapes::Missing] {
        let scenario = Scenario::read("a voice note", STORY).unwrap();
        let mut house = House::of(&scenario, Delivery::default()).await;
        house.recordings_are(tapes);
        let network = house.network().clone();
        let until = scenario.at + Duration::from_secs(3 * 24 * 3600);
        let pace =
            Pace { auth_token: TOKEN, until, work_first: false, restarts: false, trouble: &[] };
        assert_eq!(virtual_time::run(&network, &mut house, pace).await, Ended::AtRest);
        assert_eq!(house.count("note"), 0, "{tapes:?}: its search is over");
        assert_eq!(network.lock().unwrap().recordings().count(), 0, "{tapes:?}");
    }
}
