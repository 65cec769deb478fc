//! A caller who is called back: rung by the leg of the neighbour who said yes, or by a call of the
//! exchange's own. Either way they are asked before anybody is joined.

use std::time::Duration;

use crate::carrier::webhook::{LegStatus, Webhook};
use crate::dispatch::{Ending, Input, Outcome, Reason, Source};
use crate::domain::{AttemptId, CallId, CallbackId, Caller, Line, Phone};
use crate::exchange::dialled::ending_of;
use crate::exchange::drive::{self, Wanted};
use crate::exchange::leg::{Leg, Opening};
use crate::exchange::placing::{self, Decided, NewPlacing, Purpose};
use crate::exchange::session::{moment_of, text};
use crate::exchange::standing::Doing;
use crate::exchange::steps::{self, Found};
use crate::exchange::{Exchange, Failure, Moment, at_hand, given_up, screening, status};
use crate::flow::{Event, Vars};
use crate::store::{Call, Callback, CallbackBy, Direction, NewCall, Request, Role, Tx};

/// The flow of somebody who is called back.
pub(super) const CALLBACK_FLOW: &str = "callback";

/// How long a caller's telephone rings when a neighbour's leg dials it, who waits meanwhile.
pub(super) const RING: Duration = Duration::from_secs(30);

/// Rings the caller of a request by a call of the exchange's own; what the search is told of it.
pub(super) fn ring(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    why: Reason,
    ring: Duration,
) -> Result<Vec<Input>, Failure> {
    if !line.may_ring(moment.now) {
        return Ok(vec![Input::CallerLater { opens: drive::next_ringing(line, moment.now) }]);
    }
    // At night it may have waited for hours: whoever has spoken with the desk meanwhile need not be
    // told that nobody was found.
    if why == Reason::Outcome && !tx.owes_an_answer(request.id)? {
        return Ok(vec![Input::CallerLater { opens: None }]);
    }
    if why == Reason::Ask {
        return at_hand::fetch(moment, tx, line, request, ring);
    }
    let Some(to) = &request.call_back else {
        return Ok(vec![Input::CallerLater { opens: None }]);
    };
    let row = tx.open_callback(request.id, CallbackBy::Placed(why), to, moment.now)?;
    place(moment, tx, line, &row, Purpose::Caller { callback: row.id }, ring)
}

/// Places the ring of this row.
pub(super) fn place(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    row: &Callback,
    purpose: Purpose,
    ring: Duration,
) -> Result<Vec<Input>, Failure> {
    let (id, to) = (row.id, &row.phone);
    let failed = |ending| {
        let ended = Input::CallerRingEnded { ring: id, ending, told_by: Source::Candidate };
        vec![Input::CallerRung(id), ended]
    };
    Ok(match placing::place(moment, tx, &NewPlacing { to, line, ring, purpose })? {
        Decided::Placed(placed) => {
            tx.callback_placed(id, placed)?;
            vec![Input::CallerRung(id)]
        }
        Decided::Taken => {
            tx.callback_ended(id, moment.now)?;
            failed(Ending::Busy)
        }
        Decided::NotAllowed => {
            tx.callback_ended(id, moment.now)?;
            failed(Ending::Failed)
        }
    })
}

/// Stops ringing a caller by a call of the exchange's own.
pub(super) fn let_go(moment: &Moment, tx: &mut Tx<'_>, id: CallbackId) -> Result<(), Failure> {
    let Some(row) = tx.callback(id)?.filter(|row| row.ended_at.is_none()) else { return Ok(()) };
    match (row.placed, row.by) {
        (Some(placed), _) => drop(placing::cancel(moment, tx, placed)?),
        (None, CallbackBy::Placed(Reason::Ask)) => return at_hand::leave(moment, tx, &row),
        (None, _) => {}
    }
    Ok(tx.callback_ended(id, moment.now)?)
}

/// What a neighbour's leg, whose owner said yes, is to do.
pub(super) enum Dial {
    /// Ring the caller.
    Rings(CallbackId, Phone),
    /// The search is told that the caller cannot be rung now.
    InVain,
    /// Nobody waits for this neighbour any more.
    Gone,
}

/// The neighbour of this attempt said yes: their leg dials the caller.
pub(super) fn dial(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: &Request,
    attempt: AttemptId,
) -> Result<Dial, Failure> {
    let Some(phone) = &request.call_back else { return Ok(Dial::Gone) };
    if !drive::waits_for(tx, request.id, attempt)? {
        return Ok(Dial::Gone);
    }
    let by = CallbackBy::Neighbour(attempt);
    let row = tx.open_callback(request.id, by, phone, moment.now)?;
    drive::feed(moment, tx, request.id, Input::CallerRung(row.id))?;
    let taken = row.ended_at.is_some();
    if !taken && moment.context.may_dial(phone) {
        return Ok(Dial::Rings(row.id, phone.clone()));
    }
    tx.callback_ended(row.id, moment.now)?;
    let ending = if taken { Ending::Busy } else { Ending::Failed };
    let ended = Input::CallerRingEnded { ring: row.id, ending, told_by: Source::Caller };
    drive::feed(moment, tx, request.id, ended)?;
    Ok(Dial::InVain)
}

impl Exchange {
    /// The caller whom a neighbour's leg dialled picked up.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then. The answer must then be a hang-up: an empty one
    /// would join whoever picked up with the neighbour.
    pub async fn callback(&self, id: CallbackId, webhook: Webhook) -> Result<String, Failure> {
        self.one_webhook(move |moment, tx| {
            let row = tx.callback(id)?.ok_or(Failure::UnknownLeg)?;
            let neighbour = neighbour_of(tx, &row)?.ok_or(Failure::UnknownLeg)?;
            if webhook.parent_sid.as_ref().is_some_and(|parent| *parent != neighbour.sid) {
                return Err(Failure::UnknownLeg);
            }
            if let Some(leg) = tx.call_by_sid(&webhook.call_sid)? {
                return match tx.answer_given(leg.id, 0)? {
                    Some(given) if row.sid.as_ref() == Some(&leg.sid) => Ok(given.answer),
                    _ => steps::hang_up(),
                };
            }
            if row.sid.as_ref().is_some_and(|sid| *sid != webhook.call_sid) {
                return Err(Failure::UnknownLeg);
            }
            begin(moment, tx, &row, Some(&neighbour), &webhook)
        })
        .await
    }

    /// How the caller's leg goes that a neighbour's leg dialled.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn callback_status(&self, id: CallbackId, webhook: Webhook) -> Result<(), Failure> {
        self.one_webhook(move |moment, tx| {
            let row = tx.callback(id)?.ok_or(Failure::UnknownLeg)?;
            if !matches!(row.by, CallbackBy::Neighbour(_))
                || row.sid.as_ref().is_some_and(|sid| *sid != webhook.call_sid)
            {
                return Err(Failure::UnknownLeg);
            }
            if row.sid.is_none() {
                tx.callback_sid(id, &webhook.call_sid)?;
            }
            match webhook.status {
                LegStatus::Over(ending) => over(moment, tx, id, ending),
                _ => Ok(()),
            }
        })
        .await
    }

    /// The neighbour's leg, which dialled the caller, asks what next.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn dialled_caller(
        &self,
        call: CallId,
        step: u32,
        id: CallbackId,
        webhook: Webhook,
    ) -> Result<String, Failure> {
        self.one_webhook(move |moment, tx| {
            let (call, standing) = match steps::find(tx, call, step, &webhook)? {
                Found::Repeat(answer) => return Ok(answer),
                Found::Over => {
                    dial_over(moment, tx, id, &webhook)?;
                    return steps::hang_up();
                }
                Found::Waiting(leg) => *leg,
            };
            if !matches!(standing.doing, Doing::RingCaller { callback, .. } if callback == id) {
                return Err(Failure::UnknownLeg);
            }
            if matches!(webhook.status, LegStatus::Over(_)) {
                // The neighbour has gone: nothing is begun on their leg.
                status::leg_over(moment, tx, &call)?;
                dial_over(moment, tx, id, &webhook)?;
                return steps::hang_up();
            }
            let wanted = dial_over(moment, tx, id, &webhook)?;
            let leg = Leg::load(moment, tx, call, standing, step)?;
            let vars = result_of(wanted.as_ref());
            leg.go_on(Event::Returned(vars), webhook.fingerprint)
        })
        .await
    }
}

/// The dial of a caller is over, as the leg that dialled tells it.
fn dial_over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: CallbackId,
    webhook: &Webhook,
) -> Result<Option<Wanted>, Failure> {
    let Some(row) = tx.callback(id)? else { return Ok(None) };
    tx.callback_ended(id, moment.now)?;
    let ending = ending_of(webhook);
    let ended = Input::CallerRingEnded { ring: id, ending, told_by: Source::Caller };
    drive::feed(moment, tx, row.request, ended).map(Some)
}

/// What the flow of the neighbour who dialled is told.
pub(super) fn result_of(wanted: Option<&Wanted>) -> Vars {
    let word = match wanted.map(|wanted| wanted.outcome) {
        Some(Some(Outcome::Connected)) => "talked",
        Some(None) => "no-answer",
        Some(Some(_)) | None => "gone",
    };
    Vars::from([("result".into(), text(word))])
}

/// A caller's own leg is over, or was never placed: told once by the provider, or by whoever placed
/// it. What it was is for the search to say.
pub(super) fn over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: CallbackId,
    ending: Ending,
) -> Result<(), Failure> {
    let Some(row) = tx.callback(id)? else { return Ok(()) };
    if let Some(leg) = row.sid.as_deref().map(|sid| tx.call_by_sid(sid)).transpose()?.flatten() {
        // From here on they may have waited on the line, as any caller does.
        status::caller_gone(moment, tx, &leg)?;
    }
    tx.callback_ended(id, moment.now)?;
    let ended = Input::CallerRingEnded { ring: id, ending, told_by: Source::Candidate };
    given_up::feed(moment, tx, row.request, ended)
}

/// A call of the exchange's own to a caller was not placed while it was of use. Where nobody is rung
/// any more at this hour, it waits until they are again (R13).
pub(super) fn too_late(moment: &Moment, tx: &mut Tx<'_>, id: CallbackId) -> Result<(), Failure> {
    let Some(row) = tx.callback(id)? else { return Ok(()) };
    let request = tx.request(row.request)?;
    let line = request.and_then(|request| moment.context.line(request.line.e164()));
    let Some(line) = line.filter(|line| !line.may_ring(moment.now)) else {
        return over(moment, tx, id, Ending::Failed);
    };
    tx.callback_ended(id, moment.now)?;
    let opens = drive::next_ringing(line, moment.now);
    given_up::feed(moment, tx, row.request, Input::CallerLater { opens })
}

/// A caller whom the exchange rang itself picked up.
pub(super) fn picked_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: CallbackId,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let row = tx.callback(id)?.ok_or(Failure::UnknownLeg)?;
    begin(moment, tx, &row, None, webhook)
}

fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    row: &Callback,
    neighbour: Option<&Call>,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let request = tx.request(row.request)?.ok_or(Failure::UnknownLeg)?;
    let line = moment.context.line(request.line.e164()).ok_or(Failure::UnknownLine)?;
    tx.callback_sid(row.id, &webhook.call_sid)?;
    drive::feed(moment, tx, request.id, Input::CallerPickedUp(row.id))?;
    // At the counter a telephone of the desk is picked up, for whoever stands there.
    let counter = row.by == CallbackBy::Placed(Reason::Ask)
        && request.call_back.as_ref().is_some_and(|phone| *phone != row.phone);
    let whose = request.call_back.as_ref().filter(|_| counter).unwrap_or(&row.phone);
    let participant = tx.participant_by_phone(whose)?.map(|participant| participant.id);
    let call = NewCall {
        sid: webhook.call_sid.clone(),
        parent_sid: neighbour.map(|leg| leg.sid.clone()),
        direction: if neighbour.is_some() { Direction::Dialled } else { Direction::Placed },
        role: Role::Caller,
        line: line.number.clone(),
        caller: Caller::Known(whose.clone()),
        participant,
        attempt: None,
        now: moment.now,
    };
    let flows = screening::flows_of(moment, tx, neighbour)?;
    let language = request.language;
    let why = ("why".into(), text(if counter { "counter" } else { why(row.by) }));
    let vars = Vars::from([why, moment_of(tx, request.id, moment.now, language)?]);
    let opening = Opening { call, flow: CALLBACK_FLOW, language, vars };
    let (mut leg, turn) = Leg::open(moment, tx, flows, opening)?;
    leg.standing.callback = Some(row.id);
    leg.standing.background = Some(request.id);
    leg.answer(turn, webhook.fingerprint)
}

/// What for, in the flow's words.
fn why(by: CallbackBy) -> &'static str {
    match by {
        CallbackBy::Neighbour(_) => "join",
        CallbackBy::Placed(Reason::Confirm) => "confirm",
        CallbackBy::Placed(Reason::Again) => "again",
        CallbackBy::Placed(Reason::Outcome) => "outcome",
        CallbackBy::Placed(Reason::Ask) => "ask",
    }
}

/// The leg of the neighbour who dialled.
fn neighbour_of(tx: &mut Tx<'_>, row: &Callback) -> Result<Option<Call>, Failure> {
    let CallbackBy::Neighbour(attempt) = row.by else { return Ok(None) };
    let sid = tx.attempt(attempt)?.and_then(|attempt| attempt.sid);
    Ok(sid.map(|sid| tx.call_by_sid(&sid)).transpose()?.flatten())
}
