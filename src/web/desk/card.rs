//! `/loket/kaart`: the A5 card of a line, to be printed and handed out.

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde::Deserialize;

use super::fault::{Answer, Fault};
use super::reports::sees;
use super::signed_in::SignedIn;
use crate::card::{Card, STYLE, page as on_a_page};
use crate::domain::{Language, Line};
use crate::web::App;

/// `?lijn=31700002586&taal=nl`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    lijn: String,
    taal: String,
}

/// The card of the first line that is theirs, or of the one that was chosen, in its language.
pub(super) async fn page(
    State(app): State<App>,
    you: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let context = app.exchange.context();
    let theirs: Vec<&Line> =
        context.lines.iter().filter(|line| sees(&you.operator, line)).collect();
    let line = match wanted.lijn.as_str() {
        "" => theirs.first(),
        number => theirs.iter().find(|line| in_address(line) == number),
    };
    let line = line.ok_or(Fault::NotHere)?;
    let spoken = |language: &Language| line.languages.contains(language);
    let language = Language::parse(&wanted.taal).filter(spoken);
    let language = language.or(line.languages.first().copied()).unwrap_or_default();
    let card = Card::of(line, &context.flows.current(), language, context.addresses.public_url());
    let mut links = vec![("/loket/deelnemers".to_owned(), you.say("Terug", "Back").to_owned())];
    for other in &theirs {
        for language in &other.languages {
            let address =
                format!("/loket/kaart?lijn={}&taal={}", in_address(other), language.code());
            let words = match theirs.len() {
                1 => language_name(*language).to_owned(),
                _ => format!("{} ({})", other.name, language_name(*language)),
            };
            links.push((address, words));
        }
    }
    Ok(Html(on_a_page(&card, &links)?).into_response())
}

/// How a card looks.
pub(super) async fn style() -> Response {
    let kind = (header::CONTENT_TYPE, "text/css; charset=utf-8");
    ([kind, (header::CACHE_CONTROL, "max-age=300")], STYLE).into_response()
}

/// A language in its own words.
fn language_name(language: Language) -> &'static str {
    match language {
        Language::Nl => "Nederlands",
        Language::En => "English",
    }
}

/// A line's number in an address: no plus, which would be a space there.
fn in_address(line: &Line) -> &str {
    line.number.e164().trim_start_matches('+')
}
