//! Hours that are the same every week, as windows of each day: what a week plan can be made of, and
//! what can be said in a sentence.

use chrono::{NaiveDate, Weekday};
use opening_hours::RuleKind;

use super::Hours;
use super::refuse::minutes;

/// The days of a week, Monday first.
pub const WEEKDAYS: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// Open windows of one day, in minutes from midnight, `(from, until)` with `until` at most 1440;
/// in order, none touching the next.
pub type Windows = Vec<(u32, u32)>;

/// A week that repeats itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Week {
    /// Monday to Sunday.
    pub days: [Windows; 7],
    /// What public holidays do.
    pub holidays: Holidays,
}

/// What a public holiday does to a week.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Holidays {
    /// Nothing: they are days like others.
    #[default]
    LikeOthers,
    /// They have windows of their own; none: closed.
    Own(Windows),
}

/// A Dutch public holiday on each day of the week, Monday first.
const A_HOLIDAY_ON: [(i32, u32, u32); 7] = [
    (2026, 4, 6),
    (2026, 5, 5),
    (2030, 12, 25),
    (2026, 5, 14),
    (2026, 12, 25),
    (2026, 12, 26),
    (2026, 4, 5),
];

impl Hours {
    /// The week that these hours repeat, if they do nothing else: `None` when they name dates,
    /// months, weeks or years, depend on anything, or run past midnight next to a holiday.
    pub fn week(&self) -> Option<Week> {
        if !self.repeats_every_week() {
            return None;
        }
        let days = ordinary_week().map(|day| self.merged(day));
        let holidays = self.on_holidays(&days)?;
        Some(Week { days, holidays })
    }

    fn repeats_every_week(&self) -> bool {
        let rules = &self.parsed.get_expression().rules;
        let by_weekday = rules.iter().all(|rule| {
            let day = &rule.day_selector;
            day.year.is_empty()
                && day.monthday.is_empty()
                && day.week.is_empty()
                // As they are written: `Mo[1]` and `PH +1 day` hang on the date.
                && day.weekday.iter().all(|days| !days.to_string().contains(['[', ' ']))
                && rule.comment.is_empty()
                && rule.kind != RuleKind::Unknown
                && rule.time_selector.spans.iter().all(|s| !s.open_end && s.repeats.is_none())
        });
        let names_holidays = self.text.contains("PH");
        let mut spans = rules.iter().flat_map(|rule| &rule.time_selector.spans);
        let past_midnight = spans.any(|span| {
            let end = minutes(&span.range.end);
            end <= minutes(&span.range.start) || end > Some(24 * 60)
        });
        by_weekday && !(names_holidays && past_midnight)
    }

    fn on_holidays(&self, days: &[Windows; 7]) -> Option<Holidays> {
        let on_them = A_HOLIDAY_ON.map(|(y, m, d)| {
            NaiveDate::from_ymd_opt(y, m, d).map_or_else(Vec::new, |day| self.merged(day))
        });
        if on_them == *days {
            return Some(Holidays::LikeOthers);
        }
        let own = on_them[0].clone();
        on_them.iter().all(|windows| *windows == own).then_some(Holidays::Own(own))
    }

    fn merged(&self, day: NaiveDate) -> Windows {
        let mut merged: Windows = Vec::new();
        for (from, until) in self.windows(day) {
            match merged.last_mut() {
                Some(last) if last.1 >= from => last.1 = last.1.max(until),
                _ => merged.push((from, until)),
            }
        }
        merged.retain(|(from, until)| from < until);
        merged
    }
}

/// A week without a holiday in or beside it, Monday first.
fn ordinary_week() -> [NaiveDate; 7] {
    let monday = NaiveDate::from_isoywd_opt(2026, 45, Weekday::Mon).unwrap_or_default();
    WEEKDAYS.map(|day| monday + chrono::TimeDelta::days(day.num_days_from_monday().into()))
}
