//! Places with people in them, and who answers how.

use std::path::Path;
use std::time::Duration;

use burenhulp::domain::Timestamp;
use burenhulp::exchange::{Clock, FALLBACK, INCOMING, STATUS, SystemClock};
use burenhulp::sim::delivery::Delivery;
use burenhulp::sim::number::{CallerId, Number};
use burenhulp::sim::script::{Act, read_sentence};
use burenhulp::sim::telephone::Behind;
use burenhulp::sim::town::town;
use burenhulp::sim::{Network, NetworkConfig};
use burenhulp::store::{Store, StoreError, key};

use crate::people::{FIRST_PLACE, person, phone, place};
use crate::process::{ACCOUNT, PUBLIC_URL};

/// The number that is dialled.
pub(crate) const LINE: &str = "+31600002586";
const PLACES: u16 = 500;
const PEOPLE: u32 = 20_000;

/// A region: enough people that nobody is asked too often while the bench runs.
pub(crate) struct Town;

impl Town {
    pub(crate) fn build() -> Self {
        Self
    }

    pub(crate) fn people(&self) -> u32 {
        PEOPLE
    }

    /// The line that everybody dials. Nobody rests, since a bench lasts only seconds.
    pub(crate) fn line(&self) -> String {
        let area: Vec<String> = places().map(|number| format!("\"{number}\"")).collect();
        format!(
            "[[line]]\nnumber = \"{LINE}\"\nname = \"Burenhulp Scheveningen\"\narea = [{}]\n\
             languages = [\"nl\"]\nservices = [\"groceries\", \"odd-job\", \"company\"]\n\
             office_hours = \"24/7\"\nringing_hours = \"24/7\"\ndesk = []\n\
             rest_after_answer_minutes = 0\nrest_after_ring_minutes = 0\n",
            area.join(", ")
        )
    }

    /// Writes everybody into a new database.
    pub(crate) fn move_in(&self, database: &Path) {
        let keys = key::load_or_make(database).expect("a key");
        let store = Store::open(database, keys.stop_list).expect("a database");
        let since = SystemClock.now() - Duration::from_secs(24 * 3600);
        let moved: Result<(), StoreError> = store.write_blocking(move |tx| {
            tx.put_places(&places().map(place).collect::<Vec<_>>())?;
            (0..PEOPLE).try_for_each(|n| {
                tx.put_participant(&person(n, place_of(n), since), since).map(drop)
            })
        });
        moved.expect("the town is written");
    }

    /// Telephones with people behind them, each with habits of their own.
    pub(crate) fn network(&self) -> Network {
        let config = NetworkConfig {
            account: ACCOUNT.to_owned(),
            lines: vec![Number::new(LINE)],
            voice_url: format!("{PUBLIC_URL}{INCOMING}"),
            fallback_url: Some(format!("{PUBLIC_URL}{FALLBACK}")),
            status_url: Some(format!("{PUBLIC_URL}{STATUS}")),
            api_base: "https://provider.example.org".to_owned(),
            delivery: Delivery::default(),
        };
        let mut network = Network::new(config, 1);
        network.step(Timestamp::parse("2026-11-24T10:00:00+01:00").expect("a moment"));
        for (number, habits) in town(1, (0..PEOPLE).map(|n| Number::new(&phone(n)))) {
            network.add_telephone(number, Behind::Habits(habits));
        }
        network
    }

    /// The n-th caller: who it is and what they do.
    pub(crate) fn caller(&self, nth: u64) -> (CallerId, Vec<Act>) {
        let from = Number::new(&format!("+3160{:07}", 1_000_000 + nth % 9_000_000));
        let postcode = u64::from(FIRST_PLACE) + nth.wrapping_mul(7_919) % u64::from(PLACES);
        let does = format!("presses 1, presses {postcode}, presses 1, presses 1");
        (CallerId::Shown(from), read_sentence(&does).expect("a script"))
    }
}

fn places() -> impl Iterator<Item = u16> {
    FIRST_PLACE..FIRST_PLACE + PLACES
}

fn place_of(n: u32) -> u16 {
    FIRST_PLACE + u16::try_from(n % u32::from(PLACES)).expect("small")
}
