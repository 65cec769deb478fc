//! `yes-after-all`: somebody who was rung in vain calls back and says yes to a question that the desk
//! still has. R4 keeps them from being rung for it again, so the desk brings the two together.

use super::{Door, returned};
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_day, desk_due, text};
use crate::exchange::{Failure, participants};
use crate::store::{NewPromise, PromiseKind, RungLately};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    let now = leg.moment.now;
    let Some(who) = participants::who_takes_part(leg.tx, &leg.call)?.filter(|_| leg.present) else {
        return Ok(returned([]));
    };
    let Some(RungLately::Open(request)) = participants::rung_lately(leg.tx, who.id, now)? else {
        return Ok(returned([]));
    };
    leg.tx.in_touch(who.id, now)?;
    // Said twice is promised once.
    if !leg.tx.is_promised(PromiseKind::RingNeighbourBack, request, who.id)? {
        let due_at = desk_due(leg.tx, leg.line, now)?;
        leg.tx.add_promise(&NewPromise {
            kind: PromiseKind::RingNeighbourBack,
            line: leg.line.number.clone(),
            request: Some(request),
            message: None,
            participant: Some(who.id),
            due_at,
            now,
        })?;
    }
    let day = desk_day(leg.tx, leg.line, now, leg.standing.position.language())?;
    Ok(returned([("day", text(&day))]))
}
