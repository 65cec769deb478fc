//! Questions that were filled in on the web: one call to the telephone that they name, and only a yes
//! there makes a request of them. Nobody else is rung before.
//!
//! The telephone is rung three times at most, in the line's ringing hours. Whoever says that it was
//! not them is not rung for such a question again for a month, and nothing of it remains.
//!
//! Whoever filled in another's number learns nothing of it: a question with a number that is not rung
//! now is taken in without the number, and its page tells of tries in vain, like that of a telephone
//! that nobody picks up.

use std::time::Duration;

use crate::carrier::webhook::Webhook;
use crate::dispatch::Ending;
use crate::domain::{Language, Line, Phone, Postcode, QuestionId, RequestId, ServiceId, Timestamp};
use crate::exchange::intake::{self, Entered};
use crate::exchange::leg::{Leg, Opening};
use crate::exchange::placing::{self, Decided, NewPlacing, News, Purpose, WhyNot};
use crate::exchange::session::{desk_day, text};
use crate::exchange::{Exchange, Failure, Moment, drive};
use crate::flow::Vars;
use crate::store::{
    LinkHash, NewQuestion, NewWebRequest, Placed, Question, QuestionEnded, Role, Source, Tx,
};

/// The flow of somebody whose number was filled in.
const QUESTION_FLOW: &str = "question";
/// How long their telephone rings.
const RINGS: Duration = Duration::from_secs(30);
/// Between two tries: the first, the second.
const AGAIN_AFTER: [Duration; 2] = [Duration::from_secs(5 * 60), Duration::from_secs(30 * 60)];
/// A call that did not come about is tried again after this time ...
const WHEN_IT_WORKS: Duration = Duration::from_secs(10 * 60);
/// ... and no longer than this after the question was sent: by then they will have looked elsewhere.
const STILL_ASKED: Duration = Duration::from_secs(24 * 3600);
/// Their telephone was in use, by us.
const TAKEN: Duration = Duration::from_secs(2 * 60);
/// They have put the receiver down by then: the search would find them on the telephone.
const AFTER_GOODBYE: Duration = Duration::from_secs(15);

/// After so long nobody picks up a telephone that is not rung: the time that one rings, and the
/// provider needs.
const NOBODY_PICKS_UP: Duration = Duration::from_secs(35);

/// "Lately".
const LATELY: Duration = Duration::from_secs(24 * 3600);
/// Most questions with one number, lately.
const MOST_BY_NUMBER: u32 = 5;
/// Most questions on one line, lately, of which nobody said that they are theirs.
const MOST_UNCONFIRMED: u32 = 60;
/// So long nobody is rung again who said that it was not them.
const LEFT_IN_PEACE: Duration = Duration::from_secs(29 * 24 * 3600);
/// Most telephones rung in one transaction.
const BATCH: usize = 16;

/// A question as somebody filled it in.
#[derive(Debug, Clone)]
pub struct WebQuestion {
    /// What leads to its page.
    pub link: LinkHash,
    /// On which line.
    pub line: Phone,
    /// Their telephone.
    pub phone: Phone,
    /// For what.
    pub service: ServiceId,
    /// Where.
    pub postcode: Postcode,
    /// In which language.
    pub language: Language,
    /// Whoever helps is to go inside too.
    pub inside: bool,
    /// For when, if not for now.
    pub wanted_at: Option<Timestamp>,
    /// Neighbours may see it on their board.
    pub on_board: bool,
}

/// What became of a question that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// Their telephone rings within a minute, or, outside the ringing hours, from then on. It is told so
    /// too when it does not ring, which is nobody's business but its owner's: they may have stopped,
    /// have said that it was not them, or be asked about another question already.
    RingsAt(Timestamp),
    /// That number is of a line or a desk, or of a kind that is not rung (R12).
    NumberRefused,
    /// Too much was asked on this line that nobody confirmed: it may be a prank.
    LineBusy,
}

impl Exchange {
    /// Takes in a question that was filled in on the web, and sees to it that its telephone is rung.
    ///
    /// # Errors
    /// [`Failure`]; nothing was taken in then.
    pub async fn ask_on_the_web(&self, question: WebQuestion) -> Result<Received, Failure> {
        self.one_input(move |moment, tx| receive(moment, tx, &question)).await
    }

    /// When the telephone rings of somebody who asks on this line at this moment: now, or when it
    /// rings people again (R13).
    pub fn rings_from(&self, line: &Line) -> Timestamp {
        in_ringing_hours(line, self.now())
    }

    /// Whoever has the address of its page no longer needs it: nobody is rung for it any more.
    /// Whether there is such a question.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn withdraw_question(&self, link: LinkHash) -> Result<bool, Failure> {
        self.one_input(move |moment, tx| {
            let Some(question) = tx.question_by_link(link)? else { return Ok(false) };
            match question.request {
                Some(request) => no_longer_needed(moment, tx, request)?,
                None => {
                    tx.question_ended(question.id, QuestionEnded::Withdrawn)?;
                }
            }
            Ok(true)
        })
        .await
    }

    /// Rings every telephone whose question is due for it.
    ///
    /// # Errors
    /// [`Failure`] of the store; what was not rung stays due.
    pub async fn ring_about_questions(&self) -> Result<usize, Failure> {
        let now = self.now();
        if !self.store.read(move |tx| tx.question_due_by(now)).await? {
            return Ok(0);
        }
        self.one_input(move |moment, tx| {
            let due = tx.questions_due(moment.now, BATCH)?;
            for id in &due {
                ring(moment, tx, *id)?;
            }
            if due.len() == BATCH {
                moment.due(moment.now);
            }
            Ok(due.len())
        })
        .await
    }
}

fn receive(moment: &Moment, tx: &mut Tx<'_>, new: &WebQuestion) -> Result<Received, Failure> {
    let now = moment.now;
    let line = moment.context.line(new.line.e164()).ok_or(Failure::UnknownLine)?;
    if !moment.context.may_dial(&new.phone) || moment.context.is_ours(&new.phone) {
        return Ok(Received::NumberRefused);
    }
    let lately = tx.asked_lately(&new.phone, &new.line, now - LATELY)?;
    if lately.unconfirmed_on_line >= MOST_UNCONFIRMED {
        return Ok(Received::LineBusy);
    }
    let in_peace = lately.by_number >= MOST_BY_NUMBER
        || tx.wants_no_web_calls(&new.phone, now - LEFT_IN_PEACE)?;
    let ring_at = in_ringing_hours(line, now);
    let mut question = NewQuestion {
        link: new.link,
        line: new.line.clone(),
        phone: (!in_peace).then(|| new.phone.clone()),
        service: new.service.clone(),
        postcode: new.postcode,
        language: new.language,
        inside: new.inside,
        wanted_at: new.wanted_at,
        on_board: new.on_board,
        ring_at,
        now,
    };
    if in_peace || tx.ask_on_the_web(&question)?.is_none() {
        question.phone = None;
        question.ring_at = ring_at + NOBODY_PICKS_UP;
        tx.ask_on_the_web(&question)?;
    }
    moment.due(question.ring_at);
    Ok(Received::RingsAt(ring_at))
}

/// Then, or when the line rings people again (R13).
fn in_ringing_hours(line: &Line, then: Timestamp) -> Timestamp {
    if line.may_ring(then) { then } else { drive::next_ringing(line, then).unwrap_or(then) }
}

fn ring(moment: &Moment, tx: &mut Tx<'_>, id: QuestionId) -> Result<(), Failure> {
    let Some(question) = tx.question(id)?.filter(Question::is_open) else { return Ok(()) };
    let Some(line) = moment.context.line(question.line.e164()) else {
        tx.question_ended(id, QuestionEnded::Silent)?;
        return Ok(());
    };
    let Some(to) = &question.phone else { return nobody_picks_up(moment, tx, id) };
    if !line.may_ring(moment.now) {
        return ring_at(moment, tx, &question, in_ringing_hours(line, moment.now));
    }
    let purpose = Purpose::Question { question: id };
    match placing::place(moment, tx, &NewPlacing { to, line, ring: RINGS, purpose })? {
        Decided::Placed(_) => Ok(tx.question_rings(id)?),
        Decided::Taken => ring_at(moment, tx, &question, moment.now + TAKEN),
        Decided::NotAllowed => {
            tx.question_ended(id, QuestionEnded::Silent)?;
            Ok(())
        }
    }
}

/// A question as its page may tell of it: of one whose telephone is not rung as if it were.
pub fn as_told(question: Question) -> Question {
    let is_rung = question.phone.is_some() || question.request.is_some();
    let late = if is_rung { Duration::ZERO } else { NOBODY_PICKS_UP };
    Question { ring_at: question.ring_at.map(|at| at - late), ..question }
}

/// What is not rung is over as if it had rung in vain.
fn nobody_picks_up(moment: &Moment, tx: &mut Tx<'_>, id: QuestionId) -> Result<(), Failure> {
    tx.question_rings(id)?;
    let in_vain = News::Over { ending: Ending::NoAnswer, picked_up: false };
    over(moment, tx, id, in_vain)?;
    match tx.question(id)?.and_then(|question| Some((question.ring_at?, question))) {
        Some((then, question)) => ring_at(moment, tx, &question, then + NOBODY_PICKS_UP),
        None => Ok(()),
    }
}

fn ring_at(
    moment: &Moment,
    tx: &mut Tx<'_>,
    question: &Question,
    then: Timestamp,
) -> Result<(), Failure> {
    tx.ring_question_at(question.id, then)?;
    moment.due(then);
    Ok(())
}

/// Their telephone was picked up.
pub(super) fn picked_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    placed: &Placed,
    id: QuestionId,
    webhook: &Webhook,
) -> Result<String, Failure> {
    let participant = tx.participant_by_phone(&placed.phone)?.map(|participant| participant.id);
    let opening = Opening {
        call: placing::leg_of(moment, placed, webhook, Role::Caller, participant),
        flow: QUESTION_FLOW,
        language: tx.question(id)?.map(|question| question.language).unwrap_or_default(),
        vars: Vars::new(),
    };
    let (mut leg, turn) = Leg::open(moment, tx, moment.context.flows.current(), opening)?;
    leg.standing.question = Some(id);
    leg.answer(turn, webhook.fingerprint)
}

/// The call is over, or never came about: once more, unless something was said, or that was enough.
pub(super) fn over(
    moment: &Moment,
    tx: &mut Tx<'_>,
    id: QuestionId,
    news: News,
) -> Result<(), Failure> {
    if matches!(news, News::Over { .. }) {
        tx.question_tried(id)?;
    }
    let Some(question) = tx.question(id)?.filter(Question::is_open) else { return Ok(()) };
    let tried = usize::try_from(question.tries).unwrap_or(usize::MAX);
    let wait = match news {
        News::Over { .. } => AGAIN_AFTER.get(tried.saturating_sub(1)).copied(),
        // Their telephone never rang: it does not count.
        News::Failed(WhyNot::Refused | WhyNot::TooLate) => {
            (moment.now < question.asked_at + STILL_ASKED).then_some(WHEN_IT_WORKS)
        }
        News::Failed(WhyNot::BadNumber | WhyNot::NotAllowed) => None,
    };
    match (wait, moment.context.line(question.line.e164())) {
        (Some(wait), Some(line)) => {
            ring_at(moment, tx, &question, in_ringing_hours(line, moment.now + wait))
        }
        _ => {
            tx.question_ended(id, QuestionEnded::Silent)?;
            Ok(())
        }
    }
}

/// It is theirs: from now on it is a request like any other. What the flow is told.
pub(super) fn is_theirs(leg: &mut Leg<'_, '_, '_>, id: QuestionId) -> Result<Vars, Failure> {
    let (moment, line) = (leg.moment, leg.line);
    let language = leg.standing.position.language();
    let gone = || Vars::from([("result".into(), text("gone"))]);
    let Some(question) = leg.tx.question(id)?.filter(Question::is_open) else { return Ok(gone()) };
    let Some(phone) = question.phone.clone() else { return Ok(gone()) };
    let new = NewWebRequest {
        line: question.line.clone(),
        source: Source::Web,
        phone,
        service: question.service.clone(),
        postcode: question.postcode,
        language: question.language,
        inside: question.inside,
        wanted_at: question.wanted_at,
        starts_at: None,
        now: moment.now,
    };
    let request = leg.tx.enter_web_request(&new)?;
    leg.tx.question_became(id, request)?;
    if question.on_board {
        leg.tx.put_on_board(request, moment.now)?;
    }
    let (what, call) = ("confirmed_on_the_telephone", leg.call.id.0);
    leg.tx.record_event(what, Some(request.0), Some(call), None, moment.now)?;
    let soonest = moment.now + AFTER_GOODBYE;
    let entered = intake::goes_on(moment, leg.tx, line, (request, question.wanted_at), soonest)?;
    let day = desk_day(leg.tx, line, moment.now, language)?;
    let word = match entered {
        Entered::Planned(_, then) if then > soonest => "planned",
        Entered::Planned(..) | Entered::Searching(_) => "searching",
        _ => "desk",
    };
    Ok(Vars::from([("result".into(), text(word)), ("day".into(), text(&day))]))
}

/// Whoever asked no longer needs it, wherever it is.
pub(super) fn no_longer_needed(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
) -> Result<(), Failure> {
    intake::stop_search(moment, tx, request)?;
    Ok(tx.not_needed(request, moment.now)?)
}
