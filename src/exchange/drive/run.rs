//! One input, all outputs: what a search wants done, done in the transaction of the webhook, timer or
//! order that it was told of.

use std::collections::VecDeque;
use std::time::Duration;

use super::{
    Ring, Wanted, name, next_ask, next_ringing, promise, somebody_may_come_free, store_form,
};
use crate::carrier::Sid;
use crate::dispatch::{AttemptResult, Ending, Input, Outcome, Output, Reason, Search, Source};
use crate::domain::{AttemptId, Line, Phone, Timestamp};
use crate::exchange::outbox::Errand;
use crate::exchange::placing::{Cancelled, Decided, NewPlacing, Purpose};
use crate::exchange::session::{desk_open, may_ring_now};
use crate::exchange::{Failure, Moment, callback, placing};
use crate::store::{NextAsk, Request, RequestKind, Reserved, Tx};
use crate::telemetry::SearchKind;

/// So long, at the most, somebody is held before it is their turn to be rung. In the morning every
/// search of the night looks at the same moment.
const LONGEST_QUEUE: Duration = Duration::from_secs(20);

/// A search while it is told of one thing.
pub(super) struct Run<'a, 'tx, 'db> {
    moment: &'a Moment,
    tx: &'tx mut Tx<'db>,
    line: &'a Line,
    request: &'a Request,
    search: Search,
    /// What it is told next of what was done for it.
    inputs: VecDeque<Input>,
    /// Whom it reserved in this transaction.
    reserved: Vec<Reserved>,
    wanted: Wanted,
}

impl<'a, 'tx, 'db> Run<'a, 'tx, 'db> {
    pub(super) fn new(
        moment: &'a Moment,
        tx: &'tx mut Tx<'db>,
        line: &'a Line,
        request: &'a Request,
        search: Search,
    ) -> Self {
        let (inputs, reserved, wanted) = (VecDeque::new(), Vec::new(), Wanted::default());
        Self { moment, tx, line, request, search, inputs, reserved, wanted }
    }

    /// Tells the search this, and whatever follows from it, until it wants nothing more; then it is
    /// written back.
    pub(super) fn tell(mut self, input: Input) -> Result<Wanted, Failure> {
        self.inputs.push_back(input);
        while let Some(input) = self.inputs.pop_front() {
            for output in self.search.handle(self.moment.now, input) {
                self.carry_out(output)?;
            }
        }
        self.wanted.outcome = self.search.outcome();
        self.wanted.in_background = self.search.is_in_background();
        self.tx.save_machine(self.request.id, &store_form(&self.search))?;
        Ok(self.wanted)
    }

    fn carry_out(&mut self, output: Output) -> Result<(), Failure> {
        match output {
            Output::Reserve => self.reserve()?,
            Output::ReserveForward => {
                let next = self.tx.reserve_wished(&self.next_ask())?;
                self.has(next, Input::NobodyForward);
            }
            Output::ReserveAgain(earlier) => {
                let next = self.tx.reserve_again(&self.next_ask(), earlier)?;
                self.has(next, Input::NobodyLeft);
            }
            Output::Ring { attempt, ring } => self.ring(attempt, ring)?,
            Output::Place { attempt, ring } => self.place(attempt, ring)?,
            Output::HangUp(attempt) => self.stop_ringing(attempt)?,
            Output::Offer => self.wanted.offer = true,
            Output::RingCaller { why, ring } => self.ring_caller(why, ring)?,
            Output::HangUpCaller(ring) => callback::let_go(self.moment, self.tx, ring)?,
            Output::JoinCaller(ring) => self.wanted.join_caller = Some(ring),
            Output::Promise => drop(promise(self.moment, self.tx, self.line, self.request)?),
            Output::Connect(attempt) => {
                if self.tx.accept(self.request.id, attempt, self.moment.now)? {
                    self.wanted.connect = Some(attempt);
                }
            }
            // Whoever said yes too late is told so by the flow: no `connect`.
            Output::Gone(_) => {}
            Output::JoinedWithoutYes(attempt) => self.joined_without_yes(attempt)?,
            Output::Decide { attempt, result } => self.decide(attempt, result)?,
            Output::Release(attempt) => self.release(attempt)?,
            Output::SetTimer(timer, due) => {
                self.tx.set_timer(self.request.id, &name(timer), due)?;
                self.moment.due(due);
            }
            Output::CancelTimer(timer) => self.tx.cancel_timer(self.request.id, &name(timer))?,
            Output::Finish(outcome) => self.finish(outcome)?,
        }
        Ok(())
    }

    /// Whom it would ask next.
    fn next_ask(&self) -> NextAsk<'a> {
        next_ask(self.moment, self.line, self.request, self.search.round())
    }

    /// The search is told whom it has now, or else this.
    fn has(&mut self, next: Option<Reserved>, nobody: Input) {
        self.inputs.push_back(match &next {
            Some(next) => Input::Reserved(next.attempt),
            None => nobody,
        });
        self.reserved.extend(next);
    }

    /// Chooses and reserves the next candidate in this very transaction (R3).
    fn reserve(&mut self) -> Result<(), Failure> {
        if let Some(opens) = self.when_others_are_rung()? {
            self.inputs.push_back(Input::Closed { opens: Some(opens) });
            return Ok(());
        }
        let next = match self.request.kind {
            RequestKind::Desk => self.reserve_seat()?,
            RequestKind::Neighbour => self.reserve_neighbour()?,
        };
        let nobody = if next.is_none() { self.nobody()? } else { Input::NobodyLeft };
        self.has(next, nobody);
        Ok(())
    }

    /// When to look again for somebody to be rung by a call of the exchange's own, if that is not
    /// now: nobody is held for a turn at the provider that comes much later.
    fn when_others_are_rung(&mut self) -> Result<Option<Timestamp>, Failure> {
        if !self.search.is_in_background() {
            return Ok(None);
        }
        let turn = placing::next_turn(self.moment, self.tx)?;
        Ok((turn.since(self.moment.now) > LONGEST_QUEUE).then_some(turn))
    }

    fn reserve_seat(&mut self) -> Result<Option<Reserved>, Failure> {
        let (line, now) = (self.line, self.moment.now);
        let first = self.tx.wished_seat(self.request.id)?;
        // Whoever takes a call over at night rings nobody else at the desk.
        let others = first.is_none() || desk_open(self.tx, line, now)?;
        let others = line.desk.iter().filter(|seat| others && Some(*seat) != first.as_ref());
        let may_dial = |seat: &&Phone| self.moment.context.may_dial_desk(seat);
        let seats: Vec<Phone> = first.iter().chain(others).filter(may_dial).cloned().collect();
        Ok(self.tx.reserve_desk(self.request, &seats, now)?)
    }

    fn reserve_neighbour(&mut self) -> Result<Option<Reserved>, Failure> {
        let (next, now) = (self.next_ask(), self.moment.now);
        loop {
            let wished = self.tx.reserve_wished(&next)?;
            let reserved = wished.map_or_else(|| self.tx.reserve_next(&next), |r| Ok(Some(r)))?;
            let Some(reserved) = reserved else { return Ok(None) };
            if self.moment.context.may_dial(&reserved.phone) {
                return Ok(Some(reserved));
            }
            // A line of ours that is also somebody's stored number: the last gate (R12) holds.
            let attempt = reserved.attempt;
            tracing::error!(attempt = attempt.0, "dial.refused: the number is a line of ours");
            self.tx.decide_attempt(attempt, AttemptResult::Failed, self.line, now)?;
            self.tx.release_attempt(attempt, now)?;
        }
    }

    /// What is told to a search for which nobody could be reserved. Only one that takes longer than a
    /// telephone call wants to know more.
    fn nobody(&mut self) -> Result<Input, Failure> {
        let now = self.moment.now;
        if !self.search.is_in_background() {
            return Ok(Input::NobodyLeft);
        }
        if !may_ring_now(self.line, now) {
            return Ok(Input::Closed { opens: next_ringing(self.line, now) });
        }
        let still = somebody_may_come_free(self.moment, self.tx, self.line, self.request)?;
        Ok(if still { Input::NobodyLeft } else { Input::NobodyEver })
    }

    /// The answer to the caller rings them, unless they may no longer be rung since they were held,
    /// while the caller was asked something.
    fn ring(&mut self, attempt: AttemptId, ring: Duration) -> Result<(), Failure> {
        let phone = match self.reserved.iter().find(|r| r.attempt == attempt) {
            Some(just_now) => Some(just_now.phone.clone()),
            None if self.tx.may_still_be_rung(attempt, self.moment.now)? => {
                self.tx.attempt(attempt)?.map(|row| row.phone)
            }
            None => {
                self.inputs.push_back(Input::MayNotBeRung(attempt));
                return Ok(());
            }
        };
        let request = self.request.id;
        self.wanted.ring = phone.map(|phone| Ring { request, attempt, phone, ring });
        Ok(())
    }

    /// A call of the exchange's own rings somebody who was reserved just now.
    fn place(&mut self, attempt: AttemptId, ring: Duration) -> Result<(), Failure> {
        let decided = match self.reserved.iter().find(|r| r.attempt == attempt) {
            Some(Reserved { phone: to, .. }) => {
                let (line, purpose) = (self.line, Purpose::Candidate { attempt });
                placing::place(self.moment, self.tx, &NewPlacing { to, line, ring, purpose })?
            }
            None => Decided::NotAllowed,
        };
        match decided {
            Decided::Placed(_) => {}
            // Reserved in this very transaction, so nobody rings it; the gate was asked as well.
            Decided::Taken | Decided::NotAllowed => {
                self.inputs.push_back(Input::NotPlaced(attempt));
            }
        }
        Ok(())
    }

    fn ring_caller(&mut self, why: Reason, ring: Duration) -> Result<(), Failure> {
        let (moment, line, request) = (self.moment, self.line, self.request);
        let told = callback::ring(moment, self.tx, line, request, why, ring)?;
        self.inputs.extend(told);
        Ok(())
    }

    /// Stops a telephone that rings or is being spoken to. A dialled leg that the provider has not
    /// told us about yet is stopped by the provider itself when the caller's leg goes.
    fn stop_ringing(&mut self, attempt: AttemptId) -> Result<(), Failure> {
        if let Some(placed) = self.tx.placed_for_attempt(attempt)? {
            match placing::cancel(self.moment, self.tx, placed.id)? {
                // No report will come of it.
                Cancelled::BeforeItRang => {
                    let (ending, told_by) = (Ending::Canceled, Source::Candidate);
                    self.inputs.push_back(Input::LegEnded { attempt, ending, told_by });
                }
                Cancelled::Stopping | Cancelled::OverAlready => {}
            }
            return Ok(());
        }
        let sid = self.tx.attempt(attempt)?.and_then(|row| row.sid);
        match sid.and_then(|sid| Sid::parse(&sid).ok()) {
            Some(sid) => Errand::HangUp { sid }.post(self.moment, self.tx),
            None => Ok(()),
        }
    }

    /// It must never happen, and must never be hidden (R5).
    fn joined_without_yes(&mut self, attempt: AttemptId) -> Result<(), Failure> {
        tracing::error!(
            attempt = attempt.0,
            "joined_without_yes: the provider connected two people although nobody said yes; \
             ask the provider why"
        );
        let (what, now) = ("joined_without_yes", self.moment.now);
        Ok(self.tx.record_event(what, None, None, Some(attempt.0), now)?)
    }

    fn decide(&mut self, attempt: AttemptId, result: AttemptResult) -> Result<(), Failure> {
        let (request, now) = (self.request.id, self.moment.now);
        self.tx.decide_attempt(attempt, result, self.line, now)?;
        if result == AttemptResult::NotJoined {
            self.tx.not_accepted(request, attempt)?;
        }
        let what = serde_json::to_string(&result).expect("a result is a word");
        let what = what.trim_matches('"');
        self.tx.record_event(what, Some(request.0), None, Some(attempt.0), now)?;
        self.moment.noted.borrow_mut().decided.push(result);
        Ok(())
    }

    /// The person is free again, and so is their telephone, also when no report about it comes.
    fn release(&mut self, attempt: AttemptId) -> Result<(), Failure> {
        let now = self.moment.now;
        self.tx.release_attempt(attempt, now)?;
        self.tx.leg_of_attempt_ended(attempt, now)?;
        // The caller whom their leg dialled rings no longer without it.
        Ok(self.tx.callbacks_by_ended(attempt, now)?)
    }

    fn finish(&mut self, outcome: Outcome) -> Result<(), Failure> {
        let (search, request, now) = (&self.search, self.request, self.moment.now);
        let kind = match request.kind {
            RequestKind::Desk => SearchKind::Desk,
            RequestKind::Neighbour if search.is_in_background() => SearchKind::Background,
            RequestKind::Neighbour => SearchKind::Live,
        };
        // A late report may correct how it ended; it ended once.
        if self.tx.close_request(request.id, outcome, now)? {
            self.moment.noted.borrow_mut().finished.push((kind, outcome));
        }
        if outcome == Outcome::Connected {
            self.tx.offer_was_met(request.id, now)?;
        }
        // The caller's own words have served their purpose, unless they may still go on with it.
        if search.is_in_background() || !search.caller_present() || outcome == Outcome::Connected {
            self.tx.drop_notes_of(request.id)?;
        }
        self.tx.drop_wish(request.id)?;
        // One that somebody took up before its moment.
        Ok(self.tx.plan(request.id, None)?)
    }
}
