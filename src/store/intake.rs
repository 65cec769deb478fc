//! Requests that are entered, at the desk mostly, how they go on from there, and how they end.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::{ReadTx, StoreError, Tx, from_word, word};
use crate::domain::{Language, OperatorId, Phone, Postcode, RequestId, ServiceId, Timestamp};

/// By which way a request came to the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Somebody was on the telephone.
    Phone,
    /// Somebody came to the counter.
    Counter,
    /// An organisation asks for somebody who agreed.
    Organisation,
    /// Somebody filled it in on the web, and confirmed it on their telephone.
    Web,
    /// Somebody who takes part answered an offer on the board.
    Board,
}

/// How the person told that they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgreedHow {
    /// In a conversation, face to face.
    Spoken,
    /// On the telephone.
    Phone,
    /// In writing.
    Written,
}

/// That somebody agreed to an organisation's asking for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Which organisation.
    pub organisation: String,
    /// Who there heard it.
    pub to: String,
    /// On which day, on the Dutch calendar.
    pub on: chrono::NaiveDate,
    /// How.
    pub how: AgreedHow,
}

/// A request to be entered.
#[derive(Debug, Clone)]
pub struct NewIntake {
    /// On which line.
    pub line: Phone,
    /// By which way it came.
    pub source: Source,
    /// The agreement that goes with [`Source::Organisation`], and only with it.
    pub agreement: Option<Agreement>,
    /// What they are called.
    pub name: String,
    /// Where they can be called back.
    pub phone: Phone,
    /// For what.
    pub service: ServiceId,
    /// Where.
    pub postcode: Postcode,
    /// In which language.
    pub language: Language,
    /// Whoever helps is to go inside too.
    pub inside: bool,
    /// For when, if not for now.
    pub wanted_at: Option<Timestamp>,
    /// When its search is to begin; none when it is not by itself.
    pub starts_at: Option<Timestamp>,
    /// Who enters it.
    pub by: OperatorId,
    /// This moment.
    pub now: Timestamp,
}

/// How a request ended, as the desk says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledHow {
    /// It worked out.
    Done,
    /// It is not needed any more.
    NotNeeded,
    /// An organisation sees to it, and the person agreed.
    Referred,
    /// It could not be done.
    CouldNot,
}

impl SettledHow {
    /// Every way.
    pub const ALL: [Self; 4] = [Self::Done, Self::NotNeeded, Self::Referred, Self::CouldNot];

    /// Its word in the database and in forms.
    pub fn code(self) -> String {
        word(&self)
    }

    /// Reads [`SettledHow::code`].
    pub fn parse(text: &str) -> Option<Self> {
        from_word(text, "settlement").ok()
    }
}

/// What came of wanting to settle a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It was done.
    Done,
    /// It was settled already.
    Already {
        /// By whom.
        name: String,
        /// When.
        at: Timestamp,
    },
}

/// What is asked, by whatever way it came.
pub(super) struct AskedFor<'a> {
    pub(super) line: &'a Phone,
    pub(super) phone: &'a Phone,
    pub(super) service: &'a ServiceId,
    pub(super) postcode: Postcode,
    pub(super) language: Language,
    pub(super) inside: bool,
    pub(super) now: Timestamp,
}

impl Tx<'_> {
    /// Enters a request. Nobody is asked yet, so there is no open search: one opens it again.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn enter_request(&mut self, new: &NewIntake) -> Result<RequestId, StoreError> {
        let request = self.put_request(&AskedFor {
            line: &new.line,
            phone: &new.phone,
            service: &new.service,
            postcode: new.postcode,
            language: new.language,
            inside: new.inside,
            now: new.now,
        })?;
        let agreement = new.agreement.as_ref();
        self.db
            .prepare_cached(
                "INSERT INTO intake (request, source, name, phone, organisation, agreed_to,
                   agreed_on, agreed_how, wanted_at, starts_at, operator)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute((
                request.0,
                word(&new.source),
                &new.name,
                new.phone.e164(),
                agreement.map(|a| &a.organisation),
                agreement.map(|a| &a.to),
                agreement.map(|a| a.on.to_string()),
                agreement.map(|a| word(&a.how)),
                new.wanted_at.map(|at| at.0),
                new.starts_at.map(|at| at.0),
                new.by.0,
            ))?;
        Ok(request)
    }

    /// The row of a request of somebody who is called back, before its search.
    pub(super) fn put_request(&mut self, asked: &AskedFor<'_>) -> Result<RequestId, StoreError> {
        let asker = self.participant_by_phone(asked.phone)?.map(|known| known.id.0);
        self.db
            .prepare_cached(
                "INSERT INTO request (line, kind, service, postcode, language, participant,
                   call_back, opened_at, closed_at, inside)
                 VALUES (?1, 'neighbour', ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8)",
            )?
            .execute((
                asked.line.e164(),
                asked.service.as_str(),
                asked.postcode.number(),
                asked.language.code(),
                asker,
                asked.phone.e164(),
                asked.now.0,
                asked.inside,
            ))?;
        Ok(RequestId(self.db.last_insert_rowid()))
    }

    /// The same line, number, service and place, entered a moment ago: a form that was sent twice.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn entered_since(
        &mut self,
        new: &NewIntake,
        since: Timestamp,
    ) -> Result<Option<RequestId>, StoreError> {
        let sql = "SELECT r.id FROM intake i JOIN request r ON r.id = i.request
                   WHERE r.opened_at >= ?1 AND r.line = ?2 AND i.phone = ?3 AND r.service = ?4
                     AND r.postcode = ?5 AND i.wanted_at IS ?6 AND i.operator = ?7";
        let key = (
            since.0,
            new.line.e164(),
            new.phone.e164(),
            new.service.as_str(),
            new.postcode.number(),
            new.wanted_at.map(|at| at.0),
            new.by.0,
        );
        let found = self.db.prepare_cached(sql)?.query_row(key, |row| row.get(0)).optional()?;
        Ok(found.map(RequestId))
    }

    /// Requests whose search is to begin by now: each is given once, with the number to call back.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a number that does not read.
    pub fn take_planned(
        &mut self,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<(RequestId, Phone)>, StoreError> {
        let sql = "UPDATE intake SET starts_at = NULL WHERE request IN
                     (SELECT request FROM intake WHERE starts_at <= ?1 ORDER BY starts_at LIMIT ?2)
                   RETURNING request, phone";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut update = self.db.prepare_cached(sql)?;
        let mut rows = update.query((now.0, most))?;
        let mut taken = Vec::new();
        while let Some(row) = rows.next()? {
            taken.push((RequestId(row.get(0)?), super::calls::phone(row, 1)?));
        }
        Ok(taken)
    }

    /// The search of a request is to begin at this moment; none: not by itself.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn plan(
        &mut self,
        request: RequestId,
        starts_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE intake SET starts_at = ?2 WHERE request = ?1";
        self.db.prepare_cached(sql)?.execute((request.0, starts_at.map(|at| at.0)))?;
        Ok(())
    }

    /// The number of whoever asked at the desk, or of a caller whose request waits for the
    /// coordinator, when no search has begun for it, it is needed still and not settled: what a search
    /// can begin with.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a number that does not read.
    pub fn not_searched_yet(&mut self, request: RequestId) -> Result<Option<Phone>, StoreError> {
        ReadTx { db: self.db, hash_key: &self.bench.hash_key }.not_searched_yet(request)
    }

    /// For when this was asked, if not for now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn wanted_at(&mut self, request: RequestId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT wanted_at FROM intake WHERE request = ?1 AND wanted_at IS NOT NULL";
        let found = self.db.prepare_cached(sql)?.query_row([request.0], |row| row.get(0));
        Ok(found.optional()?.map(Timestamp))
    }

    /// Writes down how a request ended, once; what was promised about it is settled with it, and a
    /// search that was to begin does not. Whoever comes second is told who was first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn settle_request(
        &mut self,
        request: RequestId,
        how: SettledHow,
        referred_to: Option<&str>,
        by: OperatorId,
        now: Timestamp,
    ) -> Result<Settled, StoreError> {
        let sql = "INSERT INTO settlement (request, how, referred_to, operator, settled_at)
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (request) DO NOTHING";
        let new = (request.0, word(&how), referred_to, by.0, now.0);
        if self.db.prepare_cached(sql)?.execute(new)? == 0 {
            let sql = "SELECT coalesce(o.name, ''), s.settled_at FROM settlement s
                         LEFT JOIN operator o ON o.id = s.operator WHERE s.request = ?1";
            return Ok(self.db.prepare_cached(sql)?.query_row([request.0], |row| {
                Ok(Settled::Already { name: row.get(0)?, at: Timestamp(row.get(1)?) })
            })?);
        }
        self.plan(request, None)?;
        let kept_how = match how {
            SettledHow::Done => "spoken",
            SettledHow::NotNeeded | SettledHow::CouldNot => "not_needed",
            SettledHow::Referred => "passed_on",
        };
        let sql = "UPDATE promise SET kept_at = ?2, kept_by = ?3, kept_how = ?4
                   WHERE request = ?1 AND kept_at IS NULL";
        self.db.prepare_cached(sql)?.execute((request.0, now.0, by.0, kept_how))?;
        Ok(Settled::Done)
    }

    /// Whether requests of this place go to the coordinator first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn coordinator_first(&mut self, postcode: Postcode) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM coordinator_first WHERE postcode = ?1";
        Ok(self.db.prepare_cached(sql)?.exists([postcode.number()])?)
    }

    /// Settles that requests of these places, and of no others, go to the coordinator first. Whether
    /// it was otherwise.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn set_coordinator_first(
        &mut self,
        postcodes: &[Postcode],
        by: OperatorId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let known = ReadTx { db: self.db, hash_key: &self.bench.hash_key }.coordinator_first()?;
        let mut wanted = postcodes.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        if known == wanted {
            return Ok(false);
        }
        self.db.prepare_cached("DELETE FROM coordinator_first")?.execute([])?;
        for postcode in wanted {
            self.db
                .prepare_cached(
                    "INSERT OR IGNORE INTO coordinator_first (postcode, operator, set_at)
                     VALUES (?1, ?2, ?3)",
                )?
                .execute((postcode.number(), by.0, now.0))?;
        }
        Ok(true)
    }
}

impl ReadTx<'_> {
    /// As for a transaction that writes.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a number that does not read.
    pub fn not_searched_yet(&self, request: RequestId) -> Result<Option<Phone>, StoreError> {
        let sql = "SELECT coalesce(i.phone, r.call_back) FROM request r
                     LEFT JOIN intake i ON i.request = r.id
                   WHERE r.id = ?1 AND coalesce(i.phone, r.call_back) IS NOT NULL
                     AND r.outcome IS NOT 'not_needed'
                     AND (i.request IS NOT NULL OR EXISTS (SELECT 1 FROM promise p
                       WHERE p.request = ?1 AND p.kind = 'coordinator_arranges'))
                     AND NOT EXISTS (SELECT 1 FROM machine m WHERE m.request = ?1)
                     AND NOT EXISTS (SELECT 1 FROM settlement s WHERE s.request = ?1)";
        let found =
            self.db.prepare_cached(sql)?.query_row([request.0], |row| super::calls::phone(row, 0));
        Ok(found.optional()?)
    }

    /// Places of which requests go to the coordinator first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn coordinator_first(&self) -> Result<Vec<Postcode>, StoreError> {
        let sql = "SELECT postcode FROM coordinator_first ORDER BY postcode";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([], |row| row.get::<_, u16>(0))?;
        let numbers = rows.collect::<Result<Vec<_>, _>>()?;
        Ok(numbers.into_iter().filter_map(|n| Postcode::try_from(n).ok()).collect())
    }

    /// Of the places that go to the coordinator first, by the configuration (these) or by the desk,
    /// those that no coordinator who may log in looks after.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn without_a_coordinator(
        &self,
        configured: &[Postcode],
    ) -> Result<Vec<Postcode>, StoreError> {
        without_a_coordinator(self.db, configured)
    }

    /// Whether a search was planned for now or before.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn planned_by(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM intake WHERE starts_at <= ?1 LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.exists([now.0])?)
    }

    /// Organisations that requests were referred to before, the usual ones first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn referred_to_before(&self) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT referred_to FROM settlement WHERE referred_to IS NOT NULL
                   GROUP BY referred_to ORDER BY count(*) DESC, referred_to LIMIT 20";
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// As [`ReadTx::without_a_coordinator`], of a database that may not be the exchange's own.
pub(super) fn without_a_coordinator(
    db: &Connection,
    configured: &[Postcode],
) -> Result<Vec<Postcode>, StoreError> {
    let mut first = postcodes(db, "SELECT postcode FROM coordinator_first")?;
    first.extend(configured);
    let looked_after = postcodes(
        db,
        "SELECT DISTINCT a.postcode FROM operator_area a JOIN operator o ON o.id = a.operator
         WHERE o.role = 'coordinator' AND o.off_at IS NULL",
    )?;
    Ok(first.difference(&looked_after).copied().collect())
}

fn postcodes(db: &Connection, sql: &str) -> Result<BTreeSet<Postcode>, StoreError> {
    let mut select = db.prepare_cached(sql)?;
    let rows = select.query_map([], |row| row.get::<_, u16>(0))?;
    let numbers = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(numbers.into_iter().filter_map(|number| Postcode::try_from(number).ok()).collect())
}
