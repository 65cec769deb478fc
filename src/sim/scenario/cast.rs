//! Who has which number, and everybody in their places on the network.

use std::collections::BTreeMap;
use std::time::Duration;

use super::super::leg::LegId;
use super::super::log::{LogEntry, What};
use super::super::network::Network;
use super::super::number::{CallerId, Number};
use super::super::telephone::Behind;
use super::Scenario;

/// The number of the first line when none is given.
const LINE: &str = "+31700002586";

/// Everybody's number.
#[derive(Debug, Clone)]
pub struct Cast {
    /// The lines, the first one first.
    pub lines: Vec<Number>,
    /// The neighbours, in the order of the file.
    pub neighbours: Vec<Number>,
    /// The desk's telephones, in order.
    pub desk: Vec<Number>,
    /// Other telephones, in order.
    pub telephones: Vec<Number>,
    names: BTreeMap<Number, String>,
}

impl Cast {
    /// Hands out the numbers.
    pub fn of(scenario: &Scenario) -> Self {
        let lines: Vec<Number> = match &scenario.line[..] {
            [] => vec![Number::new(LINE)],
            lines => lines
                .iter()
                .map(|line| line.get("number").and_then(toml::Value::as_str).unwrap_or(LINE))
                .map(Number::new)
                .collect(),
        };
        let neighbours: Vec<Number> = (1..)
            .zip(&scenario.neighbour)
            .map(|(i, neighbour)| match &neighbour.phone {
                Some(phone) => Number::new(phone),
                None => Number::new(&format!("+3170001{i:04}")),
            })
            .collect();
        let desk: Vec<Number> =
            (1..=scenario.desk.len()).map(|i| Number::new(&format!("+3170009{i:04}"))).collect();
        let telephones: Vec<Number> = (1..)
            .zip(&scenario.telephone)
            .map(|(i, telephone)| match &telephone.phone {
                Some(phone) => Number::new(phone),
                None => Number::new(&format!("+31602{i:06}")),
            })
            .collect();
        let mut names = BTreeMap::new();
        for (number, telephone) in telephones.iter().zip(&scenario.telephone) {
            names.insert(number.clone(), telephone.name.clone());
        }
        for (number, neighbour) in neighbours.iter().zip(&scenario.neighbour) {
            names.insert(number.clone(), neighbour.name.clone());
        }
        for (number, seat) in desk.iter().zip(&scenario.desk) {
            names.insert(number.clone(), seat.name.clone());
        }
        Self { lines, neighbours, desk, telephones, names }
    }

    /// What the scenario calls this telephone.
    pub fn name(&self, number: &Number) -> &str {
        self.names.get(number).map_or("somebody else", String::as_str)
    }

    /// The telephone of this name.
    pub fn number(&self, name: &str) -> Option<&Number> {
        self.names.iter().find(|(_, n)| *n == name).map(|(number, _)| number)
    }

    /// Who is at the other end of each leg: callers by the order in which they dial, everybody
    /// else by their number.
    pub(super) fn legs(&self, scenario: &Scenario, log: &[LogEntry]) -> BTreeMap<LegId, String> {
        let mut names = BTreeMap::new();
        for entry in log {
            let name = match &entry.what {
                What::Dialled { .. } => scenario.caller_on(entry.leg).map_or("a line", |c| &c.name),
                What::Rung { number, .. } => self.name(number),
                _ => continue,
            };
            names.insert(entry.leg, name.to_owned());
        }
        names
    }
}

impl Scenario {
    /// Puts everybody in their places: telephones, callers, stray webhooks. To be called once, on a
    /// network that is new: legs are known by their order.
    pub fn set_up(&self, cast: &Cast, network: &mut Network, public_url: &str) {
        network.step(self.at);
        network.provider_is(self.at, self.fault.clone());
        let neighbours = cast.neighbours.iter().zip(self.neighbour.iter().map(|n| &n.does));
        let desk = cast.desk.iter().zip(self.desk.iter().map(|s| &s.does));
        let others = cast.telephones.iter().zip(self.telephone.iter().map(|t| &t.does));
        for (number, does) in neighbours.chain(desk).chain(others) {
            network.add_telephone(number.clone(), Behind::Scripted(does.clone()));
        }
        for (i, caller) in (1..).zip(&self.caller) {
            let at = self.at + Duration::from_secs_f64(caller.after);
            let to = caller.to.as_deref().map_or_else(|| cast.lines[0].clone(), Number::new);
            let from = caller_id(cast, &caller.from, i);
            network.dial(at, from, to, caller.does.clone());
        }
        for stray in &self.stray {
            let at = self.at + Duration::from_secs_f64(stray.after);
            network.stray(at, &format!("{public_url}{}", stray.path));
        }
    }

    /// Callers were given their legs first, in order.
    pub(super) fn caller_on(&self, leg: LegId) -> Option<&super::Caller> {
        usize::try_from(leg.0).ok().and_then(|n| self.caller.get(n.checked_sub(1)?))
    }
}

fn caller_id(cast: &Cast, from: &str, nth: usize) -> CallerId {
    if from == "unknown" {
        return CallerId::Shown(Number::new(&format!("+31601{nth:06}")));
    }
    if let Some(how) = from.strip_prefix("withheld") {
        let how = how.trim_start().strip_prefix("as").map_or("anonymous", str::trim);
        return CallerId::Withheld(how.to_owned());
    }
    CallerId::Shown(cast.number(from).cloned().unwrap_or_else(|| Number::new(from)))
}
