//! Somebody stops and is erased after any webhook whatever: nobody rings them again, nothing is left
//! of them, and the search of everybody else goes on.

use std::time::Duration;

use burenhulp::domain::{Phone, Timestamp};
use burenhulp::sim::log::What;
use burenhulp::sim::number::Number;
use burenhulp::sim::rules::{Known, broken};
use burenhulp::sim::scenario::{Cast, Scenario};
use burenhulp::sim::virtual_time::{self, Application, Ended, HttpRequest, Pace};
use burenhulp::sim::wire::{Failure, Response};
use burenhulp::store::{Erasing, StoreError};

use super::people_in;
use crate::house::{House, TOKEN};

const STORY: &str = r#"
title = "somebody stops in the middle of it"
at = "2026-11-24T10:00:00+01:00"
[[line]]
rest_after_answer_minutes = 0
[[desk]]
name = "balie"
[[neighbour]]
name = "bos"
does = ["picks up after 6, presses 2", "picks up after 5, presses 1, talks 10"]
cut_off = true
[[neighbour]]
name = "visser"
does = "picks up after 3, presses 1, talks 20"
cut_off = true
[[caller]]
name = "first"
from = "dirk"
does = "presses 1, presses 4, presses 2, presses 2584, presses 1, joined, presses 1"
cut_off = true
ends = "goodbye"
[[neighbour]]
name = "dirk"
does = "rings out"
cut_off = true
[[caller]]
name = "later"
after = 7200
does = "presses 1, presses 4, presses 2584, presses 1, joined, presses 1"
cut_off = true
ends = "goodbye"
"#;

/// An exchange in which somebody stops after a certain webhook.
struct Stopping {
    house: House,
    who: Phone,
    after: usize,
    webhooks: usize,
    stopped_at: Option<Timestamp>,
    /// Rings of theirs that were under way at the stop: at the provider, and not to be called back.
    under_way: usize,
}

impl Stopping {
    async fn stop(&mut self, now: Timestamp) {
        let who = self.who.clone();
        let stopped = self.house.store().write(move |tx| {
            tx.stop_number(&who, "desk", now)?;
            tx.erase_number(&who, now)?;
            Ok::<_, StoreError>(())
        });
        stopped.await.unwrap();
        self.stopped_at = Some(now);
        let sql = "SELECT count(*) FROM attempt WHERE phone = ?1 AND ended_at IS NULL";
        let books = self.house.books_now();
        self.under_way =
            books.query_row(sql, [self.who.e164()], |row| row.get::<_, u32>(0)).unwrap() as usize;
    }
}

impl Application for Stopping {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        let answer = self.house.answer(now, request).await;
        if self.webhooks == self.after {
            self.stop(now).await;
        }
        self.webhooks += 1;
        answer
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        self.house.next_due().await
    }

    async fn work(&mut self, now: Timestamp) {
        self.house.work(now).await;
    }

    async fn restart(&mut self) {
        self.house.restart().await;
    }
}

/// Plays it with a stop of this neighbour after that webhook; how many webhooks there were, and
/// everything that was wrong.
async fn play(scenario: &Scenario, who: &Number, after: usize) -> (usize, Vec<String>) {
    let cast = Cast::of(scenario);
    let house = House::of(scenario, scenario.delivery.delivery()).await;
    let network = house.network().clone();
    let phone = Phone::from_stored(who.as_str()).unwrap();
    let mut stopping =
        Stopping { house, who: phone.clone(), after, webhooks: 0, stopped_at: None, under_way: 0 };
    let pace = Pace {
        auth_token: TOKEN,
        until: scenario.at + Duration::from_secs(24 * 3600),
        work_first: false,
        restarts: false,
        trouble: &[],
    };
    let ended = virtual_time::run(&network, &mut stopping, pace).await;
    let mut complaints = Vec::new();
    if ended != Ended::AtRest {
        complaints.push(format!("it did not come to rest: {ended:?}"));
    }
    let Some(stopped_at) = stopping.stopped_at else { return (stopping.webhooks, complaints) };
    let later = scenario.at + Duration::from_secs(48 * 3600);
    let erasing = stopping.house.store().write(move |tx| tx.erase_number(&phone, later)).await;
    if !matches!(erasing, Ok(Erasing::Done(_)) | Err(StoreError::Busy)) {
        complaints.push(format!("they cannot be erased: {erasing:?}"));
    }
    // What a call that went on had been answered goes in the night.
    stopping.house.set_clock(later);
    stopping.house.app().0.exchange.forget().await.unwrap();
    let name = scenario.neighbour.iter().find(|n| cast.number(&n.name) == Some(who));
    let names = [name.unwrap().full_name()];
    let left = people_in(&stopping.house.books_now(), &names).into_iter();
    complaints.extend(
        left.filter(|(_, what)| what == who.as_str() || names.contains(what))
            .map(|(place, _)| format!("they are still in {place}")),
    );
    let network = network.lock().unwrap();
    let rung = network.log().iter().filter(|entry| {
        matches!(&entry.what, What::Rung { number, .. } if number == who) && entry.at > stopped_at
    });
    complaints.extend(
        rung.skip(stopping.under_way)
            .map(|entry| format!("R9: rung {:?} after the stop", entry.at.since(stopped_at))),
    );
    let known = Known {
        lines: cast.lines.iter().cloned().collect(),
        desks: cast.desk.iter().cloned().collect(),
        names: scenario.neighbour.iter().map(|neighbour| neighbour.full_name()).collect(),
        placed_at_once: scenario.caller.len().max(1),
    };
    complaints.extend(broken(network.log(), &known));
    (stopping.webhooks, complaints)
}

#[test]
fn r9_whoever_stops_at_any_moment_of_a_search_is_not_rung_again_and_is_nowhere() {
    let scenario = Scenario::read("stopping", STORY).unwrap();
    let cast = Cast::of(&scenario);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (webhooks, undisturbed) = play(&scenario, &cast.neighbours[0], usize::MAX).await;
        assert!(webhooks > 25 && undisturbed.is_empty(), "{webhooks}: {undisturbed:#?}");
        for who in &cast.neighbours {
            for after in 0..webhooks {
                let (_, complaints) = play(&scenario, who, after).await;
                assert!(complaints.is_empty(), "{} after {after}: {complaints:#?}", cast.name(who));
            }
        }
    });
}
