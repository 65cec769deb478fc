//! `flow {name, at}`: the call goes on in another flow, from its beginning.
//!
//! Whoever takes part has a menu of their own, and whoever has no menu of their own hears nothing
//! about it: the door then returns as if there were no such flow. So does the way to sign up for
//! whoever takes part already.

use super::{Door, returned, text_param};
use crate::exchange::leg::Leg;
use crate::exchange::session::{self, text};
use crate::exchange::{Failure, participants, signing_up};
use crate::flow::{Value, Vars};

/// Where somebody comes from who was asked to take part after a conversation.
const AFTER_TALK: &str = "after-talk";

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let name = text_param(params, "name").unwrap_or_default();
    let there_is_one = leg.present && leg.flows.names().any(|known| known == name);
    let vars = match name {
        _ if !there_is_one => None,
        participants::FLOW => participants::menu_vars(leg)?,
        signing_up::FLOW => {
            let vars = signing_up::vars(leg.moment, leg.tx, leg.line, &leg.call, &leg.flows)?;
            vars.map(|mut vars| {
                let after_talk = text_param(params, "at") == Some(AFTER_TALK);
                vars.insert("after_talk".into(), Value::Bool(after_talk));
                vars
            })
        }
        "caller" => {
            let session = session::of_caller(leg.moment, leg.tx, leg.line, &leg.call)?;
            let mut vars = session.vars(leg.tx)?;
            if let Some(at) = text_param(params, "at") {
                vars.insert("straight_to".into(), text(at));
            }
            Some(vars)
        }
        _ => None,
    };
    Ok(match vars {
        Some(vars) => Door::Flow { name: name.to_owned(), vars },
        None => returned([("result", text("none"))]),
    })
}
