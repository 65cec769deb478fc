//! `/loket/verslagen`: the figures of a line in a month or a year, on screen, on paper and as a file.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::{Answer, Fault, Layout, Section, SignedIn, show};
use crate::domain::{About, Deed, Line, Operator, Phone, Role};
use crate::report::{Document, Month, Period, csv as in_csv, page as in_html};
use crate::web::App;

/// How many months and years there are to choose from.
const MONTHS: usize = 24;
const YEARS: usize = 5;

/// `?periode=2026-11&lijn=31700002586`
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    periode: Option<String>,
    lijn: Option<String>,
}

/// Somebody's choice, within what is theirs to see.
struct Chosen {
    period: Period,
    line: Option<Phone>,
}

#[derive(Template)]
#[template(path = "desk/templates/reports.html")]
struct Page<'a> {
    layout: Layout,
    lines: Vec<Choice>,
    periods: Vec<Choice>,
    csv: String,
    part: &'a str,
}

struct Choice {
    value: String,
    name: String,
    chosen: bool,
}

pub(super) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let all = &app.exchange.context().lines;
    let today = app.exchange.now().wall_clock().date();
    let chosen = Chosen::of(&wanted, &you.operator, all, Month::of(today))?;
    let document = written(&app, &you, &chosen).await?;
    let line = chosen.line.as_ref().map_or_else(String::new, in_address);
    show(&Page {
        layout: you.layout(Section::Reports, &document.title),
        lines: line_choices(&you, all, chosen.line.as_ref()),
        periods: period_choices(&you, Month::of(today), chosen.period),
        csv: format!("/loket/verslagen/csv?periode={}&lijn={line}", chosen.period),
        part: &in_html::part(&document)?,
    })
}

pub(super) async fn csv(
    State(app): State<App>,
    you: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let all = &app.exchange.context().lines;
    let today = app.exchange.now().wall_clock().date();
    let chosen = Chosen::of(&wanted, &you.operator, all, Month::of(today))?;
    let document = written(&app, &you, &chosen).await?;
    let text = in_csv::csv(&document).map_err(Fault::ours)?;
    let (by, now) = (you.operator.id, app.exchange.now());
    let about = chosen.line.clone().map_or(About::Nothing, About::Line);
    let noted =
        app.exchange.store().write(move |tx| tx.audit(by, Deed::ReportExported, &about, now));
    noted.await?;
    let line = chosen.line.as_ref().map_or_else(|| "alle".to_owned(), in_address);
    let file = format!("attachment; filename=\"verslag-{}-{line}.csv\"", chosen.period);
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned());
    Ok(([kind, (header::CONTENT_DISPOSITION, file)], text).into_response())
}

/// How a report looks; the same as in the file that `burenhulp report --html` writes.
pub(super) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "max-age=300")], in_html::STYLE).into_response()
}

async fn written(app: &App, you: &SignedIn, chosen: &Chosen) -> Result<Document, Fault> {
    let report = app.exchange.report(chosen.line.clone(), chosen.period).await?;
    let names = app.exchange.report_names(you.language).await?;
    Ok(Document::of(&report, &names, you.language))
}

impl Chosen {
    /// Without a choice: the last month that is over, of all lines that are theirs together, or of
    /// the first of them.
    fn of(
        wanted: &Wanted,
        operator: &Operator,
        all: &[Line],
        running: Month,
    ) -> Result<Self, Fault> {
        let filled = |field: &Option<String>| field.clone().filter(|text| !text.is_empty());
        let period = match filled(&wanted.periode) {
            None => Period::Month(running.previous()),
            Some(text) => Period::parse(&text).map_err(|_| {
                Fault::FilledIn(
                    "Schrijf een maand als 2026-11, of een jaar als 2026.".to_owned(),
                    "Write a month as 2026-11, or a year as 2026.".to_owned(),
                )
            })?,
        };
        let theirs: Vec<&Line> = all.iter().filter(|line| sees(operator, line)).collect();
        let line = match filled(&wanted.lijn) {
            None if sees_all(operator, all) => None,
            None => Some(theirs.first().ok_or(Fault::NotHere)?.number.clone()),
            Some(number) => {
                let mut theirs = theirs.into_iter();
                let line = theirs.find(|line| in_address(&line.number) == number);
                Some(line.ok_or(Fault::NotHere)?.number.clone())
            }
        };
        Ok(Self { period, line })
    }
}

/// A line's own people, whoever looks after a part of its area, and administrators.
pub(super) fn sees(operator: &Operator, line: &Line) -> bool {
    match operator.role {
        Role::Operator => operator.lines.contains(&line.number),
        Role::Coordinator => line.area.iter().any(|place| operator.areas.contains(place)),
        Role::Administrator => true,
    }
}

fn sees_all(operator: &Operator, all: &[Line]) -> bool {
    all.len() > 1 && all.iter().all(|line| sees(operator, line))
}

fn line_choices(you: &SignedIn, all: &[Line], chosen: Option<&Phone>) -> Vec<Choice> {
    let whole = sees_all(&you.operator, all).then(|| Choice {
        value: String::new(),
        name: you.say("Alle lijnen", "All lines").to_owned(),
        chosen: chosen.is_none(),
    });
    let theirs = all.iter().filter(|line| sees(&you.operator, line)).map(|line| Choice {
        value: in_address(&line.number),
        name: line.name.clone(),
        chosen: chosen == Some(&line.number),
    });
    whole.into_iter().chain(theirs).collect()
}

fn period_choices(you: &SignedIn, running: Month, chosen: Period) -> Vec<Choice> {
    let months = std::iter::successors(Some(running), |month| Some(month.previous()));
    let years = std::iter::successors(Some(running.year()), |year| Some(year - 1));
    let months = months.take(MONTHS).map(Period::Month);
    let mut periods: Vec<Period> = months.chain(years.take(YEARS).map(Period::Year)).collect();
    if !periods.contains(&chosen) {
        periods.push(chosen);
    }
    let choice = |period: Period| Choice {
        value: period.to_string(),
        name: period.name(you.language),
        chosen: period == chosen,
    };
    periods.into_iter().map(choice).collect()
}

/// A line's number in an address: no plus, which would be a space there.
fn in_address(number: &Phone) -> String {
    number.e164().trim_start_matches('+').to_owned()
}
