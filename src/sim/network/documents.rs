//! Carrying out documents: verb after verb, from the top.

use super::super::document::{Progress, Prompt, Verb};
use super::super::leg::{Direction, Doing, LegId, Status};
use super::super::log::{By, What};
use super::super::twiml_reader;
use super::super::wire::{Kind, RequestId, Response};
use super::requests::pair;
use super::{Event, Network};

/// What a caller hears when there is nothing left to hear.
const ERROR_ANNOUNCEMENT: &str = "An application error has occurred. Goodbye.";

impl Network {
    /// A document came: it takes the place of whatever the leg was carrying out.
    pub(super) fn document_arrived(
        &mut self,
        id: LegId,
        request: RequestId,
        kind: Kind,
        url: String,
        response: &Response,
    ) {
        let kind_of_body = response.content_type.as_deref();
        if kind_of_body.is_some_and(|t| t.to_ascii_lowercase().starts_with("audio/")) {
            let verbs = [Verb::Hear(Prompt::Play { url: url.clone() }), Verb::Hangup];
            return self.carry_out(id, request, kind, url, verbs.into());
        }
        match twiml_reader::read_answer(kind_of_body, &response.body) {
            Ok(verbs) => self.carry_out(id, request, kind, url, verbs),
            Err(fault) => self.fail(id, fault.code, fault.what, url),
        }
    }

    fn carry_out(
        &mut self,
        id: LegId,
        request: RequestId,
        kind: Kind,
        url: String,
        verbs: Vec<Verb>,
    ) {
        let names = verbs.iter().map(Verb::name).collect();
        self.note(id, What::Document { request, kind, verbs: names });
        let leg = self.leg(id);
        leg.drop_verb();
        leg.document = url;
        leg.verbs = verbs.into();
        self.next_verb(id);
    }

    /// Goes on with the document; at its end a screened leg is joined, any other is over.
    pub(super) fn next_verb(&mut self, id: LegId) {
        self.leg(id).drop_verb();
        let screening = self.is_screening(id);
        let verb = self.leg(id).verbs.pop_front();
        let first = std::mem::replace(&mut self.leg(id).first_verb, false);
        match verb {
            None if screening => self.join(id),
            None | Some(Verb::Hangup) => self.end_by_exchange(id),
            Some(Verb::Hear(prompt)) => {
                self.leg(id).prompts = [prompt].into();
                self.next_prompt(id);
            }
            Some(Verb::Gather(gather)) => self.ask(id, gather),
            Some(Verb::Redirect(target)) => {
                self.ask_for_document(id, &target.url, target.get, Kind::Redirect, Vec::new());
            }
            Some(verb @ (Verb::Dial(_) | Verb::Record(_) | Verb::Reject(_))) if screening => {
                let what = format!("<{}> is not allowed in a screening document", verb.name());
                let url = self.leg(id).document.clone();
                self.fail(id, 12200, what, url);
            }
            Some(Verb::Dial(dial)) => self.ring(id, dial),
            Some(Verb::Record(record)) => self.tape(id, record),
            Some(Verb::Reject(busy)) => {
                if first && self.leg(id).answered.is_none() {
                    let status = if busy { Status::Busy } else { Status::NoAnswer };
                    self.end(id, status, By::Exchange);
                } else {
                    let url = self.leg(id).document.clone();
                    self.fail(id, 12200, "<Reject> is not the first verb of the call", url);
                }
            }
        }
    }

    /// The leg hears its screening: picked up, and not yet joined with the one that dialled.
    pub(super) fn is_screening(&mut self, id: LegId) -> bool {
        let Some(parent) = self.leg(id).parent else { return false };
        self.leg(parent).dialling.as_ref().is_some_and(|d| d.child == id && !d.joined)
    }

    pub(super) fn end_by_exchange(&mut self, id: LegId) {
        let status = match self.leg(id).answered {
            Some(_) => Status::Completed,
            None => Status::NoAnswer,
        };
        self.end(id, status, By::Exchange);
    }

    /// Something is about to be heard, asked or rung: an incoming call is answered by that.
    pub(super) fn answer(&mut self, id: LegId) {
        let now = self.now;
        let leg = self.leg(id);
        if leg.direction != Direction::Inbound || leg.answered.is_some() {
            return;
        }
        leg.status = Status::InProgress;
        leg.answered = Some(now);
        let twin = leg.twin;
        self.note(id, What::Answered);
        if let Some(twin) = twin {
            self.at(now, Event::PickedUp(twin));
        }
    }

    /// A document could not be had or carried out: the fallback takes over, once; without one
    /// the caller hears an announcement and is cut off.
    ///
    /// What a provider does when a *screening* document fails is not documented. Here the
    /// neighbour is dropped and the caller's dial ends unjoined; the alarm tells.
    pub(super) fn fail(&mut self, id: LegId, code: u32, what: impl Into<String>, url: String) {
        self.alarm(id, code, what);
        let screening = self.is_screening(id);
        let leg = self.leg(id);
        leg.drop_verb();
        leg.verbs.clear();
        if let Some(fallback) = leg.fallback.clone().filter(|_| !leg.in_fallback && !screening) {
            leg.in_fallback = true;
            leg.document = url.clone();
            let url = url.split('#').next().unwrap_or_default();
            let more = vec![pair("ErrorCode", &code.to_string()), pair("ErrorUrl", url)];
            return self.ask_for_document(id, &fallback, false, Kind::Fallback, more);
        }
        if !screening {
            self.answer(id);
            self.note(id, What::Said { text: ERROR_ANNOUNCEMENT.to_owned(), language: None });
        }
        let status = match self.leg(id).answered {
            Some(_) => Status::Completed,
            None => Status::Failed,
        };
        self.end(id, status, By::Network);
    }

    /// A telephone that was rung is picked up.
    pub(super) fn picked_up(&mut self, id: LegId) {
        if !self.is_ringing(id) {
            return;
        }
        let now = self.now;
        let leg = self.leg(id);
        leg.status = Status::InProgress;
        leg.answered = Some(now);
        leg.turn_to(Doing::Waiting);
        let voice = leg.voice.clone();
        let dialled = leg.parent.is_some();
        self.note(id, What::Answered);
        self.progress(id, Progress::Answered);
        match voice {
            Some((url, get)) => {
                let kind = if dialled { Kind::Screening } else { Kind::Voice };
                self.ask_for_document(id, &url, get, kind, Vec::new());
            }
            None => self.join(id),
        }
        self.person_goes_on(id);
    }
}
