//! Recordings that the provider told of while the database was away.
//!
//! Whoever recorded something is served by `fallback` then, and the recording would stay with the
//! provider, where nobody looks for it. So it is remembered here, as it can be nowhere else, and told
//! again once the call is over and the database is back: what was meant for the desk is kept, and what a
//! neighbour should have heard is deleted there. A restart in between forgets it; nothing else hangs
//! on it.

use std::sync::{Mutex, PoisonError};

use crate::carrier::webhook::Webhook;
use crate::domain::CallId;
use crate::exchange::{Exchange, Failure};

/// More than are told of while a database is away that somebody looks after.
const MOST: usize = 256;

/// A recording made at a step of a leg.
struct Told {
    call: CallId,
    step: u32,
    webhook: Webhook,
}

/// Recordings that wait to be told again.
#[derive(Default)]
pub(super) struct Unheard(Mutex<Vec<Told>>);

impl Unheard {
    fn keep(&self, told: Told) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < MOST {
            waiting.push(told);
        }
    }

    fn take(&self) -> Vec<Told> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Exchange {
    /// What came of a webhook about a leg: a recording that the database did not take is remembered.
    pub(super) fn or_unheard<T>(
        &self,
        done: Result<T, Failure>,
        (call, step, webhook): (CallId, u32, Option<Webhook>),
    ) -> Result<T, Failure> {
        if let (Err(Failure::Store(_)), Some(webhook)) = (&done, webhook) {
            tracing::warn!(
                call = call.0,
                step,
                "recording.unheard: told again when the call is over"
            );
            self.unheard.keep(Told { call, step, webhook });
        }
        done
    }

    /// Tells again of every recording whose call is over.
    ///
    /// # Errors
    /// [`Failure`] of the store; what was not told waits on.
    pub(super) async fn hear_recordings(&self) -> Result<(), Failure> {
        for told in self.unheard.take() {
            let call = told.call;
            let over = self.one_input(move |_, tx| {
                Ok(tx.call(call)?.is_none_or(|call| call.ended_at.is_some()))
            });
            if !matches!(over.await, Ok(true)) {
                self.unheard.keep(told);
            } else if let Err(fault) = self.recording(call, told.step, told.webhook).await {
                tracing::warn!(call = call.0, %fault, "recording.told_in_vain");
            }
        }
        Ok(())
    }
}
