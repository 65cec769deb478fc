//! The telephone side's edge: what providers send ([`webhook`]), how they sign it, and what can be
//! asked of them over REST. Nothing outside knows a provider's field names.

pub mod client;
pub mod dialect;
pub mod form;
pub mod rest;
pub mod sid;
pub mod signature;
pub mod webhook;

pub use client::RestCarrier;
pub use dialect::Kind;
pub use form::Params;
pub use rest::{Carrier, CarrierError, PlaceCall};
pub use sid::Sid;
pub use webhook::Webhook;
