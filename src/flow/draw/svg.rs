//! From a picture and its plan to SVG. One file, no script, no font from elsewhere.

use std::fmt::Write as _;

use super::boxes::{Does, FormBox};
use super::layout::{HEIGHT, Plan, Route, Side, WIDTH};
use super::{Arrow, Picture};

/// Around the diagram.
const MARGIN: f64 = 32.0;
/// Characters of text at an arrow; the rest is shown when pointed at.
const LABEL: usize = 34;
/// Height of the title and of each line below it.
const TITLE: f64 = 40.0;
const LINE: f64 = 22.0;
/// Narrower than this the legend does not fit.
const NARROWEST: f64 = 820.0;

const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#1b1b1b}\
.name{font-weight:700;font-size:14px}.what{fill:#4a4a4a;font-size:12px;font-style:italic}\
.title{font-size:22px;font-weight:700}\
.way{fill:none;stroke:#44546a;stroke-width:1.5}.back{stroke-dasharray:6 4}\
.label{font-size:12px;paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}";

pub(super) fn write(picture: &Picture, plan: &Plan) -> String {
    let head = TITLE + LINE * (2.0 + lines(&picture.everywhere));
    let width = plan.width.max(NARROWEST) + 2.0 * MARGIN;
    let height = plan.height + head + 2.0 * MARGIN;
    let title = escape(&picture.title);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>{STYLE}</style>\n\
         <defs><marker id=\"tip\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"8\" \
         markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L10 5L0 10z\" fill=\"#44546a\"/></marker></defs>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    header(&mut svg, picture);
    // A diagram that is narrower than its legend stands in the middle.
    let left = MARGIN + (plan.width.max(NARROWEST) - plan.width) / 2.0;
    let _ = writeln!(svg, "<g transform=\"translate({left:.0} {:.0})\">", head + MARGIN);
    for (arrow, route) in picture.arrows.iter().zip(&plan.routes) {
        way(&mut svg, route, plan.boxes[arrow.from], arrow);
    }
    for (form, corner) in picture.boxes.iter().zip(&plan.boxes) {
        form_box(&mut svg, form, *corner);
    }
    // Above the boxes and lines, so that nothing crosses them out.
    for (arrow, route) in picture.arrows.iter().zip(&plan.routes) {
        label(&mut svg, arrow, route, plan.boxes[arrow.from]);
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn lines(everywhere: &[String]) -> f64 {
    if everywhere.is_empty() { 0.0 } else { 1.0 }
}

fn header(svg: &mut String, picture: &Picture) {
    let title = escape(&picture.title);
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"{MARGIN}\" y=\"{:.0}\">{title}</text>",
        MARGIN + 18.0
    );
    let mut x = MARGIN;
    let y = MARGIN + TITLE;
    for does in [Does::Asks, Does::Records, Does::Opens, Does::Ends, Does::Leads] {
        let (fill, words) = look(does);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{:.0}\" width=\"16\" height=\"16\" rx=\"3\" fill=\"{fill}\" \
             stroke=\"#44546a\"/><text x=\"{:.0}\" y=\"{y}\">{words}</text>",
            y - 13.0,
            x + 22.0
        );
        x += 160.0;
    }
    if !picture.everywhere.is_empty() {
        let everywhere = picture.everywhere.join("   \u{b7}   ");
        let _ = writeln!(
            svg,
            "<text x=\"{MARGIN}\" y=\"{:.0}\">Everywhere: {}</text>",
            y + LINE + 4.0,
            escape(&everywhere)
        );
    }
}

/// Colour and words: never colour alone.
fn look(does: Does) -> (&'static str, &'static str) {
    match does {
        Does::Asks => ("#dcebfa", "asks for keys"),
        Does::Records => ("#fbe3e4", "records"),
        Does::Opens => ("#fdf3d0", "asks the exchange"),
        Does::Ends => ("#e3e3e3", "ends"),
        Does::Leads => ("#ffffff", "leads on"),
    }
}

fn form_box(svg: &mut String, form: &FormBox, (x, y): (f64, f64)) {
    let (fill, _) = look(form.does);
    let name = escape(&form.name);
    let _ = writeln!(
        svg,
        "<rect x=\"{x:.0}\" y=\"{y:.0}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\" \
         fill=\"{fill}\" stroke=\"#44546a\"/>\
         <text class=\"name\" x=\"{:.0}\" y=\"{:.0}\">#{name}</text>\
         <text class=\"what\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
        x + 10.0,
        y + 20.0,
        x + 10.0,
        y + HEIGHT - 10.0,
        escape(&form.what),
    );
    for (n, line) in (0u8..).zip(&form.words) {
        let _ = writeln!(
            svg,
            "<text x=\"{:.0}\" y=\"{:.0}\">{}</text>",
            x + 10.0,
            y + 39.0 + 17.0 * f64::from(n),
            escape(line)
        );
    }
}

fn way(svg: &mut String, route: &Route, (x, y): (f64, f64), arrow: &Arrow) {
    let full = arrow.labels.join("\n");
    let mut path = String::new();
    match route.points.split_first() {
        Some((&(mut x0, mut y0), rest)) => {
            let _ = write!(path, "M{x0:.1} {y0:.1}");
            for (x, y) in rest {
                let middle = f64::midpoint(y0, *y);
                let _ = write!(path, "C{x0:.1} {middle:.1} {x:.1} {middle:.1} {x:.1} {y:.1}");
                (x0, y0) = (*x, *y);
            }
        }
        // From the right side of a box round to itself.
        None => {
            let (x, y) = (x + WIDTH, y + HEIGHT / 2.0);
            let _ = write!(path, "M{x:.1} {:.1}c26 -16 26 36 0 20", y - 10.0);
        }
    }
    let class = if route.back { "way back" } else { "way" };
    let _ = writeln!(
        svg,
        "<path class=\"{class}\" d=\"{path}\" marker-end=\"url(#tip)\"><title>{}</title></path>",
        escape(&full)
    );
}

fn label(svg: &mut String, arrow: &Arrow, route: &Route, (box_x, box_y): (f64, f64)) {
    let full = arrow.text();
    if full.is_empty() {
        return;
    }
    let of_a_loop = (box_x + WIDTH, box_y + HEIGHT / 2.0 - 18.0, Side::Right);
    let (x, y, side) = route.text.unwrap_or(of_a_loop);
    let (x, anchor) = match side {
        Side::Left => (x - 5.0, "end"),
        Side::Right => (x + 5.0, "start"),
    };
    let mut short: String = full.chars().take(LABEL).collect();
    if short.len() < full.len() {
        short.push('\u{2026}');
    }
    let _ = writeln!(
        svg,
        "<text class=\"label\" x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"{anchor}\">{}<title>{}</title></text>",
        escape(&short),
        escape(&full)
    );
}

/// As text in XML; what XML cannot hold at all is left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() && c != '\n' => {}
            c => escaped.push(c),
        }
    }
    escaped
}
