//! The provider's REST interface over HTTP: one client, short time-outs, form-encoded requests.
//!
//! It never decides to repeat a request: only the caller knows whether that could ring somebody
//! twice. Addresses and answers hold numbers, so none of them gets into an error.

mod errors;
mod recording;

use std::time::Duration;

use chrono::DateTime;
use reqwest::{Method, RequestBuilder, Response, Url};
use serde_json::Value;

use self::errors::{not_asked, refusal};
use super::dialect::{Authorisation, Dialect, Events, Kind, RestStyle};
use super::rest::{Answer, Carrier, CarrierError, PlaceCall, Sound};
use super::sid::Sid;
use super::webhook::LegStatus;
use crate::domain::{Phone, Timestamp};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(3);

/// Longest wait for a whole answer, connecting included.
const WHOLE: Duration = Duration::from_secs(10);

/// Largest answer that is read; a list of twenty calls has about 20 kB.
const MAX_ANSWER: usize = 1024 * 1024;

/// Shortest and longest ringing that may be asked for, in seconds.
const RING_SECONDS: (u32, u32) = (5, 600);

/// Where and as whom a provider is asked.
#[derive(Clone)]
pub struct Access {
    /// Which provider.
    pub kind: Kind,
    /// The account (SignalWire: project) id.
    pub account: String,
    /// What requests are authorised with.
    pub token: String,
    /// `https://api.twilio.com`.
    pub api_base: String,
    /// Telnyx: the TeXML application that calls are placed with. Elsewhere `None`.
    pub application: Option<String>,
}

/// Why no client can be made of the settings.
#[derive(Debug, thiserror::Error)]
pub enum BadAccess {
    /// Not an address.
    #[error("api_base is not an http or https address with a host; write https://api.twilio.com")]
    NotAnAddress,
    /// Not an account id.
    #[error("account is not an id of 1 to 128 visible ASCII characters")]
    NotAnAccount,
    /// TLS cannot be set up.
    #[error("TLS cannot be set up; on Debian, is the package ca-certificates installed?")]
    Tls(#[source] reqwest::Error),
}

/// A provider that is reached over HTTP.
pub struct RestCarrier {
    http: reqwest::Client,
    dialect: &'static dyn Dialect,
    style: RestStyle,
    access: Access,
    base: Url,
    account_path: String,
}

impl RestCarrier {
    /// Sets the client up; nothing is asked of the provider yet.
    ///
    /// # Errors
    /// [`BadAccess`] when the address or the account cannot be one, or TLS cannot be set up.
    pub fn new(access: Access) -> Result<Self, BadAccess> {
        Self::with_time_outs(access, CONNECT, WHOLE)
    }

    fn with_time_outs(
        access: Access,
        connect: Duration,
        whole: Duration,
    ) -> Result<Self, BadAccess> {
        let base = Url::parse(&access.api_base).map_err(|_| BadAccess::NotAnAddress)?;
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return Err(BadAccess::NotAnAddress);
        }
        let account = Sid::parse(&access.account).map_err(|_| BadAccess::NotAnAccount)?;
        let dialect = access.kind.dialect();
        let style = dialect.rest();
        // Whoever comes second finds the same provider installed.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("burenhulp/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(connect)
            .timeout(whole)
            // A redirect could carry the token elsewhere; recordings follow theirs by hand.
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(&base) {
            builder = builder.no_proxy();
        }
        Ok(Self {
            http: builder.build().map_err(BadAccess::Tls)?,
            dialect,
            style,
            base,
            account_path: format!("{}{}", style.accounts_path, account.in_path()),
            access,
        })
    }

    fn calls(&self) -> Url {
        self.at(&format!("/Calls{}", self.style.calls_ending))
    }

    fn call(&self, sid: &Sid) -> Url {
        self.at(&format!("/Calls/{}{}", sid.in_path(), self.style.calls_ending))
    }

    /// An address of the account.
    fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        let before = self.base.path().trim_end_matches('/');
        url.set_path(&format!("{before}{}{path}", self.account_path));
        url.set_query(None);
        url.set_fragment(None);
        url
    }

    fn request(&self, method: Method, url: Url) -> RequestBuilder {
        let request = self.http.request(method, url);
        match self.style.authorisation {
            Authorisation::Basic => {
                request.basic_auth(&self.access.account, Some(&self.access.token))
            }
            Authorisation::Bearer => request.bearer_auth(&self.access.token),
        }
    }

    /// Sends it; only an answer that says yes passes.
    async fn send(&self, request: RequestBuilder) -> Result<Response, CarrierError> {
        let response = request.send().await.map_err(not_asked)?;
        if response.status().is_success() { Ok(response) } else { Err(refusal(response).await) }
    }

    async fn send_for_json(&self, request: RequestBuilder) -> Result<Value, CarrierError> {
        let body = read_at_most(self.send(request).await?, MAX_ANSWER).await?;
        serde_json::from_slice(&body).map_err(|_| UNREADABLE)
    }

    async fn change(&self, sid: &Sid, form: &[(&str, &str)]) -> Result<(), CarrierError> {
        match self.send(self.request(Method::POST, self.call(sid)).form(form)).await {
            Ok(_) => Ok(()),
            // Providers refuse a change to a leg that is over each in their own words.
            Err(refused @ CarrierError::Refused { status: 400 | 409 | 422, .. }) => {
                match self.status_of(sid).await {
                    Ok(LegStatus::Over(_)) | Err(CarrierError::CallOver) => {
                        Err(CarrierError::CallOver)
                    }
                    _ => Err(refused),
                }
            }
            Err(error) => Err(unknown_is_over(error)),
        }
    }

    async fn status_of(&self, sid: &Sid) -> Result<LegStatus, CarrierError> {
        let answer = self.send_for_json(self.request(Method::GET, self.call(sid))).await;
        let call = answer.map_err(unknown_is_over)?;
        Ok(call["status"].as_str().map_or(LegStatus::Unknown, LegStatus::read))
    }

    fn place_form<'a>(&'a self, call: &'a PlaceCall, timeout: &'a str) -> Vec<(&'a str, &'a str)> {
        let mut form = vec![
            ("To", call.to.e164()),
            ("From", call.from.e164()),
            ("Url", &call.url),
            ("Method", "POST"),
            ("FallbackUrl", &call.fallback),
            ("FallbackMethod", "POST"),
            ("StatusCallback", &call.status_callback),
            ("StatusCallbackMethod", "POST"),
            ("Timeout", timeout),
        ];
        match self.style.events {
            Events::Repeated => {
                let events = ["initiated", "ringing", "answered", "completed"];
                form.extend(events.map(|event| ("StatusCallbackEvent", event)));
            }
            Events::Joined => {
                form.push(("StatusCallbackEvent", "initiated ringing answered completed"));
            }
            Events::Unnamed => {}
        }
        form.extend(self.access.application.as_deref().map(|id| ("ApplicationSid", id)));
        form
    }
}

impl Carrier for RestCarrier {
    fn place<'a>(&'a self, call: &'a PlaceCall) -> Answer<'a, Sid> {
        Box::pin(async move {
            let surplus = self.dialect.capabilities().ring_surplus_seconds;
            let ring = call.ring_seconds.saturating_sub(surplus);
            let timeout = ring.clamp(RING_SECONDS.0, RING_SECONDS.1).to_string();
            let request = self
                .request(Method::POST, self.calls())
                .header("Idempotency-Key", &call.key)
                .form(&self.place_form(call, &timeout));
            sid_of(&self.send_for_json(request).await?).ok_or(UNREADABLE)
        })
    }

    fn redirect<'a>(&'a self, sid: &'a Sid, url: &'a str) -> Answer<'a, ()> {
        Box::pin(async move { self.change(sid, &[("Url", url), ("Method", "POST")]).await })
    }

    fn hang_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, ()> {
        Box::pin(async move {
            match self.change(sid, &[("Status", "completed")]).await {
                Err(CarrierError::CallOver) => Ok(()),
                other => other,
            }
        })
    }

    fn look_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, LegStatus> {
        Box::pin(self.status_of(sid))
    }

    fn find_call<'a>(
        &'a self,
        to: &'a Phone,
        from: &'a Phone,
        since: Timestamp,
    ) -> Answer<'a, Option<Sid>> {
        Box::pin(async move {
            let mut url = self.calls();
            url.query_pairs_mut()
                .append_pair("To", to.e164())
                .append_pair("From", from.e164())
                .append_pair("PageSize", "20");
            let list = self.send_for_json(self.request(Method::GET, url)).await?;
            let calls = list["calls"].as_array().ok_or(UNREADABLE)?;
            let newest = calls
                .iter()
                .filter(|call| reaches(call, to, from))
                .filter_map(|call| Some((created(call)?, sid_of(call)?)))
                // The provider's times are whole seconds.
                .filter(|(created, _)| created.0 >= since.0 - since.0.rem_euclid(1_000))
                .max_by_key(|(created, _)| *created);
            Ok(newest.map(|(_, sid)| sid))
        })
    }

    fn fetch_recording<'a>(&'a self, url: &'a str, max_bytes: usize) -> Answer<'a, Sound> {
        Box::pin(self.fetch(url, max_bytes))
    }

    fn delete_recording<'a>(&'a self, sid: &'a Sid) -> Answer<'a, ()> {
        Box::pin(async move {
            let url = self.at(&format!("/Recordings/{}.json", sid.in_path()));
            match self.send(self.request(Method::DELETE, url)).await {
                Ok(_) | Err(CarrierError::Refused { status: 404, .. }) => Ok(()),
                Err(error) => Err(error),
            }
        })
    }
}

const UNREADABLE: CarrierError = CarrierError::Unknown { why: "its answer cannot be read" };

/// A leg that the provider does not know (any more) will not ring or speak.
fn unknown_is_over(error: CarrierError) -> CarrierError {
    match error {
        CarrierError::Refused { status: 404, .. } => CarrierError::CallOver,
        other => other,
    }
}

/// Reads a body without ever holding more than was allowed.
async fn read_at_most(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, CarrierError> {
    let too_large = CarrierError::TooLarge { max_bytes };
    if response.content_length().is_some_and(|bytes| bytes > max_bytes as u64) {
        return Err(too_large);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(not_asked)? {
        if body.len() + chunk.len() > max_bytes {
            return Err(too_large);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn sid_of(call: &Value) -> Option<Sid> {
    let sid = call["sid"].as_str().or_else(|| call["call_sid"].as_str())?;
    Sid::parse(sid).ok()
}

/// Filters are asked for, but a provider that ignores one must not hand us another's call.
fn reaches(call: &Value, to: &Phone, from: &Phone) -> bool {
    let fits = |field: &str, phone: &Phone| call[field].as_str().is_none_or(|n| n == phone.e164());
    fits("to", to) && fits("from", from)
}

/// When a call was made: RFC 2822 at most providers, RFC 3339 at others. A queued call has no
/// `start_time` yet.
fn created(call: &Value) -> Option<Timestamp> {
    let text = ["date_created", "start_time"].iter().find_map(|field| call[*field].as_str())?;
    let rfc2822 = DateTime::parse_from_rfc2822(text).ok();
    rfc2822.map(|at| Timestamp(at.timestamp_millis())).or_else(|| Timestamp::parse(text))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests;
