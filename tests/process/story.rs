//! A scenario for a process: its configuration, its people in the database, its network.
//!
//! The exchange lives on the system's clock, so its lines are open at all hours; the network has a
//! time of its own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use burenhulp::domain::{Hours, Language, Phone, Postcode, ServiceId, Timestamp};
use burenhulp::exchange::{Clock, FALLBACK, INCOMING, STATUS, SystemClock};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::number::Number;
use burenhulp::sim::rules::Known;
use burenhulp::sim::scenario::{Cast, Neighbour, Scenario};
use burenhulp::sim::{Network, NetworkConfig};
use burenhulp::store::{NewParticipant, Place, Store, StoreError, key};
use rusqlite::Connection;

use super::{ACCOUNT, Installation, PUBLIC_URL};

/// Who calls, who is rung, and where everybody lives.
pub(crate) struct Story {
    pub(crate) scenario: Scenario,
    pub(crate) cast: Cast,
}

impl Story {
    pub(crate) fn read(text: &str) -> Self {
        let scenario = Scenario::read("the story", text).unwrap();
        let mut cast = Cast::of(&scenario);
        // A process that reads only mobile fixtures need not load the world's numbering plans,
        // which is most of its beginning: it begins hundreds of times here.
        cast.lines = vec![Number::new("+31600002586")];
        for (n, seat) in (1..).zip(&mut cast.desk) {
            *seat = Number::new(&format!("+3160009{n:04}"));
        }
        Self { scenario, cast }
    }

    /// Everybody in their places, nobody calling yet.
    pub(crate) fn network(&self) -> Arc<Mutex<Network>> {
        let config = NetworkConfig {
            account: ACCOUNT.to_owned(),
            lines: self.cast.lines.clone(),
            voice_url: format!("{PUBLIC_URL}{INCOMING}"),
            fallback_url: Some(format!("{PUBLIC_URL}{FALLBACK}")),
            status_url: Some(format!("{PUBLIC_URL}{STATUS}")),
            // Stands in the database: the same in every run.
            api_base: "https://provider.example.org".to_owned(),
            delivery: Delivery::default(),
        };
        let mut network = Network::new(config, 1);
        self.scenario.set_up(&self.cast, &mut network, PUBLIC_URL);
        Arc::new(Mutex::new(network))
    }

    /// An installation whose configuration has this at its top; its books are still to be made.
    pub(crate) fn install(&self, top: &str, api_base: &str) -> Installation {
        let desk: Vec<_> =
            self.cast.desk.iter().map(|seat| format!("{:?}", seat.as_str())).collect();
        let lines = format!(
            "[[line]]\nnumber = \"{}\"\nname = \"Burenhulp Scheveningen\"\narea = [\"2584\"]\n\
             languages = [\"nl\", \"en\"]\noffice_hours = \"24/7\"\nringing_hours = \"24/7\"\n\
             services = [\"groceries\", \"company\", \"dog\", \"paperwork\"]\ndesk = [{}]\n{}",
            self.cast.lines[0].as_str(),
            desk.join(", "),
            self.scenario.line.first().map(ToString::to_string).unwrap_or_default()
        );
        Installation::new(top, &lines, api_base)
    }

    /// Makes the database of an installation, with everybody in it. Whoever stands first in the
    /// story was asked longest ago, so that ties go in its order.
    pub(crate) fn settle(&self, installation: &Installation) {
        let database = installation.database();
        let keys = key::load_or_make(&database).unwrap();
        let store = Store::open(&database, keys.stop_list).unwrap();
        let since = self.scenario.at - Duration::from_secs(100 * 24 * 3600);
        let people: Vec<NewParticipant> = (self.cast.neighbours.iter())
            .zip(&self.scenario.neighbour)
            .map(|(number, neighbour)| participant(number, neighbour, since))
            .collect();
        let written = store.write_blocking(move |tx| {
            tx.put_places(&places())?;
            people.iter().try_for_each(|person| tx.put_participant(person, since).map(drop))
        });
        written.map_err(|fault: StoreError| fault.to_string()).unwrap();
        // Today's round of forgetting is done: a process that is killed in its first moments would do
        // it later than one that lives, and whoever said stop meanwhile would be gone from its books.
        let now = SystemClock.now();
        let done = store.write_blocking(move |tx| {
            tx.begin_forgetting(now)?;
            tx.done_forgetting(now, now)
        });
        done.map_err(|fault: StoreError| fault.to_string()).unwrap();
        drop(store);
        let db = Connection::open(database).unwrap();
        db.execute("UPDATE participant SET last_asked = id", ()).unwrap();
    }

    /// What the rules must know.
    pub(crate) fn known(&self) -> Known {
        Known {
            lines: self.cast.lines.iter().cloned().collect(),
            desks: self.cast.desk.iter().cloned().collect(),
            names: self.scenario.neighbour.iter().map(Neighbour::full_name).collect(),
            ..Known::default()
        }
    }
}

fn participant(number: &Number, neighbour: &Neighbour, since: Timestamp) -> NewParticipant {
    NewParticipant {
        phone: Phone::from_stored(number.as_str()).unwrap(),
        name: neighbour.full_name(),
        postcode: Postcode::try_from(neighbour.postcode).unwrap(),
        services: neighbour.services.iter().map(|id| ServiceId::parse(id).unwrap()).collect(),
        elsewhere: Vec::new(),
        hours: Hours::parse(&neighbour.hours).unwrap(),
        languages: neighbour.languages.iter().map(|l| Language::parse(l).unwrap()).collect(),
        min_m: 0,
        max_m: (neighbour.max_km * 1000.0) as u32,
        max_per_day: neighbour.max_per_day,
        max_per_week: neighbour.max_per_week,
        opted_in: Some((since, "phone".into())),
        verified_at: Some(since),
    }
}

/// Two of them, 11 km apart.
fn places() -> [Place; 2] {
    [
        (2584, "Scheveningen", "Belgisch Park", 52.102, 4.281),
        (2611, "Delft", "Binnenstad", 52.012, 4.357),
    ]
    .map(|(postcode, place, neighbourhood, lat, lon)| Place {
        postcode: Postcode::try_from(postcode).unwrap(),
        place: place.to_owned(),
        neighbourhood: neighbourhood.to_owned(),
        lat,
        lon,
    })
}
