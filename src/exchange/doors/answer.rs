//! `answer {is}`: what a screened neighbour, or somebody at the desk, answers.

use super::{Door, returned, text_param};
use crate::dispatch::{Answer, Input};
use crate::domain::ParticipantId;
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_day, desk_due, text};
use crate::exchange::{Failure, drive};
use crate::flow::Vars;
use crate::store::{NewPromise, PromiseKind};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let word = text_param(params, "is").unwrap_or_default();
    let answer = answer_called(word)
        .ok_or_else(|| Failure::NoSuchDoor(format!("answer with is='{word}'")))?;
    let attempt = leg.call.attempt.ok_or(Failure::UnknownLeg)?;
    let row = leg.tx.attempt(attempt)?.ok_or(Failure::UnknownLeg)?;
    if let Some(participant) = row.participant {
        keep_word(leg, participant, answer)?;
    }
    let said = Input::Answered { attempt, answer };
    let wanted = drive::feed(leg.moment, leg.tx, row.request, said)?;
    let first = wanted.connect == Some(attempt);
    let ring = first && wanted.in_background;
    leg.joined = first && !ring;
    let result = match answer {
        // Where nobody waits on the line, the caller is rung first.
        Answer::Yes if ring => "ring",
        Answer::Yes if leg.joined => "connect",
        Answer::Yes => "gone",
        _ => "noted",
    };
    let day = desk_day(leg.tx, leg.line, leg.moment.now, leg.standing.position.language())?;
    Ok(returned([("result", text(result)), ("day", text(&day))]))
}

fn answer_called(word: &str) -> Option<Answer> {
    Some(match word {
        "yes" => Answer::Yes,
        "not-now" => Answer::NotNow,
        "not-today" => Answer::NotToday,
        "stop-asked" => Answer::StopAsked,
        "stop" => Answer::Stop,
        "pause" => Answer::Pause,
        "desk" => Answer::Desk,
        "wrong-key" => Answer::WrongKey,
        "silence" => Answer::Silence,
        "again" => Answer::Again,
        _ => return None,
    })
}

/// Keeps the exchange's side of the answer, whatever becomes of the search: a stop is a stop (R9).
fn keep_word(
    leg: &mut Leg<'_, '_, '_>,
    participant: ParticipantId,
    answer: Answer,
) -> Result<(), Failure> {
    let now = leg.moment.now;
    match answer {
        Answer::Stop => leg.tx.withdraw_consent(participant, "phone", now)?,
        Answer::Desk => {
            let due_at = desk_due(leg.tx, leg.line, now)?;
            leg.tx.add_promise(&NewPromise {
                kind: PromiseKind::RingNeighbourBack,
                line: leg.line.number.clone(),
                request: None,
                message: None,
                participant: Some(participant),
                due_at,
                now,
            })?;
        }
        other => {
            if let Some(pause) = crate::dispatch::rest::pause_after_answer(other, now) {
                leg.tx.pause(participant, pause)?;
            }
        }
    }
    Ok(())
}
