//! Places and people of a bench: places a kilometre apart, people who may always be rung.

use burenhulp::domain::{Hours, Language, Phone, Postcode, ServiceId, Timestamp};
use burenhulp::store::{NewParticipant, Place};

/// The postcode of the first place.
pub(crate) const FIRST_PLACE: u16 = 2000;

/// A kilometre from the next, 25 in a row.
pub(crate) fn place(number: u16) -> Place {
    let n = f64::from(number - FIRST_PLACE);
    Place {
        postcode: Postcode::try_from(number).expect("a postcode"),
        place: "Den Haag".into(),
        neighbourhood: "Scheveningen".into(),
        lat: 52.0 + (n / 25.0).floor() * 0.009,
        lon: 4.2 + (n % 25.0) * 0.0146,
    }
}

/// The number of the n-th of them, a fixture.
pub(crate) fn phone(n: u32) -> String {
    format!("+31700{:06}", 100_000 + n)
}

/// The n-th of them, who agreed then.
pub(crate) fn person(n: u32, postcode: u16, since: Timestamp) -> NewParticipant {
    NewParticipant {
        phone: Phone::from_stored(&phone(n)).expect("a fixture number"),
        name: String::new(),
        postcode: Postcode::try_from(postcode).expect("a postcode"),
        services: vec![ServiceId::parse("groceries").expect("an id")],
        elsewhere: Vec::new(),
        hours: Hours::parse("24/7").expect("hours"),
        languages: vec![Language::Nl],
        min_m: 0,
        max_m: 15_000,
        max_per_day: 20,
        max_per_week: 50,
        opted_in: Some((since, "web".into())),
        verified_at: Some(since),
    }
}
