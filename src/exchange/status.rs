//! What the provider reports without asking anything: it ends attempts and calls, and never rings
//! anybody. Reports may come late, twice, or in any order.

use crate::carrier::webhook::{LegStatus, Webhook};
use crate::dispatch::{Ending, Input, Source};
use crate::domain::{AttemptId, CallId, RequestId};
use crate::exchange::dialled::ending_of;
use crate::exchange::leg::Leg;
use crate::exchange::standing::{Doing, Standing};
use crate::exchange::steps::{self, Found};
use crate::exchange::{Exchange, Failure, Moment, callback, given_up, is_about, placing};
use crate::flow::Event;
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
        self.one_webhook(move |moment, tx| {
            let Some(row) = tx.attempt(attempt)? else { return Err(Failure::UnknownLeg) };
            if row.sid.as_ref().is_some_and(|sid| *sid != webhook.call_sid) {
                return Err(Failure::UnknownLeg);
            }
            if row.sid.is_none() {
                tx.attempt_sid(attempt, &webhook.call_sid)?;
            }
            if let LegStatus::Over(ending) = webhook.status {
                candidate_left(moment, tx, attempt, row.request, ending)?;
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
        self.one_webhook(move |moment, tx| {
            let call = tx.call_by_sid(&webhook.call_sid)?.ok_or(Failure::UnknownLeg)?;
            if matches!(webhook.status, LegStatus::Over(_)) {
                leg_over(moment, tx, &call)?;
            }
            Ok(())
        })
        .await
    }

    /// The recording made at this step can be fetched now.
    ///
    /// For somebody who put the receiver down this may be the only word that anything was said: the
    /// flow then goes on from here, and keeps it.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then, and a repeat of the report is welcome.
    pub async fn recording(
        &self,
        call: CallId,
        step: u32,
        webhook: Webhook,
    ) -> Result<(), Failure> {
        let told = (call, step, webhook.recording.is_some().then(|| webhook.clone()));
        let done = self.one_webhook(move |moment, tx| {
            let row = tx.call(call)?.ok_or(Failure::UnknownLeg)?;
            is_about(&webhook, &row.sid)?;
            let Some(recording) = webhook.recording.clone() else { return Ok(()) };
            tx.recording_ready(call, &recording.url, moment.now)?;
            // As a rule the recording itself was told first, and answered.
            if tx.answer_given(call, step)?.is_some() {
                return Ok(());
            }
            if let Found::Waiting(waiting) = steps::find(tx, call, step, &webhook)?
                && waiting.1.doing == Doing::Record
            {
                let (row, standing) = *waiting;
                let seconds = recording.seconds;
                let mut leg = Leg::load(moment, tx, row, standing, step)?;
                leg.take(Some(recording));
                leg.go_on(Event::Recorded { seconds }, webhook.fingerprint)?;
            }
            Ok(())
        });
        self.or_unheard(done.await, told)
    }
}

/// A leg is over, whoever said so: whatever was going on for it stops. Twice is once.
pub(super) fn leg_over(moment: &Moment, tx: &mut Tx<'_>, call: &Call) -> Result<(), Failure> {
    if let Some(placed) = tx.placed_by_sid(&call.sid)? {
        return placing::placed_over(moment, tx, &placed, Ending::Completed { bridged: None });
    }
    match (call.role, call.attempt) {
        (Role::Caller, _) => caller_left(moment, tx, call),
        (Role::Neighbour | Role::Desk, Some(attempt)) => {
            let Some(row) = tx.attempt(attempt)? else { return Ok(()) };
            let unknown = Ending::Completed { bridged: None };
            candidate_left(moment, tx, attempt, row.request, unknown)
        }
        (Role::Neighbour | Role::Desk, None) => Ok(tx.call_ended(call.id, moment.now)?),
    }
}

/// A candidate's leg is over: the search hears of it, and the telephone is free.
pub(super) fn candidate_left(
    moment: &Moment,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    request: RequestId,
    ending: Ending,
) -> Result<(), Failure> {
    let ended = Input::LegEnded { attempt, ending, told_by: Source::Candidate };
    given_up::feed(moment, tx, request, ended)?;
    tx.leg_of_attempt_ended(attempt, moment.now)?;
    Ok(())
}

/// The caller's leg is over: whatever rings for it stops.
fn caller_left(moment: &Moment, tx: &mut Tx<'_>, call: &Call) -> Result<(), Failure> {
    if call.ended_at.is_some() {
        return Ok(());
    }
    if let Some(callback) = standing_of(call).and_then(|standing| standing.callback) {
        return callback::over(moment, tx, callback, Ending::Completed { bridged: None });
    }
    caller_gone(moment, tx, call)?;
    tx.call_ended(call.id, moment.now)?;
    Ok(())
}

/// Nobody listens on this leg any more: its searches hear of it. One that was called back for a
/// yes is not the one that its search waits for.
pub(super) fn caller_gone(moment: &Moment, tx: &mut Tx<'_>, call: &Call) -> Result<(), Failure> {
    let standing = standing_of(call);
    let callback = standing.as_ref().is_some_and(|standing| standing.callback.is_some());
    let background = standing.as_ref().and_then(|s| s.background).filter(|_| !callback);
    let searches = standing.into_iter().flat_map(|s| [s.search, s.desk]).flatten();
    for request in searches.chain(background) {
        given_up::feed(moment, tx, request, Input::CallerLeft)?;
    }
    tx.drop_notes_of_call(call.id)?;
    Ok(())
}

fn standing_of(call: &Call) -> Option<Standing> {
    call.position.as_deref().and_then(Standing::read)
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
    given_up::feed(moment, tx, row.request, ended)
}
