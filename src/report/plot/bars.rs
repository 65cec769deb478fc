//! Bars: lying, with their words above them; lying in pairs; and standing, for months.

use super::Plot;
use super::canvas::{At, Canvas, DARK, INK, RULE, WIDTH, draw};

/// Room for the number at the end of a bar.
const NUMBER: i32 = 96;

/// One bar: its words, how long it is (none: not shown), and what stands at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Its length.
    pub value: Option<u64>,
    /// Its number in words.
    pub text: String,
}

impl Bar {
    fn length(&self, longest: u64, most: i32) -> i32 {
        scaled(self.value.unwrap_or(0), longest, most)
    }
}

fn scaled(n: u64, longest: u64, most: i32) -> i32 {
    let part = n as f64 / longest.max(1) as f64;
    // At least a sliver: something is more than nothing.
    if n == 0 { 0 } else { ((f64::from(most) * part).round() as i32).max(2) }
}

fn longest<'a>(bars: impl Iterator<Item = &'a Bar>) -> u64 {
    bars.filter_map(|bar| bar.value).max().unwrap_or(0)
}

/// Lying bars under each other.
pub fn bars(title: &str, description: &str, all: &[Bar]) -> Plot {
    const STEP: i32 = 44;
    let longest = longest(all.iter());
    draw(title, description, i32::try_from(all.len()).unwrap_or(0) * STEP + 4, |canvas| {
        for (bar, top) in all.iter().zip((0..).step_by(STEP as usize)) {
            canvas.text(&bar.label, (1, top + 10), At::Begin, INK);
            let length = bar.length(longest, WIDTH - NUMBER - 2);
            base(canvas, top + 20, 16);
            if length > 0 {
                canvas.filled((1, top + 20), (1 + length, top + 36), DARK);
            }
            canvas.text(&bar.text, (length + 8, top + 29), At::Begin, INK);
        }
    })
}

/// Where bars begin, so that nought is seen too.
fn base(canvas: &Canvas<'_>, top: i32, height: i32) {
    canvas.line(&[(1, top - 2), (1, top + height + 2)], RULE, 1);
}

/// Lying bars in pairs: the first of each is filled, the second has an outline only; each kind has
/// its own scale and name.
pub fn pairs(title: &str, description: &str, kinds: [&str; 2], all: &[(Bar, Bar)]) -> Plot {
    const STEP: i32 = 64;
    const LEGEND: i32 = 48;
    let most = [longest(all.iter().map(|(a, _)| a)), longest(all.iter().map(|(_, b)| b))];
    let most = most[0].max(most[1]);
    let height = i32::try_from(all.len()).unwrap_or(0) * STEP + LEGEND;
    draw(title, description, height, |canvas| {
        canvas.filled((1, 4), (25, 18), DARK);
        canvas.text(kinds[0], (34, 11), At::Begin, INK);
        canvas.outlined((1, 24), (25, 38), INK);
        canvas.text(kinds[1], (34, 31), At::Begin, INK);
        for ((first, second), top) in all.iter().zip((LEGEND..).step_by(STEP as usize)) {
            canvas.text(&first.label, (1, top + 10), At::Begin, INK);
            base(canvas, top + 20, 35);
            let length = first.length(most, WIDTH - NUMBER - 2);
            if length > 0 {
                canvas.filled((1, top + 20), (1 + length, top + 36), DARK);
            }
            canvas.text(&first.text, (length + 8, top + 29), At::Begin, INK);
            let length = second.length(most, WIDTH - NUMBER - 2);
            if length > 0 {
                canvas.outlined((1, top + 39), (1 + length, top + 55), INK);
            }
            canvas.text(&second.text, (length + 8, top + 48), At::Begin, INK);
        }
    })
}

/// Standing bars beside each other, for months: three letters under each, its number above it.
pub fn columns(title: &str, description: &str, all: &[Bar]) -> Plot {
    const HEIGHT: i32 = 220;
    const FOOT: i32 = 24;
    const HEAD: i32 = 24;
    let longest = longest(all.iter());
    let step = WIDTH / i32::try_from(all.len().max(1)).unwrap_or(1);
    draw(title, description, HEIGHT, |canvas| {
        let ground = HEIGHT - FOOT;
        for (bar, left) in all.iter().zip((0..).step_by(step.unsigned_abs() as usize)) {
            let length = bar.length(longest, ground - HEAD);
            let middle = left + step / 2;
            if length > 0 {
                canvas.filled((left + 4, ground - length), (left + step - 4, ground), DARK);
            }
            canvas.text(&bar.text, (middle, ground - length - 11), At::Middle, INK);
            let short: String = bar.label.chars().take(3).collect();
            canvas.text(&short, (middle, ground + 13), At::Middle, INK);
        }
        canvas.line(&[(0, ground), (WIDTH, ground)], RULE, 1);
    })
}
