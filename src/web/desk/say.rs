//! Words that several pages of the desk need.

use crate::domain::Line;
use crate::web::App;

pub(super) use crate::web::say::{asked, day, how_long, line_name, place, service, when};

/// The lines that somebody works for, in the order of the configuration.
pub(super) fn lines_of<'a>(app: &'a App, you: &super::SignedIn) -> Vec<&'a Line> {
    let theirs = |line: &&Line| you.operator.sees(&line.number, None);
    app.exchange.context().lines.iter().filter(theirs).collect()
}
