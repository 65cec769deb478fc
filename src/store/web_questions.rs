//! Questions that were filled in on the web, until whoever has the telephone says that they are theirs.
//! From then on each is a request like any other.

use rusqlite::{OptionalExtension, Row};
use serde::{Deserialize, Serialize};

use super::calls::phone;
use super::intake::Source;
use super::{ReadTx, StoreError, Tx, from_word, word};
use crate::domain::{Language, Phone, Postcode, QuestionId, RequestId, ServiceId, Timestamp};

/// The SHA-256 of the secret in the address of a question's page.
pub type LinkHash = [u8; 32];

/// A question as it was filled in.
#[derive(Debug, Clone)]
pub struct NewQuestion {
    /// What leads to its page.
    pub link: LinkHash,
    /// On which line.
    pub line: Phone,
    /// Whose telephone it is said to be; none for one that is not rung.
    pub phone: Option<Phone>,
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
    /// Neighbours may see it on their board.
    pub on_board: bool,
    /// When the telephone is rung.
    pub ring_at: Timestamp,
    /// This moment.
    pub now: Timestamp,
}

/// A question on the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its row.
    pub id: QuestionId,
    /// On which line.
    pub line: Phone,
    /// Whose telephone it is said to be; none once it is a request, which has the number, and for one
    /// that nobody is rung for.
    pub phone: Option<Phone>,
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
    /// Neighbours may see it on their board.
    pub on_board: bool,
    /// When it was filled in.
    pub asked_at: Timestamp,
    /// How often the telephone has rung.
    pub tries: u32,
    /// When it is rung next; none while it rings, and when it is not any more.
    pub ring_at: Option<Timestamp>,
    /// What it became.
    pub request: Option<RequestId>,
    /// Why it never became one.
    pub ended: Option<QuestionEnded>,
}

impl Question {
    /// Whether nobody has said anything about it yet.
    pub fn is_open(&self) -> bool {
        self.request.is_none() && self.ended.is_none()
    }
}

/// Why a question never became a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionEnded {
    /// Nobody came to the telephone.
    Silent,
    /// Whoever has the address of its page no longer needs it.
    Withdrawn,
}

/// How much was asked on the web lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedLately {
    /// Questions with this number, whatever became of them.
    pub by_number: u32,
    /// Questions on this line that nobody has said anything about, or that nobody picked up for.
    pub unconfirmed_on_line: u32,
}

/// A request that begins without an operator.
#[derive(Debug, Clone)]
pub struct NewWebRequest {
    /// On which line.
    pub line: Phone,
    /// By which way: the web form, or an answer to an offer on the board.
    pub source: Source,
    /// Where they are called back.
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
    /// When its search is to begin; none when somebody sees to that.
    pub starts_at: Option<Timestamp>,
    /// This moment.
    pub now: Timestamp,
}

const COLUMNS: &str = "id, line, phone, service, postcode, language, wanted_at, on_board, asked_at,
  tries, ring_at, request, ended, inside";

impl Tx<'_> {
    /// Writes a question down. `None` when one of this telephone waits to be confirmed already.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn ask_on_the_web(&mut self, new: &NewQuestion) -> Result<Option<QuestionId>, StoreError> {
        let added = self
            .db
            .prepare_cached(
                "INSERT INTO web_question (link, line, phone, service, postcode, language, wanted_at,
                   on_board, asked_at, ring_at, inside)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
            )?
            .execute((
                new.link,
                new.line.e164(),
                new.phone.as_ref().map(Phone::e164),
                new.service.as_str(),
                new.postcode.number(),
                new.language.code(),
                new.wanted_at.map(|at| at.0),
                new.on_board,
                new.now.0,
                new.ring_at.0,
                new.inside,
            ))?;
        Ok((added == 1).then(|| QuestionId(self.db.last_insert_rowid())))
    }

    /// The question of this row.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question(&mut self, id: QuestionId) -> Result<Option<Question>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM web_question WHERE id = ?1");
        let found = self.db.prepare_cached(&sql)?.query_row([id.0], read).optional()?;
        found.map(whole).transpose()
    }

    /// The question to which this link leads.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_by_link(&mut self, link: LinkHash) -> Result<Option<Question>, StoreError> {
        by_link(self.db, link)
    }

    /// What was asked on the web since then, with this number and on this line.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn asked_lately(
        &mut self,
        phone: &Phone,
        line: &Phone,
        since: Timestamp,
    ) -> Result<AskedLately, StoreError> {
        let sql = "SELECT
             (SELECT count(*) FROM web_question WHERE phone = ?1 AND asked_at >= ?3)
             + (SELECT count(*) FROM web_question q JOIN intake i ON i.request = q.request
                WHERE i.phone = ?1 AND q.asked_at >= ?3),
             (SELECT count(*) FROM web_question
              WHERE line = ?2 AND request IS NULL AND asked_at >= ?3)";
        let key = (phone.e164(), line.e164(), since.0);
        Ok(self.db.prepare_cached(sql)?.query_row(key, |row| {
            Ok(AskedLately { by_number: row.get(0)?, unconfirmed_on_line: row.get(1)? })
        })?)
    }

    /// Whether this number is not rung for a question on the web: its owner stopped (R9), or said
    /// since then that it was not them.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn wants_no_web_calls(
        &mut self,
        phone: &Phone,
        since: Timestamp,
    ) -> Result<bool, StoreError> {
        let takes_part = self.participant_by_phone(phone)?.is_some_and(|who| who.takes_part());
        let hash = self.hash(phone.e164());
        let sql = "SELECT EXISTS (SELECT 1 FROM stop_list WHERE hash = ?1 AND NOT ?2)
                       OR EXISTS (SELECT 1 FROM not_theirs WHERE hash = ?1 AND said_at >= ?3)";
        let key = (hash, takes_part, since.0);
        Ok(self.db.prepare_cached(sql)?.query_row(key, |row| row.get(0))?)
    }

    /// Questions whose telephone is to be rung by now, longest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn questions_due(
        &mut self,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<QuestionId>, StoreError> {
        let sql = "SELECT id FROM web_question WHERE ring_at <= ?1 ORDER BY ring_at LIMIT ?2";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut select = self.db.prepare_cached(sql)?;
        let rows = select.query_map((now.0, most), |row| Ok(QuestionId(row.get(0)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Its telephone is to be rung at once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_rings(&mut self, id: QuestionId) -> Result<(), StoreError> {
        let sql = "UPDATE web_question SET ring_at = NULL WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Its telephone has rung.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_tried(&mut self, id: QuestionId) -> Result<(), StoreError> {
        let sql = "UPDATE web_question SET tries = tries + 1 WHERE id = ?1";
        self.db.prepare_cached(sql)?.execute([id.0])?;
        Ok(())
    }

    /// Its telephone is rung (again) at that moment, if nobody has said anything about it by now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn ring_question_at(&mut self, id: QuestionId, then: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE web_question SET ring_at = ?2
                   WHERE id = ?1 AND request IS NULL AND ended IS NULL";
        self.db.prepare_cached(sql)?.execute((id.0, then.0))?;
        Ok(())
    }

    /// It is theirs: this request is what it became. Whether that is so now; once.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_became(
        &mut self,
        id: QuestionId,
        request: RequestId,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE web_question SET request = ?2, phone = NULL, ring_at = NULL
                   WHERE id = ?1 AND request IS NULL AND ended IS NULL";
        Ok(self.db.prepare_cached(sql)?.execute((id.0, request.0))? == 1)
    }

    /// It never becomes a request. Whether that is so now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_ended(
        &mut self,
        id: QuestionId,
        ended: QuestionEnded,
    ) -> Result<bool, StoreError> {
        let sql = "UPDATE web_question SET ended = ?2, ring_at = NULL
                   WHERE id = ?1 AND request IS NULL AND ended IS NULL";
        Ok(self.db.prepare_cached(sql)?.execute((id.0, word(&ended)))? == 1)
    }

    /// Whoever has that telephone says that it was not them: nothing of it remains but a keyed hash
    /// of the number.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_not_theirs(
        &mut self,
        id: QuestionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "SELECT phone FROM web_question WHERE id = ?1 AND phone IS NOT NULL";
        let number: Option<String> =
            self.db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0)).optional()?;
        let Some(number) = number else { return Ok(()) };
        let hash = self.hash(&number);
        self.db
            .prepare_cached("INSERT OR REPLACE INTO not_theirs (hash, said_at) VALUES (?1, ?2)")?
            .execute((hash, now.0))?;
        self.db.prepare_cached("DELETE FROM web_question WHERE phone = ?1")?.execute([&number])?;
        Ok(())
    }

    /// Enters a request that nobody at the desk entered. Nobody is asked yet, so there is no open
    /// search: one opens it again.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn enter_web_request(&mut self, new: &NewWebRequest) -> Result<RequestId, StoreError> {
        let (line, phone) = (&new.line, &new.phone);
        let asked = super::intake::AskedFor {
            line,
            phone,
            service: &new.service,
            postcode: new.postcode,
            language: new.language,
            inside: new.inside,
            now: new.now,
        };
        let request = self.put_request(&asked)?;
        self.db
            .prepare_cached(
                "INSERT INTO intake (request, source, name, phone, wanted_at, starts_at)
                 VALUES (?1, ?2, '', ?3, ?4, ?5)",
            )?
            .execute((
                request.0,
                word(&new.source),
                phone.e164(),
                new.wanted_at.map(|at| at.0),
                new.starts_at.map(|at| at.0),
            ))?;
        Ok(request)
    }

    /// A request that was entered in this transaction turns out not to be possible.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn forget_request(&mut self, request: RequestId) -> Result<(), StoreError> {
        self.db.prepare_cached("DELETE FROM request WHERE id = ?1")?.execute([request.0])?;
        Ok(())
    }

    /// Whoever asked no longer needs a request whose search has not begun, or is over.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn not_needed(&mut self, request: RequestId, now: Timestamp) -> Result<(), StoreError> {
        self.plan(request, None)?;
        let sql = "UPDATE request SET outcome = 'not_needed', closed_at = ?2
                   WHERE id = ?1 AND outcome IS NOT 'connected'";
        self.db.prepare_cached(sql)?.execute((request.0, now.0))?;
        let sql = "UPDATE promise SET kept_at = ?2, kept_how = 'not_needed'
                   WHERE request = ?1 AND kept_at IS NULL";
        self.db.prepare_cached(sql)?.execute((request.0, now.0))?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// The question to which this link leads.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_by_link(&self, link: LinkHash) -> Result<Option<Question>, StoreError> {
        by_link(self.db, link)
    }

    /// Whether any telephone is to be rung for a question by now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn question_due_by(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM web_question WHERE ring_at <= ?1 LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.exists([now.0])?)
    }

    /// When the desk calls about a request, if it has promised to.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn promised_about(&self, request: RequestId) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT min(due_at) FROM promise WHERE request = ?1 AND kept_at IS NULL";
        let due: Option<i64> =
            self.db.prepare_cached(sql)?.query_row([request.0], |row| row.get(0))?;
        Ok(due.map(Timestamp))
    }
}

fn by_link(db: &rusqlite::Connection, link: LinkHash) -> Result<Option<Question>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM web_question WHERE link = ?1");
    db.prepare_cached(&sql)?.query_row([link], read).optional()?.map(whole).transpose()
}

/// A row, with the word that still has to be read.
type Raw = (Question, Option<String>);

fn read(row: &Row<'_>) -> rusqlite::Result<Raw> {
    let moment = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(Timestamp));
    let service: String = row.get(3)?;
    let language: String = row.get(5)?;
    let damaged =
        |at| rusqlite::Error::InvalidColumnType(at, String::new(), rusqlite::types::Type::Text);
    let question = Question {
        id: QuestionId(row.get(0)?),
        line: phone(row, 1)?,
        phone: match row.get_ref(2)?.as_str_or_null()? {
            Some(_) => Some(phone(row, 2)?),
            None => None,
        },
        service: ServiceId::parse(&service).map_err(|_| damaged(3))?,
        postcode: Postcode::try_from(row.get::<_, u16>(4)?).map_err(|_| damaged(4))?,
        language: Language::parse(&language).unwrap_or_default(),
        inside: row.get(13)?,
        wanted_at: moment(6)?,
        on_board: row.get(7)?,
        asked_at: Timestamp(row.get(8)?),
        tries: row.get(9)?,
        ring_at: moment(10)?,
        request: row.get::<_, Option<i64>>(11)?.map(RequestId),
        ended: None,
    };
    Ok((question, row.get(12)?))
}

fn whole((question, ended): Raw) -> Result<Question, StoreError> {
    let ended = ended.map(|ended| from_word(&ended, "web_question")).transpose()?;
    Ok(Question { ended, ..question })
}
