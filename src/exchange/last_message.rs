//! The message of a caller whose call could not go on: kept without a flow, as nothing is known of
//! where theirs stood.

use crate::carrier::Sid;
use crate::carrier::webhook::{Recording, Webhook};
use crate::exchange::incoming::served_as;
use crate::exchange::outbox::delete_there;
use crate::exchange::session::desk_due;
use crate::exchange::{Exchange, Failure, Moment, messages};
use crate::store::{Call, Direction, NewCall, NewMessage, NewPromise, PromiseKind, Role, Tx};

/// Shorter than this is silence after the tone, seconds.
const SHORTEST: u32 = 2;
/// Of a leg's messages the one that stands beside its steps: no flow takes so many.
const STEP: u32 = 1_000_000;

impl Exchange {
    /// Somebody has left a message at the address of last resort; what they hear.
    ///
    /// # Errors
    /// [`Failure`]; nothing was kept then.
    pub async fn last_message(&self, webhook: Webhook) -> Result<String, Failure> {
        let to = webhook.to.clone();
        match self.keep_last_message(webhook).await? {
            true => self.message_is_kept(&to),
            false => self.call_later(&to),
        }
    }

    /// Its sound can be fetched now. Where somebody put the receiver down this may be the only word
    /// of it.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn last_message_ready(&self, webhook: Webhook) -> Result<(), Failure> {
        self.keep_last_message(webhook.clone()).await?;
        self.one_webhook(move |moment, tx| {
            let (call, recording) = (tx.call_by_sid(&webhook.call_sid)?, &webhook.recording);
            if let (Some(call), Some(recording)) = (call, recording) {
                tx.recording_ready(call.id, &recording.url, moment.now)?;
            }
            Ok(())
        })
        .await
    }

    async fn keep_last_message(&self, webhook: Webhook) -> Result<bool, Failure> {
        let line = self.line_or_first(&webhook.to).map(|line| line.number.clone());
        let line = line.ok_or(Failure::UnknownLine)?;
        self.one_webhook(move |moment, tx| {
            let Some(recording) = webhook.recording.clone() else { return Ok(false) };
            if recording.seconds < SHORTEST {
                let sid = recording.sid.and_then(|sid| Sid::parse(&sid).ok());
                delete_there(moment, tx, sid)?;
                return Ok(false);
            }
            let call = match tx.call_by_sid(&webhook.call_sid)? {
                Some(call) => call,
                None => tx.open_call(&NewCall {
                    sid: webhook.call_sid.clone(),
                    parent_sid: None,
                    direction: Direction::Incoming,
                    role: Role::Caller,
                    line: line.clone(),
                    caller: served_as(moment, webhook.caller(moment.context.numbering)),
                    participant: None,
                    attempt: None,
                    now: moment.now,
                })?,
            };
            keep(moment, tx, &call, recording)?;
            Ok(true)
        })
        .await
    }
}

/// Told twice, it is one.
fn keep(
    moment: &Moment,
    tx: &mut Tx<'_>,
    call: &Call,
    recording: Recording,
) -> Result<(), Failure> {
    if tx.has_message(call.id, STEP)? {
        return Ok(());
    }
    let known = moment.context.line(call.line.e164()).or_else(|| moment.context.lines.first());
    let line = known.ok_or(Failure::UnknownLine)?;
    let message = tx.add_message(&NewMessage {
        line: line.number.clone(),
        caller: call.caller.clone(),
        call: call.id,
        step: STEP,
        request: None,
        recording_url: recording.url.clone(),
        recording_sid: recording.sid.clone(),
        seconds: recording.seconds,
        now: moment.now,
    })?;
    let sid = recording.sid.and_then(|sid| Sid::parse(&sid).ok());
    messages::fetch_when_ready(moment, tx, message, recording.url, sid)?;
    let due_at = desk_due(tx, line, moment.now)?;
    tx.add_promise(&NewPromise {
        kind: PromiseKind::DeskAnswers,
        line: line.number.clone(),
        request: None,
        message: Some(message),
        participant: call.participant,
        due_at,
        now: moment.now,
    })?;
    Ok(())
}
