//! `/mijn`: how somebody takes part, on one page, and the ways to change it.

use askama::Template;
use axum::extract::State;

use super::{Layout, Me, Section, show};
use crate::dispatch::choose::Pause;
use crate::domain::hours::last_day_in_words;
use crate::domain::{Language, ParticipantId, week_plan};
use crate::store::{Person, Whose};
use crate::web::fault::{Answer, Fault};
use crate::web::{App, say};

#[derive(Template)]
#[template(path = "portal/templates/mine.html")]
struct MinePage {
    layout: Layout,
    name: String,
    /// Until when they take a pause, in words; none when they take none.
    pause: Option<String>,
    hours: String,
    services: Vec<String>,
    place: String,
    often: String,
}

/// How they take part.
pub(super) async fn page(State(app): State<App>, me: Me) -> Answer {
    let person = myself(&app, me.id).await?;
    let language = me.visitor.language;
    let now = app.exchange.now();
    let holds = person.pause.filter(|pause| pause.holds(now));
    let services = person.known.services.iter().map(|id| say::service(&app, id, language));
    show(&MinePage {
        layout: me.layout(Section::Mine, me.say("Mijn pagina", "My page")),
        name: person.row.name.clone(),
        pause: holds.map(|pause| match pause {
            Pause::Until(end) => last_day_in_words(now, end, language),
            Pause::UntilTheyCall | Pause::StopNotConfirmed => String::new(),
        }),
        hours: week_plan::in_words(&person.known.hours, language),
        services: services.collect(),
        place: format!("{} {}", person.row.postcode, person.row.place).trim_end().to_owned(),
        often: often(&person, language),
    })
}

/// Whoever is logged in, as a whole.
pub(super) async fn myself(app: &App, id: ParticipantId) -> Result<Person, Fault> {
    let now = app.exchange.now();
    let found = app.exchange.store().read(move |tx| tx.person(id, &Whose::Everybody, now)).await?;
    found.ok_or(Fault::SessionOver)
}

fn often(person: &Person, language: Language) -> String {
    let (day, week) = (person.known.max_per_day, person.known.max_per_week);
    match language {
        Language::Nl => format!("hooguit {day} keer op een dag en {week} keer in een week"),
        Language::En => format!("at most {day} times a day and {week} times a week"),
    }
}
