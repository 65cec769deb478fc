//! Columns that line up in a terminal, counted in characters.

use std::fmt;

/// Rows of five columns; the last one is as wide as it is.
#[derive(Default)]
pub(super) struct Table {
    rows: Vec<[String; 5]>,
    widths: [usize; 5],
}

impl Table {
    pub(super) fn row(&mut self, row: [String; 5]) {
        for (width, cell) in self.widths.iter_mut().zip(&row) {
            *width = (*width).max(cell.chars().count());
        }
        self.rows.push(row);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [place, who, phone, distance, _] = self.widths;
        for [a, b, c, d, e] in &self.rows {
            writeln!(f, "  {a:>place$}  {b:<who$}  {c:<phone$}  {d:>distance$}  {e}")?;
        }
        Ok(())
    }
}
