//! The commands on this machine: its configuration, clock, database and streams.

use std::io;
use std::path::Path;

use crate::domain::{ServiceId, Timestamp};
use crate::flow;
use crate::store;

use super::check::{Check, Rooms};

pub(super) fn check(check: &Check) -> anyhow::Result<bool> {
    let rooms = Rooms { services: &catalogue, flows: &flow_faults, database: &store::faults };
    Ok(check.run(&rooms, now(), &mut io::stdout().lock(), &mut io::stderr().lock())?)
}

#[allow(clippy::disallowed_methods)] // a command takes the time once, here
fn now() -> Timestamp {
    let since =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Not known before the interpreter reads it: what the lines offer is taken as it stands.
fn catalogue(_flows: Option<&Path>) -> Option<Vec<ServiceId>> {
    None
}

/// Every fault of the flow files in this directory.
fn flow_faults(directory: Option<&Path>) -> Vec<String> {
    let Some(directory) = directory else { return Vec::new() };
    let unreadable = |why| vec![format!("{}: {why}; see that it is there", directory.display())];
    let files = match std::fs::read_dir(directory) {
        Ok(files) => files.flatten().map(|file| file.path()),
        Err(why) => return unreadable(why),
    };
    let mut faults = Vec::new();
    for path in files.filter(|path| path.extension().is_some_and(|end| end == "vxml")) {
        let name = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let found = flow::parse::read(&name, &text).err().into_iter().flatten();
                faults.extend(found.map(|fault| fault.to_string()));
            }
            Err(why) => faults.push(format!("{name}: {why}")),
        }
    }
    faults
}
