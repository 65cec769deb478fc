//! People who take part, as the desk sees them: found by name, place or last digits; looked at one
//! by one; corrected at their own wish.

use rusqlite::types::Value;
use rusqlite::{OptionalExtension, Row, params_from_iter};

use super::{NewParticipant, Put, ReadTx, StoreError, Tx, participants, register};
use crate::dispatch::choose::Pause;
use crate::dispatch::still_there::WhyAsked;
use crate::domain::{ParticipantId, Phone, Postcode, ServiceId, Timestamp};

/// Whose people: what somebody at the desk may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Everybody.
    Everybody,
    /// Who lives in these postcodes, and whoever was rung for one of these lines.
    Of {
        /// The postcodes.
        areas: Vec<Postcode>,
        /// The lines.
        lines: Vec<Phone>,
    },
}

/// How somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// May be rung.
    TakesPart,
    /// Takes a pause.
    Paused,
    /// Has not opted in, or was not verified on their own telephone.
    NotYet,
    /// Stopped.
    Stopped,
}

/// Which people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// A part of the name, a postcode, or the last digits of the number; empty for everybody.
    pub text: String,
    /// How they stand.
    pub standing: Option<Standing>,
    /// What they like to do.
    pub service: Option<ServiceId>,
    /// How many of the list come before.
    pub skip: u32,
}

/// Somebody in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonRow {
    /// Their row.
    pub id: ParticipantId,
    /// What they are called.
    pub name: String,
    /// Their telephone.
    pub phone: Phone,
    /// Where they live.
    pub postcode: Postcode,
    /// The place of that postcode; empty when it is not known.
    pub place: String,
    /// How they stand.
    pub standing: Standing,
    /// What they like to do.
    pub services: Vec<ServiceId>,
}

/// What somebody agreed to, and when that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentSeen {
    /// When.
    pub given_at: Timestamp,
    /// How: `phone`, `web`, `desk` or `paper`.
    pub channel: String,
    /// When they were verified on their own telephone.
    pub verified_at: Option<Timestamp>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Timestamp>,
}

/// Somebody as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// As in a list.
    pub row: PersonRow,
    /// As they were written down.
    pub known: NewParticipant,
    /// Their pause, if they take one.
    pub pause: Option<Pause>,
    /// They rest until then after a ring.
    pub rest_until: Option<Timestamp>,
    /// Why they rest until they say that they still take part; none: they do not.
    pub rests: Option<WhyAsked>,
    /// When they are rung to be asked that.
    pub asked_then: Option<Timestamp>,
    /// Rings in the last 28 days that count.
    pub asked_28_days: u32,
    /// The last ring of any kind.
    pub last_asked: Option<Timestamp>,
    /// Rings that were counted, at any hour.
    pub rings: u32,
    /// Of those, picked up.
    pub picked_up: u32,
    /// Times that they answered the question.
    pub answered: u32,
    /// Of those, yes.
    pub yeses: u32,
    /// Every consent, the newest first.
    pub consents: Vec<ConsentSeen>,
    /// Since when they are known.
    pub known_since: Timestamp,
}

/// The columns that [`row`] reads; `?1` is the moment.
pub(super) const ROW: &str = "p.id, p.name, p.phone, p.postcode,
  coalesce((SELECT trim(l.neighbourhood || ', ' || l.place, ', ') FROM place l WHERE l.postcode = p.postcode), ''),
  p.consented, p.verified_at,
  p.pause_kind IS NOT NULL AND (p.pause_kind <> 'until' OR p.pause_until > ?1),
  EXISTS (SELECT 1 FROM consent c WHERE c.participant = p.id),
  (SELECT group_concat(o.service, ';') FROM (SELECT DISTINCT service FROM offer
     WHERE participant = p.id ORDER BY service) o)";

/// Whether [`Standing`] is this, of what [`ROW`] reads.
fn standing_is(standing: Standing) -> &'static str {
    match standing {
        Standing::TakesPart => {
            "p.consented AND p.verified_at IS NOT NULL AND (p.pause_kind IS NULL OR (p.pause_kind = 'until' AND p.pause_until <= ?1))"
        }
        Standing::Paused => {
            "p.consented AND p.verified_at IS NOT NULL AND p.pause_kind IS NOT NULL AND (p.pause_kind <> 'until' OR p.pause_until > ?1)"
        }
        Standing::NotYet => {
            "(NOT p.consented OR p.verified_at IS NULL) AND (p.consented OR NOT EXISTS (SELECT 1 FROM consent c WHERE c.participant = p.id))"
        }
        Standing::Stopped => {
            "NOT p.consented AND EXISTS (SELECT 1 FROM consent c WHERE c.participant = p.id)"
        }
    }
}

pub(super) fn row(row: &Row<'_>) -> Result<PersonRow, StoreError> {
    let damaged = || StoreError::Damaged("participant");
    let number: String = row.get(2)?;
    let services: Option<String> = row.get(9)?;
    let services = services.iter().flat_map(|list| list.split(';')).map(ServiceId::parse);
    let (consented, verified): (bool, Option<i64>) = (row.get(5)?, row.get(6)?);
    let (paused, ever_agreed): (bool, bool) = (row.get(7)?, row.get(8)?);
    Ok(PersonRow {
        id: ParticipantId(row.get(0)?),
        name: row.get(1)?,
        phone: Phone::from_stored(&number).map_err(|_| damaged())?,
        postcode: Postcode::try_from(row.get::<_, u16>(3)?).map_err(|_| damaged())?,
        place: row.get(4)?,
        standing: match (consented, verified) {
            (false, _) if ever_agreed => Standing::Stopped,
            (true, Some(_)) if paused => Standing::Paused,
            (true, Some(_)) => Standing::TakesPart,
            _ => Standing::NotYet,
        },
        services: services.collect::<Result<_, _>>().map_err(|_| damaged())?,
    })
}

impl Whose {
    /// The condition on `p`, with its values: `?2` and `?3`.
    pub(super) fn condition(&self) -> (&'static str, [Value; 2]) {
        match self {
            Self::Everybody => ("?2 IS NULL AND ?3 IS NULL", [Value::Null, Value::Null]),
            Self::Of { areas, lines } => (
                "(p.postcode IN (SELECT value FROM json_each(?2)) OR EXISTS (
                    SELECT 1 FROM attempt a JOIN request r ON r.id = a.request
                    WHERE a.participant = p.id AND r.line IN (SELECT value FROM json_each(?3))))",
                [
                    json(areas.iter().map(|area| serde_json::json!(area.number()))),
                    json(lines.iter().map(|line| serde_json::json!(line.e164()))),
                ],
            ),
        }
    }
}

pub(super) fn json(values: impl Iterator<Item = serde_json::Value>) -> Value {
    Value::Text(serde_json::Value::Array(values.collect()).to_string())
}

impl ReadTx<'_> {
    /// People by name, at most `most`, and one more when there are more.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn people(
        &self,
        whose: &Whose,
        filter: &PeopleFilter,
        most: u32,
        now: Timestamp,
    ) -> Result<Vec<PersonRow>, StoreError> {
        let (theirs, values) = whose.condition();
        let [areas, lines] = values;
        let mut sql = format!("SELECT {ROW} FROM participant p WHERE {theirs}");
        if let Some(standing) = filter.standing {
            sql += &format!(" AND ({})", standing_is(standing));
        }
        sql += match found_by(&filter.text) {
            By::Name(_) => " AND p.name LIKE ?4 ESCAPE '\\'",
            By::Digits(_) => " AND (p.phone LIKE ?4 OR '%' || p.postcode = ?4)",
            By::Nothing => " AND ?4 IS NULL",
        };
        sql += " AND (?5 IS NULL OR EXISTS (SELECT 1 FROM offer o WHERE o.participant = p.id AND o.service = ?5))
                 ORDER BY p.name COLLATE NOCASE, p.id LIMIT ?6 OFFSET ?7";
        let service = filter.service.as_ref().map(|id| Value::Text(id.as_str().to_owned()));
        let values = [
            Value::Integer(now.0),
            areas,
            lines,
            Value::Text(found_by(&filter.text).pattern()),
            service.unwrap_or(Value::Null),
            Value::Integer(i64::from(most) + 1),
            Value::Integer(i64::from(filter.skip)),
        ];
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query(params_from_iter(values))?;
        let mut people = Vec::new();
        while let Some(found) = rows.next()? {
            people.push(row(found)?);
        }
        Ok(people)
    }

    /// Somebody as a whole, if they are among these people.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn person(
        &self,
        id: ParticipantId,
        whose: &Whose,
        now: Timestamp,
    ) -> Result<Option<Person>, StoreError> {
        person(self.db, id, whose, now)
    }
}

impl Tx<'_> {
    /// As [`ReadTx::person`], within a write.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn person(
        &mut self,
        id: ParticipantId,
        whose: &Whose,
        now: Timestamp,
    ) -> Result<Option<Person>, StoreError> {
        person(self.db, id, whose, now)
    }

    /// Corrects what is written down about somebody, at their wish; their number and their consent
    /// stay as they are. Nothing is corrected about who stopped (R9).
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn correct_person(
        &mut self,
        before: &NewParticipant,
        corrected: NewParticipant,
        now: Timestamp,
    ) -> Result<Put, StoreError> {
        let corrected = NewParticipant {
            phone: before.phone.clone(),
            opted_in: before.opted_in.clone(),
            verified_at: before.verified_at,
            ..corrected
        };
        self.put_participant(&corrected, now)
    }

    /// Ends somebody's pause. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn end_pause(&mut self, id: ParticipantId) -> Result<(), StoreError> {
        let sql = "UPDATE participant SET pause_kind = NULL, pause_until = NULL WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }
}

fn person(
    db: &rusqlite::Connection,
    id: ParticipantId,
    whose: &Whose,
    now: Timestamp,
) -> Result<Option<Person>, StoreError> {
    let (theirs, [areas, lines]) = whose.condition();
    let sql = format!("SELECT {ROW} FROM participant p WHERE {theirs} AND p.id = ?4");
    let values = [Value::Integer(now.0), areas, lines, Value::Integer(id.0)];
    let mut select = db.prepare_cached(&sql)?;
    let found = select
        .query_row(params_from_iter(values), |found| Ok(row(found)))
        .optional()?
        .transpose()?;
    let Some(found) = found else { return Ok(None) };
    let known = register::known(db, id)?.ok_or(StoreError::Damaged("participant"))?;
    let mut counted = db.prepare_cached(
        "SELECT pause_kind, pause_until, rest_until, last_asked, answered, yeses, created_at,
           (SELECT coalesce(sum(rings), 0) FROM habit WHERE participant = ?1),
           (SELECT coalesce(sum(picked_up), 0) FROM habit WHERE participant = ?1),
           (SELECT count(*) FROM attempt WHERE participant = ?1 AND counts AND reserved_at >= ?2),
           unanswered, s.why IS 'silent', s.rings_at
         FROM participant LEFT JOIN still_there s ON s.participant = id WHERE id = ?1",
    )?;
    let four_weeks_ago = now - std::time::Duration::from_secs(28 * 24 * 3600);
    let person = counted.query_row((id.0, four_weeks_ago.0), |row| {
        let moment = |at: Option<i64>| at.map(Timestamp);
        Ok(Person {
            pause: pause(row.get::<_, Option<String>>(0)?.as_deref(), moment(row.get(1)?)),
            rest_until: moment(row.get(2)?).filter(|until| *until > now),
            last_asked: moment(row.get(3)?),
            answered: row.get(4)?,
            yeses: row.get(5)?,
            known_since: Timestamp(row.get(6)?),
            rings: row.get(7)?,
            picked_up: row.get(8)?,
            asked_28_days: row.get(9)?,
            rests: participants::rests(row.get(11)?, row.get(10)?),
            asked_then: moment(row.get(12)?),
            consents: Vec::new(),
            row: found,
            known,
        })
    })?;
    Ok(Some(Person { consents: consents(db, id)?, ..person }))
}

fn pause(kind: Option<&str>, until: Option<Timestamp>) -> Option<Pause> {
    match kind? {
        "until" => until.map(Pause::Until),
        "until_they_call" => Some(Pause::UntilTheyCall),
        _ => Some(Pause::StopNotConfirmed),
    }
}

fn consents(db: &rusqlite::Connection, id: ParticipantId) -> Result<Vec<ConsentSeen>, StoreError> {
    let mut select = db.prepare_cached(
        "SELECT given_at, channel, verified_at, withdrawn_at FROM consent WHERE participant = ?1
         ORDER BY id DESC",
    )?;
    let seen = select.query_map([id.0], |row| {
        Ok(ConsentSeen {
            given_at: Timestamp(row.get(0)?),
            channel: row.get(1)?,
            verified_at: row.get::<_, Option<i64>>(2)?.map(Timestamp),
            withdrawn_at: row.get::<_, Option<i64>>(3)?.map(Timestamp),
        })
    })?;
    Ok(seen.collect::<Result<_, _>>()?)
}

/// Digits of a Dutch number behind its country code.
const NATIONAL_DIGITS: usize = 9;

/// What somebody typed to find a person.
enum By {
    Name(String),
    Digits(String),
    /// Digits that are neither: nobody is found.
    Nothing,
}

fn found_by(text: &str) -> By {
    match bare_digits(text) {
        None => By::Name(text.trim().to_owned()),
        Some(_) => digits_of_a_number(text).map_or(By::Nothing, By::Digits),
    }
}

/// Digits with nothing between them but what people write there; `None` when there is anything else.
fn bare_digits(text: &str) -> Option<String> {
    let bare: String = text.chars().filter(|c| !" -.()+".contains(*c)).collect();
    (!bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_digit())).then_some(bare)
}

/// What is looked for when digits (with what people write between them) are a whole number, its last
/// three or four digits, or a postcode. Nothing between: else a masked number could be found out digit
/// by digit.
pub(super) fn digits_of_a_number(text: &str) -> Option<String> {
    let bare = bare_digits(text)?;
    // A whole number may begin with 070, 0031 70 or +31 70; part of one is taken as it is.
    let whole = ["0031", "31", "0"]
        .iter()
        .find_map(|begin| bare.strip_prefix(begin).filter(|rest| rest.len() == NATIONAL_DIGITS));
    let digits = whole.unwrap_or(&bare);
    matches!(digits.len(), 3 | 4 | NATIONAL_DIGITS).then(|| digits.to_owned())
}

impl By {
    fn pattern(&self) -> String {
        match self {
            Self::Digits(digits) => format!("%{digits}"),
            Self::Nothing => String::new(),
            Self::Name(name) => {
                let escaped = name.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                format!("%{escaped}%")
            }
        }
    }
}

#[cfg(test)]
mod tests;
