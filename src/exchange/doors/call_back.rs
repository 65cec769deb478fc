//! `call-back {number}`: the search goes on without the caller, who is called back: on the number
//! they call from or, if one is given, on that.

use std::time::Duration;

use super::{Door, returned, text_param};
use crate::domain::{Phone, RequestId};
use crate::exchange::Failure;
use crate::exchange::background::{self, Begun};
use crate::exchange::leg::Leg;
use crate::exchange::session::{desk_day, text};
use crate::flow::{Value, Vars};

/// One number is asked at most so often in a day whether it is the right one: it may be somebody's
/// who knows nothing of it.
const MOST_CONFIRMATIONS: u32 = 2;
const A_DAY: Duration = Duration::from_secs(24 * 3600);

pub(super) fn open(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Door, Failure> {
    let Some((request, phone)) = wish(leg, params)? else { return Ok(refused()) };
    let keyed = text_param(params, "number").is_some();
    let confirm = keyed && leg.call.caller.phone() != Some(&phone);
    let (moment, line) = (leg.moment, leg.line);
    if confirm {
        let asked = leg.tx.confirmations_since(&phone, moment.now - A_DAY)?;
        if asked >= MOST_CONFIRMATIONS {
            return Ok(refused());
        }
    }
    let row = leg.tx.request(request)?.ok_or(Failure::UnknownLeg)?;
    let begun = background::go_on(moment, leg.tx, line, &row, &phone, confirm)?;
    let language = leg.standing.position.language();
    match begun {
        Begun::Until(then) => {
            // From here on it is no longer this call that the search waits for.
            leg.standing.search = None;
            leg.standing.background = Some(request);
            leg.standing.callback = None;
            let moment = background::at_the_latest(moment.now, then, language);
            Ok(returned([
                ("result", text("promised")),
                ("confirm", Value::Bool(confirm)),
                ("moment", text(&moment)),
            ]))
        }
        Begun::Promised(_) => {
            let day = desk_day(leg.tx, line, moment.now, language)?;
            Ok(returned([("result", text("desk")), ("day", text(&day))]))
        }
        Begun::NumberRefused | Begun::TooLate => Ok(refused()),
    }
}

/// Which search, and which number.
fn wish(leg: &mut Leg<'_, '_, '_>, params: &Vars) -> Result<Option<(RequestId, Phone)>, Failure> {
    let Some(request) = leg.standing.search.filter(|_| leg.present) else { return Ok(None) };
    let phone = match text_param(params, "number") {
        Some(digits) => Phone::parse(digits, leg.moment.context.numbering).ok(),
        // Whoever was called back, or had the desk write a number down, is called there again.
        None => {
            let known = leg.tx.request(request)?.and_then(|row| row.call_back);
            known.or_else(|| leg.call.caller.phone().cloned())
        }
    };
    let phone = phone.filter(|phone| background::may_call_back(leg.moment, phone));
    Ok(phone.map(|phone| (request, phone)))
}

fn refused() -> Door {
    returned([("result", text("refused"))])
}
