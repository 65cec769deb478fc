//! The provider's REST side without a wire: the simulated network is asked directly.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use burenhulp::carrier::rest::{Answer, CarrierError, PlaceCall, Sound};
use burenhulp::carrier::webhook::LegStatus;
use burenhulp::carrier::{Carrier, Sid};
use burenhulp::domain::{Phone, Timestamp};
use burenhulp::exchange::{Clock, SetClock};
use burenhulp::sim::Network;
use burenhulp::sim::api::{Fields, RestAnswer, RestBody, RestCall};
use burenhulp::sim::faults::NoAnswer;
use serde_json::Value;

/// The network, asked at the exchange's own moment.
pub(super) struct InProcess {
    network: Arc<Mutex<Network>>,
    clock: Arc<SetClock>,
    tapes: Arc<Mutex<Tapes>>,
}

/// How recordings are when they are fetched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Tapes {
    /// As they were spoken.
    #[default]
    Fine,
    /// Not there, however often they are asked for.
    Missing,
    /// Of a hundred megabytes.
    Huge,
}

impl InProcess {
    pub(super) fn new(
        network: &Arc<Mutex<Network>>,
        clock: &Arc<SetClock>,
        tapes: &Arc<Mutex<Tapes>>,
    ) -> Self {
        Self { network: Arc::clone(network), clock: Arc::clone(clock), tapes: Arc::clone(tapes) }
    }

    /// The time that the real client waits for a silent provider passes at once.
    fn ask(&self, call: RestCall) -> Result<RestAnswer, CarrierError> {
        let taken = self.network.lock().unwrap().take(self.clock.now(), call);
        let answer = taken.map_err(|fault| match fault {
            NoAnswer::Unreachable => CarrierError::Unreachable,
            NoAnswer::Silence => CarrierError::Unknown { why: "no answer in time" },
            NoAnswer::Cut => CarrierError::Unknown { why: "the connection broke" },
        })?;
        match answer.status {
            429 => {
                let seconds = |seconds: u32| Duration::from_secs(seconds.into());
                Err(CarrierError::Busy { retry_after: answer.retry_after.map(seconds) })
            }
            500.. => Err(CarrierError::Unknown { why: "an error of its own" }),
            _ => Ok(answer),
        }
    }

    fn update(&self, sid: &Sid, fields: Fields) -> Result<RestAnswer, CarrierError> {
        self.ask(RestCall::UpdateCall { sid: sid.as_str().to_owned(), fields })
    }
}

impl Carrier for InProcess {
    fn place<'a>(&'a self, call: &'a PlaceCall) -> Answer<'a, Sid> {
        // What the provider adds is taken off, as the real client does.
        let timeout = call.ring_seconds.saturating_sub(5).max(5).to_string();
        let mut order = fields(&[
            ("To", call.to.e164()),
            ("From", call.from.e164()),
            ("Url", &call.url),
            ("FallbackUrl", &call.fallback),
            ("StatusCallback", &call.status_callback),
            ("Timeout", &timeout),
        ]);
        for event in ["initiated", "ringing", "answered", "completed"] {
            order.0.push(("StatusCallbackEvent".to_owned(), event.to_owned()));
        }
        let answer = self.ask(RestCall::CreateCall(order));
        Box::pin(async move {
            let answer = answer?;
            match (answer.status, json(&answer)["sid"].as_str()) {
                (201, Some(sid)) => Ok(Sid::parse(sid).unwrap()),
                _ => Err(refused(&answer)),
            }
        })
    }

    fn redirect<'a>(&'a self, sid: &'a Sid, url: &'a str) -> Answer<'a, ()> {
        let answer = self.update(sid, fields(&[("Url", url), ("Method", "POST")]));
        Box::pin(async move { done(&answer?) })
    }

    fn hang_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, ()> {
        let answer = self.update(sid, fields(&[("Status", "completed")]));
        Box::pin(async move {
            match answer.and_then(|answer| done(&answer)) {
                Err(CarrierError::CallOver) => Ok(()),
                other => other,
            }
        })
    }

    fn look_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, LegStatus> {
        let answer = self.ask(RestCall::FetchCall { sid: sid.as_str().to_owned() });
        Box::pin(async move {
            let answer = answer?;
            done(&answer)?;
            Ok(LegStatus::read(json(&answer)["status"].as_str().unwrap_or_default()))
        })
    }

    fn find_call<'a>(
        &'a self,
        to: &'a Phone,
        from: &'a Phone,
        since: Timestamp,
    ) -> Answer<'a, Option<Sid>> {
        let filter = fields(&[("To", to.e164()), ("From", from.e164()), ("PageSize", "1")]);
        let answer = self.ask(RestCall::ListCalls(filter));
        Box::pin(async move {
            let answer = answer?;
            let call = &json(&answer)["calls"][0];
            let made = call["date_created"].as_str().and_then(|at| {
                let at = chrono::DateTime::parse_from_rfc2822(at).ok()?;
                Some(Timestamp(at.timestamp_millis()))
            });
            // The provider tells whole seconds.
            let new = made.is_some_and(|made| made.0 / 1000 >= since.0 / 1000);
            Ok(call["sid"].as_str().filter(|_| new).map(|sid| Sid::parse(sid).unwrap()))
        })
    }

    fn fetch_recording<'a>(&'a self, url: &'a str, max_bytes: usize) -> Answer<'a, Sound> {
        let sid = url.rsplit('/').next().unwrap_or_default().trim_end_matches(".wav").to_owned();
        let answer = self.ask(RestCall::FetchSound { sid });
        let tapes = *self.tapes.lock().unwrap();
        Box::pin(async move {
            match answer?.body {
                _ if tapes == Tapes::Missing => Err(CarrierError::NotYet),
                RestBody::Sound(_) if tapes == Tapes::Huge => {
                    assert!(max_bytes < 100_000_000, "a hundred megabytes would be taken in");
                    Err(CarrierError::TooLarge { max_bytes })
                }
                RestBody::Sound(bytes) if bytes.len() > max_bytes => {
                    Err(CarrierError::TooLarge { max_bytes })
                }
                RestBody::Sound(bytes) => {
                    Ok(Sound { content_type: "audio/x-wav".to_owned(), bytes })
                }
                _ => Err(CarrierError::NotYet),
            }
        })
    }

    fn delete_recording<'a>(&'a self, sid: &'a Sid) -> Answer<'a, ()> {
        let answer = self.ask(RestCall::DeleteRecording { sid: sid.as_str().to_owned() });
        Box::pin(async move {
            let answer = answer?;
            match answer.status {
                200..=299 | 404 => Ok(()),
                _ => Err(refused(&answer)),
            }
        })
    }
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    Fields(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
}

fn json(answer: &RestAnswer) -> &Value {
    match &answer.body {
        RestBody::Json(value) => value,
        _ => &Value::Null,
    }
}

fn done(answer: &RestAnswer) -> Result<(), CarrierError> {
    if (200..300).contains(&answer.status) { Ok(()) } else { Err(refused(answer)) }
}

fn refused(answer: &RestAnswer) -> CarrierError {
    let code = json(answer)["code"].as_u64().and_then(|code| u32::try_from(code).ok());
    match (answer.status, code) {
        (404, _) | (_, Some(21220)) => CarrierError::CallOver,
        (_, Some(code @ (21211 | 21214 | 21215))) => CarrierError::BadNumber { code },
        (status, code) => CarrierError::Refused { status, code },
    }
}
