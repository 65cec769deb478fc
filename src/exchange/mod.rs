//! The driver: between the webhooks on one side and the pure rooms and the store on the other.
//!
//! Its one rule has a name: **one input, drain all outputs, commit, then act.** Every webhook
//! becomes one closure on the store's writer: it loads the leg, feeds one input to its flow or to
//! the search, drains what follows, writes it all with the answer, and only when that is on disk
//! does the answer go out (R11). REST calls are written to the outbox in the same transaction and
//! made afterwards, by [`Exchange::work`].
//!
//! `dispatch` and `flow` do not know each other; this room translates. It holds no ringing rule:
//! an `if` about who is rung belongs in `dispatch`.

mod addresses;
mod at_hand;
mod background;
mod board;
mod callback;
pub mod clock;
mod context;
mod dialled;
mod doors;
mod drive;
mod fallback;
mod feed;
mod forget;
mod given_up;
mod incoming;
mod intake;
mod lanes;
mod last_message;
mod leg;
mod messages;
mod misplaced;
mod note;
mod onlooker;
mod outbox;
mod participants;
mod placing;
mod questions;
mod recordings;
mod reports;
mod ringback;
mod screening;
mod session;
mod shelf;
mod signing_up;
mod speech;
mod spoken_code;
mod standing;
mod status;
mod steering;
mod steps;
mod still_there;
mod sweep;
mod tidy;
mod timers;
mod unheard;
mod work;

use std::cell::RefCell;
use std::sync::Arc;

use crate::carrier::Carrier;
use crate::carrier::webhook::Webhook;
use crate::dispatch::{AttemptResult, Outcome};
use crate::domain::Timestamp;
use crate::flow::Flows;
use crate::store::{Store, StoreError, Tx};
use crate::telemetry::{Metrics, PlacedResult, SearchKind};

pub use addresses::{Addresses, FALLBACK, INCOMING, STATUS};
pub use at_hand::Fetched;
pub use background::Begun;
pub use board::{OfferTaken, Offered, TakenUp};
pub use clock::{Clock, SetClock, SystemClock};
pub use context::Context;
pub use feed::Feed;
pub use forget::{delete_at_provider, forget};
pub use intake::{Entered, First, Intake};
use lanes::{Lane, Lanes};
pub use messages::MessageHeard;
pub use misplaced::{LookedAt, Reported};
pub use onlooker::{Heard, Listening, Onlook, Onlooker, Words};
pub use questions::{Received, WebQuestion, as_told};
pub use recordings::Recordings;
pub use reports::names;
pub use shelf::Shelf;
pub use signing_up::{AtTheDesk, NewcomerForm, NotSignedUp, SignedUp};
pub use spoken_code::{CodeCall, CodeWanted};
pub use steering::{DeskWish, Ordered, Why};
use unheard::Unheard;

/// The exchange: everything that a webhook's answer depends on. Made once, shared by all requests.
pub struct Exchange {
    /// What is settled at start: lines, addresses, flows.
    context: Arc<Context>,
    /// All state.
    store: Arc<Store>,
    /// The provider's REST side.
    carrier: Arc<dyn Carrier>,
    /// The time.
    clock: Arc<dyn Clock>,
    /// What the technician sees.
    metrics: Arc<Metrics>,
    /// Tells whoever watches that a request has changed.
    feed: Feed,
    /// Where workers wait for something to do.
    lanes: Lanes,
    /// Recordings that were told of while the database was away.
    unheard: Unheard,
}

/// Why a webhook could not be answered as it asked. None of these holds a number or a name.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The dialled number is none of the configured lines.
    #[error(
        "the dialled number is not a line of the configuration; add it as [[line]], or point the number elsewhere"
    )]
    UnknownLine,
    /// No such leg, or the webhook speaks of another leg than its address does.
    #[error("no leg of this exchange goes with this webhook; it is ignored")]
    UnknownLeg,
    /// The stored state of a leg or a search cannot be read.
    #[error("the stored state of {what} cannot be read; the call ends at the desk")]
    Damaged {
        /// Which row.
        what: String,
    },
    /// A flow cannot go on.
    #[error("a voice flow cannot go on: {0}")]
    Flow(#[from] crate::flow::FlowError),
    /// A flow asks for something that the exchange does not offer.
    #[error("a voice flow asks for \"{0}\", which is not offered here; see voice-flows/README.md")]
    NoSuchDoor(String),
    /// An answer is too long for the provider.
    #[error("an answer is too long for the provider: {0}")]
    TooLong(#[from] crate::twiml::TooLong),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a closure on the writer is given besides the transaction.
struct Moment {
    context: Arc<Context>,
    now: Timestamp,
    noted: RefCell<Noted>,
}

/// What others are told once it is on disk, and not before.
#[derive(Default)]
struct Noted {
    decided: Vec<AttemptResult>,
    finished: Vec<(SearchKind, Outcome)>,
    placed: Vec<PlacedResult>,
    /// By lane, the first moment at which there is something to do without a webhook.
    soonest: Vec<(Lane, Timestamp)>,
    timers_fired: usize,
}

impl Moment {
    /// There is something of the exchange's own to do then: a timer, or a search to begin.
    fn due(&self, then: Timestamp) {
        self.due_in(Lane::Own, then);
    }

    /// There is something to do in this lane then.
    fn due_in(&self, lane: Lane, then: Timestamp) {
        let soonest = &mut self.noted.borrow_mut().soonest;
        match soonest.iter_mut().find(|(known, _)| *known == lane) {
            Some((_, sooner)) => *sooner = then.min(*sooner),
            None => soonest.push((lane, then)),
        }
    }
}

impl Exchange {
    /// An exchange over this store and this carrier.
    pub fn new(
        context: Context,
        store: Arc<Store>,
        carrier: Arc<dyn Carrier>,
        clock: Arc<dyn Clock>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            context: Arc::new(context),
            store,
            carrier,
            clock,
            metrics,
            feed: Feed::new(),
            lanes: Lanes::default(),
            unheard: Unheard::default(),
        }
    }

    /// Writes the flows in use down, so that calls can go on with them after a restart. To be done
    /// before the first call.
    ///
    /// # Errors
    /// [`Failure`] of the store.
    pub async fn begin(&self) -> Result<(), Failure> {
        self.remember(&self.context.flows.current()).await
    }

    /// Puts other flows in use for calls that begin from now on; others keep theirs.
    ///
    /// # Errors
    /// [`Failure`] of the store; the flows in use stay in use then.
    pub async fn use_flows(&self, flows: Flows) -> Result<(), Failure> {
        self.remember(&flows).await?;
        self.context.flows.replace(flows);
        // Once more: a round of forgetting in between took them for ones that no call is on.
        self.remember(&self.context.flows.current()).await
    }

    async fn remember(&self, flows: &Flows) -> Result<(), Failure> {
        let (version, files) = (flows.version().to_owned(), flows.files().to_owned());
        self.one_input(move |_, tx| Ok(tx.remember_flows(&version, &files)?)).await
    }

    /// What is settled: lines, addresses, flows.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The database.
    pub fn store(&self) -> &Arc<Store> {
        &self.store
    }

    /// What the technician sees.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Who wants to know when a request changes listens here.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// This moment, on the exchange's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// One input, one transaction: runs `handle` on the writer and returns once it is on disk.
    async fn one_input<T: Send + 'static>(
        &self,
        handle: impl FnOnce(&Moment, &mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let moment = self.moment();
        let done = self.store.write(move |tx| {
            let done = handle(&moment, tx)?;
            Ok::<_, Failure>((done, moment.noted.into_inner()))
        });
        let (done, noted) = done.await?;
        self.tell(noted);
        Ok(done)
    }

    /// As [`Exchange::one_input`], for webhooks, of which there are many: `handle` may be run again
    /// when it was undone with another's, and then sees the transaction anew.
    async fn one_webhook<T: Send + 'static>(
        &self,
        handle: impl Fn(&Moment, &mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let moment = self.moment();
        let done = self.store.write_repeatably(move |tx| {
            moment.noted.take();
            let done = handle(&moment, tx)?;
            Ok::<_, Failure>((done, moment.noted.take()))
        });
        let (done, noted) = done.await?;
        self.tell(noted);
        Ok(done)
    }

    fn moment(&self) -> Moment {
        let (context, now) = (Arc::clone(&self.context), self.clock.now());
        Moment { context, now, noted: RefCell::default() }
    }

    /// It is on disk: whoever watches may know.
    fn tell(&self, noted: Noted) {
        for result in noted.decided {
            self.metrics.attempt_decided(result);
        }
        for (kind, outcome) in noted.finished {
            self.metrics.search_ended(kind, outcome);
        }
        for result in noted.placed {
            self.metrics.placed_ended(result);
        }
        for _ in 0..noted.timers_fired {
            self.metrics.timer_fired();
        }
        self.feed.announce();
        for (lane, soonest) in noted.soonest {
            self.lanes.wake_before(lane, soonest);
        }
    }
}

/// What every handler needs of a webhook: who speaks, and what makes a repeat recognisable.
fn is_about(webhook: &Webhook, sid: &str) -> Result<(), Failure> {
    if webhook.call_sid == sid { Ok(()) } else { Err(Failure::UnknownLeg) }
}
