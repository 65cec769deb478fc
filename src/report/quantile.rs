//! Which waiting time a given part of the callers stayed within.
//!
//! The definition is the nearest rank (inverse of the empirical distribution; type 1 of Hyndman and
//! Fan): the smallest time that at least that part of the callers did not exceed. It is always a
//! time that really occurred, and the median of an even number is the lower of the two in the middle.

use super::Seconds;

/// The smallest number of seconds that at least `percent` of a hundred did not exceed; none of nothing.
pub fn nearest_rank(times: &Seconds, percent: u64) -> Option<u64> {
    let all = times.len();
    // The rank, rounded up; at least the first.
    let rank = (all * percent.min(100)).div_ceil(100).max(1);
    let mut passed = 0;
    times.iter().find_map(|(seconds, n)| {
        passed += n;
        (passed >= rank).then_some(seconds)
    })
}
