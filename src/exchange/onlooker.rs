//! What is going on, with what each caller hears: for the board of the desk.
//!
//! It only looks. One onlooker reads for everybody who watches, and reads again only what a step
//! has changed. What it remembers can be forgotten at any moment: all of it is in the store.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use crate::dispatch::Search;
use crate::domain::{CallId, DeskHours, Language, Line, Phone, RequestId, ServiceId, Timestamp};
use crate::exchange::standing::{Doing, Standing};
use crate::exchange::{Exchange, Failure};
use crate::store::{
    BackgroundSeen, CallSeen, Explained, LegStands, PromisesOpen, ReadTx, StoreError,
};
use crate::twiml;

/// How long a call that is over is still shown, so that its end can be read.
const LINGERS: Duration = Duration::from_secs(20);

/// Everything that goes on at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Onlook {
    /// The moment, on the exchange's clock.
    pub now: Timestamp,
    /// Callers on the telephone, those who hung up a moment ago among them; the longest first.
    pub calls: Vec<(CallSeen, Arc<Heard>)>,
    /// Searches whose caller has hung up; the longest first.
    pub in_background: Vec<BackgroundSeen>,
    /// Promises that are not kept, by line.
    pub promises: Vec<PromisesOpen>,
    /// Lines whose desk takes calls now, by number.
    pub desks_open: Vec<Phone>,
    /// Since when the provider does not do what it is asked; none while it does.
    pub provider_trouble: Option<Timestamp>,
}

/// What somebody on the telephone was told last, and what they do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// What the telephone waits for.
    pub doing: Listening,
    /// The words of the last answer, in order; recordings have none.
    pub words: Vec<Words>,
}

/// A stretch of speech in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// What was said. It may hold digits that were keyed: the desk masks long ones.
    pub text: String,
    /// In which language, if that is known.
    pub language: Option<Language>,
}

/// What a caller's telephone waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listening {
    /// A key.
    Choosing,
    /// The end of what is spoken in.
    Recording,
    /// Somebody who is rung, and then whoever was reached.
    Waiting,
    /// A number of the organisation's choice.
    PutThrough,
    /// Nothing more: the call ends, or its state does not read.
    Nothing,
}

/// Whoever looks on.
#[derive(Default)]
pub struct Onlooker {
    /// What was heard, by leg, after which of its steps.
    heard: HashMap<CallId, (i64, Arc<Heard>)>,
    /// Calls that are over, and until when they are shown.
    over: BTreeMap<CallId, Timestamp>,
}

impl Exchange {
    /// Looks at everything that goes on.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn look(&self, onlooker: &mut Onlooker) -> Result<Onlook, StoreError> {
        let mut looks = std::mem::take(onlooker);
        let now = self.now();
        let context = Arc::clone(&self.context);
        let look = self.store().read(move |tx| {
            let seen = looks.look(tx, &context.lines, now)?;
            Ok((looks, seen))
        });
        let (looked, seen) = look.await?;
        *onlooker = looked;
        Ok(seen)
    }

    /// Who would be asked next for an open request, in which order, and who would not, as things
    /// are now. None for a request that has no search for a neighbour.
    ///
    /// # Errors
    /// [`Failure`] when the database cannot be read, or the search's stored state.
    pub async fn explain(
        &self,
        request: RequestId,
        line: &Phone,
    ) -> Result<Option<Explained>, Failure> {
        let (context, now) = (Arc::clone(&self.context), self.now());
        let line = line.e164().to_owned();
        let damaged = move || Failure::Damaged { what: format!("search of request {request}") };
        let read = self.store().read(move |tx| {
            let (Some(line), Some(stored)) = (context.line(&line), tx.stored_machine(request)?)
            else {
                return Ok(Ok(None));
            };
            let Ok(search) = serde_json::from_str::<Search>(&stored) else {
                return Ok(Err(damaged()));
            };
            let (round, numbering) = (search.round(), context.numbering);
            let flows = context.flows.current();
            let conditions = |service: &ServiceId| flows.catalogue().conditions(service);
            tx.explain_request(request, line, round, numbering, now, &conditions).map(Ok)
        });
        read.await?
    }
}

impl Onlooker {
    /// When something changes on the board without a commit: a call that is over is taken off it.
    pub fn next_change(&self) -> Option<Timestamp> {
        self.over.values().min().copied()
    }

    fn look(
        &mut self,
        tx: &ReadTx<'_>,
        lines: &[Line],
        now: Timestamp,
    ) -> Result<Onlook, StoreError> {
        let going_on = tx.going_on()?;
        let mut calls = going_on.calls;
        calls.extend(self.just_over(tx, &calls, now)?);
        calls.sort_by_key(|call| call.call);
        let mut heard = HashMap::with_capacity(calls.len());
        let mut seen = Vec::with_capacity(calls.len());
        for call in calls {
            let known = self.heard.remove(&call.call).filter(|(step, _)| *step == call.step);
            let (step, words) = match known {
                Some(known) => known,
                None => (call.step, Arc::new(Heard::of(&tx.leg_stands(call.call, call.step)?))),
            };
            heard.insert(call.call, (step, Arc::clone(&words)));
            seen.push((call, words));
        }
        self.heard = heard;
        Ok(Onlook {
            now,
            calls: seen,
            in_background: going_on.in_background,
            promises: tx.promises_open(now)?,
            desks_open: desks_open(tx, lines, now)?,
            provider_trouble: tx.provider_trouble()?,
        })
    }

    /// Calls that were here when last looked, and ended a moment ago.
    fn just_over(
        &mut self,
        tx: &ReadTx<'_>,
        live: &[CallSeen],
        now: Timestamp,
    ) -> Result<Vec<CallSeen>, StoreError> {
        let is_live = |id: &CallId| live.binary_search_by_key(id, |call| call.call).is_ok();
        for id in self.heard.keys().filter(|id| !is_live(id)) {
            self.over.entry(*id).or_insert(now + LINGERS);
        }
        self.over.retain(|_, until| *until > now);
        let seen = self.over.keys().map(|id| tx.call_seen(*id));
        Ok(seen.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }
}

/// With closing days, and what was settled by hand.
fn desks_open(tx: &ReadTx<'_>, lines: &[Line], now: Timestamp) -> Result<Vec<Phone>, StoreError> {
    let mut open = Vec::new();
    for line in lines.iter().filter(|line| !line.desk.is_empty()) {
        let exceptions = tx.desk_exceptions(&line.number, now)?;
        if DeskHours::new(&line.office_hours, exceptions).is_open(now) {
            open.push(line.number.clone());
        }
    }
    Ok(open)
}

impl Heard {
    fn of(leg: &LegStands) -> Self {
        let standing = leg.position.as_deref().and_then(Standing::read);
        let doing = standing.map_or(Listening::Nothing, |standing| match standing.doing {
            Doing::Keys => Listening::Choosing,
            Doing::Record => Listening::Recording,
            Doing::Ring { .. } | Doing::RingCaller { .. } => Listening::Waiting,
            Doing::Transfer => Listening::PutThrough,
            Doing::Nothing => Listening::Nothing,
        });
        let said = leg.answer.as_deref().map(twiml::said).unwrap_or_default();
        let words = said.into_iter();
        let words = words.map(|said| Words { text: said.words, language: said.language });
        Self { doing, words: words.collect() }
    }
}
