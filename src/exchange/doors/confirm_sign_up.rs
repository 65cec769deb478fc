//! `confirm-sign-up {is}`: what somebody answers who is rung about a sign-up. Only on a leg that the
//! exchange placed for it: a number that calls in is a hint, not a proof.

use super::{Door, returned, text_param};
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_day, desk_due, text};
use crate::exchange::{Failure, signing_up};
use crate::flow::Vars;
use crate::store::{NewPromise, PromiseKind};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let Some(who) = leg.standing.newcomer.filter(|_| leg.present) else {
        return Ok(returned([("result", text("gone"))]));
    };
    let result = match text_param(params, "is").unwrap_or_default() {
        "yes" if signing_up::confirm(leg, who)? => "done",
        "yes" => "gone",
        "no" => {
            signing_up::it_was_not_me(leg, who)?;
            "noted"
        }
        "desk" => {
            let due_at = desk_due(leg.tx, leg.line, leg.moment.now)?;
            leg.tx.add_promise(&NewPromise {
                kind: PromiseKind::RingNeighbourBack,
                line: leg.line.number.clone(),
                request: None,
                message: None,
                participant: Some(who),
                due_at,
                now: leg.moment.now,
            })?;
            "noted"
        }
        other => return Err(Failure::NoSuchDoor(format!("confirm-sign-up with is='{other}'"))),
    };
    let day = desk_day(leg.tx, leg.line, leg.moment.now, leg.standing.position.language())?;
    Ok(returned([("result", text(result)), ("day", text(&day))]))
}
