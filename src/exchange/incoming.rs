//! A line is dialled: the first webhook of a call.

use crate::carrier::webhook::Webhook;
use crate::domain::{Caller, Line};
use crate::exchange::leg::Leg;
use crate::exchange::{Exchange, Failure, Moment, participants, session, signing_up, steps};
use crate::store::{Direction, NewCall, Role, Tx};

/// The flow that a caller begins with.
const CALLER_FLOW: &str = "caller";

impl Exchange {
    /// Somebody dials a line: greets them and asks the first question.
    ///
    /// # Errors
    /// [`Failure::UnknownLine`] when `To` is none of the lines; others as they come. Nothing was
    /// changed then.
    pub async fn incoming(&self, webhook: Webhook) -> Result<String, Failure> {
        self.one_webhook(move |moment, tx| {
            if let Some(call) = tx.call_by_sid(&webhook.call_sid)? {
                return Ok(match tx.answer_given(call.id, 0)? {
                    Some(given) => given.answer,
                    None => steps::hang_up()?,
                });
            }
            let line = moment.context.line(&webhook.to).ok_or(Failure::UnknownLine)?;
            begin(moment, tx, line, &webhook)
        })
        .await
    }
}

fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let caller = served_as(moment, webhook.caller(moment.context.numbering));
    let participant = match caller.phone() {
        Some(phone) => tx.participant_by_phone(phone)?,
        None => None,
    };
    let call = tx.open_call(&NewCall {
        sid: webhook.call_sid.clone(),
        parent_sid: None,
        direction: Direction::Incoming,
        role: Role::Caller,
        line: line.number.clone(),
        participant: participant.as_ref().map(|p| p.id),
        attempt: None,
        now: moment.now,
        caller,
    })?;
    if let Some(who) = participant.as_ref().filter(|who| who.takes_part()) {
        tx.heard_from(who.id, moment.now)?;
    }
    let flows = moment.context.flows.current();
    let language = line.languages.first().copied().unwrap_or_default();
    let own = participants::first_words(tx, line, participant.as_ref(), moment.now)?;
    let has_own = flows.names().any(|name| name == participants::FLOW);
    let (flow, vars) = match own.filter(|_| has_own) {
        Some(vars) => (participants::FLOW, vars),
        None => match signing_up::first_words(moment, tx, line, &call, &flows)? {
            Some(vars) => (signing_up::FLOW, vars),
            None => (CALLER_FLOW, session::of_caller(moment, tx, line, &call)?.vars(tx)?),
        },
    };
    let (position, turn) = flows.start(flow, language, vars)?;
    Leg::begin(moment, tx, call, position, flows)?.answer(turn, webhook.fingerprint)
}

/// A call from one of our own lines or from a desk is served like one that shows no number.
pub(super) fn served_as(moment: &Moment, from: Caller) -> Caller {
    match from {
        Caller::Known(phone) if moment.context.is_ours(&phone) => Caller::Withheld,
        other => other,
    }
}
