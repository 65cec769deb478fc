//! `ask-coordinator {service, postcode, number}`: where the village coordinator looks first. Nobody is
//! rung: the coordinator has a promise, and calls on the number that the caller calls from or, if one
//! is given, on that.

use super::find_neighbour::{place_of, service_of};
use super::{Door, returned, text_param};
use crate::domain::Phone;
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, background, intake};
use crate::flow::Vars;
use crate::store::{NewRequest, RequestKind};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let (moment, line) = (leg.moment, leg.line);
    let service = service_of(leg, params)?;
    let place = place_of(leg, params)?.filter(|_| leg.present);
    let phone = match text_param(params, "number") {
        Some(digits) => Phone::parse(digits, moment.context.numbering).ok(),
        None => leg.call.caller.phone().cloned(),
    };
    let phone = phone.filter(|phone| background::may_call_back(moment, phone));
    let (Some(postcode), Some(phone)) = (place, phone) else {
        return Ok(returned([("result", text("refused"))]));
    };
    let language = leg.standing.position.language();
    let request = leg.tx.open_request(&NewRequest {
        line: line.number.clone(),
        kind: RequestKind::Neighbour,
        service: Some(service),
        postcode: Some(postcode),
        language,
        participant: leg.call.participant,
        call: Some(leg.call.id),
        note: None,
        now: moment.now,
    })?;
    leg.tx.call_back_number(request.id, &phone)?;
    leg.tx.waits_for_the_coordinator(request.id, moment.now)?;
    let due_at = intake::for_the_coordinator(moment, leg.tx, line, request.id)?;
    let day = background::at_the_latest(moment.now, due_at, language);
    Ok(returned([("result", text("promised")), ("day", text(&day))]))
}
