//! burenhulp: a telephone exchange for neighbourly help.

pub mod carrier;
pub mod commands;
pub mod config;
pub mod dispatch;
pub mod domain;
pub mod exchange;
pub mod flow;
pub mod report;
pub mod sim;
pub mod store;
pub mod telemetry;
pub mod twiml;
pub mod web;
