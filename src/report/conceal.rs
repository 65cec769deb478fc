//! Small groups stay unseen: in a village, "two people asked for a lift" names them.
//!
//! A count from 1 to 4 is never shown, and never to be worked out from what is. With it go as many of
//! the larger counts beside it as that takes ("complementary suppression"), and both look the same.
//! Nought is shown: it is about nobody.
//!
//! The counts of a table and its sums form a network: every count is an edge, every sum an equation
//! at a node. Whoever knows the sums and the shown counts can work out, for a hidden count, the least
//! and the most that it can be; both follow from how much can flow round in the network of the hidden
//! ones. A small count is safe when it might as well be anything from 1 to 4. While one is not, the
//! cheapest way round that makes it safe is hidden too. Where there is none, the whole is not split.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// Groups smaller than this are not shown.
pub const SMALLEST: u64 = 5;

/// What may be told of a count within a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// So many.
    Count(u64),
    /// Fewer than five, or left out so that such a number cannot be worked out.
    Hidden,
}

impl Serialize for Shown {
    /// A number, or the word `few`.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(n) => to.serialize_u64(*n),
            Self::Hidden => to.serialize_str("few"),
        }
    }
}

impl Shown {
    /// The count, where it is shown.
    pub fn count(self) -> Option<u64> {
        match self {
            Self::Count(n) => Some(n),
            Self::Hidden => None,
        }
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

/// Hides what must be hidden in a list whose total is known. `forced` ones are hidden whatever their
/// size.
pub fn list<K: Ord + Clone>(counts: &BTreeMap<K, u64>, forced: impl Fn(&K) -> bool) -> List<K> {
    let mut network = Network::new(2);
    for (key, n) in counts {
        network.edge(0, 1, *n, forced(key));
    }
    if counts.values().sum::<u64>() < SMALLEST && counts.values().any(|n| *n > 0) {
        return None;
    }
    let hidden = network.conceal()?;
    Some(counts.iter().zip(hidden).map(|((key, n), hide)| (key.clone(), shown(*n, hide))).collect())
}

/// Hides what must be hidden in a list of many counts with a known total in which noughts are not
/// shown either, as in a map of hours: each that is not shown is 0 to 4, or left out.
pub fn sparse<K: Ord + Clone>(
    counts: &BTreeMap<K, u64>,
    all: u64,
    forced: impl Fn(&K) -> bool,
) -> List<K> {
    let mut hidden: Vec<(&K, u64)> = counts
        .iter()
        .filter(|(key, n)| **n < SMALLEST || forced(key))
        .map(|(k, n)| (k, *n))
        .collect();
    let empty = all.saturating_sub(counts.len() as u64);
    let mut visible: Vec<(&K, u64)> = counts
        .iter()
        .filter(|(key, n)| **n >= SMALLEST && !forced(key))
        .map(|(k, n)| (k, *n))
        .collect();
    visible.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    loop {
        let cells = hidden.len() as u64 + empty;
        let sum: u64 = hidden.iter().map(|(_, n)| n).sum();
        // Each may be nought, as the others can hold it all, and each may be something.
        let any_large = hidden.iter().any(|(_, n)| *n >= SMALLEST);
        if sum == 0 || (cells >= 3 && (any_large || sum <= (SMALLEST - 1) * (cells - 1))) {
            break;
        }
        hidden.push(visible.pop()?);
    }
    (!visible.is_empty())
        .then(|| visible.into_iter().map(|(key, n)| (key.clone(), Shown::Count(n))).collect())
}

/// Hides what must be hidden in a table of which the total is known and the sums are to be shown.
/// `forced` ones are hidden whatever their size: a row, a column or, with both, a count.
pub fn grid<R: Ord + Clone, C: Ord + Clone>(
    counts: &BTreeMap<(R, C), u64>,
    forced: impl Fn(Option<&R>, Option<&C>) -> bool,
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
    let mut hidden = network.conceal()?.into_iter();
    let mut next = |n: u64| shown(n, hidden.next().unwrap_or(true));
    Some(Grid {
        rows: rows.iter().map(|(row, n)| (row.clone(), next(*n))).collect(),
        columns: columns.iter().map(|(column, n)| (column.clone(), next(*n))).collect(),
        cells: counts.iter().map(|(key, n)| (key.clone(), next(*n))).collect(),
    })
}

/// Whether the sum of these parts, shown, would give a hidden one away. Each is a count, and whether
/// it is hidden where it stands.
pub fn gives_away(parts: impl IntoIterator<Item = (u64, bool)>) -> bool {
    let hidden = parts.into_iter().filter(|(n, hidden)| *hidden && *n > 0);
    let (cells, sum) = hidden.fold((0, 0), |(cells, sum), (n, _)| (cells + 1, sum + n));
    cells > 0 && (cells < 2 || sum < cells + SMALLEST - 2)
}

fn shown(n: u64, hidden: bool) -> Shown {
    if hidden { Shown::Hidden } else { Shown::Count(n) }
}

/// Counts as edges; what flows in and out of a node is equal, or known.
struct Network {
    nodes: usize,
    edges: Vec<Edge>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    value: u64,
    /// To be kept from being worked out.
    secret: bool,
    forced: bool,
    hidden: bool,
}

/// Along an edge more of it, against it less.
#[derive(Debug, Clone, Copy)]
struct Step {
    edge: usize,
    along: bool,
}

impl Network {
    fn new(nodes: usize) -> Self {
        Self { nodes, edges: Vec::new() }
    }

    fn edge(&mut self, from: usize, to: usize, value: u64, forced: bool) {
        let forced = forced && value > 0;
        let secret = forced || (1..SMALLEST).contains(&value);
        self.edges.push(Edge { from, to, value, secret, forced, hidden: secret });
    }

    /// Which edges to hide, in their order; none when some cannot be made safe.
    fn conceal(mut self) -> Option<Vec<bool>> {
        while let Some((secret, way, room)) = self.unsafe_one() {
            match self.cheapest_way_round(secret, way, room) {
                Some(steps) => steps.iter().for_each(|step| self.edges[step.edge].hidden = true),
                None if self.edges.iter().all(|edge| edge.hidden || edge.value == 0) => {
                    return None;
                }
                None => {
                    self.edges.iter_mut().for_each(|edge| edge.hidden |= edge.value > 0);
                }
            }
        }
        Some(self.edges.iter().map(|edge| edge.hidden).collect())
    }

    /// A secret that can be known to be less than it might, or more: how far it should reach.
    fn unsafe_one(&self) -> Option<(usize, bool, u64)> {
        let secrets = self.edges.iter().enumerate().filter(|(_, edge)| edge.secret);
        secrets
            .flat_map(|(at, edge)| [(at, true, edge.room_up()), (at, false, edge.room_down())])
            .find(|&(at, up, room)| self.flow_round(at, up, room) < room)
    }

    /// By how much the others allow this count to be more (`up`) or less; at most `enough`.
    fn flow_round(&self, at: usize, up: bool, enough: u64) -> u64 {
        let edge = self.edges[at];
        let (begin, end) = if up { (edge.to, edge.from) } else { (edge.from, edge.to) };
        // What is left to take away from each, and what was given to it.
        let mut less: Vec<u64> = self.edges.iter().map(|e| e.value.saturating_sub(1)).collect();
        let mut flowed = 0;
        while flowed < enough {
            let Some(path) = self.hidden_path(begin, end, at, &less) else { break };
            let narrowest =
                path.iter().filter(|step| !step.along).map(|step| less[step.edge]).min();
            let amount = narrowest.unwrap_or(u64::MAX).min(enough - flowed);
            for step in &path {
                if step.along { less[step.edge] += amount } else { less[step.edge] -= amount }
            }
            flowed += amount;
        }
        flowed
    }

    fn hidden_path(
        &self,
        begin: usize,
        end: usize,
        without: usize,
        less: &[u64],
    ) -> Option<Vec<Step>> {
        let mut reached: Vec<Option<(usize, Step)>> = vec![None; self.nodes];
        let mut queue = VecDeque::from([begin]);
        while let Some(node) = queue.pop_front() {
            for (at, edge) in self.edges.iter().enumerate() {
                if at == without || !edge.hidden {
                    continue;
                }
                for (from, to, along) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
                    let open = from == node && (along || less[at] > 0);
                    if open && to != begin && reached[to].is_none() {
                        reached[to] = Some((node, Step { edge: at, along }));
                        queue.push_back(to);
                    }
                }
            }
        }
        back_to(begin, end, &reached)
    }

    /// The way round by which this count gets its room, that hides the least; with what is hidden
    /// already for nothing. None when there is none.
    fn cheapest_way_round(&self, at: usize, up: bool, room: u64) -> Option<Vec<Step>> {
        let edge = self.edges[at];
        let (begin, end) = if up { (edge.to, edge.from) } else { (edge.from, edge.to) };
        let mut cost = vec![u64::MAX; self.nodes];
        let mut reached: Vec<Option<(usize, Step)>> = vec![None; self.nodes];
        cost[begin] = 0;
        // Few nodes: going over all edges until nothing becomes cheaper is quick enough.
        let mut changed = true;
        while changed {
            changed = false;
            for (other, edge) in self.edges.iter().enumerate() {
                if other == at || edge.value == 0 {
                    continue;
                }
                let price = if edge.hidden { 0 } else { edge.value };
                for (from, to, along) in [(edge.from, edge.to, true), (edge.to, edge.from, false)] {
                    let open = along || edge.value > room;
                    let new = cost[from].saturating_add(price);
                    if open && new < cost[to] {
                        cost[to] = new;
                        reached[to] = Some((from, Step { edge: other, along }));
                        changed = true;
                    }
                }
            }
        }
        back_to(begin, end, &reached)
    }
}

impl Edge {
    fn room_up(&self) -> u64 {
        if self.forced { SMALLEST - 1 } else { SMALLEST - 1 - self.value }
    }

    fn room_down(&self) -> u64 {
        (self.value - 1).min(SMALLEST - 1)
    }
}

fn back_to(begin: usize, end: usize, reached: &[Option<(usize, Step)>]) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut node = end;
    while node != begin {
        let (before, step) = reached[node]?;
        steps.push(step);
        node = before;
    }
    Some(steps)
}
