//! `ring-back`: from the desk's own telephone, whoever was promised a call back.

use super::{Door, returned};
use crate::exchange::Failure;
use crate::exchange::leg::Leg;
use crate::exchange::ringback::RINGS;
use crate::exchange::session::text;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    let Some(back) = leg.tx.desk_call_of_leg(leg.call.id)? else {
        return Err(Failure::NoSuchDoor("ring-back on a leg that calls nobody back".into()));
    };
    let kept = leg.tx.promise(back.promise)?.is_none_or(|promise| promise.kept.is_some());
    if kept || back.result.is_some() || !leg.present {
        return Ok(returned([("result", text("gone"))]));
    }
    if !leg.moment.context.may_dial(&back.phone) {
        return Ok(returned([("result", text("failed"))]));
    }
    // They may be helping somebody this very minute (R3).
    if leg.tx.is_taken(&back.phone)? {
        return Ok(returned([("result", text("busy"))]));
    }
    leg.tx.desk_call_dials(back.id, leg.moment.now)?;
    let reports_to = leg.moment.context.addresses.called_back_status(back.id);
    Ok(Door::Dials { phone: back.phone, ring: RINGS, reports_to })
}
