//! Towns and what can happen in them.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::select;

use super::super::{NewParticipant, Place};
use crate::dispatch::AttemptResult;
use crate::dispatch::choose::Pause;
use crate::domain::{
    Hours, Language, Line, Numbering, OtherPlace, Phone, Postcode, ServiceId, Timestamp,
};

/// Tuesday 2026-11-24, 10:00 in the Netherlands.
pub(super) const START: Timestamp = Timestamp(1_795_510_800_000);
pub(super) const PEOPLE: usize = 9;
/// Postcodes and how far north of the first they are, in metres.
pub(super) const PLACES: [(u16, u32); 5] =
    [(2584, 0), (2586, 1_500), (2597, 6_000), (2611, 14_500), (9101, 30_000)];
/// Hours that the model knows by heart.
pub(super) const HOURS: [&str; 4] =
    ["24/7", "Mo-Fr 09:00-12:00", "Mo-Su 18:00-21:00", "Sa,Su 10:00-16:00"];
/// When the line rings.
pub(super) const RINGING_HOURS: &str = "Mo-Su 09:00-21:00";
/// A metre of latitude, in degrees.
const DEGREES_PER_METRE: f64 = 1.0 / 111_195.0;
const DAY: Duration = Duration::from_secs(24 * 3600);

#[derive(Debug, Clone)]
pub(super) struct Town {
    pub(super) people: Vec<Person>,
    pub(super) numbering: Numbering,
    pub(super) line: Line,
}

/// Somebody as an import has them.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) place: usize,
    pub(super) services: [bool; 2],
    /// Where else they do something, and what there.
    pub(super) elsewhere: Option<(usize, [bool; 2])>,
    pub(super) hours: usize,
    pub(super) languages: Vec<Language>,
    pub(super) min_m: u32,
    pub(super) max_m: u32,
    pub(super) per_day: u32,
    pub(super) per_week: u32,
    pub(super) opted_in: Option<Timestamp>,
    pub(super) verified: Option<Timestamp>,
}

#[derive(Debug, Clone)]
pub(super) enum Happens {
    Ask { by: Option<usize>, place: usize, service: usize, language: Language },
    Next { request: usize, round: u32 },
    NextDesk { request: usize },
    Decide { ring: usize, result: AttemptResult },
    Release { ring: usize },
    Accept { ring: usize },
    CallerLeaves { request: usize },
    Stop(usize),
    Pause(usize, PauseOf),
    Import(usize, Person),
    Wait { minutes: u32 },
}

#[derive(Debug, Clone, Copy)]
pub(super) enum PauseOf {
    Minutes(u32),
    UntilTheyCall,
    StopNotConfirmed,
}

impl PauseOf {
    pub(super) fn at(self, now: Timestamp) -> Pause {
        match self {
            Self::Minutes(minutes) => Pause::Until(now + Duration::from_secs(60) * minutes),
            Self::UntilTheyCall => Pause::UntilTheyCall,
            Self::StopNotConfirmed => Pause::StopNotConfirmed,
        }
    }
}

impl Person {
    pub(super) fn row(&self, person: usize) -> NewParticipant {
        let ticked = |services: [bool; 2]| -> Vec<ServiceId> {
            (0..2).filter(|n| services[*n]).map(service).collect()
        };
        let other = |(place, services)| OtherPlace {
            postcode: postcode(place),
            services: ticked(services),
        };
        NewParticipant {
            phone: phone(person),
            name: "Bos".into(),
            postcode: postcode(self.place),
            services: ticked(self.services),
            elsewhere: self.elsewhere.map(other).into_iter().collect(),
            hours: Hours::parse(HOURS[self.hours]).expect("hours"),
            languages: self.languages.clone(),
            min_m: self.min_m,
            max_m: self.max_m,
            max_per_day: self.per_day,
            max_per_week: self.per_week,
            opted_in: self.opted_in.map(|at| (at, "web".into())),
            verified_at: self.verified,
        }
    }

    /// Where they do this, as the number of a place.
    pub(super) fn does_it_at(&self, service: usize) -> impl Iterator<Item = usize> {
        let home = self.services[service].then_some(self.place);
        let elsewhere = self.elsewhere.filter(|(_, services)| services[service]);
        home.into_iter().chain(elsewhere.map(|(place, _)| place))
    }

    /// The same, said at this moment instead of before the story began.
    pub(super) fn at(mut self, now: Timestamp) -> Self {
        let shift = now.since(START);
        self.opted_in = self.opted_in.map(|at| at + shift);
        self.verified = self.verified.map(|at| at + shift);
        self
    }
}

impl Town {
    pub(super) fn places(&self) -> Vec<Place> {
        let place = |(number, north): (u16, u32)| Place {
            postcode: Postcode::try_from(number).expect("a postcode"),
            place: "Den Haag".into(),
            neighbourhood: String::new(),
            lat: 52.0 + f64::from(north) * DEGREES_PER_METRE,
            lon: 4.3,
        };
        PLACES.map(place).to_vec()
    }
}

pub(super) fn phone(person: usize) -> Phone {
    Phone::from_stored(&format!("+317000100{person:02}")).expect("a number")
}

pub(super) fn postcode(place: usize) -> Postcode {
    Postcode::try_from(PLACES[place].0).expect("a postcode")
}

pub(super) fn service(n: usize) -> ServiceId {
    ServiceId::parse(["company", "dog"][n]).expect("an id")
}

pub(super) fn town() -> impl Strategy<Value = Town> {
    let people = prop::collection::vec(person(), PEOPLE);
    // Real numbering, under which no fixture number may be rung, now and then.
    let numbering = prop_oneof![9 => Just(Numbering::NlFixtures), 1 => Just(Numbering::Nl)];
    (people, numbering).prop_map(|(people, numbering)| Town { people, numbering, line: line() })
}

/// Most things happen near each other: a story in which nobody can be rung shows nothing.
fn place() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..3usize, 1 => 3..PLACES.len()]
}

fn person() -> impl Strategy<Value = Person> {
    let hours = prop_oneof![5 => Just(0), 1 => 1..HOURS.len()];
    let figures =
        (place(), any::<[bool; 2]>(), hours, 1u32..=3, 2u32..=4, prop::bool::weighted(0.9));
    let limits = (select(vec![0u32, 0, 500]), select(vec![1_000u32, 5_000, 20_000, 20_000]));
    // Opted in and verified up to two days before; now and then one of both is missing.
    let when = || prop_oneof![12 => (0u32..3).prop_map(Some), 1 => Just(None)];
    let languages = select(vec![vec![Language::Nl], vec![Language::En, Language::Nl]]);
    let elsewhere = prop::option::weighted(0.3, (place(), any::<[bool; 2]>()));
    (figures, limits, when(), when(), languages, elsewhere).prop_map(
        |(n, limits, opted_in, verified, languages, elsewhere)| Person {
            place: n.0,
            services: [n.1[0] || n.5, n.1[1]],
            elsewhere: elsewhere.filter(|(place, does)| *place != n.0 && does.contains(&true)),
            hours: n.2,
            languages,
            min_m: limits.0,
            max_m: limits.1,
            per_day: n.3,
            per_week: n.4,
            opted_in: opted_in.map(|days| START - DAY * days),
            verified: verified.map(|days| START - DAY * days),
        },
    )
}

/// The one that came last.
pub(super) const LAST: usize = usize::MAX;

/// What happens one after another: searches as they usually go, and among them anything in any
/// order.
pub(super) fn story() -> impl Strategy<Value = Vec<Happens>> {
    let bit = prop_oneof![
        8 => a_search(),
        1 => a_return(),
        12 => anything().prop_map(|what| vec![what]),
    ];
    prop::collection::vec(bit, 5..40).prop_map(|bits| bits.concat())
}

fn a_search() -> impl Strategy<Value = Vec<Happens>> {
    let ring = (result(), any::<bool>());
    let rings = prop::collection::vec(ring, 1..4);
    (ask(), rings, any::<bool>(), 1u32..=2).prop_map(|(ask, rings, leaves, round)| {
        let mut story = vec![ask];
        for (result, released) in rings {
            story.push(Happens::Next { request: LAST, round });
            story.push(Happens::Decide { ring: LAST, result });
            story.extend(released.then_some(Happens::Release { ring: LAST }));
        }
        story.extend(leaves.then_some(Happens::CallerLeaves { request: LAST }));
        story
    })
}

/// Somebody stops, and an import has them again.
fn a_return() -> impl Strategy<Value = Vec<Happens>> {
    (0..PEOPLE, select(vec![1u32, 1_500, 4_500]), person()).prop_map(|(n, minutes, person)| {
        vec![Happens::Stop(n), Happens::Wait { minutes }, Happens::Import(n, person)]
    })
}

fn ask() -> impl Strategy<Value = Happens> {
    let service = prop_oneof![4 => Just(0usize), 1 => Just(1)];
    let language = prop_oneof![4 => Just(Language::Nl), 1 => Just(Language::En)];
    (prop::option::weighted(0.3, 0..PEOPLE), place(), service, language)
        .prop_map(|(by, place, service, language)| Happens::Ask { by, place, service, language })
}

fn result() -> impl Strategy<Value = AttemptResult> {
    use AttemptResult::{
        Busy, CallerEnded, Connected, Declined, Lost, NoAnswer, NotToday, Voicemail,
    };
    let others = select(vec![Connected, Declined, NotToday, NoAnswer, Voicemail, Busy, Lost]);
    prop_oneof![1 => Just(CallerEnded), 2 => others]
}

fn anything() -> impl Strategy<Value = Happens> {
    let any_one = || prop_oneof![1 => Just(LAST), 2 => 0usize..100];
    let pause = prop_oneof![
        (1u32..3_000).prop_map(PauseOf::Minutes),
        Just(PauseOf::UntilTheyCall),
        Just(PauseOf::StopNotConfirmed),
    ];
    let waits = vec![1u32, 59, 60, 61, 120, 180, 181, 540, 1_380, 1_440, 7_200];
    let next = (any_one(), 1u32..=2);
    prop_oneof![
        2 => ask(),
        6 => next.prop_map(|(request, round)| Happens::Next { request, round }),
        2 => any_one().prop_map(|request| Happens::NextDesk { request }),
        3 => (any_one(), result()).prop_map(|(ring, result)| Happens::Decide { ring, result }),
        6 => any_one().prop_map(|ring| Happens::Release { ring }),
        4 => any_one().prop_map(|ring| Happens::Accept { ring }),
        4 => any_one().prop_map(|request| Happens::CallerLeaves { request }),
        2 => (0..PEOPLE).prop_map(Happens::Stop),
        1 => (0..PEOPLE, pause).prop_map(|(person, pause)| Happens::Pause(person, pause)),
        4 => (0..PEOPLE, person()).prop_map(|(n, person)| Happens::Import(n, person)),
        8 => select(waits).prop_map(|minutes| Happens::Wait { minutes }),
    ]
}

/// The second desk telephone is a participant's own.
fn line() -> Line {
    let hours = |text| Hours::parse(text).expect("hours");
    Line {
        number: Phone::from_stored("+31700002586").expect("a number"),
        name: "Burenhulp Scheveningen".into(),
        area: vec![postcode(0)],
        languages: Language::ALL.to_vec(),
        services: vec![service(0), service(1)],
        office_hours: hours("24/7"),
        ringing_hours: hours(RINGING_HOURS),
        desk: vec![Phone::from_stored("+31700090001").expect("a number"), phone(0)],
        ring: Duration::from_secs(20),
        desk_ring: Duration::from_secs(20),
        voice: BTreeMap::new(),
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
