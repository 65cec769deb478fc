//! How evenly asking is spread over the people who take part: Lorenz curve and Gini coefficient.
//!
//! Gini is 0 when everybody is asked equally often and goes to 1 when one person is asked always. It
//! is the mean absolute difference between any two people, divided by twice the mean:
//! `G = sum_i (2i - n - 1) x_i / (n sum x)`, with the people from least to most asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How many people were asked how often: times asked, then people. Adds up to no person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Spread(BTreeMap<u32, u64>);

impl Spread {
    /// So many people were asked so often; 0 times for those who take part and were not asked.
    pub fn add(&mut self, times: u32, people: u64) {
        if people > 0 {
            *self.0.entry(times).or_default() += people;
        }
    }

    /// Everybody.
    pub fn people(&self) -> u64 {
        self.0.values().sum()
    }

    /// Everybody who was asked at least once.
    pub fn asked(&self) -> u64 {
        self.0.iter().filter(|(times, _)| **times > 0).map(|(_, people)| people).sum()
    }

    /// Times that somebody was asked.
    pub fn times(&self) -> u64 {
        self.0.iter().map(|(times, people)| u64::from(*times) * people).sum()
    }

    /// From 0, evenly, to nearly 1, always the same one. None when nobody was asked at all.
    pub fn gini(&self) -> Option<f64> {
        let (people, times) = (i128::from(self.people()), i128::from(self.times()));
        if times == 0 {
            return None;
        }
        let mut before = 0_i128;
        let mut sum = 0_i128;
        for (asked, group) in &self.0 {
            let (asked, group) = (i128::from(*asked), i128::from(*group));
            // The ranks of the group are before+1 ..= before+group; 2i - n - 1 over all of them.
            sum += asked * group * (2 * before + group - people);
            before += group;
        }
        Some(sum as f64 / (people * times) as f64)
    }

    /// The curve: which part of the people (least asked first) got which part of the asking, both
    /// from 0 to 1, from (0, 0) to (1, 1). Empty when nobody was asked.
    pub fn lorenz(&self) -> Vec<(f64, f64)> {
        let (people, times) = (self.people(), self.times());
        if times == 0 {
            return Vec::new();
        }
        let mut at = (0_u64, 0_u64);
        let mut curve = vec![(0.0, 0.0)];
        for (asked, group) in &self.0 {
            at = (at.0 + group, at.1 + u64::from(*asked) * group);
            curve.push((at.0 as f64 / people as f64, at.1 as f64 / times as f64));
        }
        curve
    }

    /// Which part of the asking went to the `part` of the people who were asked least, both 0 to 1.
    pub fn share_of_least(&self, part: f64) -> Option<f64> {
        let curve = self.lorenz();
        let [(from, low), (to, high)] = curve
            .windows(2)
            .find(|pair| pair[1].0 >= part)
            .and_then(|pair| <[(f64, f64); 2]>::try_from(pair).ok())?;
        let along = if to > from { (part - from) / (to - from) } else { 1.0 };
        Some(low + (high - low) * along)
    }
}

impl FromIterator<(u32, u64)> for Spread {
    fn from_iter<T: IntoIterator<Item = (u32, u64)>>(groups: T) -> Self {
        let mut spread = Self::default();
        groups.into_iter().for_each(|(times, people)| spread.add(times, people));
        spread
    }
}
