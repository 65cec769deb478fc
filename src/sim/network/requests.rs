//! Requests to the application: what stands in them, how they travel, what becomes of answers.

use std::time::Duration;

use super::super::delivery::{Callbacks, Duplicate, Retry};
use super::super::document::Progress;
use super::super::leg::{Direction, Doing, LegId, Status};
use super::super::number::CallerId;
use super::super::wire::{Failure, Kind, Method, Request, RequestId, Response};
use super::{Event, Network};
use crate::domain::Timestamp;

/// Most redirections of HTTP that are followed.
const MOST_HOPS: u8 = 10;

type Params = Vec<(String, String)>;

/// A request that is about to leave.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) leg: LegId,
    pub(super) kind: Kind,
    pub(super) method: Method,
    /// Absolute, fragment and all.
    url: String,
    params: Params,
    token: String,
    /// The leg waits for the answer, and for no other; none: nobody does.
    epoch: Option<u64>,
    tried: u8,
    hops: u8,
    /// This is the second delivery; the first one was answered so.
    first_answer: Option<Result<Response, Failure>>,
}

/// A request whose answer is awaited.
#[derive(Debug)]
pub(super) struct Pending(Outgoing);

impl Network {
    /// The leg waits for a document from there. A relative address is resolved against the
    /// document in hand.
    pub(super) fn ask_for_document(
        &mut self,
        id: LegId,
        url: &str,
        get: bool,
        kind: Kind,
        more: Params,
    ) {
        let Some(url) = self.resolve(id, url) else {
            return self.fail(id, 11100, "an address cannot be read", url.to_owned());
        };
        self.leg(id).turn_to(Doing::Fetching);
        let epoch = Some(self.leg(id).epoch);
        self.post(id, kind, url, get, more, epoch, Duration::ZERO);
    }

    /// The leg waits for a sound from there. No parameters are sent along.
    pub(super) fn ask_for_sound(&mut self, id: LegId, url: &str) {
        let Some(url) = self.resolve(id, url) else {
            return self.fail(id, 11100, "an address cannot be read", url.to_owned());
        };
        self.leg(id).turn_to(Doing::Fetching);
        let token = self.new_sid("");
        let outgoing = Outgoing {
            leg: id,
            kind: Kind::Media,
            method: Method::Get,
            url,
            params: Vec::new(),
            token,
            epoch: Some(self.leg(id).epoch),
            tried: 0,
            hops: 0,
            first_answer: None,
        };
        self.after(Duration::ZERO, Event::Send(Box::new(outgoing)));
    }

    /// Tells without waiting for an answer: the last `action` of a leg that is over.
    pub(super) fn tell(&mut self, id: LegId, url: &str, get: bool, kind: Kind, more: Params) {
        if let Some(url) = self.resolve(id, url) {
            self.post(id, kind, url, get, more, None, Duration::ZERO);
        }
    }

    /// Tells how a leg goes, if that was asked for.
    pub(super) fn progress(&mut self, id: LegId, step: Progress) {
        let Some(callback) = &mut self.leg(id).callback else { return };
        if !callback.events.contains(&step) {
            return;
        }
        let (url, get, number) = (callback.url.clone(), callback.get, callback.sent);
        callback.sent += 1;
        let mut more = vec![
            pair("Timestamp", &rfc2822(self.now)),
            pair("CallbackSource", "call-progress-events"),
            pair("SequenceNumber", &number.to_string()),
        ];
        if step == Progress::Completed {
            let seconds = self.leg(id).seconds().unwrap_or(0);
            more.push(pair("CallDuration", &seconds.to_string()));
        }
        let Some(url) = self.resolve(id, &url) else { return };
        let lag = match self.config.delivery.callbacks {
            Callbacks::After => self.config.delivery.lag,
            Callbacks::Before | Callbacks::Instead => Duration::ZERO,
        };
        self.post(id, Kind::StatusCallback, url, get, more, None, lag);
    }

    /// Tells that a recording can be fetched.
    pub(super) fn recording_is_ready(
        &mut self,
        id: LegId,
        url: &str,
        get: bool,
        more: Params,
        lag: Duration,
    ) {
        if let Some(url) = self.resolve(id, url) {
            self.post(id, Kind::RecordingCallback, url, get, more, None, lag);
        }
    }

    #[allow(clippy::too_many_arguments, reason = "one place where every webhook is put together")]
    fn post(
        &mut self,
        id: LegId,
        kind: Kind,
        url: String,
        get: bool,
        more: Params,
        epoch: Option<u64>,
        lag: Duration,
    ) {
        let mut params = if kind == Kind::RecordingCallback {
            let call = self.leg(id).sid.clone();
            vec![pair("AccountSid", &self.config.account), pair("CallSid", &call)]
        } else {
            self.standard_params(id)
        };
        params.extend(more);
        let token = self.new_sid("");
        let method = if get { Method::Get } else { Method::Post };
        let outgoing = Outgoing {
            leg: id,
            kind,
            method,
            url,
            params,
            token,
            epoch,
            tried: 0,
            hops: 0,
            first_answer: None,
        };
        self.after(lag, Event::Send(Box::new(outgoing)));
    }

    /// What stands in every webhook about a leg.
    fn standard_params(&mut self, id: LegId) -> Params {
        let account = self.config.account.clone();
        let leg = self.leg(id);
        let (from, to) = (leg.from.as_sent().to_owned(), leg.to.as_str().to_owned());
        let country = |number: &str| if number.starts_with("+31") { "NL" } else { "" };
        let mut params = vec![
            pair("AccountSid", &account),
            pair("ApiVersion", "2010-04-01"),
            pair("CallSid", &leg.sid),
            pair("CallStatus", leg.status.word()),
            pair("Called", &to),
            pair("Caller", &from),
            pair("Direction", leg.direction.word()),
            pair("From", &from),
            pair("FromCity", ""),
            pair("FromCountry", country(&from)),
            pair("To", &to),
            pair("ToCity", ""),
            pair("ToCountry", country(&to)),
        ];
        if let Some(number) = &leg.forwarded_from {
            params.push(pair("ForwardedFrom", number.as_str()));
        }
        if let Some(parent) = leg.parent {
            let sid = self.leg(parent).sid.clone();
            params.push(pair("ParentCallSid", &sid));
        }
        params
    }

    /// A request leaves.
    pub(super) fn send(&mut self, outgoing: Outgoing) {
        if outgoing.epoch.is_some_and(|epoch| !self.is_current(outgoing.leg, epoch)) {
            return;
        }
        self.requests += 1;
        let id = RequestId(self.requests);
        let without_fragment = outgoing.url.split('#').next().unwrap_or_default();
        let mut request = Request {
            id,
            leg: outgoing.leg,
            kind: outgoing.kind,
            method: outgoing.method,
            url: without_fragment.to_owned(),
            params: outgoing.params.clone(),
            token: outgoing.token.clone(),
        };
        if request.method == Method::Get {
            request.move_params_to_url();
        }
        self.pending.insert(id, Pending(outgoing));
        self.outbox.push(request);
    }

    /// The application answered, or could not be reached. An id that is not under way is ignored.
    pub fn answered(
        &mut self,
        now: Timestamp,
        request: RequestId,
        answer: Result<Response, Failure>,
    ) {
        self.now = self.now.max(now);
        let Some(Pending(mut sent)) = self.pending.remove(&request) else { return };
        let fragment = sent.url.split_once('#').map_or("", |(_, fragment)| fragment);
        if Retry::read(fragment).again(sent.tried, &answer) {
            sent.tried += 1;
            return self.after(Duration::from_millis(100), Event::Send(Box::new(sent)));
        }
        let mut answer = answer;
        if let Some(first) = sent.first_answer.take() {
            let differ = matches!((&first, &answer), (Ok(one), Ok(other)) if one != other);
            if differ && sent.kind != Kind::Media {
                let what = format!("a repeated {:?} webhook got another answer", sent.kind);
                self.alarm(sent.leg, 0, what);
            }
            // The call goes by what came first, whatever became of the repeat.
            answer = first;
        } else if self.config.delivery.duplicate != Duplicate::No && sent.kind != Kind::Media {
            if self.config.delivery.duplicate == Duplicate::OtherToken {
                sent.token = self.new_sid("");
            }
            sent.first_answer = Some(answer);
            return self.after(Duration::ZERO, Event::Send(Box::new(sent)));
        }
        if let Ok(response) = &answer
            && let (300..=399, Some(location)) = (response.status, &response.location)
        {
            return self.follow(sent, &location.clone());
        }
        self.take_answer(request, sent, answer);
    }

    /// HTTP said: elsewhere. The same fields are sent there.
    fn follow(&mut self, mut sent: Outgoing, location: &str) {
        let joined = reqwest::Url::parse(&sent.url).and_then(|base| base.join(location));
        match joined {
            Ok(url) if sent.hops < MOST_HOPS => {
                sent.url = url.to_string();
                sent.hops += 1;
                self.after(Duration::ZERO, Event::Send(Box::new(sent)));
            }
            _ if sent.epoch.is_some_and(|epoch| self.is_current(sent.leg, epoch)) => {
                self.fail(sent.leg, 11215, "redirected too often, or to nowhere", sent.url);
            }
            _ => self.alarm(sent.leg, 11215, "redirected too often, or to nowhere"),
        }
    }

    fn take_answer(
        &mut self,
        request: RequestId,
        sent: Outgoing,
        answer: Result<Response, Failure>,
    ) {
        let trouble = match &answer {
            Err(Failure::Connection) => Some((11205, "no connection".to_owned())),
            Err(Failure::Timeout) => Some((11200, "no answer in time".to_owned())),
            Ok(r) if !(200..300).contains(&r.status) => {
                Some((11200, format!("{:?} was answered with status {}", sent.kind, r.status)))
            }
            Ok(_) => None,
        };
        let awaited = sent.epoch.is_some_and(|epoch| self.is_current(sent.leg, epoch));
        match (trouble, answer) {
            (Some((code, what)), _) if awaited => self.fail(sent.leg, code, what, sent.url),
            (Some((code, what)), _) => self.alarm(sent.leg, code, what),
            (None, Ok(response)) if awaited && sent.kind == Kind::Media => {
                self.sound_arrived(sent.leg, &sent.url, &response);
            }
            (None, Ok(response)) if awaited => {
                let url = sent.url.split('#').next().unwrap_or_default().to_owned();
                self.document_arrived(sent.leg, request, sent.kind, url, &response);
            }
            // Nobody waits for it any more, or nobody ever did.
            _ => {}
        }
    }

    /// An address as it is asked: absolute, with its fragment.
    pub(super) fn resolve(&mut self, id: LegId, url: &str) -> Option<String> {
        if url.starts_with("http://") || url.starts_with("https://") {
            return reqwest::Url::parse(url).ok().map(|_| url.to_owned());
        }
        let base = match self.leg(id).document.as_str() {
            "" => self.config.voice_url.clone(),
            document => document.to_owned(),
        };
        let joined = reqwest::Url::parse(&base).and_then(|base| base.join(url)).ok()?;
        joined.scheme().starts_with("http").then(|| joined.to_string())
    }

    /// A webhook about a leg that the application has never heard of, at that moment: a mix-up at
    /// the provider. The address is absolute.
    pub fn stray(&mut self, at: Timestamp, url: &str) {
        let Some(line) = self.config.lines.first().cloned() else { return };
        let caller = CallerId::Withheld("anonymous".to_owned());
        let id = self.new_leg(at, Direction::Inbound, caller, line);
        self.leg(id).turn_to(Doing::Over);
        self.leg(id).status = Status::Completed;
        let more = vec![pair("DialCallStatus", "completed"), pair("DialBridged", "false")];
        let lag = at.since(self.now);
        self.post(id, Kind::DialAction, url.to_owned(), false, more, None, lag);
    }
}

pub(super) fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// `Tue, 24 Nov 2026 09:00:00 +0000`
pub(super) fn rfc2822(at: Timestamp) -> String {
    at.local().with_timezone(&chrono::Utc).format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}
