//! People known to the exchange.

use rusqlite::OptionalExtension;

use super::{PromiseKind, StoreError, Tx, word};
use crate::dispatch::choose::{MOST_UNANSWERED, Pause};
use crate::dispatch::still_there::WhyAsked;
use crate::domain::{
    AttemptId, Hours, ParticipantId, Phone, Postcode, RequestId, ServiceId, Timestamp,
};

/// Somebody, as far as a call needs to know them.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// Their row.
    pub id: ParticipantId,
    /// Where they live.
    pub postcode: Option<Postcode>,
    /// Whether they may be rung at all.
    pub consented: bool,
    /// Whether they were verified on their own telephone.
    pub verified: bool,
    /// A pause that they take or took.
    pub pause: Option<Pause>,
    /// Rings in a row that nobody answered, up to now.
    pub unanswered: u32,
    /// A year went by without a word from them, and they have not said since whether they still
    /// take part.
    pub silent: bool,
}

impl Participant {
    /// Whether they take part: they opted in, and were verified.
    pub fn takes_part(&self) -> bool {
        self.consented && self.verified
    }

    /// Why they rest until they say that they still take part; `None`: they do not.
    pub fn rests(&self) -> Option<WhyAsked> {
        rests(self.silent, self.unanswered)
    }
}

/// How the question stands for which somebody was rung in vain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RungLately {
    /// Somebody else said yes.
    Solved,
    /// Nobody said yes, and nobody waits for it any more.
    Over,
    /// Others are being asked.
    Asking,
    /// Nobody was found, and the desk has promised to see to it.
    Open(RequestId),
}

const COLUMNS: &str = "id, postcode, consented, verified_at IS NOT NULL, pause_kind,
  coalesce(pause_until, 0), unanswered,
  EXISTS (SELECT 1 FROM still_there s WHERE s.participant = participant.id AND s.why = 'silent')";

impl Tx<'_> {
    /// The participant with this number.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn participant_by_phone(
        &mut self,
        phone: &Phone,
    ) -> Result<Option<Participant>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM participant WHERE phone = ?1");
        Ok(self.db.prepare_cached(&sql)?.query_row([phone.e164()], read).optional()?)
    }

    /// The participant of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn participant(&mut self, id: ParticipantId) -> Result<Option<Participant>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM participant WHERE id = ?1");
        Ok(self.db.prepare_cached(&sql)?.query_row([id.0], read).optional()?)
    }

    /// Somebody takes a pause, from now on.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn pause(&mut self, id: ParticipantId, pause: Pause) -> Result<(), StoreError> {
        let (kind, until) = match pause {
            Pause::Until(end) => ("until", Some(end.0)),
            Pause::UntilTheyCall => ("until_they_call", None),
            Pause::StopNotConfirmed => ("stop_not_confirmed", None),
        };
        self.db
            .prepare_cached(
                "UPDATE participant SET pause_kind = ?2, pause_until = ?3 WHERE id = ?1",
            )?
            .execute((id.0, kind, until))?;
        Ok(())
    }

    /// The pause is over, from now on; also one that a stop without a confirmation had made.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn resume(&mut self, id: ParticipantId) -> Result<(), StoreError> {
        let sql = "UPDATE participant SET pause_kind = NULL, pause_until = NULL WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// When somebody takes part and what for; `None` for nobody, or hours that do not read.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn hours_and_services(
        &mut self,
        id: ParticipantId,
    ) -> Result<Option<(Hours, Vec<ServiceId>)>, StoreError> {
        let sql = "SELECT hours FROM participant WHERE id = ?1";
        let hours: Option<String> =
            self.db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0)).optional()?;
        let Some(hours) = hours.and_then(|hours| Hours::parse(&hours).ok()) else {
            return Ok(None);
        };
        let sql = "SELECT DISTINCT service FROM offer WHERE participant = ?1 ORDER BY service";
        let mut select = self.db.prepare_cached(sql)?;
        let services = select.query_map([id.0], |row| row.get::<_, String>(0))?;
        let services: Vec<String> = services.collect::<Result<_, _>>()?;
        Ok(Some((hours, services.iter().filter_map(|id| ServiceId::parse(id).ok()).collect())))
    }

    /// The questions since then for which somebody was chosen and did not pick up, and how they stand;
    /// the last one first. Whether their telephone rang is known for placed calls; for others the
    /// search knows.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn rung_lately(
        &mut self,
        id: ParticipantId,
        since: Timestamp,
    ) -> Result<Vec<(AttemptId, RequestId, RungLately)>, StoreError> {
        let sql = "SELECT a.id, r.id, r.closed_at IS NULL, r.accepted IS NOT NULL,
              EXISTS (SELECT 1 FROM promise p WHERE p.request = r.id AND p.kept_at IS NULL)
            FROM attempt a JOIN request r ON r.id = a.request
            WHERE a.participant = ?1 AND a.reserved_at >= ?2 AND a.picked_up_at IS NULL
              AND a.result IS NOT 'not_placed'
              AND NOT EXISTS (SELECT 1 FROM placed w WHERE w.attempt = a.id AND w.ended_at IS NULL
                              AND w.state = 'waiting')
            ORDER BY a.reserved_at DESC LIMIT 8";
        let mut select = self.db.prepare_cached(sql)?;
        let found = select.query_map((id.0, since.0), |row| {
            let (attempt, request) = (AttemptId(row.get(0)?), RequestId(row.get(1)?));
            let [searching, accepted, promised]: [bool; 3] =
                [row.get(2)?, row.get(3)?, row.get(4)?];
            let stands = match (accepted, searching, promised) {
                (true, _, _) => RungLately::Solved,
                (false, true, _) => RungLately::Asking,
                (false, false, true) => RungLately::Open(request),
                (false, false, false) => RungLately::Over,
            };
            Ok((attempt, request, stands))
        })?;
        Ok(found.collect::<Result<_, _>>()?)
    }

    /// Whether this was promised to somebody about a request and is not kept yet.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn is_promised(
        &mut self,
        kind: PromiseKind,
        request: RequestId,
        to: ParticipantId,
    ) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM promise WHERE kind = ?1 AND request = ?2 AND participant = ?3
                     AND kept_at IS NULL";
        let mut select = self.db.prepare_cached(sql)?;
        Ok(select.exists((word(&kind), request.0, to.0))?)
    }
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Participant> {
    let postcode: u16 = row.get(1)?;
    Ok(Participant {
        id: ParticipantId(row.get(0)?),
        postcode: Postcode::try_from(postcode).ok(),
        consented: row.get(2)?,
        verified: row.get(3)?,
        pause: pause(row.get_ref(4)?.as_str_or_null()?, Timestamp(row.get(5)?)),
        unanswered: row.get(6)?,
        silent: row.get(7)?,
    })
}

/// As [`Participant::rests`].
pub(super) fn rests(silent: bool, unanswered: u32) -> Option<WhyAsked> {
    match (silent, unanswered >= MOST_UNANSWERED) {
        (true, _) => Some(WhyAsked::Silent),
        (false, true) => Some(WhyAsked::Unanswered),
        (false, false) => None,
    }
}

/// A pause as it is stored.
pub(super) fn pause(kind: Option<&str>, until: Timestamp) -> Option<Pause> {
    kind.map(|kind| match kind {
        "until" => Pause::Until(until),
        "until_they_call" => Pause::UntilTheyCall,
        _ => Pause::StopNotConfirmed,
    })
}
