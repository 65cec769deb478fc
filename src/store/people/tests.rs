//! Finding, seeing and correcting people, on a real file.

use super::*;
use crate::domain::{Hours, Language};
use crate::store::Store;

const NOW: Timestamp = Timestamp(1_795_510_800_000);
const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

struct Town {
    store: Store,
    _directory: tempfile::TempDir,
}

fn somebody(name: &str, number: &str, postcode: u16, service: &str) -> NewParticipant {
    NewParticipant {
        phone: Phone::from_stored(number).expect(number),
        name: name.into(),
        postcode: Postcode::try_from(postcode).expect("a postcode"),
        services: vec![ServiceId::parse(service).expect("an id")],
        elsewhere: Vec::new(),
        hours: Hours::parse("Mo-Su 09:00-21:00").expect("hours"),
        languages: vec![Language::Nl],
        min_m: 0,
        max_m: 5_000,
        max_per_day: 2,
        max_per_week: 4,
        opted_in: Some((NOW - 30 * DAY, "web".into())),
        verified_at: Some(NOW - 29 * DAY),
    }
}

impl Town {
    /// Bos and De Vries in 2584 and 2586, Sjoerd in Dokkum, Wim who was never verified.
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(&directory.path().join("town.db"), [7; 32]).expect("a store");
        let mut wim = somebody("Wim", "+31700010004", 2584, "dog");
        wim.verified_at = None;
        let people = [
            somebody("dhr. Bos", "+31700010001", 2584, "company"),
            somebody("mw. De Vries", "+31700010002", 2586, "dog"),
            somebody("Sjoerd", "+31519001001", 9101, "company"),
            wim,
        ];
        let put = store.write_blocking(move |tx| {
            people.iter().try_for_each(|new| tx.put_participant(new, NOW - 30 * DAY).map(|_| ()))
        });
        put.expect("settled");
        Self { store, _directory: directory }
    }

    fn found(&self, whose: &Whose, filter: &PeopleFilter) -> Vec<String> {
        let rows = self.store.read_blocking(|tx| tx.people(whose, filter, 50, NOW)).expect("read");
        rows.into_iter().map(|row| row.name).collect()
    }

    fn by(&self, text: &str) -> Vec<String> {
        self.found(
            &Whose::Everybody,
            &PeopleFilter { text: text.into(), ..PeopleFilter::default() },
        )
    }

    fn person(&self, name: &str) -> Person {
        let filter = PeopleFilter { text: name.into(), ..PeopleFilter::default() };
        let rows = self.store.read_blocking(|tx| tx.people(&Whose::Everybody, &filter, 1, NOW));
        let id = rows.expect("read")[0].id;
        let found = self.store.read_blocking(|tx| tx.person(id, &Whose::Everybody, NOW));
        found.expect("read").expect("somebody")
    }
}

#[test]
fn somebody_is_found_by_name_by_place_and_by_the_last_digits() {
    let town = Town::new();
    assert_eq!(town.by(""), ["dhr. Bos", "mw. De Vries", "Sjoerd", "Wim"]);
    assert_eq!(town.by("vries"), ["mw. De Vries"]);
    assert_eq!(town.by("9101"), ["Sjoerd"]);
    assert_eq!(town.by("002"), ["mw. De Vries"]);
    for whole in ["070 001 0001", "+31 70 001 00 01", "0031700010001"] {
        assert_eq!(town.by(whole), ["dhr. Bos"], "{whole}");
    }
    for odd in ["%", "_", "\\", "'; DROP TABLE participant", "Bosch"] {
        assert!(town.by(odd).is_empty(), "{odd}");
    }
}

#[test]
fn an_operator_sees_the_people_of_their_area_and_whoever_was_rung_for_their_line() {
    let town = Town::new();
    let line = Phone::from_stored("+31700002586").expect("a line");
    let whose =
        Whose::Of { areas: vec![Postcode::try_from(2584).expect("a postcode")], lines: vec![line] };
    assert_eq!(town.found(&whose, &PeopleFilter::default()), ["dhr. Bos", "Wim"]);
    let sjoerd = town.person("Sjoerd").row.id;
    let seen = town.store.read_blocking(|tx| tx.person(sjoerd, &whose, NOW)).expect("read");
    assert_eq!(seen, None, "another village");
    let rung = town.store.write_blocking(move |tx| {
        tx.db.execute_batch(&format!(
            "INSERT INTO call (id, sid, direction, role, line, caller, started_at, heard_at)
               VALUES (1, 'CA1', 'incoming', 'caller', '+31700002586', '\"withheld\"', 0, 0);
             INSERT INTO request (id, line, kind, language, call, opened_at)
               VALUES (1, '+31700002586', 'neighbour', 'nl', 1, 0);
             INSERT INTO attempt (request, participant, phone, day_part, reserved_at, ended_at)
               VALUES (1, {sjoerd}, '+31519001001', 0, {}, 1);",
            (NOW - DAY).0
        ))?;
        Ok::<_, StoreError>(())
    });
    rung.expect("rung");
    assert_eq!(town.found(&whose, &PeopleFilter::default()), ["dhr. Bos", "Sjoerd", "Wim"]);
    assert_eq!(town.person("Sjoerd").asked_28_days, 1);
    let nobodys = Whose::Of { areas: Vec::new(), lines: Vec::new() };
    assert!(town.found(&nobodys, &PeopleFilter::default()).is_empty());
}

#[test]
fn how_somebody_stands_is_one_of_four_in_the_list_and_in_the_filter() {
    let town = Town::new();
    let (bos, vries) = (town.person("Bos").row.id, town.person("Vries").row.id);
    let done = town.store.write_blocking(move |tx| {
        tx.pause(bos, Pause::Until(NOW + DAY))?;
        tx.withdraw_consent(vries, "desk", NOW)
    });
    done.expect("written");
    for (standing, name) in [
        (Standing::TakesPart, "Sjoerd"),
        (Standing::Paused, "dhr. Bos"),
        (Standing::NotYet, "Wim"),
        (Standing::Stopped, "mw. De Vries"),
    ] {
        let filter = PeopleFilter { standing: Some(standing), ..PeopleFilter::default() };
        assert_eq!(town.found(&Whose::Everybody, &filter), [name]);
        assert_eq!(town.person(name).row.standing, standing);
    }
    // A pause that is over is none.
    let filter = PeopleFilter { standing: Some(Standing::TakesPart), ..PeopleFilter::default() };
    let later = town.store.read_blocking(|tx| tx.people(&Whose::Everybody, &filter, 50, NOW + DAY));
    assert_eq!(later.expect("read").len(), 2);
    town.store.write_blocking(move |tx| tx.end_pause(bos)).expect("written");
    assert_eq!(town.person("Bos").row.standing, Standing::TakesPart);
}

#[test]
fn a_correction_changes_what_was_wrong_and_never_number_or_consent() {
    let town = Town::new();
    let before = town.person("Bos");
    let mut corrected = somebody("dhr. Bosch", "+31700019999", 2586, "dog");
    corrected.opted_in = None;
    corrected.verified_at = None;
    let known = before.known.clone();
    let put = town.store.write_blocking(move |tx| tx.correct_person(&known, corrected, NOW));
    assert_eq!(put.expect("written"), Put::Changed);
    let after = town.person("Bosch");
    assert_eq!((after.row.id, &after.row.phone), (before.row.id, &before.row.phone));
    assert_eq!(after.row.standing, Standing::TakesPart);
    assert_eq!(after.known.postcode.number(), 2586);
    assert_eq!(after.consents, before.consents);
    assert_eq!(town.by("2584"), ["Wim"]);
}

#[test]
fn r9_nothing_is_corrected_about_somebody_who_stopped() {
    let town = Town::new();
    let before = town.person("Bos");
    let (id, known) = (before.row.id, before.known.clone());
    let put = town.store.write_blocking(move |tx| {
        tx.withdraw_consent(id, "desk", NOW)?;
        tx.correct_person(&known, somebody("x", "+31700010001", 2586, "dog"), NOW)
    });
    assert_eq!(put.expect("written"), Put::Stopped);
    let after = town.person("Bos");
    assert_eq!(after.row.standing, Standing::Stopped);
    assert_eq!(after.consents[0].withdrawn_at, Some(NOW));
}

#[test]
fn a_masked_number_is_not_found_out_digit_by_digit() {
    let town = Town::new();
    let one = town.person("Bos");
    let number: String = one.row.phone.e164().trim_start_matches("+31").to_owned();
    let digits = number.len();
    for length in 1..=digits {
        let end = &number[digits - length..];
        let found = town.by(end).contains(&one.row.name);
        assert_eq!(found, [3, 4, digits].contains(&length), "the last {length}");
    }
}
