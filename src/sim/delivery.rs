//! In which order, how often and how late webhooks reach the application.

use std::time::Duration;

use serde::Deserialize;

/// When status callbacks come, compared with the request that decides how the call goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Callbacks {
    /// Before it.
    #[default]
    Before,
    /// After it, by [`Delivery::lag`].
    After,
    /// Before it; and when the caller has gone, the request itself never comes.
    Instead,
}

/// Whether a webhook is delivered twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicate {
    /// Once.
    #[default]
    No,
    /// Twice: same body, same idempotency token.
    SameToken,
    /// Twice: same body, another idempotency token.
    OtherToken,
}

/// What a leg that was dropped while it rang is said to have ended as; providers differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DroppedAs {
    /// `canceled`.
    #[default]
    Canceled,
    /// `no-answer`.
    NoAnswer,
}

/// How webhooks travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// When status callbacks come.
    pub callbacks: Callbacks,
    /// Whether everything comes twice.
    pub duplicate: Duplicate,
    /// How a dropped ring is reported.
    pub dropped_as: DroppedAs,
    /// How much later status callbacks come with [`Callbacks::After`].
    pub lag: Duration,
}

impl Default for Delivery {
    fn default() -> Self {
        Self {
            callbacks: Callbacks::default(),
            duplicate: Duplicate::default(),
            dropped_as: DroppedAs::default(),
            lag: Duration::from_secs(2),
        }
    }
}

/// When a request that failed is tried again, as written behind the `#` of its address.
///
/// The defaults are the provider's: one more try, and only if no connection could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Retry {
    tries: u8,
    on_connection: bool,
    on_timeout: bool,
    on_4xx: bool,
    on_5xx: bool,
}

impl Retry {
    /// Reads `rc=2&rp=ct,rt`; what is not understood is passed over, as the provider does.
    pub(super) fn read(fragment: &str) -> Self {
        let mut retry =
            Self { tries: 1, on_connection: true, on_timeout: false, on_4xx: false, on_5xx: false };
        for (key, value) in fragment.split('&').filter_map(|pair| pair.split_once('=')) {
            match key {
                "rc" => retry.tries = value.parse().map_or(retry.tries, |n: u8| n.min(5)),
                "rp" => {
                    let has = |word| value.split(',').any(|w| w == word || w == "all");
                    retry.on_connection = has("ct");
                    retry.on_timeout = has("rt");
                    retry.on_4xx = has("4xx");
                    retry.on_5xx = has("5xx");
                }
                _ => {}
            }
        }
        retry
    }

    /// Whether to try again after this, having tried again `already` times.
    pub(super) fn again(
        self,
        already: u8,
        answer: &Result<super::wire::Response, super::wire::Failure>,
    ) -> bool {
        use super::wire::Failure;
        already < self.tries
            && match answer {
                Err(Failure::Connection) => self.on_connection,
                Err(Failure::Timeout) => self.on_timeout,
                Ok(response) if response.status >= 500 => self.on_5xx,
                Ok(response) if response.status >= 400 => self.on_4xx,
                Ok(_) => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::{Failure, Response};
    use super::*;

    #[test]
    fn by_default_only_a_failed_connection_is_tried_once_more() {
        let retry = Retry::read("");
        assert!(retry.again(0, &Err(Failure::Connection)));
        assert!(!retry.again(1, &Err(Failure::Connection)));
        assert!(!retry.again(0, &Err(Failure::Timeout)));
        assert!(!retry.again(0, &Ok(Response::status(500))));
    }

    #[test]
    fn the_fragment_of_an_address_changes_what_is_tried_again() {
        let retry = Retry::read("ct=2000&rc=2&rp=rt,5xx");
        assert!(retry.again(1, &Ok(Response::status(503))));
        assert!(!retry.again(2, &Ok(Response::status(503))));
        assert!(!retry.again(0, &Ok(Response::status(404))));
        assert!(!retry.again(0, &Err(Failure::Connection)));
        assert!(Retry::read("rp=all&rc=9").again(4, &Ok(Response::status(404))));
        assert!(!Retry::read("rp=all&rc=9").again(5, &Ok(Response::status(404))));
    }
}
