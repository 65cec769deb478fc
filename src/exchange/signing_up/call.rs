//! The call in which somebody is asked whether they signed up.

use std::time::Duration;

use super::may_ring_from;
use crate::carrier::webhook::Webhook;
use crate::domain::ParticipantId;
use crate::exchange::leg::{Leg, Opening};
use crate::exchange::placing::{self, Decided, NewPlacing, News, Purpose, WhyNot};
use crate::exchange::{Failure, Moment, forget, steps};
use crate::flow::Vars;
use crate::store::{Placed, Role, SignUp, Tx};

/// The flow of the call.
const FLOW: &str = "confirm";
/// How long the telephone rings: long enough for somebody who walks slowly, too short for most
/// voicemail boxes.
const RING: Duration = Duration::from_secs(25);
/// How often somebody is rung about it.
const MOST_TRIES: u32 = 3;
/// From one try in vain to the next: later that day, and then the day after.
const LATER: [Duration; 2] = [Duration::from_secs(3 * 3600), Duration::from_secs(21 * 3600)];
/// Somebody who is in a conversation, or rung for something else, is rung after this time.
const WHEN_FREE: Duration = Duration::from_secs(10 * 60);
/// A call that did not come about is tried again after this time.
const WHEN_IT_WORKS: Duration = Duration::from_secs(3600);
/// Sign-ups looked at in one transaction.
const BATCH: usize = 16;

/// Rings everybody who is to be rung by now.
pub(super) fn ring_those_due(moment: &Moment, tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let due = tx.sign_ups_due(moment.now, BATCH)?;
    for sign_up in &due {
        ring(moment, tx, sign_up)?;
    }
    if due.len() == BATCH {
        moment.due(moment.now);
    }
    Ok(due.len())
}

fn ring(moment: &Moment, tx: &mut Tx<'_>, sign_up: &SignUp) -> Result<(), Failure> {
    let who = sign_up.participant;
    // A line that is no longer there rings nobody; a week later they are erased.
    let Some(line) = moment.context.line(sign_up.line.e164()) else {
        return Ok(tx.sign_up_rings(who, None)?);
    };
    if sign_up.tries >= MOST_TRIES {
        return Ok(tx.sign_up_rings(who, None)?);
    }
    if !line.may_ring(moment.now) {
        return later(moment, tx, sign_up, Duration::ZERO);
    }
    // Perhaps they sign up by telephone just now, and somebody beside them on the web.
    if tx.is_calling_us(&sign_up.phone)? {
        return later(moment, tx, sign_up, WHEN_FREE);
    }
    let new = NewPlacing {
        to: &sign_up.phone,
        line,
        ring: RING,
        purpose: Purpose::Newcomer { participant: who },
    };
    match placing::place(moment, tx, &new)? {
        Decided::Placed(_) | Decided::NotAllowed => Ok(tx.sign_up_rings(who, None)?),
        Decided::Taken => later(moment, tx, sign_up, WHEN_FREE),
    }
}

/// They are rung after this time, or when the line rings next.
fn later(
    moment: &Moment,
    tx: &mut Tx<'_>,
    sign_up: &SignUp,
    after: Duration,
) -> Result<(), Failure> {
    let line = moment.context.line(sign_up.line.e164());
    let at = line.and_then(|line| may_ring_from(line, moment.now + after));
    tx.sign_up_rings(sign_up.participant, at)?;
    if let Some(at) = at {
        moment.due(at);
    }
    Ok(())
}

/// The telephone was picked up.
pub(in crate::exchange) fn picked_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    who: ParticipantId,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let Some(sign_up) = tx.sign_up_of(who)? else { return steps::hang_up() };
    let opening = Opening {
        call: placing::leg_of(moment, placed, webhook, Role::Neighbour, Some(who)),
        flow: FLOW,
        language: sign_up.language,
        vars: Vars::new(),
    };
    let (mut leg, turn) = Leg::open(moment, tx, moment.context.flows.current(), opening)?;
    leg.standing.newcomer = Some(who);
    leg.answer(turn, webhook.fingerprint)
}

/// The call is over, or never came about.
pub(in crate::exchange) fn over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    who: ParticipantId,
    news: News,
) -> Result<(), Failure> {
    let Some(sign_up) = tx.sign_up_of(who)? else {
        // It was not them: of the calls to this number nothing is left either.
        if tx.participant(who)?.is_none() {
            return forget::erase_all_of(moment, tx, &placed.phone);
        }
        return Ok(());
    };
    match news {
        News::Over { .. } => {
            tx.sign_up_tried(who)?;
            let tries = usize::try_from(sign_up.tries).unwrap_or(usize::MAX);
            match LATER.get(tries) {
                Some(after) => later(moment, tx, &sign_up, *after),
                None => Ok(tx.sign_up_rings(who, None)?),
            }
        }
        // They were not disturbed: it does not count.
        News::Failed(WhyNot::Refused | WhyNot::TooLate) => {
            later(moment, tx, &sign_up, WHEN_IT_WORKS)
        }
        News::Failed(WhyNot::BadNumber | WhyNot::NotAllowed) => Ok(tx.sign_up_rings(who, None)?),
    }
}
