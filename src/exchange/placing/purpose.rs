//! What a call is placed for: which flow whoever picks up hears, and who is told how it ended.
//!
//! A new purpose is a variant here and an arm in each function below; nothing else knows them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::carrier::webhook::Webhook;
use crate::dispatch::{Ending, Input};
use crate::domain::{
    AttemptId, CallbackId, Language, ParticipantId, Phone, QuestionId, SpokenCode,
};
use crate::exchange::{
    Failure, Moment, callback, given_up, questions, ringback, screening, signing_up, spoken_code,
    status, steps, still_there,
};
use crate::store::{Placed, Tx};

/// How long a ring is of use to somebody who waits for it. With its turn at the provider much shorter
/// than the lease that the search gives a candidate, so that nobody rings after the search has given
/// them up; long enough for two orders and a look in between when the provider is slow.
const WHILE_SOMEBODY_WAITS: Duration = Duration::from_secs(45);

/// How long calling a caller back is of use: nobody waits on a line for it, and a provider that is
/// out of reach may be back. Shorter than the lease that the search gives it.
const WHILE_IT_IS_NEWS: Duration = Duration::from_secs(10 * 60);

/// What a call is placed for. Stored with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub(in crate::exchange) enum Purpose {
    /// A candidate is rung.
    Candidate {
        /// Which ring it is.
        attempt: AttemptId,
    },
    /// A caller is called back.
    Caller {
        /// Which ring it is.
        callback: CallbackId,
    },
    /// Somebody whom the desk has at hand is fetched to the line, to wait for a neighbour.
    AtHand {
        /// Which ring it is.
        callback: CallbackId,
        /// They stand at the counter: a telephone of the desk rings.
        counter: bool,
    },
    /// Somebody is asked whether a question on the web, with their number, is theirs.
    Question {
        /// Which question.
        question: QuestionId,
    },
    /// Somebody at the desk calls back: first their own telephone.
    Seat {
        /// Which call back it is.
        desk_call: i64,
    },
    /// Somebody who signed up is asked whether it was them.
    Newcomer {
        /// Who.
        participant: ParticipantId,
    },
    /// Somebody who rests is asked whether they still take part.
    StillThere {
        /// Who.
        participant: ParticipantId,
    },
    /// A code is spoken; none once the call is over.
    Code {
        /// Whoever picked up said that it was not them. First, so that such calls are found by how
        /// their stored form begins.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        not_mine: bool,
        /// The code.
        code: Option<SpokenCode>,
        /// In which language.
        language: Language,
    },
}

/// How a placed call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::exchange) enum News {
    /// Its leg is over.
    Over {
        /// How.
        ending: Ending,
        /// Whether it had been picked up, by a person or by a voicemail box.
        picked_up: bool,
    },
    /// It never came about, and will not.
    Failed(WhyNot),
}

/// Why a call could not be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::exchange) enum WhyNot {
    /// The number cannot be rung.
    BadNumber,
    /// The provider refused it for another reason: its log and ours say why.
    Refused,
    /// The provider did not do it while it was still of use, or within the ringing hours (R13).
    TooLate,
    /// The number may no longer be rung (R9, R12).
    NotAllowed,
}

impl Purpose {
    /// The stored form.
    pub(in crate::exchange) fn write(&self) -> String {
        serde_json::to_string(self).expect("a purpose holds only numbers and words")
    }

    /// Reads what was stored; `None` for what is damaged, or of another release.
    pub(super) fn of(placed: &Placed) -> Option<Self> {
        serde_json::from_str(&placed.purpose).ok()
    }

    /// The attempt that it rings for, if it does for one.
    pub(super) fn attempt(&self) -> Option<AttemptId> {
        match self {
            Self::Candidate { attempt } => Some(*attempt),
            Self::Caller { .. }
            | Self::AtHand { .. }
            | Self::Question { .. }
            | Self::Seat { .. }
            | Self::Newcomer { .. }
            | Self::StillThere { .. }
            | Self::Code { .. } => None,
        }
    }

    /// Whether the last gate lets this number through (R12).
    pub(super) fn may_ring(&self, moment: &Moment, to: &Phone) -> bool {
        match self {
            Self::Candidate { .. }
            | Self::Caller { .. }
            | Self::AtHand { counter: false, .. }
            | Self::Newcomer { .. }
            | Self::StillThere { .. }
            | Self::Question { .. }
            | Self::Code { .. } => moment.context.may_dial(to),
            Self::AtHand { counter: true, .. } | Self::Seat { .. } => {
                moment.context.may_dial_desk(to)
            }
        }
    }

    /// Whether it is of use still: since the decision whoever is to be rung may have stopped (R9), or
    /// the question been taken back.
    pub(super) fn is_wanted(
        &self,
        moment: &Moment,
        tx: &mut Tx<'_>,
        to: &Phone,
    ) -> Result<bool, Failure> {
        Ok(match self {
            Self::Candidate { attempt } => tx.may_still_be_rung(*attempt, moment.now)?,
            Self::Newcomer { participant } => tx.sign_up_of(*participant)?.is_some(),
            Self::StillThere { participant } => tx.still_there(*participant)?.is_some(),
            Self::Question { question } => {
                let question = tx.question(*question)?.filter(|question| question.is_open());
                question.is_some_and(|question| question.phone.is_some())
            }
            Self::Code { .. } => !tx.said_stop(to)?,
            Self::Caller { .. } | Self::AtHand { .. } | Self::Seat { .. } => true,
        })
    }

    /// Whether it rings somebody at the desk, who is there: the ringing hours are everybody else's.
    pub(super) fn rings_at_any_hour(&self) -> bool {
        matches!(self, Self::Seat { .. } | Self::AtHand { counter: true, .. })
    }

    /// For how long after its turn at the provider it may still be placed.
    pub(super) fn patience(&self) -> Duration {
        match self {
            Self::Candidate { .. }
            | Self::AtHand { .. }
            | Self::Seat { .. }
            | Self::Newcomer { .. }
            | Self::StillThere { .. }
            | Self::Question { .. }
            | Self::Code { .. } => WHILE_SOMEBODY_WAITS,
            Self::Caller { .. } => WHILE_IT_IS_NEWS,
        }
    }
}

/// Somebody picked up: the document that they hear first. The leg is opened here, once; a repeat
/// never gets this far.
pub(super) fn picked_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let damaged = || Failure::Damaged { what: format!("placed call {}", placed.id) };
    match Purpose::of(placed).ok_or_else(damaged)? {
        Purpose::Candidate { attempt } => screening::placed(moment, tx, attempt, webhook),
        Purpose::Caller { callback } | Purpose::AtHand { callback, .. } => {
            callback::picked_up(moment, tx, callback, webhook)
        }
        Purpose::Question { question } => {
            questions::picked_up(moment, tx, placed, question, webhook)
        }
        Purpose::Seat { desk_call } => ringback::picked_up(moment, tx, placed, desk_call, webhook),
        Purpose::Newcomer { participant } => {
            signing_up::picked_up(moment, tx, placed, participant, webhook)
        }
        Purpose::StillThere { participant } => {
            still_there::picked_up(moment, tx, placed, participant, webhook)
        }
        Purpose::Code { code: Some(code), language, .. } => {
            spoken_code::picked_up(moment, tx, placed, &code, language, webhook)
        }
        Purpose::Code { code: None, .. } => steps::hang_up(),
    }
}

/// Whoever had it placed is told how it ended. Once.
pub(super) fn tell(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    news: News,
) -> Result<(), Failure> {
    let Some(purpose) = Purpose::of(placed) else { return nobody_to_tell(moment, tx, placed) };
    match purpose {
        Purpose::Candidate { attempt } => {
            let Some(row) = tx.attempt(attempt)? else { return Ok(()) };
            let never_rang = match news {
                // Not the candidate's doing: they were not disturbed, and may be asked later.
                News::Failed(WhyNot::Refused | WhyNot::TooLate) => Input::NotPlaced(attempt),
                News::Failed(WhyNot::NotAllowed) => Input::MayNotBeRung(attempt),
                News::Failed(WhyNot::BadNumber) | News::Over { .. } => {
                    let ending = ending_of(news);
                    return status::candidate_left(moment, tx, attempt, row.request, ending);
                }
            };
            given_up::feed(moment, tx, row.request, never_rang)
        }
        Purpose::Caller { callback } | Purpose::AtHand { callback, .. } => match news {
            News::Failed(WhyNot::TooLate) => callback::too_late(moment, tx, callback),
            _ => callback::over(moment, tx, callback, ending_of(news)),
        },
        Purpose::Question { question } => questions::over(moment, tx, question, news),
        Purpose::Seat { desk_call } => ringback::seat_over(moment, tx, desk_call, news),
        Purpose::Newcomer { participant } => {
            signing_up::over(moment, tx, placed, participant, news)
        }
        Purpose::StillThere { participant } => still_there::over(moment, tx, participant, news),
        Purpose::Code { not_mine, language, .. } => {
            spoken_code::over(tx, placed, not_mine, language)
        }
    }
}

/// What it was placed for cannot be read. The search that wants to know how it ended would wait for
/// ever, so it is given up, and its request goes to the desk.
fn nobody_to_tell(moment: &Moment, tx: &mut Tx<'_>, placed: &Placed) -> Result<(), Failure> {
    let request = tx.request_of_placed(placed.id)?;
    tracing::error!(
        placed = placed.id.0,
        request = request.map(|request| request.0),
        "placed.damaged: what it was for cannot be read; it is given up, and the desk has the \
         request. `burenhulp check` tells whether more is damaged"
    );
    request.map_or(Ok(()), |request| given_up::give_up(moment, tx, request))
}

/// How a leg ended that may never have come about.
fn ending_of(news: News) -> Ending {
    match news {
        News::Over { ending, .. } => ending,
        News::Failed(_) => Ending::Failed,
    }
}
