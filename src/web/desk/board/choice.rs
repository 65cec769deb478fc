//! `/loket/nu/…/wie`: who is asked next for a request, who is not, and why; and somebody else first.

use askama::Template;
use axum::extract::{Path, State};

use super::acts::theirs;
use super::row::first_name;
use crate::domain::{About, Deed, Language, ParticipantId, Phone, RequestId};
use crate::store::{Explained, StoreError};
use crate::web::App;
use crate::web::desk::fault::Answer;
use crate::web::desk::layout::Layout;
use crate::web::desk::page::show;
use crate::web::desk::{Fault, Section, SignedIn};

/// Most people of either kind on the page.
const MOST: usize = 40;

#[derive(Template)]
#[template(path = "desk/templates/board/choice.html")]
struct ChoicePage {
    layout: Layout,
    request: i64,
    steers: bool,
    next: Vec<Person>,
    passed_over: Vec<Person>,
    /// How many more there are than are shown.
    more_next: usize,
    more_passed_over: usize,
}

struct Person {
    id: i64,
    name: String,
    phone: Phone,
    distance: String,
    why: String,
}

/// Everybody with a reason. It is written down that somebody looked.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Path(request): Path<i64>,
) -> Answer {
    let request = RequestId(request);
    let line = theirs(&app, &you, request).await?;
    let explained = app.exchange.explain(request, &line).await?.ok_or(Fault::NotHere)?;
    let (id, now) = (you.operator.id, app.exchange.now());
    let written: Result<(), StoreError> = app
        .exchange
        .store()
        .write(move |tx| tx.audit(id, Deed::ChoiceSeen, &About::Request(request), now))
        .await;
    written?;
    let ranking = &explained.ranking;
    let next: Vec<_> = (ranking.order.iter())
        .map(|ranked| (ranked.participant, ranked.in_words(you.language)))
        .collect();
    let passed_over: Vec<_> =
        ranking.passed_over.iter().map(|(who, why)| (*who, why.in_words(you.language))).collect();
    let more_next = next.len().saturating_sub(MOST);
    let more_passed_over = passed_over.len().saturating_sub(MOST);
    show(&ChoicePage {
        layout: you.layout(
            Section::Now,
            you.say("Wie wordt er gebeld, en waarom", "Who is rung, and why"),
        ),
        request: request.0,
        steers: super::steers(&you),
        next: people(&app, &you, &explained, next).await?,
        passed_over: people(&app, &you, &explained, passed_over).await?,
        more_next,
        more_passed_over,
    })
}

async fn people(
    app: &App,
    you: &SignedIn,
    explained: &Explained,
    mut reasons: Vec<(ParticipantId, String)>,
) -> Result<Vec<Person>, Fault> {
    reasons.truncate(MOST);
    let ids: Vec<_> = reasons.iter().map(|(who, _)| *who).collect();
    let names = app.exchange.store().read(move |tx| tx.names(&ids)).await?;
    let person = |((who, why), name): ((ParticipantId, String), String)| {
        let (phone, metres) = explained.where_is(who)?;
        Some(Person {
            id: who.0,
            name: first_name(&name).to_owned(),
            phone: phone.clone(),
            distance: distance(metres, you.language),
            why,
        })
    };
    Ok(reasons.into_iter().zip(names).filter_map(person).collect())
}

/// Kilometres with one decimal; empty when nobody knows, and for the same place.
fn distance(metres: Option<u32>, language: Language) -> String {
    let Some(metres) = metres else { return String::new() };
    let tenths = (metres + 50) / 100;
    if tenths == 0 {
        return String::new();
    }
    let point = language.pick(',', '.');
    format!("{}{point}{} km", tenths / 10, tenths % 10)
}
