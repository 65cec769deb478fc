//! `keep-note`: the caller's own few words become the note that a neighbour hears before saying yes.

use super::{Door, returned};
use crate::exchange::Failure;
use crate::exchange::leg::Leg;
use crate::exchange::outbox::Errand;
use crate::flow::Value;

/// Shorter than this is a cough or a click, seconds.
const SHORTEST: u32 = 1;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    let recording = leg.standing.recording.take().filter(|r| r.seconds >= SHORTEST);
    let Some(recording) = recording else {
        return Ok(returned([("kept", Value::Bool(false))]));
    };
    let sid = recording.sid.as_deref();
    let note = leg.tx.add_note(leg.call.id, &recording.url, sid, leg.moment.now)?;
    leg.standing.note = Some(note);
    // Fetched at once and deleted at the provider: it is never played from there.
    Errand::FetchNote { note, url: recording.url, sid: recording.sid }
        .post(leg.tx, leg.moment.now)?;
    Ok(returned([("kept", Value::Bool(true))]))
}
