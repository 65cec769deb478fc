//! `/mijn`: how somebody takes part, on one page, and the ways to change it.

mod about_me;
mod data;
mod history;
mod hours;
mod number;
mod offers;
mod pause;
mod places;
mod settle;
mod stop;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;

use super::{Layout, Me, Section, show};
use crate::dispatch::choose::Pause;
use crate::dispatch::still_there::WhyAsked;
use crate::domain::hours::last_day_in_words;
use crate::domain::{Language, ParticipantId, Postcode, Timestamp, week_plan};
use crate::store::{Person, StoreError, Whose};
use crate::web::fault::{Answer, Fault};
use crate::web::{App, say, unasked};

pub(super) use about_me::{page as about_me_page, set as set_about_me};
pub(super) use data::{json as data_json, page as data_page};
pub(super) use history::{keep_apart, page as history_page, together_again};
pub(super) use hours::{page as hours_page, set as set_hours};
pub(super) use number::{
    ask as ask_number, code as number_code, code_page as number_code_page, page as number_page,
};
pub(super) use offers::{page as offers_page, set as set_offers};
pub(super) use pause::{begin as begin_pause, end as end_pause, page as pause_page};
pub(super) use places::{
    add as add_place, page as places_page, remove as remove_place, set as set_places,
};
pub(super) use stop::{page as stop_page, stop};

#[derive(Template)]
#[template(path = "portal/templates/mine.html")]
struct MinePage {
    layout: Layout,
    name: String,
    /// Until when they take a pause, in words, empty without an end; none when they take none.
    pause: Option<String>,
    /// Why they rest until they say that they still take part.
    rests: Option<WhyAsked>,
    hours: String,
    services: Vec<String>,
    wishes: Vec<String>,
    place: String,
    elsewhere: Vec<String>,
    languages: String,
    often: String,
    /// Why nobody asked them in the last quarter.
    unasked: Option<String>,
}

/// How they take part.
pub(super) async fn page(State(app): State<App>, me: Me) -> Answer {
    let person = myself(&app, me.id).await?;
    let (id, now, language) = (me.id, app.exchange.now(), me.visitor.language);
    let known = app.exchange.store().write(move |tx| tx.participant(id)).await;
    let known = known.map_err(|fault: StoreError| fault)?;
    let others: Vec<Postcode> = person.known.elsewhere.iter().map(|other| other.postcode).collect();
    let named = others.clone();
    let named = app.exchange.store().read(move |tx| tx.places_of(&named)).await?;
    let elsewhere = others.into_iter().map(|there| {
        let place = named.iter().find(|place| place.postcode == there);
        say::place(there, place.map(|place| place.spoken()))
    });
    let wishes = app.exchange.store().read(move |tx| tx.would_like(id)).await?;
    let services = person.row.services.iter().map(|id| say::service(&app, id, language));
    show(&MinePage {
        layout: me.layout(Section::Mine, me.say("Mijn pagina", "My page")),
        name: person.row.name.clone(),
        pause: paused(&person, now, language),
        rests: known.and_then(|known| known.rests()),
        hours: week_plan::in_words(&person.known.hours, language),
        services: services.collect(),
        wishes: wishes.iter().map(|id| say::service(&app, id, language)).collect(),
        place: format!("{} {}", person.row.postcode, person.row.place).trim_end().to_owned(),
        elsewhere: elsewhere.collect(),
        languages: spoken(&person, language),
        often: often(&person, language),
        unasked: unasked::sentence(&app, me.id, language).await?,
    })
}

/// Whoever is logged in, as a whole.
pub(super) async fn myself(app: &App, id: ParticipantId) -> Result<Person, Fault> {
    let now = app.exchange.now();
    let found = app.exchange.store().read(move |tx| tx.person(id, &Whose::Everybody, now)).await?;
    found.ok_or(Fault::SessionOver)
}

/// Until when somebody takes a pause, in words, empty without an end; none when they take none.
fn paused(person: &Person, now: Timestamp, language: Language) -> Option<String> {
    let pause = person.pause.filter(|pause| pause.holds(now))?;
    Some(match pause {
        Pause::Until(end) => last_day_in_words(now, end, language),
        Pause::UntilTheyCall | Pause::StopNotConfirmed => String::new(),
    })
}

fn spoken(person: &Person, language: Language) -> String {
    let name = |spoken: &Language| match (spoken, language) {
        (Language::Nl, Language::Nl) => "Nederlands",
        (Language::Nl, Language::En) => "Dutch",
        (Language::En, Language::Nl) => "Engels",
        (Language::En, Language::En) => "English",
    };
    let names: Vec<&str> = person.known.languages.iter().map(name).collect();
    week_plan::list(&names, language)
}

fn often(person: &Person, language: Language) -> String {
    let (day, week) = (person.known.max_per_day, person.known.max_per_week);
    match language {
        Language::Nl => format!("hooguit {day} keer op een dag en {week} keer in een week"),
        Language::En => format!("at most {day} times a day and {week} times a week"),
    }
}

/// Something that can be chosen.
struct Choice {
    value: String,
    name: String,
    chosen: bool,
}

/// These choices in order, with the one that holds among them also when it is none of them.
fn choices(usual: &[u32], chosen: u32, name: impl Fn(u32) -> String) -> Vec<Choice> {
    let mut all = usual.to_vec();
    all.push(chosen);
    all.sort_unstable();
    all.dedup();
    let choice = |it: u32| Choice { value: it.to_string(), name: name(it), chosen: it == chosen };
    all.into_iter().map(choice).collect()
}

/// Writes the list of who stopped beside the database, for restores. When that fails, the exchange
/// does it within a quarter of an hour by itself.
async fn list_stops(app: &App) {
    let store = Arc::clone(app.exchange.store());
    let listed = tokio::task::spawn_blocking(move || store.write_stops().map(|_| ())).await;
    match listed {
        Ok(Ok(())) => {}
        Ok(Err(fault)) => tracing::error!(%fault, "portal.stops_not_listed"),
        Err(fault) => tracing::error!(%fault, "portal.stops_not_listed"),
    }
}
