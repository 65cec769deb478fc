//! A search with whoever asks on the line, begun at the desk: how they come to the line.
//!
//! Three ways, of which the first that fits is taken:
//!
//! - they speak with the desk through the exchange, whoever of the two called: that very call is taken
//!   back. It is redirected, as when the desk takes somebody over; the desk's telephone is let go by
//!   the provider, and the caller waits for a neighbour as any caller does;
//! - they stand at the counter: the desk's telephone rings, and is handed over once key 1 is pressed;
//! - else their own telephone rings. Whoever has not put the receiver down yet is rung again in a
//!   moment.
//!
//! From then on theirs is a caller's leg like any other. Whoever does not come to the line is called
//! back (`dispatch`, `fetching`).

use std::time::Duration;

use crate::carrier::Sid;
use crate::dispatch::{Input, Reason, Search};
use crate::domain::{CallbackId, Line, Phone, RequestId};
use crate::exchange::callback::{self, CALLBACK_FLOW};
use crate::exchange::leg::Leg;
use crate::exchange::outbox::Errand;
use crate::exchange::placing::Purpose;
use crate::exchange::session::{common, moment_of, text};
use crate::exchange::standing::{Doing, Standing, Steered};
use crate::exchange::{Failure, Moment, Why, background, drive, ringback};
use crate::store::{Call, Callback, CallbackBy, Request, Source, Tx};

/// How somebody whom the desk has at hand comes to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// Their call with the desk is taken back.
    TakenBack,
    /// The desk's telephone rings, to be handed over.
    AtTheCounter,
    /// Their own telephone rings once they have put the receiver down.
    Rung,
}

/// How whoever asks would come to the line, by way of this telephone of the desk; or why not.
pub(super) fn way(
    moment: &Moment,
    tx: &mut Tx<'_>,
    source: Source,
    seat: &Phone,
) -> Result<Result<Fetched, Why>, Failure> {
    if !moment.context.may_dial_desk(seat) {
        return Ok(Err(Why::SeatNotAllowed));
    }
    Ok(match source {
        Source::Counter if tx.is_taken(seat)? => Err(Why::SeatTaken),
        Source::Counter => Ok(Fetched::AtTheCounter),
        Source::Phone | Source::Organisation | Source::Web | Source::Board => {
            match call_with(tx, seat)? {
                Some(_) => Ok(Fetched::TakenBack),
                None => Ok(Fetched::Rung),
            }
        }
    })
}

/// Searches with whoever asks on the line; they can be called back on this number. Whether that is
/// so: not at an hour at which neighbours are not rung.
pub(super) fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    call_back: &Phone,
    seat: &Phone,
) -> Result<bool, Failure> {
    let row = tx.request(request)?.ok_or(Failure::UnknownLeg)?;
    let line = moment.context.line(row.line.e164()).ok_or(Failure::UnknownLine)?;
    let begun = tx.machine(request)?.is_some();
    if begun || !background::may_call_back(moment, call_back) || !line.may_ring(moment.now) {
        return Ok(false);
    }
    tx.is_at_hand(request, seat)?;
    tx.call_back_on(request, call_back)?;
    let row = Request { call_back: Some(call_back.clone()), ..row };
    let search = Search::with_the_caller(background::limits_for(moment, tx, line, request)?);
    drive::begin(moment, tx, line, &row, search)?;
    Ok(true)
}

/// Fetches whoever asked this to the line; what the search is told of it.
pub(super) fn fetch(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: &Request,
    ring: Duration,
) -> Result<Vec<Input>, Failure> {
    let nobody = vec![Input::CallerLater { opens: None }];
    let Some((source, seat)) = tx.at_hand(request.id)? else { return Ok(nobody) };
    let by = CallbackBy::Placed(Reason::Ask);
    let counter = source == Source::Counter;
    if !counter && let Some((call, standing)) = call_with(tx, &seat)? {
        let phone = call.caller.phone().or(request.call_back.as_ref()).unwrap_or(&seat);
        let row = tx.open_callback(request.id, by, phone, moment.now)?;
        take_back(moment, tx, request.id, &row, &call, standing)?;
        return Ok(vec![Input::CallerRung(row.id)]);
    }
    let to = if counter { Some(&seat) } else { request.call_back.as_ref() };
    let Some(to) = to else { return Ok(nobody) };
    let row = tx.open_callback(request.id, by, to, moment.now)?;
    let purpose = Purpose::AtHand { callback: row.id, counter };
    callback::place(moment, tx, line, &row, purpose, ring)
}

/// The call of whoever speaks with this telephone of the desk, when it can be taken back.
fn call_with(tx: &mut Tx<'_>, seat: &Phone) -> Result<Option<(Call, Standing)>, Failure> {
    let call = tx.speaks_with(seat)?.map(|call| tx.call(call)).transpose()?.flatten();
    let Some(call) = call.filter(|call| call.ended_at.is_none()) else { return Ok(None) };
    let standing = call.position.as_deref().and_then(Standing::read);
    // Somebody else at the desk may want something of them already.
    let standing = standing.filter(|s| s.steered.is_none() && s.callback.is_none());
    Ok(standing.map(|standing| (call, standing)))
}

fn take_back(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    row: &Callback,
    call: &Call,
    mut standing: Standing,
) -> Result<(), Failure> {
    tx.callback_sid(row.id, &call.sid)?;
    standing.steered = Some(Steered::Fetched { callback: row.id });
    standing.callback = Some(row.id);
    standing.background = Some(request);
    standing.say.clear();
    tx.restand(call.id, &standing.write())?;
    ringback::taken_back(moment, tx, call)?;
    redirect(moment, tx, call)
}

/// Lets a leg leave what it does for its own next step.
pub(super) fn redirect(moment: &Moment, tx: &mut Tx<'_>, call: &Call) -> Result<(), Failure> {
    let next = u32::try_from(call.step + 1).unwrap_or(u32::MAX);
    let url = moment.context.addresses.step(call.id, next);
    match Sid::parse(&call.sid) {
        Ok(sid) => Errand::Redirect { sid, call: call.id, url }.post(moment, tx),
        // It cannot be redirected, so it hears of it when its dial is over.
        Err(_) => Ok(()),
    }
}

/// The search is over before their call was taken back: the two go on speaking.
pub(super) fn leave(moment: &Moment, tx: &mut Tx<'_>, row: &Callback) -> Result<(), Failure> {
    let call = row.sid.as_deref().map(|sid| tx.call_by_sid(sid)).transpose()?.flatten();
    let standing = call.as_ref().and_then(|call| call.position.as_deref()).and_then(Standing::read);
    if let (Some(call), Some(mut standing)) = (call, standing)
        && standing.steered == Some(Steered::Fetched { callback: row.id })
    {
        (standing.steered, standing.callback, standing.background) = (None, None, None);
        tx.restand(call.id, &standing.write())?;
        tx.outbox_withdrawn(&Errand::redirect_of(call.id))?;
    }
    Ok(tx.ring_over_leg_goes_on(row.id, moment.now)?)
}

impl Leg<'_, '_, '_> {
    /// Leaves the desk, to wait for a neighbour.
    pub(super) fn comes_back_to_wait(
        mut self,
        callback: CallbackId,
        fingerprint: [u8; 16],
    ) -> Result<String, Failure> {
        // Whichever webhook came first was enough.
        self.tx.outbox_withdrawn(&Errand::redirect_of(self.call.id))?;
        let row = self.tx.callback(callback)?.ok_or(Failure::UnknownLeg)?;
        drive::feed(self.moment, self.tx, row.request, Input::CallerPickedUp(callback))?;
        let language = self.standing.position.language();
        let mut vars = common(self.tx, self.line, self.moment.now)?;
        vars.extend([moment_of(self.tx, row.request, self.moment.now, language)?]);
        vars.insert("why".into(), text("here"));
        self.flows = self.moment.context.flows.current();
        let (position, turn) = self.flows.start(CALLBACK_FLOW, language, vars)?;
        self.standing.position = position;
        self.standing.doing = Doing::Nothing;
        self.answer(turn, fingerprint)
    }
}
