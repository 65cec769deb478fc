//! A progress bar that shows itself only when there is time to look at it, and somebody to look.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows no bar.
const SHOW_AFTER: Duration = Duration::from_secs(1);

/// One stretch of work with a known length. Draws on standard error, and only on a terminal.
pub(super) struct Bar {
    begun: Instant,
    label: &'static str,
    total: u64,
    shown: Option<ProgressBar>,
}

impl Bar {
    /// A stretch of `total` bytes or rows, called `label` beside the bar.
    pub(super) fn new(label: &'static str, total: usize) -> Self {
        Self { begun: Instant::now(), label, total: total as u64, shown: None }
    }

    /// `done` of the total is done.
    pub(super) fn at(&mut self, done: usize) {
        if self.shown.is_none() && self.begun.elapsed() >= SHOW_AFTER {
            self.shown = Some(self.drawn());
        }
        if let Some(bar) = &self.shown {
            bar.set_position(done as u64);
        }
    }

    fn drawn(&self) -> ProgressBar {
        // Hides itself when standard error is a file or a pipe.
        let bar = ProgressBar::with_draw_target(Some(self.total), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{msg} {wide_bar} {percent} %  {eta}");
        if let Ok(style) = style {
            bar.set_style(style);
        }
        bar.with_message(self.label)
    }
}

impl Drop for Bar {
    /// The bar goes; what was found out is printed in its place.
    fn drop(&mut self) {
        if let Some(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}
