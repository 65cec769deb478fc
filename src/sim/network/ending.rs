//! How a leg ends, and everybody who is told.

use super::super::delivery::Callbacks;
use super::super::document::Progress;
use super::super::leg::{Callback, Direction, Doing, LegId, Status};
use super::super::log::{By, What};
use super::super::wire::Kind;
use super::Network;
use crate::domain::Timestamp;

impl Network {
    /// Ends a leg, and with it what hangs on it.
    pub(super) fn end(&mut self, id: LegId, status: Status, by: By) {
        if self.leg(id).is_over() {
            return;
        }
        let now = self.now;
        let leg = self.leg(id);
        leg.status = status;
        leg.ended = Some(now);
        leg.turn_to(Doing::Over);
        leg.prompts.clear();
        leg.speech = None;
        leg.asking = None;
        leg.verbs.clear();
        let step = leg.person.script.front().filter(|act| act.waits_for_others());
        let step = step.map(super::super::script::Act::words);
        let twin = leg.twin;
        self.live.remove(&id);
        self.note(id, What::Ended { status, by });
        if let Some(step) = step {
            self.note(id, What::StillWaiting { step });
        }
        if let Some(twin) = twin {
            let status = self.dropped_status(twin);
            self.end(twin, status, By::Network);
        }
        self.tell_the_end(id);
        self.leave_the_dial(id);
        self.stop_tape(id, "hangup");
        self.go_on_without(id);
    }

    /// The status callback: a dialled leg's own, a line's for whoever called it.
    fn tell_the_end(&mut self, id: LegId) {
        let leg = &self.legs[&id];
        if leg.direction == Direction::Inbound
            && self.config.lines.contains(&leg.to)
            && let Some(url) = self.config.status_url.clone()
        {
            let events = vec![Progress::Completed];
            self.leg(id).callback = Some(Callback { url, get: false, events, sent: 0 });
        }
        self.progress(id, Progress::Completed);
    }

    /// A leg that was dialling takes its child with it. The action is requested all the same,
    /// unless this provider sends callbacks instead; its answer has no audience.
    fn leave_the_dial(&mut self, id: LegId) {
        let Some(child) = self.leg(id).dialling.as_ref().map(|d| d.child) else { return };
        let status = self.dropped_status(child);
        self.end(child, status, By::Network);
        let Some(dialling) = self.leg(id).dialling.take() else { return };
        let more = self.dial_result(id, &dialling);
        if self.config.delivery.callbacks == Callbacks::Instead {
            return;
        }
        if let Some(action) = dialling.dial.action {
            self.tell(id, &action.url, action.get, Kind::DialAction, more);
        }
    }

    /// A leg that was dialled leaves its parent to the action.
    fn go_on_without(&mut self, id: LegId) {
        let Some(parent) = self.leg(id).parent else { return };
        let parent_leg = self.leg(parent);
        let is_child = parent_leg.dialling.as_ref().is_some_and(|d| d.child == id);
        if is_child && !parent_leg.is_over() {
            self.dial_is_over(parent);
        }
    }

    /// Somebody puts the receiver down, or declines a telephone that rings.
    pub fn hang_up(&mut self, now: Timestamp, id: LegId) {
        self.now = self.now.max(now);
        let Some(leg) = self.legs.get(&id).filter(|leg| !leg.is_over()) else { return };
        let status = match (leg.answered, leg.direction) {
            (Some(_), _) => Status::Completed,
            (None, Direction::Inbound) => Status::NoAnswer,
            (None, _) if leg.status == Status::Ringing => Status::Busy,
            // It does not ring yet; there is no receiver to put down.
            (None, _) => return,
        };
        self.end(id, status, By::Person);
    }
}
