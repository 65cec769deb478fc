//! The telephone at which somebody takes calls: one of the desk, or their own.

use axum::extract::State;

use super::asked::BOARD;
use super::shown;
use crate::domain::{About, Deed, Language, Phone};
use crate::store::StoreError;
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::{Fields, SignedIn};
use crate::web::typed::{Typed, Wrong};

/// Where somebody takes calls.
pub(super) struct Seat {
    pub(super) now: Option<Phone>,
    /// The desk's own telephones, each with its line.
    pub(super) desks: Vec<(String, Phone)>,
}

impl Seat {
    /// The telephone of now, as it is chosen.
    pub(super) fn code(&self) -> &str {
        self.now.as_ref().map(Phone::e164).unwrap_or_default()
    }
}

pub(super) async fn seat_of(app: &App, you: &SignedIn) -> Result<Seat, Fault> {
    let id = you.operator.id;
    let now = app.exchange.store().read(move |tx| tx.seat(id)).await?;
    let mut desks = Vec::new();
    for line in &app.exchange.context().lines {
        if you.operator.sees(&line.number, None) {
            for phone in &line.desk {
                desks.push((line.name.clone(), phone.clone()));
            }
        }
    }
    Ok(Seat { now, desks })
}

/// Which telephone stands with whoever asks.
pub(in crate::web::desk) async fn seat(
    State(app): State<App>,
    you: SignedIn,
    form: Fields,
) -> Answer {
    let seat = match chosen(&app, &form) {
        Ok(seat) => seat,
        Err([nl, en]) => {
            let wrong = Wrong::only(you.language, "ander", nl, en);
            return shown(&app, &you, Typed::refused("toestel", form, wrong)).await;
        }
    };
    let (id, is_set, now) = (you.operator.id, seat.is_some(), app.exchange.now());
    let set: Result<(), StoreError> = app
        .exchange
        .store()
        .write(move |tx| {
            tx.set_seat(id, seat.as_ref())?;
            tx.audit(id, Deed::SeatSet, &About::Nothing, now)
        })
        .await;
    set?;
    let told = match (is_set, you.language) {
        (true, Language::Nl) => "Uw toestel is bewaard.",
        (true, Language::En) => "Your telephone is kept.",
        (false, Language::Nl) => "U hebt nu geen toestel.",
        (false, Language::En) => "You have no telephone now.",
    };
    Ok(you.done(BOARD, told))
}

/// The telephone that was chosen, if any; or why it cannot be one.
fn chosen(app: &App, form: &Fields) -> Result<Option<Phone>, [&'static str; 2]> {
    let context = app.exchange.context();
    let Some(text) = form.filled("ander").or(form.filled("toestel")) else { return Ok(None) };
    let seat = Phone::parse_desk(text, context.numbering).map_err(|_| {
        [
            "Dit nummer kan de centrale niet bellen. Vul een Nederlands vast of mobiel nummer in.",
            "The exchange cannot ring this number. Fill in a Dutch fixed or mobile number.",
        ]
    })?;
    if context.line(seat.e164()).is_some() {
        return Err([
            "Dit is het nummer van een lijn. Kies een telefoon die bij u staat.",
            "This is the number of a line. Choose a telephone that stands with you.",
        ]);
    }
    Ok(Some(seat))
}
