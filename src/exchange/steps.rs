//! One step of a leg: answer it once, and answer a repeat the same (R11).

use crate::carrier::webhook::Webhook;
use crate::domain::{CallId, Line, Timestamp};
use crate::exchange::standing::Standing;
use crate::exchange::{Context, Failure, Moment, is_about};
use crate::store::{Call, Tx};
use crate::twiml::{self, Verb};

/// What a webhook about a leg's step finds.
pub(super) enum Found {
    /// It was answered before: this is what was said, and it has no further effect.
    Repeat(String),
    /// The leg is over; whatever is answered has no audience, and nothing is begun for it.
    Over,
    /// The leg waits for just this.
    Waiting(Box<(Call, Standing)>),
}

/// Looks at the leg that a webhook speaks of.
pub(super) fn find(
    tx: &mut Tx<'_>,
    call: CallId,
    step: u32,
    webhook: &Webhook,
) -> Result<Found, Failure> {
    let (call, given) = tx.call_at_step(call, step)?.ok_or(Failure::UnknownLeg)?;
    is_about(webhook, &call.sid)?;
    if let Some(given) = given {
        if given.fingerprint != webhook.fingerprint {
            tracing::info!(
                call = call.id.0,
                step,
                "webhook.other_content: answered as the first time"
            );
        }
        return Ok(Found::Repeat(given.answer));
    }
    let is_next = i64::from(step) == call.step + 1;
    // Putting the receiver down is how most people end a recording: it counts all the same.
    if call.ended_at.is_some() && !(is_next && webhook.recording.is_some()) {
        return Ok(Found::Over);
    }
    if !is_next {
        // Not a step that this exchange ever handed out.
        return Err(Failure::UnknownLeg);
    }
    let damaged = || Failure::Damaged { what: format!("leg {}", call.id) };
    let stored = call.position.as_deref().ok_or_else(damaged)?;
    let standing = Standing::read(stored).ok_or_else(damaged)?;
    Ok(Found::Waiting(Box::new((call, standing))))
}

/// Writes down what is answered to this step, and where the leg now stands, before it is said.
pub(super) fn answer(
    tx: &mut Tx<'_>,
    call: &Call,
    step: u32,
    fingerprint: [u8; 16],
    standing: &Standing,
    verbs: &[Verb],
    now: Timestamp,
) -> Result<String, Failure> {
    let document = twiml::document(verbs)?;
    tx.record_step(call.id, step, fingerprint, &document, &standing.write(), now)?;
    Ok(document)
}

/// A document that ends the leg, also where it should be over already: a telephone that we gave up
/// may still be off the hook, and an empty document would *join* its owner with the caller (R5).
pub(super) fn hang_up() -> Result<String, Failure> {
    Ok(twiml::document(&[Verb::Hangup])?)
}

/// The line of a leg.
pub(super) fn line_of<'a>(context: &'a Context, call: &Call) -> Result<&'a Line, Failure> {
    context.line(call.line.e164()).ok_or(Failure::UnknownLine)
}

impl Moment {
    /// The line of a leg.
    pub(super) fn line_of(&self, call: &Call) -> Result<&Line, Failure> {
        line_of(&self.context, call)
    }
}
