//! Messages for the desk: their sound, sealed, and what became of it.

use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

use super::{ReadTx, StoreError, Tx, from_word, word};

/// Where the sound of a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SoundState {
    /// At the provider still: it is asked for until it is here.
    Waiting,
    /// Here, sealed.
    Here,
    /// At the provider, and too large to be fetched.
    TooLarge,
    /// The provider does not have it, or does not give it.
    Lost,
}

/// A sealed sound.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSound {
    /// Its media type, as the provider gave it.
    pub content_type: String,
    /// Sealed by [`super::sealed::seal`].
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for SealedSound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedSound({}, {} bytes)", self.content_type, self.sealed.len())
    }
}

/// Where the provider keeps a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtProvider {
    /// Its address there.
    pub url: String,
    /// Its id there.
    pub sid: Option<String>,
    /// Where its sound is.
    pub sound: SoundState,
}

impl Tx<'_> {
    /// Keeps the sealed sound of a message. Whether the message is still there.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn keep_message_sound(
        &mut self,
        message: i64,
        sound: &SealedSound,
    ) -> Result<bool, StoreError> {
        if !self.set_sound_state(message, SoundState::Here)? {
            return Ok(false);
        }
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO message_sound (message, content_type, sealed)
                 VALUES (?1, ?2, ?3)",
            )?
            .execute((message, &sound.content_type, &sound.sealed))?;
        Ok(true)
    }

    /// Notes where the sound of a message is. Whether there is such a message.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_sound_state(&mut self, message: i64, state: SoundState) -> Result<bool, StoreError> {
        let sql = "UPDATE message SET sound = ?2 WHERE id = ?1";
        Ok(self.db.prepare_cached(sql)?.execute((message, word(&state)))? == 1)
    }

    /// Where the provider keeps the recording of a message.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn message_at_provider(&mut self, message: i64) -> Result<Option<AtProvider>, StoreError> {
        let sql = "SELECT recording_url, recording_sid, sound FROM message WHERE id = ?1";
        let row = self
            .db
            .prepare_cached(sql)?
            .query_row([message], |row| Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?)));
        let Some((url, sid, sound)) = row.optional()? else { return Ok(None) };
        Ok(Some(AtProvider { url, sid, sound: from_word(&sound, "message")? }))
    }
}

impl ReadTx<'_> {
    /// The sealed sound of a message.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn message_sound(&self, message: i64) -> Result<Option<SealedSound>, StoreError> {
        let sql = "SELECT content_type, sealed FROM message_sound WHERE message = ?1";
        let sound = self.db.prepare_cached(sql)?.query_row([message], |row| {
            Ok(SealedSound { content_type: row.get(0)?, sealed: row.get(1)? })
        });
        Ok(sound.optional()?)
    }
}
