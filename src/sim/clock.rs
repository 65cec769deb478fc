//! Simulated time along with real time: at its pace, or so many times as fast.
//!
//! It never asks what time it is; the moment at which it begins is handed in. Real time is only
//! counted on from there.

use std::time::Duration;

use tokio::time::Instant;

use crate::domain::Timestamp;

/// How simulated time runs along with real time.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    began: Instant,
    start: Timestamp,
    speed: f64,
    /// Somebody holds it: the simulated moment at which it stands.
    held: Option<Timestamp>,
}

impl Pace {
    /// Begins now, at the simulated moment `start`. At a `speed` of 10 a second lasts a tenth of
    /// one; what is not a positive number counts as 1. Whatever really takes time (a webhook on its
    /// way) takes as much longer in simulated time.
    pub fn from(start: Timestamp, speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        Self { began: Instant::now(), start, speed, held: None }
    }

    /// The simulated moment.
    pub fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }

    /// Stands still from now on.
    pub(super) fn hold(&mut self) {
        self.hold_at(Instant::now());
    }

    fn hold_at(&mut self, real: Instant) {
        self.held = Some(self.at(real));
    }

    /// Goes on from where it stands, as if no time had gone by.
    pub(super) fn go_on(&mut self) {
        self.go_on_at(Instant::now());
    }

    fn go_on_at(&mut self, real: Instant) {
        if let Some(start) = self.held.take() {
            (self.start, self.began) = (start, real);
        }
    }

    fn at(&self, real: Instant) -> Timestamp {
        let runs = || self.start + real.saturating_duration_since(self.began).mul_f64(self.speed);
        self.held.unwrap_or_else(runs)
    }

    /// When a simulated moment is there in real time; nobody waits for one while time stands still.
    pub(super) fn when(&self, at: Timestamp) -> Instant {
        // Past a century nobody waits for it, and an instant could not hold it.
        let century = 100.0 * 365.0 * 86400.0;
        let real = match self.held {
            Some(held) if at > held => century,
            _ => (at.since(self.start).as_secs_f64() / self.speed).min(century),
        };
        self.began + Duration::from_secs_f64(real)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_at_ten_times_the_speed_is_ten_simulated_ones() {
        let start = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
        let pace = Pace::from(start, 10.0);
        let a_second_later = pace.began + Duration::from_secs(1);
        assert_eq!(pace.at(a_second_later), start + Duration::from_secs(10));
        assert_eq!(pace.when(start + Duration::from_secs(10)), a_second_later);
        assert_eq!(pace.when(start - Duration::from_secs(10)), pace.began, "past is due at once");
    }

    #[test]
    fn held_it_stands_still_and_then_goes_on_as_if_no_time_had_gone_by() {
        let start = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
        let mut pace = Pace::from(start, 4.0);
        let second = Duration::from_secs(1);
        let (began, stood) = (pace.began, start + 4 * second);
        pace.hold_at(began + second);
        assert_eq!(pace.at(began + 600 * second), stood);
        assert!(pace.when(stood + second) > began + A_YEAR, "nobody waits for it");
        assert!(pace.when(stood) <= began + second, "what is due is still done");
        // Held twice is held once.
        pace.hold_at(began + 600 * second);
        pace.go_on_at(began + 700 * second);
        pace.go_on_at(began + 800 * second);
        assert_eq!(pace.at(began + 701 * second), stood + 4 * second);
        assert_eq!(pace.when(stood + 4 * second), began + 701 * second);
    }

    const A_YEAR: Duration = Duration::from_secs(365 * 86400);

    #[test]
    fn an_impossible_speed_is_the_real_one() {
        for speed in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            let pace = Pace::from(Timestamp(0), speed);
            assert_eq!(pace.at(pace.began + Duration::from_secs(2)), Timestamp(2000), "{speed}");
        }
    }

    #[test]
    fn the_end_of_all_time_can_be_waited_for() {
        let pace = Pace::from(Timestamp(0), 0.001);
        assert!(pace.when(Timestamp(i64::MAX)) > pace.began);
    }
}
