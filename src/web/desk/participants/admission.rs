//! What the desk saw and decided about somebody for services with special conditions: approval, a
//! certificate, an age. That it was seen, when and by whom; never a paper or what stands in it.

mod certificate;

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, State};

use super::detail::day;
use super::wishes::{answered, at_their_wish};
use super::{looked_at, named, path_of, service_name};
use crate::domain::{CertificateKind, Deed, Language, ParticipantId, ServiceId, Timestamp};
use crate::flow::Catalogue;
use crate::store::{Admissions, AgeKnownBy, CertificateSeen, Person, Standing};
use crate::web::App;
use crate::web::desk::fault::{Answer, Fault};
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::show;
use crate::web::desk::signed_in::{Fields, SignedIn};
use crate::web::typed::Typed;

pub(in crate::web::desk) use certificate::{seen, withdrawn};

/// Somebody of age.
const ADULT: u8 = 18;

#[derive(Template)]
#[template(path = "desk/templates/admission.html")]
struct AdmissionPage {
    layout: Layout,
    /// The form of a certificate is called as its service.
    typed: Typed,
    path: String,
    name: String,
    services: Vec<ServiceCard>,
    age: Option<String>,
    /// Ages that can be noted as seen: none that is known as well already.
    ages: Vec<u8>,
    kinds: Vec<(&'static str, &'static str)>,
    today: String,
    changes: bool,
}

/// One service that has conditions, or for which something is written down.
struct ServiceCard {
    id: String,
    name: String,
    /// Why they are not rung for it; nothing: they are.
    lacks: Vec<String>,
    asks_approval: bool,
    approved: Option<String>,
    asks_certificate: bool,
    certificate: Option<String>,
    /// What explains the last field of its form.
    hint: String,
}

/// The page, as it is written down now.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let person = looked_at(&app, &you, ParticipantId(id), Deed::ParticipantSeen).await?;
    show(&admission(&app, &you, person, Typed::default()).await?)
}

async fn admission(
    app: &App,
    you: &SignedIn,
    person: Person,
    typed: Typed,
) -> Result<AdmissionPage, Fault> {
    let (language, now, id) = (you.language, app.exchange.now(), person.row.id);
    let known = app.exchange.store().read(move |tx| tx.admissions(id)).await?;
    let flows = app.exchange.context().flows.current();
    let catalogue = flows.catalogue();
    let cards = catalogue.ids().filter_map(|service| {
        let (conditions, seen) = (catalogue.conditions(service), known.seen(service));
        let asked = conditions.any() && person.row.services.contains(service);
        let approved = seen.and_then(|seen| seen.approved.as_ref());
        let certificate = seen.and_then(|seen| seen.certificate.as_ref());
        if !asked && approved.is_none() && certificate.is_none() {
            return None;
        }
        let lacks = known.of(service).lacks(conditions, now);
        Some(ServiceCard {
            id: service.to_string(),
            name: service_name(catalogue, service, language),
            lacks: lacks.map(|why| why.in_words(language)).collect(),
            asks_approval: conditions.approval,
            approved: approved.map(|(at, by)| on_and_by(*at, by, language)),
            asks_certificate: conditions.certificate,
            certificate: certificate.map(|seen| certificate_in_words(seen, now, language)),
            hint: format!("leeg-{service}"),
        })
    });
    let name = named(&person.row.name, language);
    Ok(AdmissionPage {
        layout: you
            .layout(Section::Participants, &format!("{}: {name}", you.say("Toelating", "Approval")))
            .with(&typed, &back(id)),
        typed,
        path: path_of(id),
        services: cards.collect(),
        age: age_in_words(&known, language),
        ages: ages(catalogue, &known),
        kinds: CertificateKind::ALL.map(|kind| (kind.code(), kind.name(language))).into(),
        today: now.wall_clock().date().to_string(),
        changes: person.row.standing != Standing::Stopped,
        name,
    })
}

/// Adulthood, and every age that a service asks for, as far as it is not known as well already.
fn ages(catalogue: &Catalogue, known: &Admissions) -> Vec<u8> {
    let asked = catalogue.ids().map(|id| catalogue.conditions(id).min_age).filter(|age| *age > 0);
    let seen = known.age.filter(|age| age.known_by == AgeKnownBy::Seen).map_or(0, |a| a.at_least);
    let ages: BTreeSet<u8> = asked.chain([ADULT]).filter(|age| *age > seen).collect();
    ages.into_iter().collect()
}

fn on_and_by(at: Timestamp, by: &str, language: Language) -> String {
    let on = day(at, language);
    match (by, language) {
        ("", Language::Nl) => format!("op {on}"),
        ("", Language::En) => format!("on {on}"),
        (by, Language::Nl) => format!("op {on} door {by}"),
        (by, Language::En) => format!("on {on} by {by}"),
    }
}

fn certificate_in_words(seen: &CertificateSeen, now: Timestamp, language: Language) -> String {
    let (kind, when) = (seen.kind.name(language), on_and_by(seen.seen_at, &seen.by, language));
    // It is good up to and including the day before.
    let last = seen.expires.map(|then| day(Timestamp(then.0 - 1), language));
    let over = seen.expires.is_some_and(|then| then <= now);
    match (last, over, language) {
        (None, _, Language::Nl) => format!("{kind}, gezien {when}; verloopt niet"),
        (None, _, Language::En) => format!("{kind}, seen {when}; does not run out"),
        (Some(last), false, Language::Nl) => {
            format!("{kind}, gezien {when}; geldig tot en met {last}")
        }
        (Some(last), false, Language::En) => {
            format!("{kind}, seen {when}; good up to and including {last}")
        }
        (Some(last), true, Language::Nl) => {
            format!("{kind}, gezien {when}; was geldig tot en met {last}")
        }
        (Some(last), true, Language::En) => {
            format!("{kind}, seen {when}; was good up to and including {last}")
        }
    }
}

fn age_in_words(known: &Admissions, language: Language) -> Option<String> {
    let age = known.age?;
    let (years, on) = (age.at_least, day(age.known_at, language));
    Some(match (age.known_by, language) {
        (AgeKnownBy::Said, Language::Nl) => {
            format!("{years} jaar of ouder, zei de deelnemer zelf op {on}")
        }
        (AgeKnownBy::Said, Language::En) => {
            format!("{years} or over, as they said themselves on {on}")
        }
        (AgeKnownBy::Seen, Language::Nl) => {
            format!("{years} jaar of ouder, gezien door het loket op {on}")
        }
        (AgeKnownBy::Seen, Language::En) => {
            format!("{years} or over, seen by the desk on {on}")
        }
    })
}

/// The service of a form.
fn service_of(form: &Fields) -> Result<ServiceId, Fault> {
    ServiceId::parse(form.get("dienst")).map_err(|_| Fault::NotHere)
}

fn back(id: ParticipantId) -> String {
    format!("{}/toelating", path_of(id))
}

/// Whether something may be decided about them for this service: they take part, and like to do it.
fn likes_to(person: &Person, service: &ServiceId) -> bool {
    person.row.standing != Standing::Stopped && person.row.services.contains(service)
}

/// The desk approves of somebody for a service.
pub(in crate::web::desk) async fn approve(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let (id, service, now) = (ParticipantId(id), service_of(&form)?, app.exchange.now());
    let by = you.operator.id;
    let done = at_their_wish(&app, &you, id, Deed::Approved, move |tx, person| {
        if !likes_to(person, &service) || tx.admissions(id)?.of(&service).approved {
            return Ok(false);
        }
        tx.approve(id, &service, true, by, now).map(|()| true)
    });
    let (nl, en) = ("Deze deelnemer is toegelaten.", "This participant is approved.");
    answered(&you, &back(id), done.await?, nl, en)
}

/// The desk does not approve of them any more.
pub(in crate::web::desk) async fn disapprove(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let (id, service, now) = (ParticipantId(id), service_of(&form)?, app.exchange.now());
    let by = you.operator.id;
    let done = at_their_wish(&app, &you, id, Deed::ApprovalWithdrawn, move |tx, _| {
        if !tx.admissions(id)?.of(&service).approved {
            return Ok(false);
        }
        tx.approve(id, &service, false, by, now).map(|()| true)
    });
    let nl = "De toelating is ingetrokken. De centrale belt hiervoor niet meer.";
    let en = "The approval was withdrawn. The exchange does not ring for this any more.";
    answered(&you, &back(id), done.await?, nl, en)
}

/// The desk saw how old they are at least.
pub(in crate::web::desk) async fn age_seen(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
    form: Fields,
) -> Answer {
    let (id, now) = (ParticipantId(id), app.exchange.now());
    let years: u8 = form.get("leeftijd").parse().map_err(|_| Fault::NotHere)?;
    let flows = app.exchange.context().flows.current();
    let possible = ages(flows.catalogue(), &Admissions::default());
    if !possible.contains(&years) {
        return Err(Fault::NotHere);
    }
    let done = at_their_wish(&app, &you, id, Deed::AgeSeen, move |tx, person| {
        let before = tx.admissions(id)?.age;
        if person.row.standing == Standing::Stopped {
            return Ok(false);
        }
        tx.age_known(id, years, AgeKnownBy::Seen, now)?;
        Ok(tx.admissions(id)?.age != before)
    });
    let (nl, en) = ("De leeftijd is genoteerd.", "The age is noted.");
    answered(&you, &back(id), done.await?, nl, en)
}

/// How old they are is not known any more.
pub(in crate::web::desk) async fn age_withdrawn(
    State(app): State<App>,
    you: SignedIn,
    Path(id): Path<i64>,
) -> Answer {
    let id = ParticipantId(id);
    let done = at_their_wish(&app, &you, id, Deed::AgeWithdrawn, move |tx, _| {
        if tx.admissions(id)?.age.is_none() {
            return Ok(false);
        }
        tx.age_withdrawn(id).map(|()| true)
    });
    let (nl, en) = ("De leeftijd is weggehaald.", "The age was taken away.");
    answered(&you, &back(id), done.await?, nl, en)
}
