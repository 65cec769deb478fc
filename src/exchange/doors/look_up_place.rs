//! `look-up-place {digits}`: is there such a place, is it in this line's area, and what is it called?

use super::{Door, returned, text_param};
use crate::domain::Postcode;
use crate::exchange::Failure;
use crate::exchange::leg::Leg;
use crate::exchange::session::{coordinator_first, text};
use crate::flow::{Value, Vars};

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let postcode = text_param(params, "digits").and_then(|digits| Postcode::parse(digits).ok());
    let place = match postcode {
        Some(postcode) => leg.tx.place(postcode)?,
        None => None,
    };
    Ok(match (postcode, place) {
        (Some(postcode), Some(place)) => {
            let coordinator = coordinator_first(leg.tx, leg.line, postcode)?;
            returned([
                ("found", Value::Bool(true)),
                ("served", Value::Bool(leg.line.area.contains(&postcode))),
                ("name", text(place.spoken())),
                ("coordinator", Value::Bool(coordinator)),
            ])
        }
        _ => returned([("found", Value::Bool(false)), ("served", Value::Bool(false))]),
    })
}
