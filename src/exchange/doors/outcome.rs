//! `outcome {ok}`: did it work out? A yes from a known caller makes the two a pair ("klik").

use super::{Door, bool_param, returned};
use crate::exchange::Failure;
use crate::exchange::leg::Leg;
use crate::flow::Vars;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    if let Some(request) = leg.standing.search {
        leg.tx.worked_out(request, bool_param(params, "ok"))?;
    }
    Ok(returned([]))
}
