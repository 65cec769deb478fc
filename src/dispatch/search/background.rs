//! A caller who is called back: the exchange rings candidates by itself, then the caller.
//!
//! The caller is rung by the leg of the neighbour who said yes. If they do not come to the
//! telephone, the exchange rings them once more, later, and the search goes on live from there.
//! However it ends, somebody calls: the exchange with the outcome, or the desk, which then has a
//! promise.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Search;
use super::attempts::{PLACING_SLACK, SCREENING_LEASE};
use crate::dispatch::{
    AttemptResult, CallerAnswer, Ending, Limits, Outcome, Output, Reason, Source, Timer,
};
use crate::domain::{AttemptId, CallbackId, Timestamp};

/// How long a caller's telephone rings: many of them are over seventy, and far from it.
const CALLER_RING: Duration = Duration::from_secs(30);
/// When nobody could be rung, somebody may have come free after this: hours, rests and pauses end.
const LOOK_AGAIN: Duration = Duration::from_secs(10 * 60);
/// The caller has put the receiver down by then, also when nobody tells us.
const AFTER_GOODBYE: Duration = Duration::from_secs(60);
/// A caller who did not come to the telephone is rung again after this.
const RING_AGAIN: Duration = Duration::from_secs(10 * 60);

/// What a background search knows beside its attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Background {
    /// The number was keyed in, and nobody there has said that it is the right one.
    unconfirmed: bool,
    /// The caller's telephone rings or is off the hook.
    pub(super) ring: Option<CallerRing>,
    /// The caller is to be rung for this when [`Timer::Caller`] comes due.
    pub(super) waits: Option<Reason>,
    /// The neighbour who is asked whether they may be rung once more.
    asking_again: Option<AttemptId>,
    /// The neighbour who may be.
    pub(super) again: Option<AttemptId>,
    /// The desk has a promise about it: one is enough.
    promised: bool,
    /// How often the caller may still be fetched to the line, before anybody else is rung.
    #[serde(default)]
    pub(super) fetches: u8,
    /// Before this moment only those are rung who come forward by themselves.
    #[serde(default)]
    pub(super) not_before: Option<Timestamp>,
    /// Somebody came forward, and was not looked at yet.
    #[serde(default)]
    pub(super) forward: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CallerRing {
    why: Why,
    /// Which; not known until the driver has made it.
    id: Option<CallbackId>,
    answer: Option<CallerAnswer>,
}

/// Whose leg rings the caller, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    /// The leg of the neighbour who said yes.
    Join(AttemptId),
    /// A call of the exchange's own.
    Placed(Reason),
}

impl Background {
    pub(super) fn new(confirm: bool) -> Self {
        Self {
            unconfirmed: confirm,
            ring: None,
            waits: None,
            asking_again: None,
            again: None,
            promised: false,
            fetches: 0,
            not_before: None,
            forward: false,
        }
    }

    /// Whether somebody who says yes can be joined with the caller.
    pub(super) fn caller_is_free(&self) -> bool {
        self.waits.is_none() && !self.ring.as_ref().is_some_and(|r| matches!(r.why, Why::Placed(_)))
    }

    /// Whether the caller, rung by this neighbour's leg, has said yes to it.
    pub(super) fn joins_caller_with(&self, neighbour: AttemptId) -> bool {
        let ring = self.ring.as_ref().filter(|ring| ring.why == Why::Join(neighbour));
        ring.is_some_and(|ring| ring.answer == Some(CallerAnswer::Yes))
    }

    fn ring_of(&mut self, id: CallbackId) -> Option<&mut CallerRing> {
        self.ring.as_mut().filter(|ring| ring.id == Some(id))
    }
}

impl Search {
    /// The caller, on the line and between two rounds, chooses to be called back.
    pub(super) fn call_back(
        &mut self,
        now: Timestamp,
        limits: Limits,
        confirm: bool,
        out: &mut Vec<Output>,
    ) {
        if !self.may_begin_another_round() {
            return;
        }
        self.let_held_go(out);
        self.limits = limits;
        self.round += 1;
        self.background = Some(Background::new(confirm));
        self.set_up_round(now, out);
        // Nobody is rung while the caller still hears goodbye: they could not be called back.
        out.push(Output::SetTimer(Timer::Look, now + AFTER_GOODBYE));
    }

    pub(super) fn go_on_in_background(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let Some(background) = &self.background else { return };
        if background.ring.is_some() || background.waits.is_some() {
            return;
        }
        if self.has_time(now) {
            if background.unconfirmed {
                return self.ring_caller(now, Reason::Confirm, out);
            }
            if background.fetches > 0 {
                return self.ring_caller(now, Reason::Ask, out);
            }
            if self.is_ahead(now) {
                return self.go_on_ahead(out);
            }
            self.reserve_more(now, out);
        }
        if !self.is_idle() {
            return;
        }
        if !self.has_time(now) || self.asked >= self.limits.max_attempts {
            self.give_up(now, Outcome::UsedUp, out);
        } else {
            out.push(Output::SetTimer(Timer::Look, now + LOOK_AGAIN));
        }
    }

    /// [`Timer::Look`], or the caller has put the receiver down.
    pub(super) fn look_again(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if self.background.is_some() && self.outcome.is_none() {
            self.nobody_left = false;
            out.push(Output::CancelTimer(Timer::Look));
            self.go_on(now, out);
        }
    }

    pub(super) fn closed(&mut self, opens: Option<Timestamp>, out: &mut Vec<Output>) {
        self.reserving = self.reserving.saturating_sub(1);
        self.reserving_again = false;
        self.nobody_left = true;
        if self.background.is_none() {
            if self.is_idle() {
                self.finish(Outcome::Nobody, out);
            }
        } else if let Some(opens) = opens {
            // If that is never, or after the deadline, the deadline ends it.
            out.push(Output::SetTimer(Timer::Look, opens));
        }
    }

    pub(super) fn nobody_ever(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.reserving = self.reserving.saturating_sub(1);
        if self.may_rather_begin_anew(now, out) {
            return;
        }
        self.nobody_left = true;
        match self.background {
            Some(_) if self.is_idle() && self.outcome.is_none() => {
                self.give_up(now, Outcome::Nobody, out);
            }
            _ => self.nobody_to_reserve(now, out),
        }
    }

    /// Nobody was found. Whatever the ring with the outcome comes to, the desk knows.
    fn give_up(&mut self, now: Timestamp, outcome: Outcome, out: &mut Vec<Output>) {
        self.promise(out);
        self.finish(outcome, out);
        self.ring_caller(now, Reason::Outcome, out);
    }

    fn promise(&mut self, out: &mut Vec<Output>) {
        let Some(background) = &mut self.background else { return };
        if !std::mem::replace(&mut background.promised, true) {
            out.push(Output::Promise);
        }
    }

    fn ring_caller(&mut self, now: Timestamp, why: Reason, out: &mut Vec<Output>) {
        let Some(background) = &mut self.background else { return };
        background.ring = Some(CallerRing { why: Why::Placed(why), id: None, answer: None });
        background.waits = None;
        out.push(Output::RingCaller { why, ring: CALLER_RING });
        let lease = now + CALLER_RING + PLACING_SLACK;
        out.push(Output::SetTimer(Timer::CallerLease, lease));
    }

    pub(super) fn caller_rung(&mut self, id: CallbackId) {
        let accepted = self.accepted.filter(|_| self.outcome.is_none());
        let Some(background) = &mut self.background else { return };
        match (&mut background.ring, accepted) {
            (Some(ring), _) if ring.id.is_none() => ring.id = Some(id),
            (None, Some(neighbour)) => {
                let why = Why::Join(neighbour);
                background.ring = Some(CallerRing { why, id: Some(id), answer: None });
            }
            _ => {}
        }
    }

    pub(super) fn caller_later(
        &mut self,
        now: Timestamp,
        opens: Option<Timestamp>,
        out: &mut Vec<Output>,
    ) {
        let Some(background) = &mut self.background else { return };
        let Some(CallerRing { why: Why::Placed(why), answer: None, .. }) = background.ring else {
            return;
        };
        background.ring = None;
        out.push(Output::CancelTimer(Timer::CallerLease));
        if why == Reason::Ask {
            return self.fetched_in_vain(now, out);
        }
        match opens {
            Some(opens) => {
                background.waits = Some(why);
                out.push(Output::SetTimer(Timer::Caller, opens));
            }
            None => self.caller_not_reached(why, out),
        }
    }

    /// [`Timer::Caller`].
    pub(super) fn caller_is_due(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if let Some(why) = self.background.as_mut().and_then(|b| b.waits.take()) {
            self.ring_caller(now, why, out);
        }
    }

    pub(super) fn caller_picked_up(
        &mut self,
        now: Timestamp,
        id: CallbackId,
        out: &mut Vec<Output>,
    ) {
        let ring = self.background.as_mut().and_then(|b| b.ring_of(id));
        if let Some(CallerRing { why: Why::Placed(_), .. }) = ring {
            // A message left for the desk is the longest that follows.
            out.push(Output::SetTimer(Timer::CallerLease, now + 3 * SCREENING_LEASE));
        }
    }

    pub(super) fn caller_answered(
        &mut self,
        id: CallbackId,
        answer: CallerAnswer,
        out: &mut Vec<Output>,
    ) {
        let live = self.accepted.is_some_and(|neighbour| self.is_live(neighbour));
        let over = self.outcome.is_some();
        let Some(background) = &mut self.background else { return };
        let Some(ring) = background.ring_of(id) else { return };
        let repeated = ring.answer == Some(answer);
        ring.answer = Some(answer);
        match (ring.why, answer) {
            (Why::Join(_), CallerAnswer::Yes) if live && !over => out.push(Output::JoinCaller(id)),
            (Why::Placed(Reason::Confirm), CallerAnswer::Yes) => background.unconfirmed = false,
            (Why::Placed(Reason::Outcome), _) | (_, CallerAnswer::Yes) => {}
            _ if repeated || over => {}
            (Why::Placed(Reason::Confirm), CallerAnswer::No) => self.not_reached(out),
            (_, CallerAnswer::No) => self.finish(Outcome::NotNeeded, out),
            (_, CallerAnswer::Desk) => {
                self.promise(out);
                self.finish(Outcome::Desk, out);
            }
        }
    }

    /// The caller waits on the line from here on: whoever had said yes is rung first.
    pub(super) fn caller_on_the_line(
        &mut self,
        now: Timestamp,
        id: CallbackId,
        limits: Limits,
        out: &mut Vec<Output>,
    ) {
        let ring = self.background.as_mut().and_then(|b| b.ring_of(id));
        let rung_for = ring.map(|ring| ring.why);
        let comes = matches!(rung_for, Some(Why::Placed(Reason::Again | Reason::Ask)));
        if !comes || self.outcome.is_some() {
            return;
        }
        let who = self.leave_background(out);
        // Ten minutes on, nobody is rung: of whoever still seems to be, the report was lost.
        let lost = self.live_attempts();
        for id in &lost {
            self.lose(*id, out);
        }
        self.caller_left = false;
        self.limits = limits;
        self.round += 1;
        self.set_up_round(now, out);
        match who {
            // They may still be on the line themselves; then others are asked.
            Some(who) if !lost.contains(&who) => {
                self.reserving += 1;
                self.reserving_again = true;
                out.push(Output::ReserveAgain(who));
            }
            _ => self.go_on(now, out),
        }
    }

    pub(super) fn caller_ring_ended(
        &mut self,
        now: Timestamp,
        id: CallbackId,
        ending: Ending,
        told_by: Source,
        out: &mut Vec<Output>,
    ) {
        if self.was_never_joined(ending, told_by, out) {
            return;
        }
        let Some(background) = &mut self.background else { return };
        let Some(ring) = background.ring_of(id) else { return };
        let (why, answer) = (ring.why, ring.answer);
        match why {
            // The leg that dialled knows whether they were joined, and asks what next.
            Why::Join(_) if told_by == Source::Candidate => {}
            Why::Join(neighbour) => {
                background.ring = None;
                self.join_ended(now, neighbour, ending, answer, out);
            }
            Why::Placed(why) => {
                background.ring = None;
                out.push(Output::CancelTimer(Timer::CallerLease));
                if why == Reason::Confirm && !background.unconfirmed {
                    return self.go_on(now, out);
                }
                if why == Reason::Ask {
                    return self.fetch_ended(now, ending, out);
                }
                self.caller_not_reached(why, out);
            }
        }
    }

    fn join_ended(
        &mut self,
        now: Timestamp,
        neighbour: AttemptId,
        ending: Ending,
        answer: Option<CallerAnswer>,
        out: &mut Vec<Output>,
    ) {
        let said_yes = answer == Some(CallerAnswer::Yes);
        let joined = match ending {
            Ending::Completed { bridged: Some(bridged) } => bridged,
            Ending::Completed { bridged: None } => said_yes,
            _ => false,
        };
        if joined {
            if !said_yes {
                out.push(Output::JoinedWithoutYes(neighbour));
            }
            self.decide(neighbour, AttemptResult::Connected, out);
            return self.finish(Outcome::Connected, out);
        }
        self.decide(neighbour, AttemptResult::NotJoined, out);
        if self.outcome.is_some() {
            return;
        }
        self.accepted = None;
        let Some(background) = &mut self.background else { return };
        background.asking_again = Some(neighbour);
        background.waits = Some(Reason::Again);
        out.push(Output::SetTimer(Timer::Caller, now + RING_AGAIN));
    }

    /// The neighbour who said yes has left: after a conversation, or before there could be one.
    pub(super) fn accepted_left(&mut self, id: AttemptId, out: &mut Vec<Output>) {
        let Some(background) = &mut self.background else { return };
        let ring = background.ring.take_if(|ring| ring.why == Why::Join(id));
        let said_yes = ring.is_some_and(|ring| ring.answer == Some(CallerAnswer::Yes));
        if said_yes && self.outcome.is_none() {
            self.presumed_joined = true;
            self.decide(id, AttemptResult::Connected, out);
            return self.finish(Outcome::Connected, out);
        }
        self.decide(id, AttemptResult::NotJoined, out);
        self.accepted = self.accepted.filter(|_| self.outcome.is_some());
    }

    /// Thought joined when the neighbour left, and now the dial says that they never were.
    fn was_never_joined(&mut self, ending: Ending, told_by: Source, out: &mut Vec<Output>) -> bool {
        let in_background = self.background.is_some();
        if told_by != Source::Caller || !(in_background && self.presumed_joined) {
            return false;
        }
        if matches!(ending, Ending::Completed { bridged: None | Some(true) }) {
            self.presumed_joined = false;
            return true;
        }
        if let Some(neighbour) = self.accepted.take() {
            self.decide(neighbour, AttemptResult::NotJoined, out);
        }
        self.presumed_joined = false;
        self.outcome = None;
        self.not_reached(out);
        true
    }

    pub(super) fn may_be_rung_again(&mut self, id: AttemptId) {
        if let Some(background) = &mut self.background
            && background.asking_again == Some(id)
        {
            background.again = Some(id);
        }
    }

    fn caller_not_reached(&mut self, why: Reason, out: &mut Vec<Output>) {
        // With the outcome nothing more is tried: the desk has had its promise since then.
        if why != Reason::Outcome && self.outcome.is_none() {
            self.not_reached(out);
        }
    }

    fn not_reached(&mut self, out: &mut Vec<Output>) {
        self.promise(out);
        self.finish(Outcome::NotReached, out);
    }

    pub(super) fn caller_lease_ran_out(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let ring = self.background.as_ref().and_then(|b| b.ring.as_ref());
        if let Some(CallerRing { why: Why::Placed(_), id: Some(id), .. }) = ring {
            let id = *id;
            out.push(Output::HangUpCaller(id));
            self.caller_ring_ended(now, id, Ending::Failed, Source::Candidate, out);
        }
    }

    /// The search is over while the caller's telephone rings.
    pub(super) fn stop_ringing_the_caller(&mut self, out: &mut Vec<Output>) {
        let Some(background) = &mut self.background else { return };
        background.waits = None;
        if let Some(CallerRing { why: Why::Placed(_), id: Some(id), .. }) = background.ring {
            out.push(Output::HangUpCaller(id));
        }
    }
}
