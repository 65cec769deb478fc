//! One candidate, from being reserved to the end of their leg.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{SHORTEST_RING, Search, is_usual};
use crate::dispatch::{Answer, AttemptResult, Ending, Outcome, Output, Source, Timer};
use crate::domain::{AttemptId, Timestamp};

/// How long after its ring time the report about a ringing telephone may stay away.
const RING_SLACK: Duration = Duration::from_secs(60);
/// The same for a call of the exchange's own, which may also wait for a busy provider. Whoever
/// places it gives up much sooner, and says so.
pub(super) const PLACING_SLACK: Duration = Duration::from_secs(15 * 60);
/// How long screening may last: two questions with their silences, and a confirmation.
pub(super) const SCREENING_LEASE: Duration = Duration::from_secs(120);
/// How long two people may talk before their line counts as forgotten: longer than the
/// provider lets any call last.
const TALK_LEASE: Duration = Duration::from_secs(4 * 3600);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Attempt {
    pub(super) phase: Phase,
    #[serde(default, skip_serializing_if = "is_usual")]
    pub(super) result: Option<AttemptResult>,
    /// Pressed 4, and the confirming question is not answered.
    #[serde(default, skip_serializing_if = "is_usual")]
    pub(super) asked_to_stop: bool,
    /// The caller's leg has reported this ring as over, and was told what next.
    #[serde(default, skip_serializing_if = "is_usual")]
    reported: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Phase {
    /// Reserved, and not rung before the caller has said whether to wait.
    Held,
    Ringing,
    PickedUp,
    Over,
}

impl Attempt {
    fn begun() -> Self {
        Self { phase: Phase::Ringing, result: None, asked_to_stop: false, reported: false }
    }

    pub(super) fn is_live(&self) -> bool {
        self.phase != Phase::Over
    }

    pub(super) fn end(&mut self) {
        self.phase = Phase::Over;
    }
}

impl Search {
    pub(super) fn reserved(&mut self, now: Timestamp, attempt: AttemptId, out: &mut Vec<Output>) {
        if self.attempts.contains_key(&attempt) {
            return;
        }
        self.reserving = self.reserving.saturating_sub(1);
        self.reserving_again = false;
        let left = self.budget_ends.since(now);
        let unwanted = self.outcome.is_some()
            || self.accepted.is_some()
            || (self.caller_left && self.background.is_none());
        let mut begun = Attempt::begun();
        if unwanted || left < SHORTEST_RING {
            // Never rung: let go at once, and it counts for nothing.
            begun.end();
            self.attempts.insert(attempt, begun);
            self.decide(attempt, AttemptResult::CallerEnded, out);
            out.push(Output::Release(attempt));
            return self.go_on(now, out);
        }
        self.asked += 1;
        if self.should_offer(now) {
            (self.offered, self.pondering) = (true, true);
            begun.phase = Phase::Held;
            self.attempts.insert(attempt, begun);
            out.push(Output::SetTimer(Timer::Lease(attempt), now + SCREENING_LEASE));
            return out.push(Output::Offer);
        }
        self.attempts.insert(attempt, begun);
        self.ring(now, attempt, out);
    }

    /// Rings somebody who is reserved.
    pub(super) fn ring(&mut self, now: Timestamp, attempt: AttemptId, out: &mut Vec<Output>) {
        let ring = self.limits.ring.min(self.budget_ends.since(now));
        let slack = if self.background.is_some() {
            out.push(Output::Place { attempt, ring });
            PLACING_SLACK
        } else {
            out.push(Output::Ring { attempt, ring });
            RING_SLACK
        };
        out.push(Output::SetTimer(Timer::Lease(attempt), now + ring + slack));
    }

    pub(super) fn picked_up(&mut self, now: Timestamp, id: AttemptId, out: &mut Vec<Output>) {
        let Some(attempt) = self.attempts.get_mut(&id) else { return };
        if attempt.phase == Phase::Ringing {
            attempt.phase = Phase::PickedUp;
            out.push(Output::SetTimer(Timer::Lease(id), now + SCREENING_LEASE));
        }
    }

    pub(super) fn answered(
        &mut self,
        now: Timestamp,
        id: AttemptId,
        answer: Answer,
        out: &mut Vec<Output>,
    ) {
        if !self.attempts.contains_key(&id) {
            return;
        }
        let result = match answer {
            Answer::Yes => return self.said_yes(now, id, out),
            Answer::Again => return self.may_be_rung_again(id),
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
        let can_be_joined = match &self.background {
            None => !self.caller_left,
            Some(background) => background.caller_is_free(),
        };
        if self.accepted == Some(id) && self.is_live(id) && can_be_joined && self.outcome.is_none()
        {
            return out.push(Output::Connect(id));
        }
        let open = self.accepted.is_none() && self.outcome.is_none() && can_be_joined;
        let undecided = self.attempts.get(&id).is_some_and(|a| a.is_live() && a.result.is_none());
        if !(open && undecided) {
            out.push(Output::Gone(id));
            return self.decide(id, AttemptResult::LateYes, out);
        }
        // Whoever presses a key has picked up, also when no word of that came before.
        if let Some(attempt) = self.attempts.get_mut(&id) {
            attempt.phase = Phase::PickedUp;
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

    pub(super) fn leg_ended(
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
        let (was_live, rang) = (attempt.is_live(), attempt.phase == Phase::Ringing);
        attempt.end();
        // A ring that the caller dropped may be reported in the same word, before their own leg is.
        let may_be_the_callers = told_by == Source::Candidate
            && ending == Ending::NoAnswer
            && rang
            && self.background.is_none()
            && self.outcome.is_none();
        if self.accepted == Some(id) && self.background.is_some() {
            self.accepted_left(id, out);
        } else if self.accepted == Some(id) {
            self.accepted_leg_ended(id, ending, told_by, out);
        } else if ending == (Ending::Completed { bridged: Some(true) }) && self.outcome.is_none() {
            self.joined_without_a_yes(id, out);
        } else if !may_be_the_callers {
            self.decide_by_ending(id, ending, out);
        }
        if was_live {
            out.push(Output::CancelTimer(Timer::Lease(id)));
            out.push(Output::Release(id));
        }
        match told_by {
            Source::Caller => self.go_on(now, out),
            // The caller's leg will ask what next; unless the time is up, that is when we go on.
            Source::Candidate if self.background.is_none() => self.close_if_used_up(now, out),
            // In the background this is the only word that comes; once is enough.
            Source::Candidate if was_live => self.go_on(now, out),
            Source::Candidate => {}
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

    /// Rings of which only the candidate's leg has told, and not whose doing it was: now that is known.
    pub(super) fn decide_the_open(&mut self, result: AttemptResult, out: &mut Vec<Output>) {
        let open = |(id, a): (&AttemptId, &Attempt)| {
            (!a.is_live() && a.result.is_none() && self.accepted != Some(*id)).then_some(*id)
        };
        for id in self.attempts.iter().filter_map(open).collect::<Vec<_>>() {
            self.decide(id, result, out);
        }
    }

    /// The provider could not be asked: nobody was disturbed, and it is no use to go on at once.
    pub(super) fn not_placed(&mut self, now: Timestamp, id: AttemptId, out: &mut Vec<Output>) {
        if self.never_rang(id, out) {
            self.nobody_left = true;
            self.go_on(now, out);
        }
    }

    /// They have stopped, or pause, since they were reserved: somebody else is asked at once.
    pub(super) fn may_not_be_rung(&mut self, now: Timestamp, id: AttemptId, out: &mut Vec<Output>) {
        if self.never_rang(id, out) {
            self.go_on(now, out);
        }
    }

    /// Whether that is so now: nobody was disturbed, and it counts for nothing.
    fn never_rang(&mut self, id: AttemptId, out: &mut Vec<Output>) -> bool {
        let Some(attempt) = self.attempts.get_mut(&id) else { return false };
        if !matches!(attempt.phase, Phase::Ringing | Phase::Held) {
            return false;
        }
        attempt.end();
        self.asked = self.asked.saturating_sub(1);
        self.decide(id, AttemptResult::NotPlaced, out);
        out.push(Output::CancelTimer(Timer::Lease(id)));
        out.push(Output::Release(id));
        true
    }

    /// No word of this attempt will come any more: their telephone is let go, and they are free.
    pub(super) fn lose(&mut self, id: AttemptId, out: &mut Vec<Output>) {
        let Some(attempt) = self.attempts.get_mut(&id).filter(|a| a.is_live()) else { return };
        attempt.end();
        out.push(Output::HangUp(id));
        self.decide(id, AttemptResult::Lost, out);
        out.push(Output::CancelTimer(Timer::Lease(id)));
        out.push(Output::Release(id));
    }

    /// The webhook that should have ended this attempt was lost: free the person.
    pub(super) fn lease_ran_out(&mut self, now: Timestamp, id: AttemptId, out: &mut Vec<Output>) {
        let Some(attempt) = self.attempts.get_mut(&id).filter(|a| a.is_live()) else { return };
        if attempt.phase == Phase::Held {
            // Whatever the caller answers by then finds its way: somebody else is reserved.
            return self.let_held_go(out);
        }
        attempt.end();
        out.push(Output::HangUp(id));
        if self.accepted == Some(id) && self.background.is_some() {
            self.accepted_left(id, out);
        } else if self.accepted == Some(id) {
            self.decide(id, AttemptResult::Connected, out);
            self.finish(Outcome::Connected, out);
        } else {
            self.decide(id, AttemptResult::Lost, out);
        }
        out.push(Output::Release(id));
        // The caller's leg may still ask what next; if it does not, the time runs out.
        self.close_if_used_up(now, out);
    }
}
