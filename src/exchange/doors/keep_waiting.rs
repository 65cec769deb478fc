//! `keep-waiting`: the caller, who was offered to be called back, would rather wait.

use super::{Door, returned, rings_or_ended};
use crate::dispatch::Input;
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, drive};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    if let Some(ring) = leg.to_ring.take() {
        return Ok(Door::Rings(ring));
    }
    match leg.standing.search {
        Some(request) if leg.present => {
            Ok(rings_or_ended(drive::feed(leg.moment, leg.tx, request, Input::KeepWaiting)?))
        }
        Some(_) => Ok(returned([("result", text("gone"))])),
        None => Ok(returned([("result", text("nobody"))])),
    }
}
