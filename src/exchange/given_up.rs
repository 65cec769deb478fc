//! Searches that cannot go on: their line has left the configuration, or what is stored of them, or of
//! a call that rings for them, cannot be read. No telephone stays reserved for one, no timer waits for it, and the desk has a promise
//! (R3, R10).

use crate::carrier::Sid;
use crate::dispatch::Input;
use crate::domain::{Line, RequestId, Timestamp};
use crate::exchange::outbox::Errand;
use crate::exchange::{Context, Failure, Moment, drive, placing};
use crate::store::{Request, RequestKind, Tx};

/// Feeds one input to which nobody waits for an answer. A search that cannot take it is given up.
pub(super) fn feed(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    input: Input,
) -> Result<(), Failure> {
    match drive::feed(moment, tx, request, input) {
        Ok(_) => Ok(()),
        Err(Failure::Store(fault)) => Err(fault.into()),
        Err(fault) => {
            tracing::warn!(request = request.0, %fault, "search.given_up");
            give_up(moment, tx, request)
        }
    }
}

/// Ends the search of a request, whatever it may have in hand. Twice is once.
pub(super) fn give_up(moment: &Moment, tx: &mut Tx<'_>, id: RequestId) -> Result<(), Failure> {
    for lost in tx.lose_attempts_of(id, moment.now)? {
        tx.leg_of_attempt_ended(lost.id, moment.now)?;
        match (tx.placed_for_attempt(lost.id)?, lost.sid.map(|sid| Sid::parse(&sid))) {
            (Some(placed), _) => drop(placing::cancel(moment, tx, placed.id)?),
            (None, Some(Ok(sid))) => Errand::HangUp { sid }.post(moment, tx)?,
            (None, _) => {}
        }
    }
    for lost in tx.lose_callbacks_of(id, moment.now)? {
        placing::cancel(moment, tx, lost)?;
    }
    tx.cancel_timers_of(id)?;
    tx.drop_wish(id)?;
    tx.plan(id, None)?;
    let Some(request) = tx.request(id)? else { return Ok(()) };
    let was_open = tx.give_up_request(id, moment.now)?;
    if was_open && request.kind == RequestKind::Neighbour {
        promise(moment, tx, &request)?;
    }
    Ok(())
}

/// The desk sees to a request that is not searched for; when.
///
/// # Errors
/// [`Failure::UnknownLine`] when there is no line at all, which no configuration lets be.
pub(super) fn promise(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: &Request,
) -> Result<Timestamp, Failure> {
    let line = line_of(&moment.context, request).ok_or(Failure::UnknownLine)?;
    drive::promise(moment, tx, line, request)
}

/// The line of a request; for one that is no longer there, a line that works in that place, or the
/// first: somebody must see what is promised, and ring back.
fn line_of<'a>(context: &'a Context, request: &Request) -> Option<&'a Line> {
    let in_place = |line: &&Line| request.postcode.is_some_and(|at| line.area.contains(&at));
    let lines = &context.lines;
    context
        .line(request.line.e164())
        .or_else(|| lines.iter().find(in_place))
        .or_else(|| lines.first())
}
