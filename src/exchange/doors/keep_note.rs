//! `keep-note`: the caller's own few words become the note that a neighbour hears before saying yes.

use super::{Door, returned};
use crate::carrier::Sid;
use crate::exchange::Failure;
use crate::exchange::leg::Leg;
use crate::exchange::outbox::Errand;
use crate::flow::Value;

/// Shorter than this is a cough or a click, seconds.
const SHORTEST: u32 = 1;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    // Somebody who hung up while speaking asks nothing any more.
    let shortest = if leg.present { SHORTEST } else { u32::MAX };
    let Some(recording) = leg.recording_of_at_least(shortest)? else {
        return Ok(returned([("kept", Value::Bool(false))]));
    };
    let sid = recording.sid.as_ref().map(Sid::as_str);
    let note = leg.tx.add_note(leg.call.id, &recording.url, sid, leg.moment.now)?;
    leg.standing.note = Some(note);
    // Fetched at once and deleted at the provider: it is never played from there.
    Errand::FetchNote { note, url: recording.url, sid: recording.sid }.post(leg.moment, leg.tx)?;
    Ok(returned([("kept", Value::Bool(true))]))
}
