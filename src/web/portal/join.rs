//! Signing up on the web: six fields, and then we ring. The answer is the same whoever has the
//! number.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::{Fields, Layout, Section, Visitor, field, show};
use crate::domain::week_plan::{Part, WeekPlan};
use crate::domain::{Channel, Hours, Language, ServiceId, consent};
use crate::exchange::{NewcomerForm, NotSignedUp, SignedUp};
use crate::web::address::Address;
use crate::web::fault::Answer;
use crate::web::{App, say};

/// Working days and the weekend, by their numbers in a week plan.
const DAYS: [(&str, [&str; 2], std::ops::Range<usize>); 2] = [
    ("week", ["Maandag tot en met vrijdag", "Monday to Friday"], 0..5),
    ("weekend", ["Zaterdag en zondag", "Saturday and Sunday"], 5..7),
];

#[derive(Template)]
#[template(path = "portal/templates/join.html")]
struct JoinPage {
    layout: Layout,
    phone: Filled,
    postcode: Filled,
    does: Vec<Choice>,
    would_like: Vec<Choice>,
    /// What is wrong with both of them.
    nothing: Option<String>,
    days: Vec<Days>,
    hours: Option<String>,
    agreed: Agreed,
    /// What is wrong with none of the fields.
    wrong: Option<String>,
}

/// A field as it was typed, and what is wrong with it.
#[derive(Default)]
struct Filled {
    typed: String,
    wrong: Option<String>,
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

/// What they agree to.
struct Agreed {
    text: &'static str,
    ticked: bool,
    wrong: Option<String>,
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
    show(&form_page(&app, &visitor, &Fields::default()))
}

/// The form as it was filled in; nothing is wrong with it yet.
fn form_page(app: &App, visitor: &Visitor, form: &Fields) -> JoinPage {
    let language = visitor.language;
    let ticked = |name: &'static str| -> Vec<Choice> {
        let chosen: Vec<&str> = form.all(name).collect();
        let choice = |id: ServiceId| Choice {
            ticked: chosen.contains(&id.as_str()),
            name: say::service(app, &id, language),
            value: id.to_string(),
        };
        services(app).into_iter().map(choice).collect()
    };
    let filled =
        |name| Filled { typed: form.get(name).chars().take(field::LONGEST).collect(), wrong: None };
    JoinPage {
        layout: visitor.layout(Section::Join, visitor.say("Meedoen", "Take part")),
        phone: filled("nummer"),
        postcode: filled("postcode"),
        does: ticked("doe"),
        would_like: ticked("vraag"),
        nothing: None,
        days: days(form, language),
        hours: None,
        agreed: Agreed {
            text: consent::text(language),
            ticked: form.filled("akkoord").is_some(),
            wrong: None,
        },
        wrong: None,
    }
}

/// What any line is for, in the order of the catalogue.
fn services(app: &App) -> Vec<ServiceId> {
    let flows = app.exchange.context().flows.current();
    let lines = &app.exchange.context().lines;
    let offered = |id: &&ServiceId| lines.iter().any(|line| line.services.contains(id));
    flows.catalogue().ids().filter(offered).cloned().collect()
}

fn days(form: &Fields, language: Language) -> Vec<Days> {
    let chosen: Vec<&str> = form.all("tijd").collect();
    let pick = |[nl, en]: [&'static str; 2]| if language == Language::Nl { nl } else { en };
    let days = |(days, name, _): &(&'static str, [&'static str; 2], std::ops::Range<usize>)| {
        let part = |part: Part| {
            let value = format!("{days}-{}", field::part_word(part));
            let ticked = chosen.contains(&value.as_str());
            Choice { value, name: field::part_name(part, language), ticked }
        };
        Days { name: pick(*name), parts: Part::ALL.into_iter().map(part).collect() }
    };
    DAYS.iter().map(days).collect()
}

fn hours(form: &Fields) -> Hours {
    let mut plan = WeekPlan::default();
    plan.not_on_holidays = true;
    let chosen: Vec<&str> = form.all("tijd").collect();
    for (word, _, days) in DAYS {
        for part in Part::ALL {
            let ticked = chosen.contains(&format!("{word}-{}", field::part_word(part)).as_str());
            days.clone().for_each(|day| plan.tick(day, part, ticked));
        }
    }
    plan.hours()
}

/// Somebody signs up, or is told everything that is wrong at once.
pub(super) async fn join(
    State(app): State<App>,
    Address(address): Address,
    visitor: Visitor,
    form: Fields,
) -> Answer {
    let language = visitor.language;
    let mut page = form_page(&app, &visitor, &form);
    let phone = field::phone(&app, form.get("nummer"), language);
    let postcode = field::postcode(form.get("postcode"), language);
    let line = postcode.as_ref().ok().and_then(|postcode| app.exchange.line_at(*postcode));
    if !page.agreed.ticked {
        page.agreed.wrong = Some(agree_first(language).to_owned());
    }
    let (phone, postcode, line) = match (phone, postcode, line) {
        (Ok(phone), Ok(postcode), Some(line)) if page.agreed.wrong.is_none() => {
            (phone, postcode, line)
        }
        (phone, postcode, line) => {
            let nowhere = || NotSignedUp::Place.advice(language).to_owned();
            page.phone.wrong = phone.err();
            page.postcode.wrong = match postcode {
                Ok(_) => line.is_none().then(nowhere),
                Err(why) => Some(why),
            };
            return refused(page);
        }
    };
    let chosen = |name: &'static str| -> Vec<ServiceId> {
        form.all(name).filter_map(|id| ServiceId::parse(id).ok()).collect()
    };
    app.portal.admit_call(&phone, address, app.exchange.now())?;
    let told = app.exchange.sign_up(NewcomerForm {
        line: line.number.clone(),
        phone,
        name: None,
        postcode,
        does: chosen("doe"),
        would_like: chosen("vraag"),
        hours: hours(&form),
        languages: Vec::new(),
        language,
        channel: Channel::Web,
        text_version: consent::TEXT_VERSION.to_owned(),
        adult: page.agreed.ticked,
        proof: None,
    });
    match told.await? {
        Ok(told) => joined(&app, &visitor, told),
        Err(why) => {
            let advice = Some(why.advice(language).to_owned());
            match why {
                NotSignedUp::Number => page.phone.wrong = advice,
                NotSignedUp::Place => page.postcode.wrong = advice,
                NotSignedUp::Nothing => page.nothing = advice,
                NotSignedUp::Never => page.hours = advice,
                NotSignedUp::Age => page.agreed.wrong = advice,
                NotSignedUp::TooMany => page.wrong = advice,
            }
            refused(page)
        }
    }
}

fn agree_first(language: Language) -> &'static str {
    match language {
        Language::Nl => "Zet hier een vinkje als u 18 jaar of ouder bent en dit goed vindt.",
        Language::En => "Tick this box if you are 18 or older and this is fine with you.",
    }
}

fn refused(page: JoinPage) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response())
}

fn joined(app: &App, visitor: &Visitor, told: SignedUp) -> Answer {
    let now = app.exchange.now();
    let later = told.rings_from.filter(|at| *at > now);
    show(&JoinedPage {
        layout: visitor.layout(Section::Join, visitor.say("Dank u wel", "Thank you")),
        rings: later.map(|at| say::when(now, at, visitor.language)),
    })
}
