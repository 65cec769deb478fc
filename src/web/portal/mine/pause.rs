//! A pause, as long as somebody likes, and its end.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use chrono::NaiveDate;

use super::{myself, paused};
use crate::dispatch::choose::Pause;
use crate::dispatch::rest::{PauseFor, pause_for};
use crate::domain::Timestamp;
use crate::domain::hours::last_day_in_words;
use crate::store::StoreError;
use crate::web::App;
use crate::web::fault::Answer;
use crate::web::portal::{Fields, Layout, Me, Section, show};

/// Longest pause until a day.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

#[derive(Template)]
#[template(path = "portal/templates/pause.html")]
struct PausePage {
    layout: Layout,
    /// As on their first page.
    pause: Option<String>,
    chosen: String,
    day: String,
    first: String,
    wrong: Option<String>,
}

/// How long?
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    show(&pause_page(&app, &me).await?)
}

async fn pause_page(app: &App, me: &Me) -> Result<PausePage, crate::web::fault::Fault> {
    let person = myself(app, me.id).await?;
    let now = app.exchange.now();
    Ok(PausePage {
        layout: me.layout(Section::Mine, me.say("Even pauze", "A pause")),
        pause: paused(&person, now, me.visitor.language),
        chosen: "week".to_owned(),
        day: String::new(),
        first: now.wall_clock().date().to_string(),
        wrong: None,
    })
}

/// The pause begins.
pub(in crate::web::portal) async fn begin(State(app): State<App>, me: Me, form: Fields) -> Answer {
    let now = app.exchange.now();
    let pause = match form.get("hoe-lang") {
        "vandaag" => Some(pause_for(PauseFor::Today, now)),
        "week" => Some(pause_for(PauseFor::Week, now)),
        "maand" => Some(pause_for(PauseFor::Month, now)),
        "zelf" => Some(Pause::UntilTheyCall),
        "tot" => until(form.get("dag"), now),
        _ => None,
    };
    let Some(pause) = pause else {
        let why = me.say(
            "Kies hoe lang, of een dag vanaf vandaag en binnen een jaar.",
            "Choose how long, or a day from today and within a year.",
        );
        let page = PausePage {
            wrong: Some(why.to_owned()),
            chosen: form.get("hoe-lang").to_owned(),
            day: form.get("dag").chars().take(10).collect(),
            ..pause_page(&app, &me).await?
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response());
    };
    let id = me.id;
    let begun = app.exchange.store().write(move |tx| {
        tx.pause(id, pause)?;
        tx.in_touch(id, now)
    });
    begun.await.map_err(|fault: StoreError| fault)?;
    let told = match pause {
        Pause::Until(end) => {
            let day = last_day_in_words(now, end, me.visitor.language);
            let until = me.say("U hebt pauze tot en met", "You take a pause up to and including");
            format!("{until} {day}.")
        }
        Pause::UntilTheyCall | Pause::StopNotConfirmed => me
            .say(
                "U hebt pauze tot u weer begint. Horen wij dertien maanden niets van u, dan wissen wij uw gegevens.",
                "You take a pause until you begin again. If we hear nothing from you for thirteen months, we erase your data.",
            )
            .to_owned(),
    };
    Ok(me.done("/mijn", told))
}

/// Up to and including this day; the end is its midnight on the Dutch clock.
fn until(day: &str, now: Timestamp) -> Option<Pause> {
    let day: NaiveDate = day.parse().ok()?;
    let end = Timestamp::from_wall_clock(day.succ_opt()?.and_time(chrono::NaiveTime::MIN));
    (end > now && end.since(now) <= LONGEST).then_some(Pause::Until(end))
}

/// The pause is over, and so is a rest of somebody who never answered.
pub(in crate::web::portal) async fn end(State(app): State<App>, me: Me) -> Answer {
    let (id, now) = (me.id, app.exchange.now());
    let ended = app.exchange.store().write(move |tx| {
        tx.resume(id)?;
        tx.in_touch(id, now)
    });
    ended.await.map_err(|fault: StoreError| fault)?;
    Ok(me.done("/mijn", me.say("Fijn, u doet weer mee.", "Good, you take part again.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_until_a_day_ends_at_its_midnight_on_the_dutch_clock() {
        let at = |text: &str| Timestamp::parse(text).expect("a moment");
        let now = at("2026-10-24T10:00:00+02:00");
        assert_eq!(until("2026-10-24", now), Some(Pause::Until(at("2026-10-25T00:00:00+02:00"))));
        assert_eq!(until("2026-10-25", now), Some(Pause::Until(at("2026-10-26T00:00:00+01:00"))));
        for odd in ["2026-10-23", "2028-01-01", "morgen", "", "2026-02-30", "+262143-12-31"] {
            assert_eq!(until(odd, now), None, "{odd}");
        }
    }
}
