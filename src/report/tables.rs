//! Counts split by what was asked, where, when and how it ended, with small groups taken out.
//!
//! A table of a whole (a year, all lines) also looks at the tables of its parts (the months, the
//! lines), which others may have on paper: what was hidden there cannot be worked out by taking the
//! other parts from the whole.

use std::collections::BTreeMap;

use serde::Serialize;

use super::conceal::{self, Grid, List, Shown};
use super::counts::{Asked, Counts, Ended, HourOfWeek, RingEnd};
use crate::domain::{Postcode, ServiceId};

/// Hours in a week.
const HOURS: u64 = 7 * 24;

/// One count of what was asked where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedCell {
    /// What; none: not named.
    pub service: Option<ServiceId>,
    /// Where; none: not named.
    pub postcode: Option<Postcode>,
    /// How many.
    pub requests: Shown,
}

/// What was asked, where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct AskedTable {
    /// By service.
    pub services: Vec<(Option<ServiceId>, Shown)>,
    /// By postcode area.
    pub areas: Vec<(Option<Postcode>, Shown)>,
    /// By both.
    pub cells: Vec<AskedCell>,
}

/// Everything that is split. A table that is `None` has too little to be split.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tables {
    /// Requests in which a neighbour was found, by how soon.
    pub found: Option<Vec<(Ended, Shown)>>,
    /// The others, by how they ended.
    pub not_found: Option<Vec<(Ended, Shown)>>,
    /// Rings by how they turned out.
    pub rings: Option<Vec<(RingEnd, Shown)>>,
    /// Requests by what and where.
    pub asked: Option<AskedTable>,
    /// Calls by hour of the week; only those hours that can be shown.
    pub hours: Option<Vec<(HourOfWeek, Shown)>>,
    /// What was asked once more, to be looked up by the table of a whole.
    #[serde(skip)]
    index: Index,
}

/// A count, and what is shown of it; none where the table has too little to be split.
type Told = (u64, Option<Shown>);

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Index {
    /// Whether the table is shown at all.
    split: bool,
    /// By service, by area or by both.
    cells: BTreeMap<Key, Told>,
}

/// A row, a column or a count of what was asked: none in the place of a service or of an area is the
/// sum over all of them.
type Key = (Option<Option<ServiceId>>, Option<Option<Postcode>>);

/// Something that a whole is made of, and what is shown of it elsewhere.
pub type Part<'a> = (&'a Counts, &'a Tables);

impl Tables {
    /// The tables of these counts. `wholes`: every way in which they are made of parts.
    pub fn of(counts: &Counts, wholes: &[Vec<Part<'_>>]) -> Self {
        let [found, not_found] = [true, false].map(|found| {
            let mut ended = counts.ended.clone();
            ended.retain(|way, _| way.connected() == found);
            in_order(conceal::list(&ended, |key| {
                forced(wholes, |(part, shown)| cell(&part.ended, key, shown.ended(found)))
            }))
        });
        let (asked, index) = asked(counts, wholes);
        Self {
            found,
            not_found,
            rings: in_order(conceal::list(&counts.rings, |key| {
                forced(wholes, |(part, shown)| cell(&part.rings, key, shown.rings.as_deref()))
            })),
            asked,
            hours: in_order(conceal::sparse(&counts.hours, HOURS, |key| {
                forced(wholes, |(part, shown)| {
                    let (n, shown) = cell(&part.hours, key, shown.hours.as_deref());
                    // Noughts are not shown there.
                    (n, shown.filter(|_| n > 0))
                })
            })),
            index,
        }
    }

    /// How many found a neighbour in that time, as far as that can be told.
    pub fn up_to(&self, last: Ended) -> Shown {
        let Some(found) = &self.found else { return Shown::Hidden };
        Shown::sum(found.iter().filter(|(way, _)| *way <= last).map(|(_, shown)| *shown))
    }

    fn ended(&self, found: bool) -> Option<&[(Ended, Shown)]> {
        if found { self.found.as_deref() } else { self.not_found.as_deref() }
    }
}

fn asked(counts: &Counts, wholes: &[Vec<Part<'_>>]) -> (Option<AskedTable>, Index) {
    let mut cells = BTreeMap::<Key, Told>::new();
    for (Asked(what, place), n) in &counts.asked {
        for key in
            [(Some(what.clone()), None), (None, Some(*place)), (Some(what.clone()), Some(*place))]
        {
            cells.entry(key).or_default().0 += n;
        }
    }
    let plain = counts.asked.iter().map(|(Asked(what, place), n)| ((what.clone(), *place), *n));
    let grid = conceal::grid(&plain.collect(), |service, area| {
        let key: Key = (service.cloned(), area.copied());
        forced(wholes, |(_, shown)| shown.index.told(&key))
    });
    let Some(Grid { rows, columns, cells: shown }) = grid else {
        return (None, Index { split: false, cells });
    };
    let mut tell = |key: Key, shown: Shown| cells.entry(key).or_default().1 = Some(shown);
    rows.iter().for_each(|(service, shown)| tell((Some(service.clone()), None), *shown));
    columns.iter().for_each(|(area, shown)| tell((None, Some(*area)), *shown));
    for ((service, area), shown) in &shown {
        tell((Some(service.clone()), Some(*area)), *shown);
    }
    let cell = |((service, postcode), requests)| AskedCell { service, postcode, requests };
    let table = AskedTable {
        services: rows.into_iter().collect(),
        areas: columns.into_iter().collect(),
        cells: shown.into_iter().map(cell).collect(),
    };
    (Some(table), Index { split: true, cells })
}

impl Index {
    fn told(&self, key: &Key) -> Told {
        // What is not listed was not asked.
        let nought = (0, self.split.then_some(Shown::Count(0)));
        self.cells.get(key).copied().unwrap_or(nought)
    }
}

/// Where the count, shown, would give away a hidden one of its parts: what is known of it already.
/// Of each part: the count, and what is shown of it elsewhere; none where it may be nought as well.
fn forced(wholes: &[Vec<Part<'_>>], of: impl Fn(&Part<'_>) -> (u64, Option<Shown>)) -> Option<u64> {
    let told: Vec<Vec<Told>> = wholes.iter().map(|parts| parts.iter().map(&of).collect()).collect();
    let hidden = |(n, shown): &Told| (*n, shown.is_none_or(|s| s.count().is_none()));
    let away = told.iter().any(|parts| conceal::gives_away(parts.iter().map(hidden)));
    let least = |(_, shown): &Told| shown.map_or(0, |s| s.at_least().unwrap_or(1));
    away.then(|| told.iter().map(|parts| parts.iter().map(least).sum()).max().unwrap_or(0))
}

/// A part's count, and what its own table shows of it.
fn cell<K: Ord>(counts: &BTreeMap<K, u64>, key: &K, shown: Option<&[(K, Shown)]>) -> Told {
    let n = counts.get(key).copied().unwrap_or(0);
    let listed = shown.and_then(|list| list.iter().find(|(k, _)| k == key));
    match (shown, listed) {
        (_, Some((_, shown))) => (n, Some(*shown)),
        (Some(_), None) if n == 0 => (n, Some(Shown::Count(0))),
        _ => (n, None),
    }
}

fn in_order<K>(list: List<K>) -> Option<Vec<(K, Shown)>> {
    list.map(|list| list.into_iter().collect())
}
