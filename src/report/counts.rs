//! What happened on a line, as counts that add up: days make months, months make years.
//!
//! A request counts on the day that it was asked, with all its rings; a promise on the day that it
//! was due. Nothing in here leads to a person, so it may be kept when the calls are erased.

use std::collections::BTreeMap;

use chrono::{Datelike, Timelike};
use serde::{Deserialize, Serialize};

use super::Spread;
use crate::dispatch::{AttemptResult, Outcome};
use crate::domain::{Phone, Postcode, ServiceId, Timestamp};

/// How many took how many whole seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(BTreeMap<u64, u64>);

impl Seconds {
    /// One more, of so long; parts of a second are left out.
    pub fn add(&mut self, took: std::time::Duration) {
        *self.0.entry(took.as_secs()).or_default() += 1;
    }

    /// How many there are.
    pub fn len(&self) -> u64 {
        self.0.values().sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many took at most so long.
    pub fn within(&self, seconds: u64) -> u64 {
        self.0.range(..=seconds).map(|(_, n)| n).sum()
    }

    /// Seconds and how many, the shortest first.
    pub fn iter(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.iter().map(|(seconds, n)| (*seconds, *n))
    }
}

/// How a request for a neighbour ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// Caller and neighbour were joined within 30 s of the question being clear.
    Within30,
    /// Within 60 s.
    Within60,
    /// Within 180 s.
    Within180,
    /// Later than that: after a long search, or when called back.
    Later,
    /// Nobody could be found.
    Nobody,
    /// The caller hung up before anybody said yes.
    CallerLeft,
    /// The caller was to be called back and could not be reached.
    NotReached,
    /// The caller chose something else, the desk for instance, or no longer needed it.
    OtherWay,
    /// It is not over yet.
    Open,
    /// The desk arranged it in another way, or a coordinator did.
    ByTheDesk,
    /// An organisation sees to it, and the person agreed.
    Referred,
    /// The desk could not arrange it either.
    CouldNot,
}

impl Ended {
    /// Whether somebody was found.
    pub fn connected(self) -> bool {
        matches!(self, Self::Within30 | Self::Within60 | Self::Within180 | Self::Later)
    }
}

/// How a ring turned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RingEnd {
    /// Yes, and the two were joined.
    Yes,
    /// Yes, when it had been solved or the caller had gone.
    YesTooLate,
    /// Not now, not today, or the desk instead.
    No,
    /// A pause, or no longer taking part.
    StopOrPause,
    /// Picked up, and no answer was given.
    NoKey,
    /// A voicemail box, or silence.
    Voicemail,
    /// Rang out.
    NoAnswer,
    /// Engaged.
    Busy,
    /// Could not be reached, or nothing more was heard of it.
    Unreachable,
    /// The caller ended it while it rang.
    CallerEnded,
}

impl RingEnd {
    /// How it turned out; none when the telephone was never rung.
    pub fn of(result: AttemptResult) -> Option<Self> {
        Some(match result {
            AttemptResult::Connected => Self::Yes,
            AttemptResult::LateYes | AttemptResult::NotJoined => Self::YesTooLate,
            AttemptResult::Declined | AttemptResult::NotToday | AttemptResult::WantsDesk => {
                Self::No
            }
            AttemptResult::Stopped | AttemptResult::Paused => Self::StopOrPause,
            AttemptResult::HungUp => Self::NoKey,
            AttemptResult::Voicemail => Self::Voicemail,
            AttemptResult::NoAnswer => Self::NoAnswer,
            AttemptResult::Busy => Self::Busy,
            AttemptResult::Failed | AttemptResult::Lost => Self::Unreachable,
            AttemptResult::CallerEnded => Self::CallerEnded,
            AttemptResult::NotPlaced => return None,
        })
    }
}

/// What was asked, and where; neither for a request that names none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Asked(pub Option<ServiceId>, pub Option<Postcode>);

/// An hour of the week on the Dutch clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HourOfWeek {
    /// 0 is Monday, 6 is Sunday.
    pub weekday: u8,
    /// 0 to 23. The hour that comes twice in autumn is one; the one that spring skips stays empty.
    pub hour: u8,
}

impl HourOfWeek {
    /// The hour that a clock on a Dutch wall shows at this moment.
    pub fn of(at: Timestamp) -> Self {
        let wall = at.wall_clock();
        let weekday = wall.weekday().num_days_from_monday();
        Self {
            weekday: u8::try_from(weekday).unwrap_or(0),
            hour: u8::try_from(wall.hour()).unwrap_or(0),
        }
    }
}

/// How the desk says that a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// It worked out.
    Done,
    /// It is not needed any more.
    NotNeeded,
    /// An organisation sees to it.
    Referred,
    /// It could not be done.
    CouldNot,
}

/// One request with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedRow {
    /// Whether a neighbour was asked for; else the desk.
    pub neighbour: bool,
    /// What was asked, and where.
    pub asked: Asked,
    /// When the question was clear.
    pub opened_at: Timestamp,
    /// How it ended; none while it goes on.
    pub outcome: Option<Outcome>,
    /// Whether it worked out, where the caller said so.
    pub worked_out: Option<bool>,
    /// What the desk says of it; none when it said nothing.
    pub settled: Option<Settled>,
}

/// One ring for a request.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RingRow {
    /// When the telephone began to be rung.
    pub reserved_at: Timestamp,
    /// When a yes was said that won.
    pub accepted_at: Option<Timestamp>,
    /// How it turned out; none while it goes on.
    pub result: Option<AttemptResult>,
}

/// What happened on one line. What an earlier release did not count yet reads as none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Calls to the line.
    pub calls: u64,
    /// The same calls by the hour in which they came.
    #[serde(with = "pairs")]
    pub hours: BTreeMap<HourOfWeek, u64>,
    /// Requests for a neighbour, by what was asked and where.
    #[serde(with = "pairs")]
    pub asked: BTreeMap<Asked, u64>,
    /// The same requests by how they ended.
    #[serde(with = "pairs")]
    pub ended: BTreeMap<Ended, u64>,
    /// From the question being clear to the first ring.
    pub to_first_ring: Seconds,
    /// From the question being clear to the yes after which the two were joined.
    pub to_connection: Seconds,
    /// Rings for requests for a neighbour, by how they turned out.
    #[serde(with = "pairs")]
    pub rings: BTreeMap<RingEnd, u64>,
    /// Callers who said that it worked out.
    pub worked_out: u64,
    /// Callers who said that it did not.
    pub did_not_work_out: u64,
    /// Requests for the desk.
    pub desk_asked: u64,
    /// Those in which somebody at the desk was spoken to.
    pub desk_spoken: u64,
    /// Promises that were due.
    pub promises_due: u64,
    /// Those that were kept by then.
    pub promises_on_time: u64,
}

impl Counts {
    /// A call to the line.
    pub fn call(&mut self, at: Timestamp) {
        self.calls += 1;
        *self.hours.entry(HourOfWeek::of(at)).or_default() += 1;
    }

    /// A request with its rings, in any order.
    pub fn request(&mut self, row: &AskedRow, rings: &[RingRow]) {
        let connected = row.outcome == Some(Outcome::Connected);
        if !row.neighbour {
            self.desk_asked += 1;
            self.desk_spoken += u64::from(connected);
            return;
        }
        *self.asked.entry(row.asked.clone()).or_default() += 1;
        let rung = |ring: &&RingRow| ring.result != Some(AttemptResult::NotPlaced);
        let rings: Vec<&RingRow> = rings.iter().filter(rung).collect();
        for end in rings.iter().filter_map(|ring| RingEnd::of(ring.result?)) {
            *self.rings.entry(end).or_default() += 1;
        }
        if let Some(first) = rings.iter().map(|ring| ring.reserved_at).min() {
            self.to_first_ring.add(first.since(row.opened_at));
        }
        let wait = rings
            .iter()
            .filter(|ring| ring.result == Some(AttemptResult::Connected))
            .filter_map(|ring| ring.accepted_at)
            .min()
            .map(|at| at.since(row.opened_at))
            .filter(|_| connected);
        if let Some(wait) = wait {
            self.to_connection.add(wait);
        }
        let found = connected.then(|| ended(row.outcome, wait.map(|wait| wait.as_secs())));
        let way = found.or(row.settled.map(settled)).unwrap_or_else(|| ended(row.outcome, None));
        *self.ended.entry(way).or_default() += 1;
        match row.worked_out.filter(|_| connected) {
            Some(true) => self.worked_out += 1,
            Some(false) => self.did_not_work_out += 1,
            None => {}
        }
    }

    /// A promise that has come due.
    pub fn promise(&mut self, due_at: Timestamp, kept_at: Option<Timestamp>) {
        self.promises_due += 1;
        self.promises_on_time += u64::from(kept_at.is_some_and(|kept| kept <= due_at));
    }

    /// Requests for a neighbour.
    pub fn requests(&self) -> u64 {
        self.asked.values().sum()
    }

    /// Those in which a neighbour was found.
    pub fn connected(&self) -> u64 {
        self.ended.iter().filter(|(ended, _)| ended.connected()).map(|(_, n)| n).sum()
    }

    /// Telephones that were rung for them.
    pub fn all_rings(&self) -> u64 {
        self.rings.values().sum()
    }

    /// Adds what happened elsewhere, or at another time.
    pub fn add(&mut self, other: &Self) {
        fn add<K: Ord + Clone>(to: &mut BTreeMap<K, u64>, from: &BTreeMap<K, u64>) {
            from.iter().for_each(|(key, n)| *to.entry(key.clone()).or_default() += n);
        }
        self.calls += other.calls;
        add(&mut self.hours, &other.hours);
        add(&mut self.asked, &other.asked);
        add(&mut self.ended, &other.ended);
        add(&mut self.to_first_ring.0, &other.to_first_ring.0);
        add(&mut self.to_connection.0, &other.to_connection.0);
        add(&mut self.rings, &other.rings);
        self.worked_out += other.worked_out;
        self.did_not_work_out += other.did_not_work_out;
        self.desk_asked += other.desk_asked;
        self.desk_spoken += other.desk_spoken;
        self.promises_due += other.promises_due;
        self.promises_on_time += other.promises_on_time;
    }
}

/// The desk's word counts where no neighbour was found: it is the last one.
fn settled(how: Settled) -> Ended {
    match how {
        Settled::Done => Ended::ByTheDesk,
        Settled::NotNeeded => Ended::OtherWay,
        Settled::Referred => Ended::Referred,
        Settled::CouldNot => Ended::CouldNot,
    }
}

fn ended(outcome: Option<Outcome>, seconds: Option<u64>) -> Ended {
    match outcome {
        None => Ended::Open,
        Some(Outcome::Connected) => match seconds {
            Some(..=30) => Ended::Within30,
            Some(..=60) => Ended::Within60,
            Some(..=180) => Ended::Within180,
            // Without a moment of the yes (the provider joined them by itself) it is not early.
            Some(_) | None => Ended::Later,
        },
        Some(Outcome::Nobody | Outcome::UsedUp) => Ended::Nobody,
        Some(Outcome::CallerLeft) => Ended::CallerLeft,
        Some(Outcome::NotReached) => Ended::NotReached,
        Some(Outcome::Stopped | Outcome::Desk | Outcome::NotNeeded) => Ended::OtherWay,
    }
}

/// The counts of one Dutch calendar day, by line.
pub type DayCounts = BTreeMap<Phone, Counts>;

/// The people around a line in one month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habitat {
    /// How often each of them was asked in that month, those who take part in the area of the line
    /// and were not asked among them.
    pub spread: Spread,
    /// People who take part in the area of the line, by what they offer and where they live. Of the
    /// moment of counting, so at the end of a month that is over.
    #[serde(with = "pairs")]
    pub offers: BTreeMap<(ServiceId, Postcode), u64>,
}

/// The people around every line in one month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthCounts {
    /// Line by line.
    pub lines: BTreeMap<Phone, Habitat>,
    /// Around all lines together; nobody counts twice.
    pub whole: Habitat,
}

/// Maps whose keys are no text are written as pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, S: Serializer>(
        map: &BTreeMap<K, u64>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K: Deserialize<'de> + Ord, D: Deserializer<'de>>(
        from: D,
    ) -> Result<BTreeMap<K, u64>, D::Error> {
        Ok(Vec::<(K, u64)>::deserialize(from)?.into_iter().collect())
    }
}
