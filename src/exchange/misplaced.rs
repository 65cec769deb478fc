//! "This does not belong here": somebody says so of something on the board, and the desk looks at it.
//!
//! It rings nobody and stops no search: what is taken down is only off the board. How a request goes on
//! is for the desk, with what it can do to a request anyway.

use std::time::Duration;

use crate::domain::{About, Deed, Misplaced, OperatorId, ParticipantId, Pinned};
use crate::exchange::session::desk_hours;
use crate::exchange::{Exchange, Failure, Moment};
use crate::store::{KeptHow, NewPromise, NewReport, PromiseKind, Took, Tx};

/// Most that one person reports within [`MOST_WITHIN`]; whoever finds more rings the desk.
const MOST: u32 = 10;
const MOST_WITHIN: Duration = Duration::from_secs(24 * 3600);

/// What became of reporting something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// The desk looks at it, and they do not see it again; also when they had said so before.
    Done,
    /// It is not on the board any more; or it is their own.
    Gone,
    /// They reported a lot today.
    Enough,
}

/// What became of taking something down, or of letting it stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookedAt {
    /// Neighbours do not see it any more; whoever had put it there reads why.
    TakenDown,
    /// It stands there as before.
    LeftThere,
    /// It was not on the board any more; what was reported of it is settled.
    Settled,
    /// It was not on the board any more.
    Gone,
    /// A colleague has this, or had.
    Not(Took),
}

impl Exchange {
    /// Somebody who takes part finds that this does not belong on the board.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn report_misplaced(
        &self,
        who: ParticipantId,
        of: Pinned,
        why: Misplaced,
    ) -> Result<Reported, Failure> {
        self.one_input(move |moment, tx| report(moment, tx, who, of, why)).await
    }

    /// Somebody at the desk takes this down, whether or not it was reported.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn take_down(
        &self,
        of: Pinned,
        why: Misplaced,
        by: OperatorId,
    ) -> Result<LookedAt, Failure> {
        let look = move |moment: &Moment, tx: &mut Tx<'_>| match tx.promised_to_look_at(of)? {
            Some(promise) => look_at(moment, tx, (promise, of), Some(why), by),
            None => take_down(moment, tx, of, why, by),
        };
        self.one_input(look).await
    }

    /// Somebody at the desk has looked at what was reported, and takes it down for this reason, or
    /// lets it stand. `None`: that promise is about no such thing.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn look_at_reported(
        &self,
        promise: i64,
        take_down: Option<Misplaced>,
        by: OperatorId,
    ) -> Result<Option<LookedAt>, Failure> {
        let look = move |moment: &Moment, tx: &mut Tx<'_>| match tx.looks_at(promise)? {
            Some(of) => look_at(moment, tx, (promise, of), take_down, by).map(Some),
            None => Ok(None),
        };
        self.one_input(look).await
    }
}

fn report(
    moment: &Moment,
    tx: &mut Tx<'_>,
    who: ParticipantId,
    of: Pinned,
    why: Misplaced,
) -> Result<Reported, Failure> {
    let now = moment.now;
    if tx.has_reported(who, of)? {
        return Ok(Reported::Done);
    }
    let Some(line) = tx.pinned_on(of, now)? else { return Ok(Reported::Gone) };
    let Some(line) = moment.context.line(line.e164()) else { return Ok(Reported::Gone) };
    if tx.pinned_by(of, who)? {
        return Ok(Reported::Gone);
    }
    if tx.reports_since(who, now - MOST_WITHIN)? >= MOST {
        return Ok(Reported::Enough);
    }
    let due_at = desk_hours(tx, line, now)?.a_working_day_later(now);
    let promise = match tx.promised_to_look_at(of)? {
        Some(promise) => promise,
        None => tx.add_promise(&NewPromise {
            kind: PromiseKind::BoardLookedAt,
            line: line.number.clone(),
            request: None,
            message: None,
            participant: None,
            due_at,
            now,
        })?,
    };
    tx.add_report(&NewReport { participant: who, of, why, promise, now })?;
    Ok(Reported::Done)
}

fn look_at(
    moment: &Moment,
    tx: &mut Tx<'_>,
    (promise, of): (i64, Pinned),
    why: Option<Misplaced>,
    by: OperatorId,
) -> Result<LookedAt, Failure> {
    let now = moment.now;
    let there = tx.pinned_on(of, now)?.is_some();
    let how = match why {
        _ if !there => KeptHow::NotNeeded,
        Some(_) => KeptHow::TakenDown,
        None => KeptHow::LeftThere,
    };
    match tx.keep_promise(promise, by, how, now)? {
        Took::Done => {}
        other => return Ok(LookedAt::Not(other)),
    }
    match why {
        _ if !there => {
            tx.audit(by, Deed::PromiseKept, &About::Promise(promise), now)?;
            Ok(LookedAt::Settled)
        }
        Some(why) => take_down(moment, tx, of, why, by),
        None => {
            tx.audit(by, Deed::LeftOnBoard, &About::Promise(promise), now)?;
            Ok(LookedAt::LeftThere)
        }
    }
}

fn take_down(
    moment: &Moment,
    tx: &mut Tx<'_>,
    of: Pinned,
    why: Misplaced,
    by: OperatorId,
) -> Result<LookedAt, Failure> {
    let now = moment.now;
    if !tx.take_down(of, why, now)? {
        return Ok(LookedAt::Gone);
    }
    let (deed, about) = match of {
        Pinned::Request(request) => (Deed::RequestTakenOffBoard, About::Request(request)),
        Pinned::Offer(offer) => match tx.posted_offer(offer)? {
            Some(offer) => (Deed::OfferTakenDown, About::Participant(offer.participant)),
            None => (Deed::OfferTakenDown, About::Nothing),
        },
    };
    tx.audit(by, deed, &about, now)?;
    Ok(LookedAt::TakenDown)
}
