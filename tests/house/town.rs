//! Puts the people of a scenario into an exchange's database, with what went before.

use std::path::Path;
use std::time::Duration;

use burenhulp::commands::import::{PlaceRow, places};
use burenhulp::dispatch::choose::Pause;
use burenhulp::domain::{
    Hours, Language, OpenOrClosed, OperatorId, OtherPlace, Phone, Postcode, Role, Sentence,
    ServiceId, Timestamp,
};
use burenhulp::sim::number::Number;
use burenhulp::sim::scenario::{Cast, Neighbour, Scenario, Settled};
use burenhulp::store::{ClosingDay, NewOperator, NewParticipant, Place, Store, StoreError, Tx};
use rusqlite::Connection;

const PLACES: &str = include_str!("../../fixtures/places.csv");
const A_DAY: Duration = Duration::from_secs(24 * 3600);

pub(super) async fn settle(store: &Store, database: &Path, scenario: &Scenario, cast: &Cast) {
    let people: Vec<(Phone, Neighbour)> =
        cast.neighbours.iter().map(phone).zip(scenario.neighbour.iter().cloned()).collect();
    let at = scenario.at;
    let desk = scenario.settled.clone();
    let line = phone(&cast.lines[0]);
    let settled = store.write(move |tx| {
        settle_desk(tx, &line, &desk, at)?;
        tx.put_places(&all_places())?;
        for (phone, neighbour) in &people {
            tx.put_participant(&participant(phone, neighbour, at), at - 100 * A_DAY)?;
            let id = tx.participant_by_phone(phone)?.expect("put there just now").id;
            if let Some(pause) = &neighbour.pause {
                tx.pause(id, read_pause(pause))?;
            }
            if neighbour.stopped {
                tx.withdraw_consent(id, "desk", at - 50 * A_DAY)?;
            }
        }
        Ok::<_, StoreError>(())
    });
    settled.await.unwrap();
    let db = Connection::open(database).unwrap();
    // Whoever stands first in the file was asked longest ago: ties go in the order of the file.
    for (i, (number, neighbour)) in (0i64..).zip(cast.neighbours.iter().zip(&scenario.neighbour)) {
        let long_ago = (at - 1000 * A_DAY).0 + i;
        let last = neighbour.asked.iter().map(|asked| asked.0).max().unwrap_or(long_ago);
        db.execute("UPDATE participant SET last_asked = ?2 WHERE phone = ?1", (e164(number), last))
            .unwrap();
        db.execute(
            "UPDATE participant SET unanswered = ?2 WHERE phone = ?1",
            (e164(number), neighbour.unanswered),
        )
        .unwrap();
        for (nth, asked) in neighbour.asked.iter().enumerate() {
            asked_before(&db, number, *asked, nth);
        }
        for other in &neighbour.blocked_with {
            let other = cast.number(other).unwrap();
            pair(&db, "block (one, other)", number, other);
            pair(&db, "block (one, other)", other, number);
        }
        for asker in &neighbour.helped {
            pair(&db, "klik (asker, helper)", cast.number(asker).unwrap(), number);
        }
    }
}

/// What somebody at the desk settled a moment ago.
fn settle_desk(
    tx: &mut Tx<'_>,
    line: &Phone,
    desk: &Settled,
    now: Timestamp,
) -> Result<(), StoreError> {
    if *desk == Settled::default() {
        return Ok(());
    }
    let by = somebody_at_the_desk(tx, now);
    if let Some((how, until)) = desk.desk.as_deref().and_then(|d| d.split_once(" until ")) {
        assert!(["open", "closed"].contains(&how), "open or closed, not {how:?}");
        let until = Timestamp::parse(until).unwrap();
        tx.set_desk(line, OpenOrClosed { open: how == "open", until }, by, now)?;
    }
    for day in &desk.closed_on {
        let closing = ClosingDay { day: day.parse().unwrap(), line: None };
        assert!(tx.add_closing_day(&closing, by, now)?);
    }
    for (language, text) in &desk.notice {
        let language = Language::parse(language).unwrap();
        let text = Sentence::parse(text, language).unwrap();
        tx.set_notice(line, language, &text, now + A_DAY, by, now)?;
    }
    Ok(())
}

fn somebody_at_the_desk(tx: &mut Tx<'_>, now: Timestamp) -> OperatorId {
    let anneke = NewOperator {
        name: "Anneke".into(),
        role: Role::Administrator,
        password: String::new(),
        password_given: false,
        lines: Vec::new(),
        areas: Vec::new(),
    };
    tx.add_operator(&anneke, now).unwrap()
}

/// A ring in the past that ended with "not now".
fn asked_before(db: &Connection, number: &Number, at: Timestamp, nth: usize) {
    let line = "+31700002586";
    let sid = format!("CA-before-{}-{nth}", &e164(number)[1..]);
    db.execute(
        "INSERT INTO call (sid, direction, role, line, caller, started_at, heard_at, ended_at)
         VALUES (?1, 'incoming', 'caller', ?2, '\"withheld\"', ?3, ?3, ?3)",
        (sid, line, at.0),
    )
    .unwrap();
    db.execute(
        "INSERT INTO request (line, kind, service, postcode, language, call, opened_at, closed_at,
           outcome)
         VALUES (?1, 'neighbour', 'company', 2584, 'nl', ?2, ?3, ?3, 'nobody')",
        (line, db.last_insert_rowid(), at.0),
    )
    .unwrap();
    db.execute(
        "INSERT INTO attempt (request, participant, phone, day_part, reserved_at, ended_at, result)
         VALUES (?1, (SELECT id FROM participant WHERE phone = ?2), ?2, 0, ?3, ?3, 'declined')",
        (db.last_insert_rowid(), e164(number), at.0),
    )
    .unwrap();
}

fn pair(db: &Connection, into: &str, one: &Number, other: &Number) {
    let sql = format!(
        "INSERT OR IGNORE INTO {into} SELECT a.id, b.id FROM participant a, participant b
         WHERE a.phone = ?1 AND b.phone = ?2"
    );
    db.execute(&sql, (e164(one), e164(other))).unwrap();
}

fn participant(phone: &Phone, neighbour: &Neighbour, at: Timestamp) -> NewParticipant {
    let since = at - 100 * A_DAY;
    let metres = |km: f64| (km * 1000.0).round() as u32;
    let services: Vec<ServiceId> =
        neighbour.services.iter().map(|id| ServiceId::parse(id).unwrap()).collect();
    let also_at = neighbour.also_at.iter().map(|there| OtherPlace {
        postcode: Postcode::try_from(*there).unwrap(),
        services: services.clone(),
    });
    NewParticipant {
        phone: phone.clone(),
        name: neighbour.full_name(),
        postcode: Postcode::try_from(neighbour.postcode).unwrap(),
        elsewhere: also_at.collect(),
        services,
        hours: Hours::parse(&neighbour.hours).unwrap(),
        languages: neighbour.languages.iter().map(|l| Language::parse(l).unwrap()).collect(),
        min_m: metres(neighbour.min_km),
        max_m: metres(neighbour.max_km),
        max_per_day: neighbour.max_per_day,
        max_per_week: neighbour.max_per_week,
        opted_in: neighbour.opted_in.then(|| (since, "phone".into())),
        verified_at: neighbour.verified.then_some(since),
    }
}

fn read_pause(text: &str) -> Pause {
    match text.strip_prefix("until ") {
        Some(then) => Pause::Until(Timestamp::parse(then).unwrap()),
        None if text == "until_they_call" => Pause::UntilTheyCall,
        None => panic!("a pause is \"until 2026-12-01\" or \"until_they_call\", not {text:?}"),
    }
}

fn all_places() -> Vec<Place> {
    let rows = places::read(PLACES.as_bytes(), &mut |_| ()).unwrap();
    let place = |row: PlaceRow| Place {
        postcode: row.postcode,
        place: row.name,
        neighbourhood: row.neighbourhood.unwrap_or_default(),
        lat: row.lat,
        lon: row.lon,
    };
    rows.into_iter().map(place).collect()
}

fn phone(number: &Number) -> Phone {
    Phone::from_stored(number.as_str()).unwrap()
}

fn e164(number: &Number) -> &str {
    number.as_str()
}
