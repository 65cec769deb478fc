//! `/loket/vragen`: what was asked, how it went, and how it ended.

mod caller;
mod entry;
mod helpers;
mod notice_board;
mod words;
mod worklist;

use std::time::Duration;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;

use super::fault::{Answer, Fault};
use super::layout::{Layout, Section};
use super::notes::{self, NoteLine};
use super::page::{show, show_typed};
use super::participants::note_digits;
use super::promises::{Card, card};
use super::say::{asked, line_name, lines_of, place, service, when};
use super::signed_in::{Fields, SignedIn};
use super::sought;
use crate::domain::{
    About, Deed, Language, NotWritten, Phone, Postcode, RequestId, Role, ServiceId, Timestamp,
};
use crate::exchange::Entered;
use crate::store::{NoteAbout, RequestFilter, RequestSeen, Settled, SettledHow, Stand, StoreError};
use crate::web::App;
use crate::web::marks::Mark;
use crate::web::typed::{Typed, Wrong};

pub(super) use entry::{enter, entry_page};
pub(super) use notice_board::{on, page as notice_board, put as put_on_board, take_offer_down};
pub(super) use worklist::{nobodys, set_routes, worklist};

const PAGE: &str = "/loket/vragen";
/// Most requests on one page; a filter narrows them down.
const MOST: usize = 100;

/// What stands in the address of the list. What does not read is left out of the filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    lijn: String,
    stand: String,
    dienst: String,
    postcode: String,
    van: String,
    tot: String,
    /// What is looked for, sealed.
    gezocht: String,
}

impl Asked {
    /// Whether it is narrowed down by more than a search or how it stands.
    fn more(&self) -> bool {
        [&self.lijn, &self.dienst, &self.postcode, &self.van, &self.tot]
            .iter()
            .any(|it| !it.is_empty())
    }
}

#[derive(Template)]
#[template(path = "desk/templates/requests.html")]
struct RequestsPage {
    layout: Layout,
    asked: Asked,
    sought: String,
    rows: Vec<Row>,
    lines: Vec<Choice>,
    services: Vec<Choice>,
    standings: Vec<Choice>,
    more: bool,
}

/// A choice in a list, and whether it is chosen.
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

/// A request in one row.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) asked: String,
    pub(super) service: String,
    pub(super) place: String,
    pub(super) whom: String,
    pub(super) line: String,
    pub(super) class: &'static str,
    pub(super) standing: String,
    pub(super) wanted: Option<String>,
}

/// On to the list with what was filled in above it.
pub(super) async fn look_up(you: SignedIn, form: Fields) -> Answer {
    sought::leads_to(&you, PAGE, &form, &["stand", "dienst", "lijn", "postcode", "van", "tot"])
}

/// Requests that fit what stands in the address.
pub(super) async fn list(
    State(app): State<App>,
    you: SignedIn,
    Query(asked): Query<Asked>,
) -> Answer {
    let now = app.exchange.now();
    let mut layout = you.layout(Section::Requests, you.say("Vragen", "Requests"));
    let sought = sought::from_address(&you, &asked.gezocht, &mut layout);
    note_digits(&app, &you, &sought).await?;
    let filter = filter_of(&app, &you, &asked, &sought);
    let operator = you.operator.clone();
    let read = app.exchange.store().read(move |tx| tx.requests(&operator, &filter, MOST + 1));
    let mut rows: Vec<Row> = read.await?.iter().map(|one| row(&app, &you, one, now)).collect();
    let more = rows.len() > MOST;
    rows.truncate(MOST);
    let lines = lines_of(&app, &you).into_iter().map(|line| Choice {
        code: line.number.e164().to_owned(),
        name: line.name.clone(),
        chosen: asked.lijn == line.number.e164(),
    });
    let standings = Stand::ALL.into_iter().map(|standing| Choice {
        code: standing.code().to_owned(),
        name: words::standing(standing, you.language).to_owned(),
        chosen: asked.stand == standing.code(),
    });
    show(&RequestsPage {
        layout,
        sought,
        rows,
        lines: lines.collect(),
        services: services(&app, &you, &asked.dienst),
        standings: standings.collect(),
        more,
        asked,
    })
}

fn filter_of(app: &App, you: &SignedIn, asked: &Asked, sought: &str) -> RequestFilter {
    let day = |text: &str| Timestamp::parse(text).filter(|_| text.len() == "2026-11-24".len());
    let lines = lines_of(app, you);
    RequestFilter {
        line: lines.iter().find(|l| l.number.e164() == asked.lijn).map(|l| l.number.clone()),
        standing: Stand::parse(&asked.stand),
        service: ServiceId::parse(&asked.dienst).ok(),
        postcode: Postcode::parse(&asked.postcode).ok(),
        from: day(&asked.van),
        // The last day is in it, also when it has 23 or 25 hours.
        until: day(&asked.tot).map(|at| (at + Duration::from_secs(26 * 3600)).start_of_day()),
        search: Some(sought.to_owned()).filter(|text| !text.is_empty()),
    }
}

/// What may be asked on the lines of somebody, in the order of the catalogue.
fn services(app: &App, you: &SignedIn, chosen: &str) -> Vec<Choice> {
    let flows = app.exchange.context().flows.current();
    let lines = &app.exchange.context().lines;
    let offered = |id: &&ServiceId| lines.iter().any(|line| line.services.contains(id));
    let choice = |id: &ServiceId| Choice {
        code: id.to_string(),
        name: service(app, id, you.language),
        chosen: id.as_str() == chosen,
    };
    flows.catalogue().ids().filter(offered).map(choice).collect()
}

fn row(app: &App, you: &SignedIn, seen: &RequestSeen, now: Timestamp) -> Row {
    let (class, standing) = words::stands(seen, now, you.language);
    let wanted = seen.intake.as_ref().and_then(|intake| intake.wanted_at);
    Row {
        id: seen.id.0,
        asked: when(now, seen.opened_at, you.language),
        service: seen
            .service
            .as_ref()
            .map_or(String::new(), |id| asked(app, id, seen.inside, you.language)),
        place: seen.postcode.map_or(String::new(), |pc| place(pc, seen.place.as_deref())),
        whom: words::whom(seen, you.language),
        line: line_name(app, &seen.line),
        class,
        standing,
        wanted: wanted.map(|at| when(now, at, you.language)),
    }
}

#[derive(Template)]
#[template(path = "desk/templates/request.html")]
struct RequestPage {
    layout: Layout,
    typed: Typed,
    /// Where it is; its forms go below it.
    path: String,
    row: Row,
    number: Option<Phone>,
    has_number: bool,
    participant: Option<i64>,
    facts: Vec<(&'static str, String)>,
    rings: Vec<Ring>,
    journal: Vec<(String, String)>,
    promises: Vec<Card>,
    notes: Vec<NoteLine>,
    /// Ways to settle it; none when it is settled.
    ways: Vec<(String, &'static str)>,
    /// Organisations of the configuration, those that help with this first.
    referrals: Vec<String>,
    organisations: Vec<String>,
    /// Its search can be begun.
    may_search: bool,
    /// Who helped before, and can be asked first.
    helpers: Vec<Choice>,
    asks_nobody_first: bool,
    /// What can be done with the coordinator's promise: its row, and whose it is.
    work: Option<Card>,
    /// The board of the neighbourhood.
    board: notice_board::Card,
}

/// One ring in words.
struct Ring {
    class: &'static str,
    sign: &'static str,
    word: &'static str,
    name: String,
    participant: Option<i64>,
    phone: String,
    at: String,
    reason: String,
}

/// One request, with everything that happened.
pub(super) async fn page(State(app): State<App>, you: SignedIn, Path(id): Path<i64>) -> Answer {
    let (now, by) = (app.exchange.now(), you.operator.id);
    theirs(&app, &you, id).await?;
    app.exchange
        .store()
        .write(move |tx| {
            let (about, since) = (About::Request(RequestId(id)), now - ONE_LOOK);
            if !tx.audited_since(by, Deed::RequestSeen, &about, since)? {
                tx.audit(by, Deed::RequestSeen, &about, now)?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    one(&app, &you, id, None, Typed::default()).await
}

/// Looks within so long are one look for the audit trail.
pub(super) const ONE_LOOK: Duration = Duration::from_secs(10 * 60);

async fn one(app: &App, you: &SignedIn, id: i64, number: Option<Phone>, typed: Typed) -> Answer {
    let now = app.exchange.now();
    let seen = theirs(app, you, id).await?;
    let request = RequestId(id);
    let operator = you.operator.clone();
    let read = app.exchange.store().read(move |tx| {
        Ok::<_, StoreError>((
            tx.rings_of(request)?,
            tx.journal(request)?,
            tx.promises_of_request(request)?,
            tx.desk_notes(NoteAbout::Request(request), now)?,
            tx.referred_to_before()?,
            tx.not_searched_yet(request)?.is_some(),
            tx.helped_asker_of(request, |line, place| operator.sees(line, place))?,
            tx.asked_next(request)?,
        ))
    });
    let (rings, journal, promises, notes, organisations, may_search, helped, next) = read.await?;
    let board = notice_board::beside(app, you, &seen).await?;
    let rings = rings.iter().map(|ring| {
        let mark = Mark::of(&ring.attempt, you.language);
        let participant = ring.participant.as_ref();
        Ring {
            class: mark.class,
            sign: mark.sign,
            word: mark.word,
            name: participant.map_or(String::new(), |(_, name)| name.clone()),
            participant: participant.map(|(id, _)| id.0),
            phone: ring.attempt.phone.to_string(),
            at: when(now, ring.attempt.reserved_at, you.language),
            reason: ring.attempt.reason(you.language).to_owned(),
        }
    });
    let open = seen.settled.is_none();
    let promises: Vec<Card> = promises.iter().map(|one| card(app, you, one, now)).collect();
    let (work, promises) = promises
        .into_iter()
        .partition::<Vec<Card>, _>(|card| card.coordinators && card.kept.is_none());
    let mut facts = words::facts(&seen, now, you.language);
    let chosen = next.as_ref().map(|next| next.who.to_string()).unwrap_or_default();
    let mut choices = helpers::choices(app, you, &helped, &chosen);
    if let Some(next) = next {
        let who = helpers::asked_first(app, you, &next, &mut choices);
        facts.push((words::asked_first(you.language), who));
    }
    let path = format!("{PAGE}/{id}");
    let layout = you.layout(Section::Requests, &words::title(&seen, you.language));
    let page = RequestPage {
        layout: layout.with(&typed, &path),
        row: row(app, you, &seen, now),
        number,
        has_number: seen.whom.is_some(),
        participant: seen.participant.as_ref().map(|(id, _)| id.0),
        facts,
        rings: rings.collect(),
        journal: words::journal(&journal, now, you.language),
        promises,
        notes: notes::lines(notes, now, you.language),
        ways: match open {
            true => {
                SettledHow::ALL.map(|how| (how.code(), words::settled(how, you.language))).to_vec()
            }
            false => Vec::new(),
        },
        referrals: referrals(app, &seen),
        organisations,
        may_search,
        asks_nobody_first: chosen.is_empty(),
        helpers: choices,
        work: work.into_iter().next(),
        board,
        path,
        typed,
    };
    show_typed(&page, &page.typed)
}

/// Begins the search of a request that was entered.
pub(super) async fn search(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    theirs(&app, &you, id).await?;
    let path = format!("{PAGE}/{id}");
    let by = you.operator.id;
    let on_the_line = form.get("aan_de_lijn") == "ja";
    let seat = match on_the_line {
        true => app.exchange.store().read(move |tx| tx.seat(by)).await?,
        false => None,
    };
    if on_the_line && seat.is_none() {
        return Ok(you.warned(&path, words::no_seat(you.language)));
    }
    let begun =
        app.exchange.search_now(RequestId(id), by, seat, helpers::chosen_anew(&form)).await?;
    Ok(match begun {
        Some(Entered::OnTheLine(_, way)) => {
            you.done(&path, words::comes_to_the_line(way, you.language))
        }
        Some(Entered::NotOnTheLine(why)) => you.warned(&path, why.in_words(you.language)),
        None => you.warned(
            &path,
            you.say(
                "Hiervoor wordt al gezocht, of de vraag is afgerond.",
                "This is being searched for already, or the request is settled.",
            ),
        ),
        Some(Entered::Searching(_)) => you.done(
            &path,
            you.say(
                "De centrale zoekt nu, binnen de beltijden.",
                "The exchange searches now, in ringing hours.",
            ),
        ),
        Some(_) => you.warned(
            &path,
            you.say(
                "Er is niemand die gebeld kan worden. Er staat een belofte bij het loket.",
                "There is nobody who can be rung. The desk has a promise.",
            ),
        ),
    })
}

/// Writes down how it ended.
pub(super) async fn settle(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    theirs(&app, &you, id).await?;
    let (how, referred_to) = match ending(&app, &you, &form) {
        Ok(ending) => ending,
        Err(wrong) => {
            let typed = Typed::refused("afronden", form, wrong);
            return one(&app, &you, id, None, typed).await;
        }
    };
    let request = RequestId(id);
    let settled = app.exchange.settle_request(request, how, referred_to, you.operator.id).await?;
    let path = format!("{PAGE}/{id}");
    Ok(match settled {
        Settled::Done => {
            you.done(&path, you.say("De vraag is afgerond.", "The request is settled."))
        }
        Settled::Already { name, at } => {
            let at = when(app.exchange.now(), at, you.language);
            you.warned(
                &path,
                match you.language {
                    Language::Nl => format!("Deze vraag is al afgerond: {name}, {at}."),
                    Language::En => format!("This request is settled already: {name}, {at}."),
                },
            )
        }
    })
}

/// The organisations of the configuration, those that help with this first.
fn referrals(app: &App, seen: &RequestSeen) -> Vec<String> {
    let known = app.exchange.context().referrals.iter();
    let (fit, others): (Vec<_>, Vec<_>) =
        known.partition(|referral| referral.helps_with(seen.service.as_ref()));
    fit.into_iter().chain(others).map(|referral| referral.name.clone()).collect()
}

/// How it ended; when it was referred: to which organisation, with the person's agreement, and
/// nothing more. One that is not on the list is typed.
fn ending(app: &App, you: &SignedIn, form: &Fields) -> Result<(SettledHow, Option<String>), Wrong> {
    let Some(how) = SettledHow::parse(form.get("hoe")) else {
        return Err(Wrong::only(
            you.language,
            "hoe",
            "Kies hoe het afliep.",
            "Choose how it ended.",
        ));
    };
    if how != SettledHow::Referred {
        return Ok((how, None));
    }
    let mut wrong = Wrong::none(you.language);
    let chosen = form.get("verwijzing");
    let known = app.exchange.context().referrals.iter().find(|known| known.name == chosen);
    let organisation = match known {
        Some(known) => Ok(known.name.clone()),
        None => entry::short(form.get("organisatie")),
    };
    let organisation = match organisation {
        Ok(name) => Some(name),
        Err(NotWritten::Empty) => {
            wrong.say("organisatie", "Naar welke organisatie?", "To which organisation?");
            None
        }
        Err(why) => {
            wrong.not_written("organisatie", &why);
            None
        }
    };
    if form.get("akkoord") != "ja" {
        wrong.say(
            "akkoord",
            "Doorverwijzen kan alleen als de persoon akkoord is. Vraag het, en vink het aan.",
            "A referral needs the person's agreement. Ask for it, and tick the box.",
        );
    }
    if wrong.is_empty() { Ok((how, organisation)) } else { Err(wrong) }
}

/// Adds a note for colleagues.
pub(super) async fn note(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    theirs(&app, &you, id).await?;
    match notes::write(&app, &you, NoteAbout::Request(RequestId(id)), form).await? {
        Ok(()) => Ok(you.done(&format!("{PAGE}/{id}"), notes::written(&you))),
        Err(typed) => one(&app, &you, id, None, typed).await,
    }
}

/// Shows the number, once, and writes down that it was shown.
pub(super) async fn number(State(app): State<App>, you: SignedIn, Path(id): Path<i64>) -> Answer {
    let Some(phone) = theirs(&app, &you, id).await?.whom else { return Err(Fault::NotHere) };
    let (now, by) = (app.exchange.now(), you.operator.id);
    let about = About::Request(RequestId(id));
    app.exchange.store().write(move |tx| tx.audit(by, Deed::NumberShown, &about, now)).await?;
    one(&app, &you, id, Some(phone), Typed::default()).await
}

/// Claims the coordinator's promise about a request, or hands it back.
pub(super) async fn claim(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    theirs(&app, &you, id).await?;
    let (now, by, request) = (app.exchange.now(), you.operator.id, RequestId(id));
    let gives_back = form.get("wat") == "terug";
    let took = app.exchange.store().write(move |tx| {
        let Some(promise) = tx.coordinators_promise(request)? else { return Ok(None) };
        let took = match gives_back {
            true => tx.hand_promise_back(promise, by)?,
            false => tx.claim_promise(promise, by, now)?,
        };
        if took == crate::store::Took::Done {
            let deed = if gives_back { Deed::RequestHandedBack } else { Deed::RequestClaimed };
            tx.audit(by, deed, &About::Request(request), now)?;
        }
        Ok::<_, StoreError>(Some(took))
    });
    let path = format!("{PAGE}/{id}");
    let Some(took) = took.await? else {
        return Ok(you.warned(&path, you.say("Dit is al afgerond.", "This is settled already.")));
    };
    let told = match gives_back {
        true => you.say("U hebt deze vraag teruggegeven.", "You handed this request back."),
        false => you.say("U hebt deze vraag op u genomen.", "This request is yours now."),
    };
    Ok(super::promises::answered(&you, &path, took, told, now))
}

/// The request, if it is theirs to see.
async fn theirs(app: &App, you: &SignedIn, id: i64) -> Result<RequestSeen, Fault> {
    let seen = app.exchange.store().read(move |tx| tx.request_seen(RequestId(id))).await?;
    seen.filter(|one| you.operator.sees(&one.line, one.postcode)).ok_or(Fault::NotHere)
}

/// Whether somebody may settle which places go to the coordinator first.
fn settles_routes(you: &SignedIn) -> bool {
    you.operator.role == Role::Administrator
}
