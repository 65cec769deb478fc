//! `still-there {is}`: what somebody answers who is asked whether they still take part, beside a yes, a
//! pause or a stop: those are theirs to settle as always (`own-...`).

use super::{Door, returned, text_param};
use crate::dispatch::choose::Pause;
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_day, desk_due, text};
use crate::exchange::{Failure, participants};
use crate::flow::Vars;
use crate::store::{NewPromise, PromiseKind};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let now = leg.moment.now;
    let Some(who) = participants::who_takes_part(leg.tx, &leg.call)?.filter(|_| leg.present) else {
        return Ok(returned([("result", text("gone"))]));
    };
    match text_param(params, "is").unwrap_or_default() {
        // Also if they hang up now: not rung until they or the desk say otherwise.
        "stop-asked" => leg.tx.pause(who.id, Pause::StopNotConfirmed)?,
        "desk" => {
            let due_at = desk_due(leg.tx, leg.line, now)?;
            leg.tx.add_promise(&NewPromise {
                kind: PromiseKind::RingNeighbourBack,
                line: leg.line.number.clone(),
                request: None,
                message: None,
                participant: Some(who.id),
                due_at,
                now,
            })?;
        }
        other => return Err(Failure::NoSuchDoor(format!("still-there with is='{other}'"))),
    }
    leg.tx.heard_from(who.id, now)?;
    let day = desk_day(leg.tx, leg.line, now, leg.standing.position.language())?;
    Ok(returned([("result", text("noted")), ("day", text(&day))]))
}
