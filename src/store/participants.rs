//! People known to the exchange.

use rusqlite::OptionalExtension;

use super::{StoreError, Tx};
use crate::dispatch::choose::Pause;
use crate::domain::{ParticipantId, Phone, Postcode};

/// Somebody, as far as a call needs to know them.
#[derive(Debug, Clone, PartialEq)]
pub struct Participant {
    /// Their row.
    pub id: ParticipantId,
    /// Where they live.
    pub postcode: Option<Postcode>,
    /// Whether they may be rung at all.
    pub consented: bool,
}

impl Tx<'_> {
    /// The participant with this number.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn participant_by_phone(
        &mut self,
        phone: &Phone,
    ) -> Result<Option<Participant>, StoreError> {
        let sql = "SELECT id, postcode, consented FROM participant WHERE phone = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([phone.e164()], read).optional()?)
    }

    /// The participant of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn participant(&mut self, id: ParticipantId) -> Result<Option<Participant>, StoreError> {
        let sql = "SELECT id, postcode, consented FROM participant WHERE id = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([id.0], read).optional()?)
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
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Participant> {
    let postcode: u16 = row.get(1)?;
    Ok(Participant {
        id: ParticipantId(row.get(0)?),
        postcode: Postcode::try_from(postcode).ok(),
        consented: row.get(2)?,
    })
}
