//! Asks the provider to place calls, and looks for those of which nothing was heard.
//!
//! Every request is one step: what is about to be asked is committed first, and what came of it
//! afterwards, so that a crash in between is a request whose outcome is unknown, like a time-out.

use std::time::Duration;

use super::{Purpose, WhyNot, end, fail, let_go, placed_over, purpose};
use crate::carrier::Sid;
use crate::carrier::rest::{CarrierError, PlaceCall};
use crate::carrier::webhook::LegStatus;
use crate::dispatch::Ending;
use crate::domain::{Phone, PlacedId, Timestamp};
use crate::exchange::lanes::Lane;
use crate::exchange::outbox::Errand;
use crate::exchange::placing::News;
use crate::exchange::sweep::QUIET;
use crate::exchange::{Exchange, Failure, Moment};
use crate::store::{Placed, PlacedState, Tx};
use crate::telemetry::{PlacedResult, ProviderAnswer, ProviderRequest};

/// The provider is looked through for a call of unknown outcome after this long: the client has
/// given up by then (10 s), and the call's first own callback, if it was made, has come.
const LOOK_AFTER: Duration = Duration::from_secs(15);
/// The provider's clock and ours may differ by this much.
const CLOCKS_DIFFER: Duration = Duration::from_secs(2);
/// First wait after a provider that is busy or out of reach; doubled every time.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Longest wait between two tries.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// A telephone that should have stopped ringing this long ago is asked after.
const OVERDUE: Duration = Duration::from_secs(30);
/// A call of which the provider says nothing at all is given up when it must have rung out.
const RANG_OUT: Duration = Duration::from_secs(120);

/// What the worker does for a placed call now.
enum Next {
    Nothing,
    Order(PlaceCall),
    Find { to: Phone, from: Phone, since: Timestamp },
    LookUp(Sid),
}

impl Exchange {
    /// Takes a placed call one step on: orders it, looks for it, or asks after it.
    pub(in crate::exchange) async fn see_to(&self, id: PlacedId) -> Result<(), Failure> {
        match self.one_input(move |moment, tx| next(moment, tx, id)).await? {
            Next::Nothing => Ok(()),
            Next::Order(call) => {
                let answer = self.carrier.place(&call).await;
                self.count(ProviderRequest::Place, answer.as_ref().err());
                self.one_input(move |moment, tx| ordered(moment, tx, id, answer)).await
            }
            Next::Find { to, from, since } => {
                let answer = self.carrier.find_call(&to, &from, since).await;
                self.count(ProviderRequest::LookUp, answer.as_ref().err());
                self.one_input(move |moment, tx| looked(moment, tx, id, answer)).await
            }
            Next::LookUp(sid) => {
                let answer = self.carrier.look_up(&sid).await;
                self.count(ProviderRequest::LookUp, answer.as_ref().err());
                self.one_input(move |moment, tx| asked_after(moment, tx, id, answer)).await
            }
        }
    }

    fn count(&self, request: ProviderRequest, fault: Option<&CarrierError>) {
        let answer = match fault {
            None | Some(CarrierError::CallOver) => ProviderAnswer::Done,
            Some(fault) if fault.retry_is_safe() => ProviderAnswer::Later,
            Some(CarrierError::Unknown { .. }) => ProviderAnswer::Unknown,
            Some(_) => ProviderAnswer::Refused,
        };
        self.metrics.provider_request(request, answer);
    }
}

/// What is to be done now; written down as begun.
fn next(moment: &Moment, tx: &mut Tx<'_>, id: PlacedId) -> Result<Next, Failure> {
    let key = Errand::Place { placed: id }.key();
    let Some(placed) = tx.placed(id)? else {
        tx.outbox_withdrawn(&key)?;
        return Ok(Next::Nothing);
    };
    match placed.state {
        PlacedState::Waiting => order(moment, tx, &placed),
        PlacedState::Asking => {
            again(moment, tx, id, moment.now + LOOK_AFTER)?;
            Ok(Next::Find {
                to: placed.phone,
                from: placed.line,
                since: placed.asked_at.unwrap_or(placed.decided_at) - CLOCKS_DIFFER,
            })
        }
        PlacedState::Ringing | PlacedState::Answered => match placed.sid.as_deref().map(Sid::parse)
        {
            Some(Ok(sid)) => {
                watch(moment, tx, &placed)?;
                Ok(Next::LookUp(sid))
            }
            _ => {
                fail(moment, tx, &placed, WhyNot::Refused)?;
                Ok(Next::Nothing)
            }
        },
        PlacedState::Over => {
            tx.outbox_withdrawn(&key)?;
            Ok(Next::Nothing)
        }
    }
}

/// The gates once more: since the decision the number may have become one of our own (R12), its owner
/// may have stopped (R9), or the hours may be over in which anybody is rung (R13).
fn order(moment: &Moment, tx: &mut Tx<'_>, placed: &Placed) -> Result<Next, Failure> {
    let Some(purpose) = Purpose::of(placed) else {
        fail(moment, tx, placed, WhyNot::Refused)?;
        return Ok(Next::Nothing);
    };
    if !purpose.is_wanted(moment, tx, &placed.phone)? || !purpose.may_ring(moment, &placed.phone) {
        fail(moment, tx, placed, WhyNot::NotAllowed)?;
        return Ok(Next::Nothing);
    }
    let closed = !purpose.rings_at_any_hour()
        && moment.context.line(placed.line.e164()).is_some_and(|line| !line.may_ring(moment.now));
    if closed || is_stale(moment, placed, &purpose) {
        fail(moment, tx, placed, WhyNot::TooLate)?;
        return Ok(Next::Nothing);
    }
    tx.placed_asking(placed.id, moment.now)?;
    again(moment, tx, placed.id, moment.now + LOOK_AFTER)?;
    let addresses = &moment.context.addresses;
    Ok(Next::Order(PlaceCall {
        to: placed.phone.clone(),
        from: placed.line.clone(),
        url: addresses.placed(placed.id),
        fallback: addresses.fallback(),
        status_callback: addresses.placed_status(placed.id),
        ring_seconds: placed.ring_seconds,
        key: format!("placed-{}", placed.id),
    }))
}

/// The provider answered the order, or did not. Callbacks may have come first.
fn ordered(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: PlacedId,
    answer: Result<Sid, CarrierError>,
) -> Result<(), Failure> {
    answered(moment, tx, answer.as_ref().err())?;
    let Some(placed) = tx.placed(id)? else { return Ok(()) };
    match answer {
        Ok(sid) => made(moment, tx, placed, &sid),
        // Its own callbacks were here first: they know better.
        Err(_) if placed.state != PlacedState::Asking => Ok(()),
        Err(CarrierError::BadNumber { .. }) => fail(moment, tx, &placed, WhyNot::BadNumber),
        Err(fault) if fault.retry_is_safe() => {
            not_made(moment, tx, &placed, wait_after(&placed, fault))
        }
        // It may ring: awaited, then looked for, at the time that is set.
        Err(CarrierError::Unknown { .. }) => Ok(()),
        Err(fault) => {
            tracing::error!(placed = id.0, %fault, "placed.refused");
            fail(moment, tx, &placed, WhyNot::Refused)
        }
    }
}

/// The provider was looked through for a call of unknown outcome.
fn looked(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: PlacedId,
    answer: Result<Option<Sid>, CarrierError>,
) -> Result<(), Failure> {
    answered(moment, tx, answer.as_ref().err())?;
    let Some(placed) = tx.placed(id)?.filter(|p| p.state == PlacedState::Asking) else {
        return Ok(());
    };
    match answer {
        // A leg that is known already is another's.
        Ok(Some(sid)) if !tx.knows_sid(sid.as_str())? => made(moment, tx, placed, &sid),
        Ok(_) => not_made(moment, tx, &placed, Duration::ZERO),
        Err(_) => {
            let asked = placed.asked_at.unwrap_or(placed.decided_at);
            let ring = Duration::from_secs(placed.ring_seconds.into());
            if moment.now.since(asked) >= ring + RANG_OUT {
                return fail(moment, tx, &placed, WhyNot::TooLate);
            }
            Ok(())
        }
    }
}

/// The provider was asked after a telephone that should have stopped ringing, or after a leg of
/// which nothing was heard for a while.
fn asked_after(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: PlacedId,
    answer: Result<LegStatus, CarrierError>,
) -> Result<(), Failure> {
    answered(moment, tx, answer.as_ref().err())?;
    let Some(placed) = tx.placed(id)? else { return Ok(()) };
    match answer {
        Ok(LegStatus::Over(ending)) => placed_over(moment, tx, &placed, ending),
        Err(CarrierError::CallOver) => placed_over(moment, tx, &placed, Ending::Failed),
        // Neither rung out nor answered to us: nobody knows what it does, so it is ended.
        _ if placed.state == PlacedState::Ringing && rang_out(moment, &placed) => {
            let_go(moment, tx, &placed)?;
            placed_over(moment, tx, &placed, Ending::NoAnswer)
        }
        // It was to be let go, and was not.
        Ok(_) if placed.unwanted => let_go(moment, tx, &placed),
        _ => Ok(()),
    }
}

/// The provider has the call, under this id.
fn made(moment: &Moment, tx: &mut Tx<'_>, placed: Placed, sid: &Sid) -> Result<(), Failure> {
    match &placed.sid {
        Some(known) if known == sid.as_str() => return Ok(()),
        // An earlier order was carried out after all; this one's call must not ring as well.
        Some(_) => return Errand::HangUp { sid: sid.clone() }.post(moment, tx),
        None if placed.state == PlacedState::Over => {
            return Errand::HangUp { sid: sid.clone() }.post(moment, tx);
        }
        None => {}
    }
    tx.placed_has_sid(placed.id, sid.as_str())?;
    let Some(placed) = tx.placed(placed.id)? else { return Ok(()) };
    watch(moment, tx, &placed)?;
    if placed.unwanted { let_go(moment, tx, &placed) } else { Ok(()) }
}

/// From here on reports come by themselves; this only notices when they do not.
pub(super) fn watch(moment: &Moment, tx: &mut Tx<'_>, placed: &Placed) -> Result<(), Failure> {
    let ring = Duration::from_secs(placed.ring_seconds.into());
    let rings_until = placed.asked_at.unwrap_or(placed.decided_at) + ring;
    let then = match placed.state {
        PlacedState::Answered if !placed.unwanted => moment.now + QUIET,
        _ => rings_until.max(moment.now) + OVERDUE,
    };
    tx.outbox_watch(&Errand::Place { placed: placed.id }.key(), then)?;
    moment.due_in(Lane::Calls, then);
    Ok(())
}

/// The provider is known not to have made it: once more, while that is of use.
fn not_made(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    wait: Duration,
) -> Result<(), Failure> {
    if placed.unwanted {
        end(moment, tx, placed, PlacedResult::Canceled)?;
        let news = News::Over { ending: Ending::Canceled, picked_up: false };
        return purpose::tell(moment, tx, placed, news);
    }
    tx.placed_not_made(placed.id)?;
    if Purpose::of(placed).is_none_or(|purpose| is_stale(moment, placed, &purpose)) {
        return fail(moment, tx, placed, WhyNot::TooLate);
    }
    again(moment, tx, placed.id, moment.now + wait)
}

fn again(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: PlacedId,
    then: Timestamp,
) -> Result<(), Failure> {
    tx.outbox_again(&Errand::Place { placed }.key(), then)?;
    moment.due_in(Lane::Calls, then);
    Ok(())
}

fn is_stale(moment: &Moment, placed: &Placed, purpose: &Purpose) -> bool {
    // Waiting for its turn at the provider, of which the exchange knows, is not the provider's delay.
    let turn = placed.slot_at.max(placed.decided_at);
    moment.now.since(turn) > purpose.patience()
}

fn rang_out(moment: &Moment, placed: &Placed) -> bool {
    let asked = placed.asked_at.unwrap_or(placed.decided_at);
    moment.now.since(asked) >= Duration::from_secs(placed.ring_seconds.into()) + RANG_OUT
}

/// As long as the provider asks for, but never so long that a ring is of no more use.
fn wait_after(placed: &Placed, fault: CarrierError) -> Duration {
    let doubled = FIRST_WAIT * (1 << placed.tries.saturating_sub(1).min(6));
    doubled.max(fault.retry_after().unwrap_or_default()).min(LONGEST_WAIT)
}

/// Whether the provider does what it is asked, for whoever looks after the exchange.
fn answered(moment: &Moment, tx: &mut Tx<'_>, fault: Option<&CarrierError>) -> Result<(), Failure> {
    let works = fault.is_none_or(CarrierError::is_an_answer);
    Ok(tx.provider_works(works, moment.now)?)
}
