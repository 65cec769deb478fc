//! Plots as SVG, for screens and paper: text stays text, what differs in colour differs in form or
//! number too, and every figure in a plot stands in the table under it as well.

mod bars;
mod canvas;
mod heat;
mod lorenz;

pub use bars::{Bar, bars, columns, pairs};
pub use heat::heat;
pub use lorenz::lorenz;

/// An SVG element with a title and a description, to be put into a page as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plot(pub(super) String);

impl Plot {
    /// The element.
    pub fn svg(&self) -> &str {
        &self.0
    }
}
