//! What happened, line by line, to be read by whoever has to find out why.

use std::fmt::Write;

use super::super::log::{By, LogEntry, What};
use super::super::number::CallerId;
use super::{Cast, Scenario};

/// The log with the scenario's names: who hears, presses, rings, ends, and when (Dutch time).
///
/// It shows keys and no numbers. It is for scenarios, whose people do not exist; what a real
/// network logs is never written out like this (R14).
pub fn transcript(scenario: &Scenario, log: &[LogEntry]) -> String {
    let cast = Cast::of(scenario);
    let names = cast.legs(scenario, log);
    let mut out = String::new();
    for entry in log {
        let Some(line) = in_words(entry, &cast, |leg| {
            names.get(&leg).map_or("somebody", String::as_str).to_owned()
        }) else {
            continue;
        };
        let at = entry.at.local().format("%H:%M:%S%.3f");
        let name = names.get(&entry.leg).map_or("somebody", String::as_str);
        let _ = writeln!(out, "{at}  {:<10} {line}", name);
    }
    out
}

fn in_words(
    entry: &LogEntry,
    cast: &Cast,
    name: impl Fn(super::super::leg::LegId) -> String,
) -> Option<String> {
    Some(match &entry.what {
        What::Dialled { from: CallerId::Shown(_), .. } => "dials".to_owned(),
        What::Dialled { from: CallerId::Withheld(_), .. } => "dials, number withheld".to_owned(),
        What::Rung { number, parent, limit, .. } => {
            let by = parent.map_or(String::new(), |parent| format!(" for {}", name(parent)));
            format!("is rung{by} ({}), {} s at most", cast.name(number), limit.as_secs())
        }
        What::Rings => "hears the telephone ring".to_owned(),
        What::Answered => "is connected with the exchange".to_owned(),
        // Which document answered which request is for the tests of the network itself.
        What::Document { .. } | What::Listening => return None,
        What::Said { text, language } => match language {
            Some(language) => format!("hears ({}): {text}", language.code()),
            None => format!("hears: {text}"),
        },
        What::Played { .. } => "hears a sound".to_owned(),
        What::CutShort => "interrupts".to_owned(),
        What::Pressed(key) => format!("presses {}", key.0),
        What::Tone => "hears the tone".to_owned(),
        What::Recorded { seconds } => format!("was recorded, {seconds} s"),
        What::Joined { with } => format!("TALKS WITH {}", name(*with)),
        What::DialEnded { status, bridged, child } => {
            let talked = if *bridged { ", after talking" } else { "" };
            format!("is back from {}: {}{talked}", name(*child), status.word())
        }
        What::Ended { status, by } => {
            let by = match by {
                By::Person => "hangs up",
                By::Exchange => "the exchange ends the call",
                By::Network => "the network ends the call",
            };
            format!("{by} ({})", status.word())
        }
        What::StillWaiting { step } => format!("was still waiting: {step}"),
        What::Alarm { code, what } => format!("ALARM {code}: {what}"),
    })
}
