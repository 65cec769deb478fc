//! Who may be rung once more, and whether anybody may still come free: for searches that take
//! longer than a telephone call.

use std::collections::HashSet;

use rusqlite::OptionalExtension;

use super::attempts::{NewAsk, Reserved};
use super::candidates::NextAsk;
use super::lookout::{People, Wanted, Whom};
use super::{StoreError, Tx};
use crate::dispatch::choose::{self, Ask, Facts};
use crate::domain::{AttemptId, Language, ParticipantId, Timestamp};

impl Tx<'_> {
    /// Reserves the person of an earlier attempt once more, as they agreed; `None` when they may not
    /// be rung any more, or are on the telephone. Their rest does not count: they know about it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn reserve_again(
        &mut self,
        next: &NextAsk<'_>,
        earlier: AttemptId,
    ) -> Result<Option<Reserved>, StoreError> {
        let Some(wanted) = Wanted::of(next) else { return Ok(None) };
        let sql = "SELECT participant FROM attempt WHERE id = ?1 AND participant IS NOT NULL";
        let who = self.db.prepare_cached(sql)?.query_row([earlier.0], |row| row.get(0));
        let Some(who) = who.optional()?.map(ParticipantId) else { return Ok(None) };
        let ask = Ask { reach_m: u32::MAX, ..self.lookout().ask(&wanted)? };
        let Some((facts, phone)) = self.lookout().one_person(&wanted, who)? else {
            return Ok(None);
        };
        let facts = agreed(facts);
        if choose::assess(&facts, &ask).is_err() {
            return Ok(None);
        }
        let language = facts.languages.iter().find(|l| **l == ask.language).copied();
        let reason = Language::ALL.map(said_yes_before).join("\n");
        let (participant, reason) = (Some(who), reason.as_str());
        let new = NewAsk { participant, phone: &phone, language, reason, agreed: true };
        let attempt = self.reserve(wanted.request, &new, wanted.now)?;
        Ok(attempt.map(|attempt| Reserved { attempt, participant, phone }))
    }

    /// Whether somebody whom this search has not asked may come free before `until`.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn somebody_may_come_free(
        &mut self,
        next: &NextAsk<'_>,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some(wanted) = Wanted::of(next) else { return Ok(false) };
        let ask = Ask { reach_m: choose::reach_m(u32::MAX), ..self.lookout().ask(&wanted)? };
        let around = self.lookout().around(wanted.centre)?;
        // At the nearest of their places: they are not looked at again by another.
        let mut seen = HashSet::new();
        for &(postcode, metres) in around.iter() {
            let mut people = People::default();
            let near = Some(metres);
            self.lookout().people_in(&wanted, postcode, near, Whom::Everybody, &mut people)?;
            let free = |facts| {
                choose::assess(facts, &ask).map_or_else(|why| why.may_pass(until), |_| true)
            };
            let mut new = people.facts.iter().filter(|facts| seen.insert(facts.participant));
            if new.any(free) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// What somebody agreed to is not held against them.
fn agreed(facts: Facts) -> Facts {
    Facts { asked_for_this: false, rest_until: None, asks_today: 0, asks_this_week: 0, ..facts }
}

fn said_yes_before(language: Language) -> String {
    match language {
        Language::Nl => "zei al ja, en mag nog een keer gebeld worden",
        Language::En => "said yes before, and may be rung once more",
    }
    .to_owned()
}
