//! A voice note stays nowhere: not here, and not at the provider, also when its sound cannot be fetched,
//! or when the database is away at the moment at which it is told of.

use std::time::Duration;

use burenhulp::domain::Timestamp;
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::scenario::Scenario;
use burenhulp::sim::virtual_time::{self, Application, Ended, HttpRequest, Pace};
use burenhulp::sim::wire::{Failure, Response};

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

/// A house whose database is away whenever the provider tells of a recording of the flow's.
struct Forgetful(House);

impl Application for Forgetful {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        let told = String::from_utf8_lossy(&request.body).contains("RecordingUrl");
        if !told || request.path_and_query.starts_with("/voice/fallback") {
            return self.0.answer(now, request).await;
        }
        self.0.books_now().execute_batch("ALTER TABLE step RENAME TO away").unwrap();
        let answer = self.0.answer(now, request).await;
        self.0.books_now().execute_batch("ALTER TABLE away RENAME TO step").unwrap();
        answer
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        self.0.next_due().await
    }

    async fn work(&mut self, now: Timestamp) {
        self.0.work(now).await;
    }

    async fn restart(&mut self) {
        self.0.restart().await;
    }
}

/// It is remembered for as long as the process lives: a restart forgets it, and nothing else.
#[tokio::test]
async fn a_voice_note_of_which_the_database_never_heard_is_deleted_at_the_provider() {
    for (restarts, left_there) in [(false, 0), (true, 1)] {
        let scenario = Scenario::read("a voice note", STORY).unwrap();
        let mut house = Forgetful(House::of(&scenario, Delivery::default()).await);
        let network = house.0.network().clone();
        let until = scenario.at + Duration::from_secs(3600);
        let pace = Pace { auth_token: TOKEN, until, work_first: false, restarts, trouble: &[] };
        assert_eq!(virtual_time::run(&network, &mut house, pace).await, Ended::AtRest);
        house.work(until).await;
        assert_eq!(network.lock().unwrap().recordings().count(), left_there, "{restarts}");
        assert_eq!(house.0.count("note"), 0, "nobody is to hear it");
        assert_eq!(house.0.count("request"), 0, "nobody is looked for, for who is not on the line");
    }
}
