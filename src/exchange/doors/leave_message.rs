//! `leave-message`: the recording becomes a message for the desk, and a promise with a day.

use super::{Door, returned};
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_day, desk_due, text};
use crate::exchange::{Failure, messages};
use crate::flow::Value;
use crate::store::{NewMessage, NewPromise, PromiseKind};

/// Shorter than this is silence after the tone, seconds (twiml.md, pitfall 29).
const SHORTEST: u32 = 2;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    let Some(recording) = leg.recording_of_at_least(SHORTEST)? else {
        return Ok(returned([("kept", Value::Bool(false))]));
    };
    let now = leg.moment.now;
    let standing = &leg.standing;
    let request = standing.search.or(standing.desk).or(standing.background);
    let due_at = desk_due(leg.tx, leg.line, now)?;
    let message = leg.tx.add_message(&NewMessage {
        line: leg.line.number.clone(),
        caller: leg.call.caller.clone(),
        call: leg.call.id,
        step: leg.step,
        request,
        recording_url: recording.url.clone(),
        recording_sid: recording.sid.clone().map(String::from),
        seconds: recording.seconds,
        now,
    })?;
    messages::fetch_when_ready(leg.moment, leg.tx, message, recording.url, recording.sid)?;
    let promised = match request {
        Some(request) => leg.tx.message_for_promise(request, message)?,
        None => false,
    };
    let day = desk_day(leg.tx, leg.line, now, leg.standing.position.language())?;
    let kept = returned([("kept", Value::Bool(true)), ("day", text(&day))]);
    if promised {
        return Ok(kept);
    }
    leg.tx.add_promise(&NewPromise {
        kind: PromiseKind::DeskAnswers,
        line: leg.line.number.clone(),
        request,
        message: Some(message),
        participant: leg.call.participant,
        due_at,
        now,
    })?;
    Ok(kept)
}
