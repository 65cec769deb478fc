//! What somebody did and asked, and with whom they would rather not be brought together again: by
//! day and service, never by name.

use askama::Template;
use axum::extract::{Path, State};

use super::myself;
use crate::domain::{AttemptId, ServiceId, Timestamp};
use crate::store::StoreError;
use crate::web::App;
use crate::web::fault::{Answer, Fault};
use crate::web::portal::{Layout, Me, Section, show};
use crate::web::say;

const PATH: &str = "/mijn/geschiedenis";

#[derive(Template)]
#[template(path = "portal/templates/history.html")]
struct HistoryPage {
    layout: Layout,
    /// Times that they said yes, ever.
    yeses: u32,
    helped: Vec<Time>,
    asked: Vec<Time>,
}

/// A time that two people were brought together, or something was asked.
struct Time {
    when: String,
    what: String,
    /// How it went.
    went: &'static str,
    /// The way to keep the two apart; none where there is nobody to keep apart from.
    apart: Option<Apart>,
}

/// Whether two are kept apart, and where that is changed.
struct Apart {
    path: String,
    already: bool,
}

/// Both lists.
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    let person = myself(&app, me.id).await?;
    let (id, now, language) = (me.id, app.exchange.now(), me.visitor.language);
    let lists = app.exchange.store().read(move |tx| {
        let lists = (tx.times_helped(id)?, tx.times_asked(id)?);
        Ok(lists)
    });
    let (helped, asked) = lists.await?;
    let what = |service: Option<&ServiceId>| {
        service.map_or_else(String::new, |id| say::service(&app, id, language))
    };
    let when = |at: Timestamp| say::day(now, at, language);
    let apart = |ring: AttemptId, already: bool| Apart { path: format!("{PATH}/{ring}"), already };
    let helped = helped.into_iter().map(|time| Time {
        when: when(time.at),
        what: what(time.service.as_ref()),
        went: me.say("u hielp", "you helped"),
        apart: time.apart.map(|already| apart(time.attempt, already)),
    });
    let asked = asked.into_iter().map(|time| Time {
        when: when(time.at),
        what: what(time.service.as_ref()),
        went: match (time.open, time.helped_by.is_some()) {
            (true, _) => me.say("wij zoeken nog", "we are still looking"),
            (false, true) => me.say("een buur hielp", "a neighbour helped"),
            (false, false) => me.say("geen buur gevonden", "no neighbour found"),
        },
        apart: time.helped_by.map(|(ring, already)| apart(ring, already)),
    });
    let (helped, asked) = (helped.collect(), asked.collect());
    let title = me.say("Wat u deed en vroeg", "What you did and asked");
    let layout = me.layout(Section::Mine, title);
    show(&HistoryPage { layout, yeses: person.yeses, helped, asked })
}

/// Not with this person again.
pub(in crate::web::portal) async fn keep_apart(
    State(app): State<App>,
    me: Me,
    Path(ring): Path<i64>,
) -> Answer {
    let (id, now) = (me.id, app.exchange.now());
    let done = app.exchange.store().write(move |tx| tx.keep_apart(id, AttemptId(ring), now));
    if !done.await.map_err(|fault: StoreError| fault)? {
        return Err(Fault::NotHere);
    }
    Ok(me.done(
        PATH,
        me.say(
            "Wij brengen u niet meer met elkaar in contact. De ander merkt daar niets van.",
            "We do not bring you together again. The other does not notice.",
        ),
    ))
}

/// With this person again, as far as it is up to them.
pub(in crate::web::portal) async fn together_again(
    State(app): State<App>,
    me: Me,
    Path(ring): Path<i64>,
) -> Answer {
    let id = me.id;
    let done = app.exchange.store().write(move |tx| tx.bring_together_again(id, AttemptId(ring)));
    if !done.await.map_err(|fault: StoreError| fault)? {
        return Err(Fault::NotHere);
    }
    Ok(me.done(PATH, me.say("Dat mag voor u weer.", "That is fine with you again.")))
}
