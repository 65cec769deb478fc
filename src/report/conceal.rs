//! Small groups stay unseen: in a village, "two people asked for a lift" names them.
//!
//! A count from 1 to 4 is never shown, and never to be worked out from what is. With it go as many of
//! the larger counts beside it as that takes ("complementary suppression"), and both look the same.
//! Nought is shown: it is about nobody.
//!
//! The counts of a table and its sums form a network: every count is an edge, every sum an equation
//! at a node. Whoever knows the sums and the shown counts can work out, for a hidden count, the least
//! and the most that it can be; both follow from how much can flow round in the network of the hidden
//! ones. A small count is safe when it might as well be any of four numbers in a row. While one is
//! not, the cheapest way round that makes it safer is hidden too. Where there is none, the whole is
//! not split.
//!
//! What is promised holds against sums, also sums over months and lines; whoever knows by themselves
//! who called knows more than any table.

mod network;

use std::collections::BTreeMap;

use serde::Serialize;

use network::Network;

/// Groups smaller than this are not shown.
pub const SMALLEST: u64 = 5;
/// So far apart, at least, are the least and the most that a hidden count may be.
const ROOM: u64 = SMALLEST - 2;

/// What may be told of a count within a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// So many.
    Count(u64),
    /// So many or more: as much as other reports tell already. The exact number, less those, would
    /// give a small one away.
    AtLeast(u64),
    /// Fewer than five, or left out so that such a number cannot be worked out.
    Hidden,
}

impl Serialize for Shown {
    /// A number, `{"at_least": 12}`, or the word `few`.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(n) => to.serialize_u64(*n),
            Self::AtLeast(n) => to.collect_map([("at_least", n)]),
            Self::Hidden => to.serialize_str("few"),
        }
    }
}

impl Shown {
    /// The count, where it is shown.
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Count(n) => Some(n),
            Self::AtLeast(_) | Self::Hidden => None,
        }
    }

    /// What it is at least, as far as that is told.
    pub fn at_least(self) -> Option<u64> {
        match self {
            Self::Count(n) | Self::AtLeast(n) => Some(n),
            Self::Hidden => None,
        }
    }

    /// So many or more, where that is no small number itself.
    fn or_more(least: u64) -> Self {
        if least < SMALLEST { Self::Hidden } else { Self::AtLeast(least) }
    }

    /// The sum of these, as far as they tell it.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::Count(0), |sum, next| match (sum, next) {
            (Self::Count(sum), Self::Count(n)) => Self::Count(sum + n),
            (sum, next) => {
                let least = |shown: Self| shown.at_least().unwrap_or(1);
                Self::or_more(least(sum) + least(next))
            }
        })
    }
}

/// What may be told of a total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// So many: none, or five and more.
    Exactly(u64),
    /// 1 to 4.
    Few,
    /// Somewhere in between, both ends possible: the exact number would give a small one away.
    Between(u64, u64),
}

impl Default for Total {
    fn default() -> Self {
        Self::Exactly(0)
    }
}

impl Total {
    /// The total by itself.
    pub fn of(n: u64) -> Self {
        if (1..SMALLEST).contains(&n) { Self::Few } else { Self::Exactly(n) }
    }

    /// How the total `n` of parts that are told as `parts` is told instead of exactly, where the
    /// exact number would give one of them away.
    pub fn instead(n: u64, parts: &[Self]) -> Option<Self> {
        let bounds: Vec<(u64, u64)> = parts.iter().map(|part| part.bounds()).collect();
        let least: u64 = bounds.iter().map(|(least, _)| least).sum();
        let most: u64 = bounds.iter().map(|(_, most)| most).sum();
        // A part can still be anything that it could be before the total was known.
        let open = bounds
            .iter()
            .all(|(low, high)| low == high || (n + high <= low + most && n + low >= high + least));
        (!open).then_some(Self::Between(least, most))
    }

    /// The exact number, where it is told.
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Exactly(n) => Some(n),
            Self::Few | Self::Between(..) => None,
        }
    }

    fn bounds(self) -> (u64, u64) {
        match self {
            Self::Exactly(n) => (n, n),
            Self::Few => (1, SMALLEST - 1),
            Self::Between(least, most) => (least, most),
        }
    }
}

/// Counts that add up to a known total. `None`: too few to be split at all.
pub type List<K> = Option<BTreeMap<K, Shown>>;

/// Counts in rows and columns that add up to known totals; the sums of rows and columns are shown
/// where that is safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid<R, C> {
    /// Sums of the rows.
    pub rows: BTreeMap<R, Shown>,
    /// Sums of the columns.
    pub columns: BTreeMap<C, Shown>,
    /// The counts.
    pub cells: BTreeMap<(R, C), Shown>,
}

/// Hides what must be hidden in a list whose total is known. Those for which `forced` gives a number
/// are hidden whatever their size, and known to be at least that.
pub fn list<K: Ord + Clone>(
    counts: &BTreeMap<K, u64>,
    forced: impl Fn(&K) -> Option<u64>,
) -> List<K> {
    let mut network = Network::new(2);
    for (key, n) in counts {
        network.edge(0, 1, *n, forced(key));
    }
    if (1..SMALLEST).contains(&counts.values().sum()) {
        return None;
    }
    let shown = network.conceal()?;
    Some(counts.keys().cloned().zip(shown).collect())
}

/// Hides what must be hidden in a list of many counts with a known total in which noughts are not
/// shown either, as in a map of hours: each that is not shown is 0 to 4, or left out. `forced` as for
/// [`list`].
pub fn sparse<K: Ord + Clone>(
    counts: &BTreeMap<K, u64>,
    all: u64,
    forced: impl Fn(&K) -> Option<u64>,
) -> List<K> {
    let mut told: BTreeMap<&K, Shown> = BTreeMap::new();
    for (key, n) in counts.iter().filter(|(_, n)| **n >= SMALLEST) {
        told.insert(key, forced(key).map_or(Shown::Count(*n), Shown::or_more));
    }
    loop {
        let hidden = counts
            .iter()
            .filter(|(key, _)| told.get(key).is_none_or(|shown| shown.count().is_none()));
        // What the reader does not know of yet.
        let unknown: Vec<u64> = hidden
            .map(|(key, n)| n - told.get(key).and_then(|shown| shown.at_least()).unwrap_or(0))
            .collect();
        let cells = unknown.len() as u64 + all.saturating_sub(counts.len() as u64);
        let sum: u64 = unknown.iter().sum();
        let any_large = unknown.iter().any(|n| *n >= SMALLEST);
        // Each may be nought, as the others can hold it all, and each may be something.
        if sum == 0 || (cells >= 3 && (any_large || sum <= (SMALLEST - 1) * (cells - 1))) {
            break;
        }
        let shown = told.iter().filter_map(|(key, shown)| Some((shown.count()?, *key)));
        let (_, smallest) = shown.min()?;
        told.insert(smallest, Shown::Hidden);
    }
    told.retain(|_, shown| *shown != Shown::Hidden);
    (!told.is_empty()).then(|| told.into_iter().map(|(key, shown)| (key.clone(), shown)).collect())
}

/// Hides what must be hidden in a table of which the total is known and the sums are to be shown.
/// `forced` as for [`list`]: of a row, a column or, with both, a count.
pub fn grid<R: Ord + Clone, C: Ord + Clone>(
    counts: &BTreeMap<(R, C), u64>,
    forced: impl Fn(Option<&R>, Option<&C>) -> Option<u64>,
) -> Option<Grid<R, C>> {
    let mut rows = BTreeMap::<R, u64>::new();
    let mut columns = BTreeMap::<C, u64>::new();
    for ((row, column), n) in counts {
        *rows.entry(row.clone()).or_default() += n;
        *columns.entry(column.clone()).or_default() += n;
    }
    if (1..SMALLEST).contains(&rows.values().sum()) {
        return None;
    }
    let node_of_row: BTreeMap<&R, usize> = rows.keys().zip(2..).collect();
    let node_of_column: BTreeMap<&C, usize> = columns.keys().zip(2 + rows.len()..).collect();
    let mut network = Network::new(2 + rows.len() + columns.len());
    for (row, n) in &rows {
        network.edge(0, node_of_row[row], *n, forced(Some(row), None));
    }
    for (column, n) in &columns {
        network.edge(node_of_column[column], 1, *n, forced(None, Some(column)));
    }
    for ((row, column), n) in counts {
        let forced = forced(Some(row), Some(column));
        network.edge(node_of_row[row], node_of_column[column], *n, forced);
    }
    let mut shown = network.conceal()?.into_iter();
    Some(Grid {
        rows: rows.into_keys().zip(shown.by_ref()).collect(),
        columns: columns.into_keys().zip(shown.by_ref()).collect(),
        cells: counts.keys().cloned().zip(shown).collect(),
    })
}

/// Whether the sum of these parts, shown, would give a hidden one away. Each is a count, and whether
/// it is hidden where it stands.
pub fn gives_away(parts: impl IntoIterator<Item = (u64, bool)>) -> bool {
    let hidden = parts.into_iter().filter(|(n, hidden)| *hidden && *n > 0);
    let (cells, sum) = hidden.fold((0, 0), |(cells, sum), (n, _)| (cells + 1, sum + n));
    cells > 0 && (cells < 2 || sum < cells + ROOM)
}
