//! What a flow is told when it starts: who calls, when, and what this line can do now.

use std::time::Duration;

use crate::domain::hours::day_in_words;
use crate::domain::{DayPart, Language, Line, Timestamp};
use crate::flow::{Value, Vars};

/// How far ahead the desk's next opening is looked for.
const AHEAD: Duration = Duration::from_secs(60 * 24 * 3600);

/// What a caller's flow starts with.
pub(super) struct CallerSession<'a> {
    pub(super) line: &'a Line,
    pub(super) now: Timestamp,
    /// The caller's number is a participant's.
    pub(super) known: bool,
    /// That participant's place, in words.
    pub(super) area: Option<String>,
    /// No number was shown.
    pub(super) withheld: bool,
}

impl CallerSession<'_> {
    pub(super) fn vars(&self) -> Vars {
        let line = self.line;
        let mut vars = common(line, self.now);
        vars.insert("part_of_day".into(), text(part_of_day(self.now)));
        vars.insert("ringing_open".into(), Value::Bool(may_ring_now(line, self.now)));
        vars.insert("known".into(), Value::Bool(self.known));
        vars.insert("area".into(), self.area.as_deref().map_or(Value::Undefined, text));
        vars.insert("withheld".into(), Value::Bool(self.withheld));
        vars.insert("voice_note".into(), Value::Bool(line.voice_note));
        vars.insert("more_languages".into(), Value::Bool(line.languages.len() > 1));
        for service in &line.services {
            vars.insert(format!("offers.{service}"), Value::Bool(true));
        }
        vars
    }
}

/// What every flow starts with.
pub(super) fn common(line: &Line, now: Timestamp) -> Vars {
    let mut vars = Vars::new();
    vars.insert("service_name".into(), text(&line.name));
    vars.insert("desk_open".into(), Value::Bool(desk_open(line, now)));
    vars.insert("desk_exists".into(), Value::Bool(!line.desk.is_empty()));
    // When the desk is back is worked out once, and said in every language.
    let due = desk_due(line, now);
    for language in Language::ALL {
        let day = day_in_words(now, due, language);
        vars.insert(format!("desk_day_{}", language.code()), text(&day));
    }
    vars
}

/// Whether the desk takes calls at this moment.
pub(super) fn desk_open(line: &Line, now: Timestamp) -> bool {
    !line.desk.is_empty() && line.office_hours.is_open(now)
}

/// Whether a neighbour may be rung at this moment (R13).
pub(super) fn may_ring_now(line: &Line, now: Timestamp) -> bool {
    line.may_ring(now)
}

/// The day on which the desk will see to something, in words that can be spoken.
pub(super) fn desk_day(line: &Line, now: Timestamp, language: Language) -> String {
    day_in_words(now, desk_due(line, now), language)
}

/// When something promised now is due: in office hours, an hour from now or later.
///
/// A line whose office never opens (which `check` refuses) gets a day.
pub(super) fn desk_due(line: &Line, now: Timestamp) -> Timestamp {
    const AN_HOUR: Duration = Duration::from_secs(3600);
    let soonest = if line.office_hours.is_open(now) { now + AN_HOUR } else { now };
    match line.office_hours.next_opening(soonest, AHEAD) {
        Some(opening) if opening > soonest => opening + AN_HOUR,
        Some(opening) => opening,
        None => now + Duration::from_secs(24 * 3600),
    }
}

fn part_of_day(now: Timestamp) -> &'static str {
    match DayPart::of(now) {
        DayPart::WeekdayMorning | DayPart::WeekendMorning => "morning",
        DayPart::WeekdayAfternoon | DayPart::WeekendAfternoon => "afternoon",
        DayPart::WeekdayEvening | DayPart::WeekendEvening => "evening",
    }
}

/// A text value.
pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
