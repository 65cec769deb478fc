//! Calls that the exchange places itself: decided in one transaction, placed after it.
//!
//! No provider can be told that an order is a repeat, so a crash between the decision and the
//! answer must neither lose a call nor make it twice. Hence the states of a placed call:
//!
//! ```text
//! waiting  decided; the provider was not asked, or is known not to have made it
//! asking   committed before the provider is asked; nobody knows yet what came of it
//! ringing  the provider has it, under an id
//! answered somebody picked up: from here on it is a leg like any other
//! over     in whatever way; its purpose was told, once
//! ```
//!
//! Our own key, the row number, stands in the addresses that go along. So whatever becomes of the
//! answer, the call's own callbacks say whose it is; when none comes, the provider is asked for it
//! by numbers and time ([`asking`]) before it is placed again, and never once it is of no more use.
//!
//! This room knows no ringing rule: whoever places a call says what for ([`Purpose`]), and is told
//! how it ended.

mod asking;
mod hooks;
mod purpose;
#[cfg(test)]
mod tests;

use std::time::Duration;

use crate::carrier::Sid;
use crate::carrier::webhook::Webhook;
use crate::dispatch::Ending;
use crate::domain::{Caller, Line, ParticipantId, Phone, PlacedId, Timestamp};
use crate::exchange::outbox::Errand;
use crate::exchange::{Failure, Moment};
use crate::store::{Direction, NewCall, NewPlaced, Placed, PlacedState, Role, Tx};
use crate::telemetry::PlacedResult;

pub(super) use purpose::{News, Purpose, WhyNot};

/// A call to place.
pub(super) struct NewPlacing<'a> {
    /// Whom.
    pub(super) to: &'a Phone,
    /// The line whose number is shown (R8).
    pub(super) line: &'a Line,
    /// How long the telephone really rings.
    pub(super) ring: Duration,
    /// What for.
    pub(super) purpose: Purpose,
}

/// What became of the wish to place a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decided {
    /// It is written down and will be placed; the purpose is told how it ends.
    Placed(PlacedId),
    /// That telephone is rung or in a conversation already (R3). Nothing was written.
    Taken,
    /// That number may not be rung (R12). Nothing was written.
    NotAllowed,
}

/// What became of the wish to let a placed call go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelled {
    /// It had not been asked for: it is over, and its purpose is not told.
    BeforeItRang,
    /// It may ring or be in conversation: it is let go, and its purpose will be told that it ended.
    Stopping,
    /// It was over.
    OverAlready,
}

/// Decides that a call is placed.
///
/// # Errors
/// [`Failure`] of the store.
pub(super) fn place(
    moment: &Moment,
    tx: &mut Tx<'_>,
    new: &NewPlacing<'_>,
) -> Result<Decided, Failure> {
    if !new.purpose.may_ring(moment, new.to) {
        return Ok(Decided::NotAllowed);
    }
    let decided = tx.decide_to_place(&NewPlaced {
        line: new.line.number.clone(),
        phone: new.to.clone(),
        purpose: new.purpose.write(),
        attempt: new.purpose.attempt(),
        ring_seconds: u32::try_from(new.ring.as_secs()).unwrap_or(u32::MAX),
        interval: interval(moment),
        now: moment.now,
    })?;
    let Some(placed) = decided else { return Ok(Decided::Taken) };
    Errand::Place { placed: placed.id }.post_at(moment, tx, placed.slot_at)?;
    Ok(Decided::Placed(placed.id))
}

/// When the provider can be asked for a call that is decided now: it takes so many a second.
///
/// # Errors
/// [`Failure`] of the store.
pub(super) fn next_turn(moment: &Moment, tx: &mut Tx<'_>) -> Result<Timestamp, Failure> {
    Ok(tx.next_slot(interval(moment), moment.now)?)
}

/// Milliseconds between two calls, at the least.
fn interval(moment: &Moment) -> u32 {
    u32::try_from(moment.context.call_interval.as_millis()).unwrap_or(u32::MAX)
}

/// Lets a placed call go, wherever it is.
///
/// # Errors
/// [`Failure`] of the store.
pub(super) fn cancel(moment: &Moment, tx: &mut Tx<'_>, id: PlacedId) -> Result<Cancelled, Failure> {
    let Some(placed) = tx.placed(id)? else { return Ok(Cancelled::OverAlready) };
    match placed.state {
        PlacedState::Over => Ok(Cancelled::OverAlready),
        // Asked for once and known not to have been made is as good as never asked for.
        PlacedState::Waiting => {
            end(moment, tx, &placed, PlacedResult::Canceled)?;
            Ok(Cancelled::BeforeItRang)
        }
        PlacedState::Asking | PlacedState::Ringing | PlacedState::Answered => {
            tx.placed_unwanted(id)?;
            let placed = Placed { unwanted: true, ..placed };
            if placed.sid.is_some() {
                asking::watch(moment, tx, &placed)?;
                let_go(moment, tx, &placed)?;
            }
            Ok(Cancelled::Stopping)
        }
    }
}

/// The leg of a placed call that was picked up.
pub(super) fn leg_of(
    moment: &Moment,
    placed: &Placed,
    webhook: &Webhook,
    role: Role,
    participant: Option<ParticipantId>,
) -> NewCall {
    NewCall {
        sid: webhook.call_sid.clone(),
        parent_sid: None,
        direction: Direction::Placed,
        role,
        line: placed.line.clone(),
        caller: Caller::Known(placed.phone.clone()),
        participant,
        attempt: None,
        now: moment.now,
    }
}

/// Hangs up what is known to be somewhere. What is not is hung up as soon as it shows itself.
fn let_go(moment: &Moment, tx: &mut Tx<'_>, placed: &Placed) -> Result<(), Failure> {
    match placed.sid.as_deref().map(Sid::parse) {
        Some(Ok(sid)) => Errand::HangUp { sid }.post(moment, tx),
        _ => Ok(()),
    }
}

/// The leg of a placed call is over, whoever said so. Twice is once.
///
/// # Errors
/// [`Failure`] of the store, or of whoever is told.
pub(super) fn placed_over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    ending: Ending,
) -> Result<(), Failure> {
    let result = match ending {
        Ending::Completed { .. } => PlacedResult::Completed,
        Ending::NoAnswer => PlacedResult::NoAnswer,
        Ending::Busy => PlacedResult::Busy,
        Ending::Failed => PlacedResult::Failed,
        Ending::Canceled => PlacedResult::Canceled,
    };
    if !end(moment, tx, placed, result)? {
        return Ok(());
    }
    if let Some(call) = placed.sid.as_deref().map(|sid| tx.call_by_sid(sid)).transpose()?.flatten()
    {
        tx.call_ended(call.id, moment.now)?;
    }
    let picked_up = placed.state == PlacedState::Answered;
    purpose::tell(moment, tx, placed, News::Over { ending, picked_up })
}

/// It will never be placed.
fn fail(moment: &Moment, tx: &mut Tx<'_>, placed: &Placed, why: WhyNot) -> Result<(), Failure> {
    let result = match why {
        WhyNot::BadNumber => PlacedResult::BadNumber,
        WhyNot::Refused => PlacedResult::Refused,
        WhyNot::TooLate => PlacedResult::TooLate,
        WhyNot::NotAllowed => PlacedResult::NotAllowed,
    };
    if !end(moment, tx, placed, result)? {
        return Ok(());
    }
    tracing::warn!(placed = placed.id.0, ?why, "placed.failed");
    purpose::tell(moment, tx, placed, News::Failed(why))
}

/// Whether it was not over before. Nothing is left that the worker would look at.
fn end(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    result: PlacedResult,
) -> Result<bool, Failure> {
    let word = serde_json::to_string(&result).expect("a result is a word");
    if !tx.placed_over(placed.id, word.trim_matches('"'), moment.now)? {
        return Ok(false);
    }
    tx.outbox_withdrawn(&Errand::Place { placed: placed.id }.key())?;
    moment.noted.borrow_mut().placed.push(result);
    Ok(true)
}
