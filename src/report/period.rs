//! What a report is about: a calendar month or a year, on the Dutch calendar.

use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::domain::{Language, Timestamp, calendar};

/// A calendar month, years 2000 to 2999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    year: i32,
    month: u32,
}

/// A month or a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Period {
    /// One month.
    Month(Month),
    /// All twelve.
    Year(i32),
}

/// Not a period: `2026-11` or `2026` was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("write a month as 2026-11, or a year as 2026")]
pub struct NotAPeriod;

impl Month {
    /// Reads `2026-11`.
    ///
    /// # Errors
    /// [`NotAPeriod`] for anything else, and for years before 2000 or after 2999.
    pub fn parse(text: &str) -> Result<Self, NotAPeriod> {
        let (year, month) = text.split_once('-').ok_or(NotAPeriod)?;
        let month = digits(month, 2).ok_or(NotAPeriod)?;
        let year = year_of(year).ok_or(NotAPeriod)?;
        if !(1..=12).contains(&month) {
            return Err(NotAPeriod);
        }
        Ok(Self { year, month })
    }

    /// The month that this day is in.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    /// The year that it is in.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    /// The month after it.
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year + 1, month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }

    /// The month before it.
    pub fn previous(self) -> Self {
        match self.month {
            1 => Self { year: self.year - 1, month: 12 },
            month => Self { month: month - 1, ..self },
        }
    }

    /// Its name without the year: `november`, `November`.
    pub fn name(self, language: Language) -> &'static str {
        calendar::months(language)[self.month as usize - 1]
    }
}

impl Period {
    /// Reads `2026-11` or `2026`.
    ///
    /// # Errors
    /// [`NotAPeriod`] for anything else.
    pub fn parse(text: &str) -> Result<Self, NotAPeriod> {
        match year_of(text) {
            Some(year) => Ok(Self::Year(year)),
            None => Month::parse(text).map(Self::Month),
        }
    }

    /// The months in it, in order.
    pub fn months(self) -> Vec<Month> {
        match self {
            Self::Month(month) => vec![month],
            Self::Year(year) => (1..=12).map(|month| Month { year, month }).collect(),
        }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        match self {
            Self::Month(month) => month.first_day(),
            Self::Year(year) => Month { year, month: 1 }.first_day(),
        }
    }

    /// The period of the same kind after it.
    pub fn next(self) -> Self {
        match self {
            Self::Month(month) => Self::Month(month.next()),
            Self::Year(year) => Self::Year(year + 1),
        }
    }

    /// The period of the same kind before it.
    pub fn previous(self) -> Self {
        match self {
            Self::Month(month) => Self::Month(month.previous()),
            Self::Year(year) => Self::Year(year - 1),
        }
    }

    /// Every day in it.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        let end = self.next().first_day();
        self.first_day().iter_days().take_while(move |day| *day < end)
    }

    /// `november 2026`, `2026`.
    pub fn name(self, language: Language) -> String {
        match self {
            Self::Month(month) => format!("{} {}", month.name(language), month.year),
            Self::Year(year) => year.to_string(),
        }
    }
}

/// The moments at which a Dutch calendar day begins and ends: 23, 24 or 25 hours apart.
pub fn bounds(day: NaiveDate) -> (Timestamp, Timestamp) {
    let midnight = |day: NaiveDate| Timestamp::from_wall_clock(day.and_time(NaiveTime::MIN));
    (midnight(day), midnight(day.succ_opt().unwrap_or(day)))
}

fn year_of(text: &str) -> Option<i32> {
    let year = digits(text, 4)?;
    i32::try_from(year).ok().filter(|year| (2000..3000).contains(year))
}

fn digits(text: &str, length: usize) -> Option<u32> {
    let all = text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
    all.then(|| text.parse().ok()).flatten()
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Month(month) => month.fmt(f),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

macro_rules! as_text {
    ($($name:ident),*) => {$(
        impl TryFrom<String> for $name {
            type Error = NotAPeriod;
            fn try_from(text: String) -> Result<Self, NotAPeriod> {
                Self::parse(&text)
            }
        }
        impl std::str::FromStr for $name {
            type Err = NotAPeriod;
            fn from_str(text: &str) -> Result<Self, NotAPeriod> {
                Self::parse(text)
            }
        }
        impl From<$name> for String {
            fn from(period: $name) -> String {
                period.to_string()
            }
        }
    )*};
}
as_text!(Month, Period);
