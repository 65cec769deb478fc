//! `my-search {do}`: somebody for whom a search goes on calls: `keep` it, or `stop` it. There may be
//! several, for different things: the flow speaks of them as one.

use super::{Door, returned, text_param};
use crate::dispatch::Input;
use crate::exchange::background::{self, Begun};
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::exchange::{Failure, drive};
use crate::flow::Vars;

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let (moment, line) = (leg.moment, leg.line);
    let found = match leg.call.caller.phone() {
        Some(phone) => leg.tx.searches_for(&line.number, phone)?,
        None => Vec::new(),
    };
    let Some(newest) = found.first() else { return Ok(returned([("moment", text(""))])) };
    if text_param(params, "do") == Some("stop") {
        for request in &found {
            drive::feed(moment, leg.tx, *request, Input::CallerStopped)?;
        }
    }
    let then = match background::told_by(moment, leg.tx, line, *newest)? {
        Begun::Until(then) | Begun::Promised(then) => then,
        Begun::NumberRefused | Begun::TooLate => moment.now,
    };
    let language = leg.standing.position.language();
    let moment = background::at_the_latest(moment.now, then, language);
    Ok(returned([("moment", text(&moment))]))
}
