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
}

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
        Self {
            found,
            not_found,
            rings: in_order(conceal::list(&counts.rings, |key| {
                forced(wholes, |(part, shown)| cell(&part.rings, key, shown.rings.as_deref()))
            })),
            asked: asked(counts, wholes),
            hours: in_order(conceal::sparse(&counts.hours, HOURS, |key| {
                forced(wholes, |(part, shown)| {
                    let (n, shown) = cell(&part.hours, key, shown.hours.as_deref());
                    // Noughts are not shown there.
                    (n, shown.filter(|_| n > 0))
                })
            })),
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

fn asked(counts: &Counts, wholes: &[Vec<Part<'_>>]) -> Option<AskedTable> {
    type Cells = BTreeMap<(Option<ServiceId>, Option<Postcode>), u64>;
    let cells: Cells =
        counts.asked.iter().map(|(Asked(what, place), n)| ((what.clone(), *place), *n)).collect();
    let Grid { rows, columns, cells } = conceal::grid(&cells, |service, area| {
        forced(wholes, |(part, shown)| {
            let fits = |(Asked(what, place), n): (&Asked, &u64)| {
                let fits = service.is_none_or(|s| s == what) && area.is_none_or(|a| a == place);
                fits.then_some(*n)
            };
            let n: u64 = part.asked.iter().filter_map(fits).sum();
            (n, shown.asked.as_ref().map(|table| table.shown(service, area)))
        })
    })?;
    let cell = |((service, postcode), requests)| AskedCell { service, postcode, requests };
    Some(AskedTable {
        services: rows.into_iter().collect(),
        areas: columns.into_iter().collect(),
        cells: cells.into_iter().map(cell).collect(),
    })
}

impl AskedTable {
    fn shown(&self, service: Option<&Option<ServiceId>>, area: Option<&Option<Postcode>>) -> Shown {
        let shown = match (service, area) {
            (Some(service), None) => self.services.iter().find(|(s, _)| s == service).map(|f| f.1),
            (None, Some(area)) => self.areas.iter().find(|(a, _)| a == area).map(|f| f.1),
            (service, area) => {
                let is = |cell: &&AskedCell| {
                    service == Some(&cell.service) && area == Some(&cell.postcode)
                };
                self.cells.iter().find(is).map(|cell| cell.requests)
            }
        };
        // What is not listed was not asked.
        shown.unwrap_or(Shown::Count(0))
    }
}

/// Where the count, shown, would give away a hidden one of its parts: what is known of it already.
/// Of each part: the count, and what is shown of it elsewhere; none where it may be nought as well.
fn forced(wholes: &[Vec<Part<'_>>], of: impl Fn(&Part<'_>) -> (u64, Option<Shown>)) -> Option<u64> {
    let told: Vec<Vec<(u64, Option<Shown>)>> =
        wholes.iter().map(|parts| parts.iter().map(&of).collect()).collect();
    let hidden =
        |(n, shown): &(u64, Option<Shown>)| (*n, shown.is_none_or(|s| s.count().is_none()));
    let away = told.iter().any(|parts| conceal::gives_away(parts.iter().map(hidden)));
    let least = |(_, shown): &(u64, Option<Shown>)| shown.map_or(0, |s| s.at_least().unwrap_or(1));
    away.then(|| told.iter().map(|parts| parts.iter().map(least).sum()).max().unwrap_or(0))
}

/// A part's count, and what its own table shows of it.
fn cell<K: Ord>(
    counts: &BTreeMap<K, u64>,
    key: &K,
    shown: Option<&[(K, Shown)]>,
) -> (u64, Option<Shown>) {
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
