//! A country of people for a measurement: the same every time.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use burenhulp::commands::import::{OptedInVia, Outcome, ParticipantRow, Register, Stored};
use burenhulp::domain::{Hours, Language, Line, Numbering, Phone, Postcode, ServiceId, Timestamp};
use burenhulp::store::key::{self, Keys};
use burenhulp::store::{Place, Store, StoreError};
use rand::rngs::ChaCha8Rng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};

/// Tuesday 2026-11-24, 10:00 in the Netherlands.
pub(crate) const NOW: Timestamp = Timestamp(1_795_510_800_000);
/// Postcode areas of the Netherlands.
const PLACES: usize = 4_070;
const SERVICES: [&str; 7] =
    ["groceries", "odd-job", "transport", "company", "dog", "paperwork", "digital"];
const HOURS: [&str; 8] = [
    "24/7",
    "Mo-Fr 09:00-17:00; PH off",
    "Mo-Fr 18:00-21:00",
    "Tu,Th 09:00-13:00; PH off",
    "Sa,Su 10:00-18:00",
    "Mo-Su 09:00-21:00",
    "Mo,We,Fr 10:00-12:00",
    "Tu 08:00-22:00",
];
const DAY: Duration = Duration::from_secs(24 * 3600);

pub(crate) struct Country {
    pub(crate) store: Store,
    pub(crate) line: Line,
    pub(crate) filled: Duration,
    pub(crate) database: PathBuf,
    pub(crate) dir: tempfile::TempDir,
    places: Vec<Place>,
    services: Vec<ServiceId>,
}

impl Country {
    /// `size` people, spread over all postcodes.
    pub(crate) fn build(size: usize) -> Self {
        // On the disk that the program is built on: a directory in memory would prove nothing.
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory");
        let database = dir.path().join("town.db");
        let Keys { stop_list, .. } = key::load_or_make(&database).expect("a key");
        let store = Store::open(&database, stop_list).expect("a database");
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let places = places(&mut rng);
        let services = SERVICES.map(|id| ServiceId::parse(id).expect("an id")).to_vec();
        let country = Self {
            line: line(&places, &services),
            filled: Duration::ZERO,
            store,
            database,
            places,
            services,
            dir,
        };
        let begun = Instant::now();
        country.fill(size, &mut rng);
        Self { filled: begun.elapsed(), ..country }
    }

    /// By the import itself, as people come.
    fn fill(&self, size: usize, rng: &mut ChaCha8Rng) {
        let hours = HOURS.map(|text| Hours::parse(text).expect("hours"));
        let people: Vec<ParticipantRow> =
            (0..size).map(|n| self.somebody(n, &hours, rng)).collect();
        let places = self.places.clone();
        let put: Result<_, StoreError> =
            self.store.write_blocking(move |tx| tx.put_places(&places));
        put.expect("places");
        let put =
            Stored::over(&self.store, &self.services).put_participants(&people, NOW, &mut |_| {});
        assert!(matches!(put.expect("stored"), Outcome::Done(counts) if counts.added == size));
    }

    fn somebody(&self, n: usize, hours: &[Hours], rng: &mut ChaCha8Rng) -> ParticipantRow {
        let offered = rng.random_range(1..=4);
        let joined = NOW - DAY * rng.random_range(30..2_000);
        let opted_in = rng.random_bool(0.95);
        ParticipantRow {
            line: 2 + n as u64,
            // A million numbers that nobody has: 070 0...
            phone: Phone::parse(&format!("+31700{n:06}"), Numbering::NlFixtures).expect("a number"),
            name: "Bos".into(),
            postcode: self.places.choose(rng).expect("places").postcode,
            services: self.services.sample(rng, offered).cloned().collect(),
            elsewhere: None,
            hours: hours.choose(rng).expect("hours").clone(),
            languages: vec![Language::Nl],
            min_m: if rng.random_bool(0.1) { 500 } else { 0 },
            max_m: *[2_000, 5_000, 5_000, 10_000, 20_000].choose(rng).expect("distances"),
            max_per_day: 2,
            max_per_week: 4,
            opted_in_at: opted_in.then_some(joined),
            opted_in_via: opted_in.then_some(OptedInVia::Web),
            verified_at: rng.random_bool(0.95).then_some(joined),
        }
    }

    /// Where somebody is who asks, and what for.
    pub(crate) fn wish(&self, rng: &mut ChaCha8Rng) -> (Postcode, ServiceId) {
        let place = self.places.choose(rng).expect("places");
        (place.postcode, self.services.choose(rng).expect("services").clone())
    }
}

/// All over the box around the European Netherlands.
fn places(rng: &mut ChaCha8Rng) -> Vec<Place> {
    (0..PLACES)
        .map(|n| Place {
            postcode: Postcode::try_from(1_000 + u16::try_from(2 * n).expect("small"))
                .expect("a postcode"),
            place: format!("Plaats {n}"),
            neighbourhood: String::new(),
            lat: rng.random_range(50.75..53.55),
            lon: rng.random_range(3.36..7.23),
        })
        .collect()
}

fn line(places: &[Place], services: &[ServiceId]) -> Line {
    let always = Hours::parse("24/7").expect("hours");
    Line {
        number: Phone::parse("+31700002586", Numbering::NlFixtures).expect("a number"),
        name: "Burenhulp".into(),
        area: places.iter().map(|place| place.postcode).collect(),
        languages: vec![Language::Nl],
        services: services.to_vec(),
        office_hours: always.clone(),
        ringing_hours: always,
        desk: Vec::new(),
        ring: Duration::from_secs(20),
        desk_ring: Duration::from_secs(20),
        voice: Default::default(),
        max_attempts: 8,
        search_budget: Duration::from_secs(180),
        offer_callback_after: Duration::from_secs(60),
        voice_note: false,
        rest_after_answer: Duration::from_secs(3 * 3600),
        rest_after_ring: Duration::from_secs(3600),
        ring_at_once: 1,
        background_budget: std::time::Duration::from_secs(24 * 3600),
        background_max_attempts: 25,
        coordinator_first: Vec::new(),
    }
}
