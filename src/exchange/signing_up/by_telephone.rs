//! Signing up with keys, on a call to the line.
//!
//! Whoever hung up half-way goes on the same day: where they were stands with the call that they left,
//! and goes with it.

use std::time::Duration;

use super::{From, NewcomerForm, NotSignedUp, may_ring_from, sign_up};
use crate::domain::hours::day_in_words;
use crate::domain::week_plan::Usual;
use crate::domain::{Channel, Line, Phone, Postcode, Timestamp};
use crate::exchange::background::may_call_back;
use crate::exchange::leg::Leg;
use crate::exchange::session::common;
use crate::exchange::standing::{Choices, Standing};
use crate::exchange::{Failure, Moment, participants};
use crate::flow::{Flows, Position, Value, Vars};
use crate::store::{Call, Tx};

/// The flow.
pub(in crate::exchange) const FLOW: &str = "signup";
/// What a stored standing has in it of somebody who is half-way.
const HALF_WAY: &str = "\"signing_up\":{";
/// What is so near is said to be in a minute.
const SOON: Duration = Duration::from_secs(2 * 60);

/// What somebody is told who signed up.
pub(in crate::exchange) enum Told {
    /// They are rung in a minute.
    Soon,
    /// They are rung on this day, in words.
    Later(String),
    /// They chose nothing.
    Nothing,
    /// One number after the other was keyed in today.
    TooMany,
    /// It cannot be done here.
    Refused,
}

/// What the flow begins with; `None` for whoever takes part already.
pub(in crate::exchange) fn vars(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    call: &Call,
    flows: &Flows,
) -> Result<Option<Vars>, Failure> {
    if participants::who_takes_part(tx, call)?.is_some() {
        return Ok(None);
    }
    let waits = match call.participant {
        Some(id) => tx.sign_up_of(id)?.is_some(),
        None => false,
    };
    let half_way = !waits && left_off(moment, tx, call, flows)?.is_some();
    let reached = call.caller.phone().is_some_and(|phone| may_call_back(moment, phone));
    let mut vars = common(tx, line, moment.now)?;
    for (name, holds) in [("waits", waits), ("half_way", half_way), ("can_call_back", reached)] {
        vars.insert(name.into(), Value::Bool(holds));
    }
    for service in &line.services {
        vars.insert(format!("offers.{service}"), Value::Bool(true));
    }
    Ok(Some(vars))
}

/// What the call of somebody begins with who was rung about their sign-up and did not say yet that
/// it was them; `None`: as everybody else's.
pub(in crate::exchange) fn first_words(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    call: &Call,
    flows: &Flows,
) -> Result<Option<Vars>, Failure> {
    let Some(id) = call.participant else { return Ok(None) };
    let rung = tx.sign_up_of(id)?.is_some_and(|sign_up| sign_up.tries > 0);
    if !rung || !flows.names().any(|name| name == FLOW) {
        return Ok(None);
    }
    let mut vars = vars(moment, tx, line, call, flows)?;
    if let Some(vars) = &mut vars {
        vars.insert("first_words".into(), Value::Bool(true));
    }
    Ok(vars)
}

/// Where this caller hung up today, on this line, and what they had chosen by then.
pub(in crate::exchange) fn left_off(
    moment: &Moment,
    tx: &mut Tx<'_>,
    call: &Call,
    flows: &Flows,
) -> Result<Option<(Position, Choices)>, Failure> {
    if call.caller.phone().is_none() {
        return Ok(None);
    }
    let left = tx.left_off(&call.line, &call.caller, HALF_WAY, moment.now.start_of_day())?;
    let Some(standing) = left.as_deref().and_then(Standing::read) else { return Ok(None) };
    // Another version of the flows asks other questions.
    let same = standing.position.version() == flows.version();
    Ok(standing.signing_up.filter(|_| same).map(|choices| (standing.position, choices)))
}

/// Everything was told.
pub(in crate::exchange) fn by_telephone(
    leg: &mut Leg<'_, '_, '_>,
    postcode: Postcode,
    when: &str,
    number: Option<&str>,
    adult: bool,
) -> Result<Told, Failure> {
    let caller = leg.call.caller.clone();
    let (phone, from) = match number {
        Some(digits) => {
            let keyed = Phone::parse(digits, leg.moment.context.numbering).ok();
            (keyed, From::AnotherTelephone(&caller))
        }
        None => (caller.phone().cloned(), From::OwnTelephone),
    };
    let (Some(phone), Some(usual)) = (phone, Usual::parse(when)) else { return Ok(Told::Refused) };
    let choices = leg.standing.signing_up.clone().unwrap_or_default();
    let language = leg.standing.position.language();
    let form = NewcomerForm {
        line: leg.line.number.clone(),
        phone,
        name: None,
        postcode,
        does: choices.does.into_iter().collect(),
        would_like: choices.asks.into_iter().collect(),
        hours: usual.plan().hours(),
        languages: vec![language],
        language,
        channel: Channel::Phone,
        text_version: format!("signup {}", leg.flows.version()),
        adult,
        proof: Some(leg.call.sid.clone()),
    };
    let done = match sign_up(leg.moment, leg.tx, &form, from)? {
        Ok(done) => done,
        Err(NotSignedUp::Nothing) => return Ok(Told::Nothing),
        Err(NotSignedUp::TooMany) => return Ok(Told::TooMany),
        Err(_) => return Ok(Told::Refused),
    };
    leg.standing.signing_up = None;
    leg.tx.nothing_left_off(&leg.call.caller, HALF_WAY)?;
    Ok(told(leg, done.told.rings_from))
}

/// Somebody calls from the number that they signed up with: they are rung as soon as they hung up.
pub(in crate::exchange) fn ring_me(leg: &mut Leg<'_, '_, '_>) -> Result<Told, Failure> {
    let Some(who) = leg.call.participant.filter(|_| leg.present) else { return Ok(Told::Refused) };
    let at = may_ring_from(leg.line, leg.moment.now + super::HUNG_UP);
    if !leg.tx.sign_up_rings_once_more(who, at)? {
        return Ok(Told::Refused);
    }
    if let Some(at) = at {
        leg.moment.due(at);
    }
    Ok(told(leg, at))
}

/// Whether whoever calls may be asked to take part; they are asked once, ever.
pub(in crate::exchange) fn may_ask(leg: &mut Leg<'_, '_, '_>) -> Result<bool, Failure> {
    let Some(phone) = leg.call.caller.phone().cloned() else { return Ok(false) };
    if !may_call_back(leg.moment, &phone) || leg.tx.stopped_at(&phone)?.is_some() {
        return Ok(false);
    }
    if let Some(known) = leg.tx.participant_by_phone(&phone)?
        && (known.takes_part() || leg.tx.sign_up_of(known.id)?.is_some())
    {
        return Ok(false);
    }
    Ok(leg.tx.ask_to_join_once(&phone, leg.moment.now)?)
}

fn told(leg: &Leg<'_, '_, '_>, rings_from: Option<Timestamp>) -> Told {
    let now = leg.moment.now;
    match rings_from {
        Some(at) if at <= now + SOON => Told::Soon,
        Some(at) => Told::Later(day_in_words(now, at, leg.standing.position.language())),
        None => Told::Refused,
    }
}
