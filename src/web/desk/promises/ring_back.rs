//! Calling back with one button, and what came of it the last time.

use axum::extract::{Path, State};

use super::super::fault::Answer;
use super::super::say::when;
use super::super::signed_in::SignedIn;
use super::{PAGE, theirs};
use crate::domain::{Language, Timestamp};
use crate::exchange::Ordered;
use crate::store::{CalledBack, LastCallBack};
use crate::web::App;

/// The telephone of whoever clicks rings, and then that of whoever was promised it.
pub(in crate::web::desk) async fn ring_back(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    theirs(&app, &you, id).await?;
    let (by, page) = (you.operator.id, format!("{PAGE}/{id}"));
    let Some(seat) = app.exchange.store().read(move |tx| tx.seat(by)).await? else {
        let first = you.say(
            "Zeg eerst op het overzicht bij \"Uw toestel\" welke telefoon bij u staat.",
            "First say on the overview at \"Your telephone\" which one stands with you.",
        );
        return Ok(you.warned(&page, first.to_owned()));
    };
    Ok(match app.exchange.call_back(id, by, seat).await? {
        Ordered::Done => {
            let told = "Uw toestel gaat over. Neem op en toets 1; dan bellen wij.";
            you.done(
                &page,
                you.say(told, "Your telephone rings. Pick up and press 1; then we ring."),
            )
        }
        Ordered::TooLate(why) => you.warned(&page, why.in_words(you.language)),
    })
}

/// What came of the last call back, in a sentence.
pub(super) fn last_time(last: &LastCallBack, now: Timestamp, language: Language) -> String {
    let (nl, en) = match last.result {
        None => ("er wordt nu gebeld", "ringing now"),
        Some(CalledBack::Spoken) => ("gesproken", "spoken"),
        Some(CalledBack::Short) => {
            ("een kort gesprek, of een antwoordapparaat", "a short call, or a voicemail box")
        }
        Some(CalledBack::Busy) => ("in gesprek", "engaged"),
        Some(CalledBack::NoAnswer) => ("niet opgenomen", "no answer"),
        Some(CalledBack::NotReached) => ("nummer niet bereikbaar", "number not reached"),
        Some(CalledBack::Left) => ("afgebroken", "broken off"),
        Some(CalledBack::NotTaken) => {
            ("aan het loket werd niet op 1 gedrukt", "nobody at the desk pressed 1")
        }
        Some(CalledBack::SeatSilent) => (
            "het toestel van het loket werd niet opgenomen",
            "the desk's telephone was not picked up",
        ),
        Some(CalledBack::NotPlaced) => {
            ("de telefoonaanbieder belde niet", "the telephone provider did not ring")
        }
    };
    let (by, at) = (&last.by, when(now, last.begun_at, language));
    match language {
        Language::Nl => format!("Laatst teruggebeld door {by}, {at}: {nl}."),
        Language::En => format!("Last called back by {by}, {at}: {en}."),
    }
}
