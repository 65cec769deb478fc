//! What can be wrong with the provider's REST interface, and when.
//!
//! Pure: a request comes, and a fault strikes it or not. What a good answer is, is the network's to
//! know; how no answer looks on a wire is `rest`'s.

use std::time::Duration;

use serde::Deserialize;

use super::api::{RestAnswer, RestCall};
use crate::domain::Timestamp;

/// One thing that is wrong: with some requests, or for some time. What is not said is every request
/// and always.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What becomes of a request that it strikes.
    pub what: Mood,
    /// Only requests that ask for this.
    pub of: Option<Asks>,
    /// The n-th of those, counted from 1 within the time that is given. Left out: every one.
    pub request: Option<u32>,
    /// With `request`: so many, from that one on. Left out: one.
    #[serde(default = "once")]
    pub times: u32,
    /// From so many seconds after the beginning.
    #[serde(default)]
    pub from: f64,
    /// Until so many seconds after the beginning.
    pub until: Option<f64>,
    /// What a busy provider says about when to come back, seconds.
    pub retry_after: Option<u32>,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    /// 429: it was not looked at.
    Busy,
    /// 500, and nothing was done.
    Fails,
    /// Done; and then 500.
    DoneAndFails,
    /// Nothing was done, and no answer comes.
    Silent,
    /// Done, and no answer comes.
    DoneAndSilent,
    /// Done, and the connection is closed before the answer.
    DoneAndCut,
    /// 400: that number cannot be rung.
    BadNumber,
    /// No connection comes about.
    Down,
}

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asks {
    /// A call.
    Place,
    /// That a leg ends.
    HangUp,
    /// That a leg leaves what it does.
    Redirect,
    /// How a leg is, or which there are.
    LookUp,
    /// A recording: to be fetched, or deleted.
    Recording,
}

/// Why no answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// There was no connection.
    Unreachable,
    /// The connection stays open, and nothing is said on it.
    Silence,
    /// The connection was closed.
    Cut,
}

impl Asks {
    fn of(call: &RestCall) -> Self {
        match call {
            RestCall::CreateCall(_) => Self::Place,
            RestCall::UpdateCall { fields, .. } if fields.get("Url").is_some() => Self::Redirect,
            RestCall::UpdateCall { .. } => Self::HangUp,
            RestCall::FetchCall { .. } | RestCall::ListCalls(_) => Self::LookUp,
            RestCall::FetchRecording { .. }
            | RestCall::FetchSound { .. }
            | RestCall::DeleteRecording { .. } => Self::Recording,
        }
    }
}

impl Mood {
    /// Whether what was asked is done all the same.
    pub(super) fn is_done(self) -> bool {
        matches!(self, Self::DoneAndFails | Self::DoneAndSilent | Self::DoneAndCut)
    }
}

/// Everything that is wrong, and what it has struck.
#[derive(Debug)]
pub(super) struct Faults {
    begins: Timestamp,
    all: Vec<Watched>,
}

#[derive(Debug)]
struct Watched {
    fault: Fault,
    seen: u32,
    struck: u32,
}

impl Faults {
    /// Times are counted from this moment.
    pub(super) fn new(begins: Timestamp, faults: Vec<Fault>) -> Self {
        let watched = |fault| Watched { fault, seen: 0, struck: 0 };
        Self { begins, all: faults.into_iter().map(watched).collect() }
    }

    /// What is wrong with this request: the first fault that strikes it. Every one counts it.
    pub(super) fn strike(&mut self, now: Timestamp, call: &RestCall) -> Option<Fault> {
        let (begins, asks) = (self.begins, Asks::of(call));
        let mut struck = None;
        for watched in &mut self.all {
            if watched.sees(now.since(begins), asks) && struck.is_none() {
                watched.struck += 1;
                struck = Some(watched.fault.clone());
            }
        }
        struck
    }

    /// Those that have struck nothing.
    pub(super) fn idle(&self) -> impl Iterator<Item = &Fault> {
        self.all.iter().filter(|watched| watched.struck == 0).map(|watched| &watched.fault)
    }
}

impl Watched {
    /// Counts a request; whether it is one that is struck.
    fn sees(&mut self, after: Duration, asks: Asks) -> bool {
        let Fault { of, request, times, from, until, .. } = self.fault;
        let after = after.as_secs_f64();
        if of.is_some_and(|of| of != asks) || after < from || until.is_some_and(|u| after >= u) {
            return false;
        }
        self.seen += 1;
        request.is_none_or(|nth| (nth..nth.saturating_add(times)).contains(&self.seen))
    }
}

impl Fault {
    /// What comes back.
    pub(super) fn answer(&self) -> Result<RestAnswer, NoAnswer> {
        match self.what {
            Mood::Busy => Ok(RestAnswer {
                retry_after: self.retry_after,
                ..RestAnswer::error(429, 20429, "Too Many Requests")
            }),
            Mood::Fails | Mood::DoneAndFails => {
                Ok(RestAnswer::error(500, 20500, "Internal Server Error"))
            }
            Mood::BadNumber => Ok(RestAnswer::error(400, 21211, "Invalid 'To' phone number")),
            Mood::Silent | Mood::DoneAndSilent => Err(NoAnswer::Silence),
            Mood::DoneAndCut => Err(NoAnswer::Cut),
            Mood::Down => Err(NoAnswer::Unreachable),
        }
    }
}

fn once() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::super::api::Fields;
    use super::*;

    fn read(text: &str) -> Fault {
        toml::from_str(text).unwrap()
    }

    fn placed() -> RestCall {
        RestCall::CreateCall(Fields::default())
    }

    fn redirected() -> RestCall {
        let fields = Fields(vec![("Url".to_owned(), "http://app.test/".to_owned())]);
        RestCall::UpdateCall { sid: "CA1".to_owned(), fields }
    }

    fn struck(faults: &mut Faults, second: i64, call: RestCall) -> Option<Mood> {
        faults.strike(Timestamp(second * 1000), &call).map(|fault| fault.what)
    }

    #[test]
    fn the_nth_request_of_a_kind_is_struck_and_the_next_ones_as_often_as_it_says() {
        let second_and_third = "what = 'silent'\nof = 'place'\nrequest = 2\ntimes = 2";
        let mut faults = Faults::new(Timestamp(0), vec![read(second_and_third)]);
        let (no, yes) = (None, Some(Mood::Silent));
        let struck: Vec<_> = [placed(), redirected(), placed(), placed(), placed()]
            .map(|call| struck(&mut faults, 0, call))
            .into();
        assert_eq!(struck, [no, no, yes, yes, no]);
    }

    #[test]
    fn everything_is_struck_in_its_time_and_the_first_fault_is_what_is_heard_of() {
        let down = read("what = 'down'\nfrom = 10\nuntil = 20");
        let busy = read("what = 'busy'\nof = 'redirect'\nretry_after = 3");
        let mut faults = Faults::new(Timestamp(0), vec![down, busy]);
        assert_eq!(faults.idle().count(), 2);
        assert_eq!(struck(&mut faults, 9, placed()), None);
        assert_eq!(struck(&mut faults, 10, placed()), Some(Mood::Down));
        assert_eq!(struck(&mut faults, 19, redirected()), Some(Mood::Down));
        assert_eq!(struck(&mut faults, 20, placed()), None);
        assert_eq!(faults.idle().map(|fault| fault.what).collect::<Vec<_>>(), [Mood::Busy]);
        assert_eq!(struck(&mut faults, 20, redirected()), Some(Mood::Busy));
        let answer = read("what = 'busy'\nretry_after = 3").answer().unwrap();
        assert_eq!((answer.status, answer.retry_after), (429, Some(3)));
    }

    #[test]
    fn a_fault_that_cannot_be_is_refused() {
        for wrong in ["what = 'tired'", "of = 'place'", "what = 'busy'\nnth = 1"] {
            assert!(toml::from_str::<Fault>(wrong).is_err(), "{wrong}");
        }
    }
}
