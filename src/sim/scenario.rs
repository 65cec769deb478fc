//! Scenarios: who calls, what everybody does, and what must come of it, as data.
//!
//! A scenario is a file in `fixtures/scenarios/`; `README.md` there tells how to write one. It
//! knows people, telephones and time, and of the application only what its own configuration and
//! its desk would show. Settings of a line are handed on unread; whoever runs the scenario puts
//! them where the application wants them.

mod cast;
mod judge;
mod reading;
mod transcript;

use std::time::Duration;

use serde::Deserialize;

use super::delivery::{Callbacks, Delivery, DroppedAs, Duplicate};
use super::faults::Fault;
use super::script::Act;
use super::telephone::Behaviour;
use crate::domain::Timestamp;

pub use cast::Cast;
pub use judge::Afterwards;
pub use transcript::transcript;

/// One story with an end.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What it shows, in one sentence.
    pub title: String,
    /// When it begins.
    #[serde(deserialize_with = "reading::moment")]
    pub at: Timestamp,
    /// The lines, the first one first: settings that differ from the usual.
    #[serde(default)]
    pub line: Vec<toml::Table>,
    /// Organisations that help where neighbours cannot, handed on unread too.
    #[serde(default)]
    pub referral: Vec<toml::Table>,
    /// How webhooks travel.
    #[serde(default)]
    pub delivery: Travel,
    /// What goes wrong between the two sides.
    #[serde(default)]
    pub trouble: Vec<Trouble>,
    /// What is wrong with the provider's REST interface.
    #[serde(default)]
    pub fault: Vec<Fault>,
    /// The people who take part, in the order in which they are asked when nothing else decides.
    #[serde(default)]
    pub neighbour: Vec<Neighbour>,
    /// The desk's telephones, in order.
    #[serde(default)]
    pub desk: Vec<Seat>,
    /// What the desk has settled before it begins.
    #[serde(default)]
    pub settled: Settled,
    /// Other telephones: those of callers who are called back.
    #[serde(default)]
    pub telephone: Vec<Telephone>,
    /// Who calls.
    #[serde(default)]
    pub caller: Vec<Caller>,
    /// What somebody at the desk orders, in order of time.
    #[serde(default)]
    pub order: Vec<Order>,
    /// Webhooks about calls that nobody knows.
    #[serde(default)]
    pub stray: Vec<Stray>,
    /// What must be.
    #[serde(default)]
    pub must: Must,
}

/// How webhooks travel; see [`Delivery`].
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Travel {
    /// Only so: delivered in another way it is another story.
    pub only_so: bool,
    /// When status callbacks come.
    pub callbacks: Callbacks,
    /// Whether everything comes twice.
    pub duplicate: Duplicate,
    /// How a dropped ring is reported.
    pub dropped_as: DroppedAs,
    /// How much later callbacks come that come after, seconds.
    pub lag: Option<u32>,
}

impl Travel {
    /// The same as the network wants it.
    pub fn delivery(&self) -> Delivery {
        let usual = Delivery::default();
        Delivery {
            callbacks: self.callbacks,
            duplicate: self.duplicate,
            dropped_as: self.dropped_as,
            lag: self.lag.map_or(usual.lag, |seconds| Duration::from_secs(seconds.into())),
        }
    }
}

/// Something that goes wrong at one webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trouble {
    /// At which webhook, counted from 1, repeats included.
    pub webhook: u64,
    /// What goes wrong.
    pub what: WhatGoesWrong,
}

/// What can go wrong at a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhatGoesWrong {
    /// No connection: the application never sees it.
    Unreachable,
    /// The application acts on it; its answer is lost with the connection.
    AnswerLost,
    /// The application acts on it; its answer comes too late.
    TooLate,
    /// It is answered; then the application is started anew.
    Restart,
}

/// Somebody who takes part. What is not said is the usual: near, willing, at any hour.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Neighbour {
    /// What the scenario calls them; never spoken.
    pub name: String,
    /// What their telephone does, ring after ring; the last one goes on being so.
    #[serde(default = "reading::rings_out", deserialize_with = "reading::behaviours")]
    pub does: Vec<Behaviour>,
    /// The call ends before they have done everything.
    #[serde(default)]
    pub cut_off: bool,
    /// Words that they hear when they are rung, in this order; `[sound]` is a recording.
    #[serde(default)]
    pub hears: Vec<String>,
    /// Words that they must not hear.
    #[serde(default)]
    pub never_hears: Vec<String>,
    /// Their number; else one is made up.
    pub phone: Option<String>,
    /// Where they live.
    #[serde(default = "reading::postcode")]
    pub postcode: u16,
    /// Where else they do the same.
    #[serde(default)]
    pub also_at: Vec<u16>,
    /// What they like to do.
    #[serde(default = "reading::services")]
    pub services: Vec<String>,
    /// When they may be rung.
    #[serde(default = "reading::always")]
    pub hours: String,
    /// Languages, the first one first.
    #[serde(default = "reading::languages")]
    pub languages: Vec<String>,
    /// Nearest that they like to do something, km.
    #[serde(default)]
    pub min_km: f64,
    /// Farthest, km.
    #[serde(default = "reading::max_km")]
    pub max_km: f64,
    /// Most rings a day.
    #[serde(default = "reading::max_per_day")]
    pub max_per_day: u32,
    /// Most rings a week.
    #[serde(default = "reading::max_per_week")]
    pub max_per_week: u32,
    /// Whether they opted in.
    #[serde(default = "reading::yes")]
    pub opted_in: bool,
    /// Whether their number was verified.
    #[serde(default = "reading::yes")]
    pub verified: bool,
    /// Whether they said stop, before.
    #[serde(default)]
    pub stopped: bool,
    /// A pause: `until 2026-12-01T00:00:00+01:00` or `until_they_call`.
    pub pause: Option<String>,
    /// Earlier rings, answered with a no.
    #[serde(default, deserialize_with = "reading::moments")]
    pub asked: Vec<Timestamp>,
    /// Rings in a row that nobody answered, before.
    #[serde(default)]
    pub unanswered: u32,
    /// Participants whom they are not to be brought together with.
    #[serde(default)]
    pub blocked_with: Vec<String>,
    /// Participants whom they helped before, to both sides' pleasure.
    #[serde(default)]
    pub helped: Vec<String>,
}

impl Neighbour {
    /// Their name as it stands in the application's books: with a capital.
    pub fn full_name(&self) -> String {
        let mut letters = self.name.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }
}

/// A telephone on the desk.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// What the scenario calls it.
    pub name: String,
    /// What happens when it rings, ring after ring; the last one goes on being so.
    #[serde(default = "reading::rings_out", deserialize_with = "reading::behaviours")]
    pub does: Vec<Behaviour>,
    /// The call ends before they have done everything.
    #[serde(default)]
    pub cut_off: bool,
    /// Words that they hear, in this order.
    #[serde(default)]
    pub hears: Vec<String>,
    /// Words that they must not hear.
    #[serde(default)]
    pub never_hears: Vec<String>,
}

/// What the desk has settled, for the first line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settled {
    /// `open until 2026-11-24T21:00:00+01:00` or `closed until ...`.
    pub desk: Option<String>,
    /// Extra closing days: `2026-12-24`.
    pub closed_on: Vec<String>,
    /// A sentence that callers hear first, by language.
    pub notice: std::collections::BTreeMap<String, String>,
}

/// A telephone of nobody who takes part: callers call from it, and are called back on it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Telephone {
    /// What the scenario calls it; a caller's `from` may name it.
    pub name: String,
    /// Its number; else one is made up.
    pub phone: Option<String>,
    /// What happens when it rings, ring after ring; the last one goes on being so.
    #[serde(default = "reading::rings_out", deserialize_with = "reading::behaviours")]
    pub does: Vec<Behaviour>,
    /// The call ends before they have done everything.
    #[serde(default)]
    pub cut_off: bool,
    /// Words that are heard there when it rings, in this order.
    #[serde(default)]
    pub hears: Vec<String>,
    /// Words that must not be heard there.
    #[serde(default)]
    pub never_hears: Vec<String>,
    /// With whom somebody talks there who was called back, one after another.
    #[serde(default)]
    pub talks_with: Vec<String>,
}

/// Somebody who calls.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caller {
    /// What the scenario calls them.
    #[serde(default = "reading::caller")]
    pub name: String,
    /// Seconds after the beginning, 0 to 86400.
    #[serde(default, deserialize_with = "reading::seconds")]
    pub after: f64,
    /// `unknown`, a neighbour or seat by name, `withheld` (and how: `withheld as +266696687`), or
    /// a number.
    #[serde(default = "reading::unknown")]
    pub from: String,
    /// The number dialled; else the first line's.
    pub to: Option<String>,
    /// What they do.
    #[serde(deserialize_with = "reading::sentence")]
    pub does: Vec<Act>,
    /// The call ends before they have done everything.
    #[serde(default)]
    pub cut_off: bool,
    /// Words that they hear, in this order.
    #[serde(default)]
    pub hears: Vec<String>,
    /// Words that they must not hear.
    #[serde(default)]
    pub never_hears: Vec<String>,
    /// Whom they talk with, one after another.
    #[serde(default)]
    pub talks_with: Vec<String>,
    /// How their call ends.
    pub ends: End,
}

/// How a caller's call ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// They hang up.
    HangsUp,
    /// The last word was spoken.
    Goodbye,
    /// The network refuses or drops it.
    Dropped,
}

/// Something that somebody at the desk orders, on a screen of the application's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Seconds after the beginning, 0 to 86400.
    #[serde(deserialize_with = "reading::seconds")]
    pub after: f64,
    /// What, about the search or the promise that is there.
    #[serde(deserialize_with = "reading::wish")]
    pub what: Wish,
    /// Words of the answer when it is not carried out. Left out: it is.
    pub refused: Option<String>,
}

impl Order {
    /// When it is given, in a story that begins then.
    pub fn at(&self, begins: Timestamp) -> Timestamp {
        begins + Duration::from_secs_f64(self.after)
    }
}

/// What somebody at the desk can order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// `take over at balie`: the caller is put through to this seat.
    TakeOver(String),
    /// `ring visser next`.
    RingNext(String),
    /// `skip bos`: stop this ring.
    Skip(String),
    /// `give up`.
    GiveUp,
    /// `settle it`: write down that it is done.
    Settle,
    /// `say 'Nog even geduld.'`
    Say(String),
    /// `call back at balie`: the oldest promise, from this seat.
    CallBack(String),
    /// `break off calling back`: for the oldest promise.
    BreakOff,
    /// `sign up thuis`: somebody signs up on the web with this telephone, for company at 2584.
    SignUp(String),
    /// `speak a code to thuis`: the code 012345, for a page.
    SpeakCode(String),
    /// `search for thuis`: company at 2584, for somebody who is called back on this telephone.
    Search(String),
    /// `search for thuis on the line at balie`, `search for thuis at the counter of balie`: the same,
    /// for somebody who waits on the line meanwhile.
    SearchWith {
        /// On which telephone they can be called back.
        whose: String,
        /// With which telephone of the desk they speak, or stand at.
        seat: String,
        /// They stand at the counter.
        counter: bool,
    },
    /// `search for thuis on 2026-12-03T10:00:00+01:00`: company at 2584 at that moment.
    SearchOn {
        /// On which telephone they are called back.
        whose: String,
        /// For when.
        wanted_at: Timestamp,
    },
    /// `ask on the web for thuis`, or `ask on the web for thuis, 2026-11-27T10:00:00+01:00`: company
    /// at 2584, for the board too, with this telephone.
    AskOnTheWeb(String, Option<Timestamp>),
    /// `withdraw what was asked on the web for thuis`.
    Withdraw(String),
    /// `bos will do it`: takes up the newest request of the board.
    ComeForward(String),
    /// `bos offers it`: company, on the board, for today.
    Offer(String),
    /// `visser takes up the offer`: the newest one.
    TakeUp(String),
}

/// A webhook about a call that nobody knows.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stray {
    /// Seconds after the beginning, 0 to 86400.
    #[serde(default, deserialize_with = "reading::seconds")]
    pub after: f64,
    /// Path and query.
    pub path: String,
}

/// What must be, beside what everybody hears. What is not said must not be.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Must {
    /// Telephones that ring, in this order, and how the application says that it went:
    /// `bos: declined`. Only the name: nothing is said about how it went.
    pub rings: Vec<String>,
    /// What was promised and when it is due: `desk_answers 2026-11-25T09:00:00+01:00`.
    pub promises: Vec<String>,
    /// Messages left for the desk.
    pub messages: usize,
    /// Who may not be rung any more because they said so.
    pub stopped: Vec<String>,
    /// Other telephones whose owner signed up, and how they stand: `thuis waits`, `thuis takes part`.
    pub newcomers: Vec<String>,
    /// Who has a pause: `bos until 2026-11-25T00:00:00+01:00`. Left out: as it was.
    pub paused: Option<Vec<String>>,
    /// Who was happy with whom: `devries bos`, the one who asked first. Left out: as it was.
    pub happy_pairs: Option<Vec<String>>,
    /// Alarms that the provider raises, by its codes.
    pub alarms: Vec<u32>,
}

#[cfg(test)]
mod tests;
