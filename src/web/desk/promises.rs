//! `/loket/berichten`: what was promised to callers and neighbours, the first one due on top, with
//! the messages that they left.

mod card;
mod reported;
mod ring_back;
mod sound;

use askama::Template;
use axum::extract::{Path, State};

use super::fault::{Answer, Fault};
use super::layout::{Layout, Section};
use super::notes::{self, NoteLine};
use super::page::{show, show_typed};
use super::requests::ONE_LOOK;
use super::say::when;
use super::signed_in::{Fields, SignedIn};
use crate::domain::{About, Deed, Language, Phone, Timestamp};
use crate::store::{KeptHow, NoteAbout, PromiseSeen, ReadTx, StoreError, Took, Which};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

use card::kept_how;
pub(super) use card::{Card, card};
use reported::Reported;
pub(super) use reported::{look_at_reported, told_looked_at};
use ring_back::{Seat, seats};
pub(super) use ring_back::{break_off, call_back};
pub(super) use sound::{fetch_again, sound};

const PAGE: &str = "/loket/berichten";
/// Most open promises on one page; the rest come up as these are kept.
const MOST: usize = 300;
/// How far back kept ones are shown.
const KEPT_FOR: std::time::Duration = std::time::Duration::from_secs(7 * 24 * 3600);

#[derive(Template)]
#[template(path = "desk/templates/promises.html")]
struct PromisesPage {
    layout: Layout,
    late: Vec<Card>,
    open: Vec<Card>,
    kept: Vec<Card>,
}

#[derive(Template)]
#[template(path = "desk/templates/promise.html")]
struct PromisePage {
    layout: Layout,
    typed: Typed,
    /// Where it is; its forms go below it.
    path: String,
    card: Card,
    /// What it is to look at on the board.
    reported: Option<Reported>,
    /// Shown this once.
    number: Option<Phone>,
    /// What came of calling back the last time.
    last: Option<String>,
    /// Whoever reads this is calling back, and can break it off.
    calling: bool,
    notes: Vec<NoteLine>,
    ways: Vec<(String, &'static str)>,
    /// Telephones that can ring to call back from, one's own first.
    seats: Vec<Seat>,
}

/// Everything that is promised, and what was kept lately.
pub(super) async fn list(State(app): State<App>, you: SignedIn) -> Answer {
    let now = app.exchange.now();
    let operator = you.operator.clone();
    let read = app.exchange.store().read(move |tx| {
        let open = tx.promises(&operator, Which::Open, MOST)?;
        let kept = Which::KeptSince(now - KEPT_FOR);
        Ok::<_, StoreError>((open, tx.promises(&operator, kept, MOST)?))
    });
    let (open, kept) = read.await?;
    let cards = |seen: Vec<PromiseSeen>| -> Vec<Card> {
        seen.into_iter().map(|one| card(&app, &you, &one, now)).collect()
    };
    let (late, open) = cards(open).into_iter().partition(|card| card.late.is_some());
    let kept = cards(kept);
    let title = you.say("Berichten en beloftes", "Messages and promises");
    show(&PromisesPage { layout: you.layout(Section::Promises, title), late, open, kept })
}

/// One promise, with everything that can be done about it.
pub(super) async fn page(State(app): State<App>, you: SignedIn, Path(id): Path<i64>) -> Answer {
    theirs(&app, &you, id).await?;
    let (now, by) = (app.exchange.now(), you.operator.id);
    let looked = app.exchange.store().write(move |tx| {
        let about = About::Promise(id);
        if !tx.audited_since(by, Deed::PromiseSeen, &about, now - ONE_LOOK)? {
            tx.audit(by, Deed::PromiseSeen, &about, now)?;
        }
        Ok::<_, StoreError>(())
    });
    looked.await?;
    one(&app, &you, id, None, Typed::default()).await
}

async fn one(app: &App, you: &SignedIn, id: i64, number: Option<Phone>, typed: Typed) -> Answer {
    let (now, by) = (app.exchange.now(), you.operator.id);
    let seen = theirs(app, you, id).await?;
    let about = NoteAbout::Promise(id);
    let read = move |tx: &ReadTx<'_>| {
        Ok((tx.desk_notes(about, now)?, tx.last_call_back(id)?, tx.seat(by)?))
    };
    let read: Result<_, StoreError> = app.exchange.store().read(read).await;
    let (notes, last, own) = read?;
    let path = back(&seen);
    let card = card(app, you, &seen, now);
    let reported = reported::in_words(app, you, &seen).await?;
    let page = PromisePage {
        calling: last.as_ref().is_some_and(|last| last.is_under_way_of(by)),
        last: last.map(|last| ring_back::last_time(&last, now, you.language)),
        layout: you.layout(Section::Promises, &card.what).with(&typed, &path),
        card,
        reported,
        number,
        notes: notes::lines(notes, now, you.language),
        seats: seats(app, &seen, own),
        ways: KeptHow::ALL.map(|how| (how.code(), kept_how(how, you.language))).to_vec(),
        path,
        typed,
    };
    show_typed(&page, &page.typed)
}

/// Claims it.
pub(super) async fn claim(State(app): State<App>, you: SignedIn, Path(id): Path<i64>) -> Answer {
    let seen = theirs(&app, &you, id).await?;
    let (now, by) = (app.exchange.now(), you.operator.id);
    let took = app.exchange.store().write(move |tx| {
        let took = tx.claim_promise(id, by, now)?;
        if took == Took::Done {
            tx.audit(by, Deed::PromiseClaimed, &About::Promise(id), now)?;
        }
        Ok::<_, StoreError>(took)
    });
    let told = you.say("U hebt deze belofte op u genomen.", "This promise is yours now.");
    Ok(answered(&you, &back(&seen), took.await?, told, now))
}

/// Hands it back.
pub(super) async fn hand_back(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let seen = theirs(&app, &you, id).await?;
    let (now, by) = (app.exchange.now(), you.operator.id);
    let took = app.exchange.store().write(move |tx| {
        let took = tx.hand_promise_back(id, by)?;
        if took == Took::Done {
            tx.audit(by, Deed::PromiseHandedBack, &About::Promise(id), now)?;
        }
        Ok::<_, StoreError>(took)
    });
    let told = you.say("U hebt deze belofte teruggegeven.", "You handed this promise back.");
    Ok(answered(&you, &back(&seen), took.await?, told, now))
}

/// It was kept, in one of the ways there are.
pub(super) async fn keep(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let seen = theirs(&app, &you, id).await?;
    let Some(how) = KeptHow::parse(form.get("hoe")) else {
        let wrong =
            Wrong::only(you.language, "hoe", "Kies hoe het afliep.", "Choose how it ended.");
        let typed = Typed::refused("afronden", form, wrong);
        return one(&app, &you, id, None, typed).await;
    };
    let (now, by) = (app.exchange.now(), you.operator.id);
    let took = app.exchange.store().write(move |tx| {
        let took = tx.keep_promise(id, by, how, now)?;
        if took == Took::Done {
            tx.audit(by, Deed::PromiseKept, &About::Promise(id), now)?;
        }
        Ok::<_, StoreError>(took)
    });
    let told = you.say("De belofte is afgerond. Dank u wel.", "The promise is settled. Thank you.");
    Ok(answered(&you, &back(&seen), took.await?, told, now))
}

/// Adds a note for colleagues.
pub(super) async fn note(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let path = back(&theirs(&app, &you, id).await?);
    match notes::write(&app, &you, NoteAbout::Promise(id), form).await? {
        Ok(()) => Ok(you.done(&path, notes::written(&you))),
        Err(typed) => one(&app, &you, id, None, typed).await,
    }
}

/// Shows the number, once, and writes down that it was shown.
pub(super) async fn number(State(app): State<App>, you: SignedIn, Path(id): Path<i64>) -> Answer {
    let seen = theirs(&app, &you, id).await?;
    let Some(phone) = seen.whom else { return Err(Fault::NotHere) };
    let (now, by) = (app.exchange.now(), you.operator.id);
    app.exchange
        .store()
        .write(move |tx| tx.audit(by, Deed::NumberShown, &About::Promise(id), now))
        .await?;
    one(&app, &you, id, Some(phone), Typed::default()).await
}

/// The promise, if it is theirs to see.
async fn theirs(app: &App, you: &SignedIn, id: i64) -> Result<PromiseSeen, Fault> {
    let seen = app.exchange.store().read(move |tx| tx.promise_seen(id)).await?;
    seen.filter(|one| you.operator.sees(&one.line, one.postcode)).ok_or(Fault::NotHere)
}

/// Where its page is.
fn back(seen: &PromiseSeen) -> String {
    format!("{PAGE}/{}", seen.id)
}

/// On to the page, with a word about what came of it: also for the second of two.
pub(super) fn answered(
    you: &SignedIn,
    path: &str,
    took: Took,
    done: &str,
    now: Timestamp,
) -> axum::response::Response {
    let nl = you.language == Language::Nl;
    match took {
        Took::Done | Took::Already => you.done(path, done),
        Took::Theirs { name } if nl => {
            you.warned(path, format!("{name} heeft dit al op zich genomen."))
        }
        Took::Theirs { name } => you.warned(path, format!("{name} has claimed this already.")),
        Took::KeptAlready { name, at } => {
            let at = when(now, at, you.language);
            let by = name.unwrap_or_else(|| you.say("de centrale", "the exchange").to_owned());
            you.warned(
                path,
                match nl {
                    true => format!("Dit is al afgerond: {by}, {at}."),
                    false => format!("This is settled already: {by}, {at}."),
                },
            )
        }
        Took::NotYours => you.warned(
            path,
            you.say(
                "Dit was niet van u; er is niets veranderd.",
                "This was not yours; nothing was changed.",
            ),
        ),
        Took::Nowhere => {
            you.warned(path, you.say("Dit is er niet meer.", "This is not there any more."))
        }
    }
}
