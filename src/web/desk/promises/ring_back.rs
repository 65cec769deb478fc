//! Calling back with one button, and what came of it the last time.

use axum::extract::{Path, State};

use super::super::fault::Answer;
use super::super::say::when;
use super::super::signed_in::{Fields, SignedIn};
use super::{back, one, theirs};
use crate::domain::{Language, Phone, Timestamp};
use crate::exchange::Ordered;
use crate::store::{CalledBack, LastCallBack, PromiseSeen};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

/// A telephone that can ring.
pub(super) struct Seat {
    pub(super) phone: Phone,
    /// It stands with whoever asks.
    pub(super) own: bool,
}

/// The telephone of whoever asks, and those of the desk of the promise's line.
pub(super) fn seats(app: &App, seen: &PromiseSeen, own: Option<Phone>) -> Vec<Seat> {
    let line = app.exchange.context().line(seen.line.e164());
    let desk = line.map(|line| line.desk.as_slice()).unwrap_or_default();
    let others = desk.iter().filter(|phone| own.as_ref() != Some(phone)).cloned();
    let others: Vec<Seat> = others.map(|phone| Seat { phone, own: false }).collect();
    own.map(|phone| Seat { phone, own: true }).into_iter().chain(others).collect()
}

/// Calls back: the chosen telephone rings first, that of whoever asks when none is chosen; then
/// whoever was promised it.
pub(in crate::web::desk) async fn call_back(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let seen = theirs(&app, &you, id).await?;
    let (by, page) = (you.operator.id, back(&seen));
    let own = app.exchange.store().read(move |tx| tx.seat(by)).await?;
    let is_chosen = |seat: &Seat| match form.filled("toestel") {
        Some(number) => seat.phone.e164() == number,
        None => seat.own,
    };
    let Some(seat) = seats(&app, &seen, own).into_iter().find(is_chosen) else {
        let wrong = Wrong::only(
            you.language,
            "toestel",
            "Kies een telefoon van het loket, of zeg op \"Nu bezig\" welke bij u staat.",
            "Choose a desk telephone, or say at \"Now\" which one stands with you.",
        );
        let typed = Typed::refused("terugbellen", form, wrong);
        return one(&app, &you, id, None, typed).await;
    };
    Ok(match app.exchange.call_back(id, by, seat.phone).await? {
        Ordered::Done if seat.own => you.done(
            &page,
            you.say(
                "Uw toestel gaat over. Neem op en toets 1; dan bellen wij.",
                "Your telephone rings. Pick up and press 1; then we ring.",
            ),
        ),
        Ordered::Done => you.done(
            &page,
            you.say(
                "De telefoon van het loket gaat over. Neem op en toets 1; dan bellen wij.",
                "The desk telephone rings. Pick up and press 1; then we ring.",
            ),
        ),
        Ordered::TooLate(why) => you.warned(&page, why.in_words(you.language)),
    })
}

/// Breaks off the call back that goes on.
pub(in crate::web::desk) async fn break_off(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let page = back(&theirs(&app, &you, id).await?);
    Ok(match app.exchange.break_off(id, you.operator.id).await? {
        Ordered::Done => {
            you.done(&page, you.say("Het bellen is afgebroken.", "Calling back was broken off."))
        }
        Ordered::TooLate(why) => you.warned(&page, why.in_words(you.language)),
    })
}

/// What came of the last call back, in a sentence.
pub(super) fn last_time(last: &LastCallBack, now: Timestamp, language: Language) -> String {
    let (by, at) = (&last.by, when(now, last.begun_at, language));
    let Some(result) = last.result else {
        return match language {
            Language::Nl => format!("{by} belt nu terug, sinds {at}."),
            Language::En => format!("{by} is calling back, since {at}."),
        };
    };
    let (nl, en) = match result {
        CalledBack::Spoken => ("gesproken", "spoken"),
        CalledBack::Short => {
            ("een kort gesprek, of een antwoordapparaat", "a short call, or a voicemail box")
        }
        CalledBack::Busy => ("in gesprek", "engaged"),
        CalledBack::NoAnswer => ("niet opgenomen", "no answer"),
        CalledBack::NotReached => ("nummer niet bereikbaar", "number not reached"),
        CalledBack::Left => ("afgebroken", "broken off"),
        CalledBack::NotTaken => {
            ("aan het loket werd niet op 1 gedrukt", "nobody at the desk pressed 1")
        }
        CalledBack::SeatSilent => (
            "het toestel van het loket werd niet opgenomen",
            "the desk's telephone was not picked up",
        ),
        CalledBack::NotPlaced => {
            ("de telefoonaanbieder belde niet", "the telephone provider did not ring")
        }
    };
    match language {
        Language::Nl => format!("Laatst teruggebeld door {by}, {at}: {nl}."),
        Language::En => format!("Last called back by {by}, {at}: {en}."),
    }
}
