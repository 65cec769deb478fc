//! The register in the database does what the one in memory does, and keeps it.

use proptest::prelude::*;

use super::in_memory::InMemory;
use super::*;
use crate::domain::{
    Hours, Language, Numbering, OtherPlace, Phone, Postcode, ServiceId, Timestamp,
};
use crate::store::Store;

const NOW: Timestamp = Timestamp(1_795_510_800_000); // 2026-11-24T10:00:00+01:00

struct Town {
    store: Store,
    catalogue: Vec<ServiceId>,
    _dir: tempfile::TempDir,
}

impl Town {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory");
        let store = Store::open(&dir.path().join("town.db"), [1; 32]).expect("a database");
        Self { store, catalogue: catalogue(), _dir: dir }
    }

    fn register(&self) -> Stored<'_> {
        Stored::over(&self.store, &self.catalogue)
    }

    fn stop(&self, phone: &Phone, at: Timestamp) {
        let phone = phone.clone();
        self.store
            .write_blocking(move |tx| match tx.participant_by_phone(&phone)? {
                Some(known) => tx.withdraw_consent(known.id, "phone", at),
                None => Ok(()),
            })
            .expect("stopped");
    }
}

fn catalogue() -> Vec<ServiceId> {
    ["dog", "company", "groceries"].map(|id| ServiceId::parse(id).expect("an id")).to_vec()
}

/// The clock goes on by a day for everything that happens.
fn day(days: usize) -> Timestamp {
    NOW + std::time::Duration::from_secs(86_400) * u32::try_from(days).unwrap_or(0)
}

fn phone(n: u8) -> Phone {
    Phone::parse(&format!("+3170001{n:04}"), Numbering::NlFixtures).expect("a fixture number")
}

/// Not said; nowhere else; or near work.
fn elsewhere() -> impl Strategy<Value = Option<Vec<OtherPlace>>> {
    let work =
        |services| OtherPlace { postcode: Postcode::try_from(2516).expect("a postcode"), services };
    let done = prop::sample::subsequence(catalogue(), 1..=2);
    prop_oneof![
        Just(None),
        Just(Some(Vec::new())),
        done.prop_map(move |services| Some(vec![work(services)])),
    ]
}

fn person() -> impl Strategy<Value = ParticipantRow> {
    let when = || prop::option::of((0usize..12).prop_map(day));
    let figures = (0u8..4, 0usize..3, 0u32..3, 1u32..4);
    let said = (figures, any::<[bool; 4]>(), when(), when(), elsewhere());
    said.prop_map(|(n, b, opted_in, verified, elsewhere)| {
        let all = catalogue();
        let services = all.into_iter().zip(b).filter(|(_, offered)| *offered);
        ParticipantRow {
            line: u64::from(n.0) + 2,
            name: ["Bos", "Visser", "De Jong"][n.1].into(),
            phone: phone(n.0),
            postcode: Postcode::try_from(if b[3] { 2584 } else { 9101 }).expect("a postcode"),
            services: services.map(|(id, _)| id).collect(),
            elsewhere,
            hours: Hours::parse(["24/7", "Mo-Fr 09:00-12:00", "Sa"][n.1]).expect("hours"),
            languages: vec![Language::En, Language::Nl],
            min_m: n.2 * 100,
            max_m: 5_000,
            max_per_day: n.3,
            max_per_week: 4,
            opted_in_at: opted_in,
            opted_in_via: opted_in.map(|_| OptedInVia::Paper),
            verified_at: verified,
        }
    })
}

/// What happens to the two registers.
#[derive(Debug, Clone)]
enum Happens {
    Import(Vec<ParticipantRow>),
    Stop(u8),
}

fn happens() -> impl Strategy<Value = Happens> {
    let import = prop::collection::vec(person(), 0..5).prop_map(|mut rows| {
        rows.sort_by(|a, b| a.phone.cmp(&b.phone));
        rows.dedup_by(|a, b| a.phone == b.phone);
        Happens::Import(rows)
    });
    prop_oneof![3 => import, 1 => (0u8..4).prop_map(Happens::Stop)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn r9_imports_and_stops_in_any_order_leave_what_the_simple_register_has(
        story in prop::collection::vec(happens(), 1..12),
    ) {
        let town = Town::new();
        let mut simple = InMemory::default();
        for (today, happens) in story.into_iter().enumerate() {
            match happens {
                Happens::Import(mut rows) => {
                    // No file holds a day that is still to come.
                    let past = |at: &Timestamp| *at <= day(today);
                    for row in &mut rows {
                        row.opted_in_at = row.opted_in_at.filter(past);
                        row.opted_in_via = row.opted_in_via.filter(|_| row.opted_in_at.is_some());
                        row.verified_at = row.verified_at.filter(past);
                    }
                    let mut told = 0;
                    let stored = town.register().put_participants(&rows, NOW, &mut |done| told = done);
                    let expected = simple.put_participants(&rows, NOW, &mut |_| {});
                    prop_assert_eq!(stored.expect("stored"), expected.expect("put"));
                    prop_assert!(told <= rows.len());
                }
                Happens::Stop(n) => {
                    let at = day(today);
                    town.stop(&phone(n), at);
                    if simple.people.contains_key(&phone(n)) {
                        simple.stop(&phone(n), at);
                    }
                }
            }
            let stored = town.register().participants().expect("read");
            prop_assert_eq!(stored, simple.participants().expect("read"));
        }
    }
}

#[test]
fn the_fixtures_come_back_as_they_went_in() {
    let town = Town::new();
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/places.csv"));
    let rows = places::read(&file.expect("a file"), &mut |_| {}).expect("no fault");
    let mut register = town.register();
    let added = register.put_places(&rows, &mut |_| {}).expect("stored");
    assert_eq!((added.added, added.changed, added.unchanged), (rows.len(), 0, 0));
    let mut moved = rows.clone();
    moved[0].lat += 0.001;
    let again = register.put_places(&moved, &mut |_| {}).expect("stored");
    assert_eq!((again.added, again.changed, again.unchanged), (0, 1, rows.len() - 1));
    assert_eq!(register.places().expect("read"), moved);
    let unknown = Postcode::try_from(1234).expect("a postcode");
    let asked = BTreeSet::from([unknown, moved[0].postcode]);
    assert_eq!(register.without_place(&asked).expect("read"), BTreeSet::from([unknown]));
}

#[test]
fn the_opt_in_of_the_last_import_holds_also_when_it_was_there_before() {
    let town = Town::new();
    let mut register = town.register();
    let rows = "Bos,070 001 0001,2584,,,,,,,,2024-03-01,web,2024-03-02\n";
    let header = participants::COLUMNS.join(",");
    let read = |row: &str| {
        let rules = participants::Rules {
            numbering: Numbering::NlFixtures,
            lines: &[],
            services: &[],
            now: NOW,
        };
        let file = format!("{header}\n{row}");
        participants::read(file.as_bytes(), &rules, &mut |_| {}).expect("no fault")
    };
    let (first, other) = (read(rows), read(&rows.replace("2024-03-01,web", "2024-03-02,paper")));
    for import in [&first, &other, &first] {
        register.put_participants(import, NOW, &mut |_| {}).expect("stored");
    }
    let kept = register.participants().expect("read");
    assert_eq!(
        (kept[0].opted_in_at, kept[0].opted_in_via),
        (first[0].opted_in_at, Some(OptedInVia::Web))
    );
    let again = register.put_participants(&first, NOW, &mut |_| {}).expect("stored");
    assert_eq!(again, Outcome::Done(Counts { unchanged: 1, ..Counts::default() }));
}
