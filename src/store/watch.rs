//! A call's searches as somebody sees them who looks on: the demo today, the desk tomorrow.
//! It only reads.

use super::calls::phone;
use super::requests::RequestKind;
use super::{ReadTx, StoreError, from_word};
use crate::dispatch::{AttemptResult, Outcome};
use crate::domain::{AttemptId, Language, Phone, Postcode, RequestId, ServiceId, Timestamp};

/// A request and everybody who was rung for it, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchSeen {
    /// The request.
    pub request: RequestId,
    /// Whom somebody asks for.
    pub kind: RequestKind,
    /// For what; none when the desk is asked for.
    pub service: Option<ServiceId>,
    /// Where; none when the desk is asked for.
    pub postcode: Option<Postcode>,
    /// When it was asked.
    pub opened_at: Timestamp,
    /// When the search was over.
    pub closed_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What the caller said afterwards: it worked out, or not.
    pub worked_out: Option<bool>,
    /// Whoever was rung, in order.
    pub attempts: Vec<AttemptSeen>,
}

/// One ring.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptSeen {
    /// Its row.
    pub id: AttemptId,
    /// Which telephone.
    pub phone: Phone,
    /// Why this person, one sentence for each of [`Language::ALL`].
    reasons: String,
    /// When the person was chosen.
    pub reserved_at: Timestamp,
    /// Whether the provider has begun to ring them; the caller may still be hearing a sentence.
    pub dialled: bool,
    /// When it was picked up.
    pub picked_up_at: Option<Timestamp>,
    /// When the first yes was said.
    pub accepted_at: Option<Timestamp>,
    /// When the leg was over.
    pub ended_at: Option<Timestamp>,
    /// How it turned out.
    pub result: Option<AttemptResult>,
}

impl AttemptSeen {
    /// Why this person was chosen; nothing for somebody at the desk, who is rung in a set order.
    pub fn reason(&self, language: Language) -> &str {
        let at = Language::ALL.iter().position(|l| *l == language).unwrap_or(0);
        let mut reasons = self.reasons.lines();
        // Rows of before there were two languages have the first one only.
        let first = reasons.clone().next().unwrap_or_default();
        reasons.nth(at).unwrap_or(first)
    }
}

impl ReadTx<'_> {
    /// The searches of the call with this id of the provider, the first one first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn searches_of_call(&self, sid: &str) -> Result<Vec<SearchSeen>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT r.id, r.kind, r.service, r.postcode, r.opened_at, r.closed_at, r.outcome,
               r.worked_out
             FROM request r JOIN call c ON c.id = r.call WHERE c.sid = ?1 ORDER BY r.id",
        )?;
        let mut rows = select.query([sid])?;
        let mut searches = Vec::new();
        while let Some(row) = rows.next()? {
            let kind: String = row.get(1)?;
            let service: Option<String> = row.get(2)?;
            let postcode: Option<u16> = row.get(3)?;
            let outcome: Option<String> = row.get(6)?;
            let request = RequestId(row.get(0)?);
            searches.push(SearchSeen {
                request,
                kind: match kind.as_str() {
                    "desk" => RequestKind::Desk,
                    _ => RequestKind::Neighbour,
                },
                service: service.and_then(|id| ServiceId::parse(&id).ok()),
                postcode: postcode.and_then(|pc| Postcode::try_from(pc).ok()),
                opened_at: Timestamp(row.get(4)?),
                closed_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                outcome: outcome.map(|word| from_word(&word, "request")).transpose()?,
                worked_out: row.get(7)?,
                attempts: self.attempts_of(request)?,
            });
        }
        Ok(searches)
    }

    fn attempts_of(&self, request: RequestId) -> Result<Vec<AttemptSeen>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT id, phone, reason, reserved_at, picked_up_at, accepted_at, ended_at, result,
               sid IS NOT NULL
             FROM attempt WHERE request = ?1 ORDER BY id",
        )?;
        let mut rows = select.query([request.0])?;
        let mut attempts = Vec::new();
        while let Some(row) = rows.next()? {
            let moment = |at| Ok::<_, StoreError>(row.get::<_, Option<i64>>(at)?.map(Timestamp));
            let result: Option<String> = row.get(7)?;
            attempts.push(AttemptSeen {
                id: AttemptId(row.get(0)?),
                phone: phone(row, 1)?,
                reasons: row.get(2)?,
                reserved_at: Timestamp(row.get(3)?),
                dialled: row.get(8)?,
                picked_up_at: moment(4)?,
                accepted_at: moment(5)?,
                ended_at: moment(6)?,
                result: result.map(|word| from_word(&word, "attempt")).transpose()?,
            });
        }
        Ok(attempts)
    }
}
