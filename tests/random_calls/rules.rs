//! The rules as far as the books show them, in plain SQL and by a wall clock of their own: nothing
//! of what is tested helps to test it.

use burenhulp::domain::Timestamp;
use burenhulp::sim::scenario::{Cast, Scenario};
use chrono::{Datelike, Timelike, Weekday};
use rusqlite::Connection;

/// Rows that must not be, by rule.
const NEVER: [(&str, &str); 9] = [
    (
        "R2: two rings at once for one question",
        "SELECT request FROM attempt WHERE ended_at IS NULL GROUP BY request HAVING count(*) > 1",
    ),
    (
        "R3: one telephone rung twice at once",
        "SELECT phone FROM attempt WHERE ended_at IS NULL GROUP BY phone HAVING count(*) > 1",
    ),
    (
        "R3: somebody was rung while they were calling us",
        "SELECT a.id FROM attempt a JOIN call c ON c.participant = a.participant AND c.role = 'caller'
         WHERE a.reserved_at > c.started_at AND a.reserved_at < coalesce(c.ended_at, 9e15)",
    ),
    (
        "R4: somebody asked twice for one question",
        "SELECT request FROM attempt
         WHERE participant IS NOT NULL AND result IS NOT 'not_placed' AND id NOT IN
           (SELECT n.id FROM attempt n JOIN attempt o
              ON o.request = n.request AND o.participant = n.participant AND o.id < n.id
            WHERE o.result = 'not_joined')
         GROUP BY request, participant HAVING count(*) > 1",
    ),
    (
        "R4: a caller asked for their own question",
        "SELECT a.id FROM attempt a JOIN request r ON r.id = a.request
         WHERE r.participant = a.participant",
    ),
    (
        "R6: two yeses counted at once",
        "SELECT request FROM attempt WHERE accepted_at IS NOT NULL AND ended_at IS NULL
         GROUP BY request HAVING count(*) > 1",
    ),
    (
        "R9: somebody was rung after they stopped",
        "SELECT a.id FROM attempt a JOIN consent c ON c.participant = a.participant
         WHERE a.reserved_at > c.withdrawn_at",
    ),
    (
        "R11: a step is missing",
        "SELECT call FROM step GROUP BY call HAVING max(number) + 1 <> count(*)",
    ),
    (
        "R1: somebody was rung without consent or verification",
        "SELECT a.id FROM attempt a JOIN participant p ON p.id = a.participant
         WHERE p.verified_at IS NULL
            OR NOT EXISTS (SELECT 1 FROM consent c WHERE c.participant = p.id)",
    ),
];

/// Every breach of a rule in these books, one sentence each.
pub(super) fn broken(books: &Connection, scenario: &Scenario) -> Vec<String> {
    let mut complaints: Vec<String> = NEVER
        .iter()
        .filter(|(_, sql)| books.prepare_cached(sql).unwrap().exists([]).unwrap())
        .map(|(rule, _)| (*rule).to_owned())
        .collect();
    complaints.extend(rings(books, scenario));
    complaints
}

/// Every ring of a neighbour, against what the story says of them.
fn rings(books: &Connection, scenario: &Scenario) -> Vec<String> {
    let cast = Cast::of(scenario);
    let sql =
        "SELECT a.phone, a.reserved_at, r.service FROM attempt a JOIN request r ON r.id = a.request
               WHERE a.participant IS NOT NULL AND a.reserved_at >= ?1";
    let mut select = books.prepare_cached(sql).unwrap();
    let rows = select.query_map([scenario.at.0], |row| {
        Ok((row.get::<_, String>(0)?, Timestamp(row.get(1)?), row.get::<_, String>(2)?))
    });
    let mut complaints = Vec::new();
    for row in rows.unwrap() {
        let (phone, at, service) = row.unwrap();
        let who = cast.neighbours.iter().position(|number| number.as_str() == phone);
        let Some(neighbour) = who.map(|who| &scenario.neighbour[who]) else {
            complaints.push("R12: a number was rung that is nobody's here".to_owned());
            continue;
        };
        for (rule, is_kept) in [
            ("R1: somebody was rung who takes no part", neighbour.opted_in && neighbour.verified),
            ("R9: somebody was rung who stopped", !neighbour.stopped),
            ("R1: somebody was rung in their pause", neighbour.pause.is_none()),
            ("R1: somebody was rung for another service", neighbour.services.contains(&service)),
            (
                "R1: somebody was rung in another language",
                neighbour.languages.contains(&"nl".into()),
            ),
            ("R13: somebody was rung outside their hours", own_hours(&neighbour.hours, at)),
            ("R13: somebody was rung outside the line's hours", line_hours(at)),
            ("R1: somebody was rung from another part of the country", neighbour.postcode != 9101),
        ] {
            if !is_kept {
                complaints.push(rule.to_owned());
            }
        }
    }
    complaints
}

/// The three kinds of hours that stories give people.
fn own_hours(hours: &str, at: Timestamp) -> bool {
    let wall = at.local();
    match hours {
        "24/7" => true,
        "Mo-Su 09:00-12:00" => (9..12).contains(&wall.hour()),
        "Mo-Fr 19:00-23:00" => {
            (19..23).contains(&wall.hour())
                && !matches!(wall.weekday(), Weekday::Sat | Weekday::Sun)
        }
        other => panic!("a story with hours that are not known here: {other}"),
    }
}

/// What a line has when nothing else is settled: Mo-Sa 09:00-21:00; Su,PH 10:00-20:00.
fn line_hours(at: Timestamp) -> bool {
    let wall = at.local();
    match wall.weekday() {
        Weekday::Sun => (10..20).contains(&wall.hour()),
        _ => (9..21).contains(&wall.hour()),
    }
}
