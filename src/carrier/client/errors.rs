//! From what went wrong on the wire to what may be done about it.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::{CarrierError, read_at_most};

/// Codes that say that a number does not exist, cannot be reached or is not a number.
const BAD_NUMBER: [u32; 5] = [13_223, 13_224, 21_211, 21_214, 21_217];

/// A change was asked of a leg that is not in progress.
const CALL_OVER: u32 = 21_220;

/// Most bytes of a refusal that are read for its code.
const MAX_REFUSAL: usize = 64 * 1024;

/// No answer came. The library's own text holds the address, and so numbers: it is dropped.
pub(super) fn not_asked(error: reqwest::Error) -> CarrierError {
    if error.is_connect() {
        CarrierError::Unreachable
    } else if error.is_timeout() {
        CarrierError::Unknown { why: "no answer in time" }
    } else if error.is_builder() {
        CarrierError::Refused { status: 0, code: None }
    } else {
        CarrierError::Unknown { why: "the connection broke" }
    }
}

/// An answer came, and it is not a yes.
pub(super) async fn refusal(response: Response) -> CarrierError {
    let status = response.status();
    match status {
        StatusCode::TOO_MANY_REQUESTS => CarrierError::Busy { retry_after: retry_after(&response) },
        status if status.is_server_error() => CarrierError::Unknown { why: "an error of its own" },
        status => {
            let code = read_at_most(response, MAX_REFUSAL).await.ok().and_then(|body| code(&body));
            match code {
                Some(CALL_OVER) => CarrierError::CallOver,
                Some(code) if BAD_NUMBER.contains(&code) => CarrierError::BadNumber { code },
                code => CarrierError::Refused { status: status.as_u16(), code },
            }
        }
    }
}

/// `Retry-After` in seconds; its other form, a date, is of no use to whoever has another clock.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// `{"code": 21211}` or `{"errors": [{"code": "10002"}]}`, as a number or as text.
fn code(body: &[u8]) -> Option<u32> {
    let answer: Value = serde_json::from_slice(body).ok()?;
    let code = [&answer["code"], &answer["errors"][0]["code"]];
    code.into_iter().find_map(|code| match code {
        Value::Number(number) => number.as_u64().and_then(|code| u32::try_from(code).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    })
}
