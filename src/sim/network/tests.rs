//! The network with a toy application: canned documents by path.

mod answering;
mod asking;
mod chains;
mod delivery;
mod dialling;
mod failures;
mod forwarding;
mod recording;
mod rest_calls;

use std::collections::HashMap;
use std::time::Duration;

use super::super::delivery::Delivery;
use super::super::leg::LegId;
use super::super::log::What;
use super::super::number::{CallerId, Number};
use super::super::script::Act;
use super::super::telephone::{Behaviour, Behind};
use super::super::wire::{Failure, Kind, Request, Response};
use super::{Network, NetworkConfig};
use crate::domain::Timestamp;

const LINE: &str = "+31700002586";
const CALLER: &str = "+31601000001";
const BOS: &str = "+31700010001";

fn start() -> Timestamp {
    Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap()
}

/// A network and an application that answers every path with one document.
struct Toy {
    network: Network,
    answers: HashMap<String, Vec<Result<Response, Failure>>>,
    asked: Vec<(Timestamp, Request)>,
    caller: LegId,
}

impl Toy {
    fn new() -> Self {
        Self::with(Delivery::default())
    }

    fn with(delivery: Delivery) -> Self {
        let config = NetworkConfig {
            account: "AC00000000000000000000000000000000".to_owned(),
            lines: vec![Number::new(LINE)],
            voice_url: "http://app.test/voice".to_owned(),
            fallback_url: Some("http://app.test/fallback".to_owned()),
            status_url: Some("http://app.test/status".to_owned()),
            api_base: "http://carrier.test".to_owned(),
            delivery,
        };
        let mut network = Network::new(config, 1);
        network.step(start());
        Self { network, answers: HashMap::new(), asked: Vec::new(), caller: LegId(0) }
    }

    /// What stands inside `<Response>` when this path is asked; said more than once: in turn.
    fn on(mut self, path: &str, inside: &str) -> Self {
        let response = Response::xml(&format!("<Response>{inside}</Response>"));
        self.answers.entry(path.to_owned()).or_default().push(Ok(response));
        self
    }

    fn on_answer(mut self, path: &str, answer: Result<Response, Failure>) -> Self {
        self.answers.entry(path.to_owned()).or_default().push(answer);
        self
    }

    fn telephone(mut self, number: &str, does: &str) -> Self {
        let behaviour = Behaviour::read(does).unwrap();
        self.network.add_telephone(Number::new(number), Behind::Scripted(vec![behaviour]));
        self
    }

    fn call(self, script: &[&str]) -> Self {
        self.call_from(CallerId::Shown(Number::new(CALLER)), script)
    }

    fn call_from(mut self, from: CallerId, script: &[&str]) -> Self {
        let script = script.iter().map(|step| Act::read(step).unwrap()).collect();
        self.caller = self.network.dial(start(), from, Number::new(LINE), script);
        self.run()
    }

    /// Runs until nothing happens any more, or for an hour.
    fn run(self) -> Self {
        self.run_for(3600)
    }

    fn run_for(mut self, seconds: u64) -> Self {
        let until = start() + Duration::from_secs(seconds);
        while let Some(at) = self.network.next_at().filter(|at| *at <= until) {
            for request in self.network.step(at) {
                let path = request.path_and_query().split('?').next().unwrap().to_owned();
                let answers = self.answers.get_mut(&path);
                let answer = match answers {
                    Some(all) if all.len() > 1 => all.remove(0),
                    Some(all) => all[0].clone(),
                    None if request.kind.wants_document() => Ok(Response::status(404)),
                    None => Ok(Response::status(204)),
                };
                self.asked.push((at, request.clone()));
                self.network.answered(at, request.id, answer);
            }
        }
        self
    }

    fn asked(&self, path: &str) -> Vec<&Request> {
        self.asked
            .iter()
            .map(|(_, request)| request)
            .filter(|request| request.path_and_query().split('?').next() == Some(path))
            .collect()
    }

    fn only(&self, path: &str) -> &Request {
        let all = self.asked(path);
        assert_eq!(all.len(), 1, "{path} was asked {} times", all.len());
        all[0]
    }

    /// Seconds from the start at which a path was first asked.
    fn asked_at(&self, path: &str) -> f64 {
        let (at, _) = self
            .asked
            .iter()
            .find(|(_, r)| r.path_and_query().split('?').next() == Some(path))
            .unwrap_or_else(|| panic!("{path} was never asked"));
        at.since(start()).as_secs_f64()
    }

    fn alarms(&self) -> Vec<u32> {
        let alarms = self.network.log().iter().filter_map(|entry| match &entry.what {
            What::Alarm { code, .. } => Some(*code),
            _ => None,
        });
        alarms.collect()
    }

    fn has(&self, wanted: impl Fn(&What) -> bool) -> bool {
        self.network.log().iter().any(|entry| wanted(&entry.what))
    }

    fn said(&self) -> Vec<&str> {
        let said = self.network.log().iter().filter_map(|entry| match &entry.what {
            What::Said { text, .. } => Some(text.as_str()),
            _ => None,
        });
        said.collect()
    }
}

/// A dial of one neighbour with screening, as an exchange would write it.
fn dial(number: &str) -> String {
    format!(
        "<Dial action=\"/done\" answerOnBridge=\"true\" timeout=\"15\" callerId=\"{LINE}\">\
         <Number url=\"/screen\" statusCallback=\"/leg\" \
         statusCallbackEvent=\"initiated ringing answered completed\">{number}</Number></Dial>"
    )
}

/// A screening with a key, and a decision behind it.
fn screened(toy: Toy) -> Toy {
    toy.on("/voice", &format!("<Say>Een ogenblik</Say>{}", dial(BOS)))
        .on(
            "/screen",
            "<Gather numDigits=\"1\" timeout=\"6\" action=\"/key\"><Say>Schikt het? Toets 1.</Say>\
             </Gather><Hangup/>",
        )
        .on("/done", "<Say>Dank u wel</Say><Hangup/>")
}

fn yes(toy: Toy) -> Toy {
    screened(toy).on("/key", "")
}

fn no(toy: Toy) -> Toy {
    screened(toy).on("/key", "<Hangup/>")
}
