//! Back-ups as stories, on real files.

use super::*;
use crate::domain::{Hours, Language, Postcode, ServiceId};
use crate::store::NewParticipant;

const NOW: Timestamp = Timestamp(1_795_510_800_000);
const A_DAY: i64 = 86_400_000;
const BOS: &str = "+31700010001";
const VISSER: &str = "+31700010002";

struct Machine {
    dir: tempfile::TempDir,
}

fn phone(number: &str) -> Phone {
    Phone::from_stored(number).expect(number)
}

fn somebody(number: &str, since: Timestamp) -> NewParticipant {
    NewParticipant {
        phone: phone(number),
        name: "Somebody".into(),
        postcode: Postcode::try_from(2584).expect("a postcode"),
        services: vec![ServiceId::parse("company").expect("an id")],
        elsewhere: Vec::new(),
        hours: Hours::parse("24/7").expect("hours"),
        languages: vec![Language::Nl],
        min_m: 0,
        max_m: 15_000,
        max_per_day: 2,
        max_per_week: 4,
        opted_in: Some((since, "phone".into())),
        verified_at: Some(since),
    }
}

impl Machine {
    fn new() -> Self {
        let machine = Self { dir: tempfile::tempdir().expect("a directory") };
        let store = machine.open();
        for number in [BOS, VISSER] {
            store
                .write_blocking(move |tx| tx.put_participant(&somebody(number, NOW), NOW))
                .expect("put");
        }
        machine
    }

    fn database(&self) -> PathBuf {
        self.dir.path().join("town.db")
    }

    fn copy(&self) -> PathBuf {
        self.dir.path().join("monday.db")
    }

    fn open(&self) -> Store {
        let keys = key::load_or_make(&self.database()).expect("keys");
        Store::open(&self.database(), keys.stop_list).expect("a database")
    }

    fn who_is_there(&self) -> Vec<String> {
        let db = Connection::open(self.database()).expect("opens");
        let mut select = db
            .prepare("SELECT phone FROM participant WHERE consented ORDER BY phone")
            .expect("sql");
        let rows = select.query_map([], |row| row.get(0)).expect("rows");
        rows.map(|row| row.expect("a number")).collect()
    }

    fn stop(&self, number: &'static str, at: i64) {
        let store = self.open();
        store
            .write_blocking(move |tx| tx.stop_number(&phone(number), "phone", Timestamp(at)))
            .expect("stopped");
        store.write_stops().expect("listed");
    }

    fn restore(&self) -> Result<Restored, BackupFault> {
        restore(&self.copy(), &self.database(), Timestamp(NOW.0 + 9 * A_DAY))
    }
}

#[test]
fn a_copy_is_made_while_others_write_and_holds_nothing_that_was_erased() {
    let machine = Machine::new();
    let store = machine.open();
    let erased = store.write_blocking(|tx| tx.erase_number(&phone(BOS), NOW)).expect("erased");
    assert!(matches!(erased, Erasing::Done(_)));
    back_up(&machine.database(), &machine.copy()).expect("copied");
    let bytes = std::fs::read(machine.copy()).expect("a file");
    let holds = |word: &str| bytes.windows(word.len()).any(|at| at == word.as_bytes());
    assert!(holds(VISSER) && !holds(BOS));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = machine.copy().metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it is its owner's only");
    }
}

#[test]
fn r9_a_back_up_brings_nobody_back() {
    let machine = Machine::new();
    back_up(&machine.database(), &machine.copy()).expect("copied");
    machine.stop(BOS, NOW.0 + A_DAY);
    let restored = machine.restore().expect("restored");
    assert_eq!(machine.who_is_there(), [VISSER]);
    assert!(restored.erased > 0 && restored.waiting == 0, "{restored:?}");
    let kept = restored.replaced.expect("the old one is kept");
    assert!(kept.exists());
    assert_eq!(machine.open().put_aside(), Some(kept), "and every night says so");
    let put = machine
        .open()
        .write_blocking(|tx| tx.put_participant(&somebody(BOS, NOW), NOW))
        .expect("an old file");
    assert_eq!(put, crate::store::Put::Stopped);
}

#[test]
fn r9_nor_does_one_on_a_new_disk_with_the_list_of_stops() {
    let machine = Machine::new();
    back_up(&machine.database(), &machine.copy()).expect("copied");
    machine.stop(BOS, NOW.0 + A_DAY);
    std::fs::write(machine.database(), "the disk gave up ".repeat(300)).expect("damaged");
    machine.restore().expect("restored");
    assert_eq!(machine.who_is_there(), [VISSER]);
}

#[test]
fn whoever_joined_again_before_the_copy_stays() {
    let machine = Machine::new();
    machine.stop(BOS, NOW.0 + A_DAY);
    let again = Timestamp(NOW.0 + 2 * A_DAY);
    machine
        .open()
        .write_blocking(move |tx| tx.put_participant(&somebody(BOS, again), again))
        .expect("joined");
    back_up(&machine.database(), &machine.copy()).expect("copied");
    machine.restore().expect("restored");
    assert_eq!(machine.who_is_there(), [BOS, VISSER]);
}

#[test]
fn a_caller_who_was_erased_is_not_back_either() {
    let machine = Machine::new();
    let caller = "+31601000001";
    machine
        .open()
        .write_blocking(move |tx| {
            let call = tx.open_call(&crate::store::NewCall {
                sid: "CA1".into(),
                parent_sid: None,
                direction: crate::store::Direction::Incoming,
                role: crate::store::Role::Caller,
                line: phone("+31700002586"),
                caller: Caller::Known(phone(caller)),
                participant: None,
                attempt: None,
                now: NOW,
            })?;
            tx.call_ended(call.id, NOW)
        })
        .expect("a call");
    back_up(&machine.database(), &machine.copy()).expect("copied");
    machine.stop(caller, NOW.0 + A_DAY);
    machine.restore().expect("restored");
    let db = Connection::open(machine.database()).expect("opens");
    let there: String =
        db.query_row("SELECT caller FROM call", [], |row| row.get(0)).expect("a leg");
    assert_eq!(there, "\"withheld\"");
}

/// Somebody who never called fills a question in on the web, and confirms it if `confirmed`.
fn asks_on_the_web(machine: &Machine, number: &'static str, confirmed: bool) {
    let (line, service) = (phone("+31700002586"), ServiceId::parse("company").expect("an id"));
    let postcode = Postcode::try_from(2584).expect("a postcode");
    let asked = machine.open().write_blocking(move |tx| {
        let question = tx.ask_on_the_web(&crate::store::NewQuestion {
            link: [7; 32],
            line: line.clone(),
            phone: Some(phone(number)),
            service: service.clone(),
            postcode,
            language: Language::Nl,
            inside: false,
            wanted_at: None,
            on_board: true,
            ring_at: NOW,
            now: NOW,
        })?;
        if let Some(question) = question.filter(|_| confirmed) {
            let request = tx.enter_web_request(&crate::store::NewWebRequest {
                line,
                source: crate::store::Source::Web,
                phone: phone(number),
                service,
                postcode,
                language: Language::Nl,
                inside: false,
                wanted_at: None,
                starts_at: Some(Timestamp(NOW.0 + 20 * A_DAY)),
                now: NOW,
            })?;
            tx.question_became(question, request)?;
        }
        Ok::<_, StoreError>(())
    });
    asked.expect("asked");
}

#[test]
fn r9_whoever_only_asked_on_the_web_or_at_the_desk_is_not_back_either() {
    const NOOR: &str = "+31602000001";
    for confirmed in [false, true] {
        let machine = Machine::new();
        asks_on_the_web(&machine, NOOR, confirmed);
        back_up(&machine.database(), &machine.copy()).expect("copied");
        machine.stop(NOOR, NOW.0 + A_DAY);
        machine.restore().expect("restored");
        let bytes = std::fs::read(machine.database()).expect("a file");
        let there = bytes.windows(NOOR.len()).any(|at| at == NOOR.as_bytes());
        assert!(!there, "confirmed: {confirmed}");
        let due = Timestamp(NOW.0 + 30 * A_DAY);
        let planned = machine.open().write_blocking(move |tx| tx.take_planned(due, 9));
        assert_eq!(planned.expect("reads"), []);
    }
}

#[test]
fn a_report_of_the_board_comes_back_but_not_who_made_it_and_stopped_since() {
    let machine = Machine::new();
    let (line, service) = (phone("+31700002586"), ServiceId::parse("company").expect("an id"));
    let said = machine.open().write_blocking(move |tx| {
        let whose = |tx: &mut crate::store::Tx<'_>, number| {
            Ok::<_, StoreError>(tx.participant_by_phone(&phone(number))?.expect("takes part").id)
        };
        let (bos, visser) = (whose(tx, BOS)?, whose(tx, VISSER)?);
        let offer = tx.post_offer(&crate::store::NewOffer {
            participant: visser,
            line: line.clone(),
            service,
            postcode: Postcode::try_from(2584).expect("a postcode"),
            day: NOW.wall_clock().date(),
            expires_at: Timestamp(NOW.0 + A_DAY),
            now: NOW,
        })?;
        let promise = tx.add_promise(&crate::store::NewPromise {
            kind: crate::store::PromiseKind::BoardLookedAt,
            line,
            request: None,
            message: None,
            participant: None,
            due_at: Timestamp(NOW.0 + A_DAY),
            now: NOW,
        })?;
        tx.add_report(&crate::store::NewReport {
            participant: bos,
            of: crate::domain::Pinned::Offer(offer.expect("the first")),
            why: crate::domain::Misplaced::Commercial,
            promise,
            now: NOW,
        })
    });
    said.expect("said");
    back_up(&machine.database(), &machine.copy()).expect("copied");
    machine.stop(BOS, NOW.0 + A_DAY);
    machine.restore().expect("restored");
    let reported = machine.open().read_blocking(|tx| tx.reported(1)).expect("reads");
    assert_eq!(reported.expect("it is there").whys, [(crate::domain::Misplaced::Commercial, 1)]);
    let db = Connection::open(machine.database()).expect("opens");
    let who: Option<i64> = db
        .query_row("SELECT participant FROM board_report", [], |row| row.get(0))
        .expect("a report");
    assert_eq!(who, None);
}

#[test]
fn a_question_that_waited_for_its_yes_rings_nobody_a_second_time() {
    let machine = Machine::new();
    asks_on_the_web(&machine, "+31602000001", false);
    back_up(&machine.database(), &machine.copy()).expect("copied");
    machine.restore().expect("restored");
    let due = machine.open().read_blocking(|tx| tx.question_due_by(Timestamp(NOW.0 + 30 * A_DAY)));
    assert!(!due.expect("reads"));
}

#[test]
fn whoever_changed_their_number_since_stays_and_is_not_rung_on_the_old_one() {
    let moved = |machine: &Machine| {
        let store = machine.open();
        store
            .write_blocking(|tx| {
                let bos = tx.participant_by_phone(&phone(BOS))?.expect("takes part").id;
                let at = Timestamp(NOW.0 + A_DAY);
                let new = phone("+31700010009");
                tx.change_number(bos, &new, None, at)
            })
            .expect("changed");
        store.write_stops().expect("listed");
    };
    for disk_lost in [false, true] {
        let machine = Machine::new();
        back_up(&machine.database(), &machine.copy()).expect("copied");
        moved(&machine);
        if disk_lost {
            std::fs::write(machine.database(), "the disk gave up ".repeat(300)).expect("damaged");
        }
        let restored = machine.restore().expect("restored");
        assert_eq!((restored.moved, restored.erased), (1, 0));
        assert_eq!(machine.who_is_there(), [BOS, VISSER]);
        let bos = machine.open().write_blocking(|tx| tx.participant_by_phone(&phone(BOS)));
        let pause = bos.expect("reads").expect("there").pause;
        assert_eq!(pause, Some(Pause::UntilTheyCall), "nobody rings a number that is not theirs");
    }
}

#[test]
fn nothing_is_restored_under_a_running_exchange() {
    let machine = Machine::new();
    back_up(&machine.database(), &machine.copy()).expect("copied");
    let running = machine.open();
    running.read_blocking(|tx| tx.participants().map(|_| ())).expect("it reads");
    assert!(matches!(machine.restore(), Err(BackupFault::InUse)));
    drop(running);
    machine.restore().expect("now it is");
}

#[test]
fn a_file_that_is_no_back_up_changes_nothing() {
    let machine = Machine::new();
    for (bad, why) in [("Beste buren, ".repeat(999), "not"), (String::new(), "not")] {
        std::fs::write(machine.copy(), bad).expect("a file");
        let fault = machine.restore().expect_err("refused").to_string();
        assert!(fault.contains("cannot be used") && fault.contains(why), "{fault}");
        assert_eq!(machine.who_is_there(), [BOS, VISSER]);
    }
}

#[test]
fn a_back_up_of_another_exchange_is_refused() {
    let (machine, other) = (Machine::new(), Machine::new());
    back_up(&other.database(), &machine.copy()).expect("copied");
    assert!(machine.restore().is_err(), "its stops would mean nothing here");
    std::fs::copy(key::path_for(&other.database()), key::path_for(&machine.copy())).expect("a key");
    assert!(matches!(machine.restore(), Err(BackupFault::AnotherKey)));
}

#[test]
fn on_a_new_machine_the_key_comes_along() {
    let machine = Machine::new();
    back_up(&machine.database(), &machine.copy()).expect("copied");
    std::fs::copy(key::path_for(&machine.database()), key::path_for(&machine.copy()))
        .expect("a key");
    let elsewhere = tempfile::tempdir().expect("a directory");
    let database = elsewhere.path().join("town.db");
    let restored = restore(&machine.copy(), &database, NOW).expect("restored");
    assert_eq!(restored.replaced, None);
    let keys = key::load(&database).expect("the key is there");
    Store::open(&database, keys.stop_list).expect("and fits");
}
