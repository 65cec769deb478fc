//! Work that waits: timers, REST calls to make, and the flows that calls are on.

use rusqlite::OptionalExtension;

use super::{ReadTx, StoreError, Tx};
use crate::domain::{RequestId, Timestamp};

/// A timer that has come due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTimer {
    /// Of which request.
    pub request: RequestId,
    /// Its name, in the driver's own form.
    pub name: String,
}

/// A REST call to make after the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    /// What makes the same one twice one.
    pub key: String,
    /// Lower ones first among what is due.
    pub rank: u8,
    /// What to ask, in the driver's own form.
    pub payload: String,
    /// Not before.
    pub due: Timestamp,
}

/// A REST call that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Its row.
    pub id: i64,
    /// What to ask.
    pub payload: String,
    /// How often it failed.
    pub tries: u32,
}

/// Counts at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Callers' legs that are not over.
    pub live_calls: usize,
    /// REST calls that wait to be made.
    pub outbox_waiting: usize,
    /// The moment at which the one that is longest overdue should have been made.
    pub outbox_oldest_due: Option<Timestamp>,
    /// Since when the provider does nothing that it is asked; none while it does.
    pub provider_trouble_since: Option<Timestamp>,
    /// Promises that were due and are not kept.
    pub promises_overdue: usize,
    /// Promises that are not kept yet.
    pub promises_open: usize,
}

/// The rank of what only looks for reports that do not come.
pub const WATCH: u8 = 9;

impl Tx<'_> {
    /// Sets a timer of a request, in the place of one of the same name.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_timer(
        &mut self,
        request: RequestId,
        name: &str,
        due: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT OR REPLACE INTO timer (request, name, due_at) VALUES (?1, ?2, ?3)",
            )?
            .execute((request.0, name, due.0))?;
        Ok(())
    }

    /// When this timer of a request is due, if it is set.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn timer_due(
        &mut self,
        request: RequestId,
        name: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT due_at FROM timer WHERE request = ?1 AND name = ?2";
        let due = self.db.prepare_cached(sql)?.query_row((request.0, name), |row| row.get(0));
        Ok(due.optional()?.map(Timestamp))
    }

    /// That timer is no longer needed.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn cancel_timer(&mut self, request: RequestId, name: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("DELETE FROM timer WHERE request = ?1 AND name = ?2")?
            .execute((request.0, name))?;
        Ok(())
    }

    /// No timer of a request is needed any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn cancel_timers_of(&mut self, request: RequestId) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM timer WHERE request = ?1")?.execute([request.0])?;
        Ok(())
    }

    /// Timers that are due, longest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn due_timers(&mut self, now: Timestamp, most: usize) -> Result<Vec<DueTimer>, StoreError> {
        let sql = "SELECT request, name FROM timer WHERE due_at <= ?1 ORDER BY due_at LIMIT ?2";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map((now.0, i64::try_from(most).unwrap_or(i64::MAX)), |row| {
            Ok(DueTimer { request: RequestId(row.get(0)?), name: row.get(1)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Writes a REST call down; the same one, still waiting, is not written twice.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn post(&mut self, item: &OutboxItem) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO outbox (key, rank, payload, due_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key) DO NOTHING",
            )?
            .execute((&item.key, item.rank, &item.payload, item.due.0))?;
        Ok(())
    }

    /// A REST call was made, or given up.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn outbox_done(&mut self, id: i64) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// A REST call is looked at again then; that it was put off is nobody's fault.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn outbox_again(&mut self, key: &str, then: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE outbox SET due_at = ?2 WHERE key = ?1")?
            .execute((key, then.0))?;
        Ok(())
    }

    /// Nothing waits to be asked any more; only that a report does not come is looked for, then.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn outbox_watch(&mut self, key: &str, then: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached("UPDATE outbox SET due_at = ?2, rank = ?3 WHERE key = ?1")?
            .execute((key, then.0, WATCH))?;
        Ok(())
    }

    /// A REST call is no longer needed.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn outbox_withdrawn(&mut self, key: &str) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM outbox WHERE key = ?1")?.execute([key])?;
        Ok(())
    }

    /// Whether the provider did, or at least answered, the last thing that it was asked.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn provider_works(&mut self, works: bool, now: Timestamp) -> Result<(), StoreError> {
        if works {
            self.db.prepare_cached("DELETE FROM provider_trouble")?.execute([])?;
        } else {
            self.db
                .prepare_cached(
                    "INSERT OR IGNORE INTO provider_trouble (id, since) VALUES (1, ?1)",
                )?
                .execute([now.0])?;
        }
        Ok(())
    }

    /// A REST call failed and is made again then.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn outbox_retry(&mut self, id: i64, then: Timestamp, why: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE outbox SET due_at = ?2, tries = tries + 1, last_fault = ?3 WHERE id = ?1",
            )?
            .execute((id, then.0, why))?;
        Ok(())
    }

    /// Keeps a version of the flows for the calls that begin with it. Twice is once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn remember_flows(&mut self, version: &str, files: &str) -> Result<(), StoreError> {
        self.db
            .prepare_cached("INSERT OR IGNORE INTO flow_version (version, files) VALUES (?1, ?2)")?
            .execute((version, files))?;
        Ok(())
    }

    /// A version of the flows that calls began with.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn flows(&mut self, version: &str) -> Result<Option<String>, StoreError> {
        let sql = "SELECT files FROM flow_version WHERE version = ?1";
        Ok(self.db.prepare_cached(sql)?.query_row([version], |row| row.get(0)).optional()?)
    }
}

impl ReadTx<'_> {
    /// The first moment at which a timer or a REST call is due, or a leg has been quiet for
    /// `quiet`; none when nothing waits.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn next_due(&self, quiet: std::time::Duration) -> Result<Option<Timestamp>, StoreError> {
        let outbox = self.first_moment("SELECT min(due_at) FROM outbox", [])?;
        let all = [self.next_timed()?, outbox, self.next_quiet(quiet)?];
        Ok(all.into_iter().flatten().min())
    }

    /// How much is under way, waits, or is late.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn figures(&self, now: Timestamp) -> Result<Figures, StoreError> {
        let sql = "SELECT (SELECT count(*) FROM call WHERE ended_at IS NULL AND role = 'caller'),
                     (SELECT count(*) FROM outbox WHERE rank < ?2),
                     (SELECT count(*) FROM promise WHERE kept_at IS NULL AND due_at < ?1),
                     (SELECT min(due_at) FROM outbox WHERE due_at < ?1 AND rank < ?2),
                     (SELECT since FROM provider_trouble),
                     (SELECT count(*) FROM promise WHERE kept_at IS NULL)";
        Ok(self.db.prepare_cached(sql)?.query_row((now.0, WATCH), |row| {
            Ok(Figures {
                live_calls: row.get::<_, u32>(0)? as usize,
                outbox_waiting: row.get::<_, u32>(1)? as usize,
                promises_overdue: row.get::<_, u32>(2)? as usize,
                promises_open: row.get::<_, u32>(5)? as usize,
                outbox_oldest_due: row.get::<_, Option<i64>>(3)?.map(Timestamp),
                provider_trouble_since: row.get::<_, Option<i64>>(4)?.map(Timestamp),
            })
        })?)
    }

    /// The lines, by their number, for which something still waits to be done.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn lines_at_work(&self) -> Result<Vec<String>, StoreError> {
        lines_at_work(self.db)
    }

    /// Whether any timer is due.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn timer_due_by(&self, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self
            .db
            .prepare_cached("SELECT 1 FROM timer WHERE due_at <= ?1 LIMIT 1")?
            .exists([now.0])?)
    }

    /// The first moment at which a timer is due, a search was planned to begin, or somebody who signed
    /// up, or is to be asked whether they still take part, is to be rung.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn next_timed(&self) -> Result<Option<Timestamp>, StoreError> {
        self.first_moment(
            "SELECT min(at) FROM (
               SELECT min(due_at) AS at FROM timer
               UNION ALL SELECT min(starts_at) FROM intake WHERE starts_at IS NOT NULL
               UNION ALL SELECT min(rings_at) FROM sign_up WHERE rings_at IS NOT NULL
               UNION ALL SELECT min(rings_at) FROM still_there WHERE rings_at IS NOT NULL
               UNION ALL SELECT min(ring_at) FROM web_question WHERE ring_at IS NOT NULL)",
            [],
        )
    }

    /// The first moment after `now` at which a REST call of one of these two ranks is due.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn next_outbox(
        &self,
        ranks: [u8; 2],
        now: Timestamp,
    ) -> Result<Option<Timestamp>, StoreError> {
        self.first_moment(
            "SELECT min(due_at) FROM outbox WHERE due_at > ?1 AND rank IN (?2, ?3)",
            (now.0, ranks[0], ranks[1]),
        )
    }

    /// The first moment at which a leg has been quiet for `quiet`.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn next_quiet(&self, quiet: std::time::Duration) -> Result<Option<Timestamp>, StoreError> {
        let heard = self.first_moment(
            "SELECT min(heard_at) FROM call INDEXED BY call_live_participant WHERE ended_at IS NULL",
            [],
        )?;
        Ok(heard.map(|heard| heard + quiet))
    }

    fn first_moment(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
    ) -> Result<Option<Timestamp>, StoreError> {
        let at: Option<i64> = self.db.prepare_cached(sql)?.query_row(values, |row| row.get(0))?;
        Ok(at.map(Timestamp))
    }

    /// REST calls of these two ranks that are due: by rank, then oldest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn due_outbox(
        &self,
        ranks: [u8; 2],
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<Posted>, StoreError> {
        let sql = "SELECT id, payload, tries FROM outbox
                   WHERE due_at <= ?1 AND rank IN (?3, ?4) ORDER BY rank, due_at, id LIMIT ?2";
        let mut select = self.db.prepare_cached(sql)?;
        let values = (now.0, i64::try_from(most).unwrap_or(i64::MAX), ranks[0], ranks[1]);
        let rows = select.query_map(values, |row| {
            Ok(Posted { id: row.get(0)?, payload: row.get(1)?, tries: row.get(2)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// As [`ReadTx::lines_at_work`], of a database that may not be the exchange's own.
pub(super) fn lines_at_work(db: &rusqlite::Connection) -> Result<Vec<String>, StoreError> {
    let mut select = db.prepare(
        "SELECT line FROM request WHERE closed_at IS NULL
         UNION SELECT r.line FROM intake i JOIN request r ON r.id = i.request
               WHERE i.starts_at IS NOT NULL
         UNION SELECT line FROM call WHERE ended_at IS NULL
         UNION SELECT line FROM placed WHERE ended_at IS NULL
         UNION SELECT line FROM web_question WHERE ring_at IS NOT NULL
         UNION SELECT line FROM sign_up WHERE rings_at IS NOT NULL
         UNION SELECT line FROM promise WHERE kept_at IS NULL
         ORDER BY line",
    )?;
    let rows = select.query_map([], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
