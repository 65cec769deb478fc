//! A town of people with habits, drawn from a seed: the same seed, the same town, the same days.

use std::time::Duration;

use chrono::{Datelike, Timelike, Weekday};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, RngExt, SeedableRng};

use super::number::Number;
use super::script::Act;
use super::telephone::{Behaviour, Ring};
use crate::domain::Timestamp;

/// How somebody tends to deal with being rung. Probabilities are 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Habits {
    /// Picks up in the morning (before 12), afternoon, evening (from 18), Monday to Friday.
    pub weekday: [f64; 3],
    /// The same at the weekend.
    pub weekend: [f64; 3],
    /// Of the questions answered, a yes.
    pub yes: f64,
    /// Of the questions not answered with yes, "not today".
    pub not_today: f64,
    /// Of the questions not answered with yes, "stop", confirmed.
    pub stop: f64,
    /// Picks up, and puts the receiver down without an answer.
    pub no_patience: f64,
    /// The line is engaged.
    pub engaged: f64,
    /// Seconds after which a voicemail box takes a call that nobody picks up; none: rings on.
    pub voicemail_after: Option<u32>,
    /// Seconds until they pick up: from, to.
    pub seconds_to_pick_up: (f64, f64),
    /// Seconds that they talk when joined: from, to.
    pub seconds_to_talk: (f64, f64),
}

impl Habits {
    /// Draws one ring at this moment.
    pub fn ring(&self, now: Timestamp, rng: &mut impl Rng) -> Behaviour {
        if rng.random_bool(self.engaged) {
            return Behaviour { ring: Ring::Busy, script: Vec::new() };
        }
        if !rng.random_bool(self.picks_up_at(now)) {
            return match self.voicemail_after {
                Some(after) => {
                    Behaviour::voicemail(Duration::from_secs(after.into()), Duration::from_secs(60))
                }
                None => Behaviour::rings_out(),
            };
        }
        let after = between(self.seconds_to_pick_up, rng);
        let script = if rng.random_bool(self.no_patience) {
            vec![Act::Wait(Duration::from_secs(2)), Act::HangUp]
        } else {
            self.answer(rng)
        };
        Behaviour { ring: Ring::PicksUp(after), script }
    }

    /// The chance that they pick up at this moment.
    pub fn picks_up_at(&self, now: Timestamp) -> f64 {
        let wall = now.wall_clock();
        let parts = match wall.weekday() {
            Weekday::Sat | Weekday::Sun => self.weekend,
            _ => self.weekday,
        };
        parts[match wall.hour() {
            ..12 => 0,
            12..18 => 1,
            18.. => 2,
        }]
    }

    fn answer(&self, rng: &mut impl Rng) -> Vec<Act> {
        let talk = between(self.seconds_to_talk, rng);
        if rng.random_bool(self.yes) {
            let [question, press] = Act::answer("1");
            return vec![question, press, Act::Joined, Act::Talk(talk), Act::HangUp];
        }
        if rng.random_bool(self.stop) {
            return [Act::answer("4"), Act::answer("1")].concat();
        }
        let key = if rng.random_bool(self.not_today) { "3" } else { "2" };
        Act::answer(key).to_vec()
    }
}

fn between((from, to): (f64, f64), rng: &mut impl Rng) -> Duration {
    Duration::from_secs_f64((from + (to - from) * rng.random::<f64>()).max(0.0))
}

/// Gives every number somebody with habits, drawn from the seed.
pub fn town(seed: u64, numbers: impl IntoIterator<Item = Number>) -> Vec<(Number, Habits)> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    numbers.into_iter().map(|number| (number, somebody(&mut rng))).collect()
}

/// One person, of the kinds that a neighbourhood has: most are home by day or in the evening,
/// some hardly ever; most mobile telephones have a voicemail box.
fn somebody(rng: &mut impl Rng) -> Habits {
    let at_home_by_day = rng.random_bool(0.6);
    let mut around = |middle: f64| (middle + rng.random_range(-0.15..0.15)).clamp(0.02, 0.98);
    let weekday = if at_home_by_day {
        [around(0.7), around(0.65), around(0.6)]
    } else {
        [around(0.2), around(0.25), around(0.7)]
    };
    let weekend = [around(0.5), around(0.5), around(0.55)];
    let yes = around(0.45);
    Habits {
        weekday,
        weekend,
        yes,
        not_today: 0.15,
        stop: 0.01,
        no_patience: 0.03,
        engaged: 0.04,
        voicemail_after: rng.random_bool(0.5).then(|| rng.random_range(16..30)),
        seconds_to_pick_up: (2.0, 14.0),
        seconds_to_talk: (20.0, 240.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Vec<Number> {
        (1..=200).map(|n| Number::new(&format!("+3170001{n:04}"))).collect()
    }

    #[test]
    fn the_same_seed_gives_the_same_town_and_the_same_days() {
        let at = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
        let days = |seed| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            town(seed, numbers())
                .into_iter()
                .map(|(_, habits)| habits.ring(at, &mut rng))
                .collect::<Vec<_>>()
        };
        assert_eq!(days(7), days(7));
        assert_ne!(days(7), days(8));
    }

    #[test]
    fn a_town_picks_up_about_as_often_as_its_habits_say() {
        let at = Timestamp::parse("2026-11-24T10:00:00+01:00").unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let people = town(1, numbers());
        let expected: f64 = people.iter().map(|(_, h)| h.picks_up_at(at) * 0.96).sum::<f64>();
        let rounds = 50;
        let picked_up = (0..rounds)
            .flat_map(|_| people.iter().map(|(_, h)| h.clone()).collect::<Vec<_>>())
            .filter(|h| {
                let ring = h.ring(at, &mut rng);
                let machine = matches!(ring.script.first(), Some(Act::Talk(_)));
                matches!(ring.ring, Ring::PicksUp(_)) && !machine
            })
            .count();
        let share = picked_up as f64 / (expected * f64::from(rounds));
        assert!((0.95..1.05).contains(&share), "{share}");
    }

    #[test]
    fn habits_go_by_the_dutch_clock() {
        let habits = Habits {
            weekday: [0.1, 0.2, 0.3],
            weekend: [0.4, 0.5, 0.6],
            ..somebody(&mut ChaCha8Rng::seed_from_u64(1))
        };
        for (at, chance) in [
            ("2026-11-24T11:59:00+01:00", 0.1),
            ("2026-11-24T11:00:00Z", 0.2),
            ("2026-07-03T18:00:00+02:00", 0.3),
            ("2026-11-28T23:30:00Z", 0.4),
        ] {
            assert_eq!(habits.picks_up_at(Timestamp::parse(at).unwrap()), chance, "{at}");
        }
    }
}
