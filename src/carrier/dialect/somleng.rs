//! Somleng: signs like Twilio, but ignores the screening address of a dialled number and knows no
//! pause. It is here so that a configuration that names it gets a clear answer.

use reqwest::header::HeaderMap;

use super::twilio::Twilio;
use super::{Capabilities, Dialect, Events, RestStyle};
use crate::carrier::form::Params;
use crate::carrier::signature::{BadSignature, Secrets};
use crate::domain::Timestamp;

#[derive(Debug)]
pub(super) struct Somleng;

impl Dialect for Somleng {
    fn verify(
        &self,
        secrets: &Secrets,
        now: Timestamp,
        headers: &HeaderMap,
        url: &str,
        raw_body: &[u8],
        params: &Params,
    ) -> Result<(), BadSignature> {
        Twilio.verify(secrets, now, headers, url, raw_body, params)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities {
            screening: false,
            pause: false,
            ring_surplus_seconds: 0,
            recording_life: None,
        }
    }

    fn rest(&self) -> RestStyle {
        RestStyle { events: Events::Unnamed, ..Twilio.rest() }
    }
}
