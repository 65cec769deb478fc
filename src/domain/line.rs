//! A line: one dialled number with its name, area, hours, services, languages and desk.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::hours::quiet;
use super::{Hours, Language, Phone, Postcode, ServiceId, Timestamp};

/// One dialled number and everything that is settled about it. Made by `config`, never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The number that people dial, and that every telephone we ring shows.
    pub number: Phone,
    /// The service's name as it is spoken: "Burenhulp Scheveningen".
    pub name: String,
    /// Where callers may be. A neighbour may live outside it.
    pub area: Vec<Postcode>,
    /// Places of that area of which requests go to the village coordinator first.
    pub coordinator_first: Vec<Postcode>,
    /// Spoken languages, the first one first; never empty.
    pub languages: Vec<Language>,
    /// What may be asked for, in the order of the catalogue; never empty.
    pub services: Vec<ServiceId>,
    /// When the desk takes calls.
    pub office_hours: Hours,
    /// When neighbours may be rung.
    pub ringing_hours: Hours,
    /// The desk's telephones, tried in this order; may be empty.
    pub desk: Vec<Phone>,
    /// How long a neighbour's telephone rings, 10 to 60 s.
    pub ring: Duration,
    /// How long a desk telephone rings, 10 to 60 s.
    pub desk_ring: Duration,
    /// The provider's voice for each language, for example `Polly.Laura-Neural`.
    pub voice: BTreeMap<Language, String>,
    /// Most neighbours rung for one request in one round, 1 to 50.
    pub max_attempts: u32,
    /// Longest live search, 30 s to 15 min.
    pub search_budget: Duration,
    /// When a waiting caller is offered a call-back, from the start of the search.
    pub offer_callback_after: Duration,
    /// Whether callers may say in their own words what they would like.
    pub voice_note: bool,
    /// Rest for a neighbour after a yes or a no.
    pub rest_after_answer: Duration,
    /// Rest for a neighbour after ringing in vain.
    pub rest_after_ring: Duration,
    /// Telephones ringing at once in a background search, 1 to 3. A live search has one.
    pub ring_at_once: u8,
    /// How long a background search may take, 1 h to 72 h; only ringing hours are used.
    pub background_budget: Duration,
    /// Most neighbours rung in a background search, 1 to 100.
    pub background_max_attempts: u32,
}

impl Line {
    /// Whether neighbours may be rung at this moment (R13).
    pub fn may_ring(&self, now: Timestamp) -> bool {
        self.ringing_hours.is_open(now) && !quiet(now)
    }
}
