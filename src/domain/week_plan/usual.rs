//! The week plans that most people choose: one key, or one choice on a form.

use super::{Part, WeekPlan};

/// A week in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usual {
    /// On weekdays, by day.
    Day,
    /// Every evening.
    Evening,
    /// At the weekend.
    Weekend,
    /// Every day, from nine to nine.
    Any,
}

impl Usual {
    /// Every one, in the order in which they are offered.
    pub const ALL: [Self; 4] = [Self::Day, Self::Evening, Self::Weekend, Self::Any];

    /// Its word in flows and forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Evening => "evening",
            Self::Weekend => "weekend",
            Self::Any => "any",
        }
    }

    /// Reads [`Usual::code`].
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|usual| usual.code() == code)
    }

    /// What is ticked.
    pub fn plan(self) -> WeekPlan {
        match self {
            Self::Day => WeekPlan::on(0..5, &[Part::Morning, Part::Afternoon]),
            Self::Evening => WeekPlan::on(0..7, &[Part::Evening]),
            Self::Weekend => WeekPlan::on(5..7, &Part::ALL),
            Self::Any => WeekPlan::on(0..7, &Part::ALL),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_a_week_that_can_be_ticked_on_a_page_as_well() {
        let stored =
            ["Mo-Fr 09:00-17:00", "Mo-Su 17:00-21:00", "Sa-Su 09:00-21:00", "Mo-Su 09:00-21:00"];
        for (usual, stored) in Usual::ALL.into_iter().zip(stored) {
            let hours = usual.plan().hours();
            assert_eq!(hours.as_str(), stored);
            assert_eq!(WeekPlan::of(&hours), Some(usual.plan()));
            assert_eq!(Usual::parse(usual.code()), Some(usual));
        }
        assert_eq!(Usual::parse("never"), None);
    }
}
