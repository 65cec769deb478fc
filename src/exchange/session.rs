//! What a flow is told when it starts: who calls, when, and what this line can do now.

use std::time::Duration;

use crate::domain::hours::{appointment_in_words, day_in_words};
use crate::domain::{DayPart, DeskHours, Language, Line, Postcode, RequestId, Timestamp};
use crate::exchange::{Failure, Moment, background, signing_up};
use crate::flow::{Value, Vars};
use crate::store::{Call, Participant, Tx};

/// How far ahead the next ringing hours are looked for.
pub(super) const AHEAD: Duration = Duration::from_secs(60 * 24 * 3600);

/// What a caller's flow starts with.
pub(super) struct CallerSession<'a> {
    pub(super) line: &'a Line,
    pub(super) now: Timestamp,
    /// The caller's number is a participant's.
    pub(super) known: bool,
    /// They take part at present, so that they have a menu of their own.
    pub(super) takes_part: bool,
    /// They may sign up with keys.
    pub(super) may_sign_up: bool,
    /// That participant's place, in words.
    pub(super) area: Option<String>,
    /// Requests of that place go to the village coordinator first.
    pub(super) coordinator_first: bool,
    /// The number that was shown may be rung.
    pub(super) can_call_back: bool,
    /// A search goes on of which they are told on that number.
    pub(super) searching: bool,
}

/// What is known of whoever is on this leg, as a caller.
pub(super) fn of_caller<'a>(
    moment: &Moment,
    tx: &mut Tx<'_>,
    line: &'a Line,
    call: &Call,
) -> Result<CallerSession<'a>, Failure> {
    let participant = match call.participant {
        Some(id) => tx.participant(id)?,
        None => None,
    };
    let area = area_of(tx, line, participant.as_ref())?;
    let place = participant.as_ref().and_then(|who| who.postcode);
    let place = place.filter(|place| line.area.contains(place));
    let coordinator = place.map(|place| coordinator_first(tx, line, place)).transpose()?;
    let (can_call_back, searching) = match call.caller.phone() {
        Some(phone) => (
            background::may_call_back(moment, phone),
            !tx.searches_for(&line.number, phone)?.is_empty(),
        ),
        None => (false, false),
    };
    let takes_part = participant.is_some_and(|who| who.takes_part());
    let has_flow = moment.context.flows.current().names().any(|name| name == signing_up::FLOW);
    Ok(CallerSession {
        may_sign_up: !takes_part && has_flow,
        line,
        now: moment.now,
        known: area.is_some(),
        takes_part,
        area,
        coordinator_first: coordinator.unwrap_or(false),
        can_call_back,
        searching,
    })
}

/// A known participant's place, in words, when this line serves it.
fn area_of(
    tx: &mut Tx<'_>,
    line: &Line,
    participant: Option<&Participant>,
) -> Result<Option<String>, Failure> {
    let Some(postcode) = participant.and_then(|p| p.postcode) else { return Ok(None) };
    if !line.area.contains(&postcode) {
        return Ok(None);
    }
    Ok(tx.place(postcode)?.map(|place| place.spoken().to_owned()))
}

impl CallerSession<'_> {
    pub(super) fn vars(&self, tx: &mut Tx<'_>) -> Result<Vars, Failure> {
        let line = self.line;
        let mut vars = common(tx, line, self.now)?;
        vars.insert("ringing_open".into(), Value::Bool(may_ring_now(line, self.now)));
        vars.insert("known".into(), Value::Bool(self.known));
        vars.insert("takes_part".into(), Value::Bool(self.takes_part));
        vars.insert("may_sign_up".into(), Value::Bool(self.may_sign_up));
        vars.insert("area".into(), self.area.as_deref().map_or(Value::Undefined, text));
        vars.insert("coordinator_first".into(), Value::Bool(self.coordinator_first));
        // From abroad, say, a number is shown and cannot be called back either.
        vars.insert("withheld".into(), Value::Bool(!self.can_call_back));
        vars.insert("can_call_back".into(), Value::Bool(self.can_call_back));
        vars.insert("searching".into(), Value::Bool(self.searching));
        vars.insert("voice_note".into(), Value::Bool(line.voice_note));
        vars.insert("more_languages".into(), Value::Bool(line.languages.len() > 1));
        for service in &line.services {
            vars.insert(format!("offers.{service}"), Value::Bool(true));
        }
        for language in Language::ALL {
            let notice = tx.notice(&line.number, language, self.now)?;
            let notice = notice.map_or(Value::Undefined, |notice| Value::Text(notice.text));
            vars.insert(format!("notice_{}", language.code()), notice);
        }
        Ok(vars)
    }
}

/// What every flow starts with.
pub(super) fn common(tx: &mut Tx<'_>, line: &Line, now: Timestamp) -> Result<Vars, Failure> {
    let desk = desk_hours(tx, line, now)?;
    let open = !line.desk.is_empty() && desk.is_open(now);
    let mut vars = Vars::new();
    vars.insert("service_name".into(), text(&line.name));
    vars.insert("part_of_day".into(), text(part_of_day(now)));
    vars.insert("desk_open".into(), Value::Bool(open));
    vars.insert("desk_exists".into(), Value::Bool(!line.desk.is_empty()));
    // When the desk is back is worked out once, and said in every language.
    let due = desk.due(now);
    for language in Language::ALL {
        let day = day_in_words(now, due, language);
        vars.insert(format!("desk_day_{}", language.code()), text(&day));
    }
    Ok(vars)
}

/// When the desk of this line is there: its office hours, closing days, and what was settled by
/// hand.
pub(super) fn desk_hours<'a>(
    tx: &mut Tx<'_>,
    line: &'a Line,
    now: Timestamp,
) -> Result<DeskHours<'a>, Failure> {
    Ok(DeskHours::new(&line.office_hours, tx.desk_exceptions(&line.number, now)?))
}

/// Whether the desk takes calls at this moment.
pub(super) fn desk_open(tx: &mut Tx<'_>, line: &Line, now: Timestamp) -> Result<bool, Failure> {
    Ok(!line.desk.is_empty() && desk_hours(tx, line, now)?.is_open(now))
}

/// Whether a neighbour may be rung at this moment (R13).
pub(super) fn may_ring_now(line: &Line, now: Timestamp) -> bool {
    line.may_ring(now)
}

/// The day on which the desk will see to something, in words that can be spoken.
pub(super) fn desk_day(
    tx: &mut Tx<'_>,
    line: &Line,
    now: Timestamp,
    language: Language,
) -> Result<String, Failure> {
    Ok(desk_hours(tx, line, now)?.day(now, language))
}

/// When something promised now is due: in the desk's next real opening.
pub(super) fn desk_due(tx: &mut Tx<'_>, line: &Line, now: Timestamp) -> Result<Timestamp, Failure> {
    Ok(desk_hours(tx, line, now)?.due(now))
}

/// Whether requests of this place go to the village coordinator first: so says the configuration, or
/// the desk.
pub(super) fn coordinator_first(
    tx: &mut Tx<'_>,
    line: &Line,
    postcode: Postcode,
) -> Result<bool, Failure> {
    Ok(line.coordinator_first.contains(&postcode) || tx.coordinator_first(postcode)?)
}

/// For when something is asked, in words for whoever listens: `moment`; undefined: for now.
pub(super) fn moment_of(
    tx: &mut Tx<'_>,
    request: RequestId,
    now: Timestamp,
    language: Language,
) -> Result<(String, Value), Failure> {
    let wanted = tx.wanted_at(request)?;
    let words = wanted.map(|wanted| appointment_in_words(now, wanted, language));
    Ok(("moment".into(), words.map_or(Value::Undefined, Value::Text)))
}

/// Morning, afternoon or evening, as flows call it.
fn part_of_day(now: Timestamp) -> &'static str {
    match DayPart::of(now) {
        DayPart::WeekdayMorning | DayPart::WeekendMorning => "morning",
        DayPart::WeekdayAfternoon | DayPart::WeekendAfternoon => "afternoon",
        DayPart::WeekdayEvening | DayPart::WeekendEvening => "evening",
    }
}

/// A text value.
pub(super) fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}
