//! Where boxes and arrows go: layers from top to bottom, few crossings, arrows nearly straight.
//!
//! The well-known way of drawing a directed graph in layers: turn round what leads back, put each
//! box below everything that leads to it, give long arrows a place in every layer they pass, order
//! each layer by where its neighbours are, then move everything as close to its neighbours as the
//! boxes beside it allow. Knows nothing of flows.

mod rows;

use std::collections::BTreeSet;

use rows::{in_rows, order, room, straighten};

/// Size of a box.
pub(super) const WIDTH: f64 = 244.0;
pub(super) const HEIGHT: f64 = 84.0;
/// Height of a line of text at an arrow.
pub(super) const ROW: f64 = 14.0;
/// Between boxes, and beside an arrow that passes.
const BESIDE: f64 = 30.0;
const PASSING: f64 = 14.0;
/// Between layers, beside the lines of text at the arrows.
const BELOW: f64 = 58.0;

/// Where everything goes. Coordinates of boxes are of their upper left corner.
pub(super) struct Plan {
    pub(super) boxes: Vec<(f64, f64)>,
    /// One for each arrow that was given; empty for one that leads to its own box.
    pub(super) routes: Vec<Route>,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The way of an arrow, from where it begins to where it points.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    pub(super) points: Vec<(f64, f64)>,
    /// It leads back up.
    pub(super) back: bool,
    /// Where its text stands, and on which side of that.
    pub(super) text: Option<(f64, f64, Side)>,
}

/// On which side of an arrow its text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// An arrow that is to be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    /// Whether a text stands at it.
    pub(super) text: bool,
}

/// Something that has a place in a layer: a box, or an arrow that passes.
struct Place {
    layer: usize,
    of_box: Option<usize>,
    above: Vec<usize>,
    below: Vec<usize>,
    x: f64,
}

/// Plans `count` boxes, the first on top, and arrows between them.
pub(super) fn plan(count: usize, links: &[Link]) -> Plan {
    let pairs: Vec<_> = links.iter().map(|link| (link.from, link.to)).collect();
    let arrows = pairs.as_slice();
    let back = leading_back(count, arrows);
    let downward = |at: usize| {
        let (from, to) = arrows[at];
        if back.contains(&at) { (to, from) } else { (from, to) }
    };
    let layers = layers(count, &(0..arrows.len()).map(downward).collect::<Vec<_>>());
    let mut places: Vec<Place> = (0..count)
        .map(|of| Place {
            layer: layers[of],
            of_box: Some(of),
            above: vec![],
            below: vec![],
            x: 0.0,
        })
        .collect();
    let chains: Vec<Vec<usize>> =
        (0..arrows.len()).map(|at| chain(&mut places, downward(at))).collect();
    let mut rows = in_rows(&places);
    order(&mut places, &mut rows);
    straighten(&mut places, &rows);
    Drawing { places: &places, chains: &chains, links, back: &back }.draw(count, &rows)
}

/// Arrows that lead back to where one came from.
fn leading_back(count: usize, arrows: &[(usize, usize)]) -> BTreeSet<usize> {
    let mut back = BTreeSet::new();
    let mut state = vec![0u8; count];
    for start in 0..count {
        // Explicit stack of (box, next arrow to look at): a long flow is no deep recursion.
        let mut stack = vec![(start, 0)];
        while let Some((at, next)) = stack.pop() {
            if next == 0 {
                if state[at] != 0 {
                    continue;
                }
                state[at] = 1;
            }
            match (next..arrows.len()).find(|arrow| arrows[*arrow].0 == at) {
                None => state[at] = 2,
                Some(arrow) => {
                    stack.push((at, arrow + 1));
                    match state[arrows[arrow].1] {
                        0 => stack.push((arrows[arrow].1, 0)),
                        1 => drop(back.insert(arrow)),
                        _ => {}
                    }
                }
            }
        }
    }
    back
}

/// Each box below everything that leads down to it.
fn layers(count: usize, downward: &[(usize, usize)]) -> Vec<usize> {
    let mut layers = vec![0; count];
    for _ in 0..count {
        for (from, to) in downward.iter().filter(|(from, to)| from != to) {
            layers[*to] = layers[*to].max(layers[*from] + 1);
        }
    }
    layers
}

/// The places of an arrow from top to bottom, both boxes included.
fn chain(places: &mut Vec<Place>, (from, to): (usize, usize)) -> Vec<usize> {
    if from == to {
        return Vec::new();
    }
    let mut chain = vec![from];
    for layer in places[from].layer + 1..places[to].layer {
        places.push(Place { layer, of_box: None, above: vec![], below: vec![], x: 0.0 });
        chain.push(places.len() - 1);
    }
    chain.push(to);
    for pair in chain.windows(2) {
        places[pair[0]].below.push(pair[1]);
        places[pair[1]].above.push(pair[0]);
    }
    chain
}

/// Everything settled but where lines and texts go.
struct Drawing<'a> {
    places: &'a [Place],
    chains: &'a [Vec<usize>],
    links: &'a [Link],
    back: &'a BTreeSet<usize>,
}

impl Drawing<'_> {
    fn draw(&self, count: usize, rows: &[Vec<usize>]) -> Plan {
        let places = self.places;
        let left = places.iter().map(|p| p.x - room(p)).fold(f64::INFINITY, f64::min);
        let right = places.iter().map(|p| p.x + room(p)).fold(f64::NEG_INFINITY, f64::max);
        let tops = self.tops(rows);
        let x = |place: usize| places[place].x - left;
        let mut routes: Vec<Route> = (0..self.chains.len())
            .map(|at| Route {
                points: self.points(at, &tops, &x),
                back: self.back.contains(&at),
                text: None,
            })
            .collect();
        for of in 0..count {
            for bottom in [true, false] {
                self.fan_out(of, bottom, &mut routes);
            }
        }
        for route in routes.iter_mut().filter(|route| route.back) {
            route.points.reverse();
        }
        Plan {
            boxes: (0..count).map(|of| (x(of) - WIDTH / 2.0, tops[places[of].layer])).collect(),
            routes,
            width: right - left,
            height: tops.last().copied().unwrap_or(0.0) + HEIGHT,
        }
    }

    /// From the bottom of the upper box, straight through the layers between, to the top of the
    /// lower one.
    fn points(&self, at: usize, tops: &[f64], x: &dyn Fn(usize) -> f64) -> Vec<(f64, f64)> {
        let through = self.chains[at].iter().flat_map(|place| {
            let top = tops[self.places[*place].layer];
            [(x(*place), top), (x(*place), top + HEIGHT)]
        });
        let all: Vec<_> = through.collect();
        all.get(1..all.len().saturating_sub(1)).unwrap_or_default().to_vec()
    }

    /// Arrows at one side of a box stand beside each other in the order of where they lead, and
    /// their texts below each other, outward.
    fn fan_out(&self, of: usize, bottom: bool, routes: &mut [Route]) {
        let mut all = self.at_side(of, bottom);
        let beyond = |at: &usize| {
            let chain = &self.chains[*at];
            let next = if bottom { chain.get(1) } else { chain.iter().rev().nth(1) };
            next.map_or(0.0, |place| self.places[*place].x)
        };
        all.sort_by(|a, b| beyond(a).total_cmp(&beyond(b)));
        let mut row = 0;
        for (n, at) in all.iter().enumerate() {
            let shift = (f(n) + 0.5) / f(all.len()) - 0.5;
            let route = &mut routes[*at];
            let end = if bottom { route.points.first_mut() } else { route.points.last_mut() };
            let Some(point) = end else { continue };
            point.0 += shift * (WIDTH - 24.0);
            if self.text_at(*at, bottom) {
                let away = ROW * f(row);
                let y = if bottom { point.1 + 18.0 + away } else { point.1 - 14.0 - away };
                let side = if shift < -0.01 { Side::Left } else { Side::Right };
                route.text = Some((point.0, y, side));
                row += 1;
            }
        }
    }

    fn at_side(&self, of: usize, bottom: bool) -> Vec<usize> {
        let here = |chain: &[usize]| {
            let end = if bottom { chain.first() } else { chain.last() };
            end == Some(&of)
        };
        (0..self.chains.len()).filter(|at| here(&self.chains[*at])).collect()
    }

    /// Whether the text of an arrow stands at this side: that of an arrow to the very next layer
    /// before the box it leads to, any other where it begins.
    fn text_at(&self, at: usize, bottom: bool) -> bool {
        let direct = self.chains[at].len() == 2;
        let back = self.back.contains(&at);
        self.links[at].text && bottom == (!direct && !back)
    }

    /// Upper edge of each layer, with room above it for texts.
    fn tops(&self, rows: &[Vec<usize>]) -> Vec<f64> {
        let texts = |row: &[usize], bottom: bool| {
            let boxes = row.iter().filter_map(|at| self.places[*at].of_box);
            let lines = boxes.map(|of| {
                let at_side = self.at_side(of, bottom);
                at_side.into_iter().filter(|at| self.text_at(*at, bottom)).count()
            });
            lines.max().unwrap_or(0)
        };
        let mut tops = vec![0.0; rows.len()];
        for layer in 1..rows.len() {
            let lines = texts(&rows[layer - 1], true) + texts(&rows[layer], false);
            tops[layer] = tops[layer - 1] + HEIGHT + BELOW + ROW * f(lines);
        }
        tops
    }
}

/// Counts of boxes and arrows are far below what a float holds exactly.
fn f(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn links(arrows: &[(usize, usize)]) -> Vec<Link> {
        arrows.iter().map(|&(from, to)| Link { from, to, text: true }).collect()
    }

    #[test]
    fn what_follows_stands_below_and_what_leads_back_points_up() {
        let plan = plan(4, &links(&[(0, 1), (1, 2), (2, 1), (0, 3), (3, 3)]));
        let y = |of: usize| plan.boxes[of].1;
        assert!(y(0) < y(1) && y(1) < y(2) && y(0) < y(3));
        assert_eq!(plan.routes.iter().filter(|route| route.back).count(), 2, "2 to 1, 3 to 3");
        assert!(plan.routes[2].points[0].1 > plan.routes[2].points[1].1);
        assert!(plan.routes[4].points.is_empty());
    }

    proptest! {
        #[test]
        fn boxes_never_overlap_and_arrows_meet_their_boxes(
            count in 1usize..25,
            arrows in proptest::collection::vec((0usize..25, 0usize..25), 0..60),
        ) {
            let arrows: Vec<_> = arrows.iter().map(|(a, b)| (a % count, b % count)).collect();
            let plan = plan(count, &links(&arrows));
            for (a, (ax, ay)) in plan.boxes.iter().enumerate() {
                prop_assert!(*ax >= 0.0 && ax + WIDTH <= plan.width + 0.01);
                prop_assert!(ay + HEIGHT <= plan.height + 0.01);
                for (bx, by) in &plan.boxes[..a] {
                    let apart = (ax - bx).abs() >= WIDTH - 0.01 || (ay - by).abs() >= HEIGHT;
                    prop_assert!(apart, "({ax}, {ay}) and ({bx}, {by})");
                }
            }
            for ((from, to), route) in arrows.iter().zip(&plan.routes) {
                let touches = |(x, y): (f64, f64), of: usize| {
                    let (left, top) = plan.boxes[of];
                    (left..=left + WIDTH).contains(&x)
                        && ((y - top).abs() < 0.01 || (y - top - HEIGHT).abs() < 0.01)
                };
                if let (Some(first), Some(last)) = (route.points.first(), route.points.last()) {
                    prop_assert!(touches(*first, *from) && touches(*last, *to));
                } else {
                    prop_assert_eq!(from, to);
                }
            }
        }
    }
}
