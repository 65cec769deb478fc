//! Stopping: nobody rings them again, and everything is erased.

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use axum_extra::extract::cookie::CookieJar;

use crate::domain::Channel;
use crate::exchange::delete_at_provider;
use crate::store::{Erasing, Whose};
use crate::web::App;
use crate::web::fault::{Answer, Fault};
use crate::web::portal::{Layout, Me, Section, Visitor, cookies, show};

#[derive(Template)]
#[template(path = "portal/templates/stop.html")]
struct StopPage {
    layout: Layout,
}

#[derive(Template)]
#[template(path = "portal/templates/stopped.html")]
struct StoppedPage {
    layout: Layout,
    /// Something of theirs is under way: they are erased in the night after it.
    later: bool,
}

/// Asks once more.
pub(in crate::web::portal) async fn page(me: Me) -> Answer {
    show(&StopPage { layout: me.layout(Section::Mine, me.say("Stoppen", "Stop")) })
}

/// Withdraws consent and erases, in one transaction (R9).
pub(in crate::web::portal) async fn stop(State(app): State<App>, me: Me) -> Answer {
    let (id, now) = (me.id, app.exchange.now());
    let erasing = app.exchange.store().write(move |tx| {
        let person = tx.person(id, &Whose::Everybody, now)?.ok_or(Fault::SessionOver)?;
        tx.stop_number(&person.known.phone, Channel::Web.code(), now)?;
        let erasing = tx.erase_number(&person.known.phone, now)?;
        if let Erasing::Done(done) = &erasing {
            delete_at_provider(tx, &done.recordings, now)?;
        }
        Ok::<_, Fault>(erasing)
    });
    let later = matches!(erasing.await?, Erasing::Later(_));
    super::list_stops(&app).await;
    let visitor = Visitor { who: None, csrf: String::new(), notice: None, ..me.visitor };
    let title = visitor.say("U bent gestopt", "You have stopped");
    let layout = visitor.layout(Section::Home, title).done_with_form("/");
    let page = show(&StoppedPage { layout, later })?;
    let jar = CookieJar::new().add(cookies::no_session(&app.portal));
    Ok((jar, page).into_response())
}
