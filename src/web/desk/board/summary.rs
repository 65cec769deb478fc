//! What stands above the rows: how many of what, for the lines of whoever reads.

use askama::Template;

use super::shared::Snapshot;
use super::state::Kind;
use crate::domain::{Language, Line, Operator, Right};
use crate::exchange::Exchange;

#[derive(Template)]
#[template(path = "desk/templates/board/summary.html")]
pub(super) struct Summary<'a> {
    language: Language,
    calls: usize,
    wait: usize,
    wait_for_desk: usize,
    in_background: usize,
    promises: Option<Promises>,
    /// Lines and whether their desk takes calls now.
    desks: Vec<(&'a str, bool)>,
    /// Since when the provider does not answer, as a clock shows it.
    silent_since: Option<String>,
}

struct Promises {
    open: usize,
    overdue: usize,
}

impl<'a> Summary<'a> {
    /// The summary for this operator.
    pub(super) fn of(
        snapshot: &Snapshot,
        exchange: &'a Exchange,
        operator: &Operator,
        language: Language,
    ) -> Self {
        let lines = &exchange.context().lines;
        let rows = || snapshot.rows.iter().filter(|row| operator.sees(&row.line, row.postcode));
        let count = |kinds: &[Kind]| rows().filter(|row| kinds.contains(&row.kind)).count();
        let theirs = |line: &&Line| {
            operator.sees(&line.number, None)
                || line.area.iter().any(|place| operator.sees(&line.number, Some(*place)))
        };
        let desks = lines.iter().filter(theirs).filter(|line| !line.desk.is_empty());
        Self {
            language,
            calls: count(&[Kind::Begins, Kind::Waits, Kind::WaitsForDesk, Kind::Talks]),
            wait: count(&[Kind::Waits]),
            wait_for_desk: count(&[Kind::WaitsForDesk]),
            in_background: count(&[Kind::Background]),
            promises: promises(snapshot, lines, operator),
            desks: desks
                .map(|line| (line.name.as_str(), snapshot.desks_open.contains(&line.number)))
                .collect(),
            silent_since: snapshot
                .provider_trouble
                .map(|since| since.wall_clock().format("%-H:%M").to_string()),
        }
    }

    fn say<'b>(&self, nl: &'b str, en: &'b str) -> &'b str {
        self.language.pick(nl, en)
    }
}

/// Only for those who keep promises.
fn promises(snapshot: &Snapshot, lines: &[Line], operator: &Operator) -> Option<Promises> {
    if !operator.role.may(Right::KeepPromises) {
        return None;
    }
    let is_theirs = |number: &str| {
        lines.iter().any(|line| line.number.e164() == number && operator.sees(&line.number, None))
    };
    let mut promises = Promises { open: 0, overdue: 0 };
    for of_line in snapshot.promises.iter().filter(|promises| is_theirs(&promises.line)) {
        promises.open += of_line.open;
        promises.overdue += of_line.overdue;
    }
    Some(promises)
}
