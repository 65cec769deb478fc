//! `/loket/prikbord`: what neighbours offer and which questions they see; and the part of a request's
//! page that puts it there.
//!
//! Whoever is on the telephone with the desk can be told that somebody goes shopping on Friday. What
//! the desk puts on the board, whoever asks has agreed to.

use askama::Template;
use axum::extract::{Path, State};
use chrono::NaiveDate;

use super::super::fault::{Answer, Fault};
use super::super::layout::{Layout, Section};
use super::super::page::show;
use super::super::participants::whose;
use super::super::promises::told_looked_at;
use super::super::say::{day, line_name, place, service};
use super::super::signed_in::{Fields, SignedIn};
use super::{PAGE, Row, one, row, theirs};
use crate::domain::{
    About, Deed, Language, Misplaced, OfferId, Pinned, RequestId, Right, ServiceId, Timestamp,
};
use crate::store::{OfferSeen, OnBoard, RequestSeen, StoreError, Whose};
use crate::web::App;
use crate::web::say::when;
use crate::web::typed::{Typed, Wrong};

#[derive(Template)]
#[template(path = "desk/templates/notice_board.html")]
struct BoardPage {
    layout: Layout,
    offers: Vec<Offer>,
    requests: Vec<Row>,
    /// Why an offer does not belong there: codes and words.
    whys: [(&'static str, &'static str); 4],
}

/// An offer in words.
pub(super) struct Offer {
    pub(super) id: i64,
    /// The promise to look at it, if it was reported and this operator keeps promises.
    pub(super) reported: Option<i64>,
    pub(super) what: String,
    pub(super) day: String,
    pub(super) place: String,
    /// A name, for those who may see it.
    pub(super) who: String,
    /// Their page, for the same.
    pub(super) participant: Option<i64>,
    pub(super) line: String,
    /// It is for the day of the request beside which it stands.
    pub(super) that_day: bool,
}

/// What stands about the board on a request's page.
pub(super) struct Card {
    /// On the board, since then.
    pub(super) since: Option<String>,
    /// It could be put there.
    pub(super) may: bool,
    pub(super) offers: Vec<Offer>,
}

impl Card {
    pub(super) fn is_empty(&self) -> bool {
        self.since.is_none() && !self.may && self.offers.is_empty()
    }
}

/// Everything on the board that is this operator's to see.
pub(in super::super) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    let now = app.exchange.now();
    let read = app.exchange.store().read(move |tx| {
        let mut requests = Vec::new();
        for id in tx.requests_on_board()? {
            requests.extend(tx.request_seen(id)?);
        }
        Ok::<_, StoreError>((tx.open_offers(now)?, requests))
    });
    let (offers, requests) = read.await?;
    let requests = requests.iter().filter(|one| you.operator.sees(&one.line, one.postcode));
    show(&BoardPage {
        layout: you.layout(
            Section::Requests,
            you.say("Prikbord van de buurt", "Board of the neighbourhood"),
        ),
        requests: requests.map(|one| row(&app, &you, one, now)).collect(),
        offers: in_words(&app, &you, &offers, None),
        whys: Misplaced::ALL.map(|why| (why.code(), why.in_short(you.language))),
    })
}

/// What there is to know of the board beside one request.
pub(super) async fn beside(
    app: &App,
    you: &SignedIn,
    seen: &RequestSeen,
) -> Result<Card, StoreError> {
    let (now, request) = (app.exchange.now(), seen.id);
    let exchange = app.exchange.clone();
    let line = seen.line.clone();
    let read = app.exchange.store().read(move |tx| {
        let on_board = tx.on_board(request)?;
        let waits = on_board != OnBoard::No || tx.not_searched_yet(request)?.is_some();
        let context = exchange.context();
        let (Some(line), true) = (context.line(line.e164()), waits) else {
            return Ok((on_board, Vec::new(), tx.day_of(request, now)?));
        };
        let flows = context.flows.current();
        let conditions = |id: &ServiceId| flows.catalogue().conditions(id);
        let offers = tx.offers_for(request, line, &conditions, context.numbering, now)?;
        Ok::<_, StoreError>((on_board, offers, tx.day_of(request, now)?))
    });
    let (on_board, offers, its_day) = read.await?;
    Ok(Card {
        since: match on_board {
            OnBoard::Since(at) => Some(when(now, at, you.language)),
            OnBoard::NotYet | OnBoard::No => None,
        },
        may: on_board == OnBoard::NotYet,
        offers: in_words(app, you, &offers, Some(its_day)),
    })
}

/// Those that are this operator's to see.
fn in_words(
    app: &App,
    you: &SignedIn,
    offers: &[OfferSeen],
    its_day: Option<NaiveDate>,
) -> Vec<Offer> {
    let (now, language, whose) = (app.exchange.now(), you.language, whose(app, you));
    let theirs = offers.iter().filter(|seen| {
        let offer = &seen.offer;
        you.operator.sees(&offer.line, Some(offer.postcode))
    });
    let words = |seen: &OfferSeen| {
        let offer = &seen.offer;
        let may_know = match &whose {
            Whose::Everybody => true,
            Whose::Of { areas, .. } => areas.contains(&offer.postcode),
        };
        let unnamed = you.say("een deelnemer", "somebody who takes part");
        let named = may_know && !seen.name.is_empty();
        let keeps = you.operator.role.may(Right::KeepPromises);
        Offer {
            id: offer.id.0,
            reported: seen.reported.filter(|_| keeps),
            what: service(app, &offer.service, language),
            day: on(now, offer.day, language),
            place: place(offer.postcode, seen.place.as_deref()),
            who: if named { seen.name.clone() } else { unnamed.to_owned() },
            participant: may_know.then_some(offer.participant.0),
            line: line_name(app, &offer.line),
            that_day: its_day == Some(offer.day),
        }
    };
    theirs.map(words).collect()
}

/// A day from today on: `vandaag`, `morgen`, `vr 27 nov`.
pub(in super::super) fn on(now: Timestamp, date: NaiveDate, language: Language) -> String {
    let say = |nl: &str, en: &str| language.pick(nl, en).to_owned();
    match (date - now.wall_clock().date()).num_days() {
        0 => say("vandaag", "today"),
        1 => say("morgen", "tomorrow"),
        _ => {
            let noon = date.and_hms_opt(12, 0, 0).unwrap_or_default();
            day(now, Timestamp::from_wall_clock(noon), language)
        }
    }
}

/// Takes an offer off the board, whether or not it was reported.
pub(in super::super) async fn take_offer_down(
    State(app): State<App>,
    you: SignedIn,
    Path(offer): Path<i64>,
    form: Fields,
) -> Answer {
    const BOARD: &str = "/loket/prikbord";
    let id = OfferId(offer);
    let offer = app.exchange.store().read(move |tx| tx.posted_offer(id)).await?;
    let theirs = offer.is_some_and(|offer| you.operator.sees(&offer.line, Some(offer.postcode)));
    if !theirs {
        return Err(Fault::NotHere);
    }
    let Some(why) = Misplaced::parse(form.get("waarom")) else {
        return Ok(you.warned(BOARD, you.say("Kies waarom.", "Choose why.")));
    };
    let looked = app.exchange.take_down(Pinned::Offer(id), why, you.operator.id).await?;
    Ok(told_looked_at(&you, BOARD, looked, app.exchange.now()))
}

/// Puts a request on the board, as whoever asks agreed; or takes it off.
pub(in super::super) async fn put(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    theirs(&app, &you, id).await?;
    let takes_off = form.get("wat") == "eraf";
    if !takes_off && form.get("akkoord") != "ja" {
        let wrong = Wrong::only(
            you.language,
            "akkoord",
            "Alleen als de persoon het goed vindt. Vraag het, en vink het aan.",
            "Only if the person agrees. Ask, and tick the box.",
        );
        return one(&app, &you, id, None, Typed::refused("prikbord", form, wrong)).await;
    }
    let (now, by, request) = (app.exchange.now(), you.operator.id, RequestId(id));
    let changed = app.exchange.store().write(move |tx| {
        let (changed, deed) = match takes_off {
            true => (tx.take_off_board(request)?, Deed::RequestTakenOffBoard),
            false if tx.on_board(request)? == OnBoard::No => (false, Deed::RequestPutOnBoard),
            false => (tx.put_on_board(request, now)?, Deed::RequestPutOnBoard),
        };
        if changed {
            tx.audit(by, deed, &About::Request(request), now)?;
        }
        Ok::<_, StoreError>(changed)
    });
    let path = format!("{PAGE}/{id}");
    Ok(match (changed.await?, takes_off) {
        (true, false) => you.done(
            &path,
            you.say("De vraag staat op het prikbord.", "The request is on the board."),
        ),
        (true, true) => you
            .done(&path, you.say("De vraag is van het prikbord.", "The request is off the board.")),
        (false, _) => you.warned(
            &path,
            you.say(
                "Dit was al zo, of er wordt voor deze vraag niemand meer gezocht.",
                "It was so already, or nobody is looked for any more.",
            ),
        ),
    })
}
