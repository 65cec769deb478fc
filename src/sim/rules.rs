//! The rules of the house, as far as a network can see whether they are kept.
//!
//! A network sees no consent and no hours; it sees who is rung, when, with what number, what is
//! said and how calls end. Every scenario and the load test run these over the whole log.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::leg::LegId;
use super::log::{By, LogEntry, What};
use super::number::Number;
use super::wire::Kind;

/// What must be known beside the log.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The application's own numbers.
    pub lines: BTreeSet<Number>,
    /// The desk's telephones; a caller may reach them more than once in a call.
    pub desks: BTreeSet<Number>,
    /// Names that must never be spoken.
    pub names: Vec<String>,
    /// Most telephones that the application may be ringing, or asking, by calls of its own at one
    /// moment: so many for every search whose caller is called back. 0: any number.
    pub placed_at_once: usize,
}

impl Known {
    /// Lines only.
    pub fn lines<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        Self { lines: lines.into_iter().map(Number::new).collect(), ..Self::default() }
    }
}

/// Every breach in the log of calls that have come to rest, one sentence each; none is good.
pub fn broken(log: &[LogEntry], known: &Known) -> Vec<String> {
    let mut watch = Watch::new(known);
    for entry in log {
        watch.see(entry);
    }
    watch.at_the_end();
    watch.numbers_spoken(log);
    watch.complaints
}

/// What is known of a leg so far.
#[derive(Debug, Default)]
struct Seen {
    number: Option<Number>,
    caller: Option<Number>,
    parent: Option<LegId>,
    inbound: bool,
    over: bool,
    said_yes: bool,
    /// Was given something to hear before being joined.
    screened: bool,
    rung: BTreeSet<Number>,
    ringing: Option<LegId>,
    /// A dial ended unjoined; its answer has not come yet.
    owes_next: bool,
    heard_something: bool,
    joined_last: bool,
    /// Every key that was pressed on it, one after another.
    keyed: String,
}

struct Watch<'a> {
    known: &'a Known,
    legs: BTreeMap<LegId, Seen>,
    /// Telephones that the application is ringing or has on the line, each with its legs.
    in_use: BTreeMap<Number, BTreeSet<LegId>>,
    /// Legs that the application ordered by itself, not over.
    placed: BTreeSet<LegId>,
    complaints: Vec<String>,
}

impl<'a> Watch<'a> {
    fn new(known: &'a Known) -> Self {
        Self {
            known,
            legs: BTreeMap::new(),
            in_use: BTreeMap::new(),
            placed: BTreeSet::new(),
            complaints: Vec::new(),
        }
    }

    fn complain(&mut self, entry: &LogEntry, rule: &str, what: &str) {
        let at = entry.at.local().format("%H:%M:%S");
        self.complaints.push(format!("{rule}: {what} (leg {}, {at})", entry.leg.0));
    }

    fn see(&mut self, entry: &LogEntry) {
        match &entry.what {
            What::Dialled { from, .. } => {
                let seen = self.legs.entry(entry.leg).or_default();
                seen.inbound = true;
                seen.caller = from.number().cloned();
            }
            What::Rung { number, caller_id, parent, .. } => {
                self.rung(entry, number, caller_id, *parent);
            }
            What::Pressed(key) => {
                let seen = self.legs.entry(entry.leg).or_default();
                // The answer counts once; what is pressed while talking is nobody's business.
                seen.said_yes |= key.0 == '1';
                seen.keyed.push(key.0);
            }
            What::Said { .. } | What::Played { .. } => {
                let seen = self.legs.entry(entry.leg).or_default();
                seen.heard_something = true;
                seen.joined_last = false;
            }
            What::Joined { with } => self.joined(entry, *with),
            What::DialEnded { bridged, .. } => {
                let seen = self.legs.entry(entry.leg).or_default();
                seen.ringing = None;
                // A neighbour whose leg dialled the caller is thanked and let go.
                seen.owes_next = !bridged && !seen.over && seen.inbound;
            }
            What::Document { kind, verbs, .. } => self.document(entry, *kind, verbs),
            What::Ended { by, .. } => self.ended(entry, *by),
            What::Alarm { code, what } => {
                self.complain(entry, "alarm", &format!("{code}, {what}"));
            }
            _ => {}
        }
    }

    fn rung(&mut self, entry: &LogEntry, number: &Number, shown: &str, parent: Option<LegId>) {
        let is_desk = self.known.desks.contains(number);
        if !number.is_dutch_fixture() || self.known.lines.contains(number) {
            self.complain(entry, "R12", "a number was dialled that must not be");
        }
        if !self.known.lines.iter().any(|line| line.as_str() == shown) {
            self.complain(entry, "R8", "a telephone showed a number that is no line's");
        }
        let legs = self.in_use.entry(number.clone()).or_default();
        let twice = !legs.is_empty();
        legs.insert(entry.leg);
        if twice {
            self.complain(entry, "R3", "a telephone was rung that the exchange was using already");
        }
        let seen = self.legs.entry(entry.leg).or_default();
        seen.number = Some(number.clone());
        seen.parent = parent;
        let Some(parent) = parent else {
            if !is_desk {
                self.placed(entry);
            }
            return;
        };
        let caller = self.legs.entry(parent).or_default();
        let (busy, again) = (caller.ringing.is_some(), !caller.rung.insert(number.clone()));
        let own = caller.caller.as_ref() == Some(number);
        caller.ringing = Some(entry.leg);
        if busy {
            self.complain(entry, "R2", "two telephones rang at once for one caller");
        }
        if again && !is_desk {
            self.complain(entry, "R4", "somebody was rung twice for one call");
        }
        if own {
            self.complain(entry, "R4", "a caller was rung for their own question");
        }
    }

    /// R2 where nobody waits on the line: which search a call is for, the network cannot see.
    fn placed(&mut self, entry: &LogEntry) {
        self.placed.insert(entry.leg);
        let most = self.known.placed_at_once;
        if most > 0 && self.placed.len() > most {
            self.complain(entry, "R2", "more telephones rang at once than searches may ring");
        }
    }

    fn joined(&mut self, entry: &LogEntry, with: LegId) {
        let other = self.legs.get(&with);
        // Somebody whom the application rang itself has been asked as well.
        let asked = !self.placed.contains(&entry.leg)
            || self.legs.get(&entry.leg).is_some_and(|seen| seen.said_yes);
        let said_yes = other.is_some_and(|seen| seen.said_yes);
        // The desk may be put through to plainly, when nothing is left to ask a question with.
        let plain_desk = other.is_some_and(|seen| {
            !seen.screened && seen.number.as_ref().is_some_and(|n| self.known.desks.contains(n))
        });
        // Somebody at the desk who calls back has pressed a key on their own telephone; whoever is
        // called back is spoken to by a person, not by a machine.
        let calls_back = self.legs.get(&entry.leg).is_some_and(|seen| {
            let is_desk = seen.number.as_ref().is_some_and(|n| self.known.desks.contains(n));
            !seen.inbound && is_desk && seen.said_yes
        });
        if !(calls_back || asked && (said_yes || plain_desk)) {
            self.complain(entry, "R5", "two were joined without a yes");
        }
        let seen = self.legs.entry(entry.leg).or_default();
        seen.joined_last = true;
    }

    /// The answer to an unjoined dial rings the next or offers something; all in that answer.
    fn document(&mut self, entry: &LogEntry, kind: Kind, verbs: &[&str]) {
        let seen = self.legs.entry(entry.leg).or_default();
        seen.screened |= kind == Kind::Screening;
        if kind != Kind::DialAction || !std::mem::take(&mut seen.owes_next) {
            return;
        }
        let goes_on = ["Dial", "Gather", "Record"].iter().any(|verb| verbs.contains(verb));
        if !goes_on {
            let what = format!("a no was answered with {verbs:?}, which neither rings nor asks");
            self.complain(entry, "R7", &what);
        }
        if let (Some(dial), Some(pause)) = (
            verbs.iter().position(|verb| *verb == "Dial"),
            verbs.iter().position(|verb| *verb == "Pause"),
        ) && pause < dial
        {
            self.complain(entry, "R7", "a pause stood before the next ring");
        }
    }

    fn ended(&mut self, entry: &LogEntry, by: By) {
        let seen = self.legs.entry(entry.leg).or_default();
        seen.over = true;
        self.placed.remove(&entry.leg);
        let seen = self.legs.entry(entry.leg).or_default();
        if let Some(legs) = seen.number.as_ref().and_then(|number| self.in_use.get_mut(number)) {
            legs.remove(&entry.leg);
        }
        let wordless = !seen.heard_something || seen.joined_last;
        if !seen.inbound || by == By::Person {
            return;
        }
        // A half that came back in by forwarding ends with its other half.
        let own_line = seen.caller.as_ref().is_some_and(|n| self.known.lines.contains(n));
        if wordless && !own_line {
            self.complain(entry, "R10", "a caller was dropped without a word");
        }
    }

    fn at_the_end(&mut self) {
        for (leg, seen) in &self.legs {
            if !seen.over && (seen.inbound || seen.number.is_some()) {
                self.complaints.push(format!("R10: a leg was left for ever (leg {})", leg.0));
            }
        }
    }

    /// No number and no name is ever spoken, but for a number that is read back to whoever keyed it.
    fn numbers_spoken(&mut self, log: &[LogEntry]) {
        let people = self.legs.values().flat_map(|seen| [&seen.number, &seen.caller]);
        let tails: BTreeSet<String> = people
            .flatten()
            .filter(|number| !self.known.lines.contains(number))
            .map(Number::tail)
            .filter(|tail| TAILS.contains(&tail.len()))
            .collect();
        for entry in log {
            let What::Said { text, .. } = &entry.what else { continue };
            let digits = digits_in(text);
            let keyed = self.legs.get(&entry.leg).map_or("", |seen| seen.keyed.as_str());
            let read_back = digits.split(' ').any(|run| run.len() >= 8 && keyed.contains(run));
            if has_one_of(&tails, &digits) && !read_back {
                self.complain(entry, "R8", "a telephone number was spoken");
            }
            let has_name =
                self.known.names.iter().any(|name| {
                    text.split(|c: char| !c.is_alphanumeric()).any(|word| word == name)
                });
            if has_name {
                self.complain(entry, "R8", "a name was spoken");
            }
        }
    }
}

/// How many of its last digits a number is recognised by.
const TAILS: RangeInclusive<usize> = 6..=8;

/// Whether one of these stands in the digits, which are ASCII with blanks between them.
fn has_one_of(tails: &BTreeSet<String>, digits: &str) -> bool {
    let mut runs = digits.split(' ').flat_map(|run| {
        let ends = move |length| (length..=run.len()).map(move |end| &run[end - length..end]);
        TAILS.flat_map(ends)
    });
    runs.any(|run| tails.contains(run))
}

/// The digits of a text, those that are spoken one by one run together.
fn digits_in(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            out.push(c);
        } else if c.is_alphabetic() {
            out.push(' ');
        }
    }
    out
}

#[cfg(test)]
mod tests;
