//! A year of calls for a measurement: the same every time, written straight into the tables, since a
//! million rings through the exchange would take an hour.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use burenhulp::domain::{Hours, Language, Line, Phone, Postcode, ServiceId, Timestamp};
use burenhulp::store::key::{self, Keys};
use burenhulp::store::{Store, StoreError, Tx};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use rusqlite::Connection;

/// Thursday 2026-12-31, 12:00 in the Netherlands.
pub(crate) const NOW: Timestamp = Timestamp(1_798_714_800_000);
/// Friday 2026-01-02, 09:00.
const FIRST: i64 = 1_767_340_800_000;
const PEOPLE: i64 = 20_000;
const RINGS_A_REQUEST: u32 = 5;
const SERVICES: [&str; 7] =
    ["groceries", "odd-job", "transport", "company", "dog", "paperwork", "digital"];
const RESULTS: [&str; 5] = ["declined", "no_answer", "busy", "voicemail", "not_today"];

pub(crate) struct Year {
    pub(crate) store: Store,
    pub(crate) lines: Vec<Line>,
    pub(crate) requests: u32,
    database: std::path::PathBuf,
    _dir: tempfile::TempDir,
}

impl Year {
    /// So many rings, five for two requests of three, over four lines of twenty postcodes each.
    pub(crate) fn build(rings: u32) -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let database = dir.path().join("year.db");
        let Keys { stop_list, .. } = key::load_or_make(&database).expect("a key");
        let store = Store::open(&database, stop_list).expect("a database");
        let lines: Vec<Line> = (0..4).map(line).collect();
        let requests = fill(&database, &lines, rings).expect("a year");
        Self { store, lines, requests, database, _dir: dir }
    }

    pub(crate) fn written<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write_blocking(job).expect("the store does it")
    }

    /// What SQLite takes for handing over the columns that a report counts, and nothing else.
    pub(crate) fn bare_scan(&self) -> Duration {
        let db = Connection::open(&self.database).expect("the database");
        let begun = Instant::now();
        let mut select = db
            .prepare(
                "SELECT r.id, r.line, r.kind, r.service, r.postcode, r.opened_at, r.outcome,
                   r.worked_out, a.reserved_at, a.accepted_at, a.result
                 FROM request r LEFT JOIN attempt a ON a.request = r.id
                 WHERE r.opened_at >= 0 ORDER BY r.opened_at, r.id",
            )
            .expect("a query");
        let mut rows = select.query([]).expect("rows");
        let mut sum = 0_usize;
        while let Some(row) = rows.next().expect("a row") {
            for column in 0..11 {
                let value = row.get_ref(column).expect("a column");
                sum += value.as_str().map_or(1, str::len);
            }
        }
        assert!(std::hint::black_box(sum) > 0);
        begun.elapsed()
    }
}

fn line(at: u16) -> Line {
    let always = Hours::parse("24/7").expect("hours");
    let postcode = |n: u16| Postcode::try_from(2500 + 20 * at + n).expect("a postcode");
    Line {
        number: Phone::from_stored(&format!("+3170000258{at}")).expect("a line"),
        name: format!("Lijn {at}"),
        area: (0..20).map(postcode).collect(),
        languages: vec![Language::Nl],
        services: SERVICES.map(|id| ServiceId::parse(id).expect("an id")).to_vec(),
        office_hours: always.clone(),
        ringing_hours: always,
        desk: Vec::new(),
        ring: Duration::from_secs(20),
        desk_ring: Duration::from_secs(20),
        voice: BTreeMap::new(),
        max_attempts: 8,
        search_budget: Duration::from_secs(180),
        offer_callback_after: Duration::from_secs(60),
        voice_note: false,
        rest_after_answer: Duration::ZERO,
        rest_after_ring: Duration::ZERO,
        background_budget: Duration::from_secs(24 * 3600),
        background_max_attempts: 25,
        coordinator_first: Vec::new(),
        ring_at_once: 1,
    }
}

fn fill(database: &std::path::Path, lines: &[Line], rings: u32) -> rusqlite::Result<u32> {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut db = Connection::open(database)?;
    let work = db.transaction()?;
    people(&work, &mut rng)?;
    let mut call = work.prepare(
        "INSERT INTO call (id, sid, direction, role, line, caller, started_at, heard_at, ended_at)
         VALUES (?1, ?2, 'incoming', 'caller', ?3, '\"withheld\"', ?4, ?4, ?4)",
    )?;
    let mut request = work.prepare(
        "INSERT INTO request (id, line, kind, service, postcode, language, call, opened_at,
           closed_at, outcome, accepted)
         VALUES (?1, ?2, 'neighbour', ?3, ?4, 'nl', ?1, ?5, ?5, ?6, ?7)",
    )?;
    let mut attempt = work.prepare(
        "INSERT INTO attempt (id, request, participant, phone, day_part, reserved_at, accepted_at,
           ended_at, result)
         VALUES (?1, ?2, ?3, '+31700010001', 0, ?4, ?5, ?4, ?6)",
    )?;
    let requests = (rings / RINGS_A_REQUEST * 2).max(1);
    let step = (NOW.0 - FIRST) / i64::from(requests);
    let mut ring = 0;
    for n in 0..requests {
        let opened = FIRST + step * i64::from(n);
        let at = &lines[rng.random_range(0..lines.len())];
        let place = at.area[rng.random_range(0..at.area.len())].number();
        let service = SERVICES[rng.random_range(0..SERVICES.len())];
        let number = at.number.e164();
        call.execute((n, format!("CA{n}"), number, opened))?;
        // Five rings for two requests: one of three, one of two.
        let wanted = 2 + n % 2;
        let found = rng.random_bool(0.8);
        let outcome = if found { "connected" } else { "nobody" };
        let accepted = found.then_some(ring + wanted - 1);
        request.execute((n, number, service, place, opened, outcome, accepted))?;
        let first = rng.random_range(1..PEOPLE);
        for turn in 0..wanted {
            let reserved = opened + 15_000 * i64::from(turn);
            let last = found && turn + 1 == wanted;
            let accepted = last.then_some(reserved + 12_000);
            let result = if last { "connected" } else { RESULTS[rng.random_range(0..5)] };
            let who = 1 + (first + i64::from(turn)) % PEOPLE;
            attempt.execute((ring, n, who, reserved, accepted, result))?;
            ring += 1;
        }
    }
    drop((call, request, attempt));
    work.commit()?;
    Ok(requests)
}

fn people(db: &Connection, rng: &mut ChaCha8Rng) -> rusqlite::Result<()> {
    let mut person = db.prepare(
        "INSERT INTO participant (id, phone, postcode, hours, languages, min_m, max_m, max_per_day,
           max_per_week, consented, verified_at, created_at)
         VALUES (?1, ?2, ?3, '24/7', 'nl', 0, 5000, 2, 4, 1, 1, 1)",
    )?;
    let mut offer = db.prepare(
        "INSERT OR IGNORE INTO offer (service, postcode, participant) VALUES (?1, ?2, ?3)",
    )?;
    for n in 1..=PEOPLE {
        let place = 2500 + rng.random_range(0..80);
        person.execute((n, format!("+3170{:07}", n), place))?;
        for _ in 0..2 {
            offer.execute((SERVICES[rng.random_range(0..SERVICES.len())], place, n))?;
        }
    }
    Ok(())
}
