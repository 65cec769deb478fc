//! Parts of the day, in which people's habit of picking up is counted.

use chrono::{Datelike, Timelike, Weekday};
use serde::{Deserialize, Serialize};

use super::Timestamp;

/// Morning, afternoon or evening; weekdays and weekends apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayPart {
    /// Monday to Friday before 12:00.
    WeekdayMorning,
    /// Monday to Friday from 12:00 to 18:00.
    WeekdayAfternoon,
    /// Monday to Friday from 18:00.
    WeekdayEvening,
    /// Saturday and Sunday before 12:00.
    WeekendMorning,
    /// Saturday and Sunday from 12:00 to 18:00.
    WeekendAfternoon,
    /// Saturday and Sunday from 18:00.
    WeekendEvening,
}

impl DayPart {
    /// Every part, in the order of their [`DayPart::number`].
    pub const ALL: [Self; 6] = [
        Self::WeekdayMorning,
        Self::WeekdayAfternoon,
        Self::WeekdayEvening,
        Self::WeekendMorning,
        Self::WeekendAfternoon,
        Self::WeekendEvening,
    ];

    /// The part that `now` falls in, on the Dutch clock.
    pub fn of(now: Timestamp) -> Self {
        let wall = now.wall_clock();
        let weekend = matches!(wall.weekday(), Weekday::Sat | Weekday::Sun);
        match (weekend, wall.hour()) {
            (false, ..12) => Self::WeekdayMorning,
            (false, 12..18) => Self::WeekdayAfternoon,
            (false, 18..) => Self::WeekdayEvening,
            (true, ..12) => Self::WeekendMorning,
            (true, 12..18) => Self::WeekendAfternoon,
            (true, 18..) => Self::WeekendEvening,
        }
    }

    /// 0 to 5, as stored.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// In words for a reason: `on weekday mornings`.
    pub fn words(self) -> &'static str {
        match self {
            Self::WeekdayMorning => "on weekday mornings",
            Self::WeekdayAfternoon => "on weekday afternoons",
            Self::WeekdayEvening => "on weekday evenings",
            Self::WeekendMorning => "on weekend mornings",
            Self::WeekendAfternoon => "on weekend afternoons",
            Self::WeekendEvening => "on weekend evenings",
        }
    }
}
