//! Administration: who works at the desk, and who did what.

mod audit;
mod colleague;
mod given;
mod new;
mod scope;

use askama::Template;
use axum::extract::State;

use super::fault::{Answer, Fault};
use super::layout::{Layout, Section};
use super::page::show;
use super::requests::nobodys;
use super::signed_in::SignedIn;
use crate::domain::{Language, Line, Operator, OperatorId, Phone, Role, Timestamp};
use crate::store::Colleague;
use crate::web::App;

pub(super) use audit::page as audit_page;
pub(super) use colleague::{change, page as colleague_page, reset_password, reset_second_factor};
pub(super) use colleague::{switch_off, switch_on};
pub(super) use new::{add, page as new_page};

/// Postcodes that are told one by one.
const FEW: usize = 8;

#[derive(Template)]
#[template(path = "desk/templates/colleagues.html")]
struct ListPage {
    layout: Layout,
    colleagues: Vec<Row>,
    /// Places that go to a coordinator who is not there.
    nobodys: String,
}

/// A colleague in the list, in words.
struct Row {
    path: String,
    name: String,
    role: &'static str,
    sees: String,
    second_factor: bool,
    off: bool,
    seen: Option<String>,
}

/// Everybody who works at the desk.
pub(super) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    let colleagues = app.exchange.store().read(|tx| tx.colleagues()).await?;
    let lines = &app.exchange.context().lines;
    let row = |colleague: Colleague| Row {
        path: path_of(colleague.operator.id),
        role: colleague.operator.role.name(you.language),
        sees: sees(&colleague.operator, lines, you.language),
        second_factor: colleague.second_factor,
        off: colleague.off_at.is_some(),
        seen: colleague.seen_at.map(moment),
        name: colleague.operator.name,
    };
    show(&ListPage {
        layout: you.layout(Section::Administration, Section::Administration.name(you.language)),
        colleagues: colleagues.into_iter().map(row).collect(),
        nobodys: nobodys(&app).await?,
    })
}

fn path_of(id: OperatorId) -> String {
    format!("/loket/beheer/collega/{id}")
}

/// What somebody sees, in words.
fn sees(operator: &Operator, lines: &[Line], language: Language) -> String {
    let name_of = |number: &Phone| {
        let line = lines.iter().find(|line| line.number == *number);
        line.map_or_else(|| number.to_string(), |line| line.name.clone())
    };
    let parts: Vec<String> = match operator.role {
        Role::Operator => operator.lines.iter().map(name_of).collect(),
        // A whole list of villages says less than how many.
        Role::Coordinator if operator.areas.len() > FEW => {
            vec![format!("{} postcodes", operator.areas.len())]
        }
        Role::Coordinator => operator.areas.iter().map(ToString::to_string).collect(),
        Role::Administrator => vec![language.pick("alles", "everything").to_owned()],
    };
    match (parts.is_empty(), language) {
        (false, _) => parts.join(", "),
        (true, Language::Nl) => "nog niets".to_owned(),
        (true, Language::En) => "nothing yet".to_owned(),
    }
}

/// `24-11-2026 10:00`
fn moment(at: Timestamp) -> String {
    at.wall_clock().format("%d-%m-%Y %H:%M").to_string()
}

/// Somebody by their row.
async fn found(app: &App, id: OperatorId) -> Result<Colleague, Fault> {
    let colleagues = app.exchange.store().read(|tx| tx.colleagues()).await?;
    colleagues.into_iter().find(|it| it.operator.id == id).ok_or(Fault::NotHere)
}
