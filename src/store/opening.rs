//! Desk open or closed now, extra closing days, and the sentence that callers hear first.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use super::{ReadTx, StoreError, Tx};
use crate::domain::{
    DeskExceptions, Language, OpenOrClosed, OperatorId, Phone, Sentence, Timestamp,
};

/// An extra closing day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosingDay {
    /// The day, on the Dutch calendar.
    pub day: NaiveDate,
    /// Of which line; none: of all.
    pub line: Option<Phone>,
}

/// A sentence that callers hear first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: String,
    /// Until when.
    pub until: Timestamp,
    /// Who put it there.
    pub by: OperatorId,
}

impl Tx<'_> {
    /// What differs from the office hours of this line, from today on.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_exceptions(
        &mut self,
        line: &Phone,
        now: Timestamp,
    ) -> Result<DeskExceptions, StoreError> {
        exceptions(self.db, line, now)
    }

    /// The sentence that callers of this line hear first, if there is one now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn notice(
        &mut self,
        line: &Phone,
        language: Language,
        now: Timestamp,
    ) -> Result<Option<Notice>, StoreError> {
        notice(self.db, line, language, now)
    }

    /// Opens or closes the desk of a line by hand, in the place of what was settled before. Whether
    /// that is otherwise than it was, or until another minute.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_desk(
        &mut self,
        line: &Phone,
        by_hand: OpenOrClosed,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        // Two who both say "for an hour" do not say it in the same millisecond.
        let set = self
            .db
            .prepare_cached(
                "INSERT INTO desk_by_hand (line, open, until, operator, set_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (line) DO UPDATE SET open = excluded.open, until = excluded.until,
                   operator = excluded.operator, set_at = excluded.set_at
                 WHERE open <> excluded.open OR abs(until - excluded.until) >= 60000",
            )?
            .execute((line.e164(), by_hand.open, by_hand.until.0, by.0, now.0))?;
        Ok(set == 1)
    }

    /// Lets the hours of a line count again. Whether something else was settled until now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_by_hours(&mut self, line: &Phone) -> Result<bool, StoreError> {
        let sql = "DELETE FROM desk_by_hand WHERE line = ?1";
        Ok(self.db.prepare_cached(sql)?.execute([line.e164()])? == 1)
    }

    /// Enters a closing day. Whether it was not there yet.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn add_closing_day(
        &mut self,
        closing: &ClosingDay,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "INSERT OR IGNORE INTO closing_day (day, line, operator, set_at)
                   VALUES (?1, ?2, ?3, ?4)";
        let (day, line) = (closing.day.to_string(), line_text(closing.line.as_ref()));
        Ok(self.db.prepare_cached(sql)?.execute((day, line, by.0, now.0))? == 1)
    }

    /// Takes a closing day away. Whether it was there.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remove_closing_day(&mut self, closing: &ClosingDay) -> Result<bool, StoreError> {
        let sql = "DELETE FROM closing_day WHERE day = ?1 AND line = ?2";
        let (day, line) = (closing.day.to_string(), line_text(closing.line.as_ref()));
        Ok(self.db.prepare_cached(sql)?.execute((day, line))? == 1)
    }

    /// Puts a sentence on a line, in the place of the one before. Whether that is another, or until
    /// another minute.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_notice(
        &mut self,
        line: &Phone,
        language: Language,
        text: &Sentence,
        until: Timestamp,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let set = self
            .db
            .prepare_cached(
                "INSERT INTO notice (line, language, text, until, operator, set_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (line, language) DO UPDATE SET text = excluded.text,
                   until = excluded.until, operator = excluded.operator, set_at = excluded.set_at
                 WHERE text <> excluded.text OR abs(until - excluded.until) >= 60000",
            )?
            .execute((line.e164(), language.code(), text.as_str(), until.0, by.0, now.0))?;
        Ok(set == 1)
    }

    /// Takes the sentence of a line away. Whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remove_notice(&mut self, line: &Phone, language: Language) -> Result<bool, StoreError> {
        let sql = "DELETE FROM notice WHERE line = ?1 AND language = ?2";
        Ok(self.db.prepare_cached(sql)?.execute((line.e164(), language.code()))? == 1)
    }
}

impl ReadTx<'_> {
    /// As [`Tx::desk_exceptions`].
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn desk_exceptions(
        &self,
        line: &Phone,
        now: Timestamp,
    ) -> Result<DeskExceptions, StoreError> {
        exceptions(self.db, line, now)
    }

    /// As [`Tx::notice`].
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn notice(
        &self,
        line: &Phone,
        language: Language,
        now: Timestamp,
    ) -> Result<Option<Notice>, StoreError> {
        notice(self.db, line, language, now)
    }

    /// Closing days from today on, of these lines and of all, the next one first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn closing_days(&self, now: Timestamp) -> Result<Vec<ClosingDay>, StoreError> {
        let sql = "SELECT day, line FROM closing_day WHERE day >= ?1 ORDER BY day, line";
        let mut select = self.db.prepare_cached(sql)?;
        let mut rows = select.query([today(now)])?;
        let mut days = Vec::new();
        while let Some(row) = rows.next()? {
            let (day, line): (String, String) = (row.get(0)?, row.get(1)?);
            let damaged = || StoreError::Damaged("closing_day");
            let line = match line.as_str() {
                "" => None,
                line => Some(Phone::from_stored(line).map_err(|_| damaged())?),
            };
            days.push(ClosingDay { day: day.parse().map_err(|_| damaged())?, line });
        }
        Ok(days)
    }
}

fn exceptions(db: &Connection, line: &Phone, now: Timestamp) -> Result<DeskExceptions, StoreError> {
    let sql = "SELECT open, until FROM desk_by_hand WHERE line = ?1 AND until > ?2";
    let by_hand = db.prepare_cached(sql)?.query_row((line.e164(), now.0), |row| {
        Ok(OpenOrClosed { open: row.get(0)?, until: Timestamp(row.get(1)?) })
    });
    let sql = "SELECT day FROM closing_day WHERE day >= ?2 AND line IN ('', ?1)";
    let mut select = db.prepare_cached(sql)?;
    let days = select.query_map((line.e164(), today(now)), |row| row.get::<_, String>(0))?;
    let mut closed_on = BTreeSet::new();
    for day in days {
        closed_on.insert(day?.parse().map_err(|_| StoreError::Damaged("closing_day"))?);
    }
    Ok(DeskExceptions { by_hand: by_hand.optional()?, closed_on })
}

fn notice(
    db: &Connection,
    line: &Phone,
    language: Language,
    now: Timestamp,
) -> Result<Option<Notice>, StoreError> {
    let sql = "SELECT text, until, operator FROM notice
               WHERE line = ?1 AND language = ?2 AND until > ?3";
    let key = (line.e164(), language.code(), now.0);
    let notice = db.prepare_cached(sql)?.query_row(key, |row| {
        let (until, by) = (Timestamp(row.get(1)?), OperatorId(row.get(2)?));
        Ok(Notice { text: row.get(0)?, until, by })
    });
    Ok(notice.optional()?)
}

fn today(now: Timestamp) -> String {
    now.wall_clock().date().to_string()
}

fn line_text(line: Option<&Phone>) -> &str {
    line.map_or("", Phone::e164)
}
