//! What may be told about a line, or all lines, in a period: figures without words.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::conceal::{SMALLEST, Shown, Total};
use super::counts::{Counts, DayCounts, Habitat, MonthCounts, Seconds};
use super::tables::{Part, Tables};
use super::{Month, Period, Spread, quantile};
use crate::domain::{Phone, Postcode, ServiceId};

/// What a report is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// The line; none: all of them.
    pub line: Option<Phone>,
    /// When.
    pub period: Period,
    /// The last day that is counted, when the period still runs.
    pub until: Option<NaiveDate>,
}

impl Scope {
    /// A line, or all of them, in a period, as seen on this day.
    pub fn new(line: Option<Phone>, period: Period, today: NaiveDate) -> Self {
        let until =
            (period.first_day() <= today && today < period.next().first_day()).then_some(today);
        Self { line, period, until }
    }
}

/// Everything that was counted, for every line.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Day by day.
    pub days: BTreeMap<NaiveDate, DayCounts>,
    /// The people around the lines, month by month.
    pub months: BTreeMap<Month, MonthCounts>,
}

/// How long something took: nothing is told of fewer than five.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Took {
    /// Half of them took at most so long, seconds.
    pub median: Option<u64>,
    /// Nine in ten took at most so long, seconds.
    pub nine_in_ten: Option<u64>,
}

impl Took {
    fn of(times: &Seconds) -> Self {
        if times.len() < SMALLEST {
            return Self::default();
        }
        let percent = |percent| quantile::nearest_rank(times, percent);
        Self { median: percent(50), nine_in_ten: percent(90) }
    }
}

/// How evenly asking was spread in one month: nothing is told of fewer than five people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fairness {
    /// People who take part in the area, or were asked.
    pub people: u64,
    /// Those who were asked at least once.
    pub asked: Total,
    /// Times that somebody was asked.
    pub times: u64,
    /// The Gini coefficient.
    pub gini: f64,
    /// The Lorenz curve in tenths: which part of the asking went to the least asked 10 %, 20 % ...
    pub tenths: Vec<f64>,
}

impl Fairness {
    fn of(spread: &Spread) -> Option<Self> {
        let enough = spread.people() >= SMALLEST && spread.times() >= SMALLEST;
        let gini = spread.gini().filter(|_| enough)?;
        let tenth = |n: u32| spread.share_of_least(f64::from(n) / 10.0).unwrap_or(1.0);
        let part = |n: u64| (1..SMALLEST).contains(&n);
        let asked = spread.asked();
        // Neither those who were asked nor those who were not may be few.
        let asked = match part(asked) || part(spread.people() - asked) {
            true => Total::Few,
            false => Total::Exactly(asked),
        };
        Some(Self {
            people: spread.people(),
            asked,
            times: spread.times(),
            gini,
            tenths: (1..=10).map(tenth).collect(),
        })
    }
}

/// One month of the period.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MonthLine {
    /// Which.
    pub month: Month,
    /// Calls to the line.
    pub calls: Total,
    /// Requests for a neighbour.
    pub requests: Total,
    /// How evenly asking was spread.
    pub gini: Option<f64>,
}

/// What may be told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// About what.
    pub scope: Scope,
    /// Calls to the line.
    pub calls: Total,
    /// Requests for a neighbour.
    pub requests: Total,
    /// Requests for the desk.
    pub desk_asked: Total,
    /// Those in which somebody at the desk was spoken to.
    pub desk_spoken: Total,
    /// Requests in which a neighbour was found. Told as soon as there are five requests: it is about
    /// the exchange, and says nothing of what anybody asked, where or when.
    pub connected: Total,
    /// Those within 30, 60 and 180 s.
    pub connected_within: [Shown; 3],
    /// Of ten callers who said whether it worked out, how many said yes, in hundredths of all.
    pub worked_out_percent: Option<u64>,
    /// From the question being clear to the first ring.
    pub to_first_ring: Took,
    /// From the question being clear to the connection.
    pub to_connection: Took,
    /// Telephones rung for each connection, those in vain included.
    pub rings_per_connection: Option<f64>,
    /// Promises that were due. They are the desk's own and nobody's asking: no number is too small.
    pub promises_due: u64,
    /// Those kept by then.
    pub promises_on_time: u64,
    /// What is split.
    pub tables: Tables,
    /// People who offer each service, in each postcode area of the line; all lines: of all.
    pub offers: Vec<Offer>,
    /// How evenly asking was spread; of one month only.
    pub fairness: Option<Fairness>,
    /// The months of a year; empty for a month.
    pub months: Vec<MonthLine>,
}

/// People who offer a service in a postcode area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer {
    /// What.
    pub service: ServiceId,
    /// Where; none: in the whole area.
    pub postcode: Option<Postcode>,
    /// How many.
    pub people: Shown,
}

impl Report {
    /// The report on this scope from what was counted.
    pub fn of(scope: Scope, counted: &Counted) -> Self {
        let mut books = Books::over(counted);
        let key = (scope.line.clone(), scope.period);
        books.write(&key);
        let months = months(&scope, counted, &books);
        let whole = books.wholes.remove(&key).unwrap_or_default();
        let Whole { counts, calls, requests, connected, desk_asked, desk_spoken, tables } = whole;
        let latest = scope.period.months().into_iter().rev().find_map(|m| counted.months.get(&m));
        let habitat = latest.and_then(|month| habitat(month, scope.line.as_ref()));
        let enough = requests.count().is_some_and(|n| n >= SMALLEST);
        let said = counts.worked_out + counts.did_not_work_out;
        Self {
            calls,
            requests,
            desk_asked,
            desk_spoken,
            connected,
            connected_within: [
                super::counts::Ended::Within30,
                super::counts::Ended::Within60,
                super::counts::Ended::Within180,
            ]
            .map(|last| if enough { tables.up_to(last) } else { Shown::Hidden }),
            worked_out_percent: (said >= SMALLEST && enough)
                .then(|| rounded(100 * counts.worked_out, said)),
            to_first_ring: Took::of(&counts.to_first_ring),
            to_connection: Took::of(&counts.to_connection),
            rings_per_connection: connected
                .count()
                .filter(|n| *n >= SMALLEST)
                .map(|n| counts.all_rings() as f64 / n as f64),
            promises_due: counts.promises_due,
            promises_on_time: counts.promises_on_time,
            offers: habitat.map(offers).unwrap_or_default(),
            fairness: match scope.period {
                Period::Month(_) => habitat.and_then(|around| Fairness::of(&around.spread)),
                Period::Year(_) => None,
            },
            months,
            tables,
            scope,
        }
    }

    /// Whether nothing happened at all.
    pub fn is_empty(&self) -> bool {
        let none = Total::Exactly(0);
        let nothing = [self.calls, self.requests, self.desk_asked].iter().all(|n| *n == none);
        nothing && self.promises_due == 0
    }
}

/// `n` of `of`, as a whole number, halves up.
pub(super) fn rounded(n: u64, of: u64) -> u64 {
    (2 * n + of) / (2 * of.max(1))
}

fn months(scope: &Scope, counted: &Counted, books: &Books<'_>) -> Vec<MonthLine> {
    let Period::Year(_) = scope.period else { return Vec::new() };
    let told = |month| {
        let whole = books.wholes.get(&(scope.line.clone(), Period::Month(month)))?;
        let around = counted.months.get(&month).and_then(|m| habitat(m, scope.line.as_ref()));
        Some(MonthLine {
            month,
            calls: whole.calls,
            requests: whole.requests,
            gini: around.and_then(|around| Fairness::of(&around.spread)).map(|f| f.gini),
        })
    };
    scope.period.months().into_iter().filter_map(told).collect()
}

fn habitat<'a>(month: &'a MonthCounts, line: Option<&Phone>) -> Option<&'a Habitat> {
    match line {
        Some(line) => month.lines.get(line),
        None => Some(&month.whole),
    }
}

/// Service by service a list of its own: somebody may offer more than one.
fn offers(around: &Habitat) -> Vec<Offer> {
    let mut services = BTreeMap::<&ServiceId, BTreeMap<Postcode, u64>>::new();
    for ((service, postcode), people) in &around.offers {
        services.entry(service).or_default().insert(*postcode, *people);
    }
    let mut offers = Vec::new();
    for (service, areas) in services {
        let all: u64 = areas.values().sum();
        let shown = Total::of(all).count().map_or(Shown::Hidden, Shown::Count);
        offers.push(Offer { service: service.clone(), postcode: None, people: shown });
        let areas = super::conceal::list(&areas, |_| None).unwrap_or_default();
        offers.extend(areas.into_iter().map(|(postcode, people)| Offer {
            service: service.clone(),
            postcode: Some(postcode),
            people,
        }));
    }
    offers
}

/// A line, or all of them, in a period.
type Key = (Option<Phone>, Period);

/// What a report and its parts show, each worked out once.
struct Books<'a> {
    counted: &'a Counted,
    lines: Vec<Phone>,
    /// Months of which something was counted.
    months: Vec<Month>,
    wholes: BTreeMap<Key, Whole>,
}

impl<'a> Books<'a> {
    fn over(counted: &'a Counted) -> Self {
        let lines: BTreeSet<&Phone> = counted.days.values().flat_map(BTreeMap::keys).collect();
        let months: BTreeSet<Month> = counted.days.keys().map(|day| Month::of(*day)).collect();
        Self {
            counted,
            lines: lines.into_iter().cloned().collect(),
            months: months.into_iter().collect(),
            wholes: BTreeMap::new(),
        }
    }

    /// Works out the parts first, then this.
    fn write(&mut self, key: &Key) {
        if self.wholes.contains_key(key) {
            return;
        }
        let families = self.families(key);
        families.iter().flatten().for_each(|part| self.write(part));
        let parts = families
            .iter()
            .map(|parts| parts.iter().filter_map(|part| self.wholes.get(part)).collect::<Vec<_>>());
        let parts: Vec<Vec<&Whole>> = parts.collect();
        let mut counts = Counts::default();
        match parts.first() {
            Some(parts) => parts.iter().for_each(|part| counts.add(&part.counts)),
            None => self.of_line(key).for_each(|of_line| counts.add(of_line)),
        }
        let whole = Whole::of(counts, &parts);
        self.wholes.insert(key.clone(), whole);
    }

    /// The ways in which a scope is made of others that have a report of their own.
    fn families(&self, (line, period): &Key) -> Vec<Vec<Key>> {
        let mut families = Vec::new();
        if let Period::Year(year) = period {
            let months = self.months.iter().filter(|month| month.year() == *year);
            let part = |month: &Month| (line.clone(), Period::Month(*month));
            families.push(months.map(part).collect());
        }
        if line.is_none() {
            families.push(self.lines.iter().map(|line| (Some(line.clone()), *period)).collect());
        }
        families
    }

    fn of_line(&self, (line, period): &Key) -> impl Iterator<Item = &'a Counts> {
        let days = self.counted.days.range(period.first_day()..period.next().first_day());
        days.filter_map(move |(_, lines)| lines.get(line.as_ref()?))
    }
}

/// What was counted on a scope, with what is shown of it.
#[derive(Default)]
struct Whole {
    counts: Counts,
    calls: Total,
    requests: Total,
    connected: Total,
    desk_asked: Total,
    desk_spoken: Total,
    tables: Tables,
}

impl Whole {
    fn of(counts: Counts, families: &[Vec<&Self>]) -> Self {
        let instead = |n: u64, shown: fn(&Self) -> Total| {
            families.iter().find_map(|parts| {
                Total::instead(n, &parts.iter().map(|part| shown(part)).collect::<Vec<_>>())
            })
        };
        let total = |n, shown| match Total::of(n) {
            Total::Few => Total::Few,
            exact => instead(n, shown).unwrap_or(exact),
        };
        let parts: Vec<Vec<Part<'_>>> = families
            .iter()
            .map(|parts| parts.iter().map(|part| (&part.counts, &part.tables)).collect())
            .collect();
        Self {
            calls: total(counts.calls, |w| w.calls),
            requests: total(counts.requests(), |w| w.requests),
            connected: match counts.requests() {
                few if (1..SMALLEST).contains(&few) => Total::Between(0, SMALLEST - 1),
                _ => instead(counts.connected(), |w| w.connected)
                    .unwrap_or(Total::Exactly(counts.connected())),
            },
            desk_asked: total(counts.desk_asked, |w| w.desk_asked),
            desk_spoken: total(counts.desk_spoken, |w| w.desk_spoken),
            tables: Tables::of(&counts, &parts),
            counts,
        }
    }
}
