//! Something on the board was reported: what it is, what was said of it, and the two ways to settle it.

use axum::extract::{Path, State};
use axum::response::Response;

use super::super::fault::{Answer, Fault};
use super::super::participants::whose;
use super::super::signed_in::{Fields, SignedIn};
use super::{answered, back, one, theirs};
use crate::domain::{Language, Misplaced, Timestamp};
use crate::exchange::LookedAt;
use crate::store::{PromiseSeen, ReportedSeen, StoreError, Whose};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

/// What is to be looked at.
pub(super) struct Reported {
    /// Neighbours see it still.
    pub(super) there: bool,
    /// Whoever offers it, for those who may see them.
    pub(super) participant: Option<i64>,
    /// Why it does not belong there: codes and words; the one that was said most is chosen.
    pub(super) whys: Vec<Why>,
}

/// A reason to choose.
pub(super) struct Why {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) chosen: bool,
}

pub(super) async fn in_words(
    app: &App,
    you: &SignedIn,
    seen: &PromiseSeen,
) -> Result<Option<Reported>, StoreError> {
    let Some(reported) = &seen.reported else { return Ok(None) };
    let (now, of) = (app.exchange.now(), reported.of);
    let there = app.exchange.store().read(move |tx| tx.pinned_on(of, now)).await?;
    let offer = reported.offer.as_ref().filter(|offer| match whose(app, you) {
        Whose::Everybody => true,
        Whose::Of { areas, .. } => areas.contains(&offer.postcode),
    });
    let most = most_said(reported);
    let why = |why: Misplaced| Why {
        code: why.code(),
        name: why.sentence(you.language),
        chosen: most == Some(why),
    };
    Ok(Some(Reported {
        there: there.is_some(),
        participant: offer.map(|offer| offer.participant.0),
        whys: Misplaced::ALL.map(why).into_iter().collect(),
    }))
}

/// Of several that were said as often, the first of the list.
fn most_said(reported: &ReportedSeen) -> Option<Misplaced> {
    let most = reported.whys.iter().map(|(_, times)| *times).max()?;
    reported.whys.iter().find(|(_, times)| *times == most).map(|(why, _)| *why)
}

/// How often it was reported and why, in a line: `2 keer: om geld te verdienen (1), iets anders (1)`.
pub(super) fn how_often(reported: &ReportedSeen, language: Language) -> String {
    let times: u32 = reported.whys.iter().map(|(_, times)| times).sum();
    let whys = reported.whys.iter().map(|(why, times)| match reported.whys.len() {
        1 => why.in_short(language).to_owned(),
        _ => format!("{} ({times})", why.in_short(language)),
    });
    let whys = whys.collect::<Vec<_>>().join(", ");
    match (language, times) {
        (Language::Nl, times) => format!("{times} keer: {whys}"),
        (Language::En, 1) => format!("once: {whys}"),
        (Language::En, times) => format!("{times} times: {whys}"),
    }
}

/// Takes what was reported off the board, or lets it stand.
pub(in crate::web::desk) async fn look_at_reported(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let page = back(&theirs(&app, &you, id).await?);
    let why = match form.get("wat") {
        "eraf" => Some(Misplaced::parse(form.get("waarom"))),
        _ => None,
    };
    if why == Some(None) {
        let wrong = Wrong::only(you.language, "waarom", "Kies waarom.", "Choose why.");
        return one(&app, &you, id, None, Typed::refused("prikbord", form, wrong)).await;
    }
    let looked = app.exchange.look_at_reported(id, why.flatten(), you.operator.id).await?;
    let looked = looked.ok_or(Fault::NotHere)?;
    Ok(told_looked_at(&you, &page, looked, app.exchange.now()))
}

/// On to this page, with a word about what came of it.
pub(in crate::web::desk) fn told_looked_at(
    you: &SignedIn,
    page: &str,
    looked: LookedAt,
    now: Timestamp,
) -> Response {
    match looked {
        LookedAt::TakenDown => you
            .done(page, you.say("Het is van het prikbord gehaald.", "It was taken off the board.")),
        LookedAt::LeftThere => you.done(
            page,
            you.say(
                "Het blijft staan. Wie het meldde, ziet het niet meer.",
                "It stays. Whoever reported it does not see it any more.",
            ),
        ),
        LookedAt::Settled => you.done(
            page,
            you.say(
                "Het stond er al niet meer. De melding is afgerond.",
                "It was not there any more. The report is settled.",
            ),
        ),
        LookedAt::Gone => you.warned(
            page,
            you.say("Dit staat niet meer op het prikbord.", "This is not on the board any more."),
        ),
        LookedAt::Not(took) => answered(you, page, took, "", now),
    }
}
