//! `ring-caller`: the neighbour of this leg said yes to a question whose caller is called back.

use super::Door;
use crate::exchange::Failure;
use crate::exchange::callback::{self, Dial};
use crate::exchange::drive::Wanted;
use crate::exchange::leg::Leg;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    let attempt = leg.call.attempt.ok_or(Failure::UnknownLeg)?;
    let row = leg.tx.attempt(attempt)?.ok_or(Failure::UnknownLeg)?;
    let request = leg.tx.request(row.request)?.ok_or(Failure::UnknownLeg)?;
    if !leg.present {
        return Ok(Door::Returned(callback::result_of(None)));
    }
    Ok(match callback::dial(leg.moment, leg.tx, &request, attempt)? {
        Dial::Rings(callback, phone) => Door::RingsCaller(callback, phone),
        Dial::InVain => Door::Returned(callback::result_of(Some(&Wanted::default()))),
        Dial::Gone => Door::Returned(callback::result_of(None)),
    })
}
