//! "Do you still take part?": the friendly call to somebody who rests, and who gets one.
//!
//! Whoever did not answer five rings in a row is written down for it by the store, in the transaction
//! that counts the fifth. Whoever was silent for a year is found at night, before the round of
//! forgetting. When it is asked, how often and how far apart is `dispatch`'s to say; here it is rung,
//! a few at a time for a line, and never while they are on the telephone.

use std::time::Duration;

use crate::carrier::webhook::Webhook;
use crate::dispatch::still_there::{WhyAsked, may_ring_from, next_after};
use crate::domain::{Language, Line, ParticipantId, Postcode, Timestamp};
use crate::exchange::leg::{Leg, Opening};
use crate::exchange::placing::{self, Decided, NewPlacing, News, Purpose, WhyNot};
use crate::exchange::{Exchange, Failure, Moment, steps};
use crate::flow::Vars;
use crate::store::{Placed, Role, StillThere, StoreError, Tx};

/// The flow of the call.
const FLOW: &str = "checkin";
/// How long the telephone rings: long enough for somebody who walks slowly, too short for most
/// voicemail boxes.
const RING: Duration = Duration::from_secs(25);
/// How the stored form of this purpose begins.
const STORED: &str = "{\"for\":\"still_there\"";
/// Telephones that a line rings for this at a time: nobody who is searched for waits for these.
const AT_A_TIME: u32 = 2;
/// When a line rings as many as it does at a time, the others are looked at again after this time.
const WHEN_IT_IS_THEIR_TURN: Duration = Duration::from_secs(3 * 60);
/// Somebody who is in a conversation, or rung for something else, is rung after this time.
const WHEN_FREE: Duration = Duration::from_secs(10 * 60);
/// A call that did not come about is tried again after this time.
const WHEN_IT_WORKS: Duration = Duration::from_secs(3600);
/// People looked at in one transaction.
const BATCH: usize = 16;
/// People written down in one transaction.
const WRITTEN_DOWN: usize = 64;

impl Exchange {
    /// Rings whoever is to be asked whether they still take part, as far as they are due by now; how
    /// many were looked at.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn ask_whether_still_there(&self) -> Result<usize, Failure> {
        let now = self.now();
        if !self.store.read(move |tx| tx.still_there_due_by(now)).await? {
            return Ok(0);
        }
        self.one_input(ring_those_due).await
    }

    /// Writes down whoever was silent for a year: from now on they are asked, and rest until they
    /// answer. How many.
    ///
    /// # Errors
    /// [`Failure`] of the store; who was written down until then stays so.
    pub(super) async fn notice_silence(&self) -> Result<usize, Failure> {
        let now = self.now();
        let silent = self.store.read(move |tx| tx.silent_for_a_year(now)).await?;
        for some in silent.chunks(WRITTEN_DOWN) {
            let some: Vec<(ParticipantId, Line)> = some
                .iter()
                .filter_map(|(who, place)| Some((*who, self.line_for(*place)?.clone())))
                .collect();
            let written = self.store.write(move |tx| {
                for (who, line) in &some {
                    tx.ask_whether_still_there(*who, &line.number, WhyAsked::Silent, now, now)?;
                }
                Ok::<_, StoreError>(())
            });
            written.await?;
        }
        Ok(silent.len())
    }

    /// The line that works where they live, or else the first.
    fn line_for(&self, place: Postcode) -> Option<&Line> {
        self.line_at(place).or_else(|| self.context().lines.first())
    }
}

fn ring_those_due(moment: &Moment, tx: &mut Tx<'_>) -> Result<usize, Failure> {
    let due = tx.still_there_due(moment.now, BATCH)?;
    for one in &due {
        ring(moment, tx, one)?;
    }
    if due.len() == BATCH {
        moment.due(moment.now);
    }
    Ok(due.len())
}

fn ring(moment: &Moment, tx: &mut Tx<'_>, one: &StillThere) -> Result<(), Failure> {
    let who = one.participant;
    if !one.stands {
        return Ok(tx.still_there_no_more(who)?);
    }
    // A line that is no longer there rings nobody.
    let Some(line) = moment.context.line(one.line.e164()) else {
        return Ok(tx.still_there_rings(who, None)?);
    };
    if first_moment(line, one, moment.now) != Some(moment.now) {
        return later(moment, tx, one, moment.now);
    }
    if one.on_the_telephone {
        return later(moment, tx, one, moment.now + WHEN_FREE);
    }
    if tx.ringing_for(&line.number, STORED)? >= AT_A_TIME {
        return later(moment, tx, one, moment.now + WHEN_IT_IS_THEIR_TURN);
    }
    let purpose = Purpose::StillThere { participant: who };
    match placing::place(moment, tx, &NewPlacing { to: &one.phone, line, ring: RING, purpose })? {
        Decided::Placed(_) | Decided::NotAllowed => Ok(tx.still_there_rings(who, None)?),
        Decided::Taken => later(moment, tx, one, moment.now + WHEN_FREE),
    }
}

/// From then on, when the line rings people and they may be rung (R13).
fn first_moment(line: &Line, one: &StillThere, then: Timestamp) -> Option<Timestamp> {
    may_ring_from(&line.ringing_hours, one.hours.as_ref()?, one.pause, then)
}

/// They are rung then, or when it suits both sides after that.
fn later(
    moment: &Moment,
    tx: &mut Tx<'_>,
    one: &StillThere,
    then: Timestamp,
) -> Result<(), Failure> {
    let line = moment.context.line(one.line.e164());
    let at = line.and_then(|line| first_moment(line, one, then));
    tx.still_there_rings(one.participant, at)?;
    if let Some(at) = at {
        moment.due(at);
    }
    Ok(())
}

/// The telephone was picked up.
pub(super) fn picked_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    who: ParticipantId,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let Some(one) = tx.still_there(who)?.filter(|one| one.stands) else {
        return steps::hang_up();
    };
    let line = moment.context.line(placed.line.e164()).ok_or(Failure::UnknownLine)?;
    let opening = Opening {
        call: placing::leg_of(moment, placed, webhook, Role::Neighbour, Some(who)),
        flow: FLOW,
        language: language(line, &one.languages),
        vars: Vars::new(),
    };
    let (leg, turn) = Leg::open(moment, tx, moment.context.flows.current(), opening)?;
    leg.answer(turn, webhook.fingerprint)
}

/// The first language of theirs that the line speaks, or else the line's own.
fn language(line: &Line, theirs: &[Language]) -> Language {
    let shared = theirs.iter().find(|language| line.languages.contains(language));
    shared.or(line.languages.first()).copied().unwrap_or_default()
}

/// The call is over, or never came about.
pub(super) fn over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    who: ParticipantId,
    news: News,
) -> Result<(), Failure> {
    // They answered.
    let Some(one) = tx.still_there(who)? else { return Ok(()) };
    match news {
        News::Over { .. } => {
            tx.still_there_tried(who)?;
            // Whoever asked for the desk is rung by the desk.
            match next_after(one.why, one.tries + 1).filter(|_| !one.heard_since) {
                Some(after) => later(moment, tx, &one, moment.now + after),
                None => Ok(tx.still_there_rings(who, None)?),
            }
        }
        // They were not disturbed: it does not count.
        News::Failed(WhyNot::Refused | WhyNot::TooLate) => {
            later(moment, tx, &one, moment.now + WHEN_IT_WORKS)
        }
        News::Failed(WhyNot::BadNumber | WhyNot::NotAllowed) => {
            Ok(tx.still_there_rings(who, None)?)
        }
    }
}
