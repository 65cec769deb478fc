//! Calling back with one button: the desk's own telephone rings, and then whoever was promised it.
//!
//! Both see the line's number. The promise is kept when the two have spoken, or by hand; a ring in
//! vain, a voicemail box or a slip of the button leaves it where it was, and says so.

use std::time::Duration;

use crate::carrier::webhook::Webhook;
use crate::dispatch::Ending;
use crate::domain::{About, CallId, Caller, Deed, OperatorId, Phone};
use crate::exchange::dialled::ending_of;
use crate::exchange::leg::Leg;
use crate::exchange::placing::{self, Decided, NewPlacing, News, Purpose};
use crate::exchange::session::common;
use crate::exchange::{Exchange, Failure, Moment, Ordered, Why};
use crate::store::{CalledBack, DeskCall, Direction, KeptHow, NewCall, Placed, Role, Took, Tx};

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
    if tx.claim_promise(promise, by, moment.now)? != Took::Done {
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
    let call = tx.open_call(&NewCall {
        sid: webhook.call_sid.clone(),
        parent_sid: None,
        direction: Direction::Placed,
        role: Role::Desk,
        line: line.number.clone(),
        caller: Caller::Known(placed.phone.clone()),
        participant: None,
        attempt: None,
        now: moment.now,
    })?;
    tx.desk_call_leg(desk_call, call.id)?;
    let flows = moment.context.flows.current();
    let language = line.languages.first().copied().unwrap_or_default();
    let vars = common(tx, line, moment.now)?;
    let (position, turn) = flows.start(RINGBACK_FLOW, language, vars)?;
    Leg::begin(moment, tx, call, position, flows)?.answer(turn, webhook.fingerprint)
}

/// The desk's telephone is over, or never rang.
pub(super) fn seat_over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    desk_call: i64,
    news: News,
) -> Result<(), Failure> {
    let Some(back) = tx.desk_call(desk_call)? else { return Ok(()) };
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
    tx.desk_call_over(back.id, result, moment.now)?;
    if result == CalledBack::Spoken {
        let (promise, by) = (back.promise, back.operator);
        if tx.keep_promise(promise, by, KeptHow::Spoken, moment.now)? == Took::Done {
            tx.audit(by, Deed::PromiseKept, &About::Promise(promise), moment.now)?;
        }
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
