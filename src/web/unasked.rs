//! What somebody is told on their own page when they were not asked for a quarter of a year.

use chrono::Datelike;

use super::App;
use super::fault::Fault;
use crate::dispatch::choose::last_quarter;
use crate::domain::{Language, ParticipantId, ServiceId, Timestamp};
use crate::report::Month;
use crate::store::Quiet;

/// Why they were not asked in the last quarter that is over, in a sentence or two; `None` when they
/// were, or take part for a shorter time. The same all through a quarter.
pub(super) async fn sentence(
    app: &App,
    who: ParticipantId,
    language: Language,
) -> Result<Option<String>, Fault> {
    let now = app.exchange.now();
    let context = app.exchange.context();
    let (lines, numbering) = (context.lines.clone(), context.numbering);
    let flows = context.flows.current();
    let found = app.exchange.store().read(move |tx| {
        let conditions = |id: &ServiceId| flows.catalogue().conditions(id);
        let (from, until) = last_quarter(now);
        let conditions: &dyn Fn(&ServiceId) -> _ = &conditions;
        tx.unasked(who, &Quiet { from, until, now, lines: &lines, conditions, numbering })
    });
    let found = found.await?;
    Ok(found.map(|one| one.why.sentence(&day(now, one.since, language), language)))
}

/// `1 juli`, with the year when it is another one.
fn day(now: Timestamp, at: Timestamp, language: Language) -> String {
    let date = at.wall_clock().date();
    let month = Month::of(date).name(language);
    match date.year() == now.wall_clock().year() {
        true => format!("{} {month}", date.day()),
        false => format!("{} {month} {}", date.day(), date.year()),
    }
}
