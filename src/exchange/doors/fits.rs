//! `fits {ok}`: what the neighbour says afterwards: a good question for them, or none. For the desk.

use super::{Door, bool_param, returned};
use crate::exchange::Failure;
use crate::exchange::leg::Leg;
use crate::flow::Vars;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    if let Some(attempt) = leg.call.attempt {
        let what = if bool_param(params, "ok") { "fits" } else { "fits_not" };
        let request = leg.tx.attempt(attempt)?.map(|row| row.request.0);
        let (call, now) = (Some(leg.call.id.0), leg.moment.now);
        leg.tx.record_event(what, request, call, Some(attempt.0), now)?;
    }
    Ok(returned([]))
}
