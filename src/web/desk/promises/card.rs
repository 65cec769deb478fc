//! A promise in words: what it is, whose, how late, and the message that came with it.

use super::super::requests::on;
use super::super::say::{how_long, line_name, place, service, when};
use super::super::signed_in::SignedIn;
use super::reported::how_often;
use crate::domain::{Language, Timestamp};
use crate::store::{KeptHow, PromiseKind, PromiseSeen, SoundState};
use crate::web::App;

/// A promise in words.
pub(in crate::web::desk) struct Card {
    pub(in crate::web::desk) id: i64,
    pub(in crate::web::desk) what: String,
    /// It is the coordinator's, whose page is that of the request.
    pub(in crate::web::desk) coordinators: bool,
    pub(in crate::web::desk) whom: Option<String>,
    pub(in crate::web::desk) has_number: bool,
    pub(in crate::web::desk) line: String,
    pub(in crate::web::desk) about: Option<String>,
    pub(in crate::web::desk) request: Option<i64>,
    pub(in crate::web::desk) made: String,
    pub(in crate::web::desk) due: String,
    pub(in crate::web::desk) late: Option<String>,
    pub(in crate::web::desk) yours: bool,
    pub(in crate::web::desk) theirs: Option<String>,
    pub(in crate::web::desk) kept: Option<String>,
    pub(in crate::web::desk) message: Option<MessageLine>,
    /// Something on the board is to be looked at: how often it was reported, and why.
    pub(in crate::web::desk) reported: Option<String>,
    /// That is an offer.
    pub(in crate::web::desk) offered: bool,
}

/// A message in words.
pub(in crate::web::desk) struct MessageLine {
    pub(in crate::web::desk) id: i64,
    pub(in crate::web::desk) length: String,
    pub(in crate::web::desk) left: String,
    pub(in crate::web::desk) plays: bool,
    /// Why it does not play, and what to do.
    pub(in crate::web::desk) instead: String,
    pub(in crate::web::desk) may_ask_again: bool,
}

pub(in crate::web::desk) fn card(
    app: &App,
    you: &SignedIn,
    seen: &PromiseSeen,
    now: Timestamp,
) -> Card {
    let language = you.language;
    let about = match (&seen.service, seen.postcode) {
        (Some(asked), Some(postcode)) => {
            let name = service(app, asked, language);
            Some(format!("{name}, {}", place(postcode, seen.place.as_deref())))
        }
        (Some(asked), None) => Some(service(app, asked, language)),
        _ => None,
    };
    let offer = seen.reported.as_ref().and_then(|reported| reported.offer.as_ref());
    let about = match (about, offer) {
        (Some(about), Some(offer)) => Some(format!("{about}, {}", on(now, offer.day, language))),
        (about, _) => about,
    };
    let whom = seen.whom.as_ref().map(|phone| match &seen.name {
        Some(name) => format!("{name}, {phone}"),
        None => phone.to_string(),
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
        reported: seen.reported.as_ref().map(|reported| how_often(reported, language)),
        offered: offer.is_some(),
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
        (PromiseKind::BoardLookedAt, _) => {
            ("Prikbord: hoort dit hier?", "Board: does this belong here?")
        }
    };
    language.pick(nl, en)
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
    language.pick(nl, en)
}

pub(in crate::web::desk) fn kept_how(how: KeptHow, language: Language) -> &'static str {
    let (nl, en) = match how {
        KeptHow::Spoken => ("gesproken", "spoken to"),
        KeptHow::NotNeeded => ("niet meer nodig", "no longer needed"),
        KeptHow::PassedOn => ("doorgegeven aan iemand anders", "passed on to somebody else"),
        KeptHow::NotReached => ("niet bereikt, afgesloten", "not reached, closed"),
        KeptHow::TakenDown => ("van het prikbord gehaald", "taken off the board"),
        KeptHow::LeftThere => ("mag blijven staan", "may stay there"),
    };
    language.pick(nl, en)
}
