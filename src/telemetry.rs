//! What the exchange tells about itself: log lines ([`logging`]) and figures ([`Metrics`]).
//!
//! Never about people (R14): no telephone number, name, keyed digit or spoken text. Ids, words of
//! closed sets and durations only. An event is logged once, at the boundary where it happened.

pub mod logging;
pub mod metrics;

pub use logging::{LogFormat, start_logging};
pub use metrics::{
    Metrics, PlacedResult, ProviderAnswer, ProviderRequest, SearchKind, WebhookKind,
};
