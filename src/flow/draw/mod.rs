//! A diagram of a flow: forms as boxes with their first words, ways between them as arrows.
//!
//! What holds everywhere in a file (0 to the desk, the third silence) stands once above the
//! diagram instead of at every box: the arrows that are left are the flow's own.

mod boxes;
mod layout;
mod svg;

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use super::graph::{self, By, Edge};
use super::hear::REPEAT;
use super::scope::KEY;
use super::tree::{Document, When};
use crate::domain::Language;
use boxes::FormBox;
use layout::Link;

/// What there is to draw.
struct Picture {
    title: String,
    boxes: Vec<FormBox>,
    arrows: Vec<Arrow>,
    /// What holds everywhere, one line each.
    everywhere: Vec<String>,
}

/// All ways from one form to another, as one arrow.
struct Arrow {
    from: usize,
    to: usize,
    labels: Vec<String>,
}

impl Arrow {
    /// All that stands at it, in one line.
    fn text(&self) -> String {
        let said = self.labels.iter().filter(|label| !label.is_empty());
        said.map(String::as_str).collect::<Vec<_>>().join(" / ")
    }
}

/// The diagram as SVG, with words in this language.
pub(super) fn draw(
    flow: &str,
    document: &Document,
    catalogue: &Catalogue,
    language: Language,
) -> String {
    let mut picture = Picture {
        title: flow.to_owned(),
        boxes: document.forms.iter().map(|form| FormBox::of(document, form, language)).collect(),
        arrows: Vec::new(),
        everywhere: repeating(document),
    };
    let mut arrows: BTreeMap<(usize, usize), Vec<String>> = BTreeMap::new();
    for (from, form) in document.forms.iter().enumerate() {
        let edges = graph::edges(document, form);
        for edge in &edges {
            // A condition says nothing where one goes the same way without it.
            let sure = |other: &Edge<'_>| other.to == edge.to && is_sure(other);
            if edge.by == By::Course && !is_sure(edge) && edges.iter().any(sure) {
                continue;
            }
            let label = label(edge, catalogue, language);
            if edge.everywhere {
                let line = format!("{label} \u{2192} #{}", edge.to);
                if !picture.everywhere.contains(&line) {
                    picture.everywhere.push(line);
                }
                continue;
            }
            let Some(to) = document.forms.iter().position(|form| form.id == edge.to) else {
                continue;
            };
            let labels = arrows.entry((from, to)).or_default();
            if !labels.contains(&label) {
                labels.push(label);
            }
        }
    }
    picture.arrows.extend(arrows.into_iter().map(|((from, to), labels)| Arrow {
        from,
        to,
        labels,
    }));
    let link =
        |arrow: &Arrow| Link { from: arrow.from, to: arrow.to, text: !arrow.text().is_empty() };
    let links: Vec<_> = picture.arrows.iter().map(link).collect();
    let plan = layout::plan(picture.boxes.len(), &links);
    svg::write(&picture, &plan)
}

/// One goes there in the course of the form, whatever holds.
fn is_sure(edge: &Edge<'_>) -> bool {
    edge.by == By::Course && edge.conds.is_empty()
}

/// Keys that speak an item again, wherever one is.
fn repeating(document: &Document) -> Vec<String> {
    let again = document.properties.iter().filter(|property| property.value == REPEAT);
    again
        .filter_map(|property| Some(format!("{} again", property.name.strip_prefix(KEY)?)))
        .collect()
}

/// What stands at an arrow.
fn label(edge: &Edge<'_>, catalogue: &Catalogue, language: Language) -> String {
    let by = match edge.by {
        By::Choice(key, words) => {
            let words = catalogue.called(words).map_or(words, |service| service.name(language));
            format!("{key} {words}").trim_end().to_owned()
        }
        By::Key(key) => key.to_string(),
        By::Handler(when, count) => {
            let element = if when == When::Silence { "noinput" } else { "nomatch" };
            if count > 1 { format!("{element} {count}\u{d7}") } else { element.to_owned() }
        }
        By::Course => String::new(),
    };
    let conds = edge.conds.join(", ");
    match (by.is_empty(), conds.is_empty()) {
        (false, false) => format!("{by}: {conds}"),
        (false, true) => by,
        (true, _) => conds,
    }
}
