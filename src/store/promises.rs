//! Promises at the desk: seen in the order in which they are due, claimed, handed back and kept.
//!
//! Every change is a compare-and-set: of two people who do the same at once one has it, and the
//! other is told who.

use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use super::calls::phone;
use super::messages::SoundState;
use super::scope::Scope;
use super::{PromiseKind, ReadTx, ReportedSeen, StoreError, Tx, from_word, word};
use crate::domain::{
    Caller, Operator, OperatorId, ParticipantId, Phone, Postcode, RequestId, ServiceId, Timestamp,
};

/// How a promise was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeptHow {
    /// They were spoken to.
    Spoken,
    /// It turned out not to be needed any more.
    NotNeeded,
    /// Somebody else sees to it.
    PassedOn,
    /// They could not be reached, and it was let go.
    NotReached,
    /// What was reported was taken off the board.
    TakenDown,
    /// What was reported was looked at, and may stand there.
    LeftThere,
}

impl KeptHow {
    /// Every way in which somebody at the desk says that it was kept.
    pub const ALL: [Self; 4] = [Self::Spoken, Self::NotNeeded, Self::PassedOn, Self::NotReached];

    /// Its word in the database and in forms.
    pub fn code(self) -> String {
        word(&self)
    }

    /// Reads [`KeptHow::code`] of one of [`KeptHow::ALL`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.code() == text)
    }
}

/// What came of wanting to do something to a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Took {
    /// It was done.
    Done,
    /// This same operator had done it before; nothing was changed.
    Already,
    /// A colleague has it.
    Theirs {
        /// Their name.
        name: String,
    },
    /// It was kept already.
    KeptAlready {
        /// By whom; none when the exchange did.
        name: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// It was not this operator's to hand back.
    NotYours,
    /// There is no such promise.
    Nowhere,
}

/// A promise as the desk sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct PromiseSeen {
    /// Its row.
    pub id: i64,
    /// What was promised.
    pub kind: PromiseKind,
    /// On which line.
    pub line: Phone,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// Who has it, and since when.
    pub claimed: Option<(OperatorId, String, Timestamp)>,
    /// When, by whom and how it was kept.
    pub kept: Option<Kept>,
    /// To whom, as far as that is known: for a neighbour's own wish their number, else the one that
    /// was given to be called back on, or whoever called.
    pub whom: Option<Phone>,
    /// What they are called, if that is known.
    pub name: Option<String>,
    /// The participant behind it, if known: row and name.
    pub participant: Option<(ParticipantId, String)>,
    /// The request that it is about.
    pub request: Option<RequestId>,
    /// What was asked for.
    pub service: Option<ServiceId>,
    /// Where.
    pub postcode: Option<Postcode>,
    /// What callers hear that place called.
    pub place: Option<String>,
    /// The message that it is about.
    pub message: Option<MessageSeen>,
    /// What is to be looked at on the board, and what was said of it.
    pub reported: Option<ReportedSeen>,
}

/// When, by whom and how a promise was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// When.
    pub at: Timestamp,
    /// By whom; none when the exchange did.
    pub by: Option<String>,
    /// How, if that was told.
    pub how: Option<KeptHow>,
}

/// A message as the desk sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageSeen {
    /// Its row.
    pub id: i64,
    /// Its length, seconds.
    pub seconds: u32,
    /// When it was left.
    pub left_at: Timestamp,
    /// Where its sound is.
    pub sound: SoundState,
}

/// Which promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Not kept yet, the first one due first.
    Open,
    /// Of those, what a coordinator is to arrange.
    ToArrange,
    /// Kept since then, the last one first.
    KeptSince(Timestamp),
}

const SEEN: &str = "SELECT p.id, p.kind, p.line, p.made_at, p.due_at,
       p.claimed_by, holder.name, p.claimed_at, p.kept_at, keeper.name, p.kept_how,
       m.caller, c.caller, t.phone, t.id, t.name, coalesce(p.request, b.request),
       coalesce(r.service, o.service), coalesce(r.postcode, o.postcode),
       m.id, m.seconds, m.left_at, m.sound,
       coalesce(nullif(l.neighbourhood, ''), l.place), coalesce(r.call_back, i.phone),
       nullif(iif(p.kind = 'ring_neighbour_back', t.name, coalesce(nullif(i.name, ''), t.name)), '')
     FROM promise p
       LEFT JOIN operator holder ON holder.id = p.claimed_by
       LEFT JOIN operator keeper ON keeper.id = p.kept_by
       LEFT JOIN message m ON m.id = p.message
       LEFT JOIN board_report b
         ON b.id = (SELECT min(id) FROM board_report WHERE promise = p.id)
       LEFT JOIN posted_offer o ON o.id = b.posted_offer
       LEFT JOIN request r ON r.id = coalesce(p.request, b.request)
       LEFT JOIN intake i ON i.request = r.id
       LEFT JOIN place l ON l.postcode = coalesce(r.postcode, o.postcode)
       LEFT JOIN call c ON c.id = r.call
       LEFT JOIN participant t ON t.id = coalesce(p.participant, r.participant)";

impl Tx<'_> {
    /// Claims a promise for this operator.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn claim_promise(
        &mut self,
        promise: i64,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<Took, StoreError> {
        let sql = "UPDATE promise SET claimed_by = ?2, claimed_at = ?3
                   WHERE id = ?1 AND kept_at IS NULL AND claimed_by IS NULL";
        match self.db.prepare_cached(sql)?.execute((promise, by.0, now.0))? {
            0 => Ok(match self.why_not(promise, by)? {
                Took::NotYours => Took::Already,
                other => other,
            }),
            _ => Ok(Took::Done),
        }
    }

    /// Hands a promise back: it is anybody's again.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn hand_promise_back(&mut self, promise: i64, by: OperatorId) -> Result<Took, StoreError> {
        let sql = "UPDATE promise SET claimed_by = NULL, claimed_at = NULL
                   WHERE id = ?1 AND kept_at IS NULL AND claimed_by = ?2";
        match self.db.prepare_cached(sql)?.execute((promise, by.0))? {
            0 => self.why_not(promise, by),
            _ => Ok(Took::Done),
        }
    }

    /// Notes that a promise was kept, unless a colleague has it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn keep_promise(
        &mut self,
        promise: i64,
        by: OperatorId,
        how: KeptHow,
        now: Timestamp,
    ) -> Result<Took, StoreError> {
        let sql = "UPDATE promise SET kept_at = ?4, kept_by = ?2, kept_how = ?3
                   WHERE id = ?1 AND kept_at IS NULL AND (claimed_by IS NULL OR claimed_by = ?2)";
        match self.db.prepare_cached(sql)?.execute((promise, by.0, word(&how), now.0))? {
            0 => self.why_not(promise, by),
            _ => Ok(Took::Done),
        }
    }

    /// The open promise of a coordinator about this request.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn coordinators_promise(&mut self, request: RequestId) -> Result<Option<i64>, StoreError> {
        let sql = "SELECT id FROM promise WHERE request = ?1 AND kept_at IS NULL
                     AND kind = 'coordinator_arranges' ORDER BY id LIMIT 1";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.query_row([request.0], |row| row.get(0)).optional()?)
    }

    /// Whether the desk still owes whoever asked this an answer.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn owes_an_answer(&mut self, request: RequestId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM promise WHERE request = ?1 AND kept_at IS NULL
                     AND kind = 'desk_answers'";
        Ok(self.db.prepare_cached(sql)?.exists([request.0])?)
    }

    fn why_not(&mut self, promise: i64, by: OperatorId) -> Result<Took, StoreError> {
        let sql = "SELECT p.kept_at, keeper.name, p.claimed_by, holder.name FROM promise p
                     LEFT JOIN operator keeper ON keeper.id = p.kept_by
                     LEFT JOIN operator holder ON holder.id = p.claimed_by
                   WHERE p.id = ?1";
        let why = self.db.prepare_cached(sql)?.query_row([promise], |row| {
            let kept_at: Option<i64> = row.get(0)?;
            let holder: Option<i64> = row.get(2)?;
            Ok(match (kept_at, holder) {
                (Some(at), _) => Took::KeptAlready { name: row.get(1)?, at: Timestamp(at) },
                (None, Some(holder)) if holder != by.0 => {
                    Took::Theirs { name: row.get::<_, Option<String>>(3)?.unwrap_or_default() }
                }
                _ => Took::NotYours,
            })
        });
        Ok(why.optional()?.unwrap_or(Took::Nowhere))
    }
}

impl ReadTx<'_> {
    /// Promises that are this operator's to see.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn promises(
        &self,
        operator: &Operator,
        which: Which,
        most: usize,
    ) -> Result<Vec<PromiseSeen>, StoreError> {
        const FIRST_DUE: &str = "ORDER BY p.due_at, p.id";
        let (those, order, since) = match which {
            Which::Open => ("p.kept_at IS NULL AND ?3 IS NULL", FIRST_DUE, None),
            Which::ToArrange => (
                "p.kept_at IS NULL AND p.kind = 'coordinator_arranges' AND ?3 IS NULL",
                FIRST_DUE,
                None,
            ),
            Which::KeptSince(since) => {
                ("p.kept_at >= ?3", "ORDER BY p.kept_at DESC, p.id DESC", Some(since.0))
            }
        };
        let scope = Scope::of(operator);
        let theirs = scope.condition("p.line", "coalesce(r.postcode, o.postcode)");
        let sql = format!("{SEEN} WHERE {those} AND {theirs} {order} LIMIT ?2");
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query((&scope.which, most, since))?;
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            seen.push(self.as_seen(row)?);
        }
        Ok(seen)
    }

    /// One promise.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn promise_seen(&self, promise: i64) -> Result<Option<PromiseSeen>, StoreError> {
        let mut select = self.db.prepare_cached(&format!("{SEEN} WHERE p.id = ?1"))?;
        let mut rows = select.query([promise])?;
        rows.next()?.map(|row| self.as_seen(row)).transpose()
    }

    /// The promise about this message that is open, or else the last one.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn promise_of_message(&self, message: i64) -> Result<Option<PromiseSeen>, StoreError> {
        let sql = format!(
            "{SEEN} WHERE p.message = ?1 ORDER BY p.kept_at IS NULL DESC, p.id DESC LIMIT 1"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([message])?;
        rows.next()?.map(|row| self.as_seen(row)).transpose()
    }

    /// Promises about this request, the last one first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn promises_of_request(&self, request: RequestId) -> Result<Vec<PromiseSeen>, StoreError> {
        let sql = format!("{SEEN} WHERE p.request = ?1 OR b.request = ?1 ORDER BY p.id DESC");
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([request.0])?;
        let mut seen = Vec::new();
        while let Some(row) = rows.next()? {
            seen.push(self.as_seen(row)?);
        }
        Ok(seen)
    }

    fn as_seen(&self, row: &Row<'_>) -> Result<PromiseSeen, StoreError> {
        let seen = promise_seen(row)?;
        let reported = match seen.kind {
            PromiseKind::BoardLookedAt => self.reported(seen.id)?,
            _ => None,
        };
        Ok(PromiseSeen { reported, ..seen })
    }
}

fn promise_seen(row: &Row<'_>) -> Result<PromiseSeen, StoreError> {
    let kind: String = row.get(1)?;
    let moment = |at: usize| Ok::<_, StoreError>(row.get::<_, Option<i64>>(at)?.map(Timestamp));
    let text = |at: usize| Ok::<_, StoreError>(row.get::<_, Option<String>>(at)?);
    let claimed = match (row.get::<_, Option<i64>>(5)?, moment(7)?) {
        (Some(id), Some(at)) => Some((OperatorId(id), text(6)?.unwrap_or_default(), at)),
        _ => None,
    };
    let kept = match moment(8)? {
        Some(at) => {
            let how = text(10)?.map(|how| from_word(&how, "promise")).transpose()?;
            Some(Kept { at, by: text(9)?, how })
        }
        None => None,
    };
    let caller = match (text(11)?, text(12)?) {
        (Some(json), _) | (None, Some(json)) => {
            let caller: Caller =
                serde_json::from_str(&json).map_err(|_| StoreError::Damaged("promise"))?;
            caller.phone().cloned()
        }
        (None, None) => None,
    };
    let stored = |number: Option<String>| number.and_then(|it| Phone::from_stored(&it).ok());
    let (participants, given) = (stored(text(13)?), stored(text(24)?));
    let kind: PromiseKind = from_word(&kind, "promise")?;
    // A neighbour's wish may be about somebody else's request.
    let whom = match kind {
        PromiseKind::RingNeighbourBack => participants,
        PromiseKind::DeskAnswers | PromiseKind::CoordinatorArranges => {
            given.or(caller).or(participants)
        }
        // It was promised to nobody in particular; a request has its own page.
        PromiseKind::BoardLookedAt => None,
    };
    let participant = match row.get::<_, Option<i64>>(14)? {
        Some(id) => Some((ParticipantId(id), text(15)?.unwrap_or_default())),
        None => None,
    };
    let message = match row.get::<_, Option<i64>>(19)? {
        Some(id) => Some(MessageSeen {
            id,
            seconds: row.get(20)?,
            left_at: Timestamp(row.get(21)?),
            sound: from_word(&row.get::<_, String>(22)?, "message")?,
        }),
        None => None,
    };
    Ok(PromiseSeen {
        id: row.get(0)?,
        kind,
        line: phone(row, 2)?,
        made_at: Timestamp(row.get(3)?),
        due_at: Timestamp(row.get(4)?),
        claimed,
        kept,
        whom,
        name: text(25)?,
        participant,
        request: row.get::<_, Option<i64>>(16)?.map(RequestId),
        service: text(17)?.and_then(|id| ServiceId::parse(&id).ok()),
        postcode: row.get::<_, Option<u16>>(18)?.and_then(|pc| Postcode::try_from(pc).ok()),
        place: text(23)?,
        message,
        reported: None,
    })
}
