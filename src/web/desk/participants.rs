//! People who take part: finding somebody, and looking after what is written down about them.
//!
//! Numbers stand masked everywhere; showing one is an action of its own, and is written down.

pub(super) mod admission;
mod correct;
mod detail;
mod sign_up;
mod to_admit;
mod wishes;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::fault::{Answer, Fault};
use super::layout::{Layout, Section};
use super::page::show;
use super::signed_in::{Fields, SignedIn};
use super::sought;
use crate::domain::{About, Deed, Language, ParticipantId, Role, ServiceId};
use crate::flow::Catalogue;
use crate::store::{PeopleFilter, Person, PersonRow, Standing, Whose};
use crate::web::App;

pub(super) use correct::correct;
pub(super) use correct::page as correct_page;
pub(super) use detail::page as detail_page;
pub(super) use detail::show_number;
pub(super) use sign_up::{enter as sign_up, page as sign_up_page};
pub(super) use to_admit::page as to_admit_page;
pub(super) use wishes::{end_pause, pause, stop, stop_page};

/// People on one page of the list.
const MOST: u32 = 50;

/// What stands in the address of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    /// What is looked for, sealed.
    gezocht: String,
    stand: String,
    dienst: String,
    na: u32,
}

#[derive(Template)]
#[template(path = "desk/templates/participants.html")]
struct ListPage {
    layout: Layout,
    people: Vec<Listed>,
    text: String,
    standings: Vec<Choice>,
    services: Vec<Choice>,
    before: Option<String>,
    after: Option<String>,
}

/// Somebody in the list, in words.
struct Listed {
    path: String,
    name: String,
    phone: String,
    place: String,
    services: String,
    standing: Told,
}

/// Something that can be chosen.
pub(super) struct Choice {
    value: &'static str,
    id: String,
    name: String,
    chosen: bool,
}

/// A word, and how it looks.
#[derive(Debug, Clone, Copy)]
struct Told {
    word: &'static str,
    look: &'static str,
}

/// On to the list with what was filled in above it.
pub(super) async fn look_up(you: SignedIn, form: Fields) -> Answer {
    sought::leads_to(&you, "/loket/deelnemers", &form, &["stand", "dienst"])
}

/// Everybody that this operator sees, fifty at a time.
pub(super) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let (whose, now) = (whose(&app, &you), app.exchange.now());
    let section = Section::Participants;
    let mut layout = you.layout(section, section.name(you.language));
    let filter = PeopleFilter {
        text: sought::from_address(&you, &wanted.gezocht, &mut layout),
        standing: STANDINGS.into_iter().find(|(word, _)| *word == wanted.stand).map(|it| it.1),
        service: ServiceId::parse(&wanted.dienst).ok(),
        skip: wanted.na,
    };
    note_digits(&app, &you, &filter.text).await?;
    let looked_for = filter.clone();
    let found = app.exchange.store().read(move |tx| tx.people(&whose, &looked_for, MOST, now));
    let mut people = found.await?;
    let more = people.len() > MOST as usize;
    people.truncate(MOST as usize);
    let flows = app.exchange.context().flows.current();
    let catalogue = flows.catalogue();
    show(&ListPage {
        layout,
        people: people.into_iter().map(|row| listed(row, catalogue, you.language)).collect(),
        standings: standings(filter.standing, you.language),
        services: services(catalogue, filter.service.as_slice(), you.language),
        before: (wanted.na > 0).then(|| wanted.address(wanted.na.saturating_sub(MOST))),
        after: more.then(|| wanted.address(wanted.na + MOST)),
        text: filter.text,
    })
}

/// Whoever looks for the digits of a number finds out whose it is, or that somebody has it: that is
/// written down, not what they looked for.
pub(super) async fn note_digits(app: &App, you: &SignedIn, text: &str) -> Result<(), Fault> {
    let mut written = text.chars().filter(|c| !" -.()+".contains(*c)).peekable();
    if written.peek().is_none() || !written.all(|c| c.is_ascii_digit()) {
        return Ok(());
    }
    let (by, now) = (you.operator.id, app.exchange.now());
    let noted = app
        .exchange
        .store()
        .write(move |tx| tx.audit(by, Deed::DigitsSearched, &About::Nothing, now));
    Ok(noted.await?)
}

impl Wanted {
    /// The same list from another place on.
    fn address(&self, skip: u32) -> String {
        let escaped = super::layout::escaped;
        format!(
            "/loket/deelnemers?gezocht={}&stand={}&dienst={}&na={skip}",
            escaped(&self.gezocht),
            escaped(&self.stand),
            escaped(&self.dienst)
        )
    }
}

/// How somebody stands, as in an address.
const STANDINGS: [(&str, Standing); 4] = [
    ("doet-mee", Standing::TakesPart),
    ("pauze", Standing::Paused),
    ("nog-niet", Standing::NotYet),
    ("gestopt", Standing::Stopped),
];

fn standings(chosen: Option<Standing>, language: Language) -> Vec<Choice> {
    let choice = |(word, standing): (&'static str, Standing)| Choice {
        value: word,
        id: word.to_owned(),
        name: told(standing, language).word.to_owned(),
        chosen: chosen == Some(standing),
    };
    STANDINGS.into_iter().map(choice).collect()
}

fn told(standing: Standing, language: Language) -> Told {
    let (nl, en, look) = match standing {
        Standing::TakesPart => ("doet mee", "takes part", "yes"),
        Standing::Paused => ("pauze", "pause", "busy"),
        Standing::NotYet => ("nog niet bevestigd", "not confirmed yet", ""),
        Standing::Stopped => ("gestopt", "stopped", "no"),
    };
    Told { word: language.pick(nl, en), look }
}

fn services(catalogue: &Catalogue, chosen: &[ServiceId], language: Language) -> Vec<Choice> {
    let choice = |id: &ServiceId| Choice {
        value: "",
        id: id.to_string(),
        name: service_name(catalogue, id, language),
        chosen: chosen.contains(id),
    };
    catalogue.ids().map(choice).collect()
}

fn service_name(catalogue: &Catalogue, id: &ServiceId, language: Language) -> String {
    catalogue.service(id).map_or(id.as_str(), |service| service.name(language)).to_owned()
}

fn listed(row: PersonRow, catalogue: &Catalogue, language: Language) -> Listed {
    let names: Vec<String> =
        row.services.iter().map(|id| service_name(catalogue, id, language)).collect();
    Listed {
        path: path_of(row.id),
        name: named(&row.name, language),
        phone: row.phone.to_string(),
        place: placed(&row),
        services: names.join(", "),
        standing: told(row.standing, language),
    }
}

fn named(name: &str, language: Language) -> String {
    match (name, language) {
        ("", Language::Nl) => "zonder naam".to_owned(),
        ("", Language::En) => "without a name".to_owned(),
        (name, _) => name.to_owned(),
    }
}

fn placed(row: &PersonRow) -> String {
    format!("{} {}", row.postcode, row.place).trim_end().to_owned()
}

fn path_of(id: ParticipantId) -> String {
    format!("/loket/deelnemers/{id}")
}

/// Whose people this operator sees: those of their lines, or of their areas.
pub(super) fn whose(app: &App, you: &SignedIn) -> Whose {
    let operator = &you.operator;
    match operator.role {
        Role::Administrator => Whose::Everybody,
        Role::Coordinator => Whose::Of { areas: operator.areas.clone(), lines: Vec::new() },
        Role::Operator => {
            let theirs = operator.lines.iter();
            let lines = theirs.filter_map(|line| app.exchange.context().line(line.e164()));
            Whose::Of {
                areas: lines.flat_map(|line| line.area.iter().copied()).collect(),
                lines: operator.lines.clone(),
            }
        }
    }
}

/// Somebody, if this operator sees them; written down in the transaction that looks, so that nothing
/// is seen unnoticed.
async fn looked_at(
    app: &App,
    you: &SignedIn,
    id: ParticipantId,
    deed: Deed,
) -> Result<Person, Fault> {
    let (whose, operator, now) = (whose(app, you), you.operator.id, app.exchange.now());
    let found = app.exchange.store().write(move |tx| {
        let found = tx.person(id, &whose, now)?.ok_or(Fault::NotHere)?;
        tx.audit(operator, deed, &About::Participant(id), now)?;
        Ok::<_, Fault>(found)
    });
    found.await
}

mod supply;
pub(super) use supply::page as supply_page;
