//! What reports are made from: rows counted by day and by month, and the counts kept.
//!
//! A day is counted from its rows once it is over, again for some weeks (a search may end later, a
//! caller may still say that it worked out), and then kept as it is: its rows may be erased. What a
//! report asks for and nobody kept is counted at that moment.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Row};
use serde::de::DeserializeOwned;

use super::calls::phone;
use super::{ReadTx, StoreError, Tx, from_word};
use crate::domain::{Line, Phone, Postcode, ServiceId, Timestamp};
use crate::report::counts::{Asked, AskedRow, RingRow};
use crate::report::period::bounds;
use crate::report::summary::Counted;
use crate::report::{DayCounts, Habitat, Month, MonthCounts, Period};

/// For so long after its end a day or a month is counted again every night. Nothing of it may be
/// erased earlier.
pub const COUNTED_AGAIN: Duration = Duration::from_secs(21 * 24 * 3600);

/// What is to be counted ahead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToCount {
    /// A day.
    Day(NaiveDate),
    /// A month.
    Month(Month),
}

impl ReadTx<'_> {
    /// The counts of a day, from its rows.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn count_day(&self, day: NaiveDate) -> Result<DayCounts, StoreError> {
        let mut lines = DayCounts::new();
        self.count_calls(day, &mut lines)?;
        self.count_requests(day, &mut lines)?;
        self.count_promises(day, &mut lines)?;
        Ok(lines)
    }

    fn count_calls(&self, day: NaiveDate, lines: &mut DayCounts) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT line, started_at FROM call
             WHERE direction = 'incoming' AND role = 'caller' AND started_at >= ?1 AND started_at < ?2",
        )?;
        let mut numbers = Words::default();
        let mut rows = select.query(moments(day))?;
        while let Some(row) = rows.next()? {
            let line: Phone = numbers.read(row, 0, "call")?;
            lines.entry(line).or_default().call(Timestamp(row.get(1)?));
        }
        Ok(())
    }

    fn count_requests(&self, day: NaiveDate, lines: &mut DayCounts) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT r.id, r.line, r.kind, r.service, r.postcode, r.opened_at, r.outcome,
               r.worked_out, a.reserved_at, a.accepted_at, a.result, s.how
             FROM request r LEFT JOIN attempt a ON a.request = r.id
               LEFT JOIN settlement s ON s.request = r.id
             WHERE r.opened_at >= ?1 AND r.opened_at < ?2 ORDER BY r.opened_at, r.id",
        )?;
        let (mut numbers, mut services) = (Words::default(), Words::default());
        let (mut outcomes, mut results) = (Words::default(), Words::default());
        let mut settlements = Words::default();
        let mut under_way: Option<(i64, Phone, AskedRow)> = None;
        let mut rings: Vec<RingRow> = Vec::new();
        let mut rows = select.query(moments(day))?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if under_way.as_ref().is_none_or(|(before, ..)| *before != id) {
                if let Some((_, line, asked)) = under_way.take() {
                    lines.entry(line).or_default().request(&asked, &rings);
                }
                rings.clear();
                let postcode: Option<u16> = row.get(4)?;
                let asked = AskedRow {
                    neighbour: row.get_ref(2)?.as_str().is_ok_and(|kind| kind == "neighbour"),
                    asked: Asked(
                        services.find(row, 3, "request")?,
                        postcode.and_then(|postcode| Postcode::try_from(postcode).ok()),
                    ),
                    opened_at: Timestamp(row.get(5)?),
                    outcome: outcomes.find(row, 6, "request")?,
                    worked_out: row.get(7)?,
                    settled: settlements.find(row, 11, "settlement")?,
                };
                under_way = Some((id, numbers.read(row, 1, "request")?, asked));
            }
            if let Some(reserved_at) = row.get::<_, Option<i64>>(8)? {
                rings.push(RingRow {
                    reserved_at: Timestamp(reserved_at),
                    accepted_at: row.get::<_, Option<i64>>(9)?.map(Timestamp),
                    result: results.find(row, 10, "attempt")?,
                });
            }
        }
        if let Some((_, line, asked)) = under_way {
            lines.entry(line).or_default().request(&asked, &rings);
        }
        Ok(())
    }

    fn count_promises(&self, day: NaiveDate, lines: &mut DayCounts) -> Result<(), StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT line, due_at, kept_at FROM promise WHERE due_at >= ?1 AND due_at < ?2",
        )?;
        let mut rows = select.query(moments(day))?;
        while let Some(row) = rows.next()? {
            let kept_at = row.get::<_, Option<i64>>(2)?.map(Timestamp);
            lines.entry(phone(row, 0)?).or_default().promise(Timestamp(row.get(1)?), kept_at);
        }
        Ok(())
    }

    /// The people around these lines in a month: who was asked how often, from the rows of that
    /// month; who takes part and what they offer, as it is at this moment.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn count_month(&self, month: Month, lines: &[Line]) -> Result<MonthCounts, StoreError> {
        let asked = self.asked_in(month)?;
        let mut counts = MonthCounts::default();
        for line in lines {
            counts.lines.insert(line.number.clone(), Habitat::default());
        }
        let mut in_all = HashMap::<i64, u32>::new();
        for ((number, participant), times) in &asked {
            *in_all.entry(*participant).or_default() += times;
            if let Some(habitat) = counts.lines.get_mut(number) {
                habitat.spread.add(*times, 1);
            }
        }
        in_all.values().for_each(|times| counts.whole.spread.add(*times, 1));
        let near = lines_of_postcodes(lines);
        let mut select = self.db.prepare_cached(
            "SELECT id, postcode FROM participant WHERE consented AND verified_at IS NOT NULL",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let participant: i64 = row.get(0)?;
            let Some(numbers) = near.get(&row.get(1)?) else { continue };
            for number in numbers {
                let was_asked = asked.contains_key(&((*number).clone(), participant));
                if let Some(habitat) = counts.lines.get_mut(*number).filter(|_| !was_asked) {
                    habitat.spread.add(0, 1);
                }
            }
            if !in_all.contains_key(&participant) {
                counts.whole.spread.add(0, 1);
            }
        }
        self.count_offers(&near, &mut counts)?;
        Ok(counts)
    }

    fn asked_in(&self, month: Month) -> Result<HashMap<(Phone, i64), u32>, StoreError> {
        let mut select = self.db.prepare_cached(
            "SELECT r.line, a.participant, count(*) FROM request r JOIN attempt a ON a.request = r.id
             WHERE r.opened_at >= ?1 AND r.opened_at < ?2
               AND a.participant IS NOT NULL AND a.counts = 1
             GROUP BY r.line, a.participant",
        )?;
        let begin = bounds(month.first_day()).0;
        let end = bounds(month.next().first_day()).0;
        let mut numbers = Words::default();
        let mut asked = HashMap::new();
        let mut rows = select.query((begin.0, end.0))?;
        while let Some(row) = rows.next()? {
            asked.insert((numbers.read(row, 0, "request")?, row.get(1)?), row.get(2)?);
        }
        Ok(asked)
    }

    fn count_offers(
        &self,
        near: &HashMap<u16, Vec<&Phone>>,
        counts: &mut MonthCounts,
    ) -> Result<(), StoreError> {
        // Counted here and not by SQLite, which would first sort every offer of the country in memory.
        let mut select = self.db.prepare_cached(
            // Somebody who does it at several places is counted once: at home if they do it there.
            "SELECT o.service, coalesce(max(iif(o.postcode = p.postcode, o.postcode, NULL)),
               min(o.postcode)) AS postcode
             FROM offer o JOIN participant p ON p.id = o.participant
             WHERE p.consented AND p.verified_at IS NOT NULL GROUP BY o.participant, o.service",
        )?;
        let mut services = Words::default();
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let place = Postcode::try_from(row.get::<_, u16>(1)?);
            let Some(place) = place.ok().filter(|place| near.contains_key(&place.number())) else {
                continue;
            };
            let service: ServiceId = services.read(row, 0, "offer")?;
            *counts.whole.offers.entry((service, place)).or_default() += 1;
        }
        for ((service, place), people) in &counts.whole.offers {
            for number in near.get(&place.number()).into_iter().flatten() {
                if let Some(habitat) = counts.lines.get_mut(*number) {
                    habitat.offers.insert((service.clone(), *place), *people);
                }
            }
        }
        Ok(())
    }

    /// Everything that reports on this period are made from, up to and including `today`: what was
    /// kept, and what was not is counted now.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or of a row that cannot be read.
    pub fn counted(
        &self,
        period: Period,
        lines: &[Line],
        today: NaiveDate,
    ) -> Result<Counted, StoreError> {
        let mut counted = Counted::default();
        let Some(first) = self.first_counted_day()? else { return Ok(counted) };
        for day in period.days().filter(|day| (first..=today).contains(day)) {
            let kept = if day < today { self.kept("report_day", &day.to_string())? } else { None };
            let counts = kept.map_or_else(|| self.count_day(day), Ok)?;
            counted.days.insert(day, counts);
        }
        let past = Month::of(first)..=Month::of(today);
        for month in period.months().into_iter().filter(|month| past.contains(month)) {
            let kept = self.kept("report_month", &month.to_string())?;
            let counts = kept.map_or_else(|| self.count_month(month, lines), Ok)?;
            counted.months.insert(month, counts);
        }
        Ok(counted)
    }

    /// Days and months that are not kept yet, or were counted before today and may have changed
    /// since; the earliest first. The running month is among them, today is not.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn to_count(&self, now: Timestamp) -> Result<Vec<ToCount>, StoreError> {
        let Some(first) = self.first_counted_day()? else { return Ok(Vec::new()) };
        let today = now.wall_clock().date();
        let midnight = now.start_of_day();
        let fresh = |counted: Option<i64>, end: NaiveDate| {
            let settled = bounds(end).0 + COUNTED_AGAIN < midnight;
            counted.is_some_and(|at| settled || at >= midnight.0)
        };
        let kept_days = self.kept_at("report_day")?;
        let kept_months = self.kept_at("report_month")?;
        let days = first.iter_days().take_while(|day| *day < today);
        let days = days.filter(|day| {
            !fresh(kept_days.get(&day.to_string()).copied(), day.succ_opt().unwrap_or(*day))
        });
        let mut work: Vec<ToCount> = days.map(ToCount::Day).collect();
        let mut month = Month::of(first);
        while month <= Month::of(today) {
            if !fresh(kept_months.get(&month.to_string()).copied(), month.next().first_day()) {
                work.push(ToCount::Month(month));
            }
            month = month.next();
        }
        Ok(work)
    }

    /// The first day of which there is anything to count, kept or not.
    fn first_counted_day(&self) -> Result<Option<NaiveDate>, StoreError> {
        let first_row: Option<i64> = self.db.query_row(
            "SELECT min(at) FROM (SELECT min(opened_at) AS at FROM request UNION ALL
               SELECT min(started_at) FROM call WHERE direction = 'incoming' AND role = 'caller')",
            [],
            |row| row.get(0),
        )?;
        let first_kept: Option<String> =
            self.db.query_row("SELECT min(day) FROM report_day", [], |row| row.get(0))?;
        let first_kept = first_kept.and_then(|day| day.parse::<NaiveDate>().ok());
        let first_row = first_row.map(|at| Timestamp(at).wall_clock().date());
        Ok(first_row.into_iter().chain(first_kept).min())
    }

    fn kept<T: DeserializeOwned>(
        &self,
        table: &'static str,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let column = if table == "report_day" { "day" } else { "month" };
        let sql = format!("SELECT counts FROM {table} WHERE {column} = ?1");
        let mut select = self.db.prepare_cached(&sql)?;
        let kept: Option<String> = select.query_row([key], |row| row.get(0)).optional()?;
        let read = kept.map(|text| serde_json::from_str(&text)).transpose();
        read.map_err(|_| StoreError::Damaged(table))
    }

    fn kept_at(&self, table: &'static str) -> Result<BTreeMap<String, i64>, StoreError> {
        let column = if table == "report_day" { "day" } else { "month" };
        let mut select =
            self.db.prepare_cached(&format!("SELECT {column}, counted_at FROM {table}"))?;
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Tx<'_> {
    /// Keeps the counts of a day.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn keep_day(
        &mut self,
        day: NaiveDate,
        counts: &DayCounts,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let counts =
            serde_json::to_string(counts).map_err(|_| StoreError::Damaged("report_day"))?;
        self.db
            .prepare_cached(
                "INSERT INTO report_day (day, counts, counted_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (day) DO UPDATE SET counts = excluded.counts, counted_at = excluded.counted_at",
            )?
            .execute((day.to_string(), counts, now.0))?;
        Ok(())
    }

    /// Keeps the counts of a month.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn keep_month(
        &mut self,
        month: Month,
        counts: &MonthCounts,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let counts =
            serde_json::to_string(counts).map_err(|_| StoreError::Damaged("report_month"))?;
        self.db
            .prepare_cached(
                "INSERT INTO report_month (month, counts, counted_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (month) DO UPDATE SET counts = excluded.counts, counted_at = excluded.counted_at",
            )?
            .execute((month.to_string(), counts, now.0))?;
        Ok(())
    }
}

fn moments(day: NaiveDate) -> (i64, i64) {
    let (begin, end) = bounds(day);
    (begin.0, end.0)
}

/// Which lines have a postcode in their area.
fn lines_of_postcodes(lines: &[Line]) -> HashMap<u16, Vec<&Phone>> {
    let mut near = HashMap::<u16, Vec<&Phone>>::new();
    for line in lines {
        let area: HashSet<u16> = line.area.iter().map(|postcode| postcode.number()).collect();
        for postcode in area {
            near.entry(postcode).or_default().push(&line.number);
        }
    }
    near
}

/// Words of a closed set, read once each: a million rows have a dozen of them.
struct Words<T>(Vec<(Box<str>, T)>);

impl<T> Default for Words<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: DeserializeOwned + Clone> Words<T> {
    fn read(&mut self, row: &Row<'_>, at: usize, table: &'static str) -> Result<T, StoreError> {
        self.find(row, at, table)?.ok_or(StoreError::Damaged(table))
    }

    fn find(
        &mut self,
        row: &Row<'_>,
        at: usize,
        table: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = row.get_ref(at)?.as_str_or_null().map_err(|_| StoreError::Damaged(table))?;
        let Some(text) = text else { return Ok(None) };
        if let Some((_, known)) = self.0.iter().find(|(word, _)| **word == *text) {
            return Ok(Some(known.clone()));
        }
        let word: T = from_word(text, table)?;
        self.0.push((text.into(), word.clone()));
        Ok(Some(word))
    }
}
