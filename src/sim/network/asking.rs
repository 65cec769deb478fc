//! `Gather`: a question, its keys, its silence.

use super::super::document::{Gather, Target};
use super::super::leg::{Asking, Doing, LegId};
use super::super::log::{Key, What};
use super::super::wire::Kind;
use super::requests::pair;
use super::{Event, Network};
use crate::domain::Timestamp;

impl Network {
    /// Begins to ask: the prompts first; the time for an answer runs from their end.
    pub(super) fn ask(&mut self, id: LegId, gather: Gather) {
        self.answer(id);
        let leg = self.leg(id);
        leg.prompts = gather.prompts.clone().into();
        leg.asking = Some(Asking { gather, keyed: String::new() });
        self.next_prompt(id);
    }

    /// The question has been asked; now keys are waited for.
    pub(super) fn listen(&mut self, id: LegId) {
        self.wait_for_key(id);
        self.note(id, What::Listening);
        self.person_goes_on(id);
    }

    fn wait_for_key(&mut self, id: LegId) {
        self.leg(id).turn_to(Doing::Listening);
        let leg = self.leg(id);
        let (epoch, asking) = (leg.epoch, leg.asking.clone());
        let Some(asking) = asking else { return };
        self.after(asking.gather.timeout, Event::Silence(id, epoch));
    }

    /// Somebody presses a key at a telephone. Where nobody waits for one, nothing comes of it.
    pub fn press(&mut self, now: Timestamp, id: LegId, key: char) {
        self.now = self.now.max(now);
        let Some(leg) = self.legs.get(&id).filter(|leg| leg.answered.is_some() && !leg.is_over())
        else {
            return;
        };
        let (asking, taping) = (leg.asking.is_some(), leg.taping.is_some());
        let star = key == '*' && leg.dialling.as_ref().is_some_and(|d| d.dial.hangup_on_star);
        self.note(id, What::Pressed(Key(key)));
        if asking {
            self.keyed(id, key);
        } else if taping {
            self.key_while_taping(id, key);
        } else if star {
            self.drop_child(id);
        }
    }

    fn keyed(&mut self, id: LegId, key: char) {
        if self.leg(id).doing != Doing::Listening {
            // A key stops whatever is being heard.
            self.note(id, What::CutShort);
            let leg = self.leg(id);
            leg.prompts.clear();
            leg.speech = None;
        }
        let Some(asking) = &mut self.leg(id).asking else { return };
        if asking.gather.finish == Some(key) {
            return self.asked(id, Some(key));
        }
        asking.keyed.push(key);
        if asking.gather.digits.is_some_and(|most| asking.keyed.len() >= most) {
            return self.asked(id, None);
        }
        self.wait_for_key(id);
    }

    /// Nobody pressed a key, or not the next one, in time.
    pub(super) fn silence(&mut self, id: LegId) {
        self.asked(id, None);
    }

    /// The question is over: its answer goes to the action; no answer falls through.
    fn asked(&mut self, id: LegId, finished_on: Option<char>) {
        let Some(asking) = self.leg(id).asking.take() else { return };
        if asking.keyed.is_empty() && !asking.gather.empty_too {
            return self.next_verb(id);
        }
        let mut more = vec![pair("Digits", &asking.keyed), pair("msg", "Gather End")];
        if let Some(key) = finished_on {
            more.push(pair("FinishedOnKey", &key.to_string()));
        }
        let Target { url, get } = self.action_or_self(id, asking.gather.action);
        self.ask_for_document(id, &url, get, Kind::Gather, more);
    }

    /// Where an answer goes: without an `action`, to the document that asked.
    pub(super) fn action_or_self(&mut self, id: LegId, action: Option<Target>) -> Target {
        action.unwrap_or_else(|| Target { url: self.leg(id).document.clone(), get: false })
    }
}
