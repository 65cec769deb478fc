//! The counts of a table as a network, and what must be hidden of it.

use std::collections::VecDeque;

use super::{ROOM, SMALLEST, Shown};

/// Counts as edges; what flows in and out of a node is equal, or known.
pub(super) struct Network {
    edges: Vec<Edge>,
    /// From each node, where one step leads: along an edge, or against it.
    steps: Vec<Vec<Step>>,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    value: u64,
    /// What a reader knows that it is at least, once it is hidden.
    least: u64,
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
    pub(super) fn new(nodes: usize) -> Self {
        Self { edges: Vec::new(), steps: vec![Vec::new(); nodes] }
    }

    pub(super) fn edge(&mut self, from: usize, to: usize, value: u64, forced: Option<u64>) {
        let least = forced.unwrap_or(1).clamp(1, value.max(1));
        let forced = forced.is_some() && value > 0;
        let secret = forced || (1..SMALLEST).contains(&value);
        let edge = self.edges.len();
        self.steps[from].push(Step { edge, along: true });
        self.steps[to].push(Step { edge, along: false });
        self.edges.push(Edge { from, to, value, least, secret, forced, hidden: secret });
    }

    /// What is shown of each edge, in their order; none when some cannot be made safe. What is hidden
    /// on the way only adds to what others can be, so each is looked at once.
    pub(super) fn conceal(mut self) -> Option<Vec<Shown>> {
        for at in 0..self.edges.len() {
            if !self.edges[at].secret {
                continue;
            }
            loop {
                let (up, left_up) = self.flows(at, true);
                let (down, left_down) = self.flows(at, false);
                if up + down >= ROOM {
                    break;
                }
                let more = self.cheapest_way_round(at, true, &left_up);
                let steps = more.or_else(|| self.cheapest_way_round(at, false, &left_down))?;
                steps.iter().for_each(|step| self.edges[step.edge].hidden = true);
            }
        }
        Some(self.edges.iter().map(Edge::shown).collect())
    }

    /// By how much the others allow this count to be more (`up`) or less, as far as it matters; and
    /// what is left then to take away from each of them.
    fn flows(&self, at: usize, up: bool) -> (u64, Vec<u64>) {
        let edge = self.edges[at];
        let (begin, end) = edge.ends(up);
        let enough = if up { ROOM } else { ROOM.min(edge.value - edge.least) };
        let mut left: Vec<u64> = self.edges.iter().map(Edge::spare).collect();
        let mut flowed = 0;
        while flowed < enough {
            let Some(path) = self.hidden_way(at, begin, end, &left) else {
                break;
            };
            let narrowest =
                path.iter().filter(|step| !step.along).map(|step| left[step.edge]).min();
            let amount = narrowest.unwrap_or(u64::MAX).min(enough - flowed);
            for step in &path {
                if step.along { left[step.edge] += amount } else { left[step.edge] -= amount }
            }
            flowed += amount;
        }
        (flowed, left)
    }

    /// The way round that hides the least, where the hidden ones have nothing left to give; none
    /// when there is none, or when this count cannot become less anyway.
    fn cheapest_way_round(&self, at: usize, up: bool, left: &[u64]) -> Option<Vec<Step>> {
        let edge = self.edges[at];
        let (begin, end) = edge.ends(up);
        let way = self.cheapest_way(at, begin, end, left)?;
        // One of hidden ones only has no more to give in this direction.
        way.iter().any(|step| !self.edges[step.edge].hidden).then_some(way)
    }

    /// The shortest way from node to node along hidden ones, taking away only where something is left.
    fn hidden_way(
        &self,
        without: usize,
        begin: usize,
        end: usize,
        left: &[u64],
    ) -> Option<Vec<Step>> {
        let mut reached: Vec<Option<(usize, Step)>> = vec![None; self.steps.len()];
        let mut queue = VecDeque::from([begin]);
        while let Some(node) = queue.pop_front() {
            if node == end {
                return back_to(begin, end, &reached);
            }
            for step in &self.steps[node] {
                let (edge, to) = (&self.edges[step.edge], self.leads_to(*step));
                let open =
                    step.edge != without && edge.hidden && (step.along || left[step.edge] > 0);
                if open && to != begin && reached[to].is_none() {
                    reached[to] = Some((node, *step));
                    queue.push_back(to);
                }
            }
        }
        None
    }

    /// From node to node, also along what is shown and is not nought, by the smallest sum of counts
    /// that would have to be hidden.
    fn cheapest_way(
        &self,
        without: usize,
        begin: usize,
        end: usize,
        left: &[u64],
    ) -> Option<Vec<Step>> {
        let mut cost = vec![u64::MAX; self.steps.len()];
        let mut reached: Vec<Option<(usize, Step)>> = vec![None; self.steps.len()];
        cost[begin] = 0;
        // Few nodes: going over all of them until nothing becomes cheaper is quick enough.
        let mut changed = true;
        while changed {
            changed = false;
            for node in 0..self.steps.len() {
                for step in self.steps[node].iter().filter(|step| step.edge != without) {
                    let (edge, to) = (&self.edges[step.edge], self.leads_to(*step));
                    let open = edge.value > 0 && (step.along || left[step.edge] > 0);
                    let price = if edge.hidden { 0 } else { edge.value };
                    let new = cost[node].saturating_add(price);
                    if open && new < cost[to] {
                        cost[to] = new;
                        reached[to] = Some((node, *step));
                        changed = true;
                    }
                }
            }
        }
        back_to(begin, end, &reached)
    }

    fn leads_to(&self, step: Step) -> usize {
        let edge = &self.edges[step.edge];
        if step.along { edge.to } else { edge.from }
    }
}

impl Edge {
    /// Where a way round begins and ends by which this count becomes more (`up`) or less.
    fn ends(&self, up: bool) -> (usize, usize) {
        if up { (self.to, self.from) } else { (self.from, self.to) }
    }

    /// What may be taken away, as far as a reader knows.
    fn spare(&self) -> u64 {
        self.value.saturating_sub(self.least)
    }

    fn shown(&self) -> Shown {
        match (self.hidden, self.forced) {
            (false, _) => Shown::Count(self.value),
            (true, true) => Shown::or_more(self.least),
            (true, false) => Shown::Hidden,
        }
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
