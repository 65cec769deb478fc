//! Somebody whom the desk has at hand: fetched to the line before anybody else is rung, so that they
//! wait there like any caller. Whoever does not come is called back, like anybody else.

use std::time::Duration;

use super::Search;
use super::background::Background;
use crate::dispatch::{Ending, Output, Reason, Timer};
use crate::domain::Timestamp;

/// Somebody who has not put the receiver down yet is rung again after this.
const FETCH_AGAIN: Duration = Duration::from_secs(15);
/// So often in all: by then they do something else.
const MOST_FETCHES: u8 = 4;

impl Background {
    pub(super) fn who_fetches() -> Self {
        let mut background = Self::new(false);
        background.fetches = MOST_FETCHES;
        background
    }
}

impl Search {
    /// The ring that was to fetch them is over, and they are not on the line.
    pub(super) fn fetch_ended(&mut self, now: Timestamp, ending: Ending, out: &mut Vec<Output>) {
        let over = self.outcome.is_some();
        let Some(background) = self.background.as_mut().filter(|_| !over) else { return };
        background.fetches = background.fetches.saturating_sub(1);
        if ending == Ending::Busy && background.fetches > 0 {
            background.waits = Some(Reason::Ask);
            return out.push(Output::SetTimer(Timer::Caller, now + FETCH_AGAIN));
        }
        self.fetched_in_vain(now, out);
    }

    /// They did not come, or it is too late in the day to ring: they are called back.
    pub(super) fn fetched_in_vain(&mut self, now: Timestamp, out: &mut Vec<Output>) {
        if let Some(background) = &mut self.background {
            background.fetches = 0;
        }
        self.go_on(now, out);
    }
}
