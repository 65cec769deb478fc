//! Searches as somebody sees them who looks on: the demo, and the board of the desk.
//! It only reads.

use super::calls::phone;
use super::requests::RequestKind;
use super::{ReadTx, StoreError, from_word};
use crate::dispatch::{AttemptResult, Outcome};
use crate::domain::{
    AttemptId, CallId, Language, ParticipantId, Phone, Postcode, RequestId, ServiceId, Timestamp,
};

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
    /// That place in words; empty when it is not known.
    pub place: String,
    /// When it was asked.
    pub opened_at: Timestamp,
    /// When the search was over.
    pub closed_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What the caller said afterwards: it worked out, or not.
    pub worked_out: Option<bool>,
    /// Whoever asked is, or was, to be called back.
    pub called_back: bool,
    /// Whoever was rung, in order.
    pub attempts: Vec<AttemptSeen>,
}

/// One ring.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptSeen {
    /// Its row.
    pub id: AttemptId,
    /// Who; none for somebody at the desk, and for somebody who is known no longer.
    pub participant: Option<ParticipantId>,
    /// What they are called; empty when that is not known.
    pub name: String,
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

/// The columns that [`ReadTx::searches`] reads.
const SEARCH: &str = "r.id, r.kind, r.service, r.postcode, r.opened_at, r.closed_at, r.outcome,
   r.worked_out, r.call_back IS NOT NULL,
   coalesce((SELECT iif(neighbourhood = '', place, neighbourhood) FROM place
     WHERE postcode = r.postcode), '')";

impl ReadTx<'_> {
    /// The searches of the call with this id of the provider, the first one first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn searches_of_call(&self, sid: &str) -> Result<Vec<SearchSeen>, StoreError> {
        self.searches(
            &format!(
                "SELECT {SEARCH} FROM request r JOIN call c ON c.id = r.call
                 WHERE c.sid = ?1 ORDER BY r.id"
            ),
            [sid],
        )
    }

    /// The searches of this leg, the first one first.
    pub(super) fn searches_of_leg(&self, call: CallId) -> Result<Vec<SearchSeen>, StoreError> {
        let sql = format!("SELECT {SEARCH} FROM request r WHERE r.call = ?1 ORDER BY r.id");
        self.searches(&sql, [call.0])
    }

    /// The search of this request.
    pub(super) fn search_of(&self, request: RequestId) -> Result<Option<SearchSeen>, StoreError> {
        let sql = format!("SELECT {SEARCH} FROM request r WHERE r.id = ?1");
        Ok(self.searches(&sql, [request.0])?.pop())
    }

    fn searches(
        &self,
        sql: &str,
        of: impl rusqlite::Params,
    ) -> Result<Vec<SearchSeen>, StoreError> {
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query(of)?;
        let mut searches = Vec::new();
        while let Some(row) = rows.next()? {
            let service: Option<String> = row.get(2)?;
            let postcode: Option<u16> = row.get(3)?;
            let outcome: Option<String> = row.get(6)?;
            let request = RequestId(row.get(0)?);
            searches.push(SearchSeen {
                request,
                kind: match row.get_ref(1)?.as_str() {
                    Ok("desk") => RequestKind::Desk,
                    _ => RequestKind::Neighbour,
                },
                service: service.and_then(|id| ServiceId::parse(&id).ok()),
                postcode: postcode.and_then(|pc| Postcode::try_from(pc).ok()),
                opened_at: Timestamp(row.get(4)?),
                closed_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                outcome: outcome.map(|word| from_word(&word, "request")).transpose()?,
                worked_out: row.get(7)?,
                called_back: row.get(8)?,
                place: row.get(9)?,
                attempts: self.attempts_of(request)?,
            });
        }
        Ok(searches)
    }

    pub(super) fn attempts_of(&self, request: RequestId) -> Result<Vec<AttemptSeen>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT a.id, a.phone, a.reason, a.reserved_at, a.picked_up_at, a.accepted_at,
               a.ended_at, a.result, a.sid IS NOT NULL, a.participant, coalesce(p.name, '')
             FROM attempt a LEFT JOIN participant p ON p.id = a.participant
             WHERE a.request = ?1 ORDER BY a.id",
        )?;
        let mut rows = select.query([request.0])?;
        let mut attempts = Vec::new();
        while let Some(row) = rows.next()? {
            let moment = |at| Ok::<_, StoreError>(row.get::<_, Option<i64>>(at)?.map(Timestamp));
            let result: Option<String> = row.get(7)?;
            attempts.push(AttemptSeen {
                id: AttemptId(row.get(0)?),
                participant: row.get::<_, Option<i64>>(9)?.map(ParticipantId),
                name: row.get(10)?,
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
