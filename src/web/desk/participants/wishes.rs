//! What somebody who takes part asks the desk for: a pause, an end to it, or to stop.

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, State};

use super::{detail, looked_at, named, path_of, whose};
use crate::dispatch::choose::Pause;
use crate::domain::{About, Deed, ParticipantId, Timestamp};
use crate::store::{Person, Standing, StoreError, Tx};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::show;
use crate::web::desk::signed_in::{Fields, SignedIn};
use crate::web::typed::{Typed, Wrong};

const A_DAY: Duration = Duration::from_secs(24 * 3600);

/// A pause, as long as they like.
pub(in crate::web::desk) async fn pause(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let (id, now) = (ParticipantId(id), app.exchange.now());
    let Some(pause) = pause_of(form.get("tot"), now) else {
        let wrong = Wrong::only(
            you.language,
            "tot",
            "Kies hoe lang de pauze duurt.",
            "Choose how long the pause is.",
        );
        return detail::refused(&app, &you, id, Typed::refused("pauze", form, wrong)).await;
    };
    let done =
        at_their_wish(&app, &you, id, Deed::ParticipantPaused, move |tx, person| {
            match person.row.standing {
                Standing::Stopped => Ok(false),
                _ if person.pause == Some(pause) => Ok(false),
                _ => {
                    tx.pause(id, pause)?;
                    tx.in_touch(id, now).map(|()| true)
                }
            }
        });
    answered(&you, &path_of(id), done.await?, "De pauze is ingegaan.", "The pause has begun.")
}

/// `vandaag`, `week`, `maand` or `tot-ze-bellen`.
fn pause_of(word: &str, now: Timestamp) -> Option<Pause> {
    // Local midnight at the end of a day, also when that day has 23 or 25 hours.
    let midnight_after = |days: u32| (now.start_of_day() + A_DAY * days + A_DAY / 2).start_of_day();
    Some(match word {
        "vandaag" => Pause::Until(midnight_after(1)),
        "week" => Pause::Until(midnight_after(8)),
        "maand" => Pause::Until(midnight_after(31)),
        "tot-ze-bellen" => Pause::UntilTheyCall,
        _ => return None,
    })
}

/// The end of a pause, also of a stop that was asked for and not confirmed; or of the rest of somebody
/// who was to be asked whether they still take part.
pub(in crate::web::desk) async fn end_pause(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let (id, now) = (ParticipantId(id), app.exchange.now());
    let done = at_their_wish(&app, &you, id, Deed::ParticipantResumed, move |tx, person| {
        match person.row.standing {
            Standing::Paused => {
                tx.end_pause(id)?;
                tx.in_touch(id, now).map(|()| true)
            }
            Standing::TakesPart if person.rests.is_some() => tx.in_touch(id, now).map(|()| true),
            _ => Ok(false),
        }
    });
    answered(
        &you,
        &path_of(id),
        done.await?,
        "Dit is vastgelegd: doet weer mee.",
        "This is written down: takes part again.",
    )
}

#[derive(Template)]
#[template(path = "desk/templates/participant_stop.html")]
struct StopPage {
    layout: Layout,
    path: String,
    name: String,
}

/// Asks once more: a stop is final.
pub(in crate::web::desk) async fn stop_page(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let person = looked_at(&app, &you, ParticipantId(id), Deed::ParticipantSeen).await?;
    let name = named(&person.row.name, you.language);
    let title = you.say("Stoppen met meedoen", "Stop taking part");
    let layout = you.layout(Section::Participants, title);
    show(&StopPage { layout, path: path_of(person.row.id), name })
}

/// They stop: nobody rings them again without a new, verified opt-in (R9).
pub(in crate::web::desk) async fn stop(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let (id, now) = (ParticipantId(id), app.exchange.now());
    let done = at_their_wish(&app, &you, id, Deed::ParticipantStopped, move |tx, person| {
        match person.row.standing {
            Standing::Stopped => Ok(false),
            _ => tx.withdraw_consent(id, "desk", now).map(|()| true),
        }
    });
    answered(
        &you,
        &path_of(id),
        done.await?,
        "Dit is vastgelegd. De centrale belt dit nummer niet meer.",
        "This is written down. The exchange does not ring this number any more.",
    )
}

/// Does it for somebody whom this operator sees, and writes it down, in one transaction. Whether
/// there was anything to do.
pub(super) async fn at_their_wish(
    app: &App,
    you: &SignedIn,
    id: ParticipantId,
    deed: Deed,
    wish: impl FnOnce(&mut Tx<'_>, &Person) -> Result<bool, StoreError> + Send + 'static,
) -> Result<bool, Fault> {
    let (whose, operator, now) = (whose(app, you), you.operator.id, app.exchange.now());
    let done = app.exchange.store().write(move |tx| {
        let person = tx.person(id, &whose, now)?.ok_or(Fault::NotHere)?;
        let done = wish(tx, &person)?;
        if done {
            tx.audit(operator, deed, &About::Participant(id), now)?;
        }
        Ok::<_, Fault>(done)
    });
    done.await
}

/// Back to a page with what was done, or that there was nothing to do.
pub(super) fn answered(you: &SignedIn, path: &str, done: bool, nl: &str, en: &str) -> Answer {
    if done {
        return Ok(you.done(path, you.say(nl, en)));
    }
    let already = you.say(
        "Dit was al zo, misschien door een collega. Er is niets veranderd.",
        "It was so already, perhaps by a colleague. Nothing was changed.",
    );
    Ok(you.warned(path, already))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_ends_at_midnight_on_the_dutch_clock() {
        let at = |text: &str| Timestamp::parse(text).expect("a moment");
        let now = at("2026-10-24T10:00:00+02:00");
        assert_eq!(pause_of("vandaag", now), Some(Pause::Until(at("2026-10-25"))));
        assert_eq!(
            pause_of("vandaag", at("2026-10-25T10:00:00+01:00")),
            Some(Pause::Until(at("2026-10-26")))
        );
        assert_eq!(pause_of("week", now), Some(Pause::Until(at("2026-11-01"))));
        assert_eq!(pause_of("tot-ze-bellen", now), Some(Pause::UntilTheyCall));
        assert_eq!(pause_of("altijd", now), None);
    }
}
