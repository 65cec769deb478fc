//! Forgetting as stories, on a real file.

use std::time::Duration;

use rusqlite::Connection;

use crate::dispatch::still_there::WhyAsked;
use crate::domain::{
    About, CallId, Caller, Deed, Hours, Language, Misplaced, Phone, Pinned, Postcode, ServiceId,
};
use crate::store::attempts::NewAsk;
use crate::store::{
    Direction, Erased, Erasing, NewCall, NewMessage, NewOffer, NewParticipant, NewPromise,
    NewReport, NewRequest, NewWebRequest, PromiseKind, RequestKind, Role, Source, Store,
    StoreError, Why,
};

use super::*;

/// Tuesday 2026-11-24, 10:00 in the Netherlands.
const NOW: Timestamp = Timestamp(1_795_510_800_000);
const A_DAY: Duration = Duration::from_secs(24 * 3600);
const BOS: &str = "+31700010001";
const CALLER: &str = "+31601000001";
const LINE: &str = "+31700002586";

struct Town {
    store: Store,
    dir: tempfile::TempDir,
}

fn phone(number: &str) -> Phone {
    Phone::from_stored(number).expect(number)
}

impl Town {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&dir.path().join("town.db"), [1; 32]).expect("a database");
        Self { store, dir }
    }

    fn does<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.store.write_blocking(job).expect("the store does it")
    }

    fn books(&self) -> Connection {
        Connection::open(self.dir.path().join("town.db")).expect("the books")
    }

    fn one<T: rusqlite::types::FromSql>(&self, sql: &str) -> T {
        self.books().query_row(sql, [], |row| row.get(0)).expect(sql)
    }

    fn put_bos(&self, confirmed: bool) -> ParticipantId {
        let bos = NewParticipant {
            phone: phone(BOS),
            name: "Bos-van-der-Zee".into(),
            postcode: Postcode::try_from(2584).expect("a postcode"),
            services: vec![ServiceId::parse("company").expect("an id")],
            elsewhere: Vec::new(),
            hours: Hours::parse("24/7").expect("hours"),
            languages: vec![Language::Nl],
            min_m: 0,
            max_m: 15_000,
            max_per_day: 2,
            max_per_week: 4,
            opted_in: confirmed.then(|| (NOW - A_DAY, "phone".into())),
            verified_at: confirmed.then(|| NOW - A_DAY),
        };
        self.does(move |tx| {
            tx.put_participant(&bos, NOW)?;
            Ok(tx.participant_by_phone(&bos.phone)?.expect("put there just now").id)
        })
    }

    /// Somebody asks, Bos is rung, a message is left, a call-back promised.
    fn a_call(&self, now: Timestamp) -> CallId {
        let (call, request) = self.does(move |tx| {
            let call = tx.open_call(&NewCall {
                sid: format!("CA-caller-{}", now.0),
                parent_sid: None,
                direction: Direction::Incoming,
                role: Role::Caller,
                line: phone(LINE),
                caller: Caller::Known(phone(CALLER)),
                participant: None,
                attempt: None,
                now,
            })?;
            let answer = format!("<Dial><Number>{BOS}</Number></Dial>");
            tx.record_step(call.id, 0, [0; 16], &answer, "{\"keys\":\"2584\"}", now)?;
            let request = tx.open_request(&NewRequest {
                line: phone(LINE),
                kind: RequestKind::Neighbour,
                service: Some(ServiceId::parse("company").expect("an id")),
                postcode: Some(Postcode::try_from(2584).expect("a postcode")),
                language: Language::Nl,
                participant: None,
                call: Some(call.id),
                note: None,
                now,
            })?;
            let bos = tx.participant_by_phone(&phone(BOS))?.map(|known| known.id);
            let (language, reason) = (None, "in de buurt");
            let new =
                NewAsk { participant: bos, phone: &phone(BOS), language, reason, agreed: false };
            let rung = tx.reserve(request.id, &new, now)?;
            let attempt = rung.expect("free");
            let leg = tx.open_call(&NewCall {
                sid: format!("CA-bos-{}", now.0),
                parent_sid: Some(format!("CA-caller-{}", now.0)),
                direction: Direction::Dialled,
                role: Role::Neighbour,
                line: phone(LINE),
                caller: Caller::Known(phone(BOS)),
                participant: bos,
                attempt: Some(attempt),
                now,
            })?;
            let message = tx.add_message(&NewMessage {
                line: phone(LINE),
                caller: Caller::Known(phone(CALLER)),
                call: call.id,
                step: 1,
                request: Some(request.id),
                recording_url: "https://provider.example/RE1".into(),
                recording_sid: Some(format!("RE{:032}", now.0)),
                seconds: 9,
                now,
            })?;
            tx.add_promise(&NewPromise {
                kind: PromiseKind::DeskAnswers,
                line: phone(LINE),
                request: Some(request.id),
                message: Some(message),
                participant: None,
                due_at: now + A_DAY,
                now,
            })?;
            tx.record_event("declined", Some(request.id.0), None, Some(attempt.0), now)?;
            tx.release_attempt(attempt, now)?;
            tx.call_ended(leg.id, now)?;
            Ok((call.id, request.id))
        });
        self.does(move |tx| {
            tx.close_request(request, crate::dispatch::Outcome::Nobody, now)?;
            tx.call_ended(call, now)
        });
        call
    }

    /// A whole round at this moment.
    fn round(&self, now: Timestamp) -> Vec<String> {
        let mut recordings = Vec::new();
        self.does(move |tx| tx.begin_forgetting(now));
        for sweep in sweeps() {
            let rows = self
                .store
                .read_blocking(|tx| tx.due_rows(sweep, now, Some("in use"), 1000))
                .expect("looked up");
            let done = self.does(move |tx| tx.forget(sweep, &rows, now, Some("in use")));
            recordings.extend(done.recordings);
        }
        self.does(move |tx| tx.done_forgetting(now, now));
        recordings
    }

    fn keep_all_promises(&self, now: Timestamp) {
        self.books().execute("UPDATE promise SET kept_at = ?1", [now.0]).expect("kept");
    }

    /// Whether these words stand anywhere in the files of the database.
    fn file_holds(self, words: &[&str]) -> Vec<String> {
        let dir = self.dir;
        drop(self.store);
        let mut found = Vec::new();
        for file in std::fs::read_dir(dir.path()).expect("a directory") {
            let bytes = std::fs::read(file.expect("an entry").path()).expect("a file");
            let holds = |word: &str| bytes.windows(word.len()).any(|at| at == word.as_bytes());
            found.extend(words.iter().filter(|word| holds(word)).map(|word| (*word).to_owned()));
        }
        found
    }
}

#[test]
fn a_call_is_forgotten_piece_by_piece() {
    let town = Town::new();
    town.put_bos(true);
    town.a_call(NOW);
    town.keep_all_promises(NOW);
    let seen = |what: &str| -> i64 { town.one(&format!("SELECT count(*) FROM {what}")) };

    town.round(NOW + A_DAY / 2);
    assert_eq!(seen("step") + seen("message") + seen("attempt"), 3, "nothing goes too early");
    town.round(NOW + A_DAY + A_DAY / 2);
    assert_eq!(seen("step") + seen("call WHERE position IS NOT NULL"), 0, "keyed digits");
    assert_eq!(seen("message"), 1);
    let at_provider = town.round(NOW + 2 * A_DAY + A_DAY / 2);
    assert_eq!(seen("message"), 0, "a message that was seen to");
    assert_eq!(at_provider.len(), 1, "its recording is deleted at the provider too");
    assert_eq!(seen("promise WHERE message IS NULL"), 1, "the promise counts on");
    assert_eq!(seen(&format!("call WHERE caller LIKE '%{CALLER}%'")), 1);
    town.round(NOW + 29 * A_DAY + A_DAY / 2);
    assert_eq!(seen("call WHERE caller <> '\"withheld\"'"), 0, "numbers of calls");
    assert_eq!(seen("attempt"), 1, "who was rung is known for 90 days, so that asking is fair");
    town.round(NOW + 89 * A_DAY + A_DAY / 2);
    for table in ["request", "attempt", "call", "event", "promise", "message", "note"] {
        assert_eq!(seen(table), 0, "{table}");
    }
    assert_eq!(seen("participant"), 1, "whoever takes part, takes part");
}

#[test]
fn what_is_promised_keeps_its_number_until_it_is_kept_and_loses_its_sound() {
    let town = Town::new();
    town.a_call(NOW);
    assert_eq!(town.round(NOW + 100 * A_DAY).len(), 1, "the recording goes after a fortnight");
    let still: i64 = town.one(&format!(
        "SELECT count(*) FROM promise p JOIN message m ON m.id = p.message JOIN call c ON c.id = m.call
         WHERE p.kept_at IS NULL AND m.recording_url = '' AND c.caller LIKE '%{CALLER}%'"
    ));
    assert_eq!(still, 1, "somebody still has to ring back");
    town.keep_all_promises(NOW + 100 * A_DAY);
    town.round(NOW + 200 * A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM call"), 0);
}

#[test]
fn r10_a_request_for_a_moment_far_ahead_keeps_its_number_until_it_is_searched_for() {
    let town = Town::new();
    let starts_at = NOW + 90 * A_DAY;
    let request = town.does(move |tx| {
        tx.enter_web_request(&NewWebRequest {
            line: phone(LINE),
            source: Source::Web,
            phone: phone(CALLER),
            service: ServiceId::parse("transport").expect("an id"),
            postcode: Postcode::try_from(2584).expect("a postcode"),
            language: Language::Nl,
            inside: false,
            wanted_at: Some(starts_at + 2 * A_DAY),
            starts_at: Some(starts_at),
            now: NOW,
        })
    });
    for days in [29, 30, 89, 90] {
        town.round(NOW + A_DAY * days + A_DAY / 2);
    }
    let asker = town.one::<Option<String>>("SELECT call_back FROM request");
    assert_eq!(asker.as_deref(), Some(CALLER));
    let planned = town.does(move |tx| tx.take_planned(starts_at, 9));
    assert_eq!(planned, [(request, phone(CALLER))]);

    // Nothing waits for it any more: it goes like any other.
    town.round(starts_at + A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM request"), 0);
    assert_eq!(town.file_holds(&[CALLER]), Vec::<String>::new());
}

#[test]
fn what_was_reported_stays_until_the_desk_looked_and_the_report_goes_with_it() {
    let town = Town::new();
    let bos = town.put_bos(true);
    let day = NOW.wall_clock().date();
    let company = ServiceId::parse("company").expect("an id");
    town.does(move |tx| {
        let offer = tx.post_offer(&NewOffer {
            participant: bos,
            line: phone(LINE),
            service: company,
            postcode: Postcode::try_from(2584).expect("a postcode"),
            day,
            expires_at: NOW + A_DAY / 2,
            now: NOW,
        })?;
        let of = Pinned::Offer(offer.expect("the first"));
        let promise = tx.add_promise(&NewPromise {
            kind: PromiseKind::BoardLookedAt,
            line: phone(LINE),
            request: None,
            message: None,
            participant: None,
            due_at: NOW + A_DAY,
            now: NOW,
        })?;
        let why = Misplaced::Commercial;
        tx.add_report(&NewReport { participant: bos, of, why, promise, now: NOW })?;
        tx.take_down(of, why, NOW)
    });
    let left = || {
        ["posted_offer", "board_report", "taken_down", "promise"]
            .map(|table| town.one::<i64>(&format!("SELECT count(*) FROM {table}")))
    };
    town.round(NOW + 30 * A_DAY);
    assert_eq!(left(), [1, 1, 1, 1], "an open promise stays, however late");
    town.keep_all_promises(NOW + 30 * A_DAY);
    town.round(NOW + 31 * A_DAY);
    assert_eq!(left(), [0, 0, 0, 1]);
    town.round(NOW + 120 * A_DAY);
    assert_eq!(left(), [0, 0, 0, 0]);
}

#[test]
fn r3_r4_what_goes_on_is_not_touched_however_old() {
    let town = Town::new();
    town.put_bos(true);
    town.a_call(NOW);
    let books = town.books();
    books
        .execute_batch(
            "UPDATE promise SET kept_at = 1; UPDATE request SET closed_at = NULL;
             UPDATE attempt SET ended_at = NULL; UPDATE call SET ended_at = NULL;",
        )
        .expect("it all goes on");
    town.round(NOW + 1000 * A_DAY);
    let all: i64 = town.one(
        "SELECT (SELECT count(*) FROM request) + (SELECT count(*) FROM attempt WHERE phone = '+31700010001')
           + (SELECT count(*) FROM call WHERE caller <> '\"withheld\"') + (SELECT count(*) FROM step)",
    );
    assert_eq!(all, 5);
}

#[test]
fn r9_whoever_stopped_is_nowhere_in_the_file_but_their_proof_and_their_stop_are() {
    let town = Town::new();
    let bos = town.put_bos(true);
    town.a_call(NOW);
    town.does(move |tx| {
        tx.withdraw_consent(bos, "phone", NOW + A_DAY / 2)?;
        tx.audit_on_server(Deed::ParticipantStopped, &About::Participant(bos), NOW)
    });
    town.round(NOW + A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM participant"), 0);
    let proof: i64 = town.one(
        "SELECT count(*) FROM consent JOIN stop_list ON hash = person
         WHERE participant IS NULL AND withdrawn_by = 'phone'",
    );
    assert_eq!(proof, 1);
    assert_eq!(town.one::<String>("SELECT phone FROM attempt"), LINE, "the ring still counts");
    town.round(NOW + 800 * A_DAY);
    assert_eq!(
        town.one::<i64>("SELECT count(*) FROM consent"),
        0,
        "after two years the proof goes"
    );
    assert_eq!(town.one::<i64>("SELECT count(*) FROM stop_list"), 1, "and the stop stays");
    assert_eq!(town.file_holds(&[BOS, "Bos-van-der-Zee"]), Vec::<String>::new());
}

#[test]
fn a_caller_is_erased_with_what_they_said_and_were_promised() {
    let town = Town::new();
    town.put_bos(true);
    let call = town.a_call(NOW);
    let erased = town.does(|tx| tx.erase_number(&phone(CALLER), NOW));
    let Erasing::Done(Erased { recordings, .. }) = erased else { panic!("{erased:?}") };
    assert_eq!(recordings.len(), 1);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM message"), 0);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM promise WHERE kept_at IS NULL"), 0);
    let sid: String = town.one(&format!("SELECT sid FROM call WHERE id = {}", call.0));
    assert_eq!(sid, format!("erased-{}", call.0), "the provider's id leads nowhere either");
    assert_eq!(town.one::<String>("SELECT phone FROM attempt"), BOS, "others stay");
    assert_eq!(town.file_holds(&[CALLER]), Vec::<String>::new());
}

#[test]
fn nobody_is_erased_in_the_middle_of_a_call() {
    let town = Town::new();
    let bos = town.put_bos(true);
    town.a_call(NOW);
    town.books().execute("UPDATE attempt SET ended_at = NULL", []).expect("it rings");
    town.does(move |tx| tx.withdraw_consent(bos, "phone", NOW));
    let later = town.does(move |tx| tx.erase_participant(bos, NOW));
    assert_eq!(later, Erasing::Later(Why::OnTheTelephone));
    town.round(NOW + A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM participant"), 1);
    town.books().execute("UPDATE attempt SET ended_at = 5", []).expect("it is over");
    town.round(NOW + 2 * A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM participant"), 0);
}

#[test]
fn a_sign_up_that_nobody_confirmed_is_gone_within_a_week() {
    let town = Town::new();
    town.put_bos(false);
    town.round(NOW + 5 * A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM participant"), 1);
    town.round(NOW + 6 * A_DAY + A_DAY / 2);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM participant"), 0);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM stop_list"), 0, "they may try again");
}

#[test]
fn whoever_was_silent_for_a_year_goes_a_month_after_they_were_asked_and_not_unasked() {
    let town = Town::new();
    let bos = town.put_bos(true);
    let due = |then| {
        let counts = town.store.read_blocking(move |tx| tx.due_to_forget(then, None));
        let counts = counts.expect("counted");
        counts.iter().find(|count| count.kept == Kept::Silent).expect("every kind").rows
    };
    town.round(NOW + 500 * A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM participant"), 1, "nobody asked them");
    let asked = NOW + 600 * A_DAY;
    town.does(move |tx| {
        tx.ask_whether_still_there(bos, &phone(LINE), WhyAsked::Silent, asked, asked)
    });
    assert_eq!(due(asked + 28 * A_DAY), 0);
    assert_eq!(due(asked + 30 * A_DAY), 1);
    // They called, and did not answer it: they are there, and asked again in a year.
    town.does(move |tx| tx.heard_from(bos, asked + 28 * A_DAY));
    assert_eq!(due(asked + 30 * A_DAY), 0);
    town.books().execute("UPDATE participant SET in_touch_at = NULL", []).expect("never heard of");
    town.round(asked + 30 * A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM participant"), 0);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM stop_list"), 0, "they may come back");
    assert_eq!(town.file_holds(&[BOS, "Bos-van-der-Zee"]), Vec::<String>::new());
}

#[test]
fn the_audit_trail_lets_go_of_what_is_a_year_old_and_of_nothing_else() {
    let town = Town::new();
    for days in [0, 100] {
        let at = NOW + A_DAY * days;
        town.does(move |tx| tx.audit_on_server(Deed::NumberShown, &About::Nothing, at));
    }
    assert!(town.books().execute("DELETE FROM audit", []).is_err(), "not by hand");
    town.round(NOW + 365 * A_DAY);
    assert_eq!(town.one::<i64>("SELECT count(*) FROM audit"), 1);
    assert!(town.books().execute("DELETE FROM audit", []).is_err(), "not after a round either");
}

#[test]
fn a_dry_run_counts_what_a_round_then_erases() {
    let town = Town::new();
    town.put_bos(true);
    town.a_call(NOW);
    town.keep_all_promises(NOW);
    let then = NOW + 10 * A_DAY;
    let counts = town.store.read_blocking(|tx| tx.due_to_forget(then, None)).expect("counted");
    let due = |kept| counts.iter().find(|count| count.kept == kept).expect("every kind");
    assert_eq!(due(Kept::CallState).rows, 1);
    assert_eq!(due(Kept::CallState).oldest, Some(NOW));
    assert_eq!(due(Kept::HandledMessage).rows, 1);
    assert_eq!(due(Kept::Request).rows, 0);
    town.round(then);
    let counts = town.store.read_blocking(|tx| tx.due_to_forget(then, None)).expect("counted");
    assert!(counts.iter().all(|count| count.rows == 0), "{counts:?}");
}

#[test]
fn whoever_is_still_named_at_the_desk_is_not_forgotten() {
    let town = Town::new();
    let mut rest = town.books();
    let rest = rest.transaction().expect("a transaction");
    let mut tables =
        rest.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").expect("names");
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))
        .expect("rows")
        .map(|name| name.expect("text"))
        .collect();
    let due = sweeps().find(|sweep| sweep.kept == Kept::FormerOperator).expect("one").due;
    for table in tables {
        let sql = "SELECT 1 FROM pragma_foreign_key_list(?1)
                   WHERE \"table\" = 'operator' AND on_delete = 'NO ACTION'";
        if rest.prepare(sql).expect("sql").exists([&table]).expect("looked") {
            assert!(
                due.contains(&format!("FROM {table} ")),
                "{table} names operators: see FormerOperator"
            );
        }
    }
}
