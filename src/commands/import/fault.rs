//! What is wrong with a file, row by row.
//!
//! A fault never repeats what stands in the field: a column that has slipped may hold a telephone
//! number or a name (R14). The line and the column say where to look.

use std::fmt;

/// One thing that is wrong with one row, or with the file as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Line of the file, from 1, on which the row begins; quoted line breaks are counted.
    pub line: u64,
    /// The column, when one is to blame.
    pub column: Option<&'static str>,
    /// What is wrong and how to write it, as one clause.
    pub why: String,
}

impl Fault {
    pub(super) fn of_line(line: u64, why: impl Into<String>) -> Self {
        Self { line, column: None, why: why.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.column {
            Some(column) => write!(f, "line {}, {column}: {}", self.line, self.why),
            None => write!(f, "line {}: {}", self.line, self.why),
        }
    }
}

/// Everything that is wrong with a file, by line; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// `rows` when there are no faults, else all faults in the order of the file.
    ///
    /// # Errors
    /// [`Faults`] when there is at least one.
    pub(super) fn or<T>(mut found: Vec<Fault>, rows: T) -> Result<T, Self> {
        if found.is_empty() {
            return Ok(rows);
        }
        // Stable: within a row the faults stay in the order of the columns.
        found.sort_by_key(|fault| fault.line);
        Err(Self(found))
    }

    /// The faults, by line.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// How many rows have a fault.
    pub fn rows(&self) -> usize {
        self.0.chunk_by(|a, b| a.line == b.line).count()
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}")?;
        }
        let (faults, rows) = (self.0.len(), self.rows());
        write!(
            f,
            "{faults} fault{} in {rows} row{}; nothing was imported",
            if faults == 1 { "" } else { "s" },
            if rows == 1 { "" } else { "s" },
        )
    }
}

/// The faults of one row, while its fields are read.
pub(super) struct RowCheck<'a> {
    pub(super) line: u64,
    pub(super) faults: &'a mut Vec<Fault>,
}

impl RowCheck<'_> {
    /// The value, or `None` with a fault noted.
    pub(super) fn take<T, E: fmt::Display>(
        &mut self,
        column: &'static str,
        read: Result<T, E>,
    ) -> Option<T> {
        read.map_err(|why| self.fault(column, why.to_string())).ok()
    }

    pub(super) fn fault(&mut self, column: &'static str, why: impl Into<String>) {
        self.faults.push(Fault { line: self.line, column: Some(column), why: why.into() });
    }
}
