//! The REST interface: calls ordered, changed and asked about; recordings fetched and deleted.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::api::{Fields, RestAnswer, RestBody, RestCall};
use super::super::document::Progress;
use super::super::faults::{Fault, Faults, NoAnswer};
use super::super::leg::{Callback, Direction, LegId, Status};
use super::super::log::By;
use super::super::number::{CallerId, Number};
use super::super::wav;
use super::super::wire::Kind;
use super::Network;
use super::requests::rfc2822;
use crate::domain::Timestamp;

impl Network {
    /// Takes one REST call as the provider takes them at the moment.
    ///
    /// # Errors
    /// [`NoAnswer`]; it may have been carried out all the same.
    pub fn take(&mut self, now: Timestamp, call: RestCall) -> Result<RestAnswer, NoAnswer> {
        self.now = self.now.max(now);
        let Some(fault) = self.faults.strike(self.now, &call) else {
            return Ok(self.rest(now, call));
        };
        if fault.what.is_done() {
            self.rest(now, call);
        }
        fault.answer()
    }

    /// What is wrong with the provider from now on, in the place of what was; times in it are
    /// counted from `begins`.
    pub fn provider_is(&mut self, begins: Timestamp, faults: Vec<Fault>) {
        self.faults = Faults::new(begins, faults);
    }

    /// What was to be wrong with the provider and never was.
    pub fn idle_faults(&self) -> impl Iterator<Item = &Fault> {
        self.faults.idle()
    }

    /// Carries out one REST call. Requests that follow from it leave with the next
    /// [`Network::step`].
    pub fn rest(&mut self, now: Timestamp, call: RestCall) -> RestAnswer {
        self.now = self.now.max(now);
        match call {
            RestCall::CreateCall(fields) => self.create_call(&fields),
            RestCall::UpdateCall { sid, fields } => match self.sids.get(&sid) {
                Some(id) => self.update_call(*id, &fields),
                None => RestAnswer::not_found(),
            },
            RestCall::FetchCall { sid } => match self.sids.get(&sid) {
                Some(id) => RestAnswer::json(200, self.call_json(*id)),
                None => RestAnswer::not_found(),
            },
            RestCall::ListCalls(filter) => self.list_calls(&filter),
            RestCall::FetchRecording { sid } => self.fetch_recording(&sid, false),
            RestCall::FetchSound { sid } => self.fetch_recording(&sid, true),
            RestCall::DeleteRecording { sid } => match self.recordings.remove(&sid) {
                Some(_) => RestAnswer::with(204, RestBody::Empty),
                None => RestAnswer::not_found(),
            },
        }
    }

    /// The ids of the recordings that the provider still keeps, with their lengths in seconds.
    pub fn recordings(&self) -> impl Iterator<Item = (&str, u32)> {
        self.recordings.iter().map(|(sid, tape)| (sid.as_str(), tape.seconds))
    }

    fn create_call(&mut self, fields: &Fields) -> RestAnswer {
        let (Some(to), Some(from)) = (fields.get("To"), fields.get("From")) else {
            return RestAnswer::error(400, 21201, "A call needs To and From");
        };
        let (to, from) = (Number::new(to), Number::new(from));
        if !to.is_e164() {
            return RestAnswer::error(400, 21211, "Invalid 'To' phone number");
        }
        if !self.config.lines.contains(&from) {
            return RestAnswer::error(400, 21210, "'From' phone number is not verified");
        }
        let Some(url) = fields.get("Url").filter(|url| is_absolute(url)) else {
            return RestAnswer::error(400, 21205, "Url is not a valid URL");
        };
        let timeout = match fields.get("Timeout").map(str::parse::<u64>) {
            None => 60,
            Some(Ok(seconds @ 1..=600)) => seconds,
            Some(_) => return RestAnswer::error(400, 20001, "Timeout is not 1 to 600 seconds"),
        };
        let mut events = Vec::new();
        for word in fields.all("StatusCallbackEvent") {
            match Progress::read(word) {
                Some(event) => events.push(event),
                None => return RestAnswer::error(400, 21626, "Invalid StatusCallbackEvent"),
            }
        }
        if events.is_empty() {
            events.push(Progress::Completed);
        }
        let id = self.new_leg(self.now, Direction::OutboundApi, CallerId::Shown(from), to);
        let leg = self.leg(id);
        leg.status = Status::Queued;
        leg.voice = Some((url.to_owned(), fields.get("Method") == Some("GET")));
        leg.fallback = fields.get("FallbackUrl").map(str::to_owned);
        leg.callback = fields.get("StatusCallback").map(|url| Callback {
            url: url.to_owned(),
            get: fields.get("StatusCallbackMethod") == Some("GET"),
            events,
            sent: 0,
        });
        let answer = self.call_json(id);
        self.leg(id).status = Status::Initiated;
        self.place(id, Duration::from_secs(timeout));
        RestAnswer::json(201, answer)
    }

    fn update_call(&mut self, id: LegId, fields: &Fields) -> RestAnswer {
        let over = || RestAnswer::error(400, 21220, "Call is not in-progress. Cannot redirect.");
        if self.leg(id).is_over() {
            return over();
        }
        let answered = self.leg(id).answered.is_some();
        match (fields.get("Status"), fields.get("Url")) {
            (Some("completed"), None) => {
                let status = if answered { Status::Completed } else { Status::Canceled };
                self.end(id, status, By::Exchange);
            }
            (Some("canceled"), None) if answered => return over(),
            (Some("canceled"), None) => self.end(id, Status::Canceled, By::Exchange),
            (None, Some(url)) if is_absolute(url) => {
                if !answered {
                    return over();
                }
                self.redirect(id, url, fields.get("Method") == Some("GET"));
            }
            _ => return RestAnswer::error(400, 20001, "Either Status or an absolute Url"),
        }
        RestAnswer::json(200, self.call_json(id))
    }

    /// Takes a leg out of what it is doing and gives it another document.
    ///
    /// A parent in a dial drops its child and the dial's action is requested too; its answer is
    /// not carried out (which of the two wins is not documented). A child is detached.
    fn redirect(&mut self, id: LegId, url: &str, get: bool) {
        self.hears_no_more(id);
        self.leg(id).drop_verb();
        self.leg(id).verbs.clear();
        if let Some(dialling) = self.leg(id).dialling.take() {
            let status = self.dropped_status(dialling.child);
            self.end(dialling.child, status, By::Network);
            let more = self.dial_result(id, &dialling);
            if let Some(action) = &dialling.dial.action {
                self.tell(id, &action.url, action.get, Kind::DialAction, more);
            }
        }
        if let Some(parent) = self.leg(id).parent {
            let dialling = self.leg(parent).dialling.as_mut().filter(|d| d.child == id);
            if let Some(dialling) = dialling {
                dialling.redirected = true;
                self.dial_is_over(parent);
            }
        }
        self.ask_for_document(id, url, get, Kind::Redirect, Vec::new());
    }

    fn list_calls(&mut self, filter: &Fields) -> RestAnswer {
        let mut ids: Vec<LegId> = self.legs.keys().copied().collect();
        ids.reverse();
        let all: Vec<Value> = ids.into_iter().map(|id| self.call_json(id)).collect();
        let wanted = |call: &&Value| {
            [
                ("To", "to"),
                ("From", "from"),
                ("Status", "status"),
                ("ParentCallSid", "parent_call_sid"),
            ]
            .iter()
            .all(|(field, key)| filter.get(field).is_none_or(|v| call[*key] == v))
        };
        let size = filter.get("PageSize").and_then(|n| n.parse().ok()).unwrap_or(50);
        let calls: Vec<&Value> = all.iter().filter(wanted).take(size).collect();
        RestAnswer::json(200, json!({ "calls": calls, "page": 0, "page_size": size }))
    }

    fn fetch_recording(&mut self, sid: &str, sound: bool) -> RestAnswer {
        let now = self.now;
        let Some(tape) = self.recordings.get(sid).filter(|tape| tape.ready <= now).cloned() else {
            return RestAnswer::not_found();
        };
        if sound {
            return RestAnswer::with(200, RestBody::Sound(wav::tones(tape.seconds)));
        }
        let call = self.leg(tape.leg).sid.clone();
        RestAnswer::json(
            200,
            json!({
                "sid": sid,
                "account_sid": self.config.account,
                "call_sid": call,
                "duration": tape.seconds.to_string(),
                "channels": 1,
                "source": "RecordVerb",
                "status": "completed",
            }),
        )
    }

    fn call_json(&mut self, id: LegId) -> Value {
        let account = self.config.account.clone();
        let parent = self.leg(id).parent.map(|parent| self.leg(parent).sid.clone());
        let leg = self.leg(id);
        json!({
            "sid": leg.sid,
            "account_sid": account,
            "parent_call_sid": parent,
            "from": leg.from.as_sent(),
            "to": leg.to.as_str(),
            "status": leg.status.word(),
            "direction": leg.direction.word(),
            "date_created": rfc2822(leg.began),
            "start_time": leg.answered.map(rfc2822),
            "end_time": leg.ended.map(rfc2822),
            "duration": leg.seconds().map(|s| s.to_string()),
            "answered_by": null,
            "api_version": "2010-04-01",
            "uri": format!("/2010-04-01/Accounts/{account}/Calls/{}.json", leg.sid),
        })
    }
}

fn is_absolute(url: &str) -> bool {
    (url.starts_with("http://") || url.starts_with("https://")) && reqwest::Url::parse(url).is_ok()
}
