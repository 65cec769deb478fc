//! Paths: every form can be reached, leads on, and comes to an end; nothing goes round on its own.

use super::super::graph::{self, Edge};
use super::super::tree::Document;
use super::{FileNotes, Look};

pub(super) fn check(look: &Look<'_>, notes: &mut FileNotes<'_>) {
    let map = Map::of(look.document);
    let reached = map.reached_from(0, &map.ways);
    for (at, form) in look.document.forms.iter().enumerate() {
        let name = map.name(at);
        if !reached[at] {
            let sentence =
                format!("nobody ever gets to {name}; lead somewhere to it, or take it out");
            notes.fault(form.line, sentence);
        } else if graph::runs_out(form) {
            let sentence = format!(
                "{name} can come to an end without saying where to go; end it with <goto>, <disconnect/> or <exit/>"
            );
            notes.fault(form.line, sentence);
        } else if !map.comes_to_an_end(at) {
            let sentence = format!(
                "from {name} nobody ever gets to an end; lead from here to a form with <disconnect/> or <exit/>"
            );
            notes.fault(form.line, sentence);
        }
    }
    for circle in map.circles() {
        let path: Vec<String> = circle.iter().map(|at| map.name(*at)).collect();
        let sentence = format!(
            "{} and back: nobody is asked anything on the way, so it never ends; ask something, or end it",
            path.join(" to ")
        );
        notes.fault(look.document.forms[circle[0]].line, sentence);
    }
}

/// Forms by their place, with where one can go from each.
struct Map<'d> {
    document: &'d Document,
    ways: Vec<Vec<usize>>,
    unasked: Vec<Vec<usize>>,
}

impl<'d> Map<'d> {
    fn of(document: &'d Document) -> Self {
        let place = |edge: Edge<'_>| document.forms.iter().position(|form| form.id == edge.to);
        let places = |edges: Vec<Edge<'_>>| edges.into_iter().filter_map(place).collect();
        let ways = document.forms.iter().map(|form| places(graph::edges(document, form)));
        let unasked = document.forms.iter().map(|form| places(graph::unasked(form)));
        Self { document, ways: ways.collect(), unasked: unasked.collect() }
    }

    fn name(&self, at: usize) -> String {
        match self.document.forms[at].id.as_str() {
            "" => "the form without an id".into(),
            id => format!("#{id}"),
        }
    }

    fn reached_from(&self, start: usize, ways: &[Vec<usize>]) -> Vec<bool> {
        let mut reached = vec![false; ways.len()];
        let mut next = vec![start];
        while let Some(at) = next.pop() {
            if let Some(seen) = reached.get_mut(at).filter(|seen| !**seen) {
                *seen = true;
                next.extend(&ways[at]);
            }
        }
        reached
    }

    fn comes_to_an_end(&self, at: usize) -> bool {
        let reached = self.reached_from(at, &self.ways);
        let mut forms = self.document.forms.iter().zip(reached);
        forms.any(|(form, reached)| reached && graph::ends(self.document, form))
    }

    /// Each circle on which nobody is asked anything, once, from its first form in the file.
    fn circles(&self) -> Vec<Vec<usize>> {
        let mut circles: Vec<Vec<usize>> = Vec::new();
        for start in 0..self.unasked.len() {
            if circles.iter().any(|circle| circle.contains(&start)) {
                continue;
            }
            circles.extend(self.way_back(start));
        }
        circles
    }

    /// The shortest way from a form back to itself.
    fn way_back(&self, start: usize) -> Option<Vec<usize>> {
        let mut from: Vec<Option<usize>> = vec![None; self.unasked.len()];
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for &next in &self.unasked[at] {
                if next == start {
                    let mut path = vec![at];
                    while path[path.len() - 1] != start {
                        path.push(from[path[path.len() - 1]]?);
                    }
                    path.reverse();
                    return Some(path);
                }
                if from[next].is_none() {
                    from[next] = Some(at);
                    queue.push_back(next);
                }
            }
        }
        None
    }
}
