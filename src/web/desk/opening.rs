//! `/loket/open`: the desk open or closed right now, extra closing days, and what callers hear first.

use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use chrono::{Days, NaiveDate, NaiveTime};

use super::fault::{Answer, Fault};
use super::layout::{Layout, Section};
use super::page::{FOR_A_WHILE, show_typed};
use super::say::{day, line_name, lines_of, when};
use super::signed_in::{Fields, SignedIn};
use crate::domain::week_plan;
use crate::domain::{
    About, Deed, DeskHours, Language, Line, OpenOrClosed, Phone, Role, Sentence, Timestamp,
};
use crate::store::{ClosingDay, StoreError};
use crate::web::App;
use crate::web::typed::{Typed, Wrong};

const PAGE: &str = "/loket/open";
/// Farthest that anything is settled ahead by hand.
const LONGEST: Duration = Duration::from_secs(62 * 24 * 3600);
/// Farthest closing day, from today.
const FARTHEST_DAYS: u64 = 400;

#[derive(Template)]
#[template(path = "desk/templates/opening.html")]
struct OpeningPage {
    layout: Layout,
    typed: Typed,
    lines: Vec<LineNow>,
    days: Vec<DayNow>,
    today: String,
    /// Whether they may close all lines at once.
    all_lines: bool,
}

/// A line, and how its desk stands.
struct LineNow {
    /// Names its part of the page.
    id: String,
    number: String,
    name: String,
    open: bool,
    no_telephones: bool,
    by_hand: bool,
    /// One sentence on how it goes on.
    then: String,
    hours: String,
    notices: Vec<NoticeNow>,
}

struct NoticeNow {
    /// Names its field.
    id: String,
    code: &'static str,
    tag: &'static str,
    language: String,
    text: String,
    until: Option<String>,
}

impl NoticeNow {
    /// Names what explains its field.
    fn hint(&self) -> String {
        format!("uitleg-{}", self.id)
    }
}

struct DayNow {
    day: String,
    words: String,
    line: String,
    name: String,
    /// Whether it is theirs to take away.
    theirs: bool,
}

/// Everything that is settled, line by line.
pub(super) async fn page(State(app): State<App>, you: SignedIn) -> Answer {
    shown(&app, &you, Typed::default()).await
}

async fn shown(app: &App, you: &SignedIn, typed: Typed) -> Answer {
    let now = app.exchange.now();
    let mut lines = Vec::new();
    for line in lines_of(app, you) {
        lines.push(line_now(app, you, line, now).await?);
    }
    let days = app.exchange.store().read(move |tx| tx.closing_days(now)).await?;
    let is_theirs = |day: &&ClosingDay| match &day.line {
        None => true,
        Some(line) => you.operator.sees(line, None),
    };
    let all_lines = you.operator.role == Role::Administrator;
    let days = days.iter().filter(is_theirs).map(|closing| DayNow {
        day: closing.day.to_string(),
        words: day(
            now,
            Timestamp::from_wall_clock(closing.day.and_time(NaiveTime::MIN)),
            you.language,
        ),
        line: closing.line.as_ref().map_or("", Phone::e164).to_owned(),
        name: match &closing.line {
            Some(line) => line_name(app, line),
            None => you.say("alle lijnen", "all lines").to_owned(),
        },
        theirs: closing.line.is_some() || all_lines,
    });
    let layout = you.layout(Section::Opening, Section::Opening.name(you.language));
    let page = OpeningPage {
        layout: layout.with(&typed, PAGE),
        lines,
        days: days.collect(),
        today: now.wall_clock().date().to_string(),
        all_lines,
        typed,
    };
    show_typed(&page, &page.typed)
}

/// What the part of a line is called on the page, and its first form.
fn id_of(line: &Phone) -> String {
    format!("lijn-{}", line.e164().trim_start_matches('+'))
}

/// What the form of a notice is called.
fn notice_id(line: &Phone, language: Language) -> String {
    format!("{}-{}", id_of(line), language.code())
}

async fn line_now(
    app: &App,
    you: &SignedIn,
    line: &Line,
    now: Timestamp,
) -> Result<LineNow, StoreError> {
    let (number, languages) = (line.number.clone(), line.languages.clone());
    let read = app.exchange.store().read(move |tx| {
        let notices = languages.into_iter().map(|l| Ok((l, tx.notice(&number, l, now)?)));
        let notices = notices.collect::<Result<Vec<_>, StoreError>>()?;
        Ok::<_, StoreError>((tx.desk_exceptions(&number, now)?, notices))
    });
    let (exceptions, notices) = read.await?;
    let by_hand = exceptions.by_hand;
    let desk = DeskHours::new(&line.office_hours, exceptions);
    let open = desk.is_open(now);
    let then = match (by_hand, open) {
        (Some(by_hand), _) => {
            let until = when(now, by_hand.until, you.language);
            match you.language {
                Language::Nl => {
                    format!("Zo ingesteld tot {until}; daarna gelden de gewone tijden weer.")
                }
                Language::En => {
                    format!("Set by hand until {until}; then the usual hours count again.")
                }
            }
        }
        (None, true) => you.say("Volgens de gewone tijden.", "By the usual hours.").to_owned(),
        (None, false) => match desk.next_opening(now) {
            Some(opening) => {
                let opening = when(now, opening, you.language);
                match you.language {
                    Language::Nl => format!("Weer open: {opening}."),
                    Language::En => format!("Open again: {opening}."),
                }
            }
            None => you
                .say("De komende twee maanden niet open.", "Not open in the next two months.")
                .to_owned(),
        },
    };
    let notices = notices.into_iter().map(|(language, notice)| NoticeNow {
        id: notice_id(&line.number, language),
        code: language.code(),
        tag: language.tag(),
        language: match language {
            Language::Nl => you.say("Nederlands", "Dutch").to_owned(),
            Language::En => you.say("Engels", "English").to_owned(),
        },
        until: notice.as_ref().map(|notice| when(now, notice.until, you.language)),
        text: notice.map(|notice| notice.text).unwrap_or_default(),
    });
    Ok(LineNow {
        id: id_of(&line.number),
        number: line.number.e164().to_owned(),
        name: line.name.clone(),
        open,
        no_telephones: line.desk.is_empty(),
        by_hand: by_hand.is_some(),
        then,
        hours: match line.office_hours.week() {
            Some(_) => week_plan::in_words(&line.office_hours, you.language),
            None => line.office_hours.as_str().to_owned(),
        },
        notices: notices.collect(),
    })
}

/// Opens or closes the desk of a line for a while, or lets its hours count again.
pub(super) async fn by_hand(State(app): State<App>, you: SignedIn, form: Fields) -> Answer {
    let line = line_of(&app, &you, &form)?;
    let (now, by) = (app.exchange.now(), you.operator.id);
    let open = match form.get("wat") {
        "open" => Some(true),
        "dicht" => Some(false),
        _ => None,
    };
    let Some(open) = open else {
        let about = About::Line(line.clone());
        app.exchange
            .store()
            .write(move |tx| {
                if tx.desk_by_hours(&line)? {
                    tx.audit(by, Deed::DeskByHours, &about, now)?;
                }
                Ok::<_, StoreError>(())
            })
            .await?;
        let told = you.say("De gewone tijden gelden weer.", "The usual hours count again.");
        return Ok(you.done(PAGE, told));
    };
    let mut wrong = Wrong::none(you.language);
    let Some(until) = until(&form, now, &mut wrong) else {
        return shown(&app, &you, Typed::refused(id_of(&line), form, wrong)).await;
    };
    let deed = if open { Deed::DeskOpened } else { Deed::DeskClosed };
    app.exchange
        .store()
        .write(move |tx| {
            if tx.set_desk(&line, OpenOrClosed { open, until }, by, now)? {
                tx.audit(by, deed, &About::Line(line), now)?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    let until = when(now, until, you.language);
    Ok(you.done(
        PAGE,
        match (open, you.language) {
            (true, Language::Nl) => format!("Het loket is open tot {until}."),
            (true, Language::En) => format!("The desk is open until {until}."),
            (false, Language::Nl) => format!("Het loket is dicht tot {until}."),
            (false, Language::En) => format!("The desk is closed until {until}."),
        },
    ))
}

/// Enters an extra closing day.
pub(super) async fn add_day(State(app): State<App>, you: SignedIn, form: Fields) -> Answer {
    let (now, by) = (app.exchange.now(), you.operator.id);
    let today = now.wall_clock().date();
    let farthest = today.checked_add_days(Days::new(FARTHEST_DAYS)).unwrap_or(today);
    let line = whose(&app, &you, &form)?;
    let day = day_of(&form).filter(|day| (today..=farthest).contains(day));
    let Some(day) = day else {
        let wrong = Wrong::only(
            you.language,
            "dag",
            "Kies een dag vanaf vandaag, binnen een jaar.",
            "Choose a day from today on, within a year.",
        );
        return shown(&app, &you, Typed::refused("dag", form, wrong)).await;
    };
    let closing = ClosingDay { day, line };
    let added = app.exchange.store().write(move |tx| {
        let added = tx.add_closing_day(&closing, by, now)?;
        if added {
            tx.audit(by, Deed::ClosingDayAdded, &about(&closing), now)?;
        }
        Ok::<_, StoreError>(added)
    });
    Ok(match added.await? {
        true => {
            you.done(PAGE, you.say("De sluitingsdag staat erin.", "The closing day is entered."))
        }
        false => {
            you.warned(PAGE, you.say("Die dag stond er al in.", "That day was there already."))
        }
    })
}

/// Takes a closing day away.
pub(super) async fn remove_day(State(app): State<App>, you: SignedIn, form: Fields) -> Answer {
    let line = whose(&app, &you, &form)?;
    let closing = ClosingDay { day: day_of(&form).ok_or(Fault::NotHere)?, line };
    let (now, by) = (app.exchange.now(), you.operator.id);
    let removed = app.exchange.store().write(move |tx| {
        let removed = tx.remove_closing_day(&closing)?;
        if removed {
            tx.audit(by, Deed::ClosingDayRemoved, &about(&closing), now)?;
        }
        Ok::<_, StoreError>(removed)
    });
    Ok(match removed.await? {
        true => you.done(PAGE, you.say("De sluitingsdag is weg.", "The closing day is gone.")),
        false => you.warned(PAGE, you.say("Die dag was al weg.", "That day was gone already.")),
    })
}

/// Puts a sentence on a line, or takes it away.
pub(super) async fn notice(State(app): State<App>, you: SignedIn, form: Fields) -> Answer {
    let line = line_of(&app, &you, &form)?;
    let language = Language::parse(form.get("taal")).ok_or(Fault::NotHere)?;
    let (now, by) = (app.exchange.now(), you.operator.id);
    if form.get("wat") == "weg" {
        let removed = app.exchange.store().write(move |tx| {
            let removed = tx.remove_notice(&line, language)?;
            if removed {
                tx.audit(by, Deed::NoticeRemoved, &About::Line(line), now)?;
            }
            Ok::<_, StoreError>(removed)
        });
        return Ok(match removed.await? {
            true => you.done(PAGE, you.say("De mededeling is weg.", "The notice is gone.")),
            false => you.warned(PAGE, you.say("De mededeling was al weg.", "It was gone already.")),
        });
    }
    let mut wrong = Wrong::none(you.language);
    let text = Sentence::parse(form.get("tekst"), language);
    let text = text.map_err(|why| wrong.not_written("tekst", &why)).ok();
    let until = until(&form, now, &mut wrong);
    let (Some(text), Some(until)) = (text, until) else {
        return shown(&app, &you, Typed::refused(notice_id(&line, language), form, wrong)).await;
    };
    app.exchange
        .store()
        .write(move |tx| {
            if tx.set_notice(&line, language, &text, until, by, now)? {
                tx.audit(by, Deed::NoticeSet, &About::Line(line), now)?;
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    let until = when(now, until, you.language);
    Ok(you.done(
        PAGE,
        match you.language {
            Language::Nl => format!("Bellers horen dit tot {until}."),
            Language::En => format!("Callers hear this until {until}."),
        },
    ))
}

/// Reads a sentence aloud in the browser.
pub(super) async fn script() -> impl IntoResponse {
    let kind = (header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    ([kind, FOR_A_WHILE], include_str!("assets/aloud.js"))
}

/// The line of a form, if it is theirs.
fn line_of(app: &App, you: &SignedIn, form: &Fields) -> Result<Phone, Fault> {
    let lines = lines_of(app, you);
    let line = lines.iter().find(|line| line.number.e164() == form.get("lijn"));
    line.map(|line| line.number.clone()).ok_or(Fault::NotHere)
}

/// The line of a closing day; one for all lines is the administrators'.
fn whose(app: &App, you: &SignedIn, form: &Fields) -> Result<Option<Phone>, Fault> {
    match form.filled("lijn") {
        None if you.operator.role == Role::Administrator => Ok(None),
        None => Err(Fault::NotTheirs),
        Some(_) => Ok(Some(line_of(app, you, form)?)),
    }
}

fn day_of(form: &Fields) -> Option<NaiveDate> {
    form.get("dag").parse().ok()
}

fn about(closing: &ClosingDay) -> About {
    closing.line.clone().map_or(About::Nothing, About::Line)
}

/// Until when something that is settled by hand holds.
fn until(form: &Fields, now: Timestamp, wrong: &mut Wrong) -> Option<Timestamp> {
    let end_of_day = |days: u64| {
        let day = now.wall_clock().date().checked_add_days(Days::new(days + 1));
        day.map(|day| Timestamp::from_wall_clock(day.and_time(NaiveTime::MIN)))
    };
    let (field, until) = match form.get("tot") {
        "uur" => ("tot", Some(now + Duration::from_secs(3600))),
        "dag" => ("tot", end_of_day(0)),
        "morgen" => ("tot", end_of_day(1)),
        "week" => ("tot", end_of_day(6)),
        _ => ("tot_moment", Timestamp::parse_local(form.get("tot_moment"))),
    };
    let until = until.filter(|until| *until > now && *until <= now + LONGEST);
    if until.is_none() {
        wrong.say(
            field,
            "Kies tot wanneer: een moment in de komende twee maanden.",
            "Choose until when: a moment in the next two months.",
        );
    }
    until
}
