//! The Lorenz curve: how evenly asking is spread. The nearer to the dashed line, the more evenly.

use super::Plot;
use super::canvas::{At, Canvas, DARK, INK, RULE, WIDTH, draw};

const LEFT: i32 = 56;
const TOP: i32 = 12;
const SIDE: i32 = 270;
const HEIGHT: i32 = TOP + SIDE + 52;

/// `tenths`: which part of the asking (0 to 1) went to the least asked 10 %, 20 % ... 100 %.
/// `across` and `up` name the two axes.
pub fn lorenz(title: &str, description: &str, [across, up]: [&str; 2], tenths: &[f64]) -> Plot {
    draw(title, description, HEIGHT, |canvas| {
        frame(canvas, across, up);
        // Evenly spread: dashed, so that it differs in more than colour.
        for dash in 0..20 {
            let at = |n: i32| point(f64::from(n) / 40.0, f64::from(n) / 40.0);
            canvas.line(&[at(2 * dash), at(2 * dash + 1)], INK, 1);
        }
        let mut curve = vec![point(0.0, 0.0)];
        let parts = (1..).map(|n| f64::from(n) / tenths.len().max(1) as f64);
        curve.extend(parts.zip(tenths).map(|(x, y)| point(x, *y)));
        canvas.line(&curve, DARK, 3);
        for (x, y) in curve {
            canvas.filled((x - 3, y - 3), (x + 3, y + 3), DARK);
        }
    })
}

fn point(x: f64, y: f64) -> (i32, i32) {
    let along = |part: f64| (part.clamp(0.0, 1.0) * f64::from(SIDE)).round() as i32;
    (LEFT + along(x), TOP + SIDE - along(y))
}

fn frame(canvas: &Canvas<'_>, across: &str, up: &str) {
    canvas.outlined((LEFT, TOP), (LEFT + SIDE, TOP + SIDE), RULE);
    for part in [0, 50, 100] {
        let text = format!("{part} %");
        let (x, _) = point(f64::from(part) / 100.0, 0.0);
        let (_, y) = point(0.0, f64::from(part) / 100.0);
        canvas.text(&text, (x, TOP + SIDE + 14), At::Middle, INK);
        canvas.text(&text, (LEFT - 6, y), At::End, INK);
    }
    canvas.text(across, (LEFT + SIDE / 2, TOP + SIDE + 36), At::Middle, INK);
    canvas.text(up, (LEFT + 10, TOP + 14), At::Begin, INK);
    const { assert!(LEFT + SIDE < WIDTH) }
}
