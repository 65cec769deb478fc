//! The commands on this machine: its configuration, clock, database and streams.

use std::io;
use std::path::Path;

use crate::domain::Timestamp;
use crate::exchange::{Clock, SystemClock};
use crate::store;

use super::check::{Check, Rooms};
use super::flow_files;

pub(super) fn check(check: &Check) -> anyhow::Result<bool> {
    let flow_faults =
        |directory: Option<&Path>| flow_files::read(directory).err().unwrap_or_default();
    let rooms =
        Rooms { services: &flow_files::services, flows: &flow_faults, database: &store::faults };
    Ok(check.run(&rooms, now(), &mut io::stdout().lock(), &mut io::stderr().lock())?)
}

/// A command takes the time once, here.
pub(super) fn now() -> Timestamp {
    SystemClock.now()
}
