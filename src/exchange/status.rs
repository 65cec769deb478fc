//! What the provider reports without asking anything: it ends attempts and calls, and never rings
//! anybody. Reports may come late, twice, or in any order.

use crate::carrier::webhook::{LegStatus, Webhook};
use crate::dispatch::{Input, Source};
use crate::domain::{AttemptId, CallId};
use crate::exchange::dialled::ending_of;
use crate::exchange::standing::Standing;
use crate::exchange::{Exchange, Failure, Moment, drive};
use crate::store::{Call, Role, Tx};

impl Exchange {
    /// How the leg of a rung telephone goes.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn attempt_status(
        &self,
        attempt: AttemptId,
        webhook: Webhook,
    ) -> Result<(), Failure> {
        self.one_input(move |moment, tx| {
            let Some(row) = tx.attempt(attempt)? else { return Err(Failure::UnknownLeg) };
            if row.sid.as_ref().is_some_and(|sid| *sid != webhook.call_sid) {
                return Err(Failure::UnknownLeg);
            }
            if row.sid.is_none() {
                tx.attempt_sid(attempt, &webhook.call_sid)?;
            }
            if let LegStatus::Over(ending) = webhook.status {
                let ended = Input::LegEnded { attempt, ending, told_by: Source::Candidate };
                drive::feed(moment, tx, row.request, ended)?;
                if let Some(leg) = tx.call_by_sid(&webhook.call_sid)? {
                    tx.call_ended(leg.id, moment.now)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// How a call to one of our lines goes: told once, when it is over.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn line_status(&self, webhook: Webhook) -> Result<(), Failure> {
        self.one_input(move |moment, tx| {
            let call = tx.call_by_sid(&webhook.call_sid)?.ok_or(Failure::UnknownLeg)?;
            if matches!(webhook.status, LegStatus::Over(_)) && call.role == Role::Caller {
                caller_left(moment, tx, &call)?;
            }
            Ok(())
        })
        .await
    }

    /// A recording can be fetched now.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn recording(&self, call: CallId, webhook: Webhook) -> Result<(), Failure> {
        self.one_input(move |moment, tx| {
            let call = tx.call(call)?.ok_or(Failure::UnknownLeg)?;
            crate::exchange::is_about(&webhook, &call.sid)?;
            if let Some(recording) = &webhook.recording {
                tx.recording_ready(call.id, &recording.url, recording.sid.as_deref(), moment.now)?;
            }
            Ok(())
        })
        .await
    }
}

/// The caller's leg is over: whatever rings for it stops.
pub(super) fn caller_left(moment: &Moment, tx: &mut Tx<'_>, call: &Call) -> Result<(), Failure> {
    if call.ended_at.is_some() {
        return Ok(());
    }
    let standing = call.position.as_deref().and_then(Standing::read);
    let searches = standing.into_iter().flat_map(|s| [s.search, s.desk]).flatten();
    for request in searches {
        drive::feed(moment, tx, request, Input::CallerLeft)?;
    }
    tx.call_ended(call.id, moment.now)?;
    Ok(())
}

/// The report of a dial whose caller has gone: it frees the candidate and begins nothing.
pub(super) fn late_dial_report(
    moment: &Moment,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    webhook: &Webhook,
) -> Result<(), Failure> {
    let Some(row) = tx.attempt(attempt)? else { return Ok(()) };
    let ended = Input::LegEnded { attempt, ending: ending_of(webhook), told_by: Source::Candidate };
    drive::feed(moment, tx, row.request, ended)?;
    Ok(())
}
