//! The audit trail: who did what at the desk, when, and about whom. Only ever added to.

use super::{ReadTx, StoreError, Tx, from_word, word};
use crate::domain::{About, Deed, OperatorId, Timestamp};

/// One line of the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its row.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who, by the name of today; none for somebody on the server.
    pub operator: Option<String>,
    /// What.
    pub what: Deed,
    /// About whom; none when an older release wrote it in another way.
    pub about: Option<About>,
}

/// Which lines of the audit trail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this operator's.
    pub operator: Option<OperatorId>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
    /// Older than this row: the next page.
    pub before: Option<i64>,
}

impl Tx<'_> {
    /// Writes down who did what, and about whom: to be called in the transaction that does it.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn audit(
        &mut self,
        operator: OperatorId,
        what: Deed,
        about: &About,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.put_audit(Some(operator), what, about, now)
    }

    /// As [`Tx::audit`], for what somebody did on the server, with a command.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn audit_on_server(
        &mut self,
        what: Deed,
        about: &About,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.put_audit(None, what, about, now)
    }

    /// Whether this operator did this since then.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn audited_since(
        &mut self,
        operator: OperatorId,
        what: Deed,
        about: &About,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql =
            "SELECT 1 FROM audit WHERE about = ?3 AND operator = ?1 AND what = ?2 AND at >= ?4";
        let key = (operator.0, word(&what), about.text(), since.0);
        Ok(self.db.prepare_cached(sql)?.exists(key)?)
    }

    fn put_audit(
        &mut self,
        operator: Option<OperatorId>,
        what: Deed,
        about: &About,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "INSERT INTO audit (at, operator, what, about) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((now.0, operator.map(|id| id.0), word(&what), about.text()))?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The newest lines of the audit trail first, at most `most`.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a line does not read.
    pub fn audit(&self, filter: AuditFilter, most: usize) -> Result<Vec<AuditLine>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT a.id, a.at, o.name, a.what, a.about
             FROM audit a LEFT JOIN operator o ON o.id = a.operator
             WHERE (?1 IS NULL OR a.operator = ?1) AND (?2 IS NULL OR a.at >= ?2)
               AND (?3 IS NULL OR a.at < ?3) AND (?4 IS NULL OR a.id < ?4)
             ORDER BY a.id DESC LIMIT ?5",
        )?;
        let AuditFilter { operator, from, until, before } = filter;
        let mut rows = select.query((
            operator.map(|id| id.0),
            from.map(|at| at.0),
            until.map(|at| at.0),
            before,
            i64::try_from(most).unwrap_or(i64::MAX),
        ))?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            let (what, about): (String, String) = (row.get(3)?, row.get(4)?);
            lines.push(AuditLine {
                id: row.get(0)?,
                at: Timestamp(row.get(1)?),
                operator: row.get(2)?,
                what: from_word(&what, "audit")?,
                about: About::parse(&about),
            });
        }
        Ok(lines)
    }
}
