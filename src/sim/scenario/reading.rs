//! From a file to a scenario: every fault with the file and its place in it.

use std::collections::BTreeSet;

use serde::de::{Deserialize, Deserializer, Error};

use super::super::script::{self, Act};
use super::super::telephone::Behaviour;
use super::{Neighbour, Scenario, Wish};
use crate::domain::Timestamp;

impl Scenario {
    /// Reads the text of a file; `name` is for the fault.
    ///
    /// # Errors
    /// One fault, with the name of the file, the line and the key.
    pub fn read(name: &str, text: &str) -> Result<Self, String> {
        let scenario: Self = toml::from_str(text).map_err(|fault| format!("{name}: {fault}"))?;
        scenario.is_consistent().map_err(|fault| format!("{name}: {fault}"))?;
        Ok(scenario)
    }

    /// Whether every name is somebody's, and only one person's.
    fn is_consistent(&self) -> Result<(), String> {
        let mut telephones = BTreeSet::new();
        let neighbours = self.neighbour.iter().map(|n| &n.name);
        let others = self.telephone.iter().map(|t| &t.name);
        for name in neighbours.clone().chain(self.desk.iter().map(|s| &s.name)).chain(others) {
            if !telephones.insert(name.as_str()) {
                return Err(format!("two telephones are called {name}"));
            }
        }
        let neighbours: BTreeSet<&str> = neighbours.map(String::as_str).collect();
        let mut callers = BTreeSet::new();
        for caller in &self.caller {
            if !callers.insert(caller.name.as_str()) {
                return Err(format!("two callers are called {}; give each a name", caller.name));
            }
        }
        let rung = self.must.rings.iter().map(|ring| first_word(ring));
        let talked_with = self.caller.iter().map(|c| &c.talks_with);
        let talked_with = talked_with.chain(self.telephone.iter().map(|t| &t.talks_with));
        let talked_with = talked_with.flat_map(|names| names.iter().map(String::as_str));
        let known = |names: &BTreeSet<&str>, name: &str, where_: &str| match names.contains(name) {
            true => Ok(()),
            false => Err(format!("{where_}: nobody is called {name}")),
        };
        for name in rung {
            known(&telephones, name, "must.rings")?;
        }
        for name in talked_with {
            known(&telephones, name, "caller.talks_with")?;
        }
        for name in &self.must.stopped {
            known(&telephones, name, "must.stopped")?;
        }
        for line in &self.must.newcomers {
            known(&telephones, first_word(line), "must.newcomers")?;
        }
        for line in self.must.paused.iter().flatten() {
            known(&neighbours, first_word(line), "must.paused")?;
        }
        for Neighbour { blocked_with, helped, .. } in &self.neighbour {
            for name in blocked_with.iter().chain(helped) {
                known(&neighbours, name, "neighbour")?;
            }
        }
        for order in &self.order {
            match &order.what {
                Wish::TakeOver(name)
                | Wish::RingNext(name)
                | Wish::Skip(name)
                | Wish::CallBack(name)
                | Wish::SignUp(name)
                | Wish::SpeakCode(name)
                | Wish::Search(name)
                | Wish::AskOnTheWeb(name, _)
                | Wish::Withdraw(name)
                | Wish::ComeForward(name)
                | Wish::Offer(name)
                | Wish::TakeUp(name)
                | Wish::SearchOn { whose: name, .. } => known(&telephones, name, "order")?,
                Wish::SearchWith { whose, seat, .. } => {
                    known(&telephones, whose, "order")?;
                    known(&telephones, seat, "order")?;
                }
                Wish::GiveUp | Wish::Settle | Wish::Say(_) | Wish::BreakOff => {}
            }
        }
        for line in self.must.happy_pairs.iter().flatten() {
            for name in line.split_whitespace() {
                known(&neighbours, name, "must.happy_pairs")?;
            }
        }
        Ok(())
    }
}

/// A name, up to a blank or a colon.
pub(super) fn first_word(line: &str) -> &str {
    line.split([' ', ':']).next().unwrap_or_default()
}

/// One sentence, or one for every ring.
#[derive(serde::Deserialize)]
#[serde(untagged)]
enum Sentences {
    One(String),
    Many(Vec<String>),
}

pub(super) fn behaviours<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Behaviour>, D::Error> {
    let sentences = match Sentences::deserialize(from)? {
        Sentences::One(sentence) => vec![sentence],
        Sentences::Many(sentences) => sentences,
    };
    sentences.iter().map(|s| Behaviour::read(s).map_err(D::Error::custom)).collect()
}

pub(super) fn sentence<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Act>, D::Error> {
    script::read_sentence(&String::deserialize(from)?).map_err(D::Error::custom)
}

/// What somebody at the desk orders, in a few words.
pub(super) fn wish<'de, D: Deserializer<'de>>(from: D) -> Result<Wish, D::Error> {
    let text = String::deserialize(from)?;
    let name = |name: &str| name.trim().to_owned();
    if let Some(seat) = text.strip_prefix("take over at ") {
        return Ok(Wish::TakeOver(name(seat)));
    }
    if let Some(seat) = text.strip_prefix("call back at ") {
        return Ok(Wish::CallBack(name(seat)));
    }
    if let Some(who) = text.strip_prefix("ring ").and_then(|t| t.strip_suffix(" next")) {
        return Ok(Wish::RingNext(name(who)));
    }
    if let Some(who) = text.strip_prefix("skip ") {
        return Ok(Wish::Skip(name(who)));
    }
    if let Some(words) = text.strip_prefix("say '").and_then(|t| t.strip_suffix('\'')) {
        return Ok(Wish::Say(words.to_owned()));
    }
    if let Some(who) = text.strip_prefix("search for ") {
        for (words, counter) in [(" on the line at ", false), (" at the counter of ", true)] {
            if let Some((whose, seat)) = who.split_once(words) {
                return Ok(Wish::SearchWith { whose: name(whose), seat: name(seat), counter });
            }
        }
        if let Some((whose, then)) = who.split_once(" on ") {
            let wanted_at = read_moment::<D>(then)?;
            return Ok(Wish::SearchOn { whose: name(whose), wanted_at });
        }
        return Ok(Wish::Search(name(who)));
    }
    if let Some(who) = text.strip_prefix("sign up ") {
        return Ok(Wish::SignUp(name(who)));
    }
    if let Some(who) = text.strip_prefix("speak a code to ") {
        return Ok(Wish::SpeakCode(name(who)));
    }
    if let Some(who) = text.strip_prefix("ask on the web for ") {
        let (who, when) = who.split_once(", ").map_or((who, None), |(who, at)| (who, Some(at)));
        return Ok(Wish::AskOnTheWeb(name(who), when.map(read_moment::<D>).transpose()?));
    }
    if let Some(who) = text.strip_prefix("withdraw what was asked on the web for ") {
        return Ok(Wish::Withdraw(name(who)));
    }
    if let Some(who) = text.strip_suffix(" will do it") {
        return Ok(Wish::ComeForward(name(who)));
    }
    if let Some(who) = text.strip_suffix(" offers it") {
        return Ok(Wish::Offer(name(who)));
    }
    if let Some(who) = text.strip_suffix(" takes up the offer") {
        return Ok(Wish::TakeUp(name(who)));
    }
    if text == "give up" {
        return Ok(Wish::GiveUp);
    }
    if text == "settle it" {
        return Ok(Wish::Settle);
    }
    if text == "break off calling back" {
        return Ok(Wish::BreakOff);
    }
    Err(D::Error::custom(format!(
        "{text:?} is no order: take over at NAME, ring NAME next, skip NAME, give up, settle it, say 'WORDS', \
         call back at NAME, break off calling back, search for NAME, sign up NAME, speak a code to NAME, ask on the web for NAME[, MOMENT], withdraw what was \
         asked on the web for NAME, NAME will do it, NAME offers it or NAME takes up the offer"
    )))
}

/// Seconds after the beginning, up to a day.
pub(super) fn seconds<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    let seconds = f64::deserialize(from)?;
    if (0.0..=86_400.0).contains(&seconds) {
        return Ok(seconds);
    }
    Err(D::Error::custom(format!("seconds are between 0 and 86400 (a day), not {seconds}")))
}

pub(super) fn moment<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    read_moment::<D>(&String::deserialize(from)?)
}

pub(super) fn moments<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Timestamp>, D::Error> {
    Vec::<String>::deserialize(from)?.iter().map(|text| read_moment::<D>(text)).collect()
}

fn read_moment<'de, D: Deserializer<'de>>(text: &str) -> Result<Timestamp, D::Error> {
    Timestamp::parse(text).ok_or_else(|| {
        D::Error::custom(format!("a moment is written as 2026-11-24T10:00:00+01:00, not {text:?}"))
    })
}

pub(super) fn rings_out() -> Vec<Behaviour> {
    vec![Behaviour::rings_out()]
}

pub(super) fn caller() -> String {
    "caller".to_owned()
}

pub(super) fn unknown() -> String {
    "unknown".to_owned()
}

pub(super) fn postcode() -> u16 {
    2584
}

pub(super) fn services() -> Vec<String> {
    vec!["company".to_owned()]
}

pub(super) fn always() -> String {
    "24/7".to_owned()
}

pub(super) fn languages() -> Vec<String> {
    vec!["nl".to_owned()]
}

pub(super) fn max_km() -> f64 {
    5.0
}

pub(super) fn max_per_day() -> u32 {
    2
}

pub(super) fn max_per_week() -> u32 {
    4
}

pub(super) fn yes() -> bool {
    true
}
