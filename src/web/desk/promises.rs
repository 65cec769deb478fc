//! `/loket/berichten`: what was promised to callers and neighbours, the first one due on top, with
//! the messages that they left.

mod ring_back;
mod sound;

use askama::Template;
use axum::extract::{Path, State};

use super::fault::{Answer, Fault};
use super::layout::{Layout, Section};
use super::page::show;
use super::say::{how_long, line_name, place, service, when};
use super::signed_in::{Fields, SignedIn};
use crate::domain::{About, Deed, Language, Note, Phone, Timestamp};
use crate::exchange::Ordered;
use crate::store::{
    DeskNote, KeptHow, NoteAbout, PromiseKind, PromiseSeen, ReadTx, SoundState, StoreError, Took,
    Which,
};
use crate::web::App;

pub(super) use ring_back::ring_back;
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
    card: Card,
    /// Shown this once.
    number: Option<String>,
    /// What came of calling back the last time.
    last: Option<String>,
    notes: Vec<NoteLine>,
    ways: Vec<(String, &'static str)>,
    /// Telephones of the desk that can ring: number, and what is shown of it.
    seats: Vec<(String, String)>,
}

/// A promise in words.
pub(super) struct Card {
    pub(super) id: i64,
    pub(super) what: String,
    /// It is the coordinator's, whose page is that of the request.
    pub(super) coordinators: bool,
    pub(super) whom: Option<String>,
    pub(super) has_number: bool,
    pub(super) line: String,
    pub(super) about: Option<String>,
    pub(super) request: Option<i64>,
    pub(super) made: String,
    pub(super) due: String,
    pub(super) late: Option<String>,
    pub(super) yours: bool,
    pub(super) theirs: Option<String>,
    pub(super) kept: Option<String>,
    pub(super) message: Option<MessageLine>,
}

/// A message in words.
pub(super) struct MessageLine {
    pub(super) id: i64,
    pub(super) length: String,
    pub(super) left: String,
    pub(super) plays: bool,
    /// Why it does not play, and what to do.
    pub(super) instead: String,
    pub(super) may_ask_again: bool,
}

/// A note in words.
pub(super) struct NoteLine {
    pub(super) text: String,
    pub(super) by: String,
    pub(super) made: String,
    pub(super) until: String,
}

/// Everything that is promised, and what was kept lately.
pub(super) async fn list(State(app): State<App>, you: SignedIn) -> Answer {
    let now = app.exchange.now();
    let read = app.exchange.store().read(move |tx| {
        let open = tx.promises(Which::Open, MOST)?;
        Ok::<_, StoreError>((open, tx.promises(Which::KeptSince(now - KEPT_FOR), MOST)?))
    });
    let (open, kept) = read.await?;
    let cards = |seen: Vec<PromiseSeen>| -> Vec<Card> {
        let theirs = seen.into_iter().filter(|one| you.operator.sees(&one.line, one.postcode));
        theirs.map(|one| card(&app, &you, &one, now)).collect()
    };
    let (late, open) = cards(open).into_iter().partition(|card| card.late.is_some());
    let kept = cards(kept);
    let title = you.say("Berichten en beloftes", "Messages and promises");
    show(&PromisesPage { layout: you.layout(Section::Promises, title), late, open, kept })
}

/// One promise, with everything that can be done about it.
pub(super) async fn page(State(app): State<App>, you: SignedIn, Path(id): Path<i64>) -> Answer {
    one(&app, &you, id, None).await
}

async fn one(app: &App, you: &SignedIn, id: i64, number: Option<String>) -> Answer {
    let now = app.exchange.now();
    let seen = theirs(app, you, id).await?;
    let about = NoteAbout::Promise(id);
    let read = move |tx: &ReadTx<'_>| Ok((tx.desk_notes(about, now)?, tx.last_call_back(id)?));
    let read: Result<_, StoreError> = app.exchange.store().read(read).await;
    let (notes, last) = read?;
    show(&PromisePage {
        last: last.map(|last| ring_back::last_time(&last, now, you.language)),
        layout: you.layout(Section::Promises, you.say("Belofte", "Promise")),
        card: card(app, you, &seen, now),
        number,
        notes: notes.into_iter().map(|note| note_line(note, now, you.language)).collect(),
        seats: seats(app, &seen).iter().map(|s| (s.e164().to_owned(), s.to_string())).collect(),
        ways: KeptHow::ALL.map(|how| (how.code(), kept_how(how, you.language))).to_vec(),
    })
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
    let how = KeptHow::parse(form.get("hoe")).ok_or_else(|| {
        Fault::FilledIn("Kies hoe het afliep.".into(), "Choose how it ended.".into())
    })?;
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

/// Calls back: a telephone of the desk rings first, then whoever was promised it.
pub(super) async fn call_back(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    // A form that does not ask for a telephone of the desk means the operator's own.
    if form.all("toestel").next().is_none() {
        return ring_back(State(app), you, Path(id)).await;
    }
    let seen = theirs(&app, &you, id).await?;
    let seat = seats(&app, &seen).into_iter().find(|seat| seat.e164() == form.get("toestel"));
    let seat = seat.ok_or_else(|| {
        Fault::FilledIn(
            "Kies een telefoon van het loket.".into(),
            "Choose a desk telephone.".into(),
        )
    })?;
    let ordered = app.exchange.call_back(id, you.operator.id, seat).await?;
    Ok(match ordered {
        Ordered::Done => you.done(
            &back(&seen),
            you.say(
                "De telefoon van het loket gaat over. Neem op, dan bellen wij verder.",
                "The desk telephone rings. Pick it up, and we ring on.",
            ),
        ),
        Ordered::TooLate(why) => you.warned(&back(&seen), why.in_words(you.language)),
    })
}

/// The telephones of the desk of its line.
fn seats(app: &App, seen: &PromiseSeen) -> Vec<Phone> {
    let line = app.exchange.context().line(seen.line.e164());
    line.map(|line| line.desk.clone()).unwrap_or_default()
}

/// Adds a note for colleagues.
pub(super) async fn note(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    theirs(&app, &you, id).await?;
    let note = Note::parse(form.get("notitie"))
        .map_err(|why| Fault::FilledIn(why.advice(Language::Nl), why.advice(Language::En)))?;
    let (now, by) = (app.exchange.now(), you.operator.id);
    app.exchange
        .store()
        .write(move |tx| tx.add_desk_note(NoteAbout::Promise(id), &note, by, now))
        .await?;
    let told = you
        .say("De notitie staat erbij, veertien dagen lang.", "The note is there, for a fortnight.");
    Ok(you.done(&format!("{PAGE}/{id}"), told))
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
    one(&app, &you, id, Some(phone.e164().to_owned())).await
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
        Took::Done => you.done(path, done),
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

pub(super) fn note_line(note: DeskNote, now: Timestamp, language: Language) -> NoteLine {
    NoteLine {
        text: note.text,
        by: note.by,
        made: when(now, note.made_at, language),
        until: super::say::day(now, note.expires_at, language),
    }
}

pub(super) fn card(app: &App, you: &SignedIn, seen: &PromiseSeen, now: Timestamp) -> Card {
    let language = you.language;
    let about = match (&seen.service, seen.postcode) {
        (Some(asked), Some(postcode)) => {
            let name = service(app, asked, language);
            Some(format!("{name}, {}", place(postcode, seen.place.as_deref())))
        }
        (Some(asked), None) => Some(service(app, asked, language)),
        _ => None,
    };
    let whom = seen.whom.as_ref().map(|phone| match &seen.participant {
        Some((_, name)) if !name.is_empty() => format!("{name}, {phone}"),
        _ => phone.to_string(),
    });
    let open_and_late = seen.kept.is_none() && seen.due_at < now;
    let claimed = seen.claimed.as_ref().filter(|_| seen.kept.is_none());
    Card {
        id: seen.id,
        what: what(seen, language).to_owned(),
        coordinators: seen.kind == PromiseKind::CoordinatorArranges,
        whom,
        has_number: seen.whom.is_some(),
        line: line_name(app, &seen.line),
        about,
        request: seen.request.map(|request| request.0),
        made: when(now, seen.made_at, language),
        due: when(now, seen.due_at, language),
        late: open_and_late.then(|| how_long(now.since(seen.due_at), language)),
        yours: claimed.is_some_and(|(id, ..)| *id == you.operator.id),
        theirs: claimed.filter(|(id, ..)| *id != you.operator.id).map(|(_, name, _)| name.clone()),
        kept: seen.kept.as_ref().map(|kept| {
            let how = kept.how.map_or(you.say("nagekomen", "kept"), |how| kept_how(how, language));
            let by = kept.by.as_deref().unwrap_or(you.say("de centrale", "the exchange"));
            format!("{how}: {by}, {}", when(now, kept.at, language))
        }),
        message: seen.message.as_ref().map(|message| {
            let plays = message.sound == SoundState::Here;
            MessageLine {
                id: message.id,
                length: format!("{} s", message.seconds),
                left: when(now, message.left_at, language),
                plays,
                instead: instead(message.sound, language).to_owned(),
                may_ask_again: !plays,
            }
        }),
    }
}

fn what(seen: &PromiseSeen, language: Language) -> &'static str {
    let (nl, en) = match (seen.kind, seen.message.is_some()) {
        (PromiseKind::DeskAnswers, true) => {
            ("Bericht: beller terugbellen", "Message: ring the caller back")
        }
        (PromiseKind::DeskAnswers, false) => ("Beller terugbellen", "Ring the caller back"),
        (PromiseKind::RingNeighbourBack, _) => ("Deelnemer terugbellen", "Ring a participant back"),
        (PromiseKind::CoordinatorArranges, _) => {
            ("Voor de coördinator van het dorp", "For the village coordinator")
        }
    };
    if language == Language::Nl { nl } else { en }
}

fn instead(sound: SoundState, language: Language) -> &'static str {
    let (nl, en) = match sound {
        SoundState::Here => ("", ""),
        SoundState::Waiting => (
            "De opname is er nog niet. De centrale haalt haar vanzelf op. U kunt alvast terugbellen.",
            "The recording is not here yet. The exchange fetches it by itself. You can ring back already.",
        ),
        SoundState::TooLarge => (
            "De opname is te groot om op te halen. Bel terug; de opname staat nog bij de telefoonaanbieder.",
            "The recording is too large to be fetched. Ring back; it is still at the telephone provider.",
        ),
        SoundState::Lost => (
            "De opname is niet binnengekomen. Bel terug, en vraag wat er was.",
            "The recording did not arrive. Ring back, and ask what it was about.",
        ),
    };
    if language == Language::Nl { nl } else { en }
}

pub(super) fn kept_how(how: KeptHow, language: Language) -> &'static str {
    let (nl, en) = match how {
        KeptHow::Spoken => ("gesproken", "spoken to"),
        KeptHow::NotNeeded => ("niet meer nodig", "no longer needed"),
        KeptHow::PassedOn => ("doorgegeven aan iemand anders", "passed on to somebody else"),
        KeptHow::NotReached => ("niet bereikt, afgesloten", "not reached, closed"),
    };
    if language == Language::Nl { nl } else { en }
}
