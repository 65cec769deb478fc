//! Somebody stops and is erased at any moment whatever: nobody rings them again, nothing is left of
//! them, and what goes on for everybody else goes on.
//!
//! A moment is wherever the books changed: after a webhook was answered, after the exchange did its own
//! work, and between an order and what follows from it. Whoever asked something is still called back
//! about that ("whoever has a question open is helped first"), and for nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use burenhulp::domain::{Phone, Timestamp};
use burenhulp::sim::log::What;
use burenhulp::sim::number::Number;
use burenhulp::sim::rules::{Known, broken};
use burenhulp::sim::scenario::{Cast, Scenario};
use burenhulp::sim::virtual_time::{self, Application, Ended, HttpRequest, Pace};
use burenhulp::sim::wire::{Failure, Response};
use burenhulp::store::{Erasing, StoreError};
use rusqlite::Connection;

use super::people_in;
use crate::house::{House, TOKEN};

/// By then everything has come to rest.
const LONGEST: Duration = Duration::from_secs(96 * 3600);
/// And by then they are erased.
const LATER: Duration = Duration::from_secs(120 * 3600);

/// Who stops in a story.
struct Stops {
    story: &'static str,
    /// Each of them, in a story of their own.
    who: &'static [&'static str],
    /// They ask something: they may be called back about it.
    asks: bool,
    /// Also while they call us. Whoever goes on to sign up after they stopped signs up anew.
    while_calling: bool,
}

/// Live: who is asked, and a participant who asks.
const LIVE: Stops = Stops {
    who: &["bos", "visser", "dirk"],
    asks: false,
    while_calling: true,
    story: r#"
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
"#,
};

/// In the background: who is asked, and a stranger who asks and is called back, twice.
const BACKGROUND: &str = r#"
title = "a search that goes on when the caller has hung up"
at = "2026-11-24T10:00:00+01:00"
[[desk]]
name = "balie"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 2"
cut_off = true
[[neighbour]]
name = "visser"
hours = "Mo-Su 10:15-20:00"
does = ["picks up after 4, presses 1, stays silent", "picks up after 4, presses 1, talks 30"]
cut_off = true
[[telephone]]
name = "thuis"
does = ["rings out", "picks up after 5, presses 1, talks 30"]
cut_off = true
[[caller]]
from = "thuis"
does = "presses 1, presses 4, presses 2584, presses 1, presses 1, presses 1"
cut_off = true
ends = "goodbye"
"#;

/// Signed up on the web: three calls in vain, then a yes.
const NEWCOMER: &str = r#"
title = "somebody who signed up is rung until they say that it was them"
at = "2026-11-24T10:00:00+01:00"
[[telephone]]
name = "noor"
does = ["rings out", "voicemail after 10", "picks up after 5, presses 1"]
cut_off = true
[[order]]
after = 60
what = "sign up noor"
"#;

/// Signed up by telephone, from their own.
const NEWCOMER_BY_TELEPHONE: &str = r#"
title = "somebody signs up by telephone and is rung a minute later"
at = "2026-11-24T10:00:00+01:00"
[[telephone]]
name = "noor"
does = ["rings out", "picks up after 5, presses 1"]
cut_off = true
[[caller]]
from = "noor"
does = "presses *, presses 1, presses 1, presses 2, presses 2, presses 2, presses 1, presses 2, presses 2, presses 2, presses 1, presses 1, presses 2, presses 4, presses 2584, presses 1"
cut_off = true
ends = "goodbye"
"#;

/// Entered by the desk, searched for two days before.
const PLANNED: &str = r#"
title = "a question for Friday that the desk entered"
at = "2026-11-24T10:00:00+01:00"
[[desk]]
name = "balie"
[[neighbour]]
name = "visser"
does = "picks up after 4, presses 1, talks 30"
cut_off = true
[[telephone]]
name = "thuis"
does = "picks up after 5, presses 1, talks 30"
cut_off = true
[[order]]
after = 5
what = "search for thuis on 2026-11-27T10:00:00+01:00"
"#;

/// Filled in on the web: first for now, confirmed at the second ring.
const WEB_QUESTION: &str = r#"
title = "a question on the web for now"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, talks 30"
cut_off = true
[[telephone]]
name = "thuis"
does = ["rings out", "picks up after 5, presses 1", "picks up after 5, presses 1, talks 30"]
cut_off = true
[[order]]
after = 1
what = "ask on the web for thuis"
"#;

/// Filled in on the web for Friday.
const WEB_QUESTION_PLANNED: &str = r#"
title = "a question on the web for Friday"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 6, presses 1, talks 30"
cut_off = true
[[telephone]]
name = "thuis"
does = ["picks up after 5, presses 1", "picks up after 5, presses 1, talks 30"]
cut_off = true
[[order]]
after = 1
what = "ask on the web for thuis, 2026-11-27T10:00:00+01:00"
"#;

/// A code for a page of a participant's own.
const CODE: &str = r#"
title = "a code is spoken to somebody who takes part"
at = "2026-11-24T10:00:00+01:00"
[[neighbour]]
name = "bos"
does = "picks up after 5, presses 1"
cut_off = true
[[order]]
after = 5
what = "speak a code to bos"
"#;

/// Five rings in vain, and the call about it the next day.
const STILL_THERE: &str = r#"
title = "whoever never answers is asked whether they still take part"
at = "2026-11-24T19:00:00+01:00"
[[neighbour]]
name = "bos"
unanswered = 4
does = ["rings out", "picks up after 4, presses 1"]
cut_off = true
[[caller]]
name = "first"
does = "presses 4, presses 2584, presses 1, wait 5, hang up"
cut_off = true
ends = "goodbye"
"#;

/// An exchange in which somebody stops at a certain moment.
struct Stopping<'a> {
    house: House,
    books: Connection,
    changes: i64,
    who: Phone,
    stops: &'a Stops,
    at: usize,
    moments: usize,
    stopped: Option<Stopped>,
}

/// How it was when they stopped.
struct Stopped {
    /// Entries of the network's log until then.
    heard: usize,
    /// Rings of theirs that were under way: at the provider, and not to be called back.
    under_way: usize,
    /// The last of their rings of each kind.
    last: [i64; 2],
    /// Calls back about what they asked, since.
    callbacks: BTreeSet<i64>,
    complaints: Vec<String>,
}

impl Stopping<'_> {
    /// They stop, if this is the moment; and whatever rings them since is looked at.
    async fn moment(&mut self, now: Timestamp) {
        let changes = self.number("SELECT data_version FROM pragma_data_version WHERE ?1 = ?1");
        if std::mem::replace(&mut self.changes, changes) == changes {
            return;
        }
        if self.stopped.is_some() {
            self.look();
            return;
        }
        let calling = "SELECT count(*) FROM call WHERE ended_at IS NULL AND role = 'caller'
                         AND caller LIKE '%' || ?1 || '%'";
        if !self.house.all_orders_given() || !self.stops.while_calling && self.number(calling) > 0 {
            return;
        }
        if self.moments == self.at {
            self.stop(now).await;
        }
        self.moments += 1;
    }

    async fn stop(&mut self, now: Timestamp) {
        let who = self.who.clone();
        let stopped = self.house.store().write(move |tx| {
            tx.stop_number(&who, "desk", now)?;
            tx.erase_number(&who, now)?;
            Ok::<_, StoreError>(())
        });
        stopped.await.unwrap();
        // A call that was decided and not ordered yet does not ring, but one that they asked for.
        let under_way = [
            "SELECT count(*) FROM attempt a WHERE phone = ?1 AND ended_at IS NULL AND NOT EXISTS
               (SELECT 1 FROM placed p WHERE p.attempt = a.id AND p.state = 'waiting')",
            "SELECT count(*) FROM placed WHERE phone = ?1 AND ended_at IS NULL AND attempt IS NULL
               AND (state <> 'waiting' OR id IN (SELECT placed FROM callback))",
            "SELECT count(*) FROM callback WHERE phone = ?1 AND ended_at IS NULL AND placed IS NULL",
        ];
        let under_way: i64 = under_way.map(|sql| self.number(sql)).into_iter().sum();
        self.stopped = Some(Stopped {
            heard: self.house.network().lock().unwrap().log().len(),
            under_way: usize::try_from(under_way).unwrap(),
            last: ["attempt", "callback"].map(|table| {
                self.number(&format!("SELECT coalesce(max(id), 0) FROM {table} WHERE ?1 = ?1"))
            }),
            callbacks: BTreeSet::new(),
            complaints: Vec::new(),
        });
    }

    fn look(&mut self) {
        let Some(stopped) = &mut self.stopped else { return };
        let [attempt, callback] = stopped.last;
        let newer = |table: &str, last: i64| -> Vec<i64> {
            let sql = format!("SELECT id FROM {table} WHERE phone = ?1 AND id > ?2");
            let mut select = self.books.prepare_cached(&sql).unwrap();
            let rows = select.query_map((self.who.e164(), last), |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        if !newer("attempt", attempt).is_empty() {
            stopped.complaints.push("R9: asked for something after the stop".to_owned());
        }
        stopped.callbacks.extend(newer("callback", callback));
    }

    fn number(&self, sql: &str) -> i64 {
        let mut select = self.books.prepare_cached(sql).unwrap();
        select.query_row([self.who.e164()], |row| row.get(0)).unwrap()
    }
}

impl Application for Stopping<'_> {
    async fn answer(&mut self, now: Timestamp, request: HttpRequest) -> Result<Response, Failure> {
        let answer = self.house.answer(now, request).await;
        self.moment(now).await;
        answer
    }

    async fn next_due(&mut self) -> Option<Timestamp> {
        self.house.next_due().await
    }

    async fn work(&mut self, now: Timestamp) {
        self.house.give_orders(now).await;
        self.moment(now).await;
        self.house.work(now).await;
        self.moment(now).await;
    }

    async fn restart(&mut self) {
        self.house.restart().await;
    }
}

/// Plays it with a stop of this person at that moment; how many moments there were, and everything
/// that was wrong.
async fn play(scenario: &Scenario, stops: &Stops, who: &Number, at: usize) -> (usize, Vec<String>) {
    let cast = Cast::of(scenario);
    let house = House::of(scenario, scenario.delivery.delivery()).await;
    let network = house.network().clone();
    let phone = Phone::from_stored(who.as_str()).unwrap();
    let books = house.books_now();
    let mut stopping = Stopping {
        house,
        books,
        changes: 0,
        who: phone.clone(),
        stops,
        at,
        moments: 0,
        stopped: None,
    };
    let pace = Pace {
        auth_token: TOKEN,
        until: scenario.at + LONGEST,
        work_first: false,
        restarts: false,
        trouble: &[],
    };
    let ended = virtual_time::run(&network, &mut stopping, pace).await;
    let mut complaints = Vec::new();
    if ended != Ended::AtRest {
        complaints.push(format!("it did not come to rest: {ended:?}"));
    }
    let Some(stopped) = stopping.stopped else { return (stopping.moments, complaints) };
    complaints.extend(stopped.complaints);
    let later = scenario.at + LATER;
    let erasing = stopping.house.store().write(move |tx| tx.erase_number(&phone, later)).await;
    if !matches!(erasing, Ok(Erasing::Done(_)) | Err(StoreError::Busy)) {
        complaints.push(format!("they cannot be erased: {erasing:?}"));
    }
    // What a call that went on had been answered goes in the night.
    stopping.house.set_clock(later);
    stopping.house.app().0.exchange.forget().await.unwrap();
    let names: Vec<String> = scenario
        .neighbour
        .iter()
        .filter(|neighbour| cast.number(&neighbour.name) == Some(who))
        .map(|neighbour| neighbour.full_name())
        .collect();
    let left = people_in(&stopping.house.books_now(), &names).into_iter();
    complaints.extend(
        left.filter(|(_, what)| what == who.as_str() || names.contains(what))
            .map(|(place, _)| format!("they are still in {place}")),
    );
    let network = network.lock().unwrap();
    let rung = network
        .log()
        .iter()
        .skip(stopped.heard)
        .filter(|entry| matches!(&entry.what, What::Rung { number, .. } if number == who));
    let asked_for = if stops.asks { stopped.callbacks.len() } else { 0 };
    complaints.extend(
        rung.skip(stopped.under_way + asked_for)
            .map(|entry| format!("R9: rung {:?} after it began", entry.at.since(scenario.at))),
    );
    let known = Known {
        lines: cast.lines.iter().cloned().collect(),
        desks: cast.desk.iter().cloned().collect(),
        names: scenario.neighbour.iter().map(|neighbour| neighbour.full_name()).collect(),
        placed_at_once: scenario.caller.len().max(1),
    };
    complaints.extend(broken(network.log(), &known));
    (stopping.moments, complaints)
}

/// Everybody who stops in this story, at every moment of it; at least so many there must be.
fn at_every_moment(stops: &Stops, at_least: usize) {
    let scenario = Scenario::read("stopping", stops.story).unwrap();
    let cast = Cast::of(&scenario);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for name in stops.who {
            let who = cast.number(name).unwrap();
            let (moments, undisturbed) = play(&scenario, stops, who, usize::MAX).await;
            assert!(moments >= at_least && undisturbed.is_empty(), "{moments}: {undisturbed:#?}");
            for at in 0..moments {
                let (_, complaints) = play(&scenario, stops, who, at).await;
                assert!(complaints.is_empty(), "{name} at moment {at}: {complaints:#?}");
            }
        }
    });
}

#[test]
fn r9_whoever_stops_at_any_moment_of_a_search_is_not_rung_again_and_is_nowhere() {
    at_every_moment(&LIVE, 25);
}

#[test]
fn r9_nor_whoever_is_asked_while_nobody_waits_on_the_line() {
    let who = &["bos", "visser"];
    at_every_moment(&Stops { story: BACKGROUND, who, asks: false, while_calling: true }, 25);
}

#[test]
fn r9_whoever_asked_is_called_back_about_that_and_for_nothing_else() {
    let who = &["thuis"];
    for story in [BACKGROUND, PLANNED, WEB_QUESTION, WEB_QUESTION_PLANNED] {
        at_every_moment(&Stops { story, who, asks: true, while_calling: true }, 8);
    }
}

#[test]
fn r9_nor_whoever_signed_up_and_did_not_say_yet_that_it_was_them() {
    let who = &["noor"];
    for story in [NEWCOMER, NEWCOMER_BY_TELEPHONE] {
        at_every_moment(&Stops { story, who, asks: false, while_calling: false }, 7);
    }
}

#[test]
fn r9_nor_whoever_is_rung_for_a_code_or_asked_whether_they_still_take_part() {
    let who = &["bos"];
    for story in [CODE, STILL_THERE] {
        at_every_moment(&Stops { story, who, asks: false, while_calling: true }, 3);
    }
}
