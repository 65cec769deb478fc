//! Calling back with one button: the desk's own telephone rings, and then whoever was promised it.
//!
//! Both see the line's number. The promise is kept when the two have spoken, or by hand; a ring in
//! vain, a voicemail box or a slip of the button leaves it where it was, and says so.
//!
//! The provider reports on the leg of whoever is called back: from when they pick up it is known here
//! as theirs, stands on the board, and can be taken back to wait for a neighbour (`at_hand`). Without
//! those reports the two speak all the same. The desk can break it off at any moment.

use std::time::Duration;

use crate::carrier::webhook::{LegStatus, Webhook};
use crate::dispatch::Ending;
use crate::domain::{About, CallId, Caller, Deed, OperatorId, Phone, Timestamp};
use crate::exchange::dialled::ending_of;
use crate::exchange::leg::{Leg, Opening};
use crate::exchange::placing::{self, Decided, NewPlacing, News, Purpose};
use crate::exchange::standing::Standing;
use crate::exchange::{Exchange, Failure, Moment, Ordered, Why, status};
use crate::flow::Vars;
use crate::store::{
    Call, CalledBack, DeskCall, Direction, KeptHow, NewCall, Placed, Role, Took, Tx,
};

/// The flow of somebody at the desk who calls back.
const RINGBACK_FLOW: &str = "ringback";
/// Joined for less than this is not a conversation: the greeting of a voicemail box is longer than
/// most people listen to it (twiml.md, pitfalls 5 and 33).
const SHORTEST_TALK: Duration = Duration::from_secs(20);
/// How long whoever is called back has to come to the telephone.
pub(super) const RINGS: Duration = Duration::from_secs(30);

impl Exchange {
    /// Calls back for a promise: rings this telephone of the desk first. The promise is this
    /// operator's from now on.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn call_back(
        &self,
        promise: i64,
        by: OperatorId,
        seat: Phone,
    ) -> Result<Ordered, Failure> {
        let begun = self.one_input(move |moment, tx| begin(moment, tx, promise, by, &seat)).await?;
        Ok(match begun {
            Ok(()) => Ordered::Done,
            Err(why) => Ordered::TooLate(why),
        })
    }

    /// Breaks off calling back for this promise, by whoever began it: whichever telephone rings
    /// stops, and two who speak are parted. The promise stays what it is, unless they had spoken.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn break_off(&self, promise: i64, by: OperatorId) -> Result<Ordered, Failure> {
        let done = self.one_input(move |moment, tx| break_off(moment, tx, promise, by)).await?;
        Ok(match done {
            Ok(()) => Ordered::Done,
            Err(why) => Ordered::TooLate(why),
        })
    }

    /// How the leg goes of somebody who is called back.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn called_back_status(
        &self,
        desk_call: i64,
        webhook: Webhook,
    ) -> Result<(), Failure> {
        self.one_webhook(move |moment, tx| {
            let back = tx.desk_call(desk_call)?.ok_or(Failure::UnknownLeg)?;
            let desk = back.leg.map(|leg| tx.call(leg)).transpose()?.flatten();
            let desk = desk.ok_or(Failure::UnknownLeg)?;
            if webhook.parent_sid.as_ref().is_some_and(|parent| *parent != desk.sid) {
                return Err(Failure::UnknownLeg);
            }
            let known = tx.call_by_sid(&webhook.call_sid)?;
            match (known, webhook.status) {
                (Some(leg), status) => {
                    let dialled = tx.desk_call_that_dialled(leg.id)?;
                    if dialled.is_none_or(|dialled| dialled.id != desk_call) {
                        return Err(Failure::UnknownLeg);
                    }
                    match status {
                        LegStatus::Over(_) => status::leg_over(moment, tx, &leg),
                        _ => Ok(()),
                    }
                }
                (None, LegStatus::InProgress)
                    if back.result.is_none() && desk.ended_at.is_none() =>
                {
                    picked_up_at_last(moment, tx, &back, &desk, &webhook)
                }
                (None, _) => Ok(()),
            }
        })
        .await
    }
}

fn break_off(
    moment: &Moment,
    tx: &mut Tx<'_>,
    promise: i64,
    by: OperatorId,
) -> Result<Result<(), Why>, Failure> {
    let Some(back) = tx.desk_call_under_way(promise)? else { return Ok(Err(Why::NobodyCallsBack)) };
    if back.operator != by {
        return Ok(Err(Why::ColleagueHasIt));
    }
    let purpose = Purpose::Seat { desk_call: back.id }.write();
    if let Some(placed) = tx.placed_with(&purpose)? {
        placing::cancel(moment, tx, placed)?;
    }
    match theirs(tx, &back)? {
        Some((_, since)) if moment.now.since(since) >= SHORTEST_TALK => spoken(moment, tx, &back)?,
        // The report of the dial, if it comes, knows better.
        _ => tx.desk_call_over(back.id, CalledBack::Left, moment.now)?,
    }
    tx.audit(by, Deed::CallBackEnded, &About::Promise(promise), moment.now)?;
    Ok(Ok(()))
}

/// The leg of whoever is called back, and since when they speak with the desk.
fn theirs(tx: &mut Tx<'_>, back: &DeskCall) -> Result<Option<(CallId, Timestamp)>, Failure> {
    Ok(back.leg.map(|leg| tx.called_back_from(leg)).transpose()?.flatten())
}

/// Whoever was promised it picked up, and speaks with the desk: theirs is a leg of its own.
fn picked_up_at_last(
    moment: &Moment,
    tx: &mut Tx<'_>,
    back: &DeskCall,
    desk: &Call,
    webhook: &Webhook,
) -> Result<(), Failure> {
    let line = moment.line_of(desk)?;
    let participant = tx.participant_by_phone(&back.phone)?.map(|participant| participant.id);
    let call = NewCall {
        sid: webhook.call_sid.clone(),
        parent_sid: Some(desk.sid.clone()),
        direction: Direction::Dialled,
        role: Role::Caller,
        line: line.number.clone(),
        caller: Caller::Known(back.phone.clone()),
        participant,
        attempt: None,
        now: moment.now,
    };
    let asked = tx.promise(back.promise)?.and_then(|promise| promise.request);
    let asked = asked.map(|request| tx.request(request)).transpose()?.flatten();
    let language = asked.map(|request| request.language);
    let language = language.or(line.languages.first().copied()).unwrap_or_default();
    let opening = Opening { call, flow: RINGBACK_FLOW, language, vars: Vars::new() };
    // Nothing of it is heard: whoever takes them back begins a flow of its own.
    let (leg, _) = Leg::open(moment, tx, moment.context.flows.current(), opening)?;
    Ok(leg.tx.restand(leg.call.id, &leg.standing.write())?)
}

/// The leg of whoever was called back goes to wait for a neighbour: the two have spoken.
pub(super) fn taken_back(moment: &Moment, tx: &mut Tx<'_>, leg: &Call) -> Result<(), Failure> {
    match tx.desk_call_that_dialled(leg.id)? {
        Some(back) if back.result.is_none() => spoken(moment, tx, &back),
        _ => Ok(()),
    }
}

/// The two have spoken, so what was promised is kept.
fn spoken(moment: &Moment, tx: &mut Tx<'_>, back: &DeskCall) -> Result<(), Failure> {
    tx.desk_call_over(back.id, CalledBack::Spoken, moment.now)?;
    let (promise, by) = (back.promise, back.operator);
    if tx.keep_promise(promise, by, KeptHow::Spoken, moment.now)? == Took::Done {
        tx.audit(by, Deed::PromiseKept, &About::Promise(promise), moment.now)?;
    }
    Ok(())
}

fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    promise: i64,
    by: OperatorId,
    seat: &Phone,
) -> Result<Result<(), Why>, Failure> {
    let Some(seen) = tx.promise(promise)? else { return Ok(Err(Why::NoSuchPromise)) };
    if seen.kept.is_some() {
        return Ok(Err(Why::KeptAlready));
    }
    let whom = seen.whom.filter(|whom| moment.context.may_dial(whom));
    let Some(whom) = whom else { return Ok(Err(Why::NoNumberToRing)) };
    if !moment.context.may_dial_desk(seat) || *seat == whom {
        return Ok(Err(Why::SeatNotAllowed));
    }
    let line = moment.context.line(seen.line.e164()).ok_or(Failure::UnknownLine)?;
    if !matches!(tx.claim_promise(promise, by, moment.now)?, Took::Done | Took::Already) {
        return Ok(Err(Why::ColleagueHasIt));
    }
    let Some(desk_call) = tx.begin_desk_call(promise, by, &whom, moment.now)? else {
        // The button twice is the button once.
        return Ok(Ok(()));
    };
    let purpose = Purpose::Seat { desk_call };
    let new = NewPlacing { to: seat, line, ring: line.desk_ring, purpose };
    let why = match placing::place(moment, tx, &new)? {
        Decided::Placed(_) => {
            tx.audit(by, Deed::CalledBack, &About::Promise(promise), moment.now)?;
            return Ok(Ok(()));
        }
        Decided::Taken => Why::SeatTaken,
        Decided::NotAllowed => Why::SeatNotAllowed,
    };
    tx.desk_call_over(desk_call, CalledBack::NotPlaced, moment.now)?;
    Ok(Err(why))
}

/// The desk's telephone was picked up.
pub(super) fn picked_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    desk_call: i64,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let line = moment.context.line(placed.line.e164()).ok_or(Failure::UnknownLine)?;
    let opening = Opening {
        call: placing::leg_of(moment, placed, webhook, Role::Desk, None),
        flow: RINGBACK_FLOW,
        language: line.languages.first().copied().unwrap_or_default(),
        vars: Vars::new(),
    };
    let (leg, turn) = Leg::open(moment, tx, moment.context.flows.current(), opening)?;
    leg.tx.desk_call_leg(desk_call, leg.call.id)?;
    leg.answer(turn, webhook.fingerprint)
}

/// The desk's telephone is over, or never rang.
pub(super) fn seat_over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    desk_call: i64,
    news: News,
) -> Result<(), Failure> {
    let Some(back) = tx.desk_call(desk_call)?.filter(|back| back.result.is_none()) else {
        return Ok(());
    };
    let result = match news {
        News::Failed(_) => CalledBack::NotPlaced,
        News::Over { picked_up: false, .. } => CalledBack::SeatSilent,
        // The report of the dial may still come, and knows better.
        News::Over { .. } if back.dialled_at.is_some() => CalledBack::Left,
        News::Over { .. } => CalledBack::NotTaken,
    };
    Ok(tx.desk_call_over(desk_call, result, moment.now)?)
}

/// Ringing whoever was promised it is over: kept, or not.
pub(super) fn dial_over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    leg: CallId,
    webhook: &Webhook,
) -> Result<Option<CalledBack>, Failure> {
    let Some(back) = tx.desk_call_of_leg(leg)? else { return Ok(None) };
    // Their leg is over with it, unless it was taken elsewhere; its own report may be late.
    let theirs = theirs(tx, &back)?.map(|(theirs, _)| tx.call(theirs)).transpose()?.flatten();
    let standing = |leg: &Call| leg.position.as_deref().and_then(Standing::read);
    if let Some(leg) = theirs.filter(|leg| standing(leg).is_none_or(|s| s.callback.is_none())) {
        tx.call_ended(leg.id, moment.now)?;
    }
    let result = match ending_of(webhook) {
        Ending::Completed { bridged: Some(true) | None } if spoke(moment, &back, webhook) => {
            CalledBack::Spoken
        }
        Ending::Completed { .. } => CalledBack::Short,
        Ending::Busy => CalledBack::Busy,
        Ending::NoAnswer => CalledBack::NoAnswer,
        Ending::Canceled => CalledBack::Left,
        Ending::Failed => CalledBack::NotReached,
    };
    let known_before = back.result.is_some_and(|known| known != CalledBack::Left);
    if known_before {
        return Ok(back.result);
    }
    match result {
        CalledBack::Spoken => spoken(moment, tx, &back)?,
        _ => tx.desk_call_over(back.id, result, moment.now)?,
    }
    Ok(Some(result))
}

/// Long enough to have spoken. Not every provider tells how long it was; then the time since it
/// was dialled is all there is, less a full ring.
fn spoke(moment: &Moment, back: &DeskCall, webhook: &Webhook) -> bool {
    let told = webhook.dial.as_ref().and_then(|dial| dial.seconds);
    let talked = match (told, back.dialled_at) {
        (Some(seconds), _) => Duration::from_secs(seconds.into()),
        (None, Some(dialled)) => moment.now.since(dialled).saturating_sub(RINGS),
        (None, None) => Duration::ZERO,
    };
    talked >= SHORTEST_TALK
}
