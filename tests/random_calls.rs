//! Random towns, random callers, random telephones and a post that delivers webhooks twice, late, in
//! another order or not at all, with restarts in between: after every webhook the rules of the house
//! hold, and in the end everybody has an answer and nothing is left over.

mod rules;
mod town;

use std::time::Duration;

use burenhulp::domain::Timestamp;
use burenhulp::sim::log::What;
use burenhulp::sim::rules::{Known, broken};
use burenhulp::sim::scenario::{Cast, Scenario, transcript};
use burenhulp::sim::virtual_time::{self, Application, Ended, HttpRequest, Pace};
use burenhulp::sim::wire::{Failure, Response};
use proptest::prelude::*;

use crate::house::{House, TOKEN};

/// Nothing happens later than so long after the beginning.
const LONGEST: Duration = Duration::from_secs(48 * 3600);

/// An exchange whose books are read after everything that it does.
struct Watched<'a> {
    house: House,
    scenario: &'a Scenario,
    complaints: Vec<String>,
}

impl Watched<'_> {
    fn look(&mut self) {
        if self.complaints.is_empty() {
            self.complaints = rules::broken(&self.house.books_now(), self.scenario);
        }
    }
}

impl Application for Watched<'_> {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        let answer = self.house.answer(now, request).await;
        self.look();
        answer
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        self.house.next_due().await
    }

    async fn work(&mut self, now: Timestamp) {
        self.house.work(now).await;
        self.look();
    }

    async fn restart(&mut self) {
        self.house.restart().await;
    }
}

/// Plays a story; everything that was wrong in it, and what happened.
fn play(scenario: &Scenario, restarts: bool, work_first: bool) -> (Vec<String>, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let house = House::of(scenario, scenario.delivery.delivery()).await;
        let network = house.network().clone();
        let mut watched = Watched { house, scenario, complaints: Vec::new() };
        let pace = Pace {
            auth_token: TOKEN,
            until: scenario.at + LONGEST,
            work_first,
            restarts,
            trouble: &scenario.trouble,
        };
        let ended = virtual_time::run(&network, &mut watched, pace).await;
        let mut complaints = watched.complaints;
        if ended != Ended::AtRest {
            complaints.push(format!("it did not come to rest: {ended:?}"));
        }
        let books = watched.house.books(scenario).await;
        let network = network.lock().unwrap();
        // An answer that is lost on the way is the provider's alarm, and meant to be here.
        let alarms_are_meant = !scenario.trouble.is_empty();
        let seen = broken(network.log(), &known(scenario));
        complaints.extend(
            seen.into_iter().filter(|what| !(alarms_are_meant && what.starts_with("alarm"))),
        );
        complaints.extend(books.left_over.iter().map(|what| format!("left over: {what}")));
        let answered = network.log().iter().any(|entry| matches!(entry.what, What::Said { .. }));
        if !scenario.caller.is_empty() && !answered {
            complaints.push("nobody heard anything".to_owned());
        }
        (complaints, transcript(scenario, network.log()))
    })
}

fn known(scenario: &Scenario) -> Known {
    let cast = Cast::of(scenario);
    Known {
        lines: cast.lines.iter().cloned().collect(),
        desks: cast.desk.iter().cloned().collect(),
        names: scenario.neighbour.iter().map(|neighbour| neighbour.full_name()).collect(),
        placed_at_once: scenario.caller.len().max(1),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn r1_to_r13_hold_after_every_webhook(
        story in town::story(),
        restarts in any::<bool>(),
        work_first in any::<bool>(),
    ) {
        let scenario = Scenario::read("random", &story).map_err(TestCaseError::fail)?;
        let (complaints, transcript) = play(&scenario, restarts, work_first);
        prop_assert!(complaints.is_empty(), "{complaints:#?}\n{story}\n{transcript}");
    }
}
