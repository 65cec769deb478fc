//! A search before its moment, and people who come forward by themselves.
//!
//! Somebody may take a request up before anybody is asked, or while others are. They are rung like
//! any candidate, one after another (R2): a yes is a key on their telephone, not a click (R5). Before
//! its moment a search rings nobody else.

use super::Search;
use super::background::Background;
use crate::dispatch::{Output, Timer};
use crate::domain::Timestamp;

impl Background {
    pub(super) fn begins(mut self, at: Timestamp) -> Self {
        self.not_before = Some(at);
        self
    }

    /// From when its time counts.
    pub(super) fn begun_by(&self, now: Timestamp) -> Timestamp {
        self.not_before.map_or(now, |begins| begins.max(now))
    }
}

impl Search {
    /// Whether its moment has not come.
    pub(super) fn is_ahead(&self, now: Timestamp) -> bool {
        self.background.as_ref().and_then(|b| b.not_before).is_some_and(|begins| now < begins)
    }

    /// Whoever came forward, and then nobody until its moment.
    pub(super) fn go_on_ahead(&mut self, out: &mut Vec<Output>) {
        let idle = self.is_idle();
        let Some(background) = &mut self.background else { return };
        if !idle {
            return;
        }
        if std::mem::take(&mut background.forward) {
            self.reserving += 1;
            return out.push(Output::ReserveForward);
        }
        if let Some(begins) = background.not_before {
            out.push(Output::SetTimer(Timer::Look, begins));
        }
    }

    pub(super) fn somebody_came_forward(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        let Some(background) = &mut self.background else { return };
        // From its moment on, whoever came forward is simply the next candidate.
        background.forward = background.not_before.is_some_and(|begins| now < begins);
        if self.accepted.is_none() {
            self.look_again(now, out);
        }
    }

    pub(super) fn nobody_forward(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        self.reserving = self.reserving.saturating_sub(1);
        self.go_on(now, out);
    }
}
