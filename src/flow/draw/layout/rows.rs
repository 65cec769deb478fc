//! Layers in rows: their order with few crossings, then their places with arrows nearly straight.

use super::{BESIDE, PASSING, Place, WIDTH, f};

const SWEEPS: usize = 24;

pub(super) fn in_rows(places: &[Place]) -> Vec<Vec<usize>> {
    let last = places.iter().map(|place| place.layer).max().unwrap_or(0);
    let mut rows = vec![Vec::new(); last + 1];
    for (at, place) in places.iter().enumerate() {
        rows[place.layer].push(at);
    }
    rows
}

/// Orders each layer by where its neighbours stand; keeps the order with the fewest crossings.
pub(super) fn order(places: &mut [Place], rows: &mut Vec<Vec<usize>>) {
    let mut best = (crossings(places, rows), rows.clone());
    for sweep in 0..SWEEPS {
        let down = sweep % 2 == 0;
        let layers: Vec<usize> =
            if down { (0..rows.len()).collect() } else { (0..rows.len()).rev().collect() };
        for layer in layers {
            let rank = ranks(places.len(), rows);
            let key = |at: &usize| {
                let place = &places[*at];
                let near = if down { &place.above } else { &place.below };
                if near.is_empty() { rank[*at] } else { mean(near.iter().map(|n| rank[*n])) }
            };
            rows[layer].sort_by(|a, b| key(a).total_cmp(&key(b)));
        }
        let now = crossings(places, rows);
        if now < best.0 {
            best = (now, rows.clone());
        }
    }
    *rows = best.1;
}

/// How far along its layer each place is, 0 to 1.
fn ranks(count: usize, rows: &[Vec<usize>]) -> Vec<f64> {
    let mut ranks = vec![0.0; count];
    for row in rows {
        for (at, place) in row.iter().enumerate() {
            ranks[*place] = (f(at) + 0.5) / f(row.len());
        }
    }
    ranks
}

fn crossings(places: &[Place], rows: &[Vec<usize>]) -> usize {
    let rank = ranks(places.len(), rows);
    let mut sum = 0;
    for row in rows {
        let lines: Vec<(f64, f64)> = row
            .iter()
            .flat_map(|at| places[*at].below.iter().map(|below| (rank[*at], rank[*below])))
            .collect();
        for (n, a) in lines.iter().enumerate() {
            sum += lines[..n].iter().filter(|b| (a.0 - b.0) * (a.1 - b.1) < 0.0).count();
        }
    }
    sum
}

/// Moves everything as near to its neighbours as those beside it allow.
pub(super) fn straighten(places: &mut [Place], rows: &[Vec<usize>]) {
    for row in rows {
        let wanted = vec![0.0; row.len()];
        settle(places, row, &wanted);
    }
    for sweep in 0..SWEEPS {
        let each = |at: usize| if sweep % 2 == 0 { at } else { rows.len() - 1 - at };
        for row in (0..rows.len()).map(|at| &rows[each(at)]) {
            let wanted: Vec<f64> = row
                .iter()
                .map(|at| {
                    let near = places[*at].above.iter().chain(&places[*at].below);
                    let near: Vec<f64> = near.map(|n| places[*n].x).collect();
                    if near.is_empty() { places[*at].x } else { mean(near.into_iter()) }
                })
                .collect();
            settle(places, row, &wanted);
        }
    }
}

/// Puts a layer as near to the wanted places as its order and distances allow: the least squares
/// of all, found by pooling neighbours that would get into each other's way.
fn settle(places: &mut [Place], row: &[usize], wanted: &[f64]) {
    let mut offsets = Vec::with_capacity(row.len());
    let mut offset = 0.0;
    for (n, at) in row.iter().enumerate() {
        if n > 0 {
            offset += room(&places[row[n - 1]]) + room(&places[*at]);
        }
        offsets.push(offset);
    }
    // Pools of (sum of wanted places, how many).
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (want, offset) in wanted.iter().zip(&offsets) {
        let mut pool = (want - offset, 1);
        while let Some(last) = pools.last().copied() {
            if last.0 / f(last.1) <= pool.0 / f(pool.1) {
                break;
            }
            pools.pop();
            pool = (pool.0 + last.0, pool.1 + last.1);
        }
        pools.push(pool);
    }
    let settled = pools.iter().flat_map(|(sum, n)| std::iter::repeat_n(sum / f(*n), *n));
    for ((at, base), offset) in row.iter().zip(settled).zip(offsets) {
        places[*at].x = base + offset;
    }
}

/// Half the room that a place needs in its layer.
pub(super) fn room(place: &Place) -> f64 {
    if place.of_box.is_some() { (WIDTH + BESIDE) / 2.0 } else { PASSING }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0), |(sum, n), value| (sum + value, n + 1));
    sum / f(n.max(1))
}
