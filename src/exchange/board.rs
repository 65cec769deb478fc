//! "I will do it": somebody takes a request of the board up, or an offer.
//!
//! A click rings nobody by itself. It makes somebody the next candidate of a search; on their own
//! telephone they then say yes with a key (R5), whoever asked is rung, and the two are joined. Who may
//! be rung stays what it is (R1, R3, R4, R12, R13), but that whoever comes forward was not asked.

use std::time::Duration;

use crate::dispatch::Input;
use crate::dispatch::choose::{PassedOver, Pause};
use crate::domain::{
    Hours, Language, Line, OfferId, ParticipantId, Phone, Postcode, RequestId, ServiceId, Timestamp,
};
use crate::exchange::{Exchange, Failure, Moment, background, drive};
use crate::store::{Came, NewOffer, NewWebRequest, Source, Tx};

/// Most that somebody offers at once.
const MOST_OFFERS: u32 = 5;
/// Farthest day of an offer, from today.
const FARTHEST_DAYS: u64 = 31;
/// How far ahead the first hour is looked for at which whoever offered something may be rung.
const AHEAD: Duration = Duration::from_secs(8 * 24 * 3600);
/// Most openings that are looked at for it.
const MOST_OPENINGS: usize = 64;

/// What became of taking a request up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenUp {
    /// Their telephone rings within a minute.
    Rings,
    /// Somebody is rung for it already; should they say no, it is theirs.
    Next,
    /// Somebody else was first.
    AnotherIsFirst,
    /// It is solved, or not on the board any more.
    Gone,
    /// Nobody is rung at this hour; from then on.
    Closed(Timestamp),
    /// They may not be rung for it now.
    NotNow(PassedOver),
}

/// What became of taking an offer up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferTaken {
    /// Whoever made it is rung now, and then whoever took it up.
    Rings,
    /// The same, from that moment on: it does not suit them before.
    RingsFrom(Timestamp),
    /// Somebody else was first, or it was taken back.
    Gone,
    /// Whoever made it cannot be rung for this person.
    NotNow,
}

/// What became of an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offered {
    /// It is on the board.
    Posted(OfferId),
    /// It was already.
    Already,
    /// They do not do such a thing, by their own page.
    NotTheirs,
    /// That day is over, or too far away.
    NoSuchDay,
    /// The desk took it down, for that day.
    TakenDown,
    /// They offer enough for now.
    Enough,
    /// They do not take part now: a pause, or not confirmed.
    NotTakingPart,
    /// No line works where they are.
    NoLine,
}

impl Exchange {
    /// Somebody who takes part, and is at their telephone, takes a request of the board up.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn come_forward(
        &self,
        who: ParticipantId,
        request: RequestId,
    ) -> Result<TakenUp, Failure> {
        self.one_input(move |moment, tx| come_forward(moment, tx, who, request)).await
    }

    /// Somebody who takes part offers something, on a day.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn post_offer(
        &self,
        who: ParticipantId,
        service: ServiceId,
        day: chrono::NaiveDate,
    ) -> Result<Offered, Failure> {
        self.one_input(move |moment, tx| post(moment, tx, who, service, day)).await
    }

    /// Somebody who takes part takes an offer up: whoever made it is rung, and then they are.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn take_up_offer(
        &self,
        who: ParticipantId,
        offer: OfferId,
        language: Language,
    ) -> Result<OfferTaken, Failure> {
        self.one_input(move |moment, tx| take_up(moment, tx, who, offer, language)).await
    }

    /// Takes one's own offer back. Whether there was one to take back.
    ///
    /// # Errors
    /// [`Failure`]; nothing was changed then.
    pub async fn withdraw_offer(
        &self,
        who: ParticipantId,
        offer: OfferId,
    ) -> Result<bool, Failure> {
        self.one_input(move |moment, tx| Ok(tx.withdraw_offer(offer, who, moment.now)?)).await
    }
}

fn come_forward(
    moment: &Moment,
    tx: &mut Tx<'_>,
    who: ParticipantId,
    request: RequestId,
) -> Result<TakenUp, Failure> {
    let Some(starts_at) = tx.can_be_taken_up(request)? else { return Ok(TakenUp::Gone) };
    let Some(row) = tx.request(request)? else { return Ok(TakenUp::Gone) };
    let line = moment.context.line(row.line.e164()).ok_or(Failure::UnknownLine)?;
    if !line.may_ring(moment.now) {
        let opens = drive::next_ringing(line, moment.now);
        return Ok(opens.map_or(TakenUp::Gone, TakenUp::Closed));
    }
    let next = drive::next_ask(moment, line, &row, 1);
    if let Err(why) = tx.may_come_forward(&next, who, Came::Forward)? {
        return Ok(TakenUp::NotNow(why));
    }
    let searched = tx.machine(request)?.is_some();
    // Nobody could be called back: whoever asked was erased.
    if !searched && row.call_back.is_none() {
        return Ok(TakenUp::Gone);
    }
    if searched {
        let search = drive::stands(tx, request)?;
        if search.outcome().is_some() || !search.is_in_background() {
            return Ok(TakenUp::Gone);
        }
        if search.accepted().is_some() {
            return Ok(TakenUp::AnotherIsFirst);
        }
    }
    if !tx.comes_forward(request, who, Came::Forward)? {
        return Ok(TakenUp::AnotherIsFirst);
    }
    tx.record_event("came_forward", Some(request.0), None, None, moment.now)?;
    match (searched, starts_at) {
        (false, Some(begins)) => background::begin_ahead(moment, tx, line, &row, begins)?,
        (false, None) => return Ok(TakenUp::Gone),
        (true, _) => {}
    }
    drive::feed(moment, tx, request, Input::CameForward)?;
    let looked_at = tx.wished(request)? != Some(who);
    Ok(if looked_at { TakenUp::Rings } else { TakenUp::Next })
}

fn post(
    moment: &Moment,
    tx: &mut Tx<'_>,
    who: ParticipantId,
    service: ServiceId,
    day: chrono::NaiveDate,
) -> Result<Offered, Failure> {
    let now = moment.now;
    let Some(known) = tx.participant(who)? else { return Ok(Offered::NotTakingPart) };
    if !known.takes_part() || known.pause.is_some_and(|pause| pause.holds(now)) {
        return Ok(Offered::NotTakingPart);
    }
    let Some(postcode) = tx.does_it_at(who, &service)? else { return Ok(Offered::NotTheirs) };
    let today = now.wall_clock().date();
    let farthest = today + chrono::Days::new(FARTHEST_DAYS);
    let Some(expires_at) = end_of(day).filter(|end| *end > now && day <= farthest) else {
        return Ok(Offered::NoSuchDay);
    };
    let Some(line) = line_for(&moment.context.lines, postcode, &service) else {
        return Ok(Offered::NoLine);
    };
    if tx.offers_open(who, now)? >= MOST_OFFERS {
        return Ok(Offered::Enough);
    }
    let line = line.number.clone();
    let new = NewOffer { participant: who, line, service, postcode, day, expires_at, now };
    if tx.offer_was_taken_down(&new)? {
        return Ok(Offered::TakenDown);
    }
    Ok(tx.post_offer(&new)?.map_or(Offered::Already, Offered::Posted))
}

fn take_up(
    moment: &Moment,
    tx: &mut Tx<'_>,
    who: ParticipantId,
    offer: OfferId,
    language: Language,
) -> Result<OfferTaken, Failure> {
    let now = moment.now;
    let Some(offer) = tx.posted_offer(offer)?.filter(|offer| offer.is_open(now)) else {
        return Ok(OfferTaken::Gone);
    };
    let Some(line) = moment.context.line(offer.line.e164()) else { return Ok(OfferTaken::Gone) };
    let asker = tx.participant(who)?.filter(|asker| asker.takes_part());
    let (phone, place) = (tx.number_of(who)?, asker.and_then(|asker| asker.postcode));
    let (Some(phone), Some(postcode)) = (phone, place) else { return Ok(OfferTaken::NotNow) };
    if offer.participant == who || !background::may_call_back(moment, &phone) {
        return Ok(OfferTaken::NotNow);
    }
    let Some(from) = suits_from(moment, tx, line, offer.participant)? else {
        return Ok(OfferTaken::NotNow);
    };
    if from >= offer.expires_at {
        return Ok(OfferTaken::NotNow);
    }
    let request =
        tx.enter_web_request(&asked(line, &offer.service, phone, postcode, language, now))?;
    let row = tx.request(request)?.ok_or(Failure::UnknownLeg)?;
    // Whether the two may be brought together at all; the hour, later, is asked again by then.
    let next = drive::next_ask(moment, line, &row, 1);
    let next = crate::store::NextAsk { ringing_hours_open: true, ..next };
    if tx.may_come_forward(&next, offer.participant, Came::Forward)?.is_err() {
        tx.forget_request(request)?;
        return Ok(OfferTaken::NotNow);
    }
    tx.take_up_offer(offer.id, request, now)?;
    tx.comes_forward(request, offer.participant, Came::Offered)?;
    tx.plan(request, Some(from))?;
    tx.record_event("took_up_an_offer", Some(request.0), None, None, now)?;
    moment.due(from);
    Ok(if from > now { OfferTaken::RingsFrom(from) } else { OfferTaken::Rings })
}

fn asked(
    line: &Line,
    service: &ServiceId,
    phone: Phone,
    postcode: Postcode,
    language: Language,
    now: Timestamp,
) -> NewWebRequest {
    let first = line.languages.first().copied().unwrap_or_default();
    NewWebRequest {
        line: line.number.clone(),
        source: Source::Board,
        phone,
        service: service.clone(),
        postcode,
        language: if line.languages.contains(&language) { language } else { first },
        inside: false,
        wanted_at: None,
        starts_at: None,
        now,
    }
}

/// The first moment at which somebody may be rung on this line, by their own hours and pause.
fn suits_from(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &Line,
    who: ParticipantId,
) -> Result<Option<Timestamp>, Failure> {
    let pause = tx.participant(who)?.and_then(|known| known.pause);
    let begin = match pause {
        Some(Pause::Until(end)) => end.max(moment.now),
        Some(Pause::UntilTheyCall | Pause::StopNotConfirmed) => return Ok(None),
        None => moment.now,
    };
    let hours = tx.hours_and_services(who)?.map(|(hours, _)| hours);
    Ok(hours.and_then(|hours| both_open(&hours, line, begin)))
}

/// When both are open, a person's hours and a line's ringing hours.
fn both_open(hours: &Hours, line: &Line, begin: Timestamp) -> Option<Timestamp> {
    let mut at = begin;
    for _ in 0..MOST_OPENINGS {
        if !hours.is_open(at) {
            at = hours.next_opening(at, AHEAD)?;
        } else if !line.may_ring(at) {
            at = drive::next_ringing(line, at)?;
        } else {
            return (at.since(begin) <= AHEAD).then_some(at);
        }
    }
    None
}

/// The line that works there and has such a service.
fn line_for<'a>(lines: &'a [Line], postcode: Postcode, service: &ServiceId) -> Option<&'a Line> {
    lines.iter().find(|line| line.area.contains(&postcode) && line.services.contains(service))
}

/// The end of a day on the Dutch calendar.
fn end_of(day: chrono::NaiveDate) -> Option<Timestamp> {
    let next = day.succ_opt()?;
    Some(Timestamp::from_wall_clock(next.and_time(chrono::NaiveTime::MIN)))
}
