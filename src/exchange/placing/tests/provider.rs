//! A provider of any mood, and its own books of what it really did.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::watch;

use crate::carrier::Sid;
use crate::carrier::rest::{Answer, Carrier, CarrierError, PlaceCall, Sound};
use crate::carrier::webhook::LegStatus;
use crate::dispatch::Ending;
use crate::domain::{Phone, Timestamp};
use crate::exchange::{Clock, SetClock};

/// What it does with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// What it is asked.
    Does,
    /// It is, but its answer does not come through.
    DoesAndIsSilent,
    /// Nothing, and nothing comes back.
    IsSilent,
    /// 429.
    Busy,
    /// No connection comes about.
    OutOfReach,
    /// The number cannot be rung.
    BadNumber,
    /// Refused for another reason.
    Refuses,
    /// Done, and the exchange is killed before the answer is read.
    DoesAndWeAreKilled,
    /// The exchange is killed before it is asked.
    WeAreKilled,
    /// Nothing, for as long as anybody waits.
    Hangs,
}

/// A call that really was made.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) sid: String,
    to: Phone,
    from: Phone,
    at: Timestamp,
    pub(super) url: String,
    pub(super) over: Option<Ending>,
}

pub(super) struct Provider {
    clock: Arc<SetClock>,
    moods: Mutex<VecDeque<Mood>>,
    made: Mutex<Vec<Made>>,
    kill: tokio::sync::Notify,
    hanging: watch::Sender<usize>,
    let_go: watch::Sender<Vec<String>>,
}

impl Provider {
    pub(super) fn new(clock: &Arc<SetClock>) -> Self {
        Self {
            clock: Arc::clone(clock),
            moods: Mutex::default(),
            made: Mutex::default(),
            kill: tokio::sync::Notify::new(),
            hanging: watch::Sender::new(0),
            let_go: watch::Sender::default(),
        }
    }

    /// How it takes the next requests; after them it does what it is asked.
    pub(super) fn is(&self, moods: &[Mood]) {
        *self.moods.lock().expect("no panic") = moods.iter().copied().collect();
    }

    pub(super) fn made(&self) -> Vec<Made> {
        self.made.lock().expect("no panic").clone()
    }

    pub(super) fn ends(&self, sid: &str, ending: Ending) {
        let mut made = self.made.lock().expect("no panic");
        let call = made.iter_mut().find(|call| call.sid == sid).expect("it was made");
        call.over.get_or_insert(ending);
    }

    /// Resolves when the exchange is to be killed.
    pub(super) async fn killed(&self) {
        self.kill.notified().await;
    }

    /// Resolves when so many requests hang.
    pub(super) async fn hangs(&self, requests: usize) {
        let mut hanging = self.hanging.subscribe();
        hanging.wait_for(|n| *n >= requests).await.expect("it is there");
    }

    /// Resolves when so many legs have been sent away; which, in order.
    pub(super) async fn has_let_go(&self, legs: usize) -> Vec<String> {
        let mut let_go = self.let_go.subscribe();
        let gone = let_go.wait_for(|gone| gone.len() >= legs).await.expect("it is there");
        gone.clone()
    }

    fn mood(&self) -> Mood {
        self.moods.lock().expect("no panic").pop_front().unwrap_or(Mood::Does)
    }

    /// Carries out one request in the mood of the moment.
    async fn in_a_mood<T>(
        &self,
        act: impl FnOnce() -> Result<T, CarrierError>,
    ) -> Result<T, CarrierError> {
        match self.mood() {
            Mood::Does => act(),
            Mood::DoesAndIsSilent => {
                let _ = act();
                Err(CarrierError::Unknown { why: "no answer in time" })
            }
            Mood::IsSilent => Err(CarrierError::Unknown { why: "an error of its own" }),
            Mood::Busy => Err(CarrierError::Busy { retry_after: None }),
            Mood::OutOfReach => Err(CarrierError::Unreachable),
            Mood::BadNumber => Err(CarrierError::BadNumber { code: 21_211 }),
            Mood::Refuses => Err(CarrierError::Refused { status: 400, code: None }),
            Mood::DoesAndWeAreKilled => {
                let _ = act();
                self.kill.notify_one();
                std::future::pending().await
            }
            Mood::Hangs => {
                self.hanging.send_modify(|n| *n += 1);
                std::future::pending().await
            }
            Mood::WeAreKilled => {
                self.kill.notify_one();
                std::future::pending().await
            }
        }
    }
}

impl Carrier for Provider {
    fn place<'a>(&'a self, call: &'a PlaceCall) -> Answer<'a, Sid> {
        Box::pin(self.in_a_mood(|| {
            let mut made = self.made.lock().expect("no panic");
            let sid = format!("CP{}", made.len() + 1);
            made.push(Made {
                sid: sid.clone(),
                to: call.to.clone(),
                from: call.from.clone(),
                at: self.clock.now(),
                url: call.url.clone(),
                over: None,
            });
            Ok(Sid::parse(&sid).expect("an id"))
        }))
    }

    fn redirect<'a>(&'a self, sid: &'a Sid, _: &'a str) -> Answer<'a, ()> {
        Box::pin(self.in_a_mood(move || {
            self.let_go.send_modify(|gone| gone.push(format!("redirected {}", sid.as_str())));
            Ok(())
        }))
    }

    fn hang_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, ()> {
        Box::pin(self.in_a_mood(move || {
            self.let_go.send_modify(|gone| gone.push(format!("hung up {}", sid.as_str())));
            let mut made = self.made.lock().expect("no panic");
            if let Some(call) = made.iter_mut().find(|call| call.sid == sid.as_str()) {
                call.over.get_or_insert(Ending::Canceled);
            }
            Ok(())
        }))
    }

    fn look_up<'a>(&'a self, sid: &'a Sid) -> Answer<'a, LegStatus> {
        Box::pin(self.in_a_mood(|| {
            let made = self.made();
            let call = made.iter().find(|call| call.sid == sid.as_str());
            let over = call.ok_or(CarrierError::CallOver)?.over;
            Ok(over.map_or(LegStatus::Ringing, LegStatus::Over))
        }))
    }

    fn find_call<'a>(
        &'a self,
        to: &'a Phone,
        from: &'a Phone,
        since: Timestamp,
    ) -> Answer<'a, Option<Sid>> {
        Box::pin(self.in_a_mood(move || {
            let made = self.made();
            let fits = |call: &&Made| call.to == *to && call.from == *from && call.at >= since;
            Ok(made.iter().rev().find(fits).map(|call| Sid::parse(&call.sid).expect("an id")))
        }))
    }

    fn fetch_recording<'a>(&'a self, _: &'a str, _: usize) -> Answer<'a, Sound> {
        Box::pin(async { Err(CarrierError::NotYet) })
    }

    fn delete_recording<'a>(&'a self, _: &'a Sid) -> Answer<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}
