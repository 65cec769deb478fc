//! What is exported imports as the same again.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::text;
use crate::commands::import::{OptedInVia, ParticipantRow, PlaceRow, participants, places};
use crate::domain::{
    Hours, Language, Numbering, OtherPlace, Phone, Postcode, ServiceId, Timestamp,
};

const NOW: Timestamp = Timestamp(1_795_514_400_000); // 2026-11-24T10:00:00Z
const START_OF_2000: i64 = 946_681_200_000; // 1999-12-31T23:00:00Z, Dutch midnight

fn catalogue() -> Vec<ServiceId> {
    ["groceries", "odd-job", "transport", "company", "dog"]
        .map(|id| ServiceId::parse(id).expect("an id"))
        .to_vec()
}

fn read_people(file: &[u8]) -> Vec<ParticipantRow> {
    let services = catalogue();
    let rules = participants::Rules {
        numbering: Numbering::NlFixtures,
        lines: &[],
        services: &services,
        now: NOW,
    };
    participants::read(file, &rules, &mut |_| {}).expect("what was exported has no fault")
}

fn written<R>(rows: Vec<R>, write: impl Fn(Vec<R>, &mut Vec<u8>) -> csv::Result<()>) -> Vec<u8> {
    let mut file = Vec::new();
    write(rows, &mut file).expect("a vector can be written");
    file
}

#[test]
fn a_row_is_written_as_a_person_would_write_it() {
    let at = |text| Timestamp::parse(text).expect("a time");
    let row = ParticipantRow {
        line: 2,
        name: "Meneer Bos".into(),
        phone: Phone::parse("070 001 0003", Numbering::NlFixtures).expect("a fixture number"),
        postcode: Postcode::parse("2584").expect("a postcode"),
        services: catalogue()[1..3].to_vec(),
        elsewhere: None,
        hours: Hours::parse("Tu,Th 09:00-13:00; PH off").expect("hours"),
        languages: vec![Language::Nl, Language::En],
        min_m: 500,
        max_m: 15_000,
        max_per_day: 1,
        max_per_week: 2,
        opted_in_at: Some(at("2022-05-09")),
        opted_in_via: Some(OptedInVia::Phone),
        verified_at: Some(at("2022-05-10T12:30:00Z")),
    };
    let file = written(vec![row], |rows, out| text::participants(rows, out));
    assert_eq!(
        String::from_utf8(file).expect("text").lines().nth(1),
        Some(
            "Meneer Bos,+31700010003,2584,odd-job;transport,\"Tu,Th 09:00-13:00; PH off\",nl;en,\
             0.5,15,1,2,2022-05-09,phone,2022-05-10T14:30:00+02:00"
        )
    );
}

#[test]
fn nobody_exports_as_a_header_that_imports_as_nobody() {
    let file = written(vec![], |rows, out| text::participants(rows, out));
    assert!(read_people(&file).is_empty());
}

fn name() -> impl Strategy<Value = String> {
    "['\u{2019}]?[A-Za-zë,;.\u{130}][a-z-]{0,20}( [a-zé'(),;]{1,20})?"
        .prop_filter("letters", |name| name.chars().any(char::is_alphabetic))
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let any_moment = (START_OF_2000..=NOW.0).prop_map(Timestamp);
    prop_oneof![any_moment.clone(), any_moment.prop_map(Timestamp::start_of_day)]
}

/// None of them is where anybody of these lives.
fn elsewhere() -> impl Strategy<Value = Vec<OtherPlace>> {
    let at = |postcode: u16| {
        let postcode = Postcode::try_from(postcode).expect("a postcode");
        move |services| OtherPlace { postcode, services }
    };
    let done = || subsequence(catalogue(), 1..=5);
    prop_oneof![
        3 => Just(Vec::new()),
        1 => done().prop_map(move |services| vec![at(2516)(services)]),
        1 => (done(), done()).prop_map(move |(a, b)| vec![at(1017)(a), at(2516)(b)]),
    ]
}

prop_compose! {
    fn person()(
        name in name(),
        postcode in 3000u16..=9999,
        services in subsequence(catalogue(), 0..=5),
        elsewhere in elsewhere(),
        hours in select(vec!["24/7", "Mo-Fr 09:00-12:00; PH off", "Tu,Th 09:00-13:00", "Sa \"bij mooi weer\""]),
        languages in subsequence(Language::ALL.to_vec(), 1..=2),
        min_m in 0u32..100_000,
        further in 1u32..=100_000,
        max_per_day in 1u32..=20,
        max_per_week in 1u32..=50,
        opted_in in option::of((moment(), select(vec!["phone", "web", "desk", "paper"]))),
        verified_at in option::of(moment()),
    ) -> ParticipantRow {
        ParticipantRow {
            line: 0,
            name,
            phone: Phone::from_stored("+31700010001").expect("a fixture number"),
            postcode: postcode.try_into().expect("in range"),
            services,
            elsewhere: Some(elsewhere),
            hours: Hours::parse(hours).expect("hours"),
            languages,
            min_m,
            max_m: min_m.saturating_add(further).min(100_000),
            max_per_day,
            max_per_week,
            opted_in_at: opted_in.map(|(at, _)| at),
            opted_in_via: opted_in.and_then(|(_, via)| OptedInVia::parse(via)),
            verified_at,
        }
    }
}

prop_compose! {
    fn place()(
        name in name(),
        neighbourhood in option::of(name()),
        lat in 50.7f64..=53.7,
        lon in 3.2f64..=7.3,
    ) -> PlaceRow {
        let postcode = Postcode::parse("2584").expect("a postcode");
        PlaceRow { postcode, name, neighbourhood, lat, lon }
    }
}

proptest! {
    #[test]
    fn people_that_are_exported_and_imported_are_the_same_people(people in vec(person(), 0..30)) {
        let people: Vec<_> = (0..).zip(people).map(|(n, mut row): (u64, ParticipantRow)| {
            row.line = n + 2;
            row.phone = Phone::from_stored(&format!("+3170001{n:04}")).expect("a fixture number");
            row
        }).collect();
        // A file in which nobody has another place says nothing of them.
        let said = people.iter().any(|row| row.elsewhere.as_ref().is_some_and(|all| !all.is_empty()));
        let people: Vec<_> = people
            .into_iter()
            .map(|row| ParticipantRow { elsewhere: row.elsewhere.filter(|_| said), ..row })
            .collect();
        let file = written(people.clone(), |rows, out| text::participants(rows, out));
        prop_assert!(read_people(&file) == people, "{}", String::from_utf8_lossy(&file));
    }

    #[test]
    fn places_that_are_exported_and_imported_are_the_same_places(found in vec(place(), 0..30)) {
        let found: Vec<_> = (1000u16..).zip(found).map(|(n, mut row)| {
            row.postcode = n.try_into().expect("in range");
            row
        }).collect();
        let file = written(found.clone(), |rows, out| text::places(rows, out));
        let read = places::read(&file, &mut |_| {}).expect("no fault");
        prop_assert_eq!(read, found);
    }
}
