//! Drives a search: load the machine, feed one input, drain all outputs, write it back.

mod run;

use std::time::Duration;

use crate::dispatch::{Input, Limits, Outcome, Search, Timer};
use crate::domain::{AttemptId, CallbackId, Line, Phone, RequestId, Timestamp};
use crate::exchange::session::{AHEAD, desk_due, may_ring_now};
use crate::exchange::{Failure, Moment};
use crate::store::{NewPromise, NextAsk, PromiseKind, Request, Tx};

use run::Run;

/// What a search wants done on telephones, for the webhook that is being answered.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Ring this one.
    pub(super) ring: Option<Ring>,
    /// Join the candidate who just said yes.
    pub(super) connect: Option<AttemptId>,
    /// Join the caller who was rung and just said so.
    pub(super) join_caller: Option<CallbackId>,
    /// Ask the caller whether to wait or to be called back.
    pub(super) offer: bool,
    /// The caller is to be called back.
    pub(super) in_background: bool,
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
        offer_after: Some(line.offer_callback_after),
    }
}

/// The limits of a search whose caller is called back.
pub(super) fn background_limits(line: &Line) -> Limits {
    Limits {
        ring: line.ring,
        max_attempts: line.background_max_attempts,
        budget: line.background_budget,
        ring_at_once: line.ring_at_once,
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
    search: Search,
) -> Result<Wanted, Failure> {
    Run::new(moment, tx, line, request, search).tell(Input::Opened)
}

/// Feeds one input to the stored search of a request.
pub(super) fn feed(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    input: Input,
) -> Result<Wanted, Failure> {
    let damaged = || Failure::Damaged { what: format!("search of request {request}") };
    let (row, stored) = tx.request_with_machine(request)?.ok_or_else(damaged)?;
    let line = moment.context.line(row.line.e164()).ok_or(Failure::UnknownLine)?;
    let search = stored.as_deref().and_then(read).ok_or_else(damaged)?;
    Run::new(moment, tx, line, &row, search).tell(input)
}

/// Whether the search of a request goes on and this candidate's yes came first.
pub(super) fn waits_for(
    tx: &mut Tx<'_>,
    request: RequestId,
    attempt: AttemptId,
) -> Result<bool, Failure> {
    let search = stands(tx, request)?;
    let waits = search.is_live(attempt) && search.outcome().is_none();
    Ok(waits && search.accepted() == Some(attempt) && search.is_in_background())
}

/// Whether somebody is reserved for a request whom nobody has rung yet, while its caller is asked
/// something. What is stored and cannot be read holds nobody.
pub(super) fn is_held(
    tx: &mut Tx<'_>,
    request: RequestId,
    attempt: AttemptId,
) -> Result<bool, Failure> {
    let search = tx.machine(request)?.as_deref().and_then(read);
    Ok(search.is_some_and(|search| search.is_held(attempt)))
}

/// Whether the search of a request has ended.
pub(super) fn is_over(tx: &mut Tx<'_>, request: RequestId) -> Result<bool, Failure> {
    Ok(stands(tx, request)?.outcome().is_some())
}

/// When the search of a request is over at the latest; `None` when it is over.
pub(super) fn deadline(tx: &mut Tx<'_>, request: RequestId) -> Result<Option<Timestamp>, Failure> {
    Ok(tx.timer_due(request, &name(Timer::Budget))?)
}

/// The stored search of a request.
pub(super) fn stands(tx: &mut Tx<'_>, request: RequestId) -> Result<Search, Failure> {
    let damaged = || Failure::Damaged { what: format!("search of request {request}") };
    let stored = tx.machine(request)?.ok_or_else(damaged)?;
    read(&stored).ok_or_else(damaged)
}

/// Whom a search would ask next.
pub(super) fn next_ask<'a>(
    moment: &Moment,
    line: &'a Line,
    request: &'a Request,
    round: u32,
) -> NextAsk<'a> {
    let flows = moment.context.flows.current();
    let conditions = request.service.as_ref().map(|id| flows.catalogue().conditions(id));
    NextAsk {
        request,
        conditions: conditions.unwrap_or_default(),
        line,
        round,
        ringing_hours_open: may_ring_now(line, moment.now),
        numbering: moment.context.numbering,
        now: moment.now,
    }
}

fn read(stored: &str) -> Option<Search> {
    serde_json::from_str(stored).ok()
}

fn store_form(search: &Search) -> String {
    serde_json::to_string(search).expect("a search holds only numbers, words and maps of them")
}

/// Whether a search for this request that begins now may find somebody before its deadline.
pub(super) fn somebody_may_come_free(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
) -> Result<bool, Failure> {
    let next = next_ask(moment, line, request, u32::MAX);
    Ok(tx.somebody_may_come_free(&next, moment.now + line.background_budget)?)
}

/// When neighbours may be rung again.
pub(super) fn next_ringing(line: &Line, now: Timestamp) -> Option<Timestamp> {
    let opens = line.ringing_hours.next_opening(now, AHEAD)?;
    // Closed within its hours: the few minutes of silence on 4 May.
    Some(if opens > now { opens } else { now + Duration::from_secs(10 * 60) })
}

/// The desk owes the caller a call; when.
pub(super) fn promise(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
) -> Result<Timestamp, Failure> {
    let due_at = desk_due(tx, line, moment.now)?;
    tx.add_promise(&NewPromise {
        kind: PromiseKind::DeskAnswers,
        line: line.number.clone(),
        request: Some(request.id),
        message: None,
        participant: request.participant,
        due_at,
        now: moment.now,
    })?;
    Ok(due_at)
}

/// A timer's name as stored.
fn name(timer: Timer) -> String {
    serde_json::to_string(&timer).expect("a timer is a word, with a number at the most")
}

/// A timer by its stored name.
pub(super) fn timer(name: &str) -> Option<Timer> {
    serde_json::from_str(name).ok()
}
