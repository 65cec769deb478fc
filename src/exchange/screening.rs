//! A rung telephone is picked up: what its owner hears before anybody is joined.

use crate::carrier::webhook::Webhook;
use crate::dispatch::Input;
use crate::domain::{AttemptId, Caller, Language, Line};
use crate::exchange::leg::{Leg, Opening};
use crate::exchange::session::{moment_of, text};
use crate::exchange::standing::Standing;
use crate::exchange::{Exchange, Failure, Moment, drive, note, steps};
use crate::flow::{Flows, Value, Vars};
use crate::store::{Attempt, Call, Direction, NewCall, Request, RequestKind, Role, Tx};

/// The flows that a screened neighbour and somebody at the desk begin with.
const NEIGHBOUR_FLOW: &str = "neighbour";
const DESK_FLOW: &str = "desk";

impl Exchange {
    /// The telephone of this attempt was picked up, by a person or by a voicemail box.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then. The answer must then be a hang-up: an empty one
    /// would join a stranger with the caller.
    pub async fn screening(&self, attempt: AttemptId, webhook: Webhook) -> Result<String, Failure> {
        self.one_webhook(move |moment, tx| {
            let attempt = tx.attempt(attempt)?.ok_or(Failure::UnknownLeg)?;
            let request = tx.request(attempt.request)?.ok_or(Failure::UnknownLeg)?;
            let caller = asked_on(tx, &request)?.ok_or(Failure::UnknownLeg)?;
            if webhook.parent_sid.as_ref().is_some_and(|parent| *parent != caller.sid) {
                return Err(Failure::UnknownLeg);
            }
            if let Some(leg) = tx.call_by_sid(&webhook.call_sid)? {
                return match tx.answer_given(leg.id, 0)? {
                    Some(given) if leg.attempt == Some(attempt.id) => Ok(given.answer),
                    _ => steps::hang_up(),
                };
            }
            // The telephone that we had rung is known already: this is another.
            if attempt.sid.as_ref().is_some_and(|sid| *sid != webhook.call_sid) {
                return Err(Failure::UnknownLeg);
            }
            let solved = attempt.ended_at.is_some() || caller.ended_at.is_some();
            let caller = Some(caller);
            begin(moment, tx, &Rung { attempt, request, caller, solved, placed: false }, &webhook)
        })
        .await
    }
}

/// A candidate whom the exchange rang itself picked up.
///
/// # Errors
/// [`Failure`]; nothing was changed then.
pub(super) fn placed(
    moment: &Moment,
    tx: &mut Tx<'_>,
    attempt: AttemptId,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let attempt = tx.attempt(attempt)?.ok_or(Failure::UnknownLeg)?;
    let request = tx.request(attempt.request)?.ok_or(Failure::UnknownLeg)?;
    let caller = asked_on(tx, &request)?;
    // Nobody waits on the line: whether it is solved is known from the attempt alone.
    let solved = attempt.ended_at.is_some() || attempt.result.is_some();
    begin(moment, tx, &Rung { attempt, request, caller, solved, placed: true }, webhook)
}

/// A rung telephone that was picked up.
struct Rung {
    attempt: Attempt,
    request: Request,
    /// The leg on which the question was asked, if it was asked on one.
    caller: Option<Call>,
    /// Nobody is needed any more.
    solved: bool,
    /// The exchange rang it itself; else the caller's leg did.
    placed: bool,
}

fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    rung: &Rung,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let Rung { attempt, request, caller, solved, placed } = rung;
    let line = moment.context.line(request.line.e164()).ok_or(Failure::UnknownLine)?;
    let desk = request.kind == RequestKind::Desk;
    tx.attempt_sid(attempt.id, &webhook.call_sid)?;
    drive::feed(moment, tx, request.id, Input::PickedUp(attempt.id))?;
    tx.attempt_picked_up(attempt.id, moment.now)?;
    let call = NewCall {
        sid: webhook.call_sid.clone(),
        parent_sid: caller.as_ref().filter(|_| !placed).map(|caller| caller.sid.clone()),
        direction: if *placed { Direction::Placed } else { Direction::Dialled },
        role: if desk { Role::Desk } else { Role::Neighbour },
        line: line.number.clone(),
        caller: Caller::Known(attempt.phone.clone()),
        participant: attempt.participant,
        attempt: Some(attempt.id),
        now: moment.now,
    };
    // The caller's flows also screen: one call, one version of the texts.
    let flows = flows_of(moment, tx, caller.as_ref())?;
    let language = listener_language(line, attempt, request);
    let mut vars = vars(moment, tx, &flows, request, language, *solved)?;
    vars.insert("caller_waits".into(), Value::Bool(!placed));
    let flow = if desk { DESK_FLOW } else { NEIGHBOUR_FLOW };
    let (leg, turn) = Leg::open(moment, tx, flows, Opening { call, flow, language, vars })?;
    leg.answer(turn, webhook.fingerprint)
}

/// The leg on which a question was asked.
fn asked_on(tx: &mut Tx<'_>, request: &Request) -> Result<Option<Call>, Failure> {
    Ok(request.call.map(|call| tx.call(call)).transpose()?.flatten())
}

/// The flows that a leg is on; without one, those of today.
pub(super) fn flows_of(
    moment: &Moment,
    tx: &mut Tx<'_>,
    leg: Option<&Call>,
) -> Result<std::sync::Arc<Flows>, Failure> {
    match leg.and_then(|leg| leg.position.as_deref()).and_then(Standing::flows_of) {
        Some(version) => moment.context.flows.of(&version, tx),
        None => Ok(moment.context.flows.current()),
    }
}

/// Neighbours hear their own language; the desk hears the line's first.
fn listener_language(line: &Line, attempt: &Attempt, request: &Request) -> Language {
    let first = line.languages.first().copied().unwrap_or_default();
    match request.kind {
        RequestKind::Desk => first,
        RequestKind::Neighbour => attempt.language.unwrap_or(first),
    }
}

/// What the listener is told: a place and a task, never who or why (R8).
fn vars(
    moment: &Moment,
    tx: &mut Tx<'_>,
    flows: &Flows,
    request: &Request,
    language: Language,
    solved: bool,
) -> Result<Vars, Failure> {
    let mut vars = Vars::new();
    let place = match request.postcode {
        Some(postcode) => tx.place(postcode)?.map(|place| place.spoken().to_owned()),
        None => None,
    };
    let task = request
        .service
        .as_ref()
        .and_then(|service| flows.catalogue().service(service))
        .map(|service| service.asked(request.inside, language).to_owned());
    let note = match request.note {
        Some(note) if tx.has_note_audio(note)? => Some(note),
        _ => None,
    };
    vars.insert("area".into(), text(place.as_deref().unwrap_or_default()));
    vars.insert("task".into(), text(task.as_deref().unwrap_or_default()));
    vars.insert("solved".into(), Value::Bool(solved));
    vars.extend([moment_of(tx, request.id, moment.now, language)?]);
    vars.insert("has_note".into(), Value::Bool(note.is_some()));
    if let Some(note) = note {
        let token = note::token(&moment.context.token_key, note);
        vars.insert("note_url".into(), text(&moment.context.addresses.note(&token)));
    }
    Ok(vars)
}
