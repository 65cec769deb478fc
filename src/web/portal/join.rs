//! Signing up on the web: six fields, and then we ring. The answer is the same whoever has the
//! number.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::page::show_typed;
use super::{Fields, Layout, Section, Visitor, field, show};
use crate::domain::week_plan::{Part, WeekPlan};
use crate::domain::{Channel, Language, ServiceId, consent};
use crate::exchange::{NewcomerForm, NotSignedUp, SignedUp};
use crate::web::address::Address;
use crate::web::fault::Answer;
use crate::web::typed::{Typed, Wrong};
use crate::web::{App, say};

const PAGE: &str = "/meedoen";
/// Working days and the weekend, by their numbers in a week plan.
const DAYS: [(&str, [&str; 2], std::ops::Range<usize>); 2] = [
    ("week", ["Maandag tot en met vrijdag", "Monday to Friday"], 0..5),
    ("weekend", ["Zaterdag en zondag", "Saturday and Sunday"], 5..7),
];

#[derive(Template)]
#[template(path = "portal/templates/join.html")]
struct JoinPage {
    layout: Layout,
    typed: Typed,
    does: Vec<Choice>,
    would_like: Vec<Choice>,
    days: Vec<Days>,
    /// What they agree to.
    text: &'static str,
}

/// A box that can be ticked.
struct Choice {
    value: String,
    name: String,
    ticked: bool,
}

/// The parts of these days.
struct Days {
    name: &'static str,
    parts: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "portal/templates/joined.html")]
struct JoinedPage {
    layout: Layout,
    /// When they are rung, in words; none: right away.
    rings: Option<String>,
}

/// The empty form.
pub(super) async fn page(State(app): State<App>, visitor: Visitor) -> Answer {
    shown(&app, &visitor, Typed::default())
}

/// The form: new, or again as it was filled in.
fn shown(app: &App, visitor: &Visitor, typed: Typed) -> Answer {
    let language = visitor.language;
    let boxes = |name: &str| -> Vec<Choice> {
        let choice = |id: ServiceId| Choice {
            ticked: typed.chose(name, id.as_str()),
            name: say::service(app, &id, language),
            value: id.to_string(),
        };
        services(app).into_iter().map(choice).collect()
    };
    let layout = visitor.layout(Section::Join, visitor.say("Meedoen", "Take part"));
    let page = JoinPage {
        layout: layout.with(&typed, PAGE),
        does: boxes("doe"),
        would_like: boxes("vraag"),
        days: days(&typed, language),
        text: consent::text(language),
        typed,
    };
    show_typed(&page, &page.typed)
}

/// What any line is for, in the order of the catalogue.
fn services(app: &App) -> Vec<ServiceId> {
    let flows = app.exchange.context().flows.current();
    let lines = &app.exchange.context().lines;
    let offered = |id: &&ServiceId| lines.iter().any(|line| line.services.contains(id));
    flows.catalogue().ids().filter(offered).cloned().collect()
}

fn days(typed: &Typed, language: Language) -> Vec<Days> {
    let days = |(days, name, _): &(&'static str, [&'static str; 2], std::ops::Range<usize>)| {
        let part = |part: Part| {
            let value = format!("{days}-{}", field::part_word(part));
            let ticked = typed.chose("tijd", &value);
            Choice { value, name: field::part_name(part, language), ticked }
        };
        Days { name: language.one_of(*name), parts: Part::ALL.into_iter().map(part).collect() }
    };
    DAYS.iter().map(days).collect()
}

fn plan(form: &Fields) -> WeekPlan {
    let mut plan = WeekPlan::default();
    plan.not_on_holidays = true;
    let chosen: Vec<&str> = form.all("tijd").collect();
    for (word, _, days) in DAYS {
        for part in Part::ALL {
            let ticked = chosen.contains(&format!("{word}-{}", field::part_word(part)).as_str());
            days.clone().for_each(|day| plan.tick(day, part, ticked));
        }
    }
    plan
}

/// Somebody signs up, or is told everything that is wrong at once.
pub(super) async fn join(
    State(app): State<App>,
    Address(address): Address,
    visitor: Visitor,
    form: Fields,
) -> Answer {
    let language = visitor.language;
    let newcomer = match read(&app, &form, language) {
        Ok(newcomer) => newcomer,
        Err(wrong) => return shown(&app, &visitor, Typed::refused("", form, wrong)),
    };
    let mut wrong = Wrong::none(language);
    let now = app.exchange.now();
    if app.portal.admit_stranger(address, now).is_err()
        || app.portal.admit_call(&newcomer.phone, address, now).is_err()
    {
        wrong.say(
            "nummer",
            "Dit ging wel erg snel achter elkaar. Probeer het over een uur nog eens, of bel ons.",
            "That was very often in a row. Try again in an hour, or ring us.",
        );
        let typed = Typed::refused("", form, wrong);
        let page = shown(&app, &visitor, typed)?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    match app.exchange.sign_up(newcomer).await? {
        Ok(told) => joined(&app, &visitor, told),
        Err(why) => {
            wrong.told(field_of(why), why.advice(language));
            shown(&app, &visitor, Typed::refused("", form, wrong))
        }
    }
}

/// At which field it stands.
fn field_of(why: NotSignedUp) -> &'static str {
    match why {
        NotSignedUp::Number | NotSignedUp::TooMany => "nummer",
        NotSignedUp::Place => "postcode",
        NotSignedUp::Nothing => "doe",
        NotSignedUp::Never => "tijd",
        NotSignedUp::Age => "akkoord",
    }
}

fn read(app: &App, form: &Fields, language: Language) -> Result<NewcomerForm, Wrong> {
    let mut wrong = Wrong::none(language);
    let phone = field::phone(app, form.get("nummer"), language);
    let phone = phone.map_err(|why| wrong.told("nummer", why)).ok();
    let postcode = field::postcode(form.get("postcode"), language);
    let postcode = postcode.map_err(|why| wrong.told("postcode", why)).ok();
    let line = postcode.and_then(|postcode| app.exchange.line_at(postcode));
    if postcode.is_some() && line.is_none() {
        wrong.told("postcode", NotSignedUp::Place.advice(language));
    }
    let chosen = |name: &'static str| -> Vec<ServiceId> {
        form.all(name).filter_map(|id| ServiceId::parse(id).ok()).collect()
    };
    let (does, would_like) = (chosen("doe"), chosen("vraag"));
    if does.is_empty() && would_like.is_empty() {
        wrong.told("doe", NotSignedUp::Nothing.advice(language));
    }
    let plan = plan(form);
    if plan.is_never() {
        wrong.told("tijd", NotSignedUp::Never.advice(language));
    }
    let adult = form.filled("akkoord").is_some();
    if !adult {
        wrong.say(
            "akkoord",
            "Zet hier een vinkje als u 18 jaar of ouder bent en dit goed vindt.",
            "Tick this box if you are 18 or older and this is fine with you.",
        );
    }
    let (Some(phone), Some(postcode), Some(line), true) = (phone, postcode, line, wrong.is_empty())
    else {
        return Err(wrong);
    };
    Ok(NewcomerForm {
        line: line.number.clone(),
        phone,
        name: None,
        postcode,
        does,
        would_like,
        hours: plan.hours(),
        languages: Vec::new(),
        language,
        channel: Channel::Web,
        text_version: consent::TEXT_VERSION.to_owned(),
        adult,
        proof: None,
    })
}

fn joined(app: &App, visitor: &Visitor, told: SignedUp) -> Answer {
    let now = app.exchange.now();
    let later = told.rings_from.filter(|at| *at > now);
    show(&JoinedPage {
        layout: visitor
            .layout(Section::Join, visitor.say("Dank u wel", "Thank you"))
            .done_with_form("/"),
        rings: later.map(|at| say::when(now, at, visitor.language)),
    })
}
