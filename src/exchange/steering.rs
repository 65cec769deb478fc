//! What the desk can order while somebody waits: take the caller over, ask this person next, skip,
//! give up with a promise, say a sentence.
//!
//! An order is one transaction, and the same one twice has one effect. What has moved on meanwhile
//! is not forced: the desk is told why it is too late. Who may be rung stays what it is (R1, R3,
//! R4); this room asks, and `dispatch` and `store` decide.
//!
//! A sentence waits until something is heard anyway. It could be heard at once, by a redirect, but the
//! provider then drops the telephone that rings for them, whose owner may not be rung for it again (R4).
//!
//! To take a caller elsewhere whose telephone waits in a dial, their leg is redirected to its own next
//! step. The provider then asks the old action as well, in either order: whichever comes first is
//! answered with what the desk wants, and the other, being the same step, with the same.

mod sentence;
mod why;

use crate::dispatch::{DeskOrder, Input, Search};
use crate::domain::{AttemptId, Language, Line, ParticipantId, Phone, RequestId};
use crate::exchange::leg::Leg;
use crate::exchange::outbox::Errand;
use crate::exchange::session::{common, desk_due, text};
use crate::exchange::standing::{Doing, Standing, Steered};
use crate::exchange::{Exchange, Failure, Moment, at_hand, drive};
use crate::flow::{Utterance, Value};
use crate::store::{Call, NewPromise, PromiseKind, Request, RequestKind, Tx};

pub use why::Why;

/// The flow of a caller whom the desk has steered elsewhere.
const STEERED_FLOW: &str = "steered";
/// More sentences than this do not wait to be heard: the caller wants to get on.
const MOST_SENTENCES: usize = 3;

/// What the desk wants of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeskWish {
    /// The search ends, and the caller is put through to this telephone of the desk; if nobody
    /// takes it there, to the desk's others, and else to a message.
    TakeOver {
        /// Whose telephone.
        seat: Phone,
    },
    /// This person is asked next, if every filter lets them.
    RingNext(ParticipantId),
    /// Stop this ring, and go on to the next at once. It names the ring, so that two who click at
    /// the same moment do not skip two people.
    Skip(AttemptId),
    /// The search ends, and the caller hears when the desk calls back; that is a promise.
    GiveUp,
    /// The caller hears this before whatever they hear next: between two rings, or after a key.
    Say(String),
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordered {
    /// It is done, or was done before.
    Done,
    /// It is not, and the desk is told why: mostly that the call has moved on.
    TooLate(Why),
}

impl Exchange {
    /// Carries out an order of the desk.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn order(&self, request: RequestId, wish: DeskWish) -> Result<Ordered, Failure> {
        let ordered = self.one_input(move |moment, tx| match waiting(moment, tx, request)? {
            Ok(waiting) => waiting.order(moment, tx, &wish),
            Err(why) => Ok(Err(why)),
        });
        Ok(match ordered.await? {
            Ok(()) => Ordered::Done,
            Err(why) => Ordered::TooLate(why),
        })
    }
}

/// A search that goes on, with the leg on which it was asked.
struct Waiting<'a> {
    line: &'a Line,
    request: Request,
    search: Search,
    /// The caller's leg, if it was asked on one.
    call: Option<Call>,
    /// Where it stands, while the caller is on the telephone.
    standing: Option<Standing>,
}

/// What is left to steer.
fn waiting<'a>(
    moment: &'a Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
) -> Result<Result<Waiting<'a>, Why>, Failure> {
    let Some(request) = tx.request(request)? else { return Ok(Err(Why::NoSuchSearch)) };
    let line = moment.context.line(request.line.e164()).ok_or(Failure::UnknownLine)?;
    let search = drive::stands(tx, request.id)?;
    let call = request.call.map(|call| tx.call(call)).transpose()?.flatten();
    if search.outcome().is_some() {
        return Ok(Err(Why::Ended));
    }
    if search.accepted().is_some() {
        return Ok(Err(Why::SaidYes));
    }
    let here = call.as_ref().filter(|call| call.ended_at.is_none());
    let standing = here.and_then(|call| call.position.as_deref()).and_then(Standing::read);
    // A caller who has gone on to something else on the same leg does not wait for this search.
    let standing = standing.filter(|standing| {
        let theirs = match request.kind {
            RequestKind::Neighbour => standing.search,
            RequestKind::Desk => standing.desk,
        };
        theirs == Some(request.id)
    });
    Ok(Ok(Waiting { line, request, search, call, standing }))
}

/// Done, or the reason why not.
type Tried = Result<Result<(), Why>, Failure>;

impl Waiting<'_> {
    fn order(self, moment: &Moment, tx: &mut Tx<'_>, wish: &DeskWish) -> Tried {
        let (request, word) = (self.request.id, wish.word());
        let done = match wish {
            DeskWish::TakeOver { seat } => self.take_over(moment, tx, seat)?,
            DeskWish::RingNext(who) => self.ring_next(moment, tx, *who)?,
            DeskWish::Skip(attempt) => self.skip(moment, tx, *attempt)?,
            DeskWish::GiveUp => self.give_up(moment, tx)?,
            DeskWish::Say(words) => self.say(tx, words)?,
        };
        if done.is_ok() {
            tx.record_event(word, Some(request.0), None, None, moment.now)?;
        }
        Ok(done)
    }

    fn take_over(self, moment: &Moment, tx: &mut Tx<'_>, seat: &Phone) -> Tried {
        if self.standing.is_none() {
            return Ok(Err(Why::CallerGone));
        }
        if !moment.context.may_dial_desk(seat) {
            return Ok(Err(Why::SeatNotAllowed));
        }
        if tx.is_taken(seat)? {
            return Ok(Err(Why::SeatTaken));
        }
        drive::feed(moment, tx, self.request.id, Input::Desk(DeskOrder::TakeOver))?;
        self.steer(moment, tx, Steered::TakenOver { seat: seat.clone() })?;
        Ok(Ok(()))
    }

    fn ring_next(self, moment: &Moment, tx: &mut Tx<'_>, who: ParticipantId) -> Tried {
        // The desk's own telephones ring in their order.
        if self.request.kind == RequestKind::Desk {
            return Ok(Err(Why::NoSuchSearch));
        }
        if self.standing.is_some() && self.search.asked() >= self.line.max_attempts {
            return Ok(Err(Why::NoMoreRings));
        }
        let next = drive::next_ask(moment, self.line, &self.request, self.search.round());
        if let Err(why) = tx.may_be_asked(&next, who)? {
            return Ok(Err(Why::MayNotBeAsked(why)));
        }
        if tx.is_wished_for(self.request.id, who)? {
            return Ok(Err(Why::NextAlready));
        }
        let first = tx.wish_for(self.request.id, who)?;
        Ok(if first { Ok(()) } else { Err(Why::AnotherIsNext) })
    }

    fn skip(self, moment: &Moment, tx: &mut Tx<'_>, attempt: AttemptId) -> Tried {
        if !self.search.is_live(attempt) {
            return Ok(Err(Why::RingOver));
        }
        let row = tx.attempt(attempt)?.ok_or(Failure::UnknownLeg)?;
        if row.result.is_some() {
            // Somebody skipped it a moment ago, or they have just said no.
            return Ok(Err(Why::RingOver));
        }
        if row.sid.is_none() && tx.placed_for_attempt(attempt)?.is_none() {
            return Ok(Err(Why::NotRingingYet));
        }
        drive::feed(moment, tx, self.request.id, Input::Desk(DeskOrder::Skip))?;
        Ok(Ok(()))
    }

    fn give_up(self, moment: &Moment, tx: &mut Tx<'_>) -> Tried {
        let shown = self.call.as_ref().and_then(|call| call.caller.phone());
        let number = self.request.call_back.as_ref().or(shown);
        let may_call_back = number.is_some_and(|number| moment.context.may_dial(number));
        if !may_call_back && self.standing.is_none() {
            return Ok(Err(Why::NoNumber));
        }
        drive::feed(moment, tx, self.request.id, Input::Desk(DeskOrder::GiveUp))?;
        if may_call_back {
            let due_at = desk_due(tx, self.line, moment.now)?;
            tx.add_promise(&NewPromise {
                kind: PromiseKind::DeskAnswers,
                line: self.line.number.clone(),
                request: Some(self.request.id),
                message: None,
                participant: self.request.participant,
                due_at,
                now: moment.now,
            })?;
        }
        if self.standing.is_some() {
            let steered = match (self.request.kind, may_call_back) {
                (RequestKind::Desk, promised) => Steered::DeskLater { promised },
                (RequestKind::Neighbour, true) => Steered::GivenUp,
                (RequestKind::Neighbour, false) => Steered::LeaveWord,
            };
            self.steer(moment, tx, steered)?;
        }
        Ok(Ok(()))
    }

    fn say(self, tx: &mut Tx<'_>, words: &str) -> Tried {
        let words = match sentence::spoken(words) {
            Ok(words) => words,
            Err(why) => return Ok(Err(why)),
        };
        let (Some(mut standing), Some(call)) = (self.standing, &self.call) else {
            return Ok(Err(Why::CallerGone));
        };
        if standing.say.contains(&words) {
            return Ok(Err(Why::SaidAlready));
        }
        if standing.say.len() >= MOST_SENTENCES {
            return Ok(Err(Why::EnoughSaid));
        }
        standing.say.push(words);
        tx.restand(call.id, &standing.write())?;
        Ok(Ok(()))
    }

    /// Sends the caller elsewhere: written down, then asked of the provider.
    fn steer(self, moment: &Moment, tx: &mut Tx<'_>, steered: Steered) -> Result<(), Failure> {
        let (Some(mut standing), Some(call)) = (self.standing, self.call) else { return Ok(()) };
        standing.steered = Some(steered);
        standing.say.clear();
        tx.restand(call.id, &standing.write())?;
        at_hand::redirect(moment, tx, &call)
    }
}

impl DeskWish {
    /// The word of the journal.
    fn word(&self) -> &'static str {
        match self {
            Self::TakeOver { .. } => "desk_took_over",
            Self::RingNext(_) => "desk_wished",
            Self::Skip(_) => "desk_skipped",
            Self::GiveUp => "desk_gave_up",
            Self::Say(_) => "desk_said",
        }
    }
}

impl Leg<'_, '_, '_> {
    /// Leaves whatever the caller was in the middle of, for what the desk wants.
    pub(super) fn go_where_the_desk_wants(
        mut self,
        fingerprint: [u8; 16],
    ) -> Result<String, Failure> {
        let word = match self.standing.steered.take() {
            Some(Steered::Fetched { callback }) => {
                return self.comes_back_to_wait(callback, fingerprint);
            }
            Some(Steered::TakenOver { seat }) => {
                self.standing.seat = Some(seat);
                "take-over"
            }
            Some(Steered::GivenUp) => "give-up",
            Some(Steered::DeskLater { promised: true }) => "desk-later",
            Some(Steered::DeskLater { promised: false }) => "desk-leave-word",
            Some(Steered::LeaveWord) | None => "leave-word",
        };
        // Whichever webhook came first was enough.
        self.tx.outbox_withdrawn(&Errand::redirect_of(self.call.id))?;
        let language = self.standing.position.language();
        let mut vars = common(self.tx, self.line, self.moment.now)?;
        vars.insert("order".into(), text(word));
        let withheld = self.call.caller.phone().is_none();
        vars.insert("withheld".into(), Value::Bool(withheld));
        // A flow of its own, so it need not be in the files that the call began on.
        self.flows = self.moment.context.flows.current();
        let (position, turn) = self.flows.start(STEERED_FLOW, language, vars)?;
        self.standing.position = position;
        self.standing.doing = Doing::Nothing;
        self.answer(turn, fingerprint)
    }

    /// The sentences that the desk wants heard, once, in the caller's language.
    pub(super) fn words_of_the_desk(&mut self) -> Vec<Utterance> {
        let language: Language = self.standing.position.language();
        let said = std::mem::take(&mut self.standing.say);
        said.into_iter().map(|text| Utterance::Say { text, language }).collect()
    }
}
