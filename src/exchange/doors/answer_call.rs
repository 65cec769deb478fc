//! `answer-call {is}`: what a caller answers who is called back.

use super::{Door, returned, text_param};
use crate::dispatch::{CallerAnswer, Input};
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_day, text};
use crate::exchange::{Failure, drive};
use crate::flow::Vars;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let word = text_param(params, "is").unwrap_or_default();
    let answer = answer_called(word)
        .ok_or_else(|| Failure::NoSuchDoor(format!("answer-call with is='{word}'")))?;
    let ring = leg.standing.callback.ok_or(Failure::UnknownLeg)?;
    let row = leg.tx.callback(ring)?.ok_or(Failure::UnknownLeg)?;
    let said = Input::CallerAnswered { ring, answer };
    let wanted = drive::feed(leg.moment, leg.tx, row.request, said)?;
    leg.joined = leg.present && wanted.join_caller == Some(ring);
    let result = match answer {
        CallerAnswer::Yes if leg.joined => "connect",
        CallerAnswer::Yes => "gone",
        CallerAnswer::No | CallerAnswer::Desk => "noted",
    };
    let day = desk_day(leg.tx, leg.line, leg.moment.now, leg.standing.position.language())?;
    Ok(returned([("result", text(result)), ("day", text(&day))]))
}

fn answer_called(word: &str) -> Option<CallerAnswer> {
    Some(match word {
        "yes" => CallerAnswer::Yes,
        "no" => CallerAnswer::No,
        "desk" => CallerAnswer::Desk,
        _ => return None,
    })
}
