//! The audit trail: who looked at or changed what, the newest first.

use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

use super::moment;
use crate::domain::{About, Language, Line, OperatorId, Timestamp};
use crate::store::{AuditFilter, AuditLine, Colleague};
use crate::web::App;
use crate::web::desk::fault::Answer;
use crate::web::desk::layout::{Layout, Section};
use crate::web::desk::page::show;
use crate::web::desk::signed_in::SignedIn;

/// Lines on one page.
const MOST: usize = 100;

/// What was filled in above the trail.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::desk) struct Wanted {
    wie: String,
    dag: String,
    voor: String,
}

#[derive(Template)]
#[template(path = "desk/templates/audit.html")]
struct AuditPage {
    layout: Layout,
    colleagues: Vec<(String, String, bool)>,
    day: String,
    lines: Vec<Told>,
    older: Option<String>,
}

/// One line of the trail, in words.
struct Told {
    at: String,
    who: String,
    what: &'static str,
    about: Option<(String, String)>,
}

/// The trail, by colleague and by day.
pub(in crate::web::desk) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let day =
        Timestamp::parse(wanted.dag.get(..10).unwrap_or_default()).map(Timestamp::start_of_day);
    let filter = AuditFilter {
        operator: wanted.wie.parse().ok().map(OperatorId),
        from: day,
        // A day has 23 to 25 hours: its end is the next midnight.
        until: day.map(|day| (day + Duration::from_secs(36 * 3600)).start_of_day()),
        before: wanted.voor.parse().ok(),
    };
    let read =
        app.exchange.store().read(move |tx| Ok((tx.audit(filter, MOST + 1)?, tx.colleagues()?)));
    let (mut lines, colleagues) = read.await?;
    let older = (lines.len() > MOST).then(|| {
        lines.truncate(MOST);
        let last = lines.last().map_or(0, |line| line.id);
        let operator = filter.operator.map(|id| id.to_string()).unwrap_or_default();
        let day = day.map(iso).unwrap_or_default();
        format!("/loket/beheer/logboek?wie={operator}&dag={day}&voor={last}")
    });
    let title = you.say("Wie deed wat", "Who did what");
    let configured = &app.exchange.context().lines;
    show(&AuditPage {
        layout: you.layout(Section::Administration, title),
        day: day.map(iso).unwrap_or_default(),
        lines: lines
            .into_iter()
            .map(|line| told(line, &colleagues, configured, you.language))
            .collect(),
        colleagues: colleagues
            .iter()
            .map(|it| {
                let chosen = filter.operator == Some(it.operator.id);
                (it.operator.id.to_string(), it.operator.name.clone(), chosen)
            })
            .collect(),
        older,
    })
}

fn iso(day: Timestamp) -> String {
    day.wall_clock().format("%Y-%m-%d").to_string()
}

fn told(
    line: AuditLine,
    colleagues: &[Colleague],
    configured: &[Line],
    language: Language,
) -> Told {
    let on_server = language.pick("Iemand op de server", "Somebody on the server");
    Told {
        at: moment(line.at),
        who: line.operator.unwrap_or_else(|| on_server.to_owned()),
        what: line.what.sentence(language),
        about: line.about.and_then(|about| linked(&about, colleagues, configured, language)),
    }
}

/// What it was about: words, and the page where it can be seen.
fn linked(
    about: &About,
    colleagues: &[Colleague],
    configured: &[Line],
    language: Language,
) -> Option<(String, String)> {
    let say = |nl: &str, en: &str| language.pick(nl, en).to_owned();
    Some(match about {
        About::Nothing => return None,
        About::Operator(id) => {
            let named = colleagues.iter().find(|it| it.operator.id == *id);
            let name = named.map_or_else(|| id.to_string(), |it| it.operator.name.clone());
            (name, super::path_of(*id))
        }
        About::Participant(id) => {
            (format!("{} {id}", say("deelnemer", "participant")), format!("/loket/deelnemers/{id}"))
        }
        About::Request(id) => {
            (format!("{} {id}", say("vraag", "request")), format!("/loket/vragen/{id}"))
        }
        About::Call(id) => (format!("{} {id}", say("gesprek", "call")), String::new()),
        About::Message(row) => (format!("{} {row}", say("bericht", "message")), String::new()),
        About::Promise(row) => (format!("{} {row}", say("belofte", "promise")), String::new()),
        About::Line(number) => {
            let line = configured.iter().find(|line| line.number == *number);
            (line.map_or_else(|| number.to_string(), |line| line.name.clone()), String::new())
        }
    })
}
