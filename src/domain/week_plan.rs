//! A week plan: days and parts of the day, as they are ticked on a page or chosen by telephone.
//!
//! It is stored as an `opening_hours` expression, like all hours, and read back from one. What was
//! written by hand and fits no plan stays as it is: [`WeekPlan::of`] says `None`, and
//! [`in_words`] tells it as well as it can.

use super::Hours;
use super::hours::{Holidays, Week, Windows};

mod sentence;
#[cfg(test)]
mod tests;
mod usual;

pub use sentence::{in_words, list};
pub use usual::Usual;

/// A part of the day that can be ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// 09:00 to 12:00.
    Morning,
    /// 12:00 to 17:00.
    Afternoon,
    /// 17:00 to 21:00.
    Evening,
}

impl Part {
    /// Every part, in the order of the day.
    pub const ALL: [Self; 3] = [Self::Morning, Self::Afternoon, Self::Evening];

    /// From when until when, in minutes from midnight.
    pub fn window(self) -> (u32, u32) {
        match self {
            Self::Morning => (9 * 60, 12 * 60),
            Self::Afternoon => (12 * 60, 17 * 60),
            Self::Evening => (17 * 60, 21 * 60),
        }
    }
}

/// What is ticked: for each day of the week, Monday first, the parts of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WeekPlan {
    ticks: [[bool; 3]; 7],
    /// Public holidays are left out.
    pub not_on_holidays: bool,
}

/// Names of the days in an expression.
const SHORT: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

impl WeekPlan {
    /// These parts on these days (0 is Monday, 6 is Sunday; others are passed over).
    pub fn on(days: impl IntoIterator<Item = usize>, parts: &[Part]) -> Self {
        let mut plan = Self::default();
        for day in days {
            for part in parts {
                plan.tick(day, *part, true);
            }
        }
        plan
    }

    /// Ticks a box, or unticks it. A day that is none (above 6) is passed over.
    pub fn tick(&mut self, day: usize, part: Part, ticked: bool) {
        if let Some(day) = self.ticks.get_mut(day) {
            day[part as usize] = ticked;
        }
    }

    /// Whether a box is ticked.
    pub fn is_ticked(&self, day: usize, part: Part) -> bool {
        self.ticks.get(day).is_some_and(|day| day[part as usize])
    }

    /// Nothing is ticked: they would never be rung.
    pub fn is_never(&self) -> bool {
        self.ticks.iter().flatten().all(|ticked| !ticked)
    }

    /// The plan that says just what these hours say; `None` when no plan does.
    pub fn of(hours: &Hours) -> Option<Self> {
        let week = hours.week()?;
        let mut plan = Self::default();
        for (day, windows) in week.days.iter().enumerate() {
            for part in Part::ALL {
                let (from, until) = part.window();
                plan.tick(day, part, windows.iter().any(|w| w.0 <= from && until <= w.1));
            }
        }
        plan.not_on_holidays = week.holidays == Holidays::Own(Vec::new());
        (plan.week() == week).then_some(plan)
    }

    /// The hours that are stored for it. Every plan can be said.
    pub fn hours(&self) -> Hours {
        let mut rules = Vec::new();
        for days in self.days_alike() {
            let windows = &self.windows(days[0]);
            if !windows.is_empty() {
                rules.push(format!("{} {}", short(&days), times(windows)));
            }
        }
        if rules.is_empty() {
            rules.push("off".to_owned());
        } else if self.not_on_holidays {
            rules.push("PH off".to_owned());
        }
        Hours::parse(&rules.join("; ")).expect("days and whole hours can be read back")
    }

    /// Days with the same ticks, together; in the order of their first days.
    fn days_alike(&self) -> Vec<Vec<usize>> {
        let mut alike: Vec<Vec<usize>> = Vec::new();
        for day in 0..7 {
            let known = alike.iter_mut().find(|days| self.ticks[days[0]] == self.ticks[day]);
            match known {
                Some(days) => days.push(day),
                None => alike.push(vec![day]),
            }
        }
        alike
    }

    fn week(&self) -> Week {
        let days = std::array::from_fn(|day| self.windows(day));
        // Whoever is never rung is not rung on holidays either: nothing more to say.
        let off = self.not_on_holidays && !self.is_never();
        Week { days, holidays: if off { Holidays::Own(Vec::new()) } else { Holidays::LikeOthers } }
    }

    fn windows(&self, day: usize) -> Windows {
        let mut windows: Windows = Vec::new();
        for part in Part::ALL.into_iter().filter(|part| self.is_ticked(day, *part)) {
            let (from, until) = part.window();
            match windows.last_mut() {
                Some(last) if last.1 == from => last.1 = until,
                _ => windows.push((from, until)),
            }
        }
        windows
    }
}

/// `Mo-We,Fr`: runs of days, in order.
fn short(days: &[usize]) -> String {
    let runs = runs(days).into_iter().map(|(first, last)| match first == last {
        true => SHORT[first].to_owned(),
        false => format!("{}-{}", SHORT[first], SHORT[last]),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// First and last of every run of days that follow each other.
fn runs(days: &[usize]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &day in days {
        match runs.last_mut() {
            Some(run) if run.1 + 1 == day => run.1 = day,
            _ => runs.push((day, day)),
        }
    }
    runs
}

fn times(windows: &Windows) -> String {
    let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let each = windows.iter().map(|(from, until)| format!("{}-{}", clock(*from), clock(*until)));
    each.collect::<Vec<_>>().join(",")
}
