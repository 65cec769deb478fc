//! The store as stories, on real files.

mod admissions;
mod apart;
mod board;
mod board_reports;
mod inside;
mod on_board;
mod other_places;
mod person;
mod reports;
mod scope;
mod still_there;
mod taken;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::attempts::NewAsk;
use super::*;
use crate::dispatch::AttemptResult;
use crate::dispatch::choose::Pause;
use crate::domain::{
    Caller, Conditions, Hours, Language, Line, Numbering, Phone, Postcode, ServiceId,
};

/// Tuesday 2026-11-24, 10:00 in the Netherlands.
const NOW: Timestamp = Timestamp(1_795_510_800_000);
const HOUR: Duration = Duration::from_secs(3600);

struct Town {
    store: Arc<Store>,
    line: Line,
    dir: tempfile::TempDir,
}

fn phone(number: &str) -> Phone {
    Phone::from_stored(number).expect(number)
}

fn postcode(number: u16) -> Postcode {
    Postcode::try_from(number).expect("a postcode")
}

fn company() -> ServiceId {
    ServiceId::parse("company").expect("an id")
}

fn line() -> Line {
    let always = Hours::parse("24/7").expect("hours");
    Line {
        number: phone("+31700002586"),
        name: "Burenhulp Scheveningen".into(),
        area: vec![postcode(2584)],
        languages: vec![Language::Nl],
        services: vec![company()],
        office_hours: always.clone(),
        ringing_hours: always,
        desk: vec![phone("+31700090001"), phone("+31700090002")],
        ring: Duration::from_secs(20),
        desk_ring: Duration::from_secs(20),
        voice: BTreeMap::new(),
        max_attempts: 8,
        search_budget: Duration::from_secs(180),
        offer_callback_after: Duration::from_secs(60),
        voice_note: false,
        rest_after_answer: 3 * HOUR,
        rest_after_ring: HOUR,
        ring_at_once: 1,
        background_budget: std::time::Duration::from_secs(24 * 3600),
        background_max_attempts: 25,
        coordinator_first: Vec::new(),
    }
}

fn somebody(number: &str, lives_in: u16) -> NewParticipant {
    NewParticipant {
        phone: phone(number),
        name: "Bos".into(),
        postcode: postcode(lives_in),
        services: vec![company()],
        elsewhere: Vec::new(),
        hours: Hours::parse("Mo-Su 09:00-21:00").expect("hours"),
        languages: vec![Language::Nl],
        min_m: 0,
        max_m: 15_000,
        max_per_day: 2,
        max_per_week: 4,
        opted_in: Some((NOW - 48 * HOUR, "web".into())),
        verified_at: Some(NOW - 47 * HOUR),
    }
}

const BOS: &str = "+31700010001";
const VISSER: &str = "+31700010002";
const DIRK: &str = "+31700010003";

impl Town {
    /// Three places, 0, 1.5 and 30 km away, and these people.
    fn with(people: Vec<NewParticipant>) -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&dir.path().join("town.db"), [1; 32]).expect("a database");
        let town = Self { store: Arc::new(store), line: line(), dir };
        town.does(move |tx| {
            let place = |number, lat, lon| Place {
                postcode: postcode(number),
                place: "Den Haag".into(),
                neighbourhood: "Scheveningen".into(),
                lat,
                lon,
            };
            tx.put_places(&[
                place(2584, 52.1024, 4.2812),
                place(2586, 52.1160, 4.2815),
                place(9101, 52.3737, 4.2812),
            ])?;
            for person in &people {
                tx.put_participant(person, NOW)?;
            }
            Ok(())
        });
        town
    }

    fn does<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write_blocking(job).expect("the store does it")
    }

    fn looks<T: Send + 'static>(
        &self,
        look: impl FnOnce(&ReadTx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.read_blocking(look).expect("the store is read")
    }

    fn request(&self, sid: &str) -> Request {
        let (sid, line) = (sid.to_owned(), self.line.number.clone());
        self.does(move |tx| {
            let call = tx.open_call(&NewCall {
                sid,
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line: line.clone(),
                caller: Caller::Withheld,
                participant: None,
                attempt: None,
                now: NOW,
            })?;
            tx.open_request(&NewRequest {
                line,
                kind: RequestKind::Neighbour,
                service: Some(company()),
                postcode: Some(postcode(2584)),
                language: Language::Nl,
                participant: None,
                call: Some(call.id),
                note: None,
                now: NOW,
            })
        })
    }

    fn next(&self, request: &Request, now: Timestamp) -> Option<Reserved> {
        let (request, line) = (request.clone(), self.line.clone());
        self.does(move |tx| {
            tx.reserve_next(&NextAsk {
                conditions: Conditions::default(),
                request: &request,
                line: &line,
                round: 1,
                ringing_hours_open: true,
                numbering: Numbering::NlFixtures,
                now,
            })
        })
    }

    fn ends(&self, reserved: &Reserved, result: AttemptResult, now: Timestamp) {
        let (attempt, line) = (reserved.attempt, self.line.clone());
        self.does(move |tx| {
            tx.decide_attempt(attempt, result, &line, now)?;
            tx.release_attempt(attempt, now)
        });
    }
}

fn rung(reserved: Option<Reserved>) -> Option<String> {
    reserved.map(|r| r.phone.e164().to_owned())
}

#[test]
fn the_nearest_is_asked_first_and_whoever_is_beyond_reach_never() {
    let town = Town::with(vec![
        somebody("+31519001001", 9101),
        somebody(VISSER, 2586),
        somebody(BOS, 2584),
    ]);
    let request = town.request("CA1");
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(BOS));
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some(VISSER));
    assert_eq!(rung(town.next(&request, NOW)), None, "30 km is beyond the first round");
}

#[test]
fn r3_two_callers_at_once_never_ring_the_same_person() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let [one, other] = ["CA1", "CA2"].map(|sid| town.request(sid));
    let held = town.next(&one, NOW).expect("Bos");
    assert_eq!(rung(town.next(&other, NOW)), None);
    town.ends(&held, AttemptResult::CallerEnded, NOW);
    assert_eq!(rung(town.next(&other, NOW)).as_deref(), Some(BOS), "free again, and not resting");
}

#[test]
fn r3_holds_in_the_database_itself() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let [one, other] = ["CA1", "CA2"].map(|sid| town.request(sid).id);
    let taken = town.does(move |tx| {
        let bos = phone(BOS);
        let new =
            NewAsk { participant: None, phone: &bos, language: None, reason: "", agreed: false };
        let first = tx.reserve(one, &new, NOW)?;
        let second = tx.reserve(other, &new, NOW)?;
        Ok((first.is_some(), second.is_some()))
    });
    assert_eq!(taken, (true, false));
}

#[test]
fn r4_nobody_is_asked_twice_for_one_request() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    let request = town.request("CA1");
    let held = town.next(&request, NOW).expect("Bos");
    town.ends(&held, AttemptResult::CallerEnded, NOW);
    assert_eq!(rung(town.next(&request, NOW)), None);
}

#[test]
fn rest_after_an_answer_is_three_hours_and_after_a_ring_in_vain_one() {
    for (result, hours) in [(AttemptResult::Declined, 3), (AttemptResult::NoAnswer, 1)] {
        let town = Town::with(vec![somebody(BOS, 2584)]);
        let held = town.next(&town.request("CA1"), NOW).expect("Bos");
        town.ends(&held, result, NOW);
        let next = town.request("CA2");
        let almost = NOW + HOUR * hours - Duration::from_millis(1);
        assert_eq!(rung(town.next(&next, almost)), None, "{result:?}");
        assert!(town.next(&next, NOW + HOUR * hours).is_some(), "{result:?}");
    }
}

#[test]
fn caps_hold_over_the_local_day() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    for (ring, at) in [(1, NOW), (2, NOW + 4 * HOUR)] {
        let held = town.next(&town.request(&format!("CA{ring}")), at).expect("within the cap");
        town.ends(&held, AttemptResult::NoAnswer, at);
    }
    let third = town.request("CA3");
    assert_eq!(rung(town.next(&third, NOW + 8 * HOUR)), None, "two a day");
    assert!(town.next(&third, NOW + 24 * HOUR).is_some(), "tomorrow again");
}

#[test]
fn r1_without_consent_or_verification_or_outside_own_hours_nobody_is_rung() {
    let no_consent = NewParticipant { opted_in: None, ..somebody(BOS, 2584) };
    let not_verified = NewParticipant { verified_at: None, ..somebody(VISSER, 2584) };
    let evenings = NewParticipant {
        hours: Hours::parse("Mo-Su 18:00-21:00").expect("hours"),
        ..somebody("+31700010003", 2584)
    };
    let town = Town::with(vec![no_consent, not_verified, evenings]);
    let request = town.request("CA1");
    assert_eq!(rung(town.next(&request, NOW)), None);
    assert_eq!(rung(town.next(&request, NOW + 9 * HOUR)).as_deref(), Some("+31700010003"));
}

#[test]
fn r9_stop_means_stop_until_a_later_verified_opt_in() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    town.does(|tx| {
        let bos = tx.participant_by_phone(&phone(BOS))?.expect("Bos");
        // Asked to stop, confirmed it, and the confirmation came twice.
        tx.pause(bos.id, Pause::StopNotConfirmed)?;
        tx.withdraw_consent(bos.id, "phone", NOW)?;
        tx.withdraw_consent(bos.id, "phone", NOW)
    });
    assert_eq!(rung(town.next(&town.request("CA1"), NOW)), None);
    let again = town.does(|tx| tx.put_participant(&somebody(BOS, 2584), NOW + HOUR));
    assert_eq!(again, Put::Stopped, "an import never undoes a stop");
    assert_eq!(rung(town.next(&town.request("CA2"), NOW)), None);
    let anew = NewParticipant {
        opted_in: Some((NOW + HOUR, "phone".into())),
        verified_at: Some(NOW + HOUR),
        ..somebody(BOS, 2584)
    };
    assert_eq!(town.does(move |tx| tx.put_participant(&anew, NOW + HOUR)), Put::Changed);
    assert!(town.next(&town.request("CA3"), NOW + HOUR).is_some());
}

#[test]
fn a_pause_keeps_the_telephone_silent() {
    let town = Town::with(vec![somebody(BOS, 2584)]);
    town.does(|tx| {
        let bos = tx.participant_by_phone(&phone(BOS))?.expect("Bos");
        tx.pause(bos.id, Pause::Until(NOW + HOUR))
    });
    let request = town.request("CA1");
    assert_eq!(rung(town.next(&request, NOW)), None);
    assert!(town.next(&request, NOW + HOUR).is_some());
}

#[test]
fn desk_telephones_are_tried_in_order_each_once() {
    let town = Town::with(vec![]);
    let request = town.request("CA1");
    let seats = town.line.desk.clone();
    let rung = town.does(move |tx| {
        let mut rung = Vec::new();
        while let Some(seat) = tx.reserve_desk(&request, &seats, NOW)? {
            tx.release_attempt(seat.attempt, NOW)?;
            rung.push(seat.phone.e164().to_owned());
        }
        Ok(rung)
    });
    assert_eq!(rung, ["+31700090001", "+31700090002"]);
}

#[test]
fn r6_the_first_yes_wins() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2584)]);
    let request = town.request("CA1");
    let [one, other] = [0, 1].map(|_| town.next(&request, NOW).expect("somebody").attempt);
    let id = request.id;
    let won = town.does(move |tx| {
        Ok([tx.accept(id, one, NOW)?, tx.accept(id, other, NOW)?, tx.accept(id, one, NOW)?])
    });
    assert_eq!(won, [true, false, true]);
}

#[test]
fn whoever_looks_on_sees_each_ring_with_its_reason_in_both_languages() {
    let town = Town::with(vec![somebody(BOS, 2584), somebody(VISSER, 2586)]);
    let request = town.request("CA1");
    let bos = town.next(&request, NOW).expect("Bos");
    town.ends(&bos, AttemptResult::Declined, NOW + Duration::from_secs(20));
    let visser = town.next(&request, NOW + Duration::from_secs(20)).expect("Visser");
    let attempt = visser.attempt;
    town.does(move |tx| tx.attempt_picked_up(attempt, NOW + Duration::from_secs(30)));

    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let look = |sid| runtime.block_on(town.store.read(move |tx| tx.searches_of_call(sid)));
    let seen = look("CA1").expect("seen");
    assert_eq!((seen.len(), seen[0].kind, seen[0].closed_at), (1, RequestKind::Neighbour, None));
    assert_eq!(seen[0].postcode, Some(postcode(2584)));
    let [first, second] = &seen[0].attempts[..] else { panic!("two rings: {seen:?}") };
    assert_eq!((&first.phone, first.result), (&phone(BOS), Some(AttemptResult::Declined)));
    assert!(first.reason(Language::Nl).starts_with("zelfde postcode"));
    assert!(first.reason(Language::En).starts_with("same postcode"));
    assert_eq!((second.ended_at, second.result, second.dialled), (None, None, false));
    assert_eq!(second.picked_up_at, Some(NOW + Duration::from_secs(30)));
    assert_eq!(look("CA2").expect("seen"), []);
}

#[test]
fn a_job_that_fails_or_panics_takes_nobody_with_it() {
    let town = Town::with(vec![]);
    let failed: Result<(), StoreError> = town.store.write_blocking(|tx| {
        tx.put_participant(&somebody(BOS, 2584), NOW)?;
        Err(StoreError::Busy)
    });
    assert!(matches!(failed, Err(StoreError::Busy)));
    let panicked: Result<(), StoreError> = town.store.write_blocking(|tx| {
        tx.put_participant(&somebody(BOS, 2584), NOW)?;
        panic!("a fault in the program");
    });
    assert!(matches!(panicked, Err(StoreError::Panicked)));
    assert!(town.does(|tx| tx.participant_by_phone(&phone(BOS))).is_none(), "both undone");
    town.does(|tx| tx.put_participant(&somebody(BOS, 2584), NOW));
    assert!(town.does(|tx| tx.participant_by_phone(&phone(BOS))).is_some());
}

/// Jobs that are queued while the writer is held share one transaction.
#[test]
fn a_repeatable_job_that_fails_after_it_wrote_undoes_itself_alone() {
    let town = Town::with(Vec::new());
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let (let_go, held) = std::sync::mpsc::channel::<()>();
    let (tell, told) = std::sync::mpsc::channel::<()>();
    let runs = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let (first, failed, last, single) = runtime.block_on(async {
        let store = &town.store;
        let holds = store.write(move |_| {
            drop(tell);
            let _ = held.recv();
            Ok::<_, StoreError>(())
        });
        // What is queued from here on is another transaction's: this one has begun.
        let is_held = async {
            let _ = told.recv();
        };
        let counted = Arc::clone(&runs);
        let first = store.write_repeatably(move |tx| {
            counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            tx.put_participant(&somebody(BOS, 2584), NOW)
        });
        let failed = store.write_repeatably(|tx| {
            tx.put_participant(&somebody(VISSER, 2584), NOW)?;
            Err::<(), _>(StoreError::Busy)
        });
        let last = store.write_repeatably(|tx| tx.put_participant(&somebody(DIRK, 2584), NOW));
        let single = store.write(|tx| tx.record_event("single", None, None, None, NOW));
        let releases = async { drop(let_go) };
        // Polled in this order: all are queued before the writer is let go.
        let (_, (), first, failed, last, single, ()) =
            tokio::join!(biased; holds, is_held, first, failed, last, single, releases);
        (first, failed, last, single)
    });
    assert!(first.is_ok() && last.is_ok() && single.is_ok());
    assert!(matches!(failed, Err(StoreError::Busy)));
    assert_eq!(runs.load(std::sync::atomic::Ordering::Relaxed), 2, "undone with it, and run again");
    for (number, is_there) in [(BOS, true), (VISSER, false), (DIRK, true)] {
        let found = town.does(move |tx| tx.participant_by_phone(&phone(number)));
        assert_eq!(found.is_some(), is_there, "{number}");
    }
}

#[test]
fn r11_what_was_answered_is_there_after_the_process_is_gone() {
    let town = Town::with(vec![]);
    let call = town.request("CA1").call.expect("asked on a leg");
    town.does(move |tx| tx.record_step(call, 0, [7; 16], "<Response/>", "{}", Timestamp(1)));
    // A second connection sees the file as the next process would: nothing was closed.
    let again = Store::open(&town.dir.path().join("town.db"), [1; 32]).expect("opens");
    let given: Result<_, StoreError> = again.write_blocking(move |tx| tx.answer_given(call, 0));
    let given = given.expect("reads").expect("was answered");
    assert_eq!(given, Given { fingerprint: [7; 16], answer: "<Response/>".into() });
}

#[test]
fn a_step_is_answered_once() {
    let town = Town::with(vec![]);
    let call = town.request("CA1").call.expect("asked on a leg");
    town.does(move |tx| tx.record_step(call, 0, [7; 16], "first", "{}", Timestamp(1)));
    let again: Result<(), StoreError> = town
        .store
        .write_blocking(move |tx| tx.record_step(call, 0, [8; 16], "second", "{}", Timestamp(2)));
    assert!(again.is_err());
    let given = town.does(move |tx| tx.answer_given(call, 0)).expect("was answered");
    assert_eq!(given.answer, "first");
}

#[test]
fn a_database_of_a_newer_release_is_refused_with_a_way_on() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("newer.db");
    let db = rusqlite::Connection::open(&path).expect("a file");
    db.execute_batch("PRAGMA user_version = 99").expect("a pragma");
    let fault = Store::open(&path, [1; 32]).err().expect("refused");
    assert!(fault.to_string().contains("install that release"), "{fault}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("letter.txt");
    std::fs::write(&path, "Beste buren, ".repeat(200)).expect("a file");
    assert!(Store::open(&path, [1; 32]).is_err());
}

#[test]
fn r11_while_another_process_writes_nothing_is_half_done() {
    let town = Town::with(vec![]);
    let path = town.dir.path().join("town.db");
    let other = rusqlite::Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("holds the database");
    let refused = town
        .store
        .write_blocking(|tx| tx.record_event("while_taken", None, None, None, Timestamp(1)));
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    other.execute_batch("COMMIT").expect("lets go");
    let written: i64 = other
        .query_row("SELECT count(*) FROM event WHERE what = 'while_taken'", [], |row| row.get(0))
        .expect("counts");
    assert_eq!(written, 0);
    town.does(|tx| tx.record_event("afterwards", None, None, None, Timestamp(2)));
}

#[test]
fn places_that_another_process_imports_are_found_at_once() {
    let town = Town::with(vec![somebody("+31519001001", 9102)]);
    let request = town.request("CA1");
    assert_eq!(rung(town.next(&request, NOW)), None, "nobody knows where 9102 is");
    let import = Store::open(&town.dir.path().join("town.db"), [1; 32]).expect("opens");
    let place = Place {
        postcode: postcode(9102),
        place: "Den Haag".into(),
        neighbourhood: String::new(),
        lat: 52.1024,
        lon: 4.2812,
    };
    import.write_blocking(move |tx| tx.put_places(&[place])).expect("imported");
    assert_eq!(rung(town.next(&request, NOW)).as_deref(), Some("+31519001001"));
}

#[cfg(unix)]
#[test]
fn a_new_database_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let town = Town::with(vec![somebody(BOS, 2584)]);
    for file in ["town.db", "town.db-wal"] {
        let mode = town.dir.path().join(file).metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[test]
fn many_that_open_a_new_database_at_once_all_get_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let path = dir.path().join("town.db");
    std::thread::scope(|scope| {
        let open = || Store::open(&path, [1; 32]).map(drop);
        let all: Vec<_> = (0..4).map(|_| scope.spawn(open)).collect();
        for one in all {
            one.join().expect("no panic").expect("opens");
        }
    });
}
