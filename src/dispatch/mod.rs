//! THE state machine: candidates for one request are asked one after another, while the caller
//! waits or, later, without them.
//!
//! Pure: a search is a value. Feed it one [`Input`], get every [`Output`] that follows, store
//! it, then act. It knows no telephone, no webhook, no flow and no clock; `exchange` translates.
//! Who is asked next is decided in [`choose`], from facts to an order with a reason for everybody.

pub mod choose;
pub mod rest;
mod search;
pub mod still_there;
mod stored;

pub use search::Search;

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::domain::{AttemptId, CallbackId, Timestamp};

/// What can happen to a search. Every input may come late, twice or out of order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Input {
    /// The question is clear: begin.
    Opened,
    /// Answer to [`Output::Reserve`]: this attempt holds the next candidate.
    Reserved(AttemptId),
    /// Answer to [`Output::Reserve`]: nobody is left who may be rung now.
    NobodyLeft,
    /// Answer to [`Output::Reserve`]: nobody is left, and nobody will be before the search ends.
    NobodyEver,
    /// Answer to [`Output::Reserve`]: neighbours are not rung at this hour (R13), or so many wait to be
    /// rung that nobody is held for it yet.
    Closed {
        /// When they are again; `None`: not within sight.
        opens: Option<Timestamp>,
    },
    /// The provider could not be asked to ring this candidate: their telephone never rang.
    NotPlaced(AttemptId),
    /// This candidate may no longer be rung: they stopped or paused since they were reserved, or their
    /// number has become one of our own. Their telephone never rang.
    MayNotBeRung(AttemptId),
    /// Somebody came forward for this request by themselves: they are rung next.
    CameForward,
    /// Answer to [`Output::ReserveForward`]: whoever came forward may not be rung now.
    NobodyForward,
    /// The candidate's telephone was picked up, by a person or by a voicemail box.
    PickedUp(AttemptId),
    /// What the candidate answered, by key or by silence.
    Answered {
        /// Whose answer.
        attempt: AttemptId,
        /// Which answer.
        answer: Answer,
    },
    /// The candidate's leg is over.
    LegEnded {
        /// Whose leg.
        attempt: AttemptId,
        /// How the provider says that it ended.
        ending: Ending,
        /// Who says so; only the caller's own leg may go on to the next candidate.
        told_by: Source,
    },
    /// The caller hung up, or their leg ended in another way.
    CallerLeft,
    /// The caller, still on the line, asks for another round.
    TryAgain,
    /// The caller, still on the line, no longer wants this search (chose the desk, or a message).
    /// In a background search: they called to say so.
    CallerStopped,
    /// It was settled elsewhere, at the desk or on the web: nobody else is rung for it. Two who talk
    /// with each other go on.
    Settled,
    /// The caller, who was offered to be called back, would rather wait.
    KeepWaiting,
    /// The caller, still on the line, is to be called back: the search goes on without them.
    CallBack {
        /// Of the background search; `budget` is how long it may take.
        limits: Limits,
        /// The number was keyed in and is not the one they call from: it is asked first.
        confirm: bool,
    },
    /// Answer to [`Output::RingCaller`], or the accepted neighbour's leg dials the caller: this is
    /// the ring.
    CallerRung(CallbackId),
    /// Answer to [`Output::RingCaller`], at once or when the provider could not do it in time: nobody
    /// is rung at this hour (R13).
    CallerLater {
        /// When they may be; `None`: not within sight.
        opens: Option<Timestamp>,
    },
    /// The caller's telephone was picked up, by a person or by a voicemail box.
    CallerPickedUp(CallbackId),
    /// What the caller answered who was rung.
    CallerAnswered {
        /// Which ring.
        ring: CallbackId,
        /// Which answer.
        answer: CallerAnswer,
    },
    /// The caller was rung again and wants to be connected: they are on the line now.
    CallerOnTheLine {
        /// Which ring.
        ring: CallbackId,
        /// Of the live search that follows.
        limits: Limits,
    },
    /// The caller's leg is over, or could not be placed.
    CallerRingEnded {
        /// Which ring.
        ring: CallbackId,
        /// How the provider says that it ended.
        ending: Ending,
        /// Who says so: the leg that dialled the caller ([`Source::Caller`]: it waits for
        /// instructions), or the caller's own.
        told_by: Source,
    },
    /// An order of the desk.
    Desk(DeskOrder),
    /// A timer that was set has come due.
    Due(Timer),
}

/// What a candidate can answer in screening.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 1: yes, connect me.
    Yes,
    /// 2: not now.
    NotNow,
    /// 3: not today any more.
    NotToday,
    /// 4: asked to stop; the confirming question follows. Never rung until it is settled.
    StopAsked,
    /// 4, then 1: stop, confirmed. Consent is withdrawn in this transaction (R9).
    Stop,
    /// 4, then 2: a pause instead.
    Pause,
    /// 0: a no for now, and the desk rings this neighbour back.
    Desk,
    /// A second key that means nothing: counts as a no.
    WrongKey,
    /// Silence twice: counts as a voicemail box.
    Silence,
    /// The caller did not come to the telephone; this neighbour may be rung once more for them.
    Again,
}

/// What a caller can answer who is rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerAnswer {
    /// 1: yes, connect me; or: yes, this is the number to call back.
    Yes,
    /// 2: no longer needed; or: nobody here asked for this.
    No,
    /// 0: rather the desk.
    Desk,
}

/// Why the exchange itself rings a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// To hear whether this number, which was keyed in, is the right one. Before anybody else.
    Confirm,
    /// Somebody said yes, and the caller did not come to the telephone then.
    Again,
    /// To have them on the line: then the search begins, and they wait for it.
    Ask,
    /// To tell that nobody was found.
    Outcome,
}

/// How a leg ended, in the provider's words, without judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It had been answered. Whether the two were joined is known from some providers only;
    /// where it is unknown, the machine's own accepted mark decides.
    Completed {
        /// `Some(true)`: the two were connected. `Some(false)`: certainly not. `None`: not told.
        bridged: Option<bool>,
    },
    /// Rang out.
    NoAnswer,
    /// Engaged, or declined on the handset.
    Busy,
    /// The network could not reach the number.
    Failed,
    /// Stopped before it was answered.
    Canceled,
}

/// Who reports that a leg ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The caller's leg, which now waits for instructions: the next ring can go into the answer.
    Caller,
    /// The candidate's own leg. It frees the person; nothing can be said to the caller now.
    Candidate,
}

/// What the desk can order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskOrder {
    /// The desk takes the caller over; ringing stops.
    TakeOver,
    /// Stop ringing this candidate and go on to the next.
    Skip,
    /// End the search; the desk has promised something else.
    GiveUp,
}

/// Everything that a search ever waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timer {
    /// The search has used up its time; no further candidate is rung.
    Budget,
    /// No word about a ringing or screened candidate for far too long: the webhook was lost.
    Lease(AttemptId),
    /// Nobody could be rung; somebody may have become free by now. Also: the caller, who chose to
    /// be called back, has surely put down the receiver.
    Look,
    /// The caller is to be rung (again).
    Caller,
    /// No word about the ringing of the caller for far too long: the webhook was lost.
    CallerLease,
}

/// What the driver must do, in this order, within one transaction; telephones only after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// Choose and reserve the next candidate; feed back [`Input::Reserved`] or [`Input::NobodyLeft`].
    Reserve,
    /// Reserve whoever came forward by themselves, and nobody else; feed back [`Input::Reserved`] or
    /// [`Input::NobodyForward`].
    ReserveForward,
    /// Reserve the person of this earlier attempt once more, as they agreed; the same answers.
    ReserveAgain(AttemptId),
    /// Ring the candidate of this attempt, from the caller's leg.
    Ring {
        /// Whom.
        attempt: AttemptId,
        /// For how long the telephone really rings.
        ring: Duration,
    },
    /// Ring the candidate of this attempt by a call of the exchange's own.
    Place {
        /// Whom.
        attempt: AttemptId,
        /// For how long the telephone really rings.
        ring: Duration,
    },
    /// Ask the caller, between two rings, whether to wait or to be called back; feed back
    /// [`Input::KeepWaiting`] or [`Input::CallBack`].
    Offer,
    /// Ring the caller by a call of the exchange's own; feed back [`Input::CallerRung`] or
    /// [`Input::CallerLater`].
    RingCaller {
        /// Why.
        why: Reason,
        /// For how long the telephone really rings.
        ring: Duration,
    },
    /// Stop ringing the caller.
    HangUpCaller(CallbackId),
    /// The caller who was rung wants it: let their screening end so that the two are joined.
    JoinCaller(CallbackId),
    /// The desk owes the caller a call, in its next hours.
    Promise,
    /// Stop this leg, whether it rings or speaks.
    HangUp(AttemptId),
    /// First yes (R6): let the screening end so that the two are joined; in a background search:
    /// let their leg dial the caller.
    Connect(AttemptId),
    /// The provider reports that the two were joined although nobody said yes: an alarm (R5).
    JoinedWithoutYes(AttemptId),
    /// Too late: thank this candidate and let them go.
    Gone(AttemptId),
    /// The attempt is decided; write its result. The person is reserved until `Release`.
    Decide {
        /// Which attempt.
        attempt: AttemptId,
        /// The result, once and for all.
        result: AttemptResult,
    },
    /// The attempt's leg is over: the person may be rung again (by others, after their rest).
    Release(AttemptId),
    /// Feed [`Input::Due`] at this moment, unless cancelled. Replaces an earlier one of its name.
    SetTimer(Timer, Timestamp),
    /// That timer is no longer needed.
    CancelTimer(Timer),
    /// The search is over. Once a round; a second time only when a caller who left after a yes turns
    /// out never to have been joined.
    Finish(Outcome),
}

/// How an attempt turned out. The journal and the rest times use these; a caller never learns them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptResult {
    /// Said yes first, and was joined with the caller.
    Connected,
    /// Said yes, but it was too late: solved, or the caller had gone.
    LateYes,
    /// Said yes, but the two were never joined.
    NotJoined,
    /// Not now (key 2, or a second wrong key).
    Declined,
    /// Not today any more.
    NotToday,
    /// Stopped taking part, or asked to.
    Stopped,
    /// Took a pause instead.
    Paused,
    /// Wants the desk to ring back.
    WantsDesk,
    /// Picked up and hung up without an answer.
    HungUp,
    /// Silence: nobody, or a voicemail box.
    Voicemail,
    /// Rang out.
    NoAnswer,
    /// Engaged.
    Busy,
    /// Could not be reached by the network.
    Failed,
    /// The caller (or the desk) ended it while it rang; it does not count for rest or caps.
    CallerEnded,
    /// Nothing was heard of it any more.
    Lost,
    /// Their telephone never rang: the provider could not be asked.
    NotPlaced,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Caller and neighbour were joined.
    Connected,
    /// Everybody who could be asked was asked.
    Nobody,
    /// The time or the number of attempts was used up.
    UsedUp,
    /// The caller hung up before anybody said yes.
    CallerLeft,
    /// The caller chose something else.
    Stopped,
    /// The desk took over or gave up, or the caller asked for it.
    Desk,
    /// The caller, who was to be called back, no longer needs it.
    NotNeeded,
    /// The caller could not be reached, or the number was not theirs: the desk has a promise.
    NotReached,
}

/// The limits of one search, copied from the line when it begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// How long one telephone rings.
    #[serde(with = "stored::milliseconds")]
    pub ring: Duration,
    /// Most attempts in one round.
    pub max_attempts: u32,
    /// Longest time of one round; the last ring is cut short to end within it. Of a background
    /// search: its deadline.
    #[serde(with = "stored::milliseconds")]
    pub budget: Duration,
    /// Telephones ringing at once; 1 in a live search.
    pub ring_at_once: u8,
    /// When a waiting caller is offered to be called back, from the start of a round; `None`: never.
    #[serde(default, with = "stored::perhaps_milliseconds")]
    pub offer_after: Option<Duration>,
}
