//! Quantiles and evenness against textbook cases.

use std::time::Duration;

use proptest::prelude::*;

use crate::report::{Seconds, Spread, quantile::nearest_rank};

fn times(all: &[u64]) -> Seconds {
    let mut times = Seconds::default();
    all.iter().for_each(|seconds| times.add(Duration::from_secs(*seconds)));
    times
}

fn spread(asked: &[u32]) -> Spread {
    asked.iter().map(|times| (*times, 1)).collect()
}

#[test]
fn the_nearest_rank_is_that_of_the_textbook() {
    // Five values: the 5th, 30th, 40th, 50th and 100th percentile.
    let five = times(&[15, 20, 35, 40, 50]);
    for (percent, seconds) in [(5, 15), (30, 20), (40, 20), (50, 35), (100, 50)] {
        assert_eq!(nearest_rank(&five, percent), Some(seconds), "{percent} %");
    }
    assert_eq!(
        nearest_rank(&times(&[1, 2, 3, 4]), 50),
        Some(2),
        "the lower of the two in the middle"
    );
    assert_eq!(nearest_rank(&times(&[7]), 90), Some(7));
    assert_eq!(nearest_rank(&times(&[]), 50), None);
}

#[test]
fn gini_is_that_of_the_textbook() {
    let near = |asked: &[u32], expected: f64| {
        let gini = spread(asked).gini().unwrap();
        assert!((gini - expected).abs() < 1e-12, "{asked:?}: {gini}, not {expected}");
    };
    near(&[4, 4, 4, 4], 0.0);
    // One person always: 1 - 1/n.
    near(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 5], 0.9);
    // 1, 2, ... n: (n - 1) / 3n.
    near(&[1, 2, 3, 4, 5], 4.0 / 15.0);
    // By hand: the pairs differ by 2, 2, 6, 0, 4 and 4, each twice among 16; the mean is 4.5.
    near(&[2, 4, 4, 8], (36.0 / 16.0) / (2.0 * 4.5));
    assert_eq!(spread(&[0, 0]).gini(), None, "nobody was asked");
    assert_eq!(spread(&[]).gini(), None, "nobody is there");
}

#[test]
fn the_curve_goes_from_nobody_to_everybody() {
    let curve = spread(&[0, 1, 3]).lorenz();
    assert_eq!(curve, [(0.0, 0.0), (1.0 / 3.0, 0.0), (2.0 / 3.0, 0.25), (1.0, 1.0)]);
    let half = spread(&[0, 1, 3]).share_of_least(0.5).unwrap();
    assert!((half - 0.125).abs() < 1e-12, "half way between two points of the curve: {half}");
}

/// By its definition: the mean difference between any two, by twice the mean.
fn gini_by_pairs(asked: &[u32]) -> f64 {
    let n = asked.len() as f64;
    let pairs = asked.iter().flat_map(|a| asked.iter().map(move |b| f64::from(a.abs_diff(*b))));
    let mean = asked.iter().map(|a| f64::from(*a)).sum::<f64>() / n;
    pairs.sum::<f64>() / (n * n) / (2.0 * mean)
}

proptest! {
    #[test]
    fn gini_lies_between_0_and_1_and_is_the_mean_difference(asked in prop::collection::vec(0_u32..50, 1..40)) {
        if let Some(gini) = spread(&asked).gini() {
            prop_assert!((0.0..1.0).contains(&gini), "{gini}");
            prop_assert!((gini - gini_by_pairs(&asked)).abs() < 1e-9);
        }
    }

    #[test]
    fn the_curve_rises_and_stays_below_the_even_line(asked in prop::collection::vec(0_u32..50, 1..40)) {
        let curve = spread(&asked).lorenz();
        for pair in curve.windows(2) {
            prop_assert!(pair[0].0 <= pair[1].0 && pair[0].1 <= pair[1].1);
        }
        prop_assert!(curve.iter().all(|(x, y)| y <= &(x + 1e-9)));
        if let (Some(a), Some(b)) = (spread(&asked).share_of_least(0.3), spread(&asked).share_of_least(0.6)) {
            prop_assert!(a <= b + 1e-9);
        }
    }

    #[test]
    fn at_least_that_part_stayed_within_it_and_one_second_less_is_too_little(
        all in prop::collection::vec(0_u64..300, 1..60), percent in 1_u64..=100,
    ) {
        let times = times(&all);
        let seconds = nearest_rank(&times, percent).unwrap();
        prop_assert!(all.contains(&seconds));
        let within = |limit: u64| all.iter().filter(|s| **s <= limit).count() as u64 * 100;
        let wanted = percent * all.len() as u64;
        prop_assert!(within(seconds) >= wanted);
        prop_assert!(seconds == 0 || within(seconds - 1) < wanted);
    }
}
