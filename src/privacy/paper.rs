//! A plain document, and how it looks as Markdown and as a page that can be printed.

use std::fmt::Write;

use askama::Template;

use crate::domain::Language;

/// A document: a title and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// In which language.
    pub language: Language,
    /// What it is.
    pub title: String,
    /// What stands in it, in order.
    pub blocks: Vec<Block>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Points, one a line.
    Points(Vec<String>),
    /// A table: what its columns are, and its rows, all as long as that.
    Table {
        /// What the columns are.
        head: Vec<String>,
        /// Its rows; the first cell says what a row is about.
        rows: Vec<Vec<String>>,
    },
}

#[derive(Template)]
#[template(path = "paper.html")]
struct Page<'a> {
    paper: &'a Paper,
    style: &'static str,
}

impl Paper {
    /// As Markdown.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}\n", plain(&self.title));
        for block in &self.blocks {
            out.push('\n');
            // Writing into a string cannot fail.
            let _ = match block {
                Block::Heading(text) => writeln!(out, "## {}", plain(text)),
                Block::Text(text) => writeln!(out, "{}", plain(text)),
                Block::Points(points) => {
                    points.iter().try_for_each(|point| writeln!(out, "- {}", plain(point)))
                }
                Block::Table { head, rows } => table(&mut out, head, rows),
            };
        }
        out
    }

    /// As a page by itself, with its style in it and nothing from elsewhere.
    ///
    /// # Errors
    /// None in practice: it writes into memory.
    pub fn html(&self) -> Result<String, askama::Error> {
        Page { paper: self, style: include_str!("templates/paper.css") }.render()
    }
}

fn table(out: &mut String, head: &[String], rows: &[Vec<String>]) -> std::fmt::Result {
    let mut row = |cells: &mut dyn Iterator<Item = String>| {
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    row(&mut head.iter().map(|cell| plain(cell)))?;
    row(&mut head.iter().map(|_| "---".to_owned()))?;
    rows.iter().try_for_each(|cells| row(&mut cells.iter().map(|cell| plain(cell))))
}

/// On one line, and nothing in it that Markdown acts on.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        for letter in word.chars() {
            if matches!(letter, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#') {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}
