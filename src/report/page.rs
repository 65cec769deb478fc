//! A report as HTML: as a part of a page of the desk, or as a page by itself that can be mailed.

use askama::Template;

use super::Document;

/// How a report looks, on screen and on paper; for both kinds of page.
pub const STYLE: &str = include_str!("templates/report.css");

#[derive(Template)]
#[template(path = "part.html")]
struct Part<'a> {
    document: &'a Document,
    words: Words,
}

#[derive(Template)]
#[template(path = "alone.html")]
struct Alone<'a> {
    document: &'a Document,
    style: &'a str,
    part: String,
}

struct Words {
    notes: &'static str,
    table: &'static str,
}

/// The part of a page: figures, plots and tables, without a heading of the first level.
///
/// # Errors
/// None in practice: it writes into memory.
pub fn part(document: &Document) -> Result<String, askama::Error> {
    let words = match document.language {
        crate::domain::Language::Nl => Words { notes: "Hoe er geteld is", table: "Tabel" },
        crate::domain::Language::En => Words { notes: "How it was counted", table: "Table" },
    };
    Part { document, words }.render()
}

/// A page by itself, with its style in it and nothing from elsewhere.
///
/// # Errors
/// As [`part`].
pub fn alone(document: &Document) -> Result<String, askama::Error> {
    Alone { document, style: STYLE, part: part(document)? }.render()
}
