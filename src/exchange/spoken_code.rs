//! A call that speaks a code of six digits, slowly, twice: for a page on which somebody proves that a
//! telephone is theirs. The page draws the code and compares it; here it is spoken and kept.
//!
//! A voicemail box hears no code: it is spoken after a key was pressed. A code that no telephone rings
//! for fits nothing: else codes that nobody heard could be guessed, as many as somebody asks for.
//! Whoever says that it was not them is not rung for a code for a day.

use std::time::Duration;

use crate::carrier::webhook::Webhook;
use crate::domain::{Language, Line, ParticipantId, Phone, SpokenCode, Timestamp};
use crate::exchange::leg::{Leg, Opening};
use crate::exchange::placing::{self, Decided, NewPlacing, Purpose};
use crate::exchange::session::text;
use crate::exchange::{Exchange, Failure, Moment, drive};
use crate::store::{Placed, Role, SessionHash, Tx};

/// The flow of the call.
const FLOW: &str = "code";
/// Somebody sits beside the telephone.
const RING: Duration = Duration::from_secs(25);
/// Most codes that a telephone is rung for, within an hour and within a day: whoever types somebody
/// else's number cannot keep it ringing.
const MOST: [(u32, Duration); 2] =
    [(3, Duration::from_secs(3600)), (8, Duration::from_secs(24 * 3600))];
/// How the stored form of this purpose begins.
const STORED: &str = "{\"for\":\"code\"";
/// How it does when whoever picked up said that it was not them.
const STORED_NOT_MINE: &str = "{\"for\":\"code\",\"not_mine\":true";
/// For so long they are left in peace.
const IN_PEACE: Duration = Duration::from_secs(24 * 3600);

/// A code that is to be spoken, and whom it is good for.
#[derive(Debug, Clone)]
pub struct CodeWanted {
    /// The telephone that is rung; none for a number that nobody is rung on.
    pub ring: Option<Phone>,
    /// The digits.
    pub code: SpokenCode,
    /// In which language.
    pub language: Language,
    /// Of the browser that asked: in no other it is good.
    pub browser: SessionHash,
    /// Whose it is; for nobody it never fits.
    pub who: Option<ParticipantId>,
    /// The number that it proves, besides who they are.
    pub proves: Option<Phone>,
}

/// What became of the wish to have a code spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeCall {
    /// The telephone rings in a moment.
    Rings,
    /// Nobody is rung at this hour (R13); again from then on.
    Closed(Option<Timestamp>),
    /// That telephone is rung or in a conversation at this moment.
    Taken,
    /// It was rung for so many codes that it is left alone for a while.
    TooMany,
    /// Whoever has that telephone said lately that it was not them.
    NotTheirs,
    /// That number is not rung (R12), it is one of our own, or there is none to ring.
    NotAllowed,
}

impl Exchange {
    /// Rings a telephone, speaks a code, and keeps it for the browser that asked. Nothing in the answer
    /// tells whether anybody knows the number, also not how long it takes: it is one transaction,
    /// whoever's number it is.
    ///
    /// # Errors
    /// [`Failure`]; nobody is rung then, and nothing is kept.
    pub async fn speak_code(&self, line: &Line, wanted: CodeWanted) -> Result<CodeCall, Failure> {
        let line = line.clone();
        self.one_input(move |moment, tx| {
            let came = speak(moment, tx, &line, &wanted)?;
            let who = wanted.who.filter(|_| came == CodeCall::Rings);
            let (browser, proves) = (wanted.browser, wanted.proves.as_ref());
            tx.keep_spoken_code(browser, who, proves, &wanted.code, moment.now)?;
            Ok(came)
        })
        .await
    }
}

fn speak(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    wanted: &CodeWanted,
) -> Result<CodeCall, Failure> {
    let Some(to) = &wanted.ring else { return Ok(CodeCall::NotAllowed) };
    if !moment.context.may_dial(to) || moment.context.is_ours(to) {
        return Ok(CodeCall::NotAllowed);
    }
    if !line.may_ring(moment.now) {
        return Ok(CodeCall::Closed(drive::next_ringing(line, moment.now)));
    }
    if tx.placed_since(to, STORED_NOT_MINE, moment.now - IN_PEACE)? > 0 {
        return Ok(CodeCall::NotTheirs);
    }
    for (most, within) in MOST {
        if tx.placed_since(to, STORED, moment.now - within)? >= most {
            return Ok(CodeCall::TooMany);
        }
    }
    let (code, language) = (Some(wanted.code.clone()), wanted.language);
    let purpose = Purpose::Code { not_mine: false, code, language };
    let new = NewPlacing { to, line, ring: RING, purpose };
    Ok(match placing::place(moment, tx, &new)? {
        Decided::Placed(_) => CodeCall::Rings,
        Decided::Taken => CodeCall::Taken,
        Decided::NotAllowed => CodeCall::NotAllowed,
    })
}

/// The telephone was picked up.
pub(super) fn picked_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    code: &SpokenCode,
    language: Language,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let digits = code.as_str().chars().zip(1..);
    let vars =
        digits.map(|(digit, at)| (format!("digit_{at}"), text(&digit.to_string()))).collect();
    let call = placing::leg_of(moment, placed, webhook, Role::Neighbour, None);
    let opening = Opening { call, flow: FLOW, language, vars };
    let (leg, turn) = Leg::open(moment, tx, moment.context.flows.current(), opening)?;
    leg.answer(turn, webhook.fingerprint)
}

/// Whoever picked up did not ask for it: no code of theirs is good any more, and for a day none is
/// spoken on this telephone.
pub(super) fn not_mine(leg: &mut Leg<'_, '_, '_>) -> Result<(), Failure> {
    let placed = leg.tx.placed_by_sid(&leg.call.sid)?.ok_or(Failure::UnknownLeg)?;
    let language = leg.standing.position.language();
    let purpose = Purpose::Code { not_mine: true, code: None, language };
    leg.tx.placed_is_for(placed.id, &purpose.write())?;
    Ok(leg.tx.drop_spoken_codes_on(&placed.phone)?)
}

/// The call is over: nobody needs the code any more.
pub(super) fn over(
    tx: &mut Tx<'_>,
    placed: &Placed,
    not_mine: bool,
    language: Language,
) -> Result<(), Failure> {
    let purpose = Purpose::Code { not_mine, code: None, language };
    Ok(tx.placed_is_for(placed.id, &purpose.write())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_how_it_is_stored() {
        let stored =
            |not_mine| Purpose::Code { not_mine, code: None, language: Language::Nl }.write();
        assert!(stored(false).starts_with(STORED) && !stored(false).starts_with(STORED_NOT_MINE));
        assert!(stored(true).starts_with(STORED_NOT_MINE));
    }
}
