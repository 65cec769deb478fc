//! `own-pause {for}`, `own-resume`, `own-hours`, `own-stop`: what somebody settles for themselves by
//! telephone. Their number is a hint, not a proof: nothing else is heard or changed here.

use super::{Door, returned, text_param};
use crate::dispatch::choose::Pause;
use crate::dispatch::rest::{self, PauseFor};
use crate::domain::hours::last_day_in_words;
use crate::domain::{ParticipantId, week_plan};
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, participants};
use crate::flow::Vars;

/// Through which channel a stop came.
const CHANNEL: &str = "phone";

pub(super) fn pause(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let word = text_param(params, "for").unwrap_or_default();
    let how_long = match word {
        "today" => PauseFor::Today,
        "week" => PauseFor::Week,
        "month" => PauseFor::Month,
        "until-they-call" => PauseFor::UntilTheyCall,
        _ => return Err(Failure::NoSuchDoor(format!("own-pause with for='{word}'"))),
    };
    let Some(who) = own(leg)? else { return Ok(returned([])) };
    let (now, language) = (leg.moment.now, leg.standing.position.language());
    let pause = rest::pause_for(how_long, now);
    leg.tx.pause(who, pause)?;
    leg.tx.in_touch(who, now)?;
    let day = match pause {
        Pause::Until(end) => last_day_in_words(now, end, language),
        Pause::UntilTheyCall | Pause::StopNotConfirmed => String::new(),
    };
    Ok(returned([("day", text(&day))]))
}

pub(super) fn resume(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    if let Some(who) = own(leg)? {
        leg.tx.resume(who)?;
        leg.tx.in_touch(who, leg.moment.now)?;
    }
    Ok(returned([]))
}

pub(super) fn hours(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    let Some(who) = own(leg)? else { return Ok(returned([])) };
    let Some((hours, services)) = leg.tx.hours_and_services(who)? else { return Ok(returned([])) };
    let language = leg.standing.position.language();
    let names: Vec<&str> = services
        .iter()
        .filter_map(|id| leg.flows.catalogue().service(id))
        .map(|service| service.name(language))
        .collect();
    Ok(returned([
        ("times", text(&week_plan::in_words(&hours, language))),
        ("services", text(&week_plan::list(&names, language))),
    ]))
}

pub(super) fn stop(leg: &mut Leg<'_, '_, '_>) -> Result<Door, Failure> {
    if let Some(who) = own(leg)? {
        leg.tx.withdraw_consent(who, CHANNEL, leg.moment.now)?;
    }
    Ok(returned([]))
}

/// Whoever calls, if they take part still.
fn own(leg: &mut Leg<'_, '_, '_>) -> Result<Option<ParticipantId>, Failure> {
    if !leg.present {
        return Ok(None);
    }
    Ok(participants::who_takes_part(leg.tx, &leg.call)?.map(|participant| participant.id))
}
