//! Drives a search: load the machine, feed one input, drain all outputs, write it back.

use std::collections::VecDeque;
use std::time::Duration;

use crate::dispatch::{Input, Limits, Outcome, Output, Search, Timer};
use crate::domain::{AttemptId, Line, Phone, RequestId};
use crate::exchange::outbox::Errand;
use crate::exchange::{Failure, Moment};
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
    }
}

/// The limits of a search for somebody at the desk: everybody there once.
pub(super) fn desk_limits(line: &Line) -> Limits {
    let seats = u32::try_from(line.desk.len()).unwrap_or(u32::MAX).max(1);
    Limits {
        ring: line.desk_ring,
        max_attempts: seats,
        // Ringing and screening of every seat; a long desk list is cut at five minutes.
        budget: ((line.desk_ring + Duration::from_secs(15)) * seats).min(Duration::from_secs(300)),
        ring_at_once: 1,
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
    let stored = tx.machine(request)?.ok_or_else(damaged)?;
    let search = serde_json::from_str(&stored).map_err(|_| damaged())?;
    run(moment, tx, line, &row, search, input)
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
                Output::HangUp(attempt) => stop_ringing(moment, tx, attempt)?,
                Output::Decide { attempt, result } => {
                    tx.decide_attempt(attempt, result, line, moment.now)?;
                }
                Output::Release(attempt) => tx.release_attempt(attempt, moment.now)?,
                Output::SetTimer(timer, due) => tx.set_timer(request.id, &name(timer), due)?,
                Output::CancelTimer(timer) => tx.cancel_timer(request.id, &name(timer))?,
                Output::Finish(outcome) => finish(moment, tx, request.id, outcome)?,
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
    let next = match request.kind {
        RequestKind::Desk => {
            let seats: Vec<Phone> =
                line.desk.iter().filter(|seat| moment.context.may_dial(seat)).cloned().collect();
            tx.reserve_desk(request, &seats, moment.now)?
        }
        RequestKind::Neighbour => tx.reserve_next(&NextAsk {
            request,
            line,
            round,
            now: moment.now,
            numbering: moment.context.numbering,
        })?,
    };
    Ok(next)
}

/// Stops a telephone that rings or is being spoken to. A leg that the provider has not told us
/// about yet is stopped by the provider itself when the caller's leg goes.
fn stop_ringing(moment: &Moment, tx: &mut Tx<'_>, attempt: AttemptId) -> Result<(), Failure> {
    if let Some(sid) = tx.attempt(attempt)?.and_then(|a| a.sid) {
        Errand::HangUp { sid }.post(tx, moment.now)?;
    }
    Ok(())
}

fn finish(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    outcome: Outcome,
) -> Result<(), Failure> {
    tx.close_request(request, outcome, moment.now)?;
    // The caller's own words have served their purpose.
    tx.drop_notes_of(request)?;
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
