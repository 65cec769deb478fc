//! Ringing somebody is over, and the caller's leg asks what next: the answer already rings the
//! next (R7).

use crate::carrier::webhook::{LegStatus, Webhook};
use crate::dispatch::{Ending, Input, Outcome, Source};
use crate::domain::{AttemptId, CallId};
use crate::exchange::drive::{self, Wanted};
use crate::exchange::leg::Leg;
use crate::exchange::standing::Doing;
use crate::exchange::steps::{self, Found};
use crate::exchange::{Exchange, Failure, doors, ringback, status};
use crate::flow::{Event, Value, Vars};
use crate::store::CalledBack;

impl Exchange {
    /// The dial of this attempt is over.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn dialled(
        &self,
        call: CallId,
        step: u32,
        attempt: AttemptId,
        webhook: Webhook,
    ) -> Result<String, Failure> {
        self.one_webhook(move |moment, tx| {
            let (call, standing) = match steps::find(tx, call, step, &webhook)? {
                Found::Repeat(answer) => {
                    // The desk may have steered the caller away meanwhile: this is then the only
                    // word that the ring is over.
                    if tx.attempt(attempt)?.is_some_and(|row| row.ended_at.is_none()) {
                        status::late_dial_report(moment, tx, attempt, &webhook)?;
                    }
                    return Ok(answer);
                }
                Found::Over => {
                    status::late_dial_report(moment, tx, attempt, &webhook)?;
                    return steps::hang_up();
                }
                Found::Waiting(leg) => *leg,
            };
            let request = match standing.doing {
                Doing::Ring { request, attempt: ringing, .. } if ringing == attempt => request,
                _ => return Err(Failure::UnknownLeg),
            };
            if matches!(webhook.status, LegStatus::Over(_)) {
                // The caller has gone: nothing is begun, and nobody else is rung.
                status::leg_over(moment, tx, &call)?;
                status::late_dial_report(moment, tx, attempt, &webhook)?;
                return steps::hang_up();
            }
            let ending = ending_of(&webhook);
            let ended = Input::LegEnded { attempt, ending, told_by: Source::Caller };
            let wanted = drive::feed(moment, tx, request, ended)?;
            let mut leg = Leg::load(moment, tx, call, standing, step)?;
            if leg.standing.steered.is_some() {
                return leg.go_where_the_desk_wants(webhook.fingerprint);
            }
            if wanted.outcome == Some(Outcome::Connected) {
                // It was to be heard while they waited.
                leg.standing.say.clear();
            }
            let vars = leg.news(wanted);
            leg.go_on(Event::Returned(vars), webhook.fingerprint)
        })
        .await
    }

    /// A transfer to a number of the organisation's choice is over.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn transferred(
        &self,
        call: CallId,
        step: u32,
        webhook: Webhook,
    ) -> Result<String, Failure> {
        self.one_webhook(move |moment, tx| {
            let (call, standing) = match steps::find(tx, call, step, &webhook)? {
                Found::Repeat(answer) => return Ok(answer),
                Found::Over => {
                    ringback::dial_over(moment, tx, call, &webhook)?;
                    return steps::hang_up();
                }
                Found::Waiting(leg) if leg.1.doing == Doing::Transfer => *leg,
                Found::Waiting(_) => return Err(Failure::UnknownLeg),
            };
            let called_back = ringback::dial_over(moment, tx, call.id, &webhook)?;
            if matches!(webhook.status, LegStatus::Over(_)) {
                status::leg_over(moment, tx, &call)?;
                return steps::hang_up();
            }
            let word = match (called_back, ending_of(&webhook)) {
                (Some(CalledBack::Spoken), _) => "spoken",
                (Some(CalledBack::Short), _) => "short",
                (_, Ending::Completed { .. }) => "far_end_disconnect",
                (_, Ending::Busy) => "busy",
                (_, Ending::NoAnswer | Ending::Canceled) => "noanswer",
                (_, Ending::Failed) => "network_busy",
            };
            let vars = Vars::from([("result".into(), Value::Text(word.into()))]);
            let leg = Leg::load(moment, tx, call, standing, step)?;
            leg.go_on(Event::Returned(vars), webhook.fingerprint)
        })
        .await
    }
}

impl Leg<'_, '_, '_> {
    /// What the waiting object is told: once more, or how it ended.
    fn news(&mut self, wanted: Wanted) -> Vars {
        match wanted.ring {
            Some(ring) => {
                self.to_ring = Some(ring);
                Vars::from([("again".into(), Value::Bool(true))])
            }
            None if wanted.offer => Vars::from([("result".into(), Value::Text("long".into()))]),
            None => doors::result_of(wanted.outcome),
        }
    }
}

/// How the dial ended. A report without a word about it is taken as a failure to reach.
pub(super) fn ending_of(webhook: &Webhook) -> Ending {
    webhook.dial.as_ref().map_or(Ending::Failed, |dial| dial.ending)
}
