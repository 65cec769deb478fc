//! `Dial`: another telephone is rung, screened, and joined.

use std::time::Duration;

use super::super::document::{Dial, Progress};
use super::super::leg::{Callback, Dialling, Direction, Doing, LegId, Status};
use super::super::log::{By, What};
use super::super::number::{CallerId, Number};
use super::super::telephone::{Behaviour, Ring};
use super::super::wire::Kind;
use super::requests::pair;
use super::{Event, Network, SET_UP, SURPLUS};

impl Network {
    /// The parent dials.
    pub(super) fn ring(&mut self, parent: LegId, dial: Dial) {
        if !dial.answer_on_bridge {
            self.answer(parent);
        }
        let shown = self.caller_id_of(parent, dial.caller_id.as_deref());
        let number = Number::new(&dial.number);
        let child = self.new_leg(self.now, Direction::OutboundDial, shown.clone(), number.clone());
        let allowed = shown.number().is_some_and(|shown| self.may_show(parent, shown));
        let leg = self.leg(child);
        leg.parent = Some(parent);
        leg.voice = dial.screening.clone().map(|target| (target.url, target.get));
        leg.ring_limit = dial.timeout + SURPLUS;
        leg.callback = dial.callback.clone().map(|target| Callback {
            url: target.url,
            get: target.get,
            events: dial.events.clone(),
            sent: 0,
        });
        let limit = leg.ring_limit;
        // Relative addresses on the noun are relative to the document that dials.
        let document = self.leg(parent).document.clone();
        self.leg(child).document = document;
        let leg = self.leg(parent);
        leg.dialling = Some(Dialling { dial, child, joined: false, redirected: false });
        leg.turn_to(Doing::Dialling);

        let caller_id = shown.as_sent().to_owned();
        self.note(
            child,
            What::Rung { number: number.clone(), caller_id, parent: Some(parent), limit },
        );
        self.progress(child, Progress::Initiated);
        if !number.is_e164() {
            self.alarm(child, 13224, "what is dialled is not a number in E.164 form");
            return self.end(child, Status::Failed, By::Network);
        }
        if !allowed {
            self.alarm(child, 13214, "the number to show is neither a line's nor the caller's");
            return self.end(child, Status::Failed, By::Network);
        }
        self.after(SET_UP, Event::Reached(child));
    }

    fn caller_id_of(&mut self, parent: LegId, written: Option<&str>) -> CallerId {
        match written {
            Some(number) => CallerId::Shown(Number::new(number)),
            None => self.leg(parent).from.clone(),
        }
    }

    fn may_show(&self, parent: LegId, shown: &Number) -> bool {
        let leg = &self.legs[&parent];
        self.config.lines.contains(shown) || leg.from.number() == Some(shown) || leg.to == *shown
    }

    /// The network has found the telephone: it rings, or it does not.
    pub(super) fn reached(&mut self, id: LegId) {
        let number = self.leg(id).to.clone();
        let Some((number, Behaviour { ring, script })) = self.behaviour_at(id, number) else {
            return self.end(id, Status::Failed, By::Network);
        };
        match ring {
            Ring::Busy => return self.end(id, Status::Busy, By::Network),
            Ring::Dead => return self.end(id, Status::Failed, By::Network),
            _ => {}
        }
        self.leg(id).status = Status::Ringing;
        self.leg(id).person.script = script.into();
        self.note(id, What::Rings);
        self.progress(id, Progress::Ringing);
        let limit = self.leg(id).ring_limit;
        match ring {
            Ring::PicksUp(after) if after <= limit => self.after(after, Event::PickedUp(id)),
            Ring::Declines(after) if after <= limit => self.after(after, Event::Declined(id)),
            Ring::Forwards(line) => self.forward_to_line(id, number, line),
            _ => {}
        }
        self.after(limit, Event::RangOut(id));
    }

    /// What the telephone at this number does, forwarding followed; none: there is no telephone.
    fn behaviour_at(&mut self, id: LegId, mut number: Number) -> Option<(Number, Behaviour)> {
        for _ in 0..3 {
            let engaged = self
                .live
                .iter()
                .any(|other| *other != id && self.legs[other].telephone() == Some(&number));
            let now = self.now;
            let telephone = self.telephones.get_mut(&number)?;
            if engaged {
                let busy = Behaviour { ring: Ring::Busy, script: Vec::new() };
                return Some((number, busy));
            }
            let behaviour = telephone.ring(now, &mut self.rng);
            match behaviour.ring {
                Ring::Forwards(to) if !self.config.lines.contains(&to) => number = to,
                _ => return Some((number, behaviour)),
            }
        }
        None
    }

    /// A telephone that is forwarded to a line: the call comes back in as a new one. Neither
    /// half hears the other; both end together.
    fn forward_to_line(&mut self, id: LegId, from: Number, line: Number) {
        let shown = self.leg(id).from.clone();
        let back = self.new_leg(self.now, Direction::Inbound, shown, line);
        self.leg(back).forwarded_from = Some(from);
        self.leg(back).twin = Some(id);
        self.leg(id).twin = Some(back);
        self.at(self.now, Event::Dial(back));
    }

    /// Parent and child hear each other from now on.
    pub(super) fn join(&mut self, child: LegId) {
        let Some(parent) = self.leg(child).parent else { return self.end_by_exchange(child) };
        self.answer(parent);
        self.leg(child).drop_verb();
        self.leg(child).turn_to(Doing::Talking);
        let Some(dialling) = &mut self.leg(parent).dialling else { return };
        dialling.joined = true;
        let limit = dialling.dial.time_limit;
        self.leg(parent).turn_to(Doing::Talking);
        let epoch = self.leg(parent).epoch;
        self.after(limit, Event::TalkedOut(parent, epoch));
        self.note(parent, What::Joined { with: child });
        self.person_goes_on(parent);
        self.person_goes_on(child);
    }

    /// The child's leg is over while its parent lives: the action tells the parent what to do.
    pub(super) fn dial_is_over(&mut self, parent: LegId) {
        let Some(dialling) = self.leg(parent).dialling.take() else { return };
        let more = self.dial_result(parent, &dialling);
        match dialling.dial.action {
            Some(action) => {
                self.ask_for_document(parent, &action.url, action.get, Kind::DialAction, more);
            }
            None => self.next_verb(parent),
        }
    }

    /// What the action is told; also written to the log.
    pub(super) fn dial_result(
        &mut self,
        parent: LegId,
        dialling: &Dialling,
    ) -> Vec<(String, String)> {
        let child = self.leg(dialling.child);
        let (sid, seconds) = (child.sid.clone(), child.seconds());
        let status = if dialling.redirected { Status::Completed } else { child.status };
        let bridged = dialling.joined;
        self.note(parent, What::DialEnded { status, bridged, child: dialling.child });
        let mut more = vec![
            pair("DialCallStatus", status.word()),
            pair("DialCallSid", &sid),
            pair("DialBridged", if bridged { "true" } else { "false" }),
        ];
        if let Some(seconds) = seconds.filter(|_| !dialling.redirected) {
            more.push(pair("DialCallDuration", &seconds.to_string()));
        }
        more
    }

    /// The caller's `*`: the child is dropped, the parent goes on.
    pub(super) fn drop_child(&mut self, parent: LegId) {
        let Some(child) = self.leg(parent).dialling.as_ref().map(|d| d.child) else { return };
        let status = self.dropped_status(child);
        self.end(child, status, By::Network);
    }

    /// How a leg ends that is dropped from the other side.
    pub(super) fn dropped_status(&mut self, child: LegId) -> Status {
        use super::super::delivery::DroppedAs;
        match (self.leg(child).answered, self.config.delivery.dropped_as) {
            (Some(_), _) => Status::Completed,
            (None, DroppedAs::Canceled) => Status::Canceled,
            (None, DroppedAs::NoAnswer) => Status::NoAnswer,
        }
    }

    /// Somebody at the controls picks up a telephone that rings.
    pub fn pick_up(&mut self, now: crate::domain::Timestamp, number: &Number) -> Option<LegId> {
        self.now = self.now.max(now);
        let id = self.live().find(|id| self.is_ringing(*id) && self.legs[id].to == *number)?;
        self.picked_up(id);
        Some(id)
    }

    /// A leg ordered by REST begins.
    pub(super) fn place(&mut self, id: LegId, limit: Duration) {
        let leg = self.leg(id);
        leg.ring_limit = limit + SURPLUS;
        let (number, caller_id) = (leg.to.clone(), leg.from.as_sent().to_owned());
        let limit = leg.ring_limit;
        self.note(id, What::Rung { number, caller_id, parent: None, limit });
        self.progress(id, Progress::Initiated);
        self.after(SET_UP, Event::Reached(id));
    }
}
