//! `answer-question {is}`: whether a question that was filled in on the web, with the number of
//! whoever is on this leg, is theirs.

use super::{Door, returned, text_param};
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, questions};
use crate::flow::Vars;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let question = leg.standing.question.ok_or(Failure::UnknownLeg)?;
    match text_param(params, "is").unwrap_or_default() {
        "yes" => Ok(Door::Returned(questions::is_theirs(leg, question)?)),
        "no" => {
            leg.tx.question_not_theirs(question, leg.moment.now)?;
            Ok(returned([("result", text("noted"))]))
        }
        word => Err(Failure::NoSuchDoor(format!("answer-question with is='{word}'"))),
    }
}
