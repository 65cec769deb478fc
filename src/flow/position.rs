//! Where a run of a flow stands: everything needed to go on, on any node, after any crash.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Value, Vars};
use crate::domain::Language;

/// The version of the stored form; another one is refused, never guessed at.
pub(super) const FORM: u8 = 1;

/// Where a flow waits, what it knows and what it has counted.
///
/// Belongs to one version of the files ([`Position::version`]). Holds what was keyed: `Debug`
/// shows only places and counts (R14).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The version of this stored form.
    v: u8,
    flows: String,
    pub(super) flow: String,
    language: Language,
    /// The form it is in, by its place in the file.
    pub(super) form: usize,
    pub(super) place: Place,
    /// Nameless items of this form that are done.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) done: BTreeSet<usize>,
    /// Visits, silences and wrong keys of items of this form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) counts: BTreeMap<usize, Counts>,
    #[serde(with = "stored_vars")]
    vars: Vars,
}

/// What a flow is doing between two events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Place {
    /// It waits at this item of its form.
    Item(usize),
    /// It has hung up.
    HungUp,
    /// It has ended without hanging up.
    #[default]
    Ended,
}

/// What has been counted for one item since its form was entered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Counts {
    pub(super) visits: u32,
    pub(super) silences: u32,
    pub(super) wrong: u32,
}

impl Position {
    /// The beginning of a flow.
    pub(super) fn at_start(flows: &str, flow: &str, language: Language, vars: Vars) -> Self {
        let mut position = Self {
            v: FORM,
            flows: flows.to_owned(),
            flow: flow.to_owned(),
            language,
            form: 0,
            place: Place::Ended,
            done: BTreeSet::new(),
            counts: BTreeMap::new(),
            vars,
        };
        position.set("language", Value::Text(language.code().to_owned()));
        position.vars.retain(|_, value| *value != Value::Undefined);
        position
    }

    /// The version of the [`Flows`](super::Flows) that it belongs to.
    pub fn version(&self) -> &str {
        &self.flows
    }

    /// The language that is spoken at this point.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The version of this stored form.
    pub(super) fn stored_form(&self) -> u8 {
        self.v
    }

    pub(super) fn vars(&self) -> &Vars {
        &self.vars
    }

    /// Gives a variable a value. The language takes only one that is spoken.
    pub(super) fn set(&mut self, name: &str, value: Value) {
        if name == "language" {
            let Value::Text(code) = &value else { return };
            let Some(language) = Language::parse(code) else { return };
            self.language = language;
        }
        match value {
            Value::Undefined => self.vars.remove(name),
            value => self.vars.insert(name.to_owned(), value),
        };
    }

    /// Makes a named item hold nothing, and forgets what it returned.
    pub(super) fn forget(&mut self, name: &str) {
        if name.is_empty() || name == "language" {
            return;
        }
        self.vars.retain(|held, _| {
            let rest = held.strip_prefix(name);
            !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '$']))
        });
    }

    pub(super) fn visit(&mut self, item: usize) {
        let counts = self.count(item);
        counts.visits = counts.visits.saturating_add(1);
    }

    pub(super) fn count(&mut self, item: usize) -> &mut Counts {
        self.counts.entry(item).or_default()
    }
}

impl fmt::Debug for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Position")
            .field("flows", &self.flows)
            .field("flow", &self.flow)
            .field("language", &self.language)
            .field("form", &self.form)
            .field("place", &self.place)
            .field("done", &self.done)
            .field("counts", &self.counts)
            .finish_non_exhaustive()
    }
}

/// Variables as they are stored: the names of what is true, of what is false, and the others by name. A
/// caller has forty, most of them true or false, and they are written at every key.
mod stored_vars {
    use std::borrow::Cow;
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Value, Vars};

    const BETWEEN: char = ' ';

    pub(super) fn serialize<S: Serializer>(vars: &Vars, to: S) -> Result<S::Ok, S::Error> {
        let (mut yes, mut no) = (String::with_capacity(512), String::with_capacity(512));
        let mut others = BTreeMap::new();
        for (name, value) in vars {
            let names = match value {
                Value::Bool(true) => &mut yes,
                Value::Bool(false) => &mut no,
                _ => {
                    others.insert(name, value);
                    continue;
                }
            };
            // No flow that is checked has such a name.
            if name.is_empty() || name.contains(BETWEEN) {
                others.insert(name, value);
                continue;
            }
            if !names.is_empty() {
                names.push(BETWEEN);
            }
            names.push_str(name);
        }
        (yes, no, others).serialize(to)
    }

    #[derive(Deserialize)]
    struct Stored<'a>(
        #[serde(borrow)] Cow<'a, str>,
        #[serde(borrow)] Cow<'a, str>,
        BTreeMap<String, Value>,
    );

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vars, D::Error> {
        let Stored(yes, no, others) = Stored::deserialize(from)?;
        let named = |names: &str, value: bool| {
            let names = names.split(BETWEEN).filter(|name| !name.is_empty());
            names.map(|name| (name.to_owned(), Value::Bool(value))).collect::<Vec<_>>()
        };
        // Collected at once: put in one by one, they cost three times as much.
        Ok(named(&yes, true).into_iter().chain(named(&no, false)).chain(others).collect())
    }
}
