//! A caller who waits on the line: the next ring goes into the answer that their leg is given.

use super::Search;
use super::attempts::{Attempt, Phase};
use crate::dispatch::{AttemptResult, Outcome, Output, Timer};
use crate::domain::{AttemptId, Timestamp};

impl Search {
    pub(super) fn go_on_live(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.caller_left || self.pondering {
            return;
        }
        self.reserve_more(now, out);
        if self.is_idle() {
            let outcome = if self.nobody_left { Outcome::Nobody } else { Outcome::UsedUp };
            self.finish(outcome, out);
        }
    }

    /// Only between two rings, and only while there is somebody to wait for, who is reserved now.
    pub(super) fn should_offer(&self, now: Timestamp) -> bool {
        let Some(after) = self.limits.offer_after.filter(|_| !self.offered) else { return false };
        let began = self.budget_ends - self.limits.budget;
        self.background.is_none() && self.asked > 1 && now.since(began) >= after
    }

    pub(super) fn keep_waiting(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if !std::mem::take(&mut self.pondering) {
            return;
        }
        match self.held() {
            Some(id) if self.has_time(now) => {
                self.attempts.entry(id).and_modify(|attempt| attempt.phase = Phase::Ringing);
                self.ring(now, id, out);
            }
            _ => {
                self.let_held_go(out);
                self.go_on(now, out);
            }
        }
    }

    /// Whoever is reserved and not rung yet.
    pub(super) fn held(&self) -> Option<AttemptId> {
        self.attempts.iter().find(|(_, a)| a.phase == Phase::Held).map(|(id, _)| *id)
    }

    /// They were never disturbed, and may be asked another time.
    pub(super) fn let_held_go(&mut self, out: &mut Vec<Output>) {
        let Some(id) = self.held() else { return };
        self.attempts.entry(id).and_modify(Attempt::end);
        self.asked = self.asked.saturating_sub(1);
        self.decide(id, AttemptResult::NotPlaced, out);
        out.push(Output::CancelTimer(Timer::Lease(id)));
        out.push(Output::Release(id));
    }

    pub(super) fn caller_has_left(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if std::mem::replace(&mut self.caller_left, true) {
            return;
        }
        if self.background.is_some() {
            // Off the hook no more: they can be rung.
            return self.look_again(now, out);
        }
        self.let_held_go(out);
        self.decide_the_open(AttemptResult::CallerEnded, out);
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

    /// The caller left after a yes, which is a conversation until we are told that it never was.
    pub(super) fn was_no_conversation(&mut self, out: &mut Vec<Output>) {
        if std::mem::take(&mut self.presumed_joined) {
            self.outcome = None;
            self.finish(Outcome::CallerLeft, out);
        }
    }

    /// Somebody who was just asking to stop is still listened to; everybody else is let off.
    pub(super) fn end_for_the_caller(&mut self, id: AttemptId, out: &mut Vec<Output>) {
        if !self.attempts[&id].asked_to_stop {
            self.decide(id, AttemptResult::CallerEnded, out);
        }
    }

    pub(super) fn try_again(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.may_begin_another_round() && self.outcome.is_some() {
            self.round += 1;
            self.begin_round(now, out);
        }
    }

    /// The caller is there, and nothing is under way that would be lost.
    pub(super) fn may_begin_another_round(&self) -> bool {
        let open = match self.outcome {
            None => self.pondering,
            Some(Outcome::Nobody | Outcome::UsedUp | Outcome::Connected | Outcome::Stopped) => true,
            Some(_) => false,
        };
        let only_held = self.live() == u32::from(self.held().is_some());
        open && self.background.is_none() && !self.caller_left && only_held
    }

    /// A live search is between two rings when its caller says so: what is live was reserved and
    /// never rung, no report of it will come, and it is let go at once.
    pub(super) fn caller_stopped(&mut self, out: &mut Vec<Output>) {
        let never_rung = if self.background.is_none() && self.outcome.is_none() {
            self.live_attempts()
        } else {
            Vec::new()
        };
        self.stopped(self.no_longer_wanted(), out);
        for id in never_rung.into_iter().filter(|id| self.is_live(*id)).collect::<Vec<_>>() {
            self.attempts.entry(id).and_modify(Attempt::end);
            out.push(Output::CancelTimer(Timer::Lease(id)));
            out.push(Output::Release(id));
        }
    }

    /// A person who had agreed to be rung once more cannot be: the search goes on with others.
    pub(super) fn may_rather_begin_anew(&mut self, now: Timestamp, out: &mut Vec<Output>) -> bool {
        let again = std::mem::take(&mut self.reserving_again);
        if again {
            self.go_on(now, out);
        }
        again
    }

    /// [`Timer::Budget`] of a live search that goes on from a background one.
    pub(super) fn leave_background(&mut self, out: &mut Vec<Output>) -> Option<AttemptId> {
        let background = self.background.take()?;
        for timer in [Timer::Look, Timer::Caller, Timer::CallerLease] {
            out.push(Output::CancelTimer(timer));
        }
        background.again
    }
}
