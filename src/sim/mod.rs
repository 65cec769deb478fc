//! The simulated carrier: a telephone network in a box, and a town of people on it.
//!
//! The inside ([`network`]) is pure: numbers, legs, documents, people, under whatever clock drives
//! it. Around it are two thin halves of HTTP ([`http`] sends webhooks, [`rest`] serves the
//! provider's REST interface) and [`live`], which lets it run in real time; [`virtual_time`]
//! drives it without a wire, hours in milliseconds. The demo, the [`scenario`]s, the load test and
//! every test of the whole exchange use this one network.
//!
//! It knows the exchange only as a provider does: webhooks out, TwiML back, REST calls in. It must
//! never borrow code from `twiml`, `carrier`, `dispatch`, `flow`, `store` or `exchange`; a mistake
//! made twice would prove nothing. Of `domain` it uses the time and the languages.

pub mod api;
pub mod clock;
pub mod delivery;
mod document;
pub mod faults;
pub mod http;
pub mod leg;
pub mod live;
pub mod log;
pub mod network;
pub mod number;
pub mod rest;
pub mod rules;
pub mod scenario;
pub mod script;
mod signature;
mod speech;
pub mod stage;
pub mod telephone;
pub mod town;
mod twiml_reader;
pub mod virtual_time;
mod wav;
pub mod wire;
mod xml;

pub use network::{Network, NetworkConfig};
