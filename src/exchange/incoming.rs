//! A line is dialled: the first webhook of a call.

use crate::carrier::webhook::Webhook;
use crate::domain::{Caller, Line};
use crate::exchange::leg::Leg;
use crate::exchange::session::CallerSession;
use crate::exchange::{Exchange, Failure, Moment, background, steps};
use crate::store::{Direction, NewCall, Participant, Role, Tx};

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
                    None => steps::nothing()?,
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
    let caller = served_as(moment, webhook.from.clone());
    let participant = match caller.phone() {
        Some(phone) => tx.participant_by_phone(phone)?,
        None => None,
    };
    let area = area_of(tx, line, participant.as_ref())?;
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
    let (can_call_back, searching) = match call.caller.phone() {
        Some(phone) => (
            background::may_call_back(moment, phone),
            tx.search_for(&line.number, phone)?.is_some(),
        ),
        None => (false, false),
    };
    let session = CallerSession {
        line,
        now: moment.now,
        known: area.is_some(),
        area,
        withheld: call.caller == Caller::Withheld,
        can_call_back,
        searching,
    };
    let flows = moment.context.flows.current();
    let language = line.languages.first().copied().unwrap_or_default();
    let vars = session.vars(tx)?;
    let (position, turn) = flows.start(CALLER_FLOW, language, vars)?;
    Leg::begin(moment, tx, call, position, flows)?.answer(turn, webhook.fingerprint)
}

/// A call from one of our own lines or from a desk is served like one that shows no number.
fn served_as(moment: &Moment, from: Caller) -> Caller {
    match from {
        Caller::Known(phone) if moment.context.is_ours(&phone) => Caller::Withheld,
        other => other,
    }
}

/// A known participant's place, in words, when this line serves it.
fn area_of(
    tx: &mut Tx<'_>,
    line: &Line,
    participant: Option<&Participant>,
) -> Result<Option<String>, Failure> {
    let Some(postcode) = participant.and_then(|p| p.postcode) else { return Ok(None) };
    if !line.area.contains(&postcode) {
        return Ok(None);
    }
    Ok(tx.place(postcode)?.map(|place| place.spoken().to_owned()))
}
