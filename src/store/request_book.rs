//! Requests as the desk looks them up: a list with filters, and one with everything that happened.

use rusqlite::Row;

use super::calls::phone;
use super::intake::{AgreedHow, Agreement, SettledHow, Source};
use super::people::digits_of_a_number;
use super::scope::Scope;
use super::{AttemptSeen, ReadTx, StoreError, from_word};
use crate::dispatch::Outcome;
use crate::domain::{
    Caller, Language, Operator, ParticipantId, Phone, Postcode, RequestId, ServiceId, Timestamp,
};

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stand {
    /// Its search is to begin later.
    Planned,
    /// Neighbours are being asked.
    Searching,
    /// Somebody at the desk, or a coordinator, has promised something about it.
    Promised,
    /// The search is over, and nobody has said how it ended.
    Over,
    /// Somebody said how it ended, or the caller did.
    Settled,
}

impl Stand {
    /// Every standing.
    pub const ALL: [Self; 5] =
        [Self::Planned, Self::Searching, Self::Promised, Self::Over, Self::Settled];

    /// Its word in addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Searching => "searching",
            Self::Promised => "promised",
            Self::Over => "over",
            Self::Settled => "settled",
        }
    }

    /// Reads [`Stand::code`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.code() == text)
    }
}

/// Which requests.
#[derive(Debug, Clone, Default)]
pub struct RequestFilter {
    /// On this line only.
    pub line: Option<Phone>,
    /// Stand like this only.
    pub standing: Option<Stand>,
    /// For this only.
    pub service: Option<ServiceId>,
    /// In this place only.
    pub postcode: Option<Postcode>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Its number, a name, or the last digits of a telephone.
    pub search: Option<String>,
}

/// A request as the desk sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestSeen {
    /// Its row.
    pub id: RequestId,
    /// On which line.
    pub line: Phone,
    /// For what.
    pub service: Option<ServiceId>,
    /// Whoever helps is to go inside too.
    pub inside: bool,
    /// Where.
    pub postcode: Option<Postcode>,
    /// What callers hear that place called.
    pub place: Option<String>,
    /// In which language.
    pub language: Language,
    /// When it was asked.
    pub opened_at: Timestamp,
    /// When its search was over.
    pub closed_at: Option<Timestamp>,
    /// How its search ended.
    pub outcome: Option<Outcome>,
    /// What the caller said afterwards.
    pub worked_out: Option<bool>,
    /// Whoever asks, as far as that is known.
    pub whom: Option<Phone>,
    /// The participant behind it, if known: row and name.
    pub participant: Option<(ParticipantId, String)>,
    /// How it was entered at the desk, if it was.
    pub intake: Option<IntakeSeen>,
    /// How it ended, as the desk says.
    pub settled: Option<SettledSeen>,
    /// How it stands.
    pub standing: Stand,
    /// Somebody said yes, and that still holds.
    pub found: bool,
}

/// How a request was entered at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeSeen {
    /// By which way it came.
    pub source: Source,
    /// What they are called.
    pub name: String,
    /// The agreement, with an organisation.
    pub agreement: Option<Agreement>,
    /// For when.
    pub wanted_at: Option<Timestamp>,
    /// When its search begins.
    pub starts_at: Option<Timestamp>,
    /// Who entered it.
    pub by: String,
}

/// How a request ended, as the desk says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledSeen {
    /// How.
    pub how: SettledHow,
    /// To which organisation.
    pub referred_to: Option<String>,
    /// Who said so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One line of the journal of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSeen {
    /// When.
    pub at: Timestamp,
    /// Its word.
    pub what: String,
}

/// One ring for a request, with whom.
#[derive(Debug, Clone, PartialEq)]
pub struct RingSeen {
    /// The ring.
    pub attempt: AttemptSeen,
    /// Who: row and name; none when they are no longer known.
    pub participant: Option<(ParticipantId, String)>,
}

const SEEN: &str = "WITH seen AS (SELECT r.id AS id, r.line AS line, r.service AS service,
       r.postcode AS postcode, coalesce(nullif(l.neighbourhood, ''), l.place) AS place,
       r.language AS language, r.opened_at AS opened_at, r.closed_at AS closed_at,
       r.outcome AS outcome, r.worked_out AS worked_out, c.caller AS caller,
       coalesce(r.call_back, t.phone) AS phone, t.id AS participant,
       coalesce(nullif(i.name, ''), t.name, '') AS name,
       i.source AS source, i.organisation, i.agreed_to, i.agreed_on, i.agreed_how,
       i.wanted_at, i.starts_at AS starts_at, io.name AS entered_by,
       s.how AS how, s.referred_to, so.name AS settled_by, s.settled_at,
       r.inside AS inside, r.accepted IS NOT NULL AS found,
       CASE WHEN s.request IS NOT NULL OR r.worked_out = 1 THEN 'settled'
            WHEN i.starts_at IS NOT NULL THEN 'planned'
            WHEN EXISTS (SELECT 1 FROM promise p WHERE p.request = r.id AND p.kept_at IS NULL)
              THEN 'promised'
            WHEN r.closed_at IS NULL THEN 'searching' ELSE 'over' END AS standing
     FROM request r
       LEFT JOIN place l ON l.postcode = r.postcode
       LEFT JOIN call c ON c.id = r.call
       LEFT JOIN participant t ON t.id = r.participant
       LEFT JOIN intake i ON i.request = r.id
       LEFT JOIN operator io ON io.id = i.operator
       LEFT JOIN settlement s ON s.request = r.id
       LEFT JOIN operator so ON so.id = s.operator
     WHERE r.kind = 'neighbour')
     SELECT * FROM seen";

impl ReadTx<'_> {
    /// Requests that fit and are this operator's to see, the newest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn requests(
        &self,
        operator: &Operator,
        filter: &RequestFilter,
        most: usize,
    ) -> Result<Vec<RequestSeen>, StoreError> {
        let scope = Scope::of(operator);
        let theirs = scope.condition("line", "postcode");
        let sql = format!(
            "{SEEN} WHERE {theirs} AND (?2 IS NULL OR standing = ?2)
               AND (?3 IS NULL OR service = ?3) AND (?4 IS NULL OR postcode = ?4)
               AND (?5 IS NULL OR opened_at >= ?5) AND (?6 IS NULL OR opened_at < ?6)
               AND (?7 IS NULL OR id = ?8 OR instr(lower(name), ?7) > 0
                 OR (?9 IS NOT NULL AND (phone LIKE '%' || ?9 OR caller LIKE '%' || ?9 || '\"%')))
               AND (?11 IS NULL OR line = ?11) ORDER BY id DESC LIMIT ?10"
        );
        let search = filter.search.as_ref().map(|text| text.trim().to_lowercase());
        let number = search.as_ref().and_then(|s| s.trim_start_matches('#').parse::<i64>().ok());
        let digits = search.as_deref().and_then(digits_of_a_number);
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query((
            &scope.which,
            filter.standing.map(Stand::code),
            filter.service.as_ref().map(ServiceId::as_str),
            filter.postcode.map(Postcode::number),
            filter.from.map(|at| at.0),
            filter.until.map(|at| at.0),
            search,
            number,
            digits,
            i64::try_from(most).unwrap_or(i64::MAX),
            filter.line.as_ref().map(Phone::e164),
        ))?;
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            seen.push(request_seen(row)?);
        }
        Ok(seen)
    }

    /// One request.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn request_seen(&self, request: RequestId) -> Result<Option<RequestSeen>, StoreError> {
        let mut select = self.db.prepare_cached(&format!("{SEEN} WHERE id = ?1"))?;
        let mut rows = select.query([request.0])?;
        rows.next()?.map(request_seen).transpose()
    }

    /// What happened to a request, in order.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn journal(&self, request: RequestId) -> Result<Vec<EventSeen>, StoreError> {
        let sql = "SELECT at, what FROM event WHERE request = ?1 ORDER BY id LIMIT 500";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([request.0], |row| {
            Ok(EventSeen { at: Timestamp(row.get(0)?), what: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whoever was rung for a request, in order.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn rings_of(&self, request: RequestId) -> Result<Vec<RingSeen>, StoreError> {
        let attempts = self.attempts_of(request)?;
        let sql = "SELECT t.id, t.name FROM attempt a JOIN participant t ON t.id = a.participant
                   WHERE a.id = ?1";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rings = Vec::with_capacity(attempts.len());
        for attempt in attempts {
            let mut rows = select.query([attempt.id.0])?;
            let participant = match rows.next()? {
                Some(row) => Some((ParticipantId(row.get(0)?), row.get(1)?)),
                None => None,
            };
            rings.push(RingSeen { attempt, participant });
        }
        Ok(rings)
    }
}

fn request_seen(row: &Row<'_>) -> Result<RequestSeen, StoreError> {
    const DAMAGED: StoreError = StoreError::Damaged("request");
    let text = |name: &str| Ok::<_, StoreError>(row.get::<_, Option<String>>(name)?);
    let moment = |name: &str| Ok::<_, StoreError>(row.get::<_, Option<i64>>(name)?.map(Timestamp));
    let caller = match text("caller")? {
        Some(json) => serde_json::from_str::<Caller>(&json).map_err(|_| DAMAGED)?.phone().cloned(),
        None => None,
    };
    let known = text("phone")?.and_then(|number| Phone::from_stored(&number).ok());
    let name = text("name")?.unwrap_or_default();
    let agreement = match (
        text("organisation")?,
        text("agreed_to")?,
        text("agreed_on")?,
        text("agreed_how")?,
    ) {
        (Some(organisation), Some(to), Some(on), Some(how)) => Some(Agreement {
            organisation,
            to,
            on: on.parse().map_err(|_| DAMAGED)?,
            how: from_word::<AgreedHow>(&how, "intake")?,
        }),
        _ => None,
    };
    let intake = match text("source")? {
        Some(source) => Some(IntakeSeen {
            source: from_word(&source, "intake")?,
            name: name.clone(),
            agreement,
            wanted_at: moment("wanted_at")?,
            starts_at: moment("starts_at")?,
            by: text("entered_by")?.unwrap_or_default(),
        }),
        None => None,
    };
    let settled = match (text("how")?, moment("settled_at")?) {
        (Some(how), Some(at)) => Some(SettledSeen {
            how: from_word(&how, "settlement")?,
            referred_to: text("referred_to")?,
            by: text("settled_by")?.unwrap_or_default(),
            at,
        }),
        _ => None,
    };
    let standing = text("standing")?.and_then(|code| Stand::parse(&code));
    let participant = row.get::<_, Option<i64>>("participant")?.map(ParticipantId);
    Ok(RequestSeen {
        id: RequestId(row.get("id")?),
        line: phone(row, 1)?,
        service: text("service")?.and_then(|id| ServiceId::parse(&id).ok()),
        postcode: row.get::<_, Option<u16>>("postcode")?.and_then(|pc| Postcode::try_from(pc).ok()),
        inside: row.get("inside")?,
        place: text("place")?,
        language: text("language")?.and_then(|l| Language::parse(&l)).unwrap_or_default(),
        opened_at: Timestamp(row.get("opened_at")?),
        closed_at: moment("closed_at")?,
        outcome: text("outcome")?.map(|word| from_word(&word, "request")).transpose()?,
        worked_out: row.get("worked_out")?,
        whom: known.or(caller),
        participant: participant.map(|id| (id, name)),
        intake,
        settled,
        standing: standing.ok_or(DAMAGED)?,
        found: row.get("found")?,
    })
}
