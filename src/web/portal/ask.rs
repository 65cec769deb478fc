//! `/vragen`: asking a neighbour something on the web, in three steps and without an account.
//!
//! What; where and when; on which telephone. The first two stand in the address, so that going back
//! and forth loses nothing; the number is sent at last. It is then rung: only whoever has that
//! telephone makes a request of it (see `exchange`). The page of a question has an address that
//! nobody can guess, and says how it stands.

mod reading;
mod state;
mod words;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect};

use super::mine::myself;
use super::{Fields, Layout, Section, Visitor, show};
use crate::exchange::{Received, WebQuestion};
use crate::login::Token;
use crate::store::PersonRow;
use crate::web::address::Address;
use crate::web::fault::{Answer, Fault};
use crate::web::{App, say};

pub(super) use state::{no_longer, page as state};

/// Where it begins.
const PAGE: &str = "/vragen";

/// Something that is wrong: in which field, and what to do.
pub(super) struct Wrong {
    field: &'static str,
    what: String,
}

/// A service to choose.
struct Choice {
    code: String,
    name: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "portal/templates/ask_what.html")]
struct WhatPage {
    layout: Layout,
    services: Vec<Choice>,
    filled: Fields,
    wrong: Option<Wrong>,
}

#[derive(Template)]
#[template(path = "portal/templates/ask_where.html")]
struct WherePage {
    layout: Layout,
    service: String,
    filled: Fields,
    wrong: Vec<Wrong>,
    /// Whoever helps can be asked to go inside too.
    goes_inside: bool,
    /// The first and the last day that can be chosen.
    days: (String, String),
}

#[derive(Template)]
#[template(path = "portal/templates/ask_number.html")]
struct NumberPage {
    layout: Layout,
    service: String,
    place: String,
    when: String,
    filled: Fields,
    wrong: Option<Wrong>,
    /// Where the second step is, with what was filled in.
    back: String,
    line: String,
    /// From when they are rung, if that is not now.
    rings_from: Option<String>,
}

impl WherePage {
    fn fault(&self, field: &str) -> Option<&str> {
        self.wrong.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.what.as_str())
    }
}

/// The first step: what.
pub(super) async fn what(State(app): State<App>, visitor: Visitor, uri: Uri) -> Answer {
    what_page(&app, &visitor, Fields::in_address(&uri), None)
}

fn what_page(app: &App, visitor: &Visitor, filled: Fields, wrong: Option<Wrong>) -> Answer {
    let services = reading::services(app).into_iter().map(|id| Choice {
        name: say::service(app, &id, visitor.language),
        chosen: filled.get("dienst") == id.as_str(),
        code: id.as_str().to_owned(),
    });
    let page = WhatPage {
        layout: layout(visitor, visitor.say("Wat wilt u vragen?", "What would you like to ask?")),
        services: services.collect(),
        filled,
        wrong,
    };
    let refused = page.wrong.is_some();
    shown(&page, refused)
}

/// The second step: where and when.
pub(super) async fn place(State(app): State<App>, visitor: Visitor, uri: Uri) -> Answer {
    let filled = Fields::in_address(&uri);
    match reading::service(&app, &filled, visitor.language) {
        Err(wrong) => what_page(&app, &visitor, filled, Some(wrong)),
        Ok(_) => {
            let filled = match known(&app, &visitor).await? {
                Some(row) => filled.or("postcode", row.postcode.to_string()),
                None => filled,
            };
            where_page(&app, &visitor, filled, Vec::new())
        }
    }
}

fn where_page(app: &App, visitor: &Visitor, filled: Fields, wrong: Vec<Wrong>) -> Answer {
    let Ok(service) = reading::service(app, &filled, visitor.language) else {
        return what_page(app, visitor, filled, None);
    };
    let today = app.exchange.now().wall_clock().date();
    let last = today + chrono::Days::new(reading::FARTHEST_DAYS);
    let page = WherePage {
        // Also of a form that was sent on: the language switch leads back to this step.
        layout: Layout {
            path: reading::address("waar", &filled),
            filled_in: false,
            ..layout(visitor, visitor.say("Waar en wanneer?", "Where and when?"))
        },
        service: say::service(app, &service, visitor.language),
        goes_inside: reading::goes_inside(app, &service),
        filled,
        wrong,
        days: (today.to_string(), last.to_string()),
    };
    let refused = !page.wrong.is_empty();
    shown(&page, refused)
}

/// The third step: on which telephone.
pub(super) async fn number(State(app): State<App>, visitor: Visitor, uri: Uri) -> Answer {
    let filled = Fields::in_address(&uri);
    let filled = match known(&app, &visitor).await? {
        Some(row) => filled.or("telefoon", row.phone.in_full()),
        None => filled,
    };
    number_page(&app, &visitor, filled, None).await
}

/// Whoever is logged in need not fill in what is known of them.
async fn known(app: &App, visitor: &Visitor) -> Result<Option<PersonRow>, Fault> {
    match visitor.who {
        Some(who) => Ok(Some(myself(app, who).await?.row)),
        None => Ok(None),
    }
}

async fn number_page(app: &App, visitor: &Visitor, filled: Fields, wrong: Option<Wrong>) -> Answer {
    let language = visitor.language;
    let service = match reading::service(app, &filled, language) {
        Ok(service) => service,
        Err(wrong) => return what_page(app, visitor, filled, Some(wrong)),
    };
    let asked = match reading::asked(app, &filled, language).await? {
        Ok(asked) => asked,
        Err(wrong) => return where_page(app, visitor, filled, wrong),
    };
    let now = app.exchange.now();
    let page = NumberPage {
        layout: Layout {
            path: reading::address("nummer", &filled),
            filled_in: false,
            ..layout(visitor, visitor.say("Waar bellen wij u?", "Where do we ring you?"))
        },
        service: say::asked(app, &service, asked.inside, language),
        place: say::place(asked.postcode, Some(&asked.place)),
        when: words::when(now, asked.wanted_at, language),
        back: reading::address("waar", &filled),
        line: asked.line.number.in_full(),
        rings_from: words::not_now(app, asked.line, language),
        filled,
        wrong,
    };
    let refused = page.wrong.is_some();
    shown(&page, refused)
}

/// All of it: taken in, and on to its own page.
pub(super) async fn send(
    State(app): State<App>,
    visitor: Visitor,
    Address(address): Address,
    form: Fields,
) -> Answer {
    let language = visitor.language;
    let service = match reading::service(&app, &form, language) {
        Ok(service) => service,
        Err(wrong) => return what_page(&app, &visitor, form, Some(wrong)),
    };
    let asked = match reading::asked(&app, &form, language).await? {
        Ok(asked) => asked,
        Err(wrong) => return where_page(&app, &visitor, form, wrong),
    };
    let phone = match reading::phone(&app, &form, language) {
        Ok(phone) => phone,
        Err(wrong) => return number_page(&app, &visitor, form, Some(wrong)).await,
    };
    let now = app.exchange.now();
    let stranger = visitor.who.is_none();
    if stranger && app.portal.admit_stranger(address, now).is_err()
        || app.portal.admit_call(&phone, address, now).is_err()
    {
        let wrong = words::too_often(language);
        return number_page(&app, &visitor, form, Some(wrong)).await;
    }
    let link = Token::new().ok_or_else(|| Fault::ours("this machine has no random source"))?;
    let received = app.exchange.ask_on_the_web(WebQuestion {
        link: link.hash(),
        line: asked.line.number.clone(),
        phone,
        service,
        postcode: asked.postcode,
        language: asked.language,
        inside: asked.inside,
        wanted_at: asked.wanted_at,
        on_board: form.get("prikbord") == "ja",
    });
    match received.await? {
        Received::RingsAt(_) => {
            Ok(Redirect::to(&format!("{PAGE}/{}", link.text())).into_response())
        }
        refused => {
            let wrong = words::refused(refused, &asked.line.number.in_full(), language);
            number_page(&app, &visitor, form, Some(wrong)).await
        }
    }
}

fn layout(visitor: &Visitor, title: &str) -> Layout {
    visitor.layout(Section::Ask, title)
}

/// A page; with something wrong in it, its status says so.
fn shown(page: &impl Template, refused: bool) -> Answer {
    let shown = show(page)?;
    Ok(if refused { (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response() } else { shown })
}
