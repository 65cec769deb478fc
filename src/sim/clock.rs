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
}

impl Pace {
    /// Begins now, at the simulated moment `start`. At a `speed` of 10 a second lasts a tenth of
    /// one; what is not a positive number counts as 1. Whatever really takes time (a webhook on its
    /// way) takes as much longer in simulated time.
    pub fn from(start: Timestamp, speed: f64) -> Self {
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        Self { began: Instant::now(), start, speed }
    }

    /// The simulated moment.
    pub fn now(&self) -> Timestamp {
        self.at(Instant::now())
    }

    fn at(&self, real: Instant) -> Timestamp {
        self.start + real.saturating_duration_since(self.began).mul_f64(self.speed)
    }

    /// When a simulated moment is there in real time.
    pub(super) fn when(&self, at: Timestamp) -> Instant {
        // Past a century nobody waits for it, and an instant could not hold it.
        let real = at.since(self.start).as_secs_f64() / self.speed;
        self.began + Duration::from_secs_f64(real.min(100.0 * 365.0 * 86400.0))
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
