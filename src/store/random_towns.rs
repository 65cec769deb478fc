//! Random towns, callers and stories against the real database, watched by a simple model of who
//! may be rung (R1, R3, R4, R6, R9, R12, R13).

mod model;
mod story;

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::domain::{Caller, Conditions, Language, ParticipantId, RequestId};
use model::{Model, Ring};
use story::{Happens, Person, START, Town};

/// The database beside the model that watches it.
struct Watched {
    store: Arc<Store>,
    town: Town,
    model: Model,
    ids: Vec<ParticipantId>,
    requests: Vec<Request>,
    rings: Vec<Reserved>,
    file: std::path::PathBuf,
    _dir: tempfile::TempDir,
}

impl Watched {
    fn open(town: Town) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("town.db");
        let store = Arc::new(Store::open(&file, [1; 32]).expect("a database"));
        let mut watched = Self {
            store,
            model: Model::of(&town),
            ids: Vec::new(),
            requests: Vec::new(),
            rings: Vec::new(),
            town,
            file,
            _dir: dir,
        };
        let places = watched.town.places();
        watched.does(move |tx| tx.put_places(&places));
        for person in 0..watched.town.people.len() {
            watched.import(person, watched.town.people[person].clone());
        }
        watched
    }

    fn does<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write_blocking(job).expect("the store does it")
    }

    fn import(&mut self, person: usize, as_written: Person) {
        let new = as_written.row(person);
        let (phone, now) = (new.phone.clone(), self.model.now);
        let put = self.does(move |tx| tx.put_participant(&new, now));
        assert_eq!(put == Put::Stopped, !self.model.import(person, as_written), "R9");
        if self.ids.len() == person {
            let known = self.does(move |tx| tx.participant_by_phone(&phone)).expect("known");
            self.ids.push(known.id);
        }
    }

    fn ask(&mut self, by: Option<usize>, place: usize, service: usize, language: Language) {
        let asker = by.map(|person| self.ids[person]);
        let (n, line, now) = (self.requests.len(), self.town.line.clone(), self.model.now);
        let request = self.does(move |tx| {
            let call = tx.open_call(&NewCall {
                sid: format!("CA{n}"),
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line: line.number.clone(),
                caller: Caller::Withheld,
                participant: asker,
                attempt: None,
                now,
            })?;
            tx.open_request(&NewRequest {
                line: line.number,
                kind: RequestKind::Neighbour,
                service: Some(story::service(service)),
                postcode: Some(story::postcode(place)),
                language,
                participant: asker,
                call: Some(call.id),
                note: None,
                now,
            })
        });
        self.model.ask(by, place, service, language);
        self.requests.push(request);
    }

    /// What the store would answer to this request, and did.
    fn next(&mut self, asked: usize, round: u32) {
        let (request, line, now) =
            (self.requests[asked].clone(), self.town.line.clone(), self.model.now);
        let numbering = self.town.numbering;
        let open = line.may_ring(now);
        assert_eq!(open, self.model.line_rings(), "R13");
        let reserved = self.does(move |tx| {
            tx.reserve_next(&NextAsk {
                conditions: Conditions::default(),
                request: &request,
                line: &line,
                round,
                ringing_hours_open: open,
                numbering,
                now,
            })
        });
        let may_be = self.model.may_be_rung(asked, round);
        match reserved {
            None => assert!(may_be.is_empty(), "{may_be:?} could have been rung"),
            Some(reserved) => {
                let id = reserved.participant.expect("a participant");
                let person = self.ids.iter().position(|known| *known == id).expect("known");
                assert!(may_be.contains(&person), "{person} may not be rung: {may_be:?}");
                let nearest = may_be.iter().map(|p| self.model.band(asked, *p)).min();
                assert_eq!(Some(self.model.band(asked, person)), nearest, "nearest band first");
                self.model.rung(Ring::of(asked, Some(person), reserved.phone.e164()));
                self.rings.push(reserved);
            }
        }
    }

    fn next_desk(&mut self, asked: usize) {
        let (request, seats, now) =
            (self.requests[asked].clone(), self.town.line.desk.clone(), self.model.now);
        let free = seats.iter().find(|seat| self.model.desk_is_free(asked, seat.e164())).cloned();
        let reserved = self.does(move |tx| tx.reserve_desk(&request, &seats, now));
        assert_eq!(reserved.as_ref().map(|r| &r.phone), free.as_ref());
        if let Some(reserved) = reserved {
            self.model.rung(Ring::of(asked, None, reserved.phone.e164()));
            self.rings.push(reserved);
        }
    }

    fn happens(&mut self, what: Happens) {
        let now = self.model.now;
        let some =
            |n: usize, of: usize| (of > 0).then(|| if n == story::LAST { of - 1 } else { n % of });
        match what {
            Happens::Ask { by, place, service, language } => self.ask(by, place, service, language),
            Happens::Next { request, round } => {
                if let Some(asked) = some(request, self.requests.len()) {
                    self.next(asked, round);
                }
            }
            Happens::NextDesk { request } => {
                if let Some(asked) = some(request, self.requests.len()) {
                    self.next_desk(asked);
                }
            }
            Happens::Decide { ring, result } => {
                if let Some(ring) = some(ring, self.rings.len()) {
                    let (attempt, line) = (self.rings[ring].attempt, self.town.line.clone());
                    self.does(move |tx| tx.decide_attempt(attempt, result, &line, now));
                    self.model.decided(ring, result);
                }
            }
            Happens::Release { ring } => {
                if let Some(ring) = some(ring, self.rings.len()) {
                    let attempt = self.rings[ring].attempt;
                    self.does(move |tx| tx.release_attempt(attempt, now));
                    self.model.released(ring);
                }
            }
            Happens::Accept { ring } => {
                if let Some(ring) = some(ring, self.rings.len()) {
                    let request = RequestId(self.requests[self.model.rings[ring].request].id.0);
                    let attempt = self.rings[ring].attempt;
                    let won = self.does(move |tx| tx.accept(request, attempt, now));
                    assert_eq!(won, self.model.accepts(ring), "R6");
                }
            }
            Happens::CallerLeaves { request } => {
                if let Some(asked) = some(request, self.requests.len()) {
                    let call = self.requests[asked].call.expect("asked on a leg");
                    self.does(move |tx| tx.call_ended(call, now));
                    self.model.caller_leaves(asked);
                }
            }
            Happens::Stop(person) => {
                let id = self.ids[person];
                self.does(move |tx| tx.withdraw_consent(id, "phone", now));
                self.model.stop(person);
            }
            Happens::Pause(person, pause) => {
                let (id, pause) = (self.ids[person], pause.at(now));
                self.does(move |tx| tx.pause(id, pause));
                self.model.pause(person, pause);
            }
            Happens::Import(person, as_written) => {
                self.import(person, as_written.at(now));
            }
            Happens::Wait { minutes } => self.model.wait(minutes),
        }
    }

    /// R3 and R4 as the file itself has them.
    fn holds(&self) {
        let db = rusqlite::Connection::open(&self.file).expect("opens");
        let most = |sql: &str| -> i64 { db.query_row(sql, [], |row| row.get(0)).expect("counts") };
        let twice = "SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM attempt";
        assert!(most(&format!("{twice} WHERE ended_at IS NULL GROUP BY phone)")) <= 1, "R3");
        assert!(
            most(&format!("{twice} WHERE participant IS NOT NULL GROUP BY request, participant)"))
                <= 1,
            "R4"
        );
    }
}

/// Every write waits for the disk, so that these are few; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn r1_r3_r4_r6_r9_r12_r13_hold_in_any_town_whatever_happens_in_whatever_order(
        town in story::town(),
        story in story::story(),
    ) {
        let mut watched = Watched::open(town);
        for what in story {
            watched.happens(what);
        }
        watched.holds();
    }

    #[test]
    fn what_explain_prints_is_who_is_rung_in_that_order(
        town in story::town(),
        before in story::story(),
        by in prop::option::of(0usize..story::PEOPLE),
        place in 0usize..story::PLACES.len(),
    ) {
        let mut watched = Watched::open(town);
        for what in before {
            watched.happens(what);
        }
        let (line, now) = (watched.town.line.clone(), watched.model.now);
        let from = by.map(story::phone);
        let explained = watched.store.read_blocking(|tx| tx.explain(&Asked {
            inside: false,
            conditions: Conditions::default(),
            line: &line,
            service: &story::service(0),
            postcode: story::postcode(place),
            language: Language::Nl,
            from: from.as_ref(),
            round: 1,
            numbering: watched.town.numbering,
            at: now,
        }));
        let explained = explained.expect("explained");
        let order: Vec<_> = explained.ranking.order.iter().map(|r| r.participant).collect();
        watched.ask(by, place, 0, Language::Nl);
        let before = watched.rings.len();
        // Whoever calls is in a call from here on; nobody else has changed.
        for _ in 0..=story::PEOPLE {
            watched.next(watched.requests.len() - 1, 1);
        }
        let rung: Vec<_> =
            watched.rings[before..].iter().filter_map(|reserved| reserved.participant).collect();
        prop_assert_eq!(rung, order);
        for (passed_over, _) in &explained.ranking.passed_over {
            prop_assert!(explained.where_is(*passed_over).is_some());
        }
    }
}

#[test]
fn the_clock_of_the_stories_begins_on_a_tuesday_morning() {
    assert_eq!(START.wall_clock().format("%a %H:%M").to_string(), "Tue 10:00");
}
