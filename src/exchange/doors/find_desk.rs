//! `find-desk`: the desk's telephones one after another, each with a key to accept.

use super::{Door, returned, rings_or_ended};
use crate::dispatch::Search;
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_open, text};
use crate::exchange::{Failure, drive};
use crate::store::{NewRequest, RequestKind};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    if let Some(ring) = leg.to_ring.take() {
        return Ok(Door::Rings(ring));
    }
    if !leg.present {
        return Ok(returned([("result", text("gone"))]));
    }
    let seat = leg.standing.seat.take();
    if seat.is_none() && !desk_open(leg.tx, leg.line, leg.moment.now)? {
        return Ok(returned([("result", text("closed"))]));
    }
    leg.stop_search(leg.standing.search)?;
    leg.stop_search(leg.standing.desk)?;
    let request = leg.tx.open_request(&NewRequest {
        line: leg.line.number.clone(),
        kind: RequestKind::Desk,
        service: None,
        postcode: None,
        language: leg.standing.position.language(),
        participant: leg.call.participant,
        call: Some(leg.call.id),
        note: None,
        now: leg.moment.now,
    })?;
    leg.standing.desk = Some(request.id);
    if let Some(seat) = &seat {
        leg.tx.wish_for_seat(request.id, seat)?;
    }
    let search = Search::new(drive::desk_limits(leg.line, seat.as_ref()));
    Ok(rings_or_ended(drive::begin(leg.moment, leg.tx, leg.line, &request, search)?))
}
