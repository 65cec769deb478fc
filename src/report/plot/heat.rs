//! The map of the week: hours down, days across. Darker is more, and the number stands in it.

use std::collections::BTreeMap;

use plotters::style::RGBColor;

use super::Plot;
use super::canvas::{At, INK, PAPER, RULE, WIDTH, draw};
use crate::report::counts::HourOfWeek;

/// From little to much, with the ink that is read on it (4.5 to 1 or more).
const SHADES: [(RGBColor, RGBColor); 5] = [
    (RGBColor(0xe6, 0xf0, 0xf9), INK),
    (RGBColor(0xc0, 0xda, 0xf0), INK),
    (RGBColor(0x8f, 0xbc, 0xe3), INK),
    (RGBColor(0x2b, 0x6c, 0xa8), PAPER),
    (RGBColor(0x0b, 0x36, 0x61), PAPER),
];

/// Hours of the week with their counts and how those are written; those that are not in it are left white. `days` are the
/// seven names, Monday first.
pub fn heat(
    title: &str,
    description: &str,
    days: [&str; 7],
    counts: &BTreeMap<HourOfWeek, (u64, String)>,
) -> Plot {
    const LEFT: i32 = 52;
    const HEAD: i32 = 26;
    const STEP: i32 = 26;
    let hours = counts.keys().map(|at| i32::from(at.hour));
    let (first, last) = (hours.clone().min().unwrap_or(0), hours.max().unwrap_or(0));
    let most = counts.values().map(|(n, _)| *n).max().unwrap_or(1).max(1);
    let across = (WIDTH - LEFT) / 7;
    draw(title, description, HEAD + (last - first + 1) * STEP + 2, |canvas| {
        for (day, left) in days.iter().zip((LEFT..).step_by(across.unsigned_abs() as usize)) {
            canvas.text(day, (left + across / 2, HEAD / 2), At::Middle, INK);
        }
        for hour in first..=last {
            let top = HEAD + (hour - first) * STEP;
            canvas.text(&format!("{hour}:00"), (LEFT - 8, top + STEP / 2), At::End, INK);
            for weekday in 0..7_u8 {
                let left = LEFT + i32::from(weekday) * across;
                let (from, to) = ((left, top), (left + across - 2, top + STEP - 2));
                let at = HourOfWeek { weekday, hour: u8::try_from(hour).unwrap_or(0) };
                let Some((n, text)) = counts.get(&at) else {
                    canvas.outlined(from, to, RULE);
                    continue;
                };
                let shade = usize::try_from(n * SHADES.len() as u64 / (most + 1)).unwrap_or(0);
                let (ground, ink) = SHADES[shade.min(SHADES.len() - 1)];
                canvas.filled(from, to, ground);
                let middle = (left + across / 2 - 1, top + STEP / 2);
                canvas.text(text, middle, At::Middle, ink);
            }
        }
    })
}
