//! What days of the week and months are called, in full and short.

use chrono::{Datelike, NaiveDateTime};

use super::Language;

const WEEKDAYS: [[&str; 7]; 2] = [
    ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];

const MONTHS: [[&str; 12]; 2] = [
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];

/// Days of the week, Monday first.
pub fn weekdays(language: Language) -> &'static [&'static str; 7] {
    &WEEKDAYS[usize::from(language == Language::En)]
}

/// Months, January first.
pub fn months(language: Language) -> &'static [&'static str; 12] {
    &MONTHS[usize::from(language == Language::En)]
}

/// `maandag`, `Monday`.
pub fn weekday(day: NaiveDateTime, language: Language) -> &'static str {
    weekdays(language)[day.weekday().num_days_from_monday() as usize]
}

/// `november`, `November`.
pub fn month(day: NaiveDateTime, language: Language) -> &'static str {
    months(language)[day.month0() as usize]
}

/// `ma`, `Mon`.
pub fn weekday_short(day: NaiveDateTime, language: Language) -> &'static str {
    let letters = language.pick(2, 3);
    &weekday(day, language)[..letters]
}

/// `nov`, `Nov`; and `mrt`.
pub fn month_short(day: NaiveDateTime, language: Language) -> &'static str {
    match month(day, language) {
        "maart" => "mrt",
        name => &name[..3],
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Months, NaiveDate};

    use super::*;

    #[test]
    fn the_short_names_are_those_of_dutch_calendars() {
        let new_year = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let first_of = |month| (new_year + Months::new(month)).and_time(chrono::NaiveTime::MIN);
        let months: Vec<_> = (0..12).map(|at| month_short(first_of(at), Language::Nl)).collect();
        assert_eq!(months.join(" "), "jan feb mrt apr mei jun jul aug sep okt nov dec");
        assert_eq!(month_short(first_of(2), Language::En), "Mar");
        assert_eq!(weekday_short(first_of(0), Language::Nl), "do");
        assert_eq!(weekday_short(first_of(0), Language::En), "Thu");
    }
}
