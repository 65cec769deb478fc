//! What all plots share: a canvas of so many units, ink, letters and a name for those who listen.

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::Plot;

/// Units across. Letters of 15 on it are read on a telephone of 360 pixels too.
pub(super) const WIDTH: i32 = 360;
const LETTERS: f64 = 15.0;

pub(super) const INK: RGBColor = RGBColor(0x1d, 0x23, 0x2b);
pub(super) const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
pub(super) const RULE: RGBColor = RGBColor(0x8a, 0x93, 0x9e);
/// Filled bars; 7.6 to 1 against paper.
pub(super) const DARK: RGBColor = RGBColor(0x12, 0x52, 0x8c);

/// Where a text stands at its point.
#[derive(Clone, Copy)]
pub(super) enum At {
    /// It begins there.
    Begin,
    /// It is in the middle of it.
    Middle,
    /// It ends there.
    End,
}

pub(super) struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

impl Canvas<'_> {
    pub(super) fn text(&self, text: &str, at: (i32, i32), place: At, ink: RGBColor) {
        let side = match place {
            At::Begin => HPos::Left,
            At::Middle => HPos::Center,
            At::End => HPos::Right,
        };
        let style = TextStyle::from(("sans-serif", LETTERS).into_font())
            .color(&ink)
            .pos(Pos::new(side, VPos::Center));
        drawn(self.area.draw_text(text, &style, at));
    }

    pub(super) fn filled(&self, from: (i32, i32), to: (i32, i32), ink: RGBColor) {
        drawn(self.area.draw(&Rectangle::new([from, to], ink.filled())));
    }

    pub(super) fn outlined(&self, from: (i32, i32), to: (i32, i32), ink: RGBColor) {
        drawn(self.area.draw(&Rectangle::new([from, to], PAPER.filled())));
        drawn(self.area.draw(&Rectangle::new([from, to], ink.stroke_width(1))));
    }

    pub(super) fn line(&self, points: &[(i32, i32)], ink: RGBColor, width: u32) {
        let path = PathElement::new(points.to_vec(), ink.stroke_width(width));
        drawn(self.area.draw(&path));
    }
}

/// Drawing into a string cannot fail.
fn drawn<T, E: std::fmt::Debug>(result: Result<T, E>) {
    debug_assert!(result.is_ok(), "an SVG in memory");
}

/// Draws on a canvas of this height. `title` is its name, `description` what it shows.
pub(super) fn draw(
    title: &str,
    description: &str,
    height: i32,
    on: impl FnOnce(&Canvas<'_>),
) -> Plot {
    let mut svg = String::new();
    {
        let size = (WIDTH.unsigned_abs(), height.unsigned_abs());
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        let canvas = Canvas { area };
        on(&canvas);
        drawn(canvas.area.present());
    }
    // The backend writes size and viewBox; the page settles the size, and listeners get a name.
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    Plot(format!(
        "<svg role=\"img\" class=\"plot\" viewBox=\"0 0 {WIDTH} {height}\" \
         xmlns=\"http://www.w3.org/2000/svg\"><title>{}</title><desc>{}</desc>{body}",
        escaped(title),
        escaped(description),
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
