//! The page of one question: how it stands, and a way to say that it is no longer needed.

use askama::Template;
use axum::extract::{Path, State};

use super::super::{Layout, Section, Visitor, show};
use super::{PAGE, words};
use crate::dispatch::Outcome;
use crate::domain::{Language, Pinned, Timestamp};
use crate::exchange::as_told;
use crate::login::Token;
use crate::store::{Question, QuestionEnded, RequestSeen, Stand};
use crate::web::fault::{Answer, Fault};
use crate::web::{App, say};

/// A moment so near is now.
const SOON: std::time::Duration = std::time::Duration::from_secs(60);

#[derive(Template)]
#[template(path = "portal/templates/ask_state.html")]
struct StatePage {
    layout: Layout,
    service: String,
    place: String,
    when: String,
    told: Told,
    /// The desk took it off the board, for this reason.
    down: Option<&'static str>,
    /// Where this page is.
    here: String,
    line: String,
}

/// How it stands.
struct Told {
    /// A colour that never stands alone.
    class: &'static str,
    title: String,
    next: String,
    /// Whether it can still be taken back.
    open: bool,
    /// The telephone rings or is about to: the page is worth looking at again.
    moves: bool,
}

/// How a question stands.
pub(in super::super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(link): Path<String>,
) -> Answer {
    let token = Token::parse(&link).ok_or(Fault::NotHere)?;
    let hash = token.hash();
    let found = app.exchange.store().read(move |tx| {
        let Some(question) = tx.question_by_link(hash)? else { return Ok(None) };
        let place = tx.places_of(&[question.postcode])?.into_iter().next();
        let (seen, promised, down) = match question.request {
            Some(request) => (
                tx.request_seen(request)?,
                tx.promised_about(request)?,
                tx.taken_down(Pinned::Request(request))?,
            ),
            None => (None, None, None),
        };
        Ok::<_, crate::store::StoreError>(Some((question, place, seen, promised, down)))
    });
    let (question, place, seen, promised, down) = found.await?.ok_or(Fault::NotHere)?;
    let (now, language) = (app.exchange.now(), visitor.language);
    let told = match &seen {
        Some(seen) => {
            let line = app.exchange.context().line(seen.line.e164());
            let rings_from = line.map_or(now, |line| app.exchange.rings_from(line));
            of_request(seen, promised, (now, rings_from), language)
        }
        None => of_question(&as_told(question.clone()), now, language),
    };
    let line = app.exchange.context().line(question.line.e164());
    show(&StatePage {
        layout: visitor.layout(Section::Ask, visitor.say("Uw vraag", "Your question")),
        service: say::asked(&app, &question.service, question.inside, language),
        place: say::place(question.postcode, place.as_ref().map(|place| place.spoken())),
        when: words::when(now, question.wanted_at, language),
        down: down.filter(|_| told.open).map(|down| down.why.to_whoever_put_it_there(language)),
        told,
        here: format!("{PAGE}/{link}"),
        line: line.map(|line| line.number.in_full()).unwrap_or_default(),
    })
}

/// It is no longer needed.
pub(in super::super) async fn no_longer(
    State(app): State<App>,
    visitor: Visitor,
    Path(link): Path<String>,
) -> Answer {
    let token = Token::parse(&link).ok_or(Fault::NotHere)?;
    if !app.exchange.withdraw_question(token.hash()).await? {
        return Err(Fault::NotHere);
    }
    let told = visitor
        .say("Goed. Wij bellen er niemand meer over.", "Fine. We ring nobody about it any more.");
    Ok(visitor.done(&format!("{PAGE}/{link}"), told))
}

/// Before it is a request.
fn of_question(question: &Question, now: Timestamp, language: Language) -> Told {
    let told = |class, title: &str, next: &str, open, moves| Told {
        class,
        title: title.to_owned(),
        next: next.to_owned(),
        open,
        moves,
    };
    match question.ended {
        Some(QuestionEnded::Withdrawn) => told(
            "",
            language.pick("Ingetrokken", "Withdrawn"),
            language.pick("Er wordt niemand gebeld.", "Nobody is rung."),
            false,
            false,
        ),
        Some(QuestionEnded::Silent) => told(
            "no",
            language.pick("Wij kregen u niet te pakken", "We could not reach you"),
            language.pick(
                "Daarom zoeken wij voor deze vraag niemand. Bel ons, dan helpen wij u meteen.",
                "So we are not looking for anybody for this. Ring us, and we help at once.",
            ),
            false,
            false,
        ),
        None => match question.ring_at {
            Some(at) if at > now + SOON => {
                let at = say::when(now, at, language);
                let title = match (language, question.tries) {
                    (Language::Nl, 0) => format!("Wij bellen u {at}"),
                    (Language::En, 0) => format!("We ring you {at}"),
                    (Language::Nl, _) => format!("U nam niet op. Wij bellen u nog eens: {at}"),
                    (Language::En, _) => {
                        format!("You did not pick up. We ring you once more: {at}")
                    }
                };
                told(
                    "busy",
                    &title,
                    language.pick(
                        "Neem op en toets 1. Pas daarna zoeken wij iemand.",
                        "Pick up and press 1. Only then do we look for somebody.",
                    ),
                    true,
                    false,
                )
            }
            _ => told(
                "busy",
                language.pick("Wij bellen u nu", "We are ringing you now"),
                language.pick(
                    "Neem op en toets 1. Pas daarna zoeken wij iemand.",
                    "Pick up and press 1. Only then do we look for somebody.",
                ),
                true,
                true,
            ),
        },
    }
}

/// From then on; neighbours are rung from `rings_from` on.
fn of_request(
    seen: &RequestSeen,
    promised: Option<Timestamp>,
    (now, rings_from): (Timestamp, Timestamp),
    language: Language,
) -> Told {
    let told = |class, title: String, next: &str, open, moves| Told {
        class,
        title,
        next: next.to_owned(),
        open,
        moves,
    };
    let say = |nl, en| language.pick(nl, en);
    let starts_at = seen.intake.as_ref().and_then(|intake| intake.starts_at);
    let from = match seen.standing {
        Stand::Planned => starts_at.unwrap_or(now).max(rings_from),
        _ => rings_from,
    };
    match (seen.standing, seen.outcome) {
        (_, Some(Outcome::Connected)) => told(
            "yes",
            say("Gelukt: u hebt elkaar gesproken", "It worked: you have spoken with each other")
                .to_owned(),
            say(
                "Kwam het er toch niet van? Vraag het gerust opnieuw.",
                "Did it not work out after all? Feel free to ask again.",
            ),
            false,
            false,
        ),
        (_, Some(Outcome::NotNeeded | Outcome::Stopped)) => told(
            "",
            say("Niet meer nodig", "No longer needed").to_owned(),
            say(
                "Dat hebt u ons verteld. Er wordt niemand meer gebeld.",
                "You told us so. Nobody is rung any more.",
            ),
            false,
            false,
        ),
        (Stand::Planned | Stand::Searching, _) if from > now + SOON => {
            let at = say::when(now, from, language);
            told(
                "busy",
                match language {
                    Language::Nl => format!("Wij zoeken iemand vanaf {at}"),
                    Language::En => format!("We look for somebody from {at}"),
                },
                say(
                    "Zegt iemand ja, dan bellen wij u en verbinden wij u met elkaar.",
                    "When somebody says yes, we ring you and connect you with each other.",
                ),
                true,
                false,
            )
        }
        (Stand::Planned | Stand::Searching, _) => told(
            "busy",
            say("Wij zoeken iemand bij u in de buurt", "We are looking for somebody near you")
                .to_owned(),
            say(
                "Wij bellen buren, één voor één. Zegt iemand ja, dan bellen wij u en verbinden wij u met elkaar. Ook als het niet lukt, hoort u van ons.",
                "We ring neighbours, one after another. When somebody says yes, we ring you and connect you with each other. Even if we find no one, you will hear from us.",
            ),
            true,
            true,
        ),
        (Stand::Settled, _) => told(
            "yes",
            say("Afgerond", "Settled").to_owned(),
            say(
                "Nog iets nodig? Vraag het gerust opnieuw.",
                "Anything else? Feel free to ask again.",
            ),
            false,
            false,
        ),
        (Stand::Promised | Stand::Over, _) => match promised {
            Some(due) => told(
                "busy",
                match language {
                    Language::Nl => format!(
                        "Een medewerker belt u, uiterlijk {}",
                        say::when(now, due, language)
                    ),
                    Language::En => {
                        format!("Our staff ring you, by {}", say::when(now, due, language))
                    }
                },
                say("Samen kijken wij hoe het wel kan.", "Together we see how it can be done."),
                true,
                false,
            ),
            None => told(
                "",
                say("Wij zijn klaar met zoeken", "We are done looking").to_owned(),
                say(
                    "Nog iets nodig? Vraag het gerust opnieuw, of bel ons.",
                    "Anything else? Feel free to ask again, or ring us.",
                ),
                false,
                false,
            ),
        },
    }
}
