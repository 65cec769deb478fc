//! What the exchange's database says when the calls are over, as far as the trade sees it.

use std::path::Path;

use burenhulp::domain::{Phone, Timestamp};
use burenhulp::sim::number::Number;
use burenhulp::sim::scenario::{Afterwards, Cast, Scenario};
use burenhulp::store::{Store, StoreError};
use rusqlite::{Connection, Row};

pub(super) async fn read(store: &Store, database: &Path, scenario: &Scenario) -> Afterwards {
    let db = Connection::open(database).unwrap();
    let began = scenario.at.0;
    let results = list(
        &db,
        &format!(
            "SELECT phone, ifnull(result, '?') FROM attempt
             WHERE reserved_at >= {began} AND result IS NOT 'not_placed' ORDER BY id"
        ),
        |row| (number(row, 0), text(row, 1)),
    );
    let kept = "SELECT kind, due_at, iif(kept_at IS NULL, '', ' kept') FROM promise ORDER BY id";
    let promises =
        list(&db, kept, |row| format!("{} {}{}", text(row, 0), moment(row, 1), text(row, 2)));
    let paused = list(
        &db,
        "SELECT phone, pause_kind, pause_until FROM participant WHERE pause_kind IS NOT NULL
         ORDER BY id",
        |row| {
            let kind = text(row, 1);
            let how = if kind == "until" { format!("until {}", moment(row, 2)) } else { kind };
            (number(row, 0), how)
        },
    );
    let happy_pairs = list(
        &db,
        "SELECT a.phone, b.phone FROM klik JOIN participant a ON a.id = asker
         JOIN participant b ON b.id = helper ORDER BY a.id, b.id",
        |row| (number(row, 0), number(row, 1)),
    );
    Afterwards {
        results,
        promises,
        messages: list(&db, "SELECT id FROM message", |row| row.get::<_, i64>(0).unwrap()).len(),
        stopped: stopped(store, database, &Cast::of(scenario)).await,
        newcomers: newcomers(&db, &Cast::of(scenario)),
        paused,
        happy_pairs,
        left_over: left_over(&db),
    }
}

pub(super) fn count(database: &Path, table: &str) -> i64 {
    let db = Connection::open(database).unwrap();
    db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// Both must be so: the number is on the stop list, and the person without consent.
async fn stopped(store: &Store, database: &Path, cast: &Cast) -> Vec<Number> {
    let numbers: Vec<Number> = cast.neighbours.iter().chain(&cast.telephones).cloned().collect();
    let db = Connection::open(database).unwrap();
    let stopped = store.write(move |tx| {
        let mut stopped = Vec::new();
        for number in numbers {
            let phone = Phone::from_stored(number.as_str()).expect("a number of the cast");
            let Some(stop) = tx.stopped_at(&phone)? else { continue };
            if let Some(known) = tx.participant_by_phone(&phone)?.filter(|p| p.consented) {
                // A new opt-in counts once it is confirmed, after the stop.
                let waits = tx.sign_up_of(known.id)?.is_some() && !known.verified;
                let sql = "SELECT coalesce(verified_at, 0) FROM participant WHERE phone = ?1";
                let verified: i64 = db.query_row(sql, [phone.e164()], |row| row.get(0)).unwrap();
                let anew = waits || verified > stop.0;
                assert!(anew, "somebody who stopped still has consent (R9)");
            }
            stopped.push(number);
        }
        Ok::<_, StoreError>(stopped)
    });
    stopped.await.unwrap()
}

/// People with one of the other telephones, in the order in which they came.
fn newcomers(db: &Connection, cast: &Cast) -> Vec<(Number, String)> {
    let sql = "SELECT p.phone, iif(p.consented AND p.verified_at IS NOT NULL, 'takes part',
                 iif(s.participant IS NOT NULL, 'waits', 'counts for nothing'))
               FROM participant p LEFT JOIN sign_up s ON s.participant = p.id ORDER BY p.id";
    let mut known = list(db, sql, |row| (number(row, 0), text(row, 1)));
    known.retain(|(number, _)| cast.telephones.contains(number));
    known
}

/// What nobody would ever look at again.
fn left_over(db: &Connection) -> Vec<String> {
    let mut left = Vec::new();
    for (what, sql) in [
        ("a ring that is not over", "SELECT count(*) FROM attempt WHERE ended_at IS NULL"),
        ("a ring without a result", "SELECT count(*) FROM attempt WHERE result IS NULL"),
        (
            "a ring of a caller that is not over",
            "SELECT count(*) FROM callback WHERE ended_at IS NULL",
        ),
        ("a placed call that is not over", "SELECT count(*) FROM placed WHERE ended_at IS NULL"),
        ("a call that is not over", "SELECT count(*) FROM call WHERE ended_at IS NULL"),
        ("a question that is open", "SELECT count(*) FROM request WHERE closed_at IS NULL"),
        (
            "a question without an outcome",
            "SELECT count(*) FROM request r WHERE outcome IS NULL AND NOT EXISTS (
               SELECT 1 FROM promise p WHERE p.request = r.id AND p.kind = 'coordinator_arranges')",
        ),
        ("a timer", "SELECT count(*) FROM timer"),
        ("a placed call", "SELECT count(*) FROM placed WHERE ended_at IS NULL"),
        ("a call back", "SELECT count(*) FROM desk_call WHERE ended_at IS NULL"),
        ("a wish", "SELECT count(*) FROM wish"),
        ("an errand", "SELECT count(*) FROM outbox"),
        ("a voice note", "SELECT count(*) FROM note"),
        ("a message that was never ready", "SELECT count(*) FROM message WHERE ready_at IS NULL"),
        ("a message without its sound", "SELECT count(*) FROM message WHERE sound <> 'here'"),
        (
            "a sound without its message",
            "SELECT count(*) FROM message_sound WHERE message NOT IN (SELECT id FROM message)",
        ),
    ] {
        let count: i64 = db.query_row(sql, [], |row| row.get(0)).unwrap();
        if count > 0 {
            left.push(format!("{what}, {count} times"));
        }
    }
    left
}

fn list<T>(db: &Connection, sql: &str, read: impl Fn(&Row<'_>) -> T) -> Vec<T> {
    let mut rows = db.prepare(sql).unwrap();
    let rows = rows.query_map([], |row| Ok(read(row))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn text(row: &Row<'_>, at: usize) -> String {
    row.get(at).unwrap()
}

fn number(row: &Row<'_>, at: usize) -> Number {
    Number::new(&text(row, at))
}

/// As scenarios write moments: to the minute, which has begun.
fn moment(row: &Row<'_>, at: usize) -> String {
    Timestamp(row.get(at).unwrap()).local().format("%Y-%m-%dT%H:%M:00%:z").to_string()
}
