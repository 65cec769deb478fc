//! What happened before the demo began, so that there is something to report: calls of some weeks,
//! as the seed has it. They go through the store's own operations, choosing and reserving included;
//! only the telephones are drawn by lot here. Nothing of this is in `serve`.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

use crate::dispatch::{AttemptResult, Outcome};
use crate::domain::{CallId, Caller, Line, Numbering, OperatorId, Postcode, ServiceId, Timestamp};
use crate::sim::number::Number;
use crate::sim::town::Habits;
use crate::store::{
    Direction, KeptHow, NewCall, NewPromise, NewRequest, NextAsk, PromiseKind, Request,
    RequestKind, Reserved, Role, Store, StoreError, Tx,
};

/// Of ten calls at the hour, how they are spread from 9 to 21 o'clock.
const BY_HOUR: [u32; 12] = [14, 20, 15, 6, 8, 12, 9, 6, 3, 3, 3, 1];
/// From question to answer in screening, seconds.
const SCREENING: u64 = 9;

/// One call of the past.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Planned {
    pub(super) at: Timestamp,
    /// Which of the lines.
    pub(super) line: usize,
    pub(super) wish: Wish,
}

/// What a caller wants.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wish {
    /// Hears the menu and hangs up.
    Nothing,
    /// Somebody at the desk.
    Desk,
    /// A neighbour.
    Neighbour(ServiceId, Postcode),
}

/// The calls of so many weeks before the week in which `began` is: this week's limits of the
/// neighbours are untouched. The same seed gives the same calls.
pub(super) fn planned(lines: &[Line], weeks: u32, seed: u64, began: Timestamp) -> Vec<Planned> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let monday = began.start_of_week().wall_clock().date();
    let first = monday - TimeDelta::weeks(weeks.into());
    let days = first.iter_days().take_while(|day| *day < monday);
    let mut calls = Vec::new();
    for day in days {
        for (at, line) in lines.iter().enumerate() {
            for _ in 0..how_many(day, at, &mut rng) {
                let call =
                    Planned { at: when(day, &mut rng), line: at, wish: wish(line, &mut rng) };
                calls.push(call);
            }
        }
    }
    calls.sort_by_key(|call| call.at);
    calls
}

/// A town calls more than villages, and Mondays are busy.
fn how_many(day: NaiveDate, line: usize, rng: &mut ChaCha8Rng) -> u32 {
    let busy = match day.weekday() {
        Weekday::Mon => 1.4,
        Weekday::Sat | Weekday::Sun => 0.4,
        _ => 1.0,
    };
    let usual = if line == 0 { 15.0 } else { 5.0 };
    let drawn: f64 = usual * busy * rng.random_range(0.6..1.4);
    drawn.round() as u32
}

fn when(day: NaiveDate, rng: &mut ChaCha8Rng) -> Timestamp {
    let mut left = rng.random_range(0..BY_HOUR.iter().sum());
    let mut hour = 9;
    for share in BY_HOUR {
        if left < share {
            break;
        }
        left -= share;
        hour += 1;
    }
    let seconds = hour * 3600 + rng.random_range(0..3600);
    let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default();
    Timestamp::from_wall_clock(day.and_time(time))
}

fn wish(line: &Line, rng: &mut ChaCha8Rng) -> Wish {
    // The first of a menu are asked most.
    let place =
        rng.random_range(0..line.services.len()).min(rng.random_range(0..line.services.len()));
    match (rng.random_range(0..100), line.area.choose(rng)) {
        (0..12, _) | (_, None) => Wish::Nothing,
        (12..24, _) => Wish::Desk,
        (_, Some(postcode)) => Wish::Neighbour(line.services[place].clone(), *postcode),
    }
}

/// What the past leads to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Then {
    /// When the demo begins: what lies after it has not happened.
    pub(super) began: Timestamp,
    /// Who kept the promises of the desk.
    pub(super) keeper: OperatorId,
    pub(super) seed: u64,
}

/// Lets all of it happen, in the database.
pub(super) async fn live(
    store: &Store,
    lines: &[Line],
    numbering: Numbering,
    telephones: &[(Number, Habits)],
    calls: Vec<Planned>,
    then: Then,
) -> Result<(), StoreError> {
    let habits =
        telephones.iter().map(|(number, habits)| (number.as_str().to_owned(), habits.clone()));
    let habits: HashMap<String, Habits> = habits.collect();
    let lines = lines.to_vec();
    let rng = ChaCha8Rng::seed_from_u64(then.seed.wrapping_add(1));
    let lived = store.write(move |tx| {
        let mut days = Days { tx, habits: &habits, numbering, rng, promised: 0, then };
        for (n, call) in calls.iter().enumerate() {
            days.call(n, &lines[call.line], call)?;
        }
        // Whoever was to be asked by then whether they still take part was, in vain: no telephone
        // rings for that as the demo begins.
        for one in tx.still_there_due(then.began, usize::MAX)? {
            tx.still_there_tried(one.participant)?;
            tx.still_there_rings(one.participant, None)?;
        }
        Ok(())
    });
    lived.await
}

struct Days<'a, 'b> {
    tx: &'a mut Tx<'b>,
    habits: &'a HashMap<String, Habits>,
    numbering: Numbering,
    rng: ChaCha8Rng,
    /// How many promises the desk was given.
    promised: u32,
    then: Then,
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

impl Days<'_, '_> {
    fn call(&mut self, n: usize, line: &Line, planned: &Planned) -> Result<(), StoreError> {
        let call = self.tx.open_call(&NewCall {
            sid: format!("CApast{n:028}"),
            parent_sid: None,
            direction: Direction::Incoming,
            role: Role::Caller,
            line: line.number.clone(),
            caller: Caller::Withheld,
            participant: None,
            attempt: None,
            now: planned.at,
        })?;
        // The greeting, the menu and the postcode.
        let clear = planned.at + seconds(self.rng.random_range(18..50));
        let over = match &planned.wish {
            Wish::Nothing => clear,
            Wish::Desk if !line.office_hours.is_open(clear) => clear,
            Wish::Desk => self.ask_desk(line, call.id, clear)?,
            Wish::Neighbour(service, postcode) => {
                let request = self.open(line, call.id, Some((service, *postcode)), clear)?;
                self.ask_neighbours(line, &request, clear)?
            }
        };
        self.tx.call_ended(call.id, over)
    }

    fn open(
        &mut self,
        line: &Line,
        call: CallId,
        asked: Option<(&ServiceId, Postcode)>,
        now: Timestamp,
    ) -> Result<Request, StoreError> {
        self.tx.open_request(&NewRequest {
            line: line.number.clone(),
            kind: if asked.is_some() { RequestKind::Neighbour } else { RequestKind::Desk },
            service: asked.map(|(service, _)| service.clone()),
            postcode: asked.map(|(_, postcode)| postcode),
            language: line.languages.first().copied().unwrap_or_default(),
            participant: None,
            call: Some(call),
            note: None,
            now,
        })
    }

    fn ask_desk(
        &mut self,
        line: &Line,
        call: CallId,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let request = self.open(line, call, None, now)?;
        let Some(seat) = self.tx.reserve_desk(&request, &line.desk, now)? else {
            self.tx.close_request(request.id, Outcome::Nobody, now)?;
            return Ok(now);
        };
        let ring = self.rings(line, &seat, now);
        self.settle(line, &request, &seat, &ring)?;
        let outcome = match ring.result {
            AttemptResult::Connected => Outcome::Connected,
            _ => Outcome::Nobody,
        };
        self.tx.close_request(request.id, outcome, ring.over)?;
        Ok(ring.over)
    }

    fn ask_neighbours(
        &mut self,
        line: &Line,
        request: &Request,
        began: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let mut now = began;
        let mut outcome = Outcome::UsedUp;
        for _ in 0..line.max_attempts {
            if now.since(began) > line.search_budget {
                break;
            }
            let next = NextAsk {
                conditions: Default::default(),
                request,
                line,
                round: 1,
                ringing_hours_open: line.may_ring(now),
                numbering: self.numbering,
                now,
            };
            let Some(neighbour) = self.tx.reserve_next(&next)? else {
                outcome = Outcome::Nobody;
                break;
            };
            let ring = self.rings(line, &neighbour, now);
            self.settle(line, request, &neighbour, &ring)?;
            now = ring.over;
            match ring.result {
                AttemptResult::Connected => {
                    self.tx.close_request(request.id, Outcome::Connected, now)?;
                    if self.rng.random_bool(0.7) {
                        let ok = self.rng.random_bool(0.93);
                        self.tx.worked_out(request.id, ok)?;
                    }
                    return Ok(now);
                }
                AttemptResult::CallerEnded => {
                    outcome = Outcome::CallerLeft;
                    break;
                }
                _ => {}
            }
        }
        self.tx.close_request(request.id, outcome, now)?;
        if outcome != Outcome::CallerLeft && self.rng.random_bool(0.5) {
            self.promise(line, request, now)?;
        }
        Ok(now)
    }

    /// The desk will see to it in its next hours, and mostly did.
    fn promise(
        &mut self,
        line: &Line,
        request: &Request,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let opens = line.office_hours.next_opening(now, seconds(14 * 24 * 3600)).unwrap_or(now);
        let due_at = opens + seconds(4 * 3600);
        let promise = self.tx.add_promise(&NewPromise {
            kind: PromiseKind::DeskAnswers,
            line: line.number.clone(),
            request: Some(request.id),
            message: None,
            participant: None,
            due_at,
            now,
        })?;
        // One in twelve late, by count: by chance a quiet month might have none.
        self.promised += 1;
        let kept_at = match self.promised % 12 != 5 {
            true => opens + seconds(self.rng.random_range(600..4 * 3600)),
            false => due_at + seconds(self.rng.random_range(600..20 * 3600)),
        };
        if kept_at < self.then.began {
            self.tx.keep_promise(promise, self.then.keeper, KeptHow::Spoken, kept_at)?;
        }
        Ok(())
    }

    /// What becomes of one ring, by the habits of whoever is rung.
    fn rings(&mut self, line: &Line, whom: &Reserved, now: Timestamp) -> Ring {
        let rng = &mut self.rng;
        let Some(habits) = self.habits.get(whom.phone.e164()) else {
            return Ring::in_vain(AttemptResult::Failed, now + seconds(2));
        };
        if rng.random_bool(0.02) {
            return Ring::in_vain(
                AttemptResult::CallerEnded,
                now + seconds(rng.random_range(4..15)),
            );
        }
        if rng.random_bool(habits.engaged) {
            return Ring::in_vain(AttemptResult::Busy, now + seconds(3));
        }
        if !rng.random_bool(habits.picks_up_at(now)) {
            return Ring::in_vain(AttemptResult::NoAnswer, now + line.ring);
        }
        let (soon, late) = habits.seconds_to_pick_up;
        let picked_up = now + Duration::from_secs_f64(rng.random_range(soon..late));
        let answered = picked_up + seconds(SCREENING);
        if !rng.random_bool(habits.yes) {
            let result = match rng.random_bool(habits.not_today) {
                true => AttemptResult::NotToday,
                false => AttemptResult::Declined,
            };
            return Ring { picked_up: Some(picked_up), accepted: None, result, over: answered };
        }
        let (short, long) = habits.seconds_to_talk;
        let over = answered + Duration::from_secs_f64(rng.random_range(short..long));
        let result = AttemptResult::Connected;
        Ring { picked_up: Some(picked_up), accepted: Some(answered), result, over }
    }

    fn settle(
        &mut self,
        line: &Line,
        request: &Request,
        whom: &Reserved,
        ring: &Ring,
    ) -> Result<(), StoreError> {
        if let Some(picked_up) = ring.picked_up {
            self.tx.attempt_picked_up(whom.attempt, picked_up)?;
        }
        if let Some(accepted) = ring.accepted {
            self.tx.accept(request.id, whom.attempt, accepted)?;
        }
        self.tx.decide_attempt(whom.attempt, ring.result, line, ring.over)?;
        self.tx.release_attempt(whom.attempt, ring.over)
    }
}

/// One ring and what became of it.
struct Ring {
    picked_up: Option<Timestamp>,
    accepted: Option<Timestamp>,
    result: AttemptResult,
    over: Timestamp,
}

impl Ring {
    fn in_vain(result: AttemptResult, over: Timestamp) -> Self {
        Self { picked_up: None, accepted: None, result, over }
    }
}

#[cfg(test)]
mod tests;
