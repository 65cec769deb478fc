//! Everything that is going on at this moment, for the board of the desk. It only reads, and reads
//! it all at once: whoever shows it to many reads it once for all of them.

use rusqlite::{OptionalExtension, Row};

use super::calls::phone;
use super::watch::SearchSeen;
use super::{ReadTx, StoreError};
use crate::domain::{CallId, Caller, Phone, RequestId, Timestamp};

/// What is going on.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GoingOn {
    /// Everybody who called, or was called back, and is on the telephone; the longest first.
    pub calls: Vec<CallSeen>,
    /// Searches whose caller has hung up; the longest first.
    pub in_background: Vec<BackgroundSeen>,
}

/// Somebody on the telephone.
#[derive(Debug, Clone, PartialEq)]
pub struct CallSeen {
    /// Their leg.
    pub call: CallId,
    /// On which line.
    pub line: Phone,
    /// Who it is.
    pub asker: Asker,
    /// Since when.
    pub since: Timestamp,
    /// When it was over.
    pub ended_at: Option<Timestamp>,
    /// The last step that was answered; -1 before the first. What was answered stays the same.
    pub step: i64,
    /// What was asked in this call, the first request first.
    pub searches: Vec<SearchSeen>,
    /// The promise that the desk calls them back for, if it does or did.
    pub called_back: Option<i64>,
}

/// A search that goes on while nobody waits on the telephone.
#[derive(Debug, Clone, PartialEq)]
pub struct BackgroundSeen {
    /// On which line.
    pub line: Phone,
    /// Who asked.
    pub asker: Asker,
    /// The search.
    pub search: SearchSeen,
}

/// Who asks, as far as the board needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asker {
    /// The name of a participant; empty when the number is not one's, or no name is stored.
    pub name: String,
    /// The number is a participant's.
    pub known: bool,
    /// No number was shown.
    pub withheld: bool,
}

/// Where a leg stands.
#[derive(Clone)]
pub struct LegStands {
    /// Its flow's position, in the driver's own form.
    pub position: Option<String>,
    /// The document that it was answered with last.
    pub answer: Option<String>,
}

/// Promises of one line that are not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromisesOpen {
    /// The line, E.164, as the promise has it.
    pub line: String,
    /// All of them.
    pub open: usize,
    /// Those that were due.
    pub overdue: usize,
}

/// The columns of a call.
const CALL: &str = "SELECT c.id, c.line, c.caller, coalesce(p.name, ''), p.id IS NOT NULL,
    c.started_at, c.ended_at, c.step,
    (SELECT d.promise FROM call s JOIN desk_call d ON d.leg = s.id WHERE s.sid = c.parent_sid)";
/// Whose telephone it is.
const WHO: &str = "LEFT JOIN participant p ON p.id = c.participant";

impl ReadTx<'_> {
    /// Everything that is going on.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn going_on(&self) -> Result<GoingOn, StoreError> {
        // Whom a neighbour's leg dials stands with the search already.
        let sql = format!(
            "{CALL} FROM call c INDEXED BY call_live_participant {WHO}
             WHERE c.ended_at IS NULL AND c.role = 'caller' AND c.sid NOT IN (
               SELECT b.sid FROM callback b JOIN request r ON r.id = b.request
               WHERE b.ended_at IS NULL AND b.attempt IS NOT NULL AND b.sid IS NOT NULL
                 AND r.closed_at IS NULL)
             ORDER BY c.id"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([])?;
        let mut calls = Vec::new();
        while let Some(row) = rows.next()? {
            calls.push(self.call_of(row)?);
        }
        Ok(GoingOn { calls, in_background: self.in_background()? })
    }

    /// One call, also when it is over.
    ///
    /// # Errors
    /// As [`ReadTx::going_on`].
    pub fn call_seen(&self, call: CallId) -> Result<Option<CallSeen>, StoreError> {
        let mut select =
            self.db.prepare_cached(&format!("{CALL} FROM call c {WHO} WHERE c.id = ?1"))?;
        let mut rows = select.query([call.0])?;
        rows.next()?.map(|row| self.call_of(row)).transpose()
    }

    /// Where a leg stands after this step of it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn leg_stands(&self, call: CallId, step: i64) -> Result<LegStands, StoreError> {
        let position = self
            .db
            .prepare_cached("SELECT position FROM call WHERE id = ?1")?
            .query_row([call.0], |row| row.get(0))
            .optional()?
            .flatten();
        let step = u32::try_from(step).ok();
        let answer = match step {
            Some(step) => self.answer_of(call, step)?,
            None => None,
        };
        Ok(LegStands { position, answer })
    }

    /// Promises that are not kept, by line.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn promises_open(&self, now: Timestamp) -> Result<Vec<PromisesOpen>, StoreError> {
        let sql = "SELECT line, count(*), total(due_at < ?1) FROM promise
                   WHERE kept_at IS NULL GROUP BY line";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([now.0], |row| {
            Ok(PromisesOpen {
                line: row.get(0)?,
                open: row.get::<_, u32>(1)? as usize,
                overdue: row.get::<_, f64>(2)? as usize,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Since when the provider does not do what it is asked; none while it does.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn provider_trouble(&self) -> Result<Option<Timestamp>, StoreError> {
        let mut select = self.db.prepare_cached("SELECT since FROM provider_trouble")?;
        Ok(select.query_row([], |row| row.get(0)).optional()?.map(Timestamp))
    }

    fn in_background(&self) -> Result<Vec<BackgroundSeen>, StoreError> {
        let sql = "SELECT r.id, r.line, coalesce(c.caller, '\"withheld\"'), coalesce(p.name, ''),
              p.id IS NOT NULL
            FROM request r LEFT JOIN call c ON c.id = r.call
              LEFT JOIN participant p ON p.id = r.participant
            WHERE r.closed_at IS NULL AND (c.id IS NULL OR c.ended_at IS NOT NULL)
            ORDER BY r.id";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query([])?;
        let mut searches = Vec::new();
        while let Some(row) = rows.next()? {
            let Some(search) = self.search_of(RequestId(row.get(0)?))? else { continue };
            searches.push(BackgroundSeen { line: phone(row, 1)?, asker: asker(row, 2)?, search });
        }
        Ok(searches)
    }

    fn call_of(&self, row: &Row<'_>) -> Result<CallSeen, StoreError> {
        let call = CallId(row.get(0)?);
        Ok(CallSeen {
            call,
            line: phone(row, 1)?,
            asker: asker(row, 2)?,
            since: Timestamp(row.get(5)?),
            ended_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
            step: row.get(7)?,
            searches: self.searches_of_leg(call)?,
            called_back: row.get(8)?,
        })
    }
}

/// From three columns: the caller as stored, the participant's name, and whether there is one.
fn asker(row: &Row<'_>, at: usize) -> Result<Asker, StoreError> {
    let caller: Option<Caller> = serde_json::from_str(row.get_ref(at)?.as_str().unwrap_or("")).ok();
    Ok(Asker {
        name: row.get(at + 1)?,
        known: row.get(at + 2)?,
        withheld: caller.is_none_or(|caller| caller == Caller::Withheld),
    })
}
