//! When somebody is rung, by ticking a week, and how often at most.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;

use super::settle::settle;
use super::{Choice, choices, myself};
use crate::domain::week_plan::{self, Part, WeekPlan};
use crate::domain::{Hours, Language};
use crate::store::NewParticipant;
use crate::web::App;
use crate::web::fault::Answer;
use crate::web::portal::{Fields, Layout, Me, Section, field, show};

const PATH: &str = "/mijn/tijden";
/// What can be chosen.
const PER_DAY: [u32; 4] = [1, 2, 3, 5];
const PER_WEEK: [u32; 6] = [1, 2, 3, 4, 7, 14];

#[derive(Template)]
#[template(path = "portal/templates/hours.html")]
struct HoursPage {
    layout: Layout,
    /// As it is now, in a sentence.
    now: String,
    /// It was written by hand and fits no week plan.
    by_hand: bool,
    /// What each part of the day is called, and its hours.
    parts: Vec<(&'static str, String)>,
    days: Vec<Day>,
    not_on_holidays: bool,
    per_day: Vec<Choice>,
    per_week: Vec<Choice>,
    never: bool,
    too_few: bool,
}

/// A row of the week.
struct Day {
    name: &'static str,
    boxes: Vec<Tick>,
}

/// A box of the week.
struct Tick {
    value: String,
    /// What it is called for whoever does not see the table.
    label: String,
    ticked: bool,
}

fn day_name(day: usize, language: Language) -> &'static str {
    const NAMES: [[&str; 2]; 7] = [
        ["maandag", "Monday"],
        ["dinsdag", "Tuesday"],
        ["woensdag", "Wednesday"],
        ["donderdag", "Thursday"],
        ["vrijdag", "Friday"],
        ["zaterdag", "Saturday"],
        ["zondag", "Sunday"],
    ];
    NAMES[day][usize::from(language == Language::En)]
}

/// The week as it is.
pub(in crate::web::portal) async fn page(State(app): State<App>, me: Me) -> Answer {
    let known = myself(&app, me.id).await?.known;
    let plan = WeekPlan::of(&known.hours);
    show(&hours_page(&me, &known, plan, (known.max_per_day, known.max_per_week)))
}

fn hours_page(
    me: &Me,
    known: &NewParticipant,
    plan: Option<WeekPlan>,
    (day, week): (u32, u32),
) -> HoursPage {
    let language = me.visitor.language;
    let by_hand = plan.is_none();
    let plan = plan.unwrap_or_default();
    let one_box = |day: usize, part: Part| Tick {
        value: format!("{day}-{}", field::part_word(part)),
        label: format!("{} {}", day_name(day, language), field::part_name(part, language)),
        ticked: plan.is_ticked(day, part),
    };
    let row = |day: usize| Day {
        name: day_name(day, language),
        boxes: Part::ALL.into_iter().map(|part| one_box(day, part)).collect(),
    };
    let times = |language: Language, times: u32| match (language, times) {
        (Language::Nl, times) => format!("{times} keer"),
        (Language::En, 1) => "once".to_owned(),
        (Language::En, times) => format!("{times} times"),
    };
    HoursPage {
        layout: me.layout(Section::Mine, me.say("Wanneer wij u bellen", "When we ring you")),
        now: week_plan::in_words(&known.hours, language),
        by_hand,
        parts: Part::ALL.into_iter().map(|part| field::part_in_two(part, language)).collect(),
        days: (0..7).map(row).collect(),
        not_on_holidays: plan.not_on_holidays || by_hand,
        per_day: choices(&PER_DAY, day, |it| times(language, it)),
        per_week: choices(&PER_WEEK, week, |it| times(language, it)),
        never: false,
        too_few: false,
    }
}

fn plan_in(form: &Fields) -> WeekPlan {
    let mut plan = WeekPlan::default();
    plan.not_on_holidays = form.filled("feestdagen").is_some();
    let ticked: Vec<&str> = form.all("tijd").collect();
    for day in 0..7 {
        for part in Part::ALL {
            let value = format!("{day}-{}", field::part_word(part));
            plan.tick(day, part, ticked.contains(&value.as_str()));
        }
    }
    plan
}

/// The week as it was ticked.
pub(in crate::web::portal) async fn set(State(app): State<App>, me: Me, form: Fields) -> Answer {
    let known = myself(&app, me.id).await?.known;
    let mut plan = plan_in(&form);
    // Written by hand, and nothing was ticked instead: it stays.
    let stays = WeekPlan::of(&known.hours).is_none() && plan.is_never();
    let hours: Hours = if stays { known.hours.clone() } else { plan.hours() };
    let count = |name: &str, most: u32, was: u32| match form.get(name).parse() {
        Ok(count) if (1..=most).contains(&count) => count,
        _ => was,
    };
    let day = count("dag", 20, known.max_per_day);
    let week = count("week", 50, known.max_per_week);
    let never = plan.is_never() && !stays;
    if never || day > week {
        if stays {
            plan.not_on_holidays = true;
        }
        let page = HoursPage {
            never,
            too_few: day > week,
            ..hours_page(&me, &known, (!stays).then_some(plan), (day, week))
        };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, show(&page)?).into_response());
    }
    let told = week_plan::in_words(&hours, me.visitor.language);
    let change = move |person: &mut NewParticipant| {
        person.hours = hours;
        (person.max_per_day, person.max_per_week) = (day, week);
    };
    settle(&app, me.id, change, |_| Ok(())).await?;
    let kept = me.say("Bewaard. Wij bellen u", "Kept. We ring you");
    Ok(me.done(PATH, format!("{kept} {told}.")))
}
