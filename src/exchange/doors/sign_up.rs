//! `sign-up-choice {service, for, likes}`, `sign-up-go-on`, `sign-up {when, postcode, adult, number}`,
//! `sign-up-ring-me` and `ask-to-join`: how somebody comes to take part by telephone.

use super::{Door, bool_param, returned, text_param};
use crate::domain::{Postcode, ServiceId};
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, signing_up};
use crate::flow::{Value, Vars};

/// One answer: whether they like to do, or to ask, this.
pub(super) fn choice(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let odd = |what: &str| Failure::NoSuchDoor(format!("sign-up-choice with {what}"));
    let service = ServiceId::parse(text_param(params, "service").unwrap_or_default());
    let service = service.map_err(|_| odd("no service"))?;
    let choices = leg.standing.signing_up.get_or_insert_default();
    let chosen = match text_param(params, "for") {
        Some("do") => &mut choices.does,
        Some("ask") => &mut choices.asks,
        _ => return Err(odd("neither for='do' nor for='ask'")),
    };
    if bool_param(params, "likes") {
        chosen.insert(service);
    } else {
        chosen.remove(&service);
    }
    Ok(returned([]))
}

/// The question at which they hung up today; returns where there is none.
pub(super) fn go_on(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    let left = signing_up::left_off(leg.moment, leg.tx, &leg.call, &leg.flows)?;
    let Some((position, choices)) = left else { return Ok(returned([])) };
    leg.standing.signing_up = Some(choices);
    Ok(Door::GoesOn(Box::new(position)))
}

/// Everything was told: they are rung.
pub(super) fn done(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let postcode = text_param(params, "postcode").and_then(|pc| Postcode::parse(pc).ok());
    let told = match postcode.filter(|_| leg.present) {
        Some(postcode) => signing_up::by_telephone(
            leg,
            postcode,
            text_param(params, "when").unwrap_or_default(),
            text_param(params, "number"),
            bool_param(params, "adult"),
        )?,
        None => signing_up::Told::Refused,
    };
    Ok(in_words(&told))
}

/// Somebody who waits for their call would like it now.
pub(super) fn ring_me(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    Ok(in_words(&signing_up::ring_me(leg)?))
}

/// Whether whoever calls may be asked, once ever, to take part themselves. It counts as asked.
pub(super) fn may_ask(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    Ok(returned([("ask", Value::Bool(leg.present && signing_up::may_ask(leg)?))]))
}

fn in_words(told: &signing_up::Told) -> Door {
    let (word, day) = match told {
        signing_up::Told::Soon => ("soon", ""),
        signing_up::Told::Later(day) => ("later", day.as_str()),
        signing_up::Told::Nothing => ("nothing", ""),
        signing_up::Told::TooMany => ("too-many", ""),
        signing_up::Told::Refused => ("refused", ""),
    };
    returned([("result", text(word)), ("day", text(day))])
}
