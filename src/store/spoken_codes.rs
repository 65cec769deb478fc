//! Codes that are spoken in a call, to log in by or to prove that a number is theirs. The database
//! knows a keyed hash of the digits, and of the browser's token its SHA-256.

use std::time::Duration;

use rusqlite::OptionalExtension;

use super::{SessionHash, StoreError, Tx};
use crate::domain::{ParticipantId, Phone, SpokenCode, Timestamp};

/// How long a code is good.
pub const CODE_LASTS: Duration = Duration::from_secs(5 * 60);
/// Wrong tries after which a code is good no more.
const TRIES: u32 = 5;

/// What somebody tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeTried {
    /// It is the right one: for this person, and the number that it proves, if it was for that. It
    /// is good no more.
    Right(ParticipantId, Option<Phone>),
    /// It is another one; so many tries are left.
    Wrong(u32),
    /// There is no code, or not any more.
    Over,
}

impl Tx<'_> {
    /// Keeps a code for whoever shows this browser's token. For nobody: it will never fit. Codes
    /// that are over go at the same time.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn keep_spoken_code(
        &mut self,
        browser: SessionHash,
        who: Option<ParticipantId>,
        proves: Option<&Phone>,
        code: &SpokenCode,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM spoken_code WHERE made_at <= ?1")?
            .execute([(now - CODE_LASTS).0])?;
        let hash = self.code_hash(browser, code);
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO spoken_code (hash, participant, phone, code, made_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((browser, who.map(|who| who.0), proves.map(Phone::e164), hash, now.0))?;
        Ok(())
    }

    /// Tries a code. A right one is good once, a wrong one counts.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a row does not read.
    pub fn try_spoken_code(
        &mut self,
        browser: SessionHash,
        code: &SpokenCode,
        now: Timestamp,
    ) -> Result<CodeTried, StoreError> {
        let sql = "SELECT participant, phone, code, tries FROM spoken_code
                   WHERE hash = ?1 AND made_at > ?2";
        let kept = self.db.prepare_cached(sql)?.query_row((browser, (now - CODE_LASTS).0), |row| {
            let who: Option<i64> = row.get(0)?;
            Ok((who, row.get::<_, Option<String>>(1)?, row.get::<_, [u8; 32]>(2)?, row.get(3)?))
        });
        let Some((who, number, hash, tries)): Option<(_, _, _, u32)> = kept.optional()? else {
            return Ok(CodeTried::Over);
        };
        if let Some(who) = who.filter(|_| hash == self.code_hash(browser, code)) {
            self.drop_spoken_code(browser)?;
            let proves = number.map(|number| Phone::from_stored(&number)).transpose();
            let proves = proves.map_err(|_| StoreError::Damaged("spoken_code"))?;
            return Ok(CodeTried::Right(ParticipantId(who), proves));
        }
        if tries + 1 >= TRIES {
            self.drop_spoken_code(browser)?;
            return Ok(CodeTried::Over);
        }
        self.db
            .prepare_cached("UPDATE spoken_code SET tries = tries + 1 WHERE hash = ?1")?
            .execute([browser])?;
        Ok(CodeTried::Wrong(TRIES - tries - 1))
    }

    /// No code that was spoken on this telephone, to log in or to prove the number, is good any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn drop_spoken_codes_on(&mut self, phone: &Phone) -> Result<(), StoreError> {
        let sql = "DELETE FROM spoken_code WHERE phone = ?1 OR (phone IS NULL
                     AND participant IN (SELECT id FROM participant WHERE phone = ?1))";
        self.db.prepare_cached(sql)?.execute([phone.e164()])?;
        Ok(())
    }

    fn drop_spoken_code(&mut self, browser: SessionHash) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM spoken_code WHERE hash = ?1")?.execute([browser])?;
        Ok(())
    }

    /// Another browser's same code has another hash.
    fn code_hash(&self, browser: SessionHash, code: &SpokenCode) -> [u8; 32] {
        let browser: String = browser.iter().map(|byte| format!("{byte:02x}")).collect();
        self.hash(&format!("code {browser} {}", code.as_str()))
    }
}
