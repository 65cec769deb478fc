//! `/mijn/prikbord`: what neighbours ask and offer, without names and without places. "I will do it"
//! rings; nothing is agreed by a click.

mod misplaced;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::mine::myself;
use super::page::show_typed;
use super::{Fields, Layout, Me, Section};
use crate::dispatch::choose::PassedOver;
use crate::domain::hours::day_in_words;
use crate::domain::{Language, Misplaced, OfferId, Pinned, RequestId, ServiceId, Timestamp};
use crate::exchange::{OfferTaken, Offered, TakenUp};
pub(super) use misplaced::{report_offer, report_request};

use crate::store::{BoardOffer, BoardRequest, Looker, PostedOffer};
use crate::web::fault::Answer;
use crate::web::typed::{Typed, Wrong};
use crate::web::{App, say};

const PAGE: &str = "/mijn/prikbord";
/// The form with which something is offered.
const OFFER: &str = "aanbod";

#[derive(Template)]
#[template(path = "portal/templates/board.html")]
struct BoardPage {
    layout: Layout,
    typed: Typed,
    asked: Vec<Card>,
    offered: Vec<Card>,
    own: Vec<Card>,
    /// What they can offer: what they like to do, where a line works.
    services: Vec<(String, String)>,
    /// They like to do something.
    does_something: bool,
    /// Why something does not belong here: codes and words.
    whys: [(&'static str, &'static str); 4],
    /// The first and the last day of an offer.
    days: (String, String),
}

/// One request, or one offer.
struct Card {
    /// Where its form goes.
    id: i64,
    /// What.
    what: String,
    /// When, and how far.
    facts: String,
    /// The form that says that it does not belong here; of one's own there is none.
    report: String,
    /// Of one's own: somebody took it up.
    taken: bool,
    /// Of one's own: the desk took it down, for this reason.
    down: Option<&'static str>,
}

/// Everything that they could take up, and what they offer themselves.
pub(super) async fn page(State(app): State<App>, me: Me) -> Answer {
    board(&app, &me, Typed::default()).await
}

async fn board(app: &App, me: &Me, typed: Typed) -> Answer {
    let (now, language) = (app.exchange.now(), me.visitor.language);
    let person = myself(app, me.id).await?;
    let (exchange, who) = (app.exchange.clone(), me.id);
    let (place, languages) = (person.row.postcode, person.known.languages.clone());
    let read = app.exchange.store().read(move |tx| {
        let context = exchange.context();
        let flows = context.flows.current();
        let conditions = |id: &ServiceId| flows.catalogue().conditions(id);
        let looker = Looker {
            who,
            lines: &context.lines,
            conditions: &conditions,
            numbering: context.numbering,
            now,
        };
        let asked = tx.board_requests(&looker)?;
        let offered = tx.board_offers(&looker, place, &languages)?;
        let own = tx.own_offers(who, now)?.into_iter().map(|one| {
            let down = tx.taken_down(Pinned::Offer(one.id))?;
            Ok((one, down.map(|down| down.why)))
        });
        let own = own.collect::<Result<Vec<_>, crate::store::StoreError>>()?;
        Ok::<_, crate::store::StoreError>((asked, offered, own))
    });
    let (asked, offered, own) = read.await?;
    let today = now.wall_clock().date();
    let services = person.known.everything();
    let lines = &app.exchange.context().lines;
    let works = |id: &&ServiceId| {
        let there = person.known.does_it_at(id).unwrap_or(place);
        lines.iter().any(|line| line.area.contains(&there) && line.services.contains(id))
    };
    let title = me.say("Het prikbord van de buurt", "The board of the neighbourhood");
    let page = BoardPage {
        layout: me.layout(Section::Board, title).with(&typed, PAGE),
        asked: asked.iter().map(|one| of_request(app, one, now, language)).collect(),
        offered: offered.iter().map(|one| of_offer(app, one, now, language)).collect(),
        own: own.iter().map(|(one, down)| of_own(app, one, *down, now, language)).collect(),
        does_something: !services.is_empty(),
        services: services
            .iter()
            .filter(works)
            .map(|id| (id.as_str().to_owned(), say::service(app, id, language)))
            .collect(),
        whys: Misplaced::ALL.map(|why| (why.code(), why.sentence(language))),
        days: (today.to_string(), (today + chrono::Days::new(31)).to_string()),
        typed,
    };
    show_typed(&page, &page.typed)
}

fn of_request(app: &App, one: &BoardRequest, now: Timestamp, language: Language) -> Card {
    let when = match one.wanted_at {
        Some(at) => say::when(now, at, language),
        None => language.pick("zo snel mogelijk", "as soon as possible").to_owned(),
    };
    Card {
        id: one.request.0,
        what: wish(app, one, language),
        facts: format!("{when}, {}", how_far(one.metres, language)),
        report: misplaced::form(Pinned::Request(one.request)),
        taken: false,
        down: None,
    }
}

fn of_offer(app: &App, one: &BoardOffer, now: Timestamp, language: Language) -> Card {
    Card {
        id: one.offer.id.0,
        what: invitation(app, &one.offer.service, language),
        facts: format!("{}, {}", day(&one.offer, now, language), how_far(one.metres, language)),
        report: misplaced::form(Pinned::Offer(one.offer.id)),
        taken: false,
        down: None,
    }
}

fn of_own(
    app: &App,
    one: &PostedOffer,
    down: Option<Misplaced>,
    now: Timestamp,
    language: Language,
) -> Card {
    Card {
        id: one.id.0,
        what: invitation(app, &one.service, language),
        facts: day(one, now, language),
        report: String::new(),
        down: down.map(|why| why.to_whoever_put_it_there(language)),
        taken: one.answered_by.is_some(),
    }
}

/// What somebody would like, as a neighbour hears it.
fn wish(app: &App, one: &BoardRequest, language: Language) -> String {
    let flows = app.exchange.context().flows.current();
    let service = flows.catalogue().service(&one.service);
    let task = service.map(|it| it.asked(one.inside, language).to_owned());
    let task = task.filter(|task| !task.is_empty());
    let task = task.unwrap_or_else(|| say::service(app, &one.service, language));
    match language {
        Language::Nl => format!("Iemand wil graag {task}."),
        Language::En => format!("Somebody would like {task}."),
    }
}

/// How an offer is put to others.
fn invitation(app: &App, service: &ServiceId, language: Language) -> String {
    let flows = app.exchange.context().flows.current();
    let put = flows.catalogue().service(service).and_then(|s| s.offer(language).map(str::to_owned));
    put.unwrap_or_else(|| say::service(app, service, language))
}

fn day(offer: &PostedOffer, now: Timestamp, language: Language) -> String {
    let noon = offer.day.and_hms_opt(12, 0, 0).unwrap_or_default();
    day_in_words(now, Timestamp::from_wall_clock(noon), language)
}

/// A distance as neighbours say it: never so near that it points at a house.
fn how_far(metres: u32, language: Language) -> String {
    match (metres, language) {
        (0..1_000, Language::Nl) => "vlak bij u".to_owned(),
        (0..1_000, Language::En) => "near you".to_owned(),
        (1_000..2_000, Language::Nl) => "een kwartiertje lopen".to_owned(),
        (1_000..2_000, Language::En) => "a short walk".to_owned(),
        (far, Language::Nl) => format!("ongeveer {} km verder", far.div_ceil(1_000)),
        (far, Language::En) => format!("about {} km away", far.div_ceil(1_000)),
    }
}

/// "I will do it."
pub(super) async fn will_do(State(app): State<App>, me: Me, Path(request): Path<i64>) -> Answer {
    let taken = app.exchange.come_forward(me.id, RequestId(request)).await?;
    let (now, language) = (app.exchange.now(), me.visitor.language);
    Ok(match taken {
        TakenUp::Rings => done(
            &me,
            "Wat fijn! Uw telefoon gaat zo over. Toets 1, dan bellen wij uw buurtgenoot en verbinden wij u met elkaar.",
            "Wonderful! Your telephone rings in a moment. Press 1; we then ring your neighbour and connect you.",
        ),
        TakenUp::Next => done(
            &me,
            "Wat fijn! Er wordt net iemand anders gebeld. Komt het daar niet uit, dan bellen wij u meteen.",
            "Wonderful! Somebody else is being rung just now. If it does not suit there, we ring you at once.",
        ),
        TakenUp::AnotherIsFirst => warned(
            &me,
            "Iemand anders was u net voor. Toch heel fijn dat u wilde.",
            "Somebody else was just before you. Still, how good of you.",
        ),
        TakenUp::Gone => warned(
            &me,
            "Deze vraag is al opgelost. Toch heel fijn dat u wilde.",
            "This question has been solved already. Still, how good of you.",
        ),
        TakenUp::Closed(opens) => {
            let opens = say::when(now, opens, language);
            me.warned(
                PAGE,
                match language {
                    Language::Nl => {
                        format!("Op dit uur bellen wij niemand. Probeer het weer vanaf {opens}.")
                    }
                    Language::En => format!("We ring nobody at this hour. Try again from {opens}."),
                },
            )
        }
        TakenUp::NotNow(PassedOver::InACall) => warned(
            &me,
            "Uw telefoon is nu bezet door een gesprek met ons. Probeer het zo nog eens.",
            "Your telephone is in a call with us just now. Try again in a moment.",
        ),
        TakenUp::NotNow(PassedOver::Paused(_)) => warned(
            &me,
            "U hebt pauze. Doe eerst weer mee, op Mijn pagina; dan kunt u deze vraag oppakken.",
            "You are taking a pause. Begin again first, on My page; then you can take this question up.",
        ),
        TakenUp::NotNow(_) => warned(
            &me,
            "Deze vraag past nu niet bij hoe u meedoet. Kijk op Mijn pagina naar uw diensten en afstand.",
            "This question does not go with how you take part. See your services and distance on My page.",
        ),
    })
}

/// Offers something.
pub(super) async fn offers(State(app): State<App>, me: Me, form: Fields) -> Answer {
    let mut wrong = Wrong::none(me.visitor.language);
    let service = ServiceId::parse(form.get("dienst")).ok();
    if service.is_none() {
        wrong.say("dienst", "Kies wat u aanbiedt.", "Choose what you offer.");
    }
    let day = form.get("dag").parse().ok();
    if day.is_none() {
        wrong.say("dag", "Kies een dag.", "Choose a day.");
    }
    let (Some(service), Some(day)) = (service, day) else {
        return board(&app, &me, Typed::refused(OFFER, form, wrong)).await;
    };
    let (field, nl, en) = match app.exchange.post_offer(me.id, service, day).await? {
        Offered::Posted(_) => {
            return Ok(done(
                &me,
                "Het staat op het prikbord. Wil iemand het graag, dan bellen wij u.",
                "It is on the board. When somebody would like it, we ring you.",
            ));
        }
        Offered::Already => {
            let nl = "Dit stond er al, voor die dag.";
            return Ok(warned(&me, nl, "This was there already, for that day."));
        }
        Offered::TakenDown => (
            "dienst",
            "Het loket heeft dit voor die dag van het prikbord gehaald. Klopt dat niet? Bel ons gerust.",
            "The desk took this off the board for that day. Is that not right? Feel free to ring us.",
        ),
        Offered::NotTheirs => (
            "dienst",
            "Dit hoort niet bij wat u graag doet. Zet het eerst aan op Mijn pagina.",
            "This is not among what you like to do. Switch it on first, on My page.",
        ),
        Offered::NoLine => (
            "dienst",
            "Dit kan bij u in de buurt nog niet.",
            "This is not possible in your neighbourhood yet.",
        ),
        Offered::NoSuchDay => (
            "dag",
            "Kies een dag vanaf vandaag, binnen een maand.",
            "Choose a day from today on, within a month.",
        ),
        Offered::Enough => (
            "dienst",
            "U biedt al veel aan. Haal eerst iets weg.",
            "You offer a lot already. Take something away first.",
        ),
        Offered::NotTakingPart => (
            "dienst",
            "U hebt pauze. Doe eerst weer mee, op Mijn pagina.",
            "You are taking a pause. Begin again first, on My page.",
        ),
    };
    wrong.say(field, nl, en);
    board(&app, &me, Typed::refused(OFFER, form, wrong)).await
}

/// Takes an offer up.
pub(super) async fn takes_up(State(app): State<App>, me: Me, Path(offer): Path<i64>) -> Answer {
    let (now, language) = (app.exchange.now(), me.visitor.language);
    Ok(match app.exchange.take_up_offer(me.id, OfferId(offer), language).await? {
        OfferTaken::Rings => done(
            &me,
            "Wat leuk! Wij bellen nu uw buurtgenoot, en daarna u. Komt het daar toch niet uit, dan vragen wij anderen.",
            "How nice! We ring your neighbour now, and then you. If it does not suit there after all, we ask others.",
        ),
        OfferTaken::RingsFrom(from) => {
            let from = say::when(now, from, language);
            me.done(PAGE, match language {
                Language::Nl => format!("Wat leuk! Wij bellen uw buurtgenoot {from}, want eerder komt het daar niet uit. Daarna bellen wij u."),
                Language::En => format!("How nice! We ring your neighbour {from}, as it does not suit there before. After that we ring you."),
            })
        }
        OfferTaken::Gone => warned(
            &me,
            "Iemand anders was u net voor, of het is weer weggehaald.",
            "Somebody else was just before you, or it was taken back.",
        ),
        OfferTaken::NotNow => warned(
            &me,
            "Dat lukt nu niet. Vraag het gewoon: dan zoeken wij iemand.",
            "That does not work just now. Simply ask, and we look for somebody.",
        ),
    })
}

/// Takes one's own offer back.
pub(super) async fn takes_back(State(app): State<App>, me: Me, Path(offer): Path<i64>) -> Answer {
    Ok(match app.exchange.withdraw_offer(me.id, OfferId(offer)).await? {
        true => done(&me, "Het is van het prikbord gehaald.", "It was taken off the board."),
        false => warned(&me, "Dit stond er niet meer.", "This was not there any more."),
    })
}

fn done(me: &Me, nl: &str, en: &str) -> Response {
    me.done(PAGE, me.visitor.language.pick(nl, en))
}

fn warned(me: &Me, nl: &str, en: &str) -> Response {
    me.warned(PAGE, me.visitor.language.pick(nl, en))
}
