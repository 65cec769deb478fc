//! A report as plain text, for a terminal or an e-mail.

use super::Document;
use super::document::Table;

/// The whole document, lines of up to 80 characters where words allow it.
pub fn text(document: &Document) -> String {
    let mut text = format!("{}\n{}\n\n", document.title, "=".repeat(width(&document.title)));
    let mut paragraph = |words: &str| {
        text += &wrapped(words);
        text.push('\n');
    };
    document.until.iter().for_each(|until| paragraph(until));
    document.story.iter().for_each(|sentence| paragraph(sentence));
    for section in &document.sections {
        text += &format!("\n{}\n{}\n", section.title, "-".repeat(width(&section.title)));
        for words in &section.text {
            text += &wrapped(words);
            text.push('\n');
        }
        if let Some(table) = &section.table {
            text += &aligned(table);
        }
    }
    text.push('\n');
    for note in &document.notes {
        text += &wrapped(note);
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn wrapped(words: &str) -> String {
    const MOST: usize = 80;
    let mut lines = vec![String::new()];
    for word in words.split(' ') {
        let line = lines.last_mut().expect("it begins with one line, and only grows");
        if !line.is_empty() && width(line) + 1 + width(word) > MOST {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.join("\n")
}

/// Words to the left, numbers to the right.
fn aligned(table: &Table) -> String {
    let mut rows: Vec<Vec<String>> = vec![table.head.clone()];
    for (group, row) in table.grouped() {
        rows.extend(group.map(|name| vec![name.to_owned()]));
        let indent = if row.group.is_some() { "  " } else { "" };
        let head = format!("{indent}{}", row.head);
        rows.push(std::iter::once(head).chain(row.cells.iter().cloned()).collect());
    }
    let columns = table.head.len();
    let widths: Vec<usize> = (0..columns)
        .map(|at| {
            let cells = rows.iter().filter_map(|row| row.get(at));
            cells.map(|cell| width(cell)).max().unwrap_or(0)
        })
        .collect();
    let is_words: Vec<bool> = (0..columns)
        .map(|at| {
            at == 0 || rows.iter().skip(1).any(|row| row.get(at).is_some_and(|c| starts_wordy(c)))
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            let gap = " ".repeat(widths[at].saturating_sub(width(cell)));
            let cell = if is_words[at] { format!("{cell}{gap}") } else { format!("{gap}{cell}") };
            line += &if at == 0 { cell } else { format!("  {cell}") };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// A name, not a number or what stands for one.
fn starts_wordy(cell: &str) -> bool {
    let few = [crate::domain::Language::Nl, crate::domain::Language::En].map(super::words::few);
    cell.starts_with(|c: char| c.is_alphabetic()) && !few.contains(&cell)
}
