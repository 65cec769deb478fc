//! `check-number {digits}`: may this number, which was keyed in, be called back? One that may not
//! gets a kind sentence; which one, is all that the flow is told.

use super::{Door, returned, text_param};
use crate::domain::Phone;
use crate::domain::phone::Refused;
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, background};
use crate::flow::Vars;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let digits = text_param(params, "digits").unwrap_or_default();
    let word = match Phone::parse(digits, leg.moment.context.numbering) {
        Ok(phone) if leg.moment.context.is_ours(&phone) => "ours",
        Ok(phone) if background::may_call_back(leg.moment, &phone) => "fine",
        Ok(_) | Err(Refused::Kind | Refused::Short) => "kind",
        Err(Refused::Foreign) => "foreign",
        Err(Refused::NotANumber | Refused::Unassigned | Refused::Fixture) => "unknown",
    };
    Ok(returned([("result", text(word))]))
}
