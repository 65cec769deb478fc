//! A TOML table that remembers which keys it was asked for, and collects faults with lines.
//!
//! Reading never stops at a fault: a value that cannot be used is reported and its default taken,
//! so that one look at the file finds everything.

use std::cell::RefCell;
use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::Fault;

/// The file as a whole: where lines begin, and what was found so far.
pub(super) struct Document<'a> {
    text: &'a str,
    faults: RefCell<Vec<Fault>>,
    broken: RefCell<Vec<usize>>,
    /// Every key that was ever asked for; the test of the default text compares.
    pub(super) asked: RefCell<Vec<String>>,
}

/// A value and the line it stands on.
#[derive(Debug, Clone)]
pub(super) struct Found<T> {
    pub(super) value: T,
    pub(super) line: usize,
}

/// One table of the document.
pub(super) struct Table<'a> {
    document: &'a Document<'a>,
    entries: &'a DeTable<'a>,
    line: usize,
    asked: RefCell<Vec<String>>,
}

impl<'a> Document<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            faults: RefCell::default(),
            broken: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// The table that everything stands in.
    pub(super) fn root(&'a self, entries: &'a DeTable<'a>) -> Table<'a> {
        Table { document: self, entries, line: 1, asked: RefCell::default() }
    }

    /// Notes that the text is not TOML at this byte.
    pub(super) fn broken(&self, at: usize, message: &str) {
        let line = self.line_of(at);
        self.broken.borrow_mut().push(line);
        let text = format!("this is not TOML: {message}");
        self.faults.borrow_mut().push(Fault { line: Some(line), text });
    }

    /// Every fault, once.
    pub(super) fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults.into_inner();
        let broken = self.broken.into_inner();
        // What was salvaged from a broken line says nothing new.
        faults.retain(|fault| {
            fault.text.starts_with("this is not TOML")
                || !fault.line.is_some_and(|line| broken.contains(&line))
        });
        let mut seen = Vec::new();
        faults.retain(|fault| {
            let new = !seen.contains(fault);
            seen.push(fault.clone());
            new
        });
        faults
    }

    fn line_of(&self, at: usize) -> usize {
        1 + self.text.bytes().take(at).filter(|b| *b == b'\n').count()
    }
}

impl<'a> Table<'a> {
    /// Reports a fault on this line.
    pub(super) fn fault(&self, line: usize, text: impl Into<String>) {
        let fault = Fault { line: Some(line), text: text.into() };
        self.document.faults.borrow_mut().push(fault);
    }

    /// Reports that something is not there, on the line where the table begins. In a file that
    /// is not TOML nothing is known to be missing.
    pub(super) fn missing(&self, text: impl Into<String>) {
        if self.document.broken.borrow().is_empty() {
            self.fault(self.line, text);
        }
    }

    /// Text, when the key is there.
    pub(super) fn text(&self, key: &str) -> Option<Found<String>> {
        let (value, line) = self.get(key)?;
        match value.as_str() {
            Some(text) => Some(Found { value: text.to_owned(), line }),
            None => self.wrong(line, key, "text between quotes"),
        }
    }

    /// Text, or this default.
    pub(super) fn text_or(&self, key: &str, default: &str) -> Found<String> {
        self.text(key).unwrap_or_else(|| Found { value: default.to_owned(), line: self.line })
    }

    /// Text that must be there; `what` says what it is.
    pub(super) fn required_text(&self, key: &str, what: &str) -> Option<Found<String>> {
        if !self.has(key) {
            self.missing(format!("{key} is missing: {what}"));
        }
        self.text(key)
    }

    /// A list of texts, when the key is there.
    pub(super) fn texts(&self, key: &str) -> Option<Found<Vec<Found<String>>>> {
        let (value, line) = self.get(key)?;
        let Some(items) = value.as_array() else {
            return self.wrong(line, key, "a list like [\"a\", \"b\"]");
        };
        let texts = items
            .iter()
            .filter_map(|item| {
                let line = self.document.line_of(item.span().start);
                match item.get_ref().as_str() {
                    Some(text) => Some(Found { value: text.to_owned(), line }),
                    None => self.wrong(line, key, "a list of texts, each between quotes"),
                }
            })
            .collect();
        Some(Found { value: texts, line })
    }

    /// A list of texts that must be there and hold something; `what` says what it is.
    pub(super) fn required_texts(&self, key: &str, what: &str) -> Vec<Found<String>> {
        if !self.has(key) {
            self.missing(format!("{key} is missing: {what}"));
        }
        let Some(list) = self.texts(key) else { return Vec::new() };
        if self.has(key) && list.value.is_empty() {
            self.fault(list.line, format!("{key} is empty: {what}"));
        }
        list.value
    }

    /// A whole number within a range, or this default.
    pub(super) fn whole(&self, key: &str, range: RangeInclusive<u64>, default: u64) -> u64 {
        let Some((value, line)) = self.get(key) else { return default };
        let number = value
            .as_integer()
            .and_then(|whole| u64::from_str_radix(whole.as_str(), whole.radix()).ok())
            .filter(|number| range.contains(number));
        number.unwrap_or_else(|| {
            let (least, most) = (range.start(), range.end());
            self.fault(line, format!("{key} is a whole number from {least} to {most}"));
            default
        })
    }

    /// [`Table::whole`] for what is counted rather than measured.
    pub(super) fn count(&self, key: &str, range: RangeInclusive<u32>, default: u32) -> u32 {
        let wide = u64::from(*range.start())..=u64::from(*range.end());
        u32::try_from(self.whole(key, wide, u64::from(default))).unwrap_or(default)
    }

    /// `true` or `false`, or this default.
    pub(super) fn yes_no(&self, key: &str, default: bool) -> bool {
        let Some((value, line)) = self.get(key) else { return default };
        value
            .as_bool()
            .or_else(|| self.wrong(line, key, "true or false, without quotes"))
            .unwrap_or(default)
    }

    /// A table within this one.
    pub(super) fn table(&self, key: &str) -> Option<Table<'a>> {
        let (value, line) = self.get(key)?;
        match value {
            DeValue::Table(entries) => Some(self.inner(entries, line)),
            _ => self.wrong(line, key, &format!("a table: write [{key}] above its settings")),
        }
    }

    /// The tables of `[[key]]`, each with its line.
    pub(super) fn tables(&self, key: &str) -> Vec<Table<'a>> {
        let Some((value, line)) = self.get(key) else { return Vec::new() };
        let items: &'a DeArray<'a> = match value {
            DeValue::Array(items) => items,
            _ => {
                self.fault(line, format!("write [[{key}]] with two brackets above its settings"));
                return Vec::new();
            }
        };
        let tables = items.iter().filter_map(|item| {
            let line = self.document.line_of(item.span().start);
            match item.get_ref() {
                DeValue::Table(entries) => Some(self.inner(entries, line)),
                _ => self.wrong(line, key, &format!("tables, each under its own [[{key}]]")),
            }
        });
        tables.collect()
    }

    /// The keys of this table, as written, with their lines.
    pub(super) fn keys(&self) -> impl Iterator<Item = Found<&'a str>> {
        self.entries
            .keys()
            .map(|key| Found { value: key.get_ref().as_ref(), line: self.key_line(key) })
    }

    /// Whether the key is there, whatever its value.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Reports every key that was never asked for. Call it last.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for key in self.keys().filter(|key| !asked.iter().any(|known| known == key.value)) {
            let nearest = asked.iter().min_by_key(|known| distance(known, key.value));
            let hint = nearest
                .filter(|known| distance(known, key.value) <= 1 + known.len() / 4)
                .map(|known| format!(" (did you mean {known}?)"))
                .unwrap_or_default();
            let shown: String = key.value.chars().take(40).collect();
            self.fault(key.line, format!("there is no setting {shown:?} here{hint}"));
        }
    }

    fn get(&self, key: &str) -> Option<(&'a DeValue<'a>, usize)> {
        self.asked.borrow_mut().push(key.to_owned());
        self.document.asked.borrow_mut().push(key.to_owned());
        let (key, value) = self.entries.get_key_value(key)?;
        Some((value.get_ref(), self.key_line(key)))
    }

    fn inner(&self, entries: &'a DeTable<'a>, line: usize) -> Table<'a> {
        Table { document: self.document, entries, line, asked: RefCell::default() }
    }

    fn key_line<T>(&self, key: &Spanned<T>) -> usize {
        self.document.line_of(key.span().start)
    }

    fn wrong<T>(&self, line: usize, key: &str, expected: &str) -> Option<T> {
        self.fault(line, format!("{key} is {expected}"));
        None
    }
}

/// Edit distance (Levenshtein), in characters; a word longer than any setting is just far away.
fn distance(known: &str, written: &str) -> usize {
    let written: Vec<char> = written.chars().take(60).collect();
    let mut row: Vec<usize> = (0..=written.len()).collect();
    for (i, a) in known.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in written.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[written.len()]
}
