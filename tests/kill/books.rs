//! What stands in a database, without what differs from one run of the same story to another.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use rusqlite::types::ValueRef;

/// Later than any row number, and earlier than any moment: thirteen digits are milliseconds.
const MOMENT: i64 = 1_000_000_000_000;
/// Longest that errands to the provider are waited for.
const PATIENCE: Duration = Duration::from_secs(20);

/// Counted beside the calls whenever the process has a quiet moment, and counted anew when lost: no
/// part of what a call leaves behind.
const COUNTED_AHEAD: [&str; 2] = ["report_day", "report_month"];

/// Every row of every table that calls write, in no order.
pub(super) struct Books(pub(super) BTreeMap<String, BTreeSet<String>>);

impl Books {
    pub(super) fn read(database: &Path) -> Self {
        let db = Connection::open(database).unwrap();
        let names =
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'";
        let names: Vec<String> = db
            .prepare(names)
            .unwrap()
            .query_map((), |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .filter(|name: &String| !COUNTED_AHEAD.contains(&name.as_str()))
            .collect();
        Self(names.into_iter().map(|name| (name.clone(), rows(&db, &name))).collect())
    }
}

fn rows(db: &Connection, table: &str) -> BTreeSet<String> {
    let mut select = db.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let names: Vec<String> = select.column_names().map(str::to_owned).collect();
    let compared = |(_, name): &(usize, &String)| is_compared(table, name);
    let mut seen = BTreeSet::new();
    let mut rows = select.query(()).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let fields = names.iter().enumerate().filter(compared);
        let fields = fields.map(|(i, name)| format!("{name}={} ", text(row.get_ref(i).unwrap())));
        let row: String = fields.collect();
        // The same twice is not the same as once.
        let mut copies = (1..).map(|n| if n == 1 { row.clone() } else { format!("{row}({n})") });
        let new = copies.find(|copy| !seen.contains(copy));
        seen.extend(new);
    }
    seen
}

/// The journal's rows are numbered as they come, and reports may come late; a fingerprint is of a
/// form that holds a moment.
fn is_compared(table: &str, column: &str) -> bool {
    !matches!((table, column), ("event", "id") | ("step", "fingerprint"))
}

fn text(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "-".to_owned(),
        ValueRef::Integer(n) if n > MOMENT => "then".to_owned(),
        ValueRef::Integer(n) => n.to_string(),
        ValueRef::Real(x) => x.to_string(),
        ValueRef::Text(text) => without_moments(&String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => format!("{bytes:x?}"),
    }
}

/// Thirteen digits in a row are a moment.
fn without_moments(text: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        out.push_str(if digits.len() == 13 { "then" } else { &digits });
        digits.clear();
        out.push(c);
    }
    out.trim_end().to_owned()
}

/// Errands to the provider are done after the answer, in real time.
pub(super) fn wait_until_errands_are_done(database: &Path) {
    let db = Connection::open(database).unwrap();
    let began = Instant::now();
    while db.query_row("SELECT count(*) FROM outbox", (), |row| row.get::<_, i64>(0)).unwrap() > 0 {
        assert!(began.elapsed() < PATIENCE, "an errand is never done");
        std::thread::yield_now();
    }
}
