//! `connect-me`: a caller who did not come to the telephone before is on the line now. The search
//! goes on live, and rings whoever had said yes first.

use super::{Door, returned, rings_or_ended};
use crate::dispatch::Input;
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, drive};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    if let Some(ring) = leg.to_ring.take() {
        return Ok(Door::Rings(ring));
    }
    if !leg.present {
        return Ok(returned([("result", text("gone"))]));
    }
    let ring = leg.standing.callback.ok_or(Failure::UnknownLeg)?;
    let row = leg.tx.callback(ring)?.ok_or(Failure::UnknownLeg)?;
    let mut limits = drive::live_limits(leg.line);
    // They have been called back already.
    limits.offer_after = None;
    let here = Input::CallerOnTheLine { ring, limits };
    let wanted = drive::feed(leg.moment, leg.tx, row.request, here)?;
    // From here on the search waits for this leg, as for any caller's.
    leg.tx.asked_on(row.request, leg.call.id)?;
    leg.standing.search = Some(row.request);
    leg.standing.background = None;
    if row.placed.is_none() {
        // Their own call, taken back from the desk: a caller's like any other from here on.
        leg.tx.ring_over_leg_goes_on(row.id, leg.moment.now)?;
        leg.standing.callback = None;
    }
    Ok(rings_or_ended(wanted))
}
