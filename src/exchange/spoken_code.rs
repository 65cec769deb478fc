//! A call that speaks a code of six digits, slowly, twice: for a page on which somebody proves that a
//! telephone is theirs. The page draws the code, keeps it and compares it; here it is only spoken.
//!
//! A voicemail box hears no code: it is spoken after a key was pressed.

use std::time::Duration;

use crate::carrier::webhook::Webhook;
use crate::domain::{Caller, Language, Line, Phone, SpokenCode, Timestamp};
use crate::exchange::leg::Leg;
use crate::exchange::placing::{self, Decided, NewPlacing, Purpose};
use crate::exchange::session::{common, text};
use crate::exchange::{Exchange, Failure, Moment, drive};
use crate::flow::Vars;
use crate::store::{Direction, NewCall, Placed, Role, Tx};

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
    /// That number is not rung (R12), or it is one of our own.
    NotAllowed,
}

impl Exchange {
    /// Rings a telephone and speaks a code. Nothing in the answer tells whether anybody knows the
    /// number.
    ///
    /// # Errors
    /// [`Failure`]; nobody is rung then.
    pub async fn speak_code(
        &self,
        line: &Line,
        to: Phone,
        code: SpokenCode,
        language: Language,
    ) -> Result<CodeCall, Failure> {
        let line = line.clone();
        self.one_input(move |moment, tx| speak(moment, tx, &line, &to, code, language)).await
    }
}

fn speak(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    to: &Phone,
    code: SpokenCode,
    language: Language,
) -> Result<CodeCall, Failure> {
    if !moment.context.may_dial(to) || moment.context.is_ours(to) {
        return Ok(CodeCall::NotAllowed);
    }
    if !line.may_ring(moment.now) {
        return Ok(CodeCall::Closed(drive::next_ringing(line, moment.now)));
    }
    for (most, within) in MOST {
        if tx.placed_since(to, STORED, moment.now - within)? >= most {
            return Ok(CodeCall::TooMany);
        }
    }
    let purpose = Purpose::Code { code: Some(code), language };
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
    let line = moment.context.line(placed.line.e164()).ok_or(Failure::UnknownLine)?;
    let call = tx.open_call(&NewCall {
        sid: webhook.call_sid.clone(),
        parent_sid: None,
        direction: Direction::Placed,
        role: Role::Neighbour,
        line: line.number.clone(),
        caller: Caller::Known(placed.phone.clone()),
        participant: None,
        attempt: None,
        now: moment.now,
    })?;
    let flows = moment.context.flows.current();
    let mut vars: Vars = common(tx, line, moment.now)?;
    for (at, digit) in code.as_str().chars().enumerate() {
        vars.insert(format!("digit_{}", at + 1), text(&digit.to_string()));
    }
    let (position, turn) = flows.start(FLOW, language, vars)?;
    Leg::begin(moment, tx, call, position, flows)?.answer(turn, webhook.fingerprint)
}

/// The call is over: nobody needs the code any more.
pub(super) fn over(tx: &mut Tx<'_>, placed: &Placed, language: Language) -> Result<(), Failure> {
    let purpose = Purpose::Code { code: None, language };
    Ok(tx.placed_is_for(placed.id, &purpose.write())?)
}
