//! Drives a search: load the machine, feed one input, drain all outputs, write it back.

use std::collections::VecDeque;
use std::time::Duration;

use crate::carrier::Sid;
use crate::dispatch::{
    AttemptResult, Ending, Input, Limits, Outcome, Output, Search, Source, Timer,
};
use crate::domain::{AttemptId, CallbackId, Line, Phone, RequestId, Timestamp};
use crate::exchange::outbox::Errand;
use crate::exchange::placing::{Cancelled, Decided, NewPlacing, Purpose};
use crate::exchange::session::{AHEAD, desk_due, desk_open, may_ring_now};
use crate::exchange::{Failure, Moment, callback, placing};
use crate::store::{NewPromise, NextAsk, PromiseKind, Request, RequestKind, Reserved, Tx};
use crate::telemetry::SearchKind;

/// So long, at the most, somebody is held before it is their turn to be rung. In the morning every
/// search of the night looks at the same moment.
const LONGEST_QUEUE: Duration = Duration::from_secs(20);

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
    run(moment, tx, line, request, search, Input::Opened)
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
    run(moment, tx, line, &row, search, input)
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
    let mut reserved: Vec<Reserved> = Vec::new();
    let mut inputs = VecDeque::from([input]);
    while let Some(input) = inputs.pop_front() {
        for output in search.handle(moment.now, input) {
            match output {
                Output::Reserve => {
                    if let Some(opens) = when_others_are_rung(moment, tx, &search)? {
                        inputs.push_back(Input::Closed { opens: Some(opens) });
                        continue;
                    }
                    let next = reserve(moment, tx, line, request, search.round())?;
                    inputs.push_back(match &next {
                        Some(next) => Input::Reserved(next.attempt),
                        None => nobody(moment, tx, line, request, &search)?,
                    });
                    reserved.extend(next);
                }
                Output::ReserveForward => {
                    let ask = next_ask(moment, line, request, search.round());
                    let next = tx.reserve_wished(&ask)?;
                    inputs.push_back(match &next {
                        Some(next) => Input::Reserved(next.attempt),
                        None => Input::NobodyForward,
                    });
                    reserved.extend(next);
                }
                Output::ReserveAgain(earlier) => {
                    let ask = next_ask(moment, line, request, search.round());
                    let next = tx.reserve_again(&ask, earlier)?;
                    inputs.push_back(match &next {
                        Some(next) => Input::Reserved(next.attempt),
                        None => Input::NobodyLeft,
                    });
                    reserved.extend(next);
                }
                Output::Ring { attempt, ring } => {
                    // Reserved just now, or held while the caller was asked something.
                    let just_now = reserved.iter().find(|r| r.attempt == attempt);
                    if just_now.is_none() && !tx.may_still_be_rung(attempt, moment.now)? {
                        inputs.push_back(Input::MayNotBeRung(attempt));
                        continue;
                    }
                    let phone = match just_now {
                        Some(reserved) => Some(reserved.phone.clone()),
                        None => tx.attempt(attempt)?.map(|row| row.phone),
                    };
                    let request = request.id;
                    wanted.ring = phone.map(|phone| Ring { request, attempt, phone, ring });
                }
                Output::Place { attempt, ring } => {
                    let next = reserved.iter().find(|r| r.attempt == attempt);
                    inputs.extend(place(moment, tx, line, next, attempt, ring)?);
                }
                Output::Offer => wanted.offer = true,
                Output::RingCaller { why, ring } => {
                    inputs.extend(callback::ring(moment, tx, line, request, why, ring)?);
                }
                Output::HangUpCaller(ring) => callback::let_go(moment, tx, ring)?,
                Output::JoinCaller(ring) => wanted.join_caller = Some(ring),
                Output::Promise => drop(promise(moment, tx, line, request)?),
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
                Output::Finish(outcome) => finish(moment, tx, request, &search, outcome)?,
            }
        }
    }
    wanted.outcome = search.outcome();
    wanted.in_background = search.is_in_background();
    tx.save_machine(request.id, &store_form(&search))?;
    Ok(wanted)
}

fn read(stored: &str) -> Option<Search> {
    serde_json::from_str(stored).ok()
}

fn store_form(search: &Search) -> String {
    serde_json::to_string(search).expect("a search holds only numbers, words and maps of them")
}

/// When to look again for somebody to be rung by a call of the exchange's own, if that is not now:
/// nobody is held for a turn at the provider that comes much later.
fn when_others_are_rung(
    moment: &Moment,
    tx: &mut Tx<'_>,
    search: &Search,
) -> Result<Option<Timestamp>, Failure> {
    if !search.is_in_background() {
        return Ok(None);
    }
    let turn = placing::next_turn(moment, tx)?;
    Ok((turn.since(moment.now) > LONGEST_QUEUE).then_some(turn))
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

/// What is told to a search for which nobody could be reserved. Only one that takes longer than a
/// telephone call wants to know more.
fn nobody(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    search: &Search,
) -> Result<Input, Failure> {
    if !search.is_in_background() {
        return Ok(Input::NobodyLeft);
    }
    if !may_ring_now(line, moment.now) {
        return Ok(Input::Closed { opens: next_ringing(line, moment.now) });
    }
    let still = somebody_may_come_free(moment, tx, line, request)?;
    Ok(if still { Input::NobodyLeft } else { Input::NobodyEver })
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

/// Places the ring of somebody who was reserved just now.
fn place(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    reserved: Option<&Reserved>,
    attempt: AttemptId,
    ring: Duration,
) -> Result<Option<Input>, Failure> {
    let Some(reserved) = reserved else { return Ok(Some(Input::NotPlaced(attempt))) };
    let (to, purpose) = (&reserved.phone, Purpose::Candidate { attempt });
    Ok(match placing::place(moment, tx, &NewPlacing { to, line, ring, purpose })? {
        Decided::Placed(_) => None,
        // Reserved in this very transaction, so nobody rings it; the gate was asked as well.
        Decided::Taken | Decided::NotAllowed => Some(Input::NotPlaced(attempt)),
    })
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
    if result == AttemptResult::NotJoined {
        tx.not_accepted(request.id, attempt)?;
    }
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
    // The caller whom their leg dialled rings no longer without it.
    tx.callbacks_by_ended(attempt, moment.now)?;
    Ok(())
}

fn finish(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: &Request,
    search: &Search,
    outcome: Outcome,
) -> Result<(), Failure> {
    let kind = match request.kind {
        RequestKind::Desk => SearchKind::Desk,
        RequestKind::Neighbour if search.is_in_background() => SearchKind::Background,
        RequestKind::Neighbour => SearchKind::Live,
    };
    // A late report may correct how it ended; it ended once.
    if tx.close_request(request.id, outcome, moment.now)? {
        moment.noted.borrow_mut().finished.push((kind, outcome));
    }
    if outcome == Outcome::Connected {
        tx.offer_was_met(request.id, moment.now)?;
    }
    // The caller's own words have served their purpose, unless they may still go on with it.
    if search.is_in_background() || !search.caller_present() || outcome == Outcome::Connected {
        tx.drop_notes_of(request.id)?;
    }
    tx.drop_wish(request.id)?;
    // One that somebody took up before its moment.
    tx.plan(request.id, None)?;
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
