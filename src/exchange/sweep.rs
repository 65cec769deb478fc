//! Legs of which nothing is heard any more: the provider is asked how they are.
//!
//! A lost report must not keep a call, or a neighbour, busy for ever (twiml.md, 7.1).

use std::time::Duration;

use crate::carrier::webhook::LegStatus;
use crate::carrier::{CarrierError, Sid};
use crate::domain::CallId;
use crate::exchange::{Exchange, Failure, status};
use crate::store::Call;
use crate::telemetry::{ProviderAnswer, ProviderRequest};

/// A leg is asked after when nothing was heard of it for so long; a conversation is quiet too.
pub(super) const QUIET: Duration = Duration::from_secs(10 * 60);
/// Most legs asked after in one round.
const BATCH: usize = 16;

impl Exchange {
    /// Asks after every leg that has been quiet for ten minutes; returns how many there were.
    ///
    /// # Errors
    /// [`Failure`] of the store; the provider's faults only put it off by ten minutes.
    pub async fn ask_after_quiet_legs(&self) -> Result<usize, Failure> {
        let before = self.now() - QUIET;
        let quiet = self.store.read(move |tx| tx.quiet_calls(before, BATCH)).await?;
        for call in &quiet {
            let over = self.is_over(call).await;
            self.note_leg(call.id, over).await?;
        }
        Ok(quiet.len())
    }

    /// Whether the provider says that the leg is over. Without an answer it is not.
    async fn is_over(&self, call: &Call) -> bool {
        let Ok(sid) = Sid::parse(&call.sid) else { return true };
        let found = self.carrier.look_up(&sid).await;
        let answer = match &found {
            Ok(_) | Err(CarrierError::CallOver) => ProviderAnswer::Done,
            Err(fault) => {
                tracing::warn!(call = call.id.0, %fault, "leg.asked_after_in_vain");
                ProviderAnswer::Unknown
            }
        };
        self.metrics.provider_request(ProviderRequest::LookUp, answer);
        matches!(found, Ok(LegStatus::Over(_)) | Err(CarrierError::CallOver))
    }

    async fn note_leg(&self, call: CallId, over: bool) -> Result<(), Failure> {
        self.one_input(move |moment, tx| {
            tx.heard_of(call, moment.now)?;
            match tx.call(call)? {
                Some(row) if over => {
                    tracing::warn!(call = call.0, "leg.found_over: its last report was lost");
                    match status::leg_over(moment, tx, &row) {
                        Err(fault) if !matches!(fault, Failure::Store(_)) => {
                            // Whatever it was for cannot be read; others are still asked after.
                            tracing::warn!(call = call.0, %fault, "leg.of_nothing");
                            Ok(tx.call_ended(call, moment.now)?)
                        }
                        done => done,
                    }
                }
                _ => Ok(()),
            }
        })
        .await
    }
}
