//! `/loket/werklijst`: requests that a coordinator sees to, and which places go there first.

use askama::Template;
use axum::extract::State;

use super::super::fault::{Answer, Fault};
use super::super::layout::{Layout, Section};
use super::super::page::show_typed;
use super::super::promises::{Card, card};
use super::super::signed_in::{Fields, SignedIn};
use super::settles_routes;
use crate::domain::{About, Deed, Postcode};
use crate::store::{StoreError, Which};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

const PAGE: &str = "/loket/werklijst";
/// Most open promises that are looked through.
const MOST: usize = 1000;

#[derive(Template)]
#[template(path = "desk/templates/worklist.html")]
struct WorklistPage {
    layout: Layout,
    typed: Typed,
    late: Vec<Card>,
    open: Vec<Card>,
    /// Places that go to the coordinator first, as they are typed; none when it is not theirs.
    places: Option<String>,
    /// Places that the configuration sends there, with spaces between them.
    fixed: String,
    /// Places that go there while there is no coordinator for them, for whoever can settle that.
    nobodys: String,
}

/// What waits for a coordinator, the first one due on top.
pub(in super::super) async fn worklist(State(app): State<App>, you: SignedIn) -> Answer {
    shown(&app, &you, Typed::default()).await
}

async fn shown(app: &App, you: &SignedIn, typed: Typed) -> Answer {
    let now = app.exchange.now();
    let operator = you.operator.clone();
    let read = app.exchange.store().read(move |tx| {
        let promises = tx.promises(&operator, Which::ToArrange, MOST)?;
        Ok::<_, StoreError>((promises, tx.coordinator_first()?))
    });
    let (promises, first) = read.await?;
    let cards = promises.into_iter().map(|one| card(app, you, &one, now));
    let (late, open) = cards.partition(|card| card.late.is_some());
    let title = you.say("Werklijst van de coördinator", "The coordinator's worklist");
    let settles = settles_routes(you);
    let page = WorklistPage {
        layout: you.layout(Section::Requests, title).with(&typed, PAGE),
        late,
        open,
        places: settles.then(|| written(&first)),
        fixed: written(&configured(app)),
        nobodys: if settles { nobodys(app).await? } else { String::new() },
        typed,
    };
    show_typed(&page, &page.typed)
}

/// Places that go to the coordinator first while no coordinator looks after them, with spaces
/// between them.
pub(in super::super) async fn nobodys(app: &App) -> Result<String, Fault> {
    let configured = configured(app);
    let missing = app.exchange.store().read(move |tx| tx.without_a_coordinator(&configured));
    Ok(written(&missing.await?))
}

/// Places that the configuration sends to the coordinator first.
fn configured(app: &App) -> Vec<Postcode> {
    let lines = app.exchange.context().lines.iter();
    lines.flat_map(|line| &line.coordinator_first).copied().collect()
}

/// With spaces between them, as they are typed.
fn written(places: &[Postcode]) -> String {
    places.iter().map(Postcode::to_string).collect::<Vec<_>>().join(" ")
}

/// Settles which places go to the coordinator first.
pub(in super::super) async fn set_routes(
    State(app): State<App>,
    you: SignedIn,
    form: Fields,
) -> Answer {
    if !settles_routes(&you) {
        return Err(Fault::NotTheirs);
    }
    let typed = form.get("plaatsen").split([' ', ',', ';', '\r', '\n']);
    let places: Result<Vec<Postcode>, _> =
        typed.filter(|text| !text.is_empty()).map(Postcode::parse).collect();
    let Ok(places) = places else {
        let wrong = Wrong::only(
            you.language,
            "plaatsen",
            "Schrijf postcodes van vier cijfers, met spaties ertussen.",
            "Write postcodes of four digits, with spaces between them.",
        );
        return shown(&app, &you, Typed::refused("plaatsen", form, wrong)).await;
    };
    let (now, by) = (app.exchange.now(), you.operator.id);
    app.exchange
        .store()
        .write(move |tx| {
            if tx.set_coordinator_first(&places, by, now)? {
                tx.audit(by, Deed::RouteChanged, &About::Nothing, now)?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok(you.done(PAGE, you.say("Zo gaan vragen voortaan.", "Requests go this way from now on.")))
}
