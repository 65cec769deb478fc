//! What is refused of the `opening_hours` language, and how a fault is told.

use std::fmt::Display;

use opening_hours::OpeningHours;

use super::{LONGEST, NotHours};

/// Most dates like `Jan Mo[1]` in one expression. The library's grammar looks ahead from each to
/// all that follow, three ways at a time or more: a dozen take seconds, fifty would never end.
const MOST_NTH_DATES: usize = 4;

/// Refuses, before parsing, what is too long or asks for something that is not known here.
pub(super) fn unreadable(text: &str) -> Result<(), NotHours> {
    let length = text.chars().count();
    if length > LONGEST {
        return Err(NotHours(format!("{length} characters are too many (at most {LONGEST})")));
    }
    if text.trim().is_empty() {
        return Err(NotHours("nothing is written".to_owned()));
    }
    let rules = without_comments(text);
    let lower = rules.to_ascii_lowercase();
    if ["dawn", "sunrise", "sunset", "dusk"].iter().any(|event| lower.contains(event)) {
        return Err(NotHours("the sun is not known here, write times of the clock".to_owned()));
    }
    if rules.contains("SH") {
        let why = "school holidays (SH) differ by region and are not known, write the dates";
        return Err(NotHours(why.to_owned()));
    }
    if nth_dates(&lower) > MOST_NTH_DATES {
        let why = format!("more than {MOST_NTH_DATES} dates like \"Jan Mo[1]\", write the days");
        return Err(NotHours(why));
    }
    Ok(())
}

/// How often a weekday with a number stands right after a month, in lower case.
fn nth_dates(lower: &str) -> usize {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> = lower.split('[').collect();
    let before_bracket = &parts[..parts.len() - 1];
    let after_a_month = |part: &&&str| {
        let day = part.len().checked_sub(3).and_then(|at| part.get(..at));
        day.is_some_and(|rest| MONTHS.iter().any(|month| rest.ends_with(month)))
    };
    before_bracket.iter().filter(after_a_month).count()
}

/// Refuses a window that lies within an earlier one of the same rule (`09:00-17:00,10:00-11:00`):
/// it adds nothing, so it is a slip of the pen, and the library would close the outer one early.
pub(super) fn nested_windows(parsed: &OpeningHours) -> Result<(), NotHours> {
    for rule in &parsed.get_expression().rules {
        let mut windows: Vec<(u32, u32)> = rule
            .time_selector
            .spans
            .iter()
            .filter_map(|span| {
                let start = minutes(&span.range.start)?;
                let end = minutes(&span.range.end)?;
                Some((start, if end > start { end } else { end + 24 * 60 }))
            })
            .collect();
        windows.sort_unstable();
        let mut latest_end = 0;
        for (_, end) in windows {
            if end < latest_end {
                let why = "one of the windows lies inside another, leave it out";
                return Err(NotHours(why.to_owned()));
            }
            latest_end = end;
        }
    }
    Ok(())
}

/// The library's message, in one line. For a syntax fault: where it stops making sense.
pub(super) fn in_one_line(text: &str, error: &impl Display) -> NotHours {
    let told = error.to_string();
    let column: Option<usize> = told
        .split_once("--> ")
        .and_then(|(_, place)| place.lines().next()?.rsplit(':').next()?.trim().parse().ok());
    NotHours(match column {
        Some(column) => {
            let rest: String = text.chars().skip(column - 1).take(12).collect();
            if rest.is_empty() {
                "it ends too early".to_owned()
            } else {
                format!("it stops making sense at character {column} ({rest:?})")
            }
        }
        None => told.split_whitespace().collect::<Vec<_>>().join(" "),
    })
}

fn without_comments(text: &str) -> String {
    text.split('"').step_by(2).collect::<Vec<_>>().join(" ")
}

/// A time of the clock, in minutes from midnight; none for what is no such time.
pub(super) fn minutes(time: &impl Display) -> Option<u32> {
    let shown = time.to_string();
    let (hours, minutes) = shown.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.parse::<u32>().ok()?)
}
