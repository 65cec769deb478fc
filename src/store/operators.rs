//! Who works at the desk: names, roles, what each sees, and what they log in with.

use rusqlite::{Connection, OptionalExtension, Row};

use super::{ReadTx, StoreError, Tx, from_word, word};
use crate::domain::{Operator, OperatorId, Phone, Postcode, Role, Timestamp};

/// Somebody to be added.
#[derive(Clone)]
pub struct NewOperator {
    /// What they log in with; not another's, in whatever letter case.
    pub name: String,
    /// What they do.
    pub role: Role,
    /// Their password as a hash, a PHC string.
    pub password: String,
    /// Whether somebody else chose it: they choose their own when they first log in.
    pub password_given: bool,
    /// The lines that an operator works for.
    pub lines: Vec<Phone>,
    /// The postcodes that a coordinator looks after.
    pub areas: Vec<Postcode>,
}

/// Somebody as an administrator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub operator: Operator,
    /// Whether a second factor is set.
    pub second_factor: bool,
    /// Recovery codes that are left.
    pub recovery_codes: u32,
    /// Since when they may not log in.
    pub off_at: Option<Timestamp>,
    /// When they were last seen at the desk, as far as they are still logged in.
    pub seen_at: Option<Timestamp>,
}

/// What somebody logs in with.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Who.
    pub operator: Operator,
    /// The hash of their password, a PHC string.
    pub password: String,
    /// Whether somebody else chose it.
    pub password_given: bool,
    /// The sealed secret of their second factor.
    pub totp_secret: Option<Vec<u8>>,
    /// Since when they may not log in.
    pub off_at: Option<Timestamp>,
}

/// Why an operator is not changed.
#[derive(Debug, thiserror::Error)]
pub enum OperatorFault {
    /// Somebody else has this name.
    #[error("there is an operator of this name already; choose another name")]
    NameTaken,
    /// Nobody could add or change operators on the web any more.
    #[error(
        "this is the last administrator who can log in; make somebody else administrator first"
    )]
    LastAdministrator,
    /// No such operator.
    #[error("there is no such operator; `burenhulp operator list` shows who there are")]
    Unknown,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for OperatorFault {
    fn from(fault: rusqlite::Error) -> Self {
        Self::Store(fault.into())
    }
}

const COLUMNS: &str = "o.id, o.name, o.role, o.password, o.totp_secret, o.off_at,
  o.password_given";

impl Tx<'_> {
    /// Adds somebody.
    ///
    /// # Errors
    /// [`OperatorFault::NameTaken`], or [`StoreError`] of the database.
    pub fn add_operator(
        &mut self,
        new: &NewOperator,
        now: Timestamp,
    ) -> Result<OperatorId, OperatorFault> {
        if credentials(self.db, "o.name = ?1", &new.name)?.is_some() {
            return Err(OperatorFault::NameTaken);
        }
        self.db
            .prepare_cached(
                "INSERT INTO operator (name, role, password, password_given, made_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((&new.name, word(&new.role), &new.password, new.password_given, now.0))?;
        let id = OperatorId(self.db.last_insert_rowid());
        self.set_operator_scope(id, &new.lines, &new.areas)?;
        Ok(id)
    }

    /// Whoever has this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn operator_credentials(
        &mut self,
        id: OperatorId,
    ) -> Result<Option<Credentials>, StoreError> {
        credentials(self.db, "o.id = ?1", id.0)
    }

    /// Whoever has this name, in whatever letter case.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn operator_named(&mut self, name: &str) -> Result<Option<Credentials>, StoreError> {
        credentials(self.db, "o.name = ?1", name)
    }

    /// Settles which lines and which postcodes are somebody's.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_operator_scope(
        &mut self,
        id: OperatorId,
        lines: &[Phone],
        areas: &[Postcode],
    ) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM operator_line WHERE operator = ?1")?.execute([id.0])?;
        self.db.prepare_cached("DELETE FROM operator_area WHERE operator = ?1")?.execute([id.0])?;
        for line in lines {
            let sql = "INSERT OR IGNORE INTO operator_line (operator, line) VALUES (?1, ?2)";
            self.db.prepare_cached(sql)?.execute((id.0, line.e164()))?;
        }
        for area in areas {
            let sql = "INSERT OR IGNORE INTO operator_area (operator, postcode) VALUES (?1, ?2)";
            self.db.prepare_cached(sql)?.execute((id.0, area.number()))?;
        }
        Ok(())
    }

    /// Gives somebody another role.
    ///
    /// # Errors
    /// [`OperatorFault::LastAdministrator`], [`OperatorFault::Unknown`], or [`StoreError`].
    pub fn set_operator_role(&mut self, id: OperatorId, role: Role) -> Result<(), OperatorFault> {
        if role != Role::Administrator {
            self.another_administrator_than(id)?;
        }
        self.change(id, "UPDATE operator SET role = ?2 WHERE id = ?1", word(&role))
    }

    /// Gives somebody another password (its hash), and ends every session of theirs: whoever knew
    /// the old one is out. `given` when somebody else chose it.
    ///
    /// # Errors
    /// [`OperatorFault::Unknown`], or [`StoreError`] of the database.
    pub fn set_operator_password(
        &mut self,
        id: OperatorId,
        password: &str,
        given: bool,
    ) -> Result<(), OperatorFault> {
        self.change(id, "UPDATE operator SET password = ?2 WHERE id = ?1", password)?;
        self.change(id, "UPDATE operator SET password_given = ?2 WHERE id = ?1", given)?;
        Ok(self.end_sessions_of(id)?)
    }

    /// Switches somebody off: their sessions end in this very transaction. Twice is once.
    ///
    /// # Errors
    /// [`OperatorFault::LastAdministrator`], [`OperatorFault::Unknown`], or [`StoreError`].
    pub fn switch_operator_off(
        &mut self,
        id: OperatorId,
        now: Timestamp,
    ) -> Result<(), OperatorFault> {
        self.another_administrator_than(id)?;
        let sql = "UPDATE operator SET off_at = coalesce(off_at, ?2) WHERE id = ?1";
        self.change(id, sql, now.0)?;
        Ok(self.end_sessions_of(id)?)
    }

    /// Lets somebody log in again.
    ///
    /// # Errors
    /// [`OperatorFault::Unknown`], or [`StoreError`] of the database.
    pub fn switch_operator_on(&mut self, id: OperatorId) -> Result<(), OperatorFault> {
        self.change(id, "UPDATE operator SET off_at = ?2 WHERE id = ?1", None::<i64>)
    }

    fn change(
        &mut self,
        id: OperatorId,
        sql: &str,
        value: impl rusqlite::ToSql,
    ) -> Result<(), OperatorFault> {
        match self.db.prepare_cached(sql)?.execute((id.0, value))? {
            0 => Err(OperatorFault::Unknown),
            _ => Ok(()),
        }
    }

    /// Somebody has to be able to let others in.
    fn another_administrator_than(&mut self, id: OperatorId) -> Result<(), OperatorFault> {
        let sql = "SELECT count(*) FILTER (WHERE id = ?1), count(*) FILTER (WHERE id <> ?1)
                   FROM operator WHERE role = 'administrator' AND off_at IS NULL";
        let (theirs, others): (i64, i64) =
            self.db.prepare_cached(sql)?.query_row([id.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if theirs > 0 && others == 0 { Err(OperatorFault::LastAdministrator) } else { Ok(()) }
    }
}

impl ReadTx<'_> {
    /// Whoever has this name, in whatever letter case.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn operator_named(&self, name: &str) -> Result<Option<Credentials>, StoreError> {
        credentials(self.db, "o.name = ?1", name)
    }

    /// Whoever has this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn operator_credentials(&self, id: OperatorId) -> Result<Option<Credentials>, StoreError> {
        credentials(self.db, "o.id = ?1", id.0)
    }

    /// Everybody, those who may log in first, by name.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn colleagues(&self) -> Result<Vec<Colleague>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS}, (SELECT count(*) FROM recovery_code r WHERE r.operator = o.id),
               (SELECT max(seen_at) FROM session s WHERE s.operator = o.id AND s.stage = 'in')
             FROM operator o ORDER BY o.off_at IS NOT NULL, o.name COLLATE NOCASE"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let mut rows = select.query([])?;
        let mut colleagues = Vec::new();
        while let Some(row) = rows.next()? {
            let Credentials { operator, totp_secret, off_at, .. } = read(self.db, row)?;
            colleagues.push(Colleague {
                operator,
                second_factor: totp_secret.is_some(),
                recovery_codes: row.get(7)?,
                off_at,
                seen_at: row.get::<_, Option<i64>>(8)?.map(Timestamp),
            });
        }
        Ok(colleagues)
    }
}

fn credentials(
    db: &Connection,
    which: &str,
    value: impl rusqlite::ToSql,
) -> Result<Option<Credentials>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM operator o WHERE {which}");
    let mut select = db.prepare_cached(&sql)?;
    let mut rows = select.query([value])?;
    rows.next()?.map(|row| read(db, row)).transpose()
}

/// The operator of this row, with what they see.
pub(super) fn operator(db: &Connection, id: i64) -> Result<Option<Operator>, StoreError> {
    let sql = "SELECT name, role FROM operator WHERE id = ?1";
    let found = db
        .prepare_cached(sql)?
        .query_row([id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))
        .optional()?;
    let Some((name, role)) = found else { return Ok(None) };
    with_scope(db, id, name, &role).map(Some)
}

fn read(db: &Connection, row: &Row<'_>) -> Result<Credentials, StoreError> {
    let role: String = row.get(2)?;
    Ok(Credentials {
        operator: with_scope(db, row.get(0)?, row.get(1)?, &role)?,
        password: row.get(3)?,
        password_given: row.get(6)?,
        totp_secret: row.get(4)?,
        off_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
    })
}

fn with_scope(db: &Connection, id: i64, name: String, role: &str) -> Result<Operator, StoreError> {
    let mut lines = db.prepare_cached("SELECT line FROM operator_line WHERE operator = ?1")?;
    let lines = lines.query_map([id], |row| row.get::<_, String>(0))?;
    let mut areas = db.prepare_cached("SELECT postcode FROM operator_area WHERE operator = ?1")?;
    let areas = areas.query_map([id], |row| row.get::<_, u16>(0))?;
    let damaged = StoreError::Damaged("operator");
    let (lines, areas): (Vec<_>, Vec<_>) = (
        lines.collect::<rusqlite::Result<Vec<_>>>()?,
        areas.collect::<rusqlite::Result<Vec<_>>>()?,
    );
    let lines = lines.iter().map(|number| Phone::from_stored(number).ok()).collect();
    let areas = areas.into_iter().map(|number| Postcode::try_from(number).ok()).collect();
    let (Some(lines), Some(areas)) = (lines, areas) else { return Err(damaged) };
    Ok(Operator { id: OperatorId(id), name, role: from_word(role, "operator")?, lines, areas })
}
