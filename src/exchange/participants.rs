//! Somebody who takes part and calls in: what they are told first, and what their own menu begins
//! with.

use std::time::Duration;

use crate::dispatch::still_there::WhyAsked;
use crate::domain::{Line, ParticipantId, Timestamp};
use crate::exchange::leg::Leg;
use crate::exchange::session::{common, text};
use crate::exchange::{Failure, drive};
use crate::flow::{Value, Vars};
use crate::store::{Call, Participant, RungLately, Tx};

/// The flow of their own menu.
pub(super) const FLOW: &str = "participant";

/// Whoever calls within this time of a ring in vain is told about it first.
const JUST_NOW: Duration = Duration::from_secs(15 * 60);

/// What somebody's call begins with instead of the caller's greeting: they were rung just now, or
/// rest until they say whether they still take part. `None`: as everybody else's.
pub(super) fn first_words(
    tx: &mut Tx<'_>,
    line: &Line,
    participant: Option<&Participant>,
    now: Timestamp,
) -> Result<Option<Vars>, Failure> {
    let Some(who) = participant.filter(|who| who.takes_part()) else { return Ok(None) };
    let called = rung_lately(tx, who.id, now)?;
    if called.is_none() && who.rests().is_none() {
        return Ok(None);
    }
    let mut vars = own_vars(tx, line, who, now)?;
    vars.insert("first_words".into(), Value::Bool(true));
    if let Some(called) = called {
        let word = match called {
            RungLately::Solved => "solved",
            RungLately::Over => "over",
            RungLately::Asking => "asking",
            RungLately::Open(_) => "open",
        };
        vars.insert("called".into(), text(word));
    }
    Ok(Some(vars))
}

/// What the own menu begins with, for whoever is on this leg; `None` for somebody who does not take
/// part.
pub(super) fn menu_vars(leg: &mut Leg<'_, '_, '_>) -> Result<Option<Vars>, Failure> {
    let Some(who) = who_takes_part(leg.tx, &leg.call)? else { return Ok(None) };
    Ok(Some(own_vars(leg.tx, leg.line, &who, leg.moment.now)?))
}

/// Whoever is on this leg, by the number that it shows, if they take part at this moment.
pub(super) fn who_takes_part(tx: &mut Tx<'_>, call: &Call) -> Result<Option<Participant>, Failure> {
    let Some(id) = call.participant else { return Ok(None) };
    Ok(tx.participant(id)?.filter(Participant::takes_part))
}

/// How the question stands for which somebody was rung in vain just now.
pub(super) fn rung_lately(
    tx: &mut Tx<'_>,
    who: ParticipantId,
    now: Timestamp,
) -> Result<Option<RungLately>, Failure> {
    for (attempt, request, stands) in tx.rung_lately(who, now - JUST_NOW)? {
        // Whoever is kept for a caller who thinks has heard nothing yet.
        if !drive::is_held(tx, request, attempt)? {
            return Ok(Some(stands));
        }
    }
    Ok(None)
}

fn own_vars(
    tx: &mut Tx<'_>,
    line: &Line,
    who: &Participant,
    now: Timestamp,
) -> Result<Vars, Failure> {
    let mut vars = common(tx, line, now)?;
    let paused = who.pause.is_some_and(|pause| pause.holds(now));
    vars.insert("paused".into(), Value::Bool(paused));
    vars.insert("resting".into(), Value::Bool(who.rests().is_some()));
    vars.insert("silent".into(), Value::Bool(who.rests() == Some(WhyAsked::Silent)));
    Ok(vars)
}
