//! One search: candidates for one request, one after another, until one says yes.
//!
//! Every input may come late, twice or out of order; what has been said is never said again. This
//! file holds the rounds; `attempts` is about one candidate, `live` about a caller who waits,
//! `background` about one who is called back,
//! `fetching` about one whom the desk has at hand, `ahead` about a search before its moment.

mod ahead;
mod attempts;
mod background;
mod fetching;
mod live;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::choose::reach_m;
use super::{AttemptResult, DeskOrder, Input, Limits, Outcome, Output, Timer};
use crate::domain::{AttemptId, Timestamp};

use attempts::Attempt;
use background::Background;

/// The version of the stored form. Another one does not read: better a refusal than a guess.
const VERSION: u8 = 1;

/// A telephone that would ring for less than this is not rung any more.
const SHORTEST_RING: Duration = Duration::from_secs(5);

/// The state of one search. Stored between any two inputs; holds ids, words and moments only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    #[serde(deserialize_with = "this_version")]
    version: u8,
    limits: Limits,
    #[serde(default, skip_serializing_if = "is_usual")]
    caller_left: bool,
    /// How far it looks, see [`Search::round`].
    round: u32,
    started_at: Option<Timestamp>,
    budget_ends: Timestamp,
    /// Attempts begun in this round.
    #[serde(default, skip_serializing_if = "is_usual")]
    asked: u32,
    /// [`Output::Reserve`]s that were not answered yet.
    #[serde(default, skip_serializing_if = "is_usual")]
    reserving: u8,
    /// The last answer to a reserve was that nobody is left, or that it is too late in the day.
    #[serde(default, skip_serializing_if = "is_usual")]
    nobody_left: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    accepted: Option<AttemptId>,
    /// One of the two left after the yes, and nobody has told yet whether they were joined.
    #[serde(default, skip_serializing_if = "is_usual")]
    presumed_joined: bool,
    /// The caller was asked, this round or an earlier one, whether to wait: once a call.
    #[serde(default, skip_serializing_if = "is_usual")]
    offered: bool,
    /// The caller has not answered that yet.
    #[serde(default, skip_serializing_if = "is_usual")]
    pondering: bool,
    /// An earlier neighbour who agreed to it is being reserved once more.
    #[serde(default, skip_serializing_if = "is_usual")]
    reserving_again: bool,
    #[serde(default, skip_serializing_if = "is_usual")]
    outcome: Option<Outcome>,
    #[serde(default, skip_serializing_if = "is_usual")]
    attempts: BTreeMap<AttemptId, Attempt>,
    /// `None`: the caller is, or was, on the line.
    #[serde(default, skip_serializing_if = "is_usual")]
    background: Option<Background>,
}

/// What is as it usually is goes unsaid in the stored form, which is written with every step.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

fn this_version<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
    match u8::deserialize(from)? {
        VERSION => Ok(VERSION),
        other => Err(serde::de::Error::custom(format!(
            "a search stored in form {other}; this release reads form {VERSION}"
        ))),
    }
}

impl Search {
    /// A search that has not begun, for a caller on the line.
    pub fn new(limits: Limits) -> Self {
        Self {
            version: VERSION,
            limits,
            caller_left: false,
            presumed_joined: false,
            offered: false,
            pondering: false,
            round: 1,
            started_at: None,
            budget_ends: Timestamp(0),
            asked: 0,
            reserving: 0,
            nobody_left: false,
            reserving_again: false,
            accepted: None,
            outcome: None,
            attempts: BTreeMap::new(),
            background: None,
        }
    }

    /// A search that has not begun, for somebody who is called back. `confirm`: their number is
    /// asked first whether it is the right one.
    pub fn in_background(limits: Limits, confirm: bool) -> Self {
        let background = Some(Background::new(confirm));
        Self { caller_left: true, background, ..Self::new(limits) }
    }

    /// A search that has not begun, for somebody whom the desk has at hand: they are fetched to the
    /// line first, and wait there. Should they not come, it goes on in the background.
    pub fn with_the_caller(limits: Limits) -> Self {
        let background = Some(Background::who_fetches());
        Self { caller_left: true, background, ..Self::new(limits) }
    }

    /// A search for somebody who is called back that begins at that moment. Before it only those are
    /// rung who come forward by themselves.
    pub fn ahead(limits: Limits, begins: Timestamp) -> Self {
        let mut search = Self::in_background(limits, false);
        search.background = search.background.map(|background| background.begins(begins));
        search
    }

    /// One input; everything that follows from it, in order.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        match input {
            Input::Opened => self.opened(now, &mut out),
            Input::Reserved(attempt) => self.reserved(now, attempt, &mut out),
            Input::NobodyLeft => self.nobody_is_left(now, &mut out),
            Input::NobodyEver => self.nobody_ever(now, &mut out),
            Input::Closed { opens } => self.closed(opens, &mut out),
            Input::CameForward => self.somebody_came_forward(now, &mut out),
            Input::NobodyForward => self.nobody_forward(now, &mut out),
            Input::NotPlaced(attempt) => self.not_placed(now, attempt, &mut out),
            Input::MayNotBeRung(attempt) => self.may_not_be_rung(now, attempt, &mut out),
            Input::PickedUp(attempt) => self.picked_up(now, attempt, &mut out),
            Input::Answered { attempt, answer } => self.answered(now, attempt, answer, &mut out),
            Input::LegEnded { attempt, ending, told_by } => {
                self.leg_ended(now, attempt, ending, told_by, &mut out);
            }
            Input::CallerLeft => self.caller_has_left(now, &mut out),
            Input::TryAgain => self.try_again(now, &mut out),
            Input::CallerStopped => self.caller_stopped(&mut out),
            Input::Settled => self.settled(&mut out),
            Input::KeepWaiting => self.keep_waiting(now, &mut out),
            Input::CallBack { limits, confirm } => self.call_back(now, limits, confirm, &mut out),
            Input::CallerRung(ring) => self.caller_rung(ring),
            Input::CallerLater { opens } => self.caller_later(now, opens, &mut out),
            Input::CallerPickedUp(ring) => self.caller_picked_up(now, ring, &mut out),
            Input::CallerAnswered { ring, answer } => self.caller_answered(ring, answer, &mut out),
            Input::CallerOnTheLine { ring, limits } => {
                self.caller_on_the_line(now, ring, limits, &mut out);
            }
            Input::CallerRingEnded { ring, ending, told_by } => {
                self.caller_ring_ended(now, ring, ending, told_by, &mut out);
            }
            Input::Desk(DeskOrder::TakeOver | DeskOrder::GiveUp) => {
                self.stopped(Outcome::Desk, &mut out);
            }
            Input::Desk(DeskOrder::Skip) => self.skip(&mut out),
            Input::Due(Timer::Budget) => self.close_if_used_up(now, &mut out),
            Input::Due(Timer::Lease(attempt)) => self.lease_ran_out(now, attempt, &mut out),
            Input::Due(Timer::Look) => self.look_again(now, &mut out),
            Input::Due(Timer::Caller) => self.caller_is_due(now, &mut out),
            Input::Due(Timer::CallerLease) => self.caller_lease_ran_out(now, &mut out),
        }
        out
    }

    /// How the search ended; `None` while it goes on.
    pub fn outcome(&self) -> Option<Outcome> {
        self.outcome
    }

    /// Whether this attempt's telephone rings, is screened, or is in conversation.
    pub fn is_live(&self, attempt: AttemptId) -> bool {
        self.attempts.get(&attempt).is_some_and(Attempt::is_live)
    }

    /// Whether this attempt's candidate is reserved and not rung, while the caller is asked whether to
    /// wait.
    pub fn is_held(&self, attempt: AttemptId) -> bool {
        self.held() == Some(attempt)
    }

    /// Whose yes came first.
    pub fn accepted(&self) -> Option<AttemptId> {
        self.accepted
    }

    /// How far it looks, as [`reach_m`] reads it: 1 at first, one more for every "try again", for going
    /// on in the background, for coming back to the line, and whenever a search in the background looks
    /// farther. So it counts more than the times that its budget began anew, which is what "this round"
    /// means elsewhere.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// Attempts begun in this round.
    pub fn asked(&self) -> u32 {
        self.asked
    }

    /// Whether the caller was there when last heard of.
    pub fn caller_present(&self) -> bool {
        !self.caller_left
    }

    /// Whether the caller is to be called back.
    pub fn is_in_background(&self) -> bool {
        self.background.is_some()
    }

    fn opened(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.started_at.is_none() {
            self.started_at = Some(now);
            self.begin_round(now, out);
        }
    }

    fn begin_round(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.set_up_round(now, out);
        self.go_on(now, out);
    }

    fn set_up_round(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.asked = 0;
        self.nobody_left = false;
        self.pondering = false;
        self.accepted = None;
        self.outcome = None;
        let begins = self.background.as_ref().map_or(now, |background| background.begun_by(now));
        self.budget_ends = begins + self.limits.budget;
        out.push(Output::SetTimer(Timer::Budget, self.budget_ends));
    }

    /// Asks for as many candidates as may ring now, or closes the search.
    fn go_on(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.outcome.is_some() || self.accepted.is_some() {
            return;
        }
        match &self.background {
            None => self.go_on_live(now, out),
            Some(_) => self.go_on_in_background(now, out),
        }
    }

    fn reserve_more(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        while self.has_time(now)
            && !self.nobody_left
            && self.live() + u32::from(self.reserving) < u32::from(self.limits.ring_at_once)
            && self.asked + u32::from(self.reserving) < self.limits.max_attempts
        {
            self.reserving += 1;
            out.push(Output::Reserve);
        }
    }

    /// Whether somebody may still be rung in this round.
    fn has_time(&self, now: Timestamp) -> bool {
        self.budget_ends.since(now) >= SHORTEST_RING
    }

    /// Nobody rings, and nobody is about to.
    fn is_idle(&self) -> bool {
        self.live() == 0 && self.reserving == 0
    }

    fn nobody_is_left(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.reserving = self.reserving.saturating_sub(1);
        if self.may_rather_begin_anew(now, out) {
            return;
        }
        if self.background.is_some() && reach_m(self.round + 1) > reach_m(self.round) {
            // Villages have few people: first farther away, then later.
            self.round += 1;
        } else {
            self.nobody_left = true;
        }
        self.nobody_to_reserve(now, out);
    }

    fn nobody_to_reserve(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.background.is_some() {
            self.go_on(now, out);
        } else if self.is_idle() {
            self.finish(Outcome::Nobody, out);
        }
    }

    fn close_if_used_up(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.background.is_some() {
            return self.go_on(now, out);
        }
        if now >= self.budget_ends && self.pondering {
            self.let_held_go(out);
        }
        let time_is_up = self.started_at.is_some() && now >= self.budget_ends;
        if time_is_up && self.is_idle() && self.accepted.is_none() {
            self.finish(Outcome::UsedUp, out);
        }
    }

    /// Somebody wants no more of it. Whoever is rung is free when their leg is over, and not before
    /// (R3): their telephone may ring for a moment yet.
    fn stopped(&mut self, outcome: Outcome, out: &mut Vec<Output>) {
        if self.outcome.is_some() {
            return;
        }
        self.let_held_go(out);
        for id in self.live_attempts() {
            out.push(Output::HangUp(id));
            self.end_for_the_caller(id, out);
        }
        self.stop_ringing_the_caller(out);
        self.finish(outcome, out);
    }

    /// Settled elsewhere: it stops, unless the two are talking. How that ends is how it ended.
    fn settled(&mut self, out: &mut Vec<Output>) {
        if !self.is_in_conversation() {
            self.stopped(self.no_longer_wanted(), out);
        }
    }

    fn no_longer_wanted(&self) -> Outcome {
        if self.background.is_some() { Outcome::NotNeeded } else { Outcome::Stopped }
    }

    /// As far as is known here, the caller and a neighbour are joined.
    fn is_in_conversation(&self) -> bool {
        let accepted = self.accepted.filter(|id| self.is_live(*id));
        accepted.is_some_and(|id| match &self.background {
            None => true,
            Some(background) => background.joins_caller_with(id),
        })
    }

    fn skip(&mut self, out: &mut Vec<Output>) {
        if self.pondering {
            return;
        }
        for id in self.live_attempts() {
            if self.accepted != Some(id) {
                out.push(Output::HangUp(id));
                self.end_for_the_caller(id, out);
            }
        }
    }

    fn finish(&mut self, outcome: Outcome, out: &mut Vec<Output>) {
        if self.outcome.is_none() {
            self.outcome = Some(outcome);
            self.pondering = false;
            self.decide_the_open(AttemptResult::NoAnswer, out);
            out.push(Output::CancelTimer(Timer::Budget));
            if self.background.is_some() {
                out.push(Output::CancelTimer(Timer::Look));
                out.push(Output::CancelTimer(Timer::Caller));
            }
            out.push(Output::Finish(outcome));
        }
    }

    fn live(&self) -> u32 {
        u32::try_from(self.attempts.values().filter(|a| a.is_live()).count()).unwrap_or(u32::MAX)
    }

    fn live_attempts(&self) -> Vec<AttemptId> {
        self.attempts.iter().filter(|(_, a)| a.is_live()).map(|(id, _)| *id).collect()
    }

    /// A result stands once it is given, but for two things: a stop is a stop (R9), also when the
    /// caller has gone or the stop was not confirmed yet; and two who were thought joined when one
    /// of them left may turn out never to have been.
    fn decide(&mut self, id: AttemptId, result: AttemptResult, out: &mut Vec<Output>) {
        use AttemptResult::{CallerEnded, Connected, NotJoined, NotToday, Paused, Stopped};
        let Some(attempt) = self.attempts.get_mut(&id) else { return };
        let stands = match attempt.result {
            None => false,
            Some(before) if before == result => true,
            Some(CallerEnded) => !matches!(result, Stopped | NotToday | Paused),
            Some(Stopped) => !(attempt.asked_to_stop && result == Paused),
            Some(Connected) => !(self.presumed_joined && result == NotJoined),
            Some(_) => true,
        };
        if !stands {
            attempt.result = Some(result);
            out.push(Output::Decide { attempt: id, result });
        }
    }
}
