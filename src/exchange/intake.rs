//! Requests that are entered, at the desk mostly: which way they go, when their search begins, how they end.
//!
//! A request for now is searched for at once. One for a later moment is asked ahead: its search
//! begins two days before, so that, should nobody come of a day's search, somebody at the desk has a
//! day left. Where the coordinator goes first, nobody is rung: the coordinator has a promise, due
//! a working day later, and begins the search or settles the request.

use std::time::Duration;

use crate::dispatch::Input;
use crate::domain::{About, Deed, Line, OperatorId, ParticipantId, Phone, RequestId, Timestamp};
use crate::exchange::at_hand::{self, Fetched};
use crate::exchange::background::{self, Begun};
use crate::exchange::session::{coordinator_first, desk_hours};
use crate::exchange::{Exchange, Failure, Moment, Why, drive, given_up};
use crate::store::{NewIntake, NewPromise, PromiseKind, Settled, SettledHow, Source, Tx};

/// How long before its moment a request is asked.
const AHEAD: Duration = Duration::from_secs(48 * 3600);
/// A form that comes again within so long is the same form.
const SAME_FORM: Duration = Duration::from_secs(10 * 60);
/// Most searches begun in one transaction.
const BATCH: usize = 16;

/// A request to be entered, and how it is to go on.
#[derive(Debug, Clone)]
pub struct Intake {
    /// What is asked.
    pub new: NewIntake,
    /// Ask somebody who helped them before, before anybody else.
    pub first: First,
    /// Search also where the coordinator goes first.
    pub search_anyway: bool,
    /// Search now, with whoever asks on the line: by way of this telephone of the desk.
    pub on_the_line: Option<Phone>,
    /// Neighbours may see it on their board: whoever asks agreed.
    pub on_board: bool,
}

/// Who is asked before anybody else, if they may be asked then.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum First {
    /// Nobody in particular.
    #[default]
    Anybody,
    /// Whoever helped last.
    LastHelper,
    /// This one, who must have helped before; else nobody in particular.
    Helper(ParticipantId),
}

/// What became of a request that was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entered {
    /// Neighbours are asked from now on, in ringing hours.
    Searching(RequestId),
    /// Neighbours are asked as soon as whoever asks is on the line, which they come to in this way.
    OnTheLine(RequestId, Fetched),
    /// They cannot come to the line by way of that telephone. Nothing was entered.
    NotOnTheLine(Why),
    /// Neighbours are asked from then on.
    Planned(RequestId, Timestamp),
    /// The coordinator has it, and a promise that is due then.
    Coordinator(RequestId, Timestamp),
    /// The desk has it, and a promise that is due then.
    Promised(RequestId, Timestamp),
    /// The same form came a moment ago: this is what came of it.
    Again(RequestId),
    /// That number is not rung (R12), or it is one of our own. Nothing was entered.
    NumberRefused,
}

impl Exchange {
    /// Enters a request.
    ///
    /// # Errors
    /// [`Failure`]; nothing was entered then.
    pub async fn enter_request(&self, intake: Intake) -> Result<Entered, Failure> {
        self.one_input(move |moment, tx| enter(moment, tx, intake)).await
    }

    /// Begins the search of a request that was entered and has not been searched for: by a
    /// coordinator, or before its time. `seat`: with whoever asks on the line, by way of this
    /// telephone of the desk. `first`: instead of what was chosen when it was entered. `None` when it
    /// is too late for that.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn search_now(
        &self,
        request: RequestId,
        by: OperatorId,
        seat: Option<Phone>,
        first: Option<First>,
    ) -> Result<Option<Entered>, Failure> {
        self.one_input(move |moment, tx| {
            let Some(phone) = tx.not_searched_yet(request)? else { return Ok(None) };
            let source = tx.came_by(request)?.unwrap_or(Source::Phone);
            let way = match way_to_the_line(moment, tx, source, seat.as_ref())? {
                Ok(way) => way,
                Err(why) => return Ok(Some(Entered::NotOnTheLine(why))),
            };
            tx.plan(request, None)?;
            if let Some(first) = first {
                chosen_anew(tx, request, first)?;
            }
            tx.audit(by, Deed::SearchStarted, &About::Request(request), moment.now)?;
            begin(moment, tx, request, &phone, way.zip(seat.as_ref())).map(Some)
        })
        .await
    }

    /// Writes down how a request ended; a search that still goes on is stopped.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn settle_request(
        &self,
        request: RequestId,
        how: SettledHow,
        referred_to: Option<String>,
        by: OperatorId,
    ) -> Result<Settled, Failure> {
        self.one_input(move |moment, tx| {
            let now = moment.now;
            let settled = tx.settle_request(request, how, referred_to.as_deref(), by, now)?;
            if settled == Settled::Done {
                tx.audit(by, Deed::RequestEnded, &About::Request(request), now)?;
                stop_search(moment, tx, request)?;
            }
            Ok(settled)
        })
        .await
    }

    /// Begins every search that was planned for now or before.
    ///
    /// # Errors
    /// [`Failure`] of the store. A request that cannot be searched for gets a promise instead.
    pub async fn start_planned(&self) -> Result<usize, Failure> {
        let now = self.now();
        if !self.store.read(move |tx| tx.planned_by(now)).await? {
            return Ok(0);
        }
        self.one_input(move |moment, tx| {
            let planned = tx.take_planned(moment.now, BATCH)?;
            for (request, phone) in &planned {
                // Somebody came forward before its moment: it has a search, which knows.
                if tx.machine(*request)?.is_some() {
                    continue;
                }
                match begin(moment, tx, *request, phone, None) {
                    Err(Failure::UnknownLine) => {
                        tracing::warn!(request = request.0, "request.of_no_line: the desk has it");
                        promise(moment, tx, *request)?;
                    }
                    begun => drop(begun?),
                }
            }
            if planned.len() == BATCH {
                moment.due(moment.now);
            }
            Ok(planned.len())
        })
        .await
    }
}

fn enter(moment: &Moment, tx: &mut Tx<'_>, intake: Intake) -> Result<Entered, Failure> {
    let Intake { mut new, first, search_anyway, on_the_line, on_board } = intake;
    let now = moment.now;
    let line = moment.context.line(new.line.e164()).ok_or(Failure::UnknownLine)?;
    if !moment.context.may_dial(&new.phone) || moment.context.is_ours(&new.phone) {
        return Ok(Entered::NumberRefused);
    }
    if let Some(request) = tx.entered_since(&new, now - SAME_FORM)? {
        return Ok(Entered::Again(request));
    }
    let way = match way_to_the_line(moment, tx, new.source, on_the_line.as_ref())? {
        Ok(way) => way,
        Err(why) => return Ok(Entered::NotOnTheLine(why)),
    };
    let coordinator = !search_anyway && way.is_none() && coordinator_first(tx, line, new.postcode)?;
    let starts_at = new.wanted_at.map(|wanted| wanted - AHEAD).filter(|starts| *starts > now);
    new.starts_at = starts_at.filter(|_| !coordinator && way.is_none());
    let request = tx.enter_request(&new)?;
    tx.audit(new.by, Deed::RequestEntered, &About::Request(request), now)?;
    asked_first(tx, request, first)?;
    // Who waits on the line is helped by the telephone, at once.
    if on_board && way.is_none() {
        tx.put_on_board(request, now)?;
        tx.audit(new.by, Deed::RequestPutOnBoard, &About::Request(request), now)?;
    }
    if coordinator {
        return coordinator_arranges(moment, tx, line, request);
    }
    match new.starts_at {
        Some(starts_at) => {
            moment.due(starts_at);
            Ok(Entered::Planned(request, starts_at))
        }
        None => begin(moment, tx, request, &new.phone, way.zip(on_the_line.as_ref())),
    }
}

/// Whom the desk wants asked first is one of those who helped, whatever a form says.
fn asked_first(tx: &mut Tx<'_>, request: RequestId, first: First) -> Result<(), Failure> {
    let helped = match first {
        First::Anybody => return Ok(()),
        First::LastHelper | First::Helper(_) => tx.helped_asker_of(request)?,
    };
    let chosen = match first {
        First::Helper(who) => helped.iter().find(|one| one.who == who),
        First::Anybody | First::LastHelper => helped.first(),
    };
    if let Some(one) = chosen {
        tx.wish_for(request, one.who)?;
    }
    Ok(())
}

/// Another choice than the one that stands; whoever came forward by themselves stays.
fn chosen_anew(tx: &mut Tx<'_>, request: RequestId, first: First) -> Result<(), Failure> {
    if let First::Helper(who) = first
        && tx.is_wished_for(request, who)?
    {
        return Ok(());
    }
    tx.drop_desks_choice(request)?;
    asked_first(tx, request, first)
}

/// The coordinator has this request from now on, and a working day for it: due then.
pub(super) fn for_the_coordinator(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: RequestId,
) -> Result<Timestamp, Failure> {
    let due_at = desk_hours(tx, line, moment.now)?.a_working_day_later(moment.now);
    tx.add_promise(&NewPromise {
        kind: PromiseKind::CoordinatorArranges,
        line: line.number.clone(),
        request: Some(request),
        message: None,
        participant: None,
        due_at,
        now: moment.now,
    })?;
    Ok(due_at)
}

/// How whoever asks comes to the line; none when they are called back.
fn way_to_the_line(
    moment: &Moment,
    tx: &mut Tx<'_>,
    source: Source,
    seat: Option<&Phone>,
) -> Result<Result<Option<Fetched>, Why>, Failure> {
    match seat {
        None => Ok(Ok(None)),
        Some(seat) => Ok(at_hand::way(moment, tx, source, seat)?.map(Some)),
    }
}

/// How a request goes on that nobody at the desk entered. Neighbours are not asked before `soonest`.
pub(super) fn goes_on(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    (request, wanted_at): (RequestId, Option<Timestamp>),
    soonest: Timestamp,
) -> Result<Entered, Failure> {
    if let Some(postcode) = tx.request(request)?.and_then(|row| row.postcode)
        && coordinator_first(tx, line, postcode)?
    {
        return coordinator_arranges(moment, tx, line, request);
    }
    let starts_at = wanted_at.map_or(soonest, |wanted| (wanted - AHEAD).max(soonest));
    tx.plan(request, Some(starts_at))?;
    moment.due(starts_at);
    Ok(Entered::Planned(request, starts_at))
}

fn coordinator_arranges(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    request: RequestId,
) -> Result<Entered, Failure> {
    let due_at = for_the_coordinator(moment, tx, line, request)?;
    Ok(Entered::Coordinator(request, due_at))
}

/// Lets the exchange search, or, where that cannot be, gives the desk a promise.
fn begin(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
    phone: &Phone,
    at_hand: Option<(Fetched, &Phone)>,
) -> Result<Entered, Failure> {
    if let Some((way, seat)) = at_hand
        && at_hand::begin(moment, tx, request, phone, seat)?
    {
        return Ok(Entered::OnTheLine(request, way));
    }
    match background::begin(moment, tx, request, phone)? {
        Begun::Until(_) => Ok(Entered::Searching(request)),
        Begun::Promised(due_at) => Ok(Entered::Promised(request, due_at)),
        // A number that became one of our own since it was entered; or a search that somebody else
        // began. Somebody looks at it either way.
        Begun::NumberRefused | Begun::TooLate => promise(moment, tx, request),
    }
}

fn promise(moment: &Moment, tx: &mut Tx<'_>, request: RequestId) -> Result<Entered, Failure> {
    let row = tx.request(request)?.ok_or(Failure::UnknownLeg)?;
    Ok(Entered::Promised(request, given_up::promise(moment, tx, &row)?))
}

/// Whatever still rings for a request stops. A conversation does not.
pub(super) fn stop_search(
    moment: &Moment,
    tx: &mut Tx<'_>,
    request: RequestId,
) -> Result<(), Failure> {
    if tx.machine(request)?.is_some() {
        drive::feed(moment, tx, request, Input::Settled)?;
    }
    Ok(())
}
