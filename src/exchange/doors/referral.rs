//! `referral {service}`: an organisation that helps where no neighbour was found (R10). Its name and
//! number are read out; nobody is told about the caller.

use super::{Door, returned, text_param};
use crate::domain::ServiceId;
use crate::exchange::Failure;
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::flow::{Value, Vars};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let service = text_param(params, "service").and_then(|id| ServiceId::parse(id).ok());
    let mut known = leg.moment.context.referrals.iter();
    let Some(found) = known.find(|referral| referral.helps_with(service.as_ref())) else {
        return Ok(returned([]));
    };
    let number = found.number.as_deref().map_or(Value::Undefined, text);
    Ok(returned([("name", text(&found.name)), ("number", number)]))
}
