//! The doors of the flows: what `<object classid="builtin:...">` means here. One file a door.
//!
//! A door is given its parameters and returns names and values, or wants a telephone rung. The
//! list below is the whole list; `flows check` knows the same names.

mod answer;
mod answer_call;
mod answer_question;
mod ask_coordinator;
mod call_back;
mod check_number;
mod code_not_mine;
mod confirm_sign_up;
mod connect_me;
mod find_desk;
mod find_neighbour;
mod fits;
mod flow;
mod keep_note;
mod keep_waiting;
mod leave_message;
mod look_up_place;
mod my_search;
mod outcome;
mod own;
mod referral;
mod ring_back;
mod ring_caller;
mod sign_up;
mod still_there;
mod yes_after_all;

use std::time::Duration;

use crate::dispatch::Outcome;
use crate::domain::{CallbackId, Phone};
use crate::exchange::Failure;
use crate::exchange::drive::{Ring, Wanted};
use crate::exchange::leg::Leg;
use crate::exchange::session::text;
use crate::flow::{Position, Value, Vars};

/// What came of opening a door.
pub(super) enum Door {
    /// The flow goes on with these.
    Returned(Vars),
    /// The flow waits while this telephone rings.
    Rings(Ring),
    /// The flow waits while the caller's telephone rings.
    RingsCaller(CallbackId, Phone),
    /// The flow waits while this telephone rings, and then until the two have spoken.
    Dials {
        /// Whose.
        phone: Phone,
        /// For how long.
        ring: Duration,
        /// The address that is told how its leg goes.
        reports_to: String,
    },
    /// The call goes on where another one was left, in the same version of the flows.
    GoesOn(Box<Position>),
    /// The call goes on in this flow, which starts with these.
    Flow {
        /// Its name.
        name: String,
        /// What it is told.
        vars: Vars,
    },
}

/// Opens the door called `name`.
pub(super) fn open(leg: &mut Leg<'_, '_, '_>, name: &str, params: &Vars) -> Result<Door, Failure> {
    match name {
        "look-up-place" => look_up_place::open(leg, params),
        "keep-note" => keep_note::open(leg),
        "ask-coordinator" => ask_coordinator::open(leg, params),
        "find-neighbour" => find_neighbour::open(leg, params),
        "try-again" => find_neighbour::open_again(leg),
        "find-desk" => find_desk::open(leg),
        "leave-message" => leave_message::open(leg),
        "outcome" => outcome::open(leg, params),
        "answer" => answer::open(leg, params),
        "keep-waiting" => keep_waiting::open(leg),
        "check-number" => check_number::open(leg, params),
        "call-back" => call_back::open(leg, params),
        "my-search" => my_search::open(leg, params),
        "ring-caller" => ring_caller::open(leg),
        "referral" => referral::open(leg, params),
        "fits" => fits::open(leg, params),
        "answer-call" => answer_call::open(leg, params),
        "answer-question" => answer_question::open(leg, params),
        "code-not-mine" => code_not_mine::open(leg),
        "connect-me" => connect_me::open(leg),
        "ring-back" => ring_back::open(leg),
        "flow" => flow::open(leg, params),
        "own-pause" => own::pause(leg, params),
        "own-resume" => own::resume(leg),
        "own-hours" => own::hours(leg),
        "own-stop" => own::stop(leg),
        "sign-up-choice" => sign_up::choice(leg, params),
        "sign-up-go-on" => sign_up::go_on(leg),
        "sign-up" => sign_up::done(leg, params),
        "sign-up-ring-me" => sign_up::ring_me(leg),
        "ask-to-join" => sign_up::may_ask(leg),
        "confirm-sign-up" => confirm_sign_up::open(leg, params),
        "still-there" => still_there::open(leg, params),
        "yes-after-all" => yes_after_all::open(leg),
        other => Err(Failure::NoSuchDoor(other.to_owned())),
    }
}

/// What a transfer that the gate refuses returns.
pub(super) fn refused() -> Vars {
    Vars::from([("result".into(), text("refused"))])
}

/// How a search ended, in the flow's words.
pub(super) fn result_of(outcome: Option<Outcome>) -> Vars {
    let word = match outcome {
        Some(Outcome::Connected) => "connected",
        Some(Outcome::CallerLeft) => "gone",
        // A caller who chose something else has left the search by then.
        Some(Outcome::Stopped | Outcome::NotNeeded) => "settled",
        _ => "nobody",
    };
    Vars::from([("result".into(), text(word))])
}

/// A search that was begun either rings somebody or is over already.
fn rings_or_ended(wanted: Wanted) -> Door {
    match wanted.ring {
        Some(ring) => Door::Rings(ring),
        None if wanted.offer => returned([("result", text("long"))]),
        None => Door::Returned(result_of(wanted.outcome)),
    }
}

fn returned<const N: usize>(pairs: [(&str, Value); N]) -> Door {
    Door::Returned(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn text_param<'a>(params: &'a Vars, name: &str) -> Option<&'a str> {
    match params.get(name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn bool_param(params: &Vars, name: &str) -> bool {
    matches!(params.get(name), Some(Value::Bool(true)))
}
