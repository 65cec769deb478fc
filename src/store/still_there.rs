//! Who is to be asked whether they still take part, and when somebody was heard of last.
//!
//! Any word ends it: a key in the call about it, their own menu, their own page, or the desk on their
//! behalf ([`Tx::in_touch`]). Merely calling, or logging in, moves the day from which a year is counted
//! ([`Tx::heard_from`]); the question stands until it is answered.

use std::collections::BTreeMap;
use std::time::Duration;

use rusqlite::{OptionalExtension, Row};

use super::calls::phone;
use super::{ReadTx, StoreError, Tx, from_word, participants, word};
use crate::dispatch::choose::{MOST_UNANSWERED, Pause};
use crate::dispatch::still_there::{SILENT_AFTER, WhyAsked};
use crate::domain::{Hours, Language, ParticipantId, Phone, Postcode, Timestamp};

/// When somebody was heard of last is noted no more often than this: a day more or less is nothing in
/// a year.
const NOTED_EVERY: Duration = Duration::from_secs(24 * 3600);

/// The last word from a participant, as a moment: they answered, called, logged in, were verified or
/// were written down. Whoever chose until when to pause is not silent before that.
macro_rules! last_word {
    ($p:literal) => {
        concat!(
            "max(coalesce(",
            $p,
            ".in_touch_at, 0), coalesce(",
            $p,
            ".verified_at, 0), coalesce(",
            $p,
            ".pause_until, 0), ",
            $p,
            ".created_at)"
        )
    };
}
pub(super) use last_word;

/// Somebody who is to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct StillThere {
    /// Who.
    pub participant: ParticipantId,
    /// Their telephone.
    pub phone: Phone,
    /// The line that rings them.
    pub line: Phone,
    /// Why they are asked.
    pub why: WhyAsked,
    /// Since when it is to be asked.
    pub since: Timestamp,
    /// How often they were rung about it.
    pub tries: u32,
    /// When they are rung next.
    pub rings_at: Option<Timestamp>,
    /// When they may be rung; none for hours that do not read.
    pub hours: Option<Hours>,
    /// Languages they speak, the first one first.
    pub languages: Vec<Language>,
    /// A pause that they take or took.
    pub pause: Option<Pause>,
    /// The question still stands: they take part and, if it is about rings that nobody answered, none
    /// was answered since.
    pub stands: bool,
    /// They were heard of since, and did not answer it.
    pub heard_since: bool,
    /// They are in a call with us at this moment.
    pub on_the_telephone: bool,
}

/// People who rest until they say whether they still take part.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Resting {
    /// Nobody answered five rings in a row.
    pub unanswered: u64,
    /// A year went by without a word from them.
    pub silent: u64,
}

const COLUMNS: &str = concat!(
    "s.participant, p.phone, s.line, s.why, s.since, s.tries, s.rings_at, p.hours,
  p.languages, p.pause_kind, coalesce(p.pause_until, 0),
  p.consented AND p.verified_at IS NOT NULL AND (s.why = 'silent' OR p.unanswered >= ?1),
  EXISTS (SELECT 1 FROM call c WHERE c.participant = p.id AND c.ended_at IS NULL), ",
    last_word!("p"),
    " > s.since"
);
const ROWS: &str = "still_there s JOIN participant p ON p.id = s.participant";

impl Tx<'_> {
    /// Somebody is to be asked whether they still take part, by this line, from that moment on. Whoever
    /// is to be asked for that reason already is not asked anew; silence for a year goes before rings
    /// that nobody answered.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn ask_whether_still_there(
        &mut self,
        who: ParticipantId,
        line: &Phone,
        why: WhyAsked,
        rings_at: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = match why {
            WhyAsked::Unanswered => {
                "INSERT OR IGNORE INTO still_there (participant, line, why, since, rings_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)"
            }
            WhyAsked::Silent => {
                "INSERT OR REPLACE INTO still_there (participant, line, why, since, rings_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)"
            }
        };
        self.db.prepare_cached(sql)?.execute((
            who.0,
            line.e164(),
            word(&why),
            now.0,
            rings_at.0,
        ))?;
        Ok(())
    }

    /// The question that is to be put to somebody, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that does not read.
    pub fn still_there(&mut self, who: ParticipantId) -> Result<Option<StillThere>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM {ROWS} WHERE s.participant = ?2");
        let found = self
            .db
            .prepare_cached(&sql)?
            .query_row((MOST_UNANSWERED, who.0), |row| Ok(read(row)))
            .optional()?;
        found.transpose()
    }

    /// People who are to be rung about it by now, whoever waits longest first.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that does not read.
    pub fn still_there_due(
        &mut self,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<StillThere>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM {ROWS} WHERE s.rings_at <= ?2 ORDER BY s.rings_at, s.participant
             LIMIT ?3"
        );
        let mut select = self.db.prepare_cached(&sql)?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = select.query((MOST_UNANSWERED, now.0, most))?;
        let mut due = Vec::new();
        while let Some(row) = rows.next()? {
            due.push(read(row)?);
        }
        Ok(due)
    }

    /// They are rung about it then; none: not by itself any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn still_there_rings(
        &mut self,
        who: ParticipantId,
        at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE still_there SET rings_at = ?2 WHERE participant = ?1";
        self.db.prepare_cached(sql)?.execute((who.0, at.map(|at| at.0)))?;
        Ok(())
    }

    /// They were rung about it, in vain so far.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn still_there_tried(&mut self, who: ParticipantId) -> Result<(), StoreError> {
        let sql = "UPDATE still_there SET tries = tries + 1 WHERE participant = ?1";
        self.db.prepare_cached(sql)?.execute([who.0])?;
        Ok(())
    }

    /// It need not be asked any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn still_there_no_more(&mut self, who: ParticipantId) -> Result<(), StoreError> {
        let sql = "DELETE FROM still_there WHERE participant = ?1";
        self.db.prepare_cached(sql)?.execute([who.0])?;
        Ok(())
    }

    /// A ring was answered: it need not be asked any more on account of those that were not.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub(super) fn answered_after_all(&mut self, who: ParticipantId) -> Result<(), StoreError> {
        let sql = "DELETE FROM still_there WHERE participant = ?1 AND why = 'unanswered'";
        self.db.prepare_cached(sql)?.execute([who.0])?;
        Ok(())
    }

    /// How many telephones this line rings at this moment with calls whose purpose begins so.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn ringing_for(&mut self, line: &Phone, purpose: &str) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM placed INDEXED BY placed_one_live
                   WHERE ended_at IS NULL AND line = ?1 AND substr(purpose, 1, length(?2)) = ?2";
        Ok(self.db.prepare_cached(sql)?.query_row((line.e164(), purpose), |row| row.get(0))?)
    }

    /// They said that they still take part, or settled how: rings that nobody answered are forgotten,
    /// and it need not be asked any more.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn in_touch(&mut self, who: ParticipantId, now: Timestamp) -> Result<(), StoreError> {
        self.db
            .prepare_cached(
                "UPDATE participant SET unanswered = 0, in_touch_at = ?2 WHERE id = ?1",
            )?
            .execute((who.0, now.0))?;
        self.still_there_no_more(who)
    }

    /// They were heard of: they called, or logged in. What is to be asked still is.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn heard_from(&mut self, who: ParticipantId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE participant SET in_touch_at = ?2
                   WHERE id = ?1 AND coalesce(in_touch_at <= ?3, TRUE)";
        self.db.prepare_cached(sql)?.execute((who.0, now.0, (now - NOTED_EVERY).0))?;
        Ok(())
    }
}

impl ReadTx<'_> {
    /// Whether anybody is to be rung about it by now.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn still_there_due_by(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM still_there WHERE rings_at <= ?1 LIMIT 1";
        Ok(self.db.prepare_cached(sql)?.exists([now.0])?)
    }

    /// People of whom nothing was heard for a year, and who were not asked since whether they still
    /// take part, with where they live.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that does not read.
    pub fn silent_for_a_year(
        &self,
        now: Timestamp,
    ) -> Result<Vec<(ParticipantId, Postcode)>, StoreError> {
        let mut select = self.db.prepare(concat!(
            "SELECT p.id, p.postcode FROM participant p
             WHERE p.consented AND p.verified_at IS NOT NULL AND ",
            last_word!("p"),
            " <= ?1 AND NOT EXISTS (SELECT 1 FROM still_there s WHERE s.participant = p.id
               AND s.why = 'silent' AND s.since >= ",
            last_word!("p"),
            ") ORDER BY p.id"
        ))?;
        let rows = select.query_map([(now - SILENT_AFTER).0], |row| {
            Ok((ParticipantId(row.get(0)?), row.get::<_, u16>(1)?))
        })?;
        let mut silent = Vec::new();
        for row in rows {
            let (who, postcode) = row?;
            let postcode = Postcode::try_from(postcode);
            silent.push((who, postcode.map_err(|_| StoreError::Damaged("participant"))?));
        }
        Ok(silent)
    }

    /// How many people who live in these postcodes rest until they say whether they still take part.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn resting(&self, area: &[Postcode]) -> Result<Resting, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT p.postcode, count(*) FILTER (WHERE silent), count(*) FILTER (WHERE NOT silent)
             FROM (SELECT p.postcode, p.unanswered,
                     EXISTS (SELECT 1 FROM still_there s
                             WHERE s.participant = p.id AND s.why = 'silent') AS silent
                   FROM participant p WHERE p.consented AND p.verified_at IS NOT NULL) p
             WHERE silent OR unanswered >= ?1 GROUP BY p.postcode",
        )?;
        let rows = select.query_map([MOST_UNANSWERED], |row| {
            Ok((row.get::<_, u16>(0)?, (row.get::<_, u32>(1)?, row.get::<_, u32>(2)?)))
        })?;
        let by_place: BTreeMap<u16, (u32, u32)> = rows.collect::<Result<_, _>>()?;
        let mut resting = Resting::default();
        for (silent, unanswered) in area.iter().filter_map(|place| by_place.get(&place.number())) {
            resting.silent += u64::from(*silent);
            resting.unanswered += u64::from(*unanswered);
        }
        Ok(resting)
    }
}

fn read(row: &Row<'_>) -> Result<StillThere, StoreError> {
    let (why, hours, languages): (String, String, String) = (row.get(3)?, row.get(7)?, row.get(8)?);
    let kind: Option<String> = row.get(9)?;
    Ok(StillThere {
        participant: ParticipantId(row.get(0)?),
        phone: phone(row, 1)?,
        line: phone(row, 2)?,
        why: from_word(&why, "still_there")?,
        since: Timestamp(row.get(4)?),
        tries: row.get(5)?,
        rings_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        hours: Hours::parse(&hours).ok(),
        languages: languages.split(';').filter_map(Language::parse).collect(),
        pause: participants::pause(kind.as_deref(), Timestamp(row.get(10)?)),
        stands: row.get(11)?,
        on_the_telephone: row.get(12)?,
        heard_since: row.get(13)?,
    })
}
