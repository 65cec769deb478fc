//! Drives a search: load the machine, feed one input, drain all outputs, write it back.

use std::collections::VecDeque;
use std::time::Duration;

use crate::carrier::Sid;
use crate::dispatch::{
    AttemptResult, Ending, Input, Limits, Outcome, Output, Search, Source, Timer,
};
use crate::domain::{AttemptId, Line, Phone, RequestId};
use crate::exchange::outbox::Errand;
use crate::exchange::placing::Cancelled;
use crate::exchange::session::{desk_open, may_ring_now};
use crate::exchange::{Failure, Moment, placing};
use crate::store::{NextAsk, Request, RequestKind, Reserved, Tx};

/// What a search wants done on telephones, for the webhook that is being answered.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Ring this one.
    pub(super) ring: Option<Ring>,
    /// Join the candidate who just said yes.
    pub(super) connect: Option<AttemptId>,
    /// How the search stands, if it is over.
    pub(super) outcome: Option<Outcome>,
}

/// A telephone to ring.
#[derive(Debug, Clone)]
pub(super) struct Ring {
    pub(super) request: RequestId,
    pub(super) attempt: AttemptId,
    pub(super) phone: Phone,
    pub(super) ring: Duration,
}

/// The limits of a search for a neighbour on this line, with the caller on the telephone.
pub(super) fn live_limits(line: &Line) -> Limits {
    Limits {
        ring: line.ring,
        max_attempts: line.max_attempts,
        budget: line.search_budget,
        ring_at_once: 1,
        offer_after: None,
    }
}

/// The limits of a search for somebody at the desk: everybody there once, and whoever asked for it.
pub(super) fn desk_limits(line: &Line, first: Option<&Phone>) -> Limits {
    let one_more = first.is_some_and(|seat| !line.desk.contains(seat));
    let seats = line.desk.len() + usize::from(one_more);
    let seats = u32::try_from(seats).unwrap_or(u32::MAX).max(1);
    Limits {
        ring: line.desk_ring,
        max_attempts: seats,
        // Ringing and screening of every seat; a long desk list is cut at five minutes.
        budget: ((line.desk_ring + Duration::from_secs(15)) * seats).min(Duration::from_secs(300)),
        ring_at_once: 1,
        offer_after: None,
    }
}

/// Begins a search for a request that was just opened.
pub(super) fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    limits: Limits,
) -> Result<Wanted, Failure> {
    run(moment, tx, line, request, Search::new(limits), Input::Opened)
}

/// Feeds one input to the stored search of a request.
pub(super) fn feed(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    input: Input,
) -> Result<Wanted, Failure> {
    let damaged = || Failure::Damaged { what: format!("search of request {request}") };
    let row = tx.request(request)?.ok_or_else(damaged)?;
    let line = moment.context.line(row.line.e164()).ok_or(Failure::UnknownLine)?;
    let search = stands(tx, request)?;
    run(moment, tx, line, &row, search, input)
}

/// The stored search of a request.
pub(super) fn stands(tx: &mut Tx<'_>, request: RequestId) -> Result<Search, Failure> {
    let damaged = || Failure::Damaged { what: format!("search of request {request}") };
    let stored = tx.machine(request)?.ok_or_else(damaged)?;
    serde_json::from_str(&stored).map_err(|_| damaged())
}

/// Whom a search would ask next.
pub(super) fn next_ask<'a>(
    moment: &Moment,
    line: &'a Line,
    request: &'a Request,
    round: u32,
) -> NextAsk<'a> {
    NextAsk {
        request,
        line,
        round,
        ringing_hours_open: may_ring_now(line, moment.now),
        numbering: moment.context.numbering,
        now: moment.now,
    }
}

/// One input, all outputs.
fn run(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    mut search: Search,
    input: Input,
) -> Result<Wanted, Failure> {
    let mut wanted = Wanted::default();
    let mut reserved: Option<Reserved> = None;
    let mut inputs = VecDeque::from([input]);
    while let Some(input) = inputs.pop_front() {
        for output in search.handle(moment.now, input) {
            match output {
                Output::Reserve => {
                    reserved = reserve(moment, tx, line, request, search.round())?;
                    inputs.push_back(match &reserved {
                        Some(next) => Input::Reserved(next.attempt),
                        None => Input::NobodyLeft,
                    });
                }
                Output::Ring { attempt, ring } => {
                    wanted.ring = reserved.take().filter(|r| r.attempt == attempt).map(|r| Ring {
                        request: request.id,
                        attempt,
                        phone: r.phone,
                        ring,
                    });
                }
                Output::Connect(attempt) => {
                    if tx.accept(request.id, attempt, moment.now)? {
                        wanted.connect = Some(attempt);
                    }
                }
                // Whoever said yes too late is told so by the flow: no `connect`.
                Output::Gone(_) => {}
                Output::JoinedWithoutYes(attempt) => joined_without_yes(moment, tx, attempt)?,
                Output::HangUp(attempt) => {
                    if stop_ringing(moment, tx, attempt)? == Stopped::NeverRang {
                        let (ending, told_by) = (Ending::Canceled, Source::Candidate);
                        inputs.push_back(Input::LegEnded { attempt, ending, told_by });
                    }
                }
                Output::Decide { attempt, result } => {
                    decide(moment, tx, line, request, attempt, result)?;
                }
                Output::Release(attempt) => release(moment, tx, attempt)?,
                Output::SetTimer(timer, due) => {
                    tx.set_timer(request.id, &name(timer), due)?;
                    moment.due(due);
                }
                Output::CancelTimer(timer) => tx.cancel_timer(request.id, &name(timer))?,
                Output::Finish(outcome) => finish(moment, tx, request.id, outcome)?,
                // Only of searches that go on in the background, and none does yet.
                Output::ReserveAgain(_)
                | Output::Place { .. }
                | Output::Offer
                | Output::RingCaller { .. }
                | Output::HangUpCaller(_)
                | Output::JoinCaller(_)
                | Output::Promise => {}
            }
        }
    }
    wanted.outcome = search.outcome();
    tx.save_machine(request.id, &store_form(&search))?;
    Ok(wanted)
}

fn store_form(search: &Search) -> String {
    serde_json::to_string(search).expect("a search holds only numbers, words and maps of them")
}

/// Chooses and reserves the next candidate in this very transaction (R3).
fn reserve(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    round: u32,
) -> Result<Option<Reserved>, Failure> {
    match request.kind {
        RequestKind::Desk => {
            let first = tx.wished_seat(request.id)?;
            // Whoever takes a call over at night rings nobody else at the desk.
            let others = first.is_none() || desk_open(tx, line, moment.now)?;
            let others = line.desk.iter().filter(|seat| others && Some(*seat) != first.as_ref());
            let may_dial = |seat: &&Phone| moment.context.may_dial_desk(seat);
            let seats: Vec<Phone> = first.iter().chain(others).filter(may_dial).cloned().collect();
            Ok(tx.reserve_desk(request, &seats, moment.now)?)
        }
        RequestKind::Neighbour => reserve_neighbour(moment, tx, line, request, round),
    }
}

fn reserve_neighbour(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    round: u32,
) -> Result<Option<Reserved>, Failure> {
    let next = next_ask(moment, line, request, round);
    loop {
        let wished = tx.reserve_wished(&next)?;
        let Some(reserved) = wished.map_or_else(|| tx.reserve_next(&next), |r| Ok(Some(r)))? else {
            return Ok(None);
        };
        if moment.context.may_dial(&reserved.phone) {
            return Ok(Some(reserved));
        }
        // A line of ours that is also somebody's stored number: the last gate (R12) holds.
        tracing::error!(attempt = reserved.attempt.0, "dial.refused: the number is a line of ours");
        tx.decide_attempt(reserved.attempt, AttemptResult::Failed, line, moment.now)?;
        tx.release_attempt(reserved.attempt, moment.now)?;
    }
}

/// What stopping a telephone comes to.
#[derive(PartialEq, Eq)]
enum Stopped {
    /// It is let go; a report will say when its leg is over.
    BeingLetGo,
    /// It was to be rung by a placed call, which is over before it began: no report will come.
    NeverRang,
}

/// Stops a telephone that rings or is being spoken to. A dialled leg that the provider has not told
/// us about yet is stopped by the provider itself when the caller's leg goes.
fn stop_ringing(moment: &Moment, tx: &mut Tx<'_>, attempt: AttemptId) -> Result<Stopped, Failure> {
    if let Some(placed) = tx.placed_for_attempt(attempt)? {
        return Ok(match placing::cancel(moment, tx, placed.id)? {
            Cancelled::BeforeItRang => Stopped::NeverRang,
            Cancelled::Stopping | Cancelled::OverAlready => Stopped::BeingLetGo,
        });
    }
    let sid = tx.attempt(attempt)?.and_then(|row| row.sid);
    if let Some(sid) = sid.and_then(|sid| Sid::parse(&sid).ok()) {
        Errand::HangUp { sid }.post(moment, tx)?;
    }
    Ok(Stopped::BeingLetGo)
}

/// It must never happen, and must never be hidden (R5).
fn joined_without_yes(moment: &Moment, tx: &mut Tx<'_>, attempt: AttemptId) -> Result<(), Failure> {
    tracing::error!(
        attempt = attempt.0,
        "joined_without_yes: the provider connected two people although nobody said yes; \
         ask the provider why"
    );
    tx.record_event("joined_without_yes", None, None, Some(attempt.0), moment.now)?;
    Ok(())
}

fn decide(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    attempt: AttemptId,
    result: AttemptResult,
) -> Result<(), Failure> {
    tx.decide_attempt(attempt, result, line, moment.now)?;
    let what = serde_json::to_string(&result).expect("a result is a word");
    let what = what.trim_matches('"');
    tx.record_event(what, Some(request.id.0), None, Some(attempt.0), moment.now)?;
    moment.noted.borrow_mut().decided.push(result);
    Ok(())
}

/// The person is free again, and so is their telephone, also when no report about it comes.
fn release(moment: &Moment, tx: &mut Tx<'_>, attempt: AttemptId) -> Result<(), Failure> {
    tx.release_attempt(attempt, moment.now)?;
    tx.leg_of_attempt_ended(attempt, moment.now)?;
    Ok(())
}

fn finish(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    outcome: Outcome,
) -> Result<(), Failure> {
    tx.close_request(request, outcome, moment.now)?;
    moment.noted.borrow_mut().finished.push(outcome);
    // The caller's own words have served their purpose.
    tx.drop_notes_of(request)?;
    tx.drop_wish(request)?;
    Ok(())
}

/// A timer's name as stored.
fn name(timer: Timer) -> String {
    serde_json::to_string(&timer).expect("a timer is a word, with a number at the most")
}

/// A timer by its stored name.
pub(super) fn timer(name: &str) -> Option<Timer> {
    serde_json::from_str(name).ok()
}
