//! Searches that go on when the caller has hung up: how they begin, by the caller's choice or by the
//! desk's, and what is told about them.

use crate::dispatch::{Input, Limits, Search};
use crate::domain::hours::day_in_words;
use crate::domain::{Language, Line, Phone, RequestId, Timestamp};
use crate::exchange::drive;
use crate::exchange::session::desk_due;
use crate::exchange::{Exchange, Failure, Moment};
use crate::store::{Request, RequestKind, Tx};

/// How it went to let a search go on in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// It searches; the caller is called by this moment, found or not.
    Until(Timestamp),
    /// Nobody is left who could be asked: the desk has a promise, due then.
    Promised(Timestamp),
    /// That number is not rung (R12), or it is one of our own.
    NumberRefused,
    /// It goes on already, or the request is not for a neighbour.
    TooLate,
}

impl Exchange {
    /// Searches for a request that was entered at the desk; whoever asked is called back on this
    /// number. The request has had no search before.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn search_in_background(
        &self,
        request: RequestId,
        call_back: Phone,
    ) -> Result<Begun, Failure> {
        self.one_input(move |moment, tx| begin(moment, tx, request, &call_back)).await
    }
}

/// Within a transaction: see [`Exchange::search_in_background`].
pub(super) fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    call_back: &Phone,
) -> Result<Begun, Failure> {
    let row = tx.request(request)?.ok_or(Failure::UnknownLeg)?;
    let line = moment.context.line(row.line.e164()).ok_or(Failure::UnknownLine)?;
    if row.kind != RequestKind::Neighbour || tx.machine(request)?.is_some() {
        return Ok(Begun::TooLate);
    }
    if !may_call_back(moment, call_back) {
        return Ok(Begun::NumberRefused);
    }
    tx.call_back_on(request, call_back)?;
    let row = Request { call_back: Some(call_back.clone()), ..row };
    // The desk spoke with them: the number needs no confirming.
    let search = Search::in_background(limits_for(moment, tx, line, request)?, false);
    drive::begin(moment, tx, line, &row, search)?;
    told_by(moment, tx, line, request)
}

/// As [`begin`], for a request whose moment to be searched for has not come: before it only those are
/// rung who come forward by themselves.
pub(super) fn begin_ahead(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    begins: Timestamp,
) -> Result<(), Failure> {
    let Some(call_back) = request.call_back.clone() else { return Ok(()) };
    tx.call_back_on(request.id, &call_back)?;
    let search = Search::ahead(limits_for(moment, tx, line, request.id)?, begins);
    drive::begin(moment, tx, line, request, search)?;
    Ok(())
}

/// A search for something at a moment is over by then.
pub(super) fn limits_for(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: RequestId,
) -> Result<Limits, Failure> {
    let limits = drive::background_limits(line);
    let left = tx.wanted_at(request)?.map(|wanted| wanted.since(moment.now));
    let budget = left.map_or(limits.budget, |left| limits.budget.min(left));
    Ok(Limits { budget, ..limits })
}

/// The caller of a live search chooses to be called back. `confirm`: they keyed the number in.
pub(super) fn go_on(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    call_back: &Phone,
    confirm: bool,
) -> Result<Begun, Failure> {
    let row = Request { call_back: Some(call_back.clone()), ..request.clone() };
    // One that still goes on has somebody at hand: that is when it is offered.
    if drive::is_over(tx, request.id)? && !drive::somebody_may_come_free(moment, tx, line, &row)? {
        tx.call_back_number(request.id, call_back)?;
        return drive::promise(moment, tx, line, &row).map(Begun::Promised);
    }
    let limits = limits_for(moment, tx, line, request.id)?;
    let wanted = drive::feed(moment, tx, request.id, Input::CallBack { limits, confirm })?;
    if !wanted.in_background {
        return Ok(Begun::TooLate);
    }
    tx.call_back_on(request.id, call_back)?;
    told_by(moment, tx, line, request.id)
}

/// Whether this number may be called back at all.
pub(super) fn may_call_back(moment: &Moment, phone: &Phone) -> bool {
    moment.context.may_dial(phone) && !moment.context.is_ours(phone)
}

/// When the caller has heard of it at the latest; one that ended at once has its promise.
pub(super) fn told_by(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: RequestId,
) -> Result<Begun, Failure> {
    Ok(match drive::deadline(tx, request)? {
        // At night nobody is rung: it is told in the morning.
        Some(deadline) if line.may_ring(deadline) => Begun::Until(deadline),
        Some(deadline) => Begun::Until(drive::next_ringing(line, deadline).unwrap_or(deadline)),
        None => Begun::Promised(desk_due(tx, line, moment.now)?),
    })
}

/// A moment by which something happens, as it is said: "uiterlijk morgen".
pub(super) fn at_the_latest(now: Timestamp, then: Timestamp, language: Language) -> String {
    let day = day_in_words(now, then, language);
    match language {
        Language::Nl => format!("uiterlijk {}", day.trim_start_matches("op ")),
        Language::En => format!("{day} at the latest"),
    }
}
