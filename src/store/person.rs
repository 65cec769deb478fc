//! Everything that is known about one person, for themselves (GDPR articles 15 and 20).
//!
//! Nobody else is in it: not who asked, not who helped, not who would rather not meet them, and not
//! to whom in an organisation they said that they agree.

use rusqlite::types::ValueRef;
use serde_json::{Map, Value};

use super::consent::keyed_hash;
use super::{ReadTx, StoreError};
use crate::domain::{Caller, Phone};
use crate::privacy::own_data::Known;

/// Each kind with its query: `?1` the number, `?2` the number as the other end of a leg, `?3` the
/// keyed hash of it.
const PARTS: [(&str, &str); 26] = [
    (
        "participant",
        "SELECT name, phone, postcode, hours, languages, min_m, max_m, max_per_day, max_per_week,
           consented, verified_at, pause_kind, pause_until AS pause_until_at, last_asked AS last_asked_at,
           answered, yeses, unanswered, in_touch_at, created_at
         FROM participant WHERE phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3",
    ),
    (
        "offers",
        "SELECT o.service, o.postcode, o.min_m, o.max_m, o.inside FROM offer o
         JOIN participant p ON p.id = o.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1, 2",
    ),
    (
        "would_like",
        "SELECT w.service FROM would_like w JOIN participant p ON p.id = w.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "sign_up",
        "SELECT s.begun_at, s.line, s.language, s.tries, s.rings_at FROM sign_up s
         JOIN participant p ON p.id = s.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3",
    ),
    (
        "still_there",
        "SELECT s.since AS since_at, s.why, s.line, s.tries, s.rings_at FROM still_there s
         JOIN participant p ON p.id = s.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3",
    ),
    (
        "admissions",
        "SELECT a.service, a.approved_at, a.certificate_kind, a.certificate_seen_at,
           a.certificate_expires_at
         FROM admission a JOIN participant p ON p.id = a.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "age",
        "SELECT g.at_least, g.known_by, g.known_at FROM age g JOIN participant p ON p.id = g.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3",
    ),
    (
        "consents",
        "SELECT c.purpose, c.text_version, c.language, c.channel, c.given_at, c.verified_at, c.proof,
           c.withdrawn_at, c.withdrawn_by
         FROM consent c LEFT JOIN participant p ON p.id = c.participant
         WHERE (p.phone = ?1 OR c.person = ?3) AND ?2 IS ?2 ORDER BY c.given_at",
    ),
    (
        "stop",
        "SELECT stopped_at FROM stop_list WHERE hash = ?3 AND ?1 IS ?1 AND ?2 IS ?2",
    ),
    (
        "asked_to_join",
        "SELECT asked_at FROM asked_to_join WHERE hash = ?3 AND ?1 IS ?1 AND ?2 IS ?2",
    ),
    (
        "signed_others_up",
        "SELECT at AS made_at FROM sign_up_tally
         WHERE caller = ?3 AND ?1 IS ?1 AND ?2 IS ?2 ORDER BY 1",
    ),
    (
        "habits",
        "SELECT h.day_part, h.rings, h.picked_up FROM habit h JOIN participant p ON p.id = h.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "pairs",
        "SELECT count(*) AS happy_with FROM klik k JOIN participant p ON p.id IN (k.asker, k.helper)
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 HAVING count(*) > 0",
    ),
    (
        "kept_apart",
        "SELECT (SELECT count(*) FROM block b WHERE b.one = p.id)
           + (SELECT count(DISTINCT a.said_at) FROM apart a WHERE a.participant = p.id) AS rather_not
         FROM participant p WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 AND rather_not > 0",
    ),
    (
        "rings",
        "SELECT a.reserved_at AS rung_at, r.service, a.result, a.picked_up_at, a.accepted_at, a.ended_at
         FROM attempt a JOIN request r ON r.id = a.request JOIN participant p ON p.id = a.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "calls",
        "SELECT c.started_at, c.ended_at, c.direction, c.line FROM call c
         LEFT JOIN participant p ON p.id = c.participant
         WHERE (c.caller = ?2 OR p.phone = ?1) AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "requests",
        "SELECT r.opened_at, r.closed_at, r.line, r.kind, r.service, r.postcode, r.language, r.outcome,
           r.worked_out, r.inside
         FROM request r LEFT JOIN call c ON c.id = r.call LEFT JOIN participant p ON p.id = r.participant
         LEFT JOIN intake i ON i.request = r.id AND i.phone <> r.line
         WHERE (c.caller = ?2 OR ?1 IN (p.phone, i.phone, r.call_back)) AND ?3 IS ?3 ORDER BY 1",
    ),
    // Where a number is kept no longer, the line's own stands in for it.
    (
        "entered",
        "SELECT r.opened_at AS asked_at, i.source, i.name, i.wanted_at, i.organisation, i.agreed_on,
           i.agreed_how, s.how AS settled_how, s.referred_to, s.settled_at
         FROM intake i JOIN request r ON r.id = i.request LEFT JOIN settlement s ON s.request = r.id
         WHERE i.phone = ?1 AND i.phone <> r.line AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "web_questions",
        "SELECT q.asked_at, q.line, q.service, q.postcode, q.language, q.wanted_at, q.on_board,
           q.inside
         FROM web_question q LEFT JOIN intake i ON i.request = q.request
         WHERE (q.phone = ?1 OR i.phone = ?1) AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "posted_offers",
        "SELECT o.posted_at, o.line, o.service, o.postcode, o.day, o.withdrawn_at,
           o.answered_by IS NOT NULL AS taken_up
         FROM posted_offer o JOIN participant p ON p.id = o.participant
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "board_reports",
        "SELECT b.reported_at, coalesce(r.service, w.service) AS service, b.why
         FROM board_report b JOIN participant p ON p.id = b.participant
         LEFT JOIN request r ON r.id = b.request LEFT JOIN posted_offer w ON w.id = b.posted_offer
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
    // How often, of what is theirs; never by whom, and not when.
    (
        "reported",
        "SELECT coalesce(r.service, w.service) AS service, count(*) AS times
         FROM board_report b LEFT JOIN request r ON r.id = b.request
         LEFT JOIN call c ON c.id = r.call LEFT JOIN participant p ON p.id = r.participant
         LEFT JOIN intake i ON i.request = r.id AND i.phone <> r.line
         LEFT JOIN posted_offer w ON w.id = b.posted_offer
         LEFT JOIN participant o ON o.id = w.participant
         WHERE (c.caller = ?2 OR ?1 IN (o.phone, p.phone, i.phone, r.call_back)) AND ?3 IS ?3
         GROUP BY b.request, b.posted_offer ORDER BY 1",
    ),
    (
        "taken_down",
        "SELECT d.taken_at, coalesce(r.service, w.service) AS service, d.why
         FROM taken_down d LEFT JOIN request r ON r.id = d.request
         LEFT JOIN call c ON c.id = r.call LEFT JOIN participant p ON p.id = r.participant
         LEFT JOIN intake i ON i.request = r.id AND i.phone <> r.line
         LEFT JOIN posted_offer w ON w.id = d.posted_offer
         LEFT JOIN participant o ON o.id = w.participant
         WHERE (c.caller = ?2 OR ?1 IN (o.phone, p.phone, i.phone, r.call_back)) AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "messages",
        "SELECT m.left_at, m.line, m.seconds, m.sound FROM message m
         WHERE m.caller = ?2 AND ?1 IS ?1 AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "promises",
        "SELECT p.made_at, p.kind, p.line, p.due_at, p.kept_at, p.kept_how,
           (SELECT group_concat(n.text, ' / ') FROM desk_note n
            WHERE n.promise = p.id OR (p.participant IS NULL AND n.request = p.request)) AS notes
         FROM promise p LEFT JOIN participant d ON d.id = p.participant
         LEFT JOIN message m ON m.id = p.message
         LEFT JOIN request r ON r.id = p.request LEFT JOIN call c ON c.id = r.call
         LEFT JOIN intake i ON i.request = r.id AND i.phone <> r.line
         WHERE (d.phone = ?1 OR m.caller = ?2 OR (p.participant IS NULL
             AND (c.caller = ?2 OR ?1 IN (i.phone, r.call_back))))
           AND ?3 IS ?3 ORDER BY 1",
    ),
    (
        "seen_by_the_desk",
        "SELECT a.at AS done_at, a.what FROM audit a JOIN participant p ON a.about = 'participant:' || p.id
         WHERE p.phone = ?1 AND ?2 IS ?2 AND ?3 IS ?3 ORDER BY 1",
    ),
];

impl ReadTx<'_> {
    /// Everything that is known about whoever has this number; kinds of which there is nothing are
    /// left out.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub fn everything_about(&self, phone: &Phone) -> Result<Vec<Known>, StoreError> {
        let caller = serde_json::to_string(&Caller::Known(phone.clone()))
            .map_err(|_| StoreError::Damaged("call"))?;
        let hash = keyed_hash(self.hash_key, phone.e164().as_bytes());
        let mut everything = Vec::new();
        for (what, sql) in PARTS {
            let mut select = self.db.prepare(sql)?;
            let names: Vec<String> = select.column_names().map(str::to_owned).collect();
            let rows = select.query_map((phone.e164(), &caller, hash), |row| {
                names
                    .iter()
                    .enumerate()
                    .map(|(at, name)| Ok((name.clone(), value(row.get_ref(at)?))))
                    .collect::<rusqlite::Result<Map<_, _>>>()
            })?;
            let rows = rows.collect::<Result<Vec<_>, _>>()?;
            if !rows.is_empty() {
                everything.push(Known { what, columns: names, rows });
            }
        }
        Ok(everything)
    }

    /// The kinds that [`ReadTx::everything_about`] knows.
    pub fn kinds_known() -> impl Iterator<Item = &'static str> {
        PARTS.iter().map(|(what, _)| *what)
    }
}

fn value(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
    }
}
