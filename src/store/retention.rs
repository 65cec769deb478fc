//! What is due to be forgotten, and the forgetting, a few rows at a time.
//!
//! The periods are not here but in [`crate::privacy::retention`]. What is due is looked up beside
//! the writer; the writer then erases some tens of rows in a transaction, each looked at once more,
//! so that no call waits and a round may be broken off and begun anew at any row. What goes on (a
//! leg, a search, an open promise) is not due.

mod sweeps;

use rusqlite::types::Value;

use super::{ReadTx, StoreError, Tx};
use crate::domain::{ParticipantId, Timestamp};
use crate::privacy::{Kept, RULES, rule};

pub use sweeps::Sweep;
use sweeps::{Erase, SWEEPS};

/// A row that is due.
#[derive(Debug, Clone, PartialEq)]
pub struct DueRow(Value);

/// How much of one kind is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueCount {
    /// Which kind.
    pub kept: Kept,
    /// How many rows.
    pub rows: u64,
    /// From when the oldest is, where rows have a moment.
    pub oldest: Option<Timestamp>,
    /// From when the newest is.
    pub newest: Option<Timestamp>,
}

/// What came of erasing some rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// How many were erased; others were no longer due, or have to wait.
    pub rows: u64,
    /// Recordings, by their id, that the provider still has: they are to be deleted there.
    pub recordings: Vec<String>,
}

/// Every sweep of a round, in its order.
pub fn sweeps() -> impl Iterator<Item = &'static Sweep> {
    SWEEPS.iter()
}

impl ReadTx<'_> {
    /// How much of every kind is due now. `flows_in_use` is the version that calls begin with;
    /// without it old versions are not looked for.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn due_to_forget(
        &self,
        now: Timestamp,
        flows_in_use: Option<&str>,
    ) -> Result<Vec<DueCount>, StoreError> {
        let mut counts: Vec<DueCount> = RULES
            .iter()
            .map(|rule| DueCount { kept: rule.kept, rows: 0, oldest: None, newest: None })
            .collect();
        for sweep in SWEEPS.iter().filter(|sweep| sweep.runs(flows_in_use)) {
            let Sweep { table, at, due, .. } = sweep;
            let sql = format!(
                "SELECT count(*), min({at}), max({at}) FROM {table} t WHERE ({due}) AND ?2 IS ?2"
            );
            let found: (u32, Option<i64>, Option<i64>) =
                self.db.prepare(&sql)?.query_row((sweep.before(now), flows_in_use), |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
                })?;
            let Some(count) = counts.iter_mut().find(|count| count.kept == sweep.kept) else {
                continue;
            };
            let (oldest, newest) = (found.1.map(Timestamp), found.2.map(Timestamp));
            count.rows += u64::from(found.0);
            count.oldest = count.oldest.into_iter().chain(oldest).min();
            count.newest = count.newest.into_iter().chain(newest).max();
        }
        Ok(counts)
    }

    /// Some rows of a sweep that are due, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn due_rows(
        &self,
        sweep: &Sweep,
        now: Timestamp,
        flows_in_use: Option<&str>,
        most: usize,
    ) -> Result<Vec<DueRow>, StoreError> {
        if !sweep.runs(flows_in_use) {
            return Ok(Vec::new());
        }
        let Sweep { table, key, due, .. } = sweep;
        let sql = format!("SELECT {key} FROM {table} t WHERE ({due}) AND ?2 IS ?2 LIMIT ?3");
        let mut select = self.db.prepare(&sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = select
            .query_map((sweep.before(now), flows_in_use, most), |row| row.get(0).map(DueRow))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the last round of forgetting was done; none when there was none.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn last_forgotten(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT max(begun_at) FROM forgotten WHERE done_at IS NOT NULL";
        let at: Option<i64> = self.db.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(at.map(Timestamp))
    }
}

impl Tx<'_> {
    /// Erases these rows of a sweep, as far as they are still due.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn forget(
        &mut self,
        sweep: &Sweep,
        rows: &[DueRow],
        now: Timestamp,
        flows_in_use: Option<&str>,
    ) -> Result<Erased, StoreError> {
        self.thoroughly(|tx| {
            let mut erased = Erased::default();
            for DueRow(key) in rows {
                if tx.still_due(sweep, key, now, flows_in_use)? {
                    tx.forget_one(sweep, key, now, &mut erased)?;
                }
            }
            Ok(erased)
        })
    }

    fn still_due(
        &mut self,
        sweep: &Sweep,
        key: &Value,
        now: Timestamp,
        flows_in_use: Option<&str>,
    ) -> Result<bool, StoreError> {
        let Sweep { table, key: column, due, .. } = sweep;
        let sql = format!("SELECT 1 FROM {table} t WHERE {column} = ?3 AND ({due}) AND ?2 IS ?2");
        Ok(self.db.prepare_cached(&sql)?.exists((sweep.before(now), flows_in_use, key))?)
    }

    fn forget_one(
        &mut self,
        sweep: &Sweep,
        key: &Value,
        now: Timestamp,
        erased: &mut Erased,
    ) -> Result<(), StoreError> {
        match (&sweep.erase, key) {
            (Erase::Rows { at_provider, statements }, key) => {
                if let Some(sql) = at_provider {
                    let mut select = self.db.prepare_cached(sql)?;
                    let sids = select.query_map([key], |row| row.get::<_, String>(0))?;
                    erased.recordings.extend(sids.collect::<Result<Vec<_>, _>>()?);
                }
                for sql in *statements {
                    self.db.prepare_cached(sql)?.execute([key])?;
                }
                erased.rows += 1;
            }
            (Erase::Person, Value::Integer(id)) => {
                let person = self.erase_participant(ParticipantId(*id), now)?;
                if let super::Erasing::Done(person) = person {
                    erased.rows += 1;
                    erased.recordings.extend(person.recordings);
                }
            }
            (Erase::Person, _) => return Err(StoreError::Damaged("participant")),
        }
        Ok(())
    }

    /// What `erase` deletes or overwrites is gone from the file as well, not only from the tables.
    pub(super) fn thoroughly<T>(
        &mut self,
        erase: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let secure =
            |how: &str| self.db.query_row(&format!("PRAGMA secure_delete = {how}"), [], |_| Ok(()));
        secure("ON")?;
        let done = erase(&mut Tx { db: self.db, bench: self.bench });
        secure("FAST")?;
        done
    }

    /// A round of forgetting begins, or is begun anew.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn begin_forgetting(&mut self, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO forgotten (day, begun_at) VALUES (?1, ?2)
                 ON CONFLICT (day) DO UPDATE SET begun_at = excluded.begun_at, done_at = NULL",
            )?
            .execute((day(now), now.0))?;
        Ok(())
    }

    /// The round that began at `begun` erased so many more rows of a kind.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn count_forgotten(
        &mut self,
        begun: Timestamp,
        kept: Kept,
        rows: u64,
    ) -> Result<(), StoreError> {
        let path = format!("$.{}", super::word(&kept).replace('-', "_"));
        self.db
            .prepare_cached(
                "UPDATE forgotten SET erased =
                   json_set(erased, ?2, coalesce(json_extract(erased, ?2), 0) + ?3) WHERE day = ?1",
            )?
            .execute((day(begun), path, i64::try_from(rows).unwrap_or(i64::MAX)))?;
        Ok(())
    }

    /// The round that began at `begun` is done.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn done_forgetting(&mut self, begun: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE forgotten SET done_at = ?2 WHERE day = ?1")?
            .execute((day(begun), now.0))?;
        Ok(())
    }
}

impl Sweep {
    fn before(&self, now: Timestamp) -> i64 {
        rule(self.kept).due_before(now).0
    }

    fn runs(&self, flows_in_use: Option<&str>) -> bool {
        self.kept != Kept::OldFlows || flows_in_use.is_some()
    }
}

fn day(now: Timestamp) -> String {
    now.wall_clock().date().to_string()
}

#[cfg(test)]
mod tests;
