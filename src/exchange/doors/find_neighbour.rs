//! `find-neighbour {service, postcode}` and `try-again`: the live search.

use super::{Door, returned, rings_or_ended, text_param};
use crate::dispatch::{Input, Search};
use crate::domain::{Postcode, ServiceId};
use crate::exchange::leg::Leg;
use crate::exchange::session::{coordinator_first, may_ring_now, text};
use crate::exchange::{Failure, drive};
use crate::flow::Vars;
use crate::store::{NewRequest, RequestKind};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    // The search has gone on to the next neighbour and the flow has said so: ring.
    if let Some(ring) = leg.to_ring.take() {
        return Ok(Door::Rings(ring));
    }
    if !leg.present {
        return Ok(returned([("result", text("gone"))]));
    }
    let service = service_of(leg, params)?;
    let Some(postcode) = place_of(leg, params)? else {
        return Ok(returned([("result", text("nobody"))]));
    };
    if coordinator_first(leg.tx, leg.line, postcode)? {
        return Ok(returned([("result", text("coordinator"))]));
    }
    if !may_ring_now(leg.line, leg.moment.now) {
        return Ok(returned([("result", text("closed"))]));
    }
    leg.stop_search(leg.standing.search)?;
    let request = leg.tx.open_request(&NewRequest {
        line: leg.line.number.clone(),
        kind: RequestKind::Neighbour,
        service: Some(service),
        postcode: Some(postcode),
        language: leg.standing.position.language(),
        participant: leg.call.participant,
        call: Some(leg.call.id),
        note: leg.standing.note,
        now: leg.moment.now,
    })?;
    leg.standing.search = Some(request.id);
    let search = Search::new(drive::live_limits(leg.line));
    Ok(rings_or_ended(drive::begin(leg.moment, leg.tx, leg.line, &request, search)?))
}

/// Another round for the same request: one band further, and nobody is asked twice (R4).
pub(super) fn open_again(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    if let Some(ring) = leg.to_ring.take() {
        return Ok(Door::Rings(ring));
    }
    if !leg.present {
        return Ok(returned([("result", text("gone"))]));
    }
    let Some(request) = leg.standing.search else {
        return Ok(returned([("result", text("nobody"))]));
    };
    if !may_ring_now(leg.line, leg.moment.now) {
        return Ok(returned([("result", text("closed"))]));
    }
    leg.tx.reopen_request(request)?;
    Ok(rings_or_ended(drive::feed(leg.moment, leg.tx, request, Input::TryAgain)?))
}

/// What is asked: something that this line offers.
pub(super) fn service_of(leg: &Leg<'_, '_, '_>, params: &Vars) -> Result<ServiceId, Failure> {
    text_param(params, "service")
        .and_then(|service| ServiceId::parse(service).ok())
        .filter(|service| leg.line.services.contains(service))
        .ok_or_else(|| Failure::NoSuchDoor("a search without a service of this line".into()))
}

/// The place that was keyed in or else, for a known participant, their own.
pub(super) fn place_of(
    leg: &mut Leg<'_, '_, '_>,
    params: &Vars,
) -> Result<Option<Postcode>, Failure> {
    if let Some(digits) = text_param(params, "postcode") {
        return Ok(Postcode::parse(digits).ok());
    }
    let Some(participant) = leg.call.participant else { return Ok(None) };
    Ok(leg.tx.participant(participant)?.and_then(|p| p.postcode))
}
