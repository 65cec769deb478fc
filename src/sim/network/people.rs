//! People at telephones: they hear, wait, press and hang up as their script says.

use std::time::Duration;

use super::super::leg::{Doing, LegId};
use super::super::script::Act;
use super::{Event, Network};
use crate::domain::Timestamp;

/// From deciding on a key to pressing it; so also between two keys.
const REACTION: Duration = Duration::from_millis(500);

impl Network {
    /// Something changed for the person at this leg: does it let them go on?
    pub(super) fn person_goes_on(&mut self, id: LegId) {
        // Someone who acts at a moment that is settled already is not to be asked again.
        if self.leg(id).person.due.is_some() || self.leg(id).is_over() {
            return;
        }
        if let Some(at) = self.next_turn(id) {
            self.wake(id, at);
        }
    }

    /// When the step in hand is due; none: not before something else happens.
    fn next_turn(&mut self, id: LegId) -> Option<Timestamp> {
        let now = self.now;
        let leg = self.leg(id);
        match leg.person.script.front()? {
            Act::Hear(words) => leg.speech.as_ref()?.heard_at(words, now),
            Act::Question => (leg.doing == Doing::Listening).then_some(now),
            Act::Tone => leg.taping.as_ref().map(|taping| taping.from.max(now)),
            Act::Joined => (leg.doing == Doing::Talking).then_some(now),
            Act::Wait(time) | Act::Talk(time) => Some(now + *time),
            Act::Press(_) => Some(now + REACTION),
            Act::HangUp => Some(now),
        }
    }

    fn wake(&mut self, id: LegId, at: Timestamp) {
        let talking = match self.leg(id).person.script.front() {
            Some(Act::Talk(time)) => Some(*time),
            _ => None,
        };
        if let Some(time) = talking {
            self.talks(id, time);
        }
        let person = &mut self.leg(id).person;
        person.turn += 1;
        person.due = Some(at);
        let turn = person.turn;
        self.at(at, Event::Turn(id, turn));
    }

    /// The step in hand is due: it is done, and the next one begins.
    pub(super) fn turn(&mut self, id: LegId) {
        self.leg(id).person.due = None;
        let now = self.now;
        match self.leg(id).person.script.pop_front() {
            Some(Act::Press(keys)) => {
                let mut keys = keys.chars();
                let first = keys.next();
                let rest = keys.as_str().to_owned();
                if !rest.is_empty() {
                    self.leg(id).person.script.push_front(Act::Press(rest));
                }
                if let Some(key) = first {
                    self.press(now, id, key);
                }
            }
            Some(Act::HangUp) => return self.hang_up(now, id),
            _ => {}
        }
        self.person_goes_on(id);
    }

    /// What was being heard is taken away: words that were still to come are not heard.
    pub(super) fn hears_no_more(&mut self, id: LegId) {
        let person = &mut self.leg(id).person;
        if matches!(person.script.front(), Some(Act::Hear(_))) {
            person.due = None;
            person.turn += 1;
        }
    }

    /// Somebody at the controls takes the place of whoever is behind a telephone that is rung or
    /// held: habits and scripts go no further on this leg.
    pub fn take_over(&mut self, now: Timestamp, id: LegId) {
        self.now = self.now.max(now);
        let Some(leg) = self.legs.get_mut(&id).filter(|leg| !leg.is_over()) else { return };
        leg.person.by_hand = true;
        leg.person.script.clear();
        leg.person.due = None;
        leg.person.turn += 1;
    }

    /// Somebody at the controls picks up a telephone that rings; from there on the script plays,
    /// an empty one leaves it to them. Whether it rang.
    pub fn pick_up_as(&mut self, now: Timestamp, id: LegId, script: Vec<Act>) -> bool {
        self.now = self.now.max(now);
        if !self.is_ringing(id) {
            return false;
        }
        self.take_over(now, id);
        self.leg(id).person.script = script.into();
        self.picked_up(id);
        true
    }

    /// Somebody at the controls talks for so long.
    pub fn talk(&mut self, now: Timestamp, id: LegId, time: Duration) {
        self.now = self.now.max(now);
        if self.legs.get(&id).is_some_and(|leg| !leg.is_over()) {
            self.talks(id, time);
        }
    }
}
