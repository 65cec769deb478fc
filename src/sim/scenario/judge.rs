//! What came of it, against what must be.

use std::collections::BTreeMap;

use super::super::leg::LegId;
use super::super::log::{By, LogEntry, What};
use super::super::network::Network;
use super::super::number::Number;
use super::super::rules::{self, Known};
use super::reading::first_word;
use super::{Cast, End, Scenario};

/// What the application's own books say when all is over. Whoever runs the scenario looks it up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Afterwards {
    /// Every ring, and in one word how it went; `?` when that was never written down.
    pub results: Vec<(Number, String)>,
    /// What was promised and when it is due, as [`super::Must::promises`] writes it.
    pub promises: Vec<String>,
    /// Messages for the desk.
    pub messages: usize,
    /// Who may not be rung any more because they said so.
    pub stopped: Vec<Number>,
    /// Other telephones whose owner signed up, and how they stand.
    pub newcomers: Vec<(Number, String)>,
    /// Who has a pause, and which.
    pub paused: Vec<(Number, String)>,
    /// Who was happy with whom, the one who asked first.
    pub happy_pairs: Vec<(Number, Number)>,
    /// Whatever should have been finished and was not, each in a few words.
    pub left_over: Vec<String>,
}

impl Scenario {
    /// Everything that is not as it must be, one sentence each; none is good.
    pub fn complaints(&self, network: &Network, after: &Afterwards) -> Vec<String> {
        self.judged(network, |judge| {
            judge.always(network, after);
            judge.story(after);
            judge.faults(network);
        })
    }

    /// What is wrong whatever the story is: a rule of the house that was broken, an alarm, something
    /// left over.
    pub fn breaches(&self, network: &Network, after: &Afterwards) -> Vec<String> {
        self.judged(network, |judge| judge.always(network, after))
    }

    fn judged(&self, network: &Network, judge_it: impl FnOnce(&mut Judge<'_>)) -> Vec<String> {
        let cast = Cast::of(self);
        let log = network.log();
        let mut judge = Judge {
            scenario: self,
            legs: cast.legs(self, log),
            cast: &cast,
            log,
            complaints: Vec::new(),
        };
        judge_it(&mut judge);
        judge.complaints
    }

    /// What the rules must know beside the log.
    fn known(&self, cast: &Cast) -> Known {
        Known {
            lines: cast.lines.iter().cloned().collect(),
            desks: cast.desk.iter().cloned().collect(),
            names: self.neighbour.iter().map(super::Neighbour::full_name).collect(),
            placed_at_once: self.caller.len().max(1) * self.ring_at_once(),
        }
    }
}

impl Scenario {
    /// Most telephones that one search may ring at once.
    fn ring_at_once(&self) -> usize {
        let lines = self.line.iter().filter_map(|line| line.get("ring_at_once")?.as_integer());
        lines.filter_map(|n| usize::try_from(n).ok()).max().unwrap_or(1)
    }
}

struct Judge<'a> {
    scenario: &'a Scenario,
    cast: &'a Cast,
    log: &'a [LogEntry],
    legs: BTreeMap<LegId, String>,
    complaints: Vec<String>,
}

impl Judge<'_> {
    fn always(&mut self, network: &Network, after: &Afterwards) {
        self.the_rules();
        self.at_rest(network, after);
        self.recordings(network);
    }

    fn story(&mut self, after: &Afterwards) {
        self.rings(after);
        self.speech();
        self.callers();
        self.telephones();
        self.scripts();
        self.books(after);
    }

    /// Alarms are judged apart: some belong to the story.
    fn the_rules(&mut self) {
        let broken = rules::broken(self.log, &self.scenario.known(self.cast));
        self.complaints.extend(broken.into_iter().filter(|c| !c.starts_with("alarm")));
        let mut expected = self.scenario.must.alarms.clone();
        for entry in self.log {
            let What::Alarm { code, what } = &entry.what else { continue };
            match expected.iter().position(|e| e == code) {
                Some(at) => drop(expected.swap_remove(at)),
                None => self.complaints.push(format!("an alarm was raised: {code}, {what}")),
            }
        }
        for code in expected {
            self.complaints.push(format!("alarm {code} was not raised"));
        }
    }

    fn at_rest(&mut self, network: &Network, after: &Afterwards) {
        if !network.is_quiet() {
            self.complaints.push("the network did not come to rest".to_owned());
        }
        let left = after.left_over.iter().map(|what| format!("left over: {what}"));
        self.complaints.extend(left);
    }

    /// What was recorded is fetched, and then deleted at the provider.
    fn recordings(&mut self, network: &Network) {
        match network.recordings().count() {
            0 => {}
            kept => self.complaints.push(format!("the provider still keeps {kept} recordings")),
        }
    }

    /// A provider that was to fail and never had the chance proves nothing.
    fn faults(&mut self, network: &Network) {
        let idle = network.idle_faults().map(|fault| format!("a fault never struck: {fault:?}"));
        self.complaints.extend(idle);
    }

    fn rings(&mut self, after: &Afterwards) {
        let must = &self.scenario.must.rings;
        let rung: Vec<&str> = (self.log.iter())
            .filter_map(|entry| match &entry.what {
                What::Rung { number, .. } => Some(self.cast.name(number)),
                _ => None,
            })
            .collect();
        let expected: Vec<&str> = must.iter().map(|ring| first_word(ring)).collect();
        compare(&mut self.complaints, "telephones rang", &expected, &rung);
        let mut expected: Vec<&str> =
            must.iter().map(String::as_str).filter(|ring| ring.contains(':')).collect();
        let results: Vec<String> = (after.results.iter())
            .map(|(number, result)| format!("{}: {result}", self.cast.name(number)))
            .collect();
        let mut results: Vec<&str> = results
            .iter()
            .map(String::as_str)
            .filter(|result| expected.iter().any(|e| first_word(e) == first_word(result)))
            .collect();
        expected.sort_unstable();
        results.sort_unstable();
        compare(&mut self.complaints, "it went", &expected, &results);
    }

    fn speech(&mut self) {
        let callers = self.scenario.caller.iter().map(|c| (&c.name, &c.hears, &c.never_hears));
        let neighbours = self.scenario.neighbour.iter();
        let neighbours = neighbours.map(|n| (&n.name, &n.hears, &n.never_hears));
        let desk = self.scenario.desk.iter().map(|s| (&s.name, &s.hears, &s.never_hears));
        let callers: Vec<_> = callers.map(|who| (who, self.heard_by(who.0, true))).collect();
        let telephones =
            self.scenario.telephone.iter().map(|t| (&t.name, &t.hears, &t.never_hears));
        let others =
            neighbours.chain(desk).chain(telephones).map(|who| (who, self.heard_by(who.0, false)));
        let everybody: Vec<_> = callers.into_iter().chain(others.collect::<Vec<_>>()).collect();
        for ((name, hears, never_hears), heard) in everybody {
            let mut rest = heard.as_str();
            for words in hears {
                let words = words.to_lowercase();
                match rest.find(&words) {
                    Some(at) => rest = &rest[at + words.len()..],
                    None => self.complaints.push(format!(
                        "{name} did not hear {words:?} (after what they heard before it)"
                    )),
                }
            }
            for words in never_hears {
                if heard.contains(&words.to_lowercase()) {
                    self.complaints.push(format!("{name} heard {words:?}"));
                }
            }
        }
    }

    /// Everything that began to be spoken or played to this person, in lower case.
    fn heard_by(&self, name: &str, as_caller: bool) -> String {
        let mut heard = String::new();
        for entry in self.log {
            let is_caller = self.scenario.caller_on(entry.leg).is_some();
            let theirs = self.legs.get(&entry.leg).is_some_and(|n| n == name);
            if !theirs || is_caller != as_caller {
                continue;
            }
            match &entry.what {
                What::Said { text, .. } => heard.push_str(&text.to_lowercase()),
                What::Played { .. } => heard.push_str("[sound]"),
                _ => continue,
            }
            heard.push(' ');
        }
        heard
    }

    fn callers(&mut self) {
        for caller in &self.scenario.caller {
            let of_theirs = |entry: &&LogEntry| {
                self.scenario.caller_on(entry.leg).is_some_and(|c| c.name == caller.name)
            };
            let joined: Vec<&str> = (self.log.iter().filter(of_theirs))
                .filter_map(|entry| match &entry.what {
                    What::Joined { with } => self.legs.get(with).map(String::as_str),
                    _ => None,
                })
                .collect();
            let expected: Vec<&str> = caller.talks_with.iter().map(String::as_str).collect();
            let ended = self.log.iter().filter(of_theirs).find_map(|entry| match entry.what {
                What::Ended { by, .. } => Some(match by {
                    By::Person => End::HangsUp,
                    By::Exchange => End::Goodbye,
                    By::Network => End::Dropped,
                }),
                _ => None,
            });
            let what = format!("{} talked with", caller.name);
            compare(&mut self.complaints, &what, &expected, &joined);
            if ended != Some(caller.ends) {
                let name = &caller.name;
                self.complaints.push(format!(
                    "{name}'s call must end with {:?}, it ended with {ended:?}",
                    caller.ends
                ));
            }
        }
    }

    /// Whoever was called back, and with whom they then talked.
    fn telephones(&mut self) {
        for telephone in &self.scenario.telephone {
            let name = |leg: &LegId| self.legs.get(leg).map(String::as_str);
            let is_theirs = |leg: &LegId| {
                self.scenario.caller_on(*leg).is_none() && name(leg) == Some(&telephone.name)
            };
            let joined: Vec<&str> = (self.log.iter())
                .filter_map(|entry| match &entry.what {
                    What::Joined { with } if is_theirs(with) => name(&entry.leg),
                    What::Joined { with } if is_theirs(&entry.leg) => name(with),
                    _ => None,
                })
                .collect();
            let expected: Vec<&str> = telephone.talks_with.iter().map(String::as_str).collect();
            let what = format!("at {} somebody talked with", telephone.name);
            compare(&mut self.complaints, &what, &expected, &joined);
        }
    }

    /// Whoever was still waiting for something was told to do what could not be done.
    fn scripts(&mut self) {
        for entry in self.log {
            let What::StillWaiting { step } = &entry.what else { continue };
            let scenario = self.scenario;
            let name = self.legs.get(&entry.leg).map_or("somebody", String::as_str);
            let cut_off = match scenario.caller_on(entry.leg) {
                Some(caller) => caller.cut_off,
                None => {
                    scenario.neighbour.iter().any(|n| n.name == name && n.cut_off)
                        || scenario.desk.iter().any(|s| s.name == name && s.cut_off)
                        || scenario.telephone.iter().any(|t| t.name == name && t.cut_off)
                }
            };
            if !cut_off {
                self.complaints.push(format!(
                    "{name}'s call ended before they could do this: {step} (write cut_off = true \
                     if that is so)"
                ));
            }
        }
    }

    fn books(&mut self, after: &Afterwards) {
        let must = &self.scenario.must;
        compare(&mut self.complaints, "it was promised", &must.promises, &after.promises);
        if must.messages != after.messages {
            let (must, are) = (must.messages, after.messages);
            self.complaints.push(format!("{must} messages must be there; there are {are}"));
        }
        let name = |number: &Number| self.cast.name(number).to_owned();
        let before = self.scenario.neighbour.iter().filter(|n| n.stopped).map(|n| n.name.clone());
        let mut stopped: Vec<String> = before.chain(must.stopped.iter().cloned()).collect();
        stopped.sort();
        let mut is_stopped: Vec<String> = after.stopped.iter().map(name).collect();
        is_stopped.sort();
        compare(&mut self.complaints, "have stopped", &stopped, &is_stopped);
        let newcomers: Vec<String> =
            after.newcomers.iter().map(|(who, how)| format!("{} {how}", name(who))).collect();
        compare(&mut self.complaints, "signed up", &must.newcomers, &newcomers);
        let paused = must.paused.clone().unwrap_or_else(|| self.scenario.paused_before());
        let is_paused: Vec<String> =
            after.paused.iter().map(|(who, how)| format!("{} {how}", name(who))).collect();
        compare(&mut self.complaints, "have a pause", &paused, &is_paused);
        let pairs = must.happy_pairs.clone().unwrap_or_else(|| self.scenario.pairs_before());
        let are_pairs: Vec<String> = (after.happy_pairs.iter())
            .map(|(asker, helper)| format!("{} {}", name(asker), name(helper)))
            .collect();
        compare(&mut self.complaints, "are happy with each other", &pairs, &are_pairs);
    }
}

impl Scenario {
    fn paused_before(&self) -> Vec<String> {
        let paused = self.neighbour.iter().filter_map(|n| Some((&n.name, n.pause.as_ref()?)));
        paused.map(|(name, pause)| format!("{name} {pause}")).collect()
    }

    fn pairs_before(&self) -> Vec<String> {
        let helpers = self.neighbour.iter();
        helpers
            .flat_map(|n| n.helped.iter().map(move |asker| format!("{asker} {}", n.name)))
            .collect()
    }
}

fn compare<T: PartialEq<U> + std::fmt::Debug, U: std::fmt::Debug>(
    complaints: &mut Vec<String>,
    what: &str,
    must: &[T],
    is: &[U],
) {
    let same = must.len() == is.len() && must.iter().zip(is).all(|(m, i)| m == i);
    if !same {
        complaints.push(format!("{what}: must be {must:?}, is {is:?}"));
    }
}
