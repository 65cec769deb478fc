//! One search: candidates for one request, one after another, until one says yes.
//!
//! Every input may come late, twice or out of order; what has been said is never said again.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    Answer, AttemptResult, DeskOrder, Ending, Input, Limits, Outcome, Output, Source, Timer,
};
use crate::domain::{AttemptId, Timestamp};

#[cfg(test)]
mod tests;

/// The version of the stored form. Another one does not read: better a refusal than a guess.
const VERSION: u8 = 1;

/// A telephone that would ring for less than this is not rung any more.
const SHORTEST_RING: Duration = Duration::from_secs(5);
/// How long after its ring time the report about a ringing telephone may stay away.
const RING_SLACK: Duration = Duration::from_secs(60);
/// How long screening may last: two questions with their silences, and a confirmation.
const SCREENING_LEASE: Duration = Duration::from_secs(120);
/// How long two people may talk before their line counts as forgotten: longer than the
/// provider lets any call last.
const TALK_LEASE: Duration = Duration::from_secs(4 * 3600);

/// The state of one search. Stored between any two inputs; holds ids, words and moments only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    #[serde(deserialize_with = "this_version")]
    version: u8,
    limits: Limits,
    caller_left: bool,
    round: u32,
    started_at: Option<Timestamp>,
    budget_ends: Timestamp,
    /// Attempts begun in this round.
    asked: u32,
    /// [`Output::Reserve`]s that were not answered yet.
    reserving: u8,
    /// The last answer to a reserve was that nobody is left.
    nobody_left: bool,
    accepted: Option<AttemptId>,
    /// The caller left after the yes, and nobody has told yet whether the two were joined.
    #[serde(default)]
    presumed_joined: bool,
    outcome: Option<Outcome>,
    attempts: BTreeMap<AttemptId, Attempt>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Attempt {
    phase: Phase,
    result: Option<AttemptResult>,
    /// Pressed 4, and the confirming question is not answered.
    asked_to_stop: bool,
    /// The caller's leg has reported this ring as over, and was told what next.
    reported: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Phase {
    Ringing,
    PickedUp,
    Over,
}

impl Attempt {
    fn is_live(&self) -> bool {
        self.phase != Phase::Over
    }
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
    /// A search that has not begun.
    pub fn new(limits: Limits) -> Self {
        Self {
            version: VERSION,
            limits,
            caller_left: false,
            presumed_joined: false,
            round: 1,
            started_at: None,
            budget_ends: Timestamp(0),
            asked: 0,
            reserving: 0,
            nobody_left: false,
            accepted: None,
            outcome: None,
            attempts: BTreeMap::new(),
        }
    }

    /// One input; everything that follows from it, in order.
    pub fn handle(&mut self, now: Timestamp, input: Input) -> Vec<Output> {
        let mut out = Vec::new();
        match input {
            Input::Opened => self.opened(now, &mut out),
            Input::Reserved(attempt) => self.reserved(now, attempt, &mut out),
            Input::NobodyLeft => self.nobody_is_left(&mut out),
            Input::PickedUp(attempt) => self.picked_up(now, attempt, &mut out),
            Input::Answered { attempt, answer } => self.answered(now, attempt, answer, &mut out),
            Input::LegEnded { attempt, ending, told_by } => {
                self.leg_ended(now, attempt, ending, told_by, &mut out);
            }
            Input::CallerLeft => self.caller_has_left(&mut out),
            Input::TryAgain => self.try_again(now, &mut out),
            Input::CallerStopped => self.stopped(Outcome::Stopped, &mut out),
            Input::Desk(DeskOrder::TakeOver | DeskOrder::GiveUp) => {
                self.stopped(Outcome::Desk, &mut out);
            }
            Input::Desk(DeskOrder::Skip) => self.skip(&mut out),
            Input::Due(Timer::Budget) => self.close_if_used_up(now, &mut out),
            Input::Due(Timer::Lease(attempt)) => self.lease_ran_out(now, attempt, &mut out),
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

    /// Whose yes came first.
    pub fn accepted(&self) -> Option<AttemptId> {
        self.accepted
    }

    /// 1 at first, one more for every "try again".
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

    fn opened(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.started_at.is_none() {
            self.started_at = Some(now);
            self.begin_round(now, out);
        }
    }

    fn begin_round(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.asked = 0;
        self.nobody_left = false;
        self.accepted = None;
        self.outcome = None;
        self.budget_ends = now + self.limits.budget;
        out.push(Output::SetTimer(Timer::Budget, self.budget_ends));
        self.go_on(now, out);
    }

    /// Asks for as many candidates as may ring now, or closes the search.
    fn go_on(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.outcome.is_some() || self.accepted.is_some() || self.caller_left {
            return;
        }
        let budget_left = self.budget_ends.since(now) >= SHORTEST_RING;
        while budget_left
            && !self.nobody_left
            && self.live() + u32::from(self.reserving) < u32::from(self.limits.ring_at_once)
            && self.asked + u32::from(self.reserving) < self.limits.max_attempts
        {
            self.reserving += 1;
            out.push(Output::Reserve);
        }
        if self.live() == 0 && self.reserving == 0 {
            let outcome = if self.nobody_left { Outcome::Nobody } else { Outcome::UsedUp };
            self.finish(outcome, out);
        }
    }

    fn reserved(&mut self, now: Timestamp, attempt: AttemptId, out: &mut Vec<Output>) {
        if self.attempts.contains_key(&attempt) {
            return;
        }
        self.reserving = self.reserving.saturating_sub(1);
        let left = self.budget_ends.since(now);
        let too_late = self.outcome.is_some() || self.caller_left || self.accepted.is_some();
        let mut begun =
            Attempt { phase: Phase::Ringing, result: None, asked_to_stop: false, reported: false };
        if too_late || left < SHORTEST_RING {
            // Never rung: let go at once, and it counts for nothing.
            begun.phase = Phase::Over;
            self.attempts.insert(attempt, begun);
            self.decide(attempt, AttemptResult::CallerEnded, out);
            out.push(Output::Release(attempt));
            return self.go_on(now, out);
        }
        self.attempts.insert(attempt, begun);
        self.asked += 1;
        let ring = self.limits.ring.min(left);
        out.push(Output::Ring { attempt, ring });
        out.push(Output::SetTimer(Timer::Lease(attempt), now + ring + RING_SLACK));
    }

    fn nobody_is_left(&mut self, out: &mut Vec<Output>) {
        self.reserving = self.reserving.saturating_sub(1);
        self.nobody_left = true;
        if self.live() == 0 && self.reserving == 0 {
            self.finish(Outcome::Nobody, out);
        }
    }

    fn picked_up(&mut self, now: Timestamp, id: AttemptId, out: &mut Vec<Output>) {
        let Some(attempt) = self.attempts.get_mut(&id) else { return };
        if attempt.phase == Phase::Ringing {
            attempt.phase = Phase::PickedUp;
            out.push(Output::SetTimer(Timer::Lease(id), now + SCREENING_LEASE));
        }
    }

    fn answered(&mut self, now: Timestamp, id: AttemptId, answer: Answer, out: &mut Vec<Output>) {
        if !self.attempts.contains_key(&id) {
            return;
        }
        let result = match answer {
            Answer::Yes => return self.said_yes(now, id, out),
            Answer::StopAsked => {
                if let Some(attempt) = self.attempts.get_mut(&id) {
                    attempt.asked_to_stop = true;
                }
                return;
            }
            Answer::NotNow | Answer::WrongKey => AttemptResult::Declined,
            Answer::NotToday => AttemptResult::NotToday,
            Answer::Stop => AttemptResult::Stopped,
            Answer::Pause => AttemptResult::Paused,
            Answer::Desk => AttemptResult::WantsDesk,
            Answer::Silence => AttemptResult::Voicemail,
        };
        self.decide(id, result, out);
    }

    /// R6: the first yes wins, while there is somebody to be joined with.
    fn said_yes(&mut self, now: Timestamp, id: AttemptId, out: &mut Vec<Output>) {
        if self.accepted == Some(id) && self.is_live(id) && !self.caller_left {
            return out.push(Output::Connect(id));
        }
        let open = self.accepted.is_none() && self.outcome.is_none() && !self.caller_left;
        let undecided = self.attempts.get(&id).is_some_and(|a| a.is_live() && a.result.is_none());
        if !(open && undecided) {
            out.push(Output::Gone(id));
            return self.decide(id, AttemptResult::LateYes, out);
        }
        self.accepted = Some(id);
        out.push(Output::Connect(id));
        out.push(Output::SetTimer(Timer::Lease(id), now + TALK_LEASE));
        for other in self.live_attempts() {
            // Whoever has picked up by now is told so, when they answer.
            if other != id && self.attempts[&other].phase == Phase::Ringing {
                out.push(Output::HangUp(other));
                self.decide(other, AttemptResult::CallerEnded, out);
            }
        }
    }

    fn leg_ended(
        &mut self,
        now: Timestamp,
        id: AttemptId,
        ending: Ending,
        told_by: Source,
        out: &mut Vec<Output>,
    ) {
        let Some(attempt) = self.attempts.get_mut(&id) else { return };
        let repeated = told_by == Source::Caller && std::mem::replace(&mut attempt.reported, true);
        if repeated {
            return;
        }
        let was_live = attempt.is_live();
        attempt.phase = Phase::Over;
        if self.accepted == Some(id) {
            self.accepted_leg_ended(id, ending, told_by, out);
        } else if ending == (Ending::Completed { bridged: Some(true) }) && self.outcome.is_none() {
            self.joined_without_a_yes(id, out);
        } else {
            self.decide_by_ending(id, ending, out);
        }
        if was_live {
            out.push(Output::CancelTimer(Timer::Lease(id)));
            out.push(Output::Release(id));
        }
        match told_by {
            Source::Caller => self.go_on(now, out),
            // The caller's leg will ask what next; unless the time is up, that is when we go on.
            Source::Candidate => self.close_if_used_up(now, out),
        }
    }

    /// The end of a conversation, or of a yes that never became one.
    fn accepted_leg_ended(
        &mut self,
        id: AttemptId,
        ending: Ending,
        told_by: Source,
        out: &mut Vec<Output>,
    ) {
        match (ending, told_by) {
            (Ending::Completed { bridged: Some(true) }, _)
            | (Ending::Completed { bridged: None }, Source::Caller) => {
                self.presumed_joined = false;
                self.decide(id, AttemptResult::Connected, out);
                self.finish(Outcome::Connected, out);
            }
            // Not told whether they were joined: the caller's leg knows.
            (Ending::Completed { bridged: None }, Source::Candidate) => {}
            _ => {
                self.decide(id, AttemptResult::NotJoined, out);
                self.accepted = None;
                self.was_no_conversation(out);
            }
        }
    }

    /// The caller left after a yes, which is a conversation until we are told that it never was.
    fn was_no_conversation(&mut self, out: &mut Vec<Output>) {
        if std::mem::take(&mut self.presumed_joined) {
            self.outcome = None;
            self.finish(Outcome::CallerLeft, out);
        }
    }

    /// It must never happen, and must never be hidden: the provider joined them by itself.
    fn joined_without_a_yes(&mut self, id: AttemptId, out: &mut Vec<Output>) {
        out.push(Output::JoinedWithoutYes(id));
        self.accepted = Some(id);
        self.decide(id, AttemptResult::Connected, out);
        self.finish(Outcome::Connected, out);
    }

    fn decide_by_ending(&mut self, id: AttemptId, ending: Ending, out: &mut Vec<Output>) {
        let asked_to_stop = self.attempts.get(&id).is_some_and(|a| a.asked_to_stop);
        let result = match ending {
            _ if asked_to_stop => AttemptResult::Stopped,
            Ending::Completed { .. } => AttemptResult::HungUp,
            Ending::Busy => AttemptResult::Busy,
            Ending::Failed => AttemptResult::Failed,
            Ending::NoAnswer => AttemptResult::NoAnswer,
            // Not the neighbour's doing. Often the first sign of a caller who has left: the report
            // of their own leg may come later.
            Ending::Canceled => AttemptResult::CallerEnded,
        };
        self.decide(id, result, out);
    }

    fn caller_has_left(&mut self, out: &mut Vec<Output>) {
        if std::mem::replace(&mut self.caller_left, true) {
            return;
        }
        for id in self.live_attempts() {
            if self.accepted != Some(id) {
                out.push(Output::HangUp(id));
                self.end_for_the_caller(id, out);
            }
        }
        match self.accepted {
            // As far as is known they were joined: whoever hangs up first, it was a conversation.
            Some(id) => {
                self.presumed_joined = self.outcome.is_none();
                self.decide(id, AttemptResult::Connected, out);
                self.finish(Outcome::Connected, out);
            }
            None => self.finish(Outcome::CallerLeft, out),
        }
    }

    /// Somebody who was just asking to stop is still listened to; everybody else is let off.
    fn end_for_the_caller(&mut self, id: AttemptId, out: &mut Vec<Output>) {
        if !self.attempts[&id].asked_to_stop {
            self.decide(id, AttemptResult::CallerEnded, out);
        }
    }

    fn try_again(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let over = matches!(
            self.outcome,
            Some(Outcome::Nobody | Outcome::UsedUp | Outcome::Connected | Outcome::Stopped)
        );
        if over && !self.caller_left && self.live() == 0 {
            self.round += 1;
            self.begin_round(now, out);
        }
    }

    /// The caller, or the desk, wants no more of it. A live search is between two rings here, so
    /// what is live was reserved and never rung: it is let go at once.
    fn stopped(&mut self, outcome: Outcome, out: &mut Vec<Output>) {
        if self.outcome.is_some() {
            return;
        }
        for id in self.live_attempts() {
            out.push(Output::HangUp(id));
            self.end_for_the_caller(id, out);
            if outcome == Outcome::Stopped {
                self.attempts.entry(id).and_modify(|a| a.phase = Phase::Over);
                out.push(Output::CancelTimer(Timer::Lease(id)));
                out.push(Output::Release(id));
            }
        }
        self.finish(outcome, out);
    }

    fn skip(&mut self, out: &mut Vec<Output>) {
        for id in self.live_attempts() {
            if self.accepted != Some(id) {
                out.push(Output::HangUp(id));
                self.end_for_the_caller(id, out);
            }
        }
    }

    /// The webhook that should have ended this attempt was lost: free the person.
    fn lease_ran_out(&mut self, now: Timestamp, id: AttemptId, out: &mut Vec<Output>) {
        let Some(attempt) = self.attempts.get_mut(&id).filter(|a| a.is_live()) else { return };
        attempt.phase = Phase::Over;
        out.push(Output::HangUp(id));
        if self.accepted == Some(id) {
            self.decide(id, AttemptResult::Connected, out);
            self.finish(Outcome::Connected, out);
        } else {
            self.decide(id, AttemptResult::Lost, out);
        }
        out.push(Output::Release(id));
        // The caller's leg may still ask what next; if it does not, the time runs out.
        self.close_if_used_up(now, out);
    }

    fn close_if_used_up(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let time_is_up = self.started_at.is_some() && now >= self.budget_ends;
        if time_is_up && self.live() == 0 && self.reserving == 0 && self.accepted.is_none() {
            self.finish(Outcome::UsedUp, out);
        }
    }

    /// A result stands once it is given, but for two things: a stop is a stop (R9), also when the
    /// caller has gone or the stop was not confirmed yet; and two who were thought joined when the
    /// caller left may turn out never to have been.
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

    fn finish(&mut self, outcome: Outcome, out: &mut Vec<Output>) {
        if self.outcome.is_none() {
            self.outcome = Some(outcome);
            out.push(Output::CancelTimer(Timer::Budget));
            out.push(Output::Finish(outcome));
        }
    }

    fn live(&self) -> u32 {
        u32::try_from(self.attempts.values().filter(|a| a.is_live()).count()).unwrap_or(u32::MAX)
    }

    fn live_attempts(&self) -> Vec<AttemptId> {
        self.attempts.iter().filter(|(_, a)| a.is_live()).map(|(id, _)| *id).collect()
    }
}
