//! Who lives in the demo: the people and places of `fixtures/`, in the database, on telephones and
//! on the page.

use anyhow::anyhow;

use crate::commands::import::{ParticipantRow, PlaceRow, Register, Stored, participants, places};
use crate::config::Config;
use crate::domain::{Hours, Operator, Phone, Postcode, Right, Role, ServiceId, Timestamp};
use crate::exchange::Exchange;
use crate::flow::Catalogue;
use crate::sim::number::Number;
use crate::sim::town::{self, Habits};
use crate::store::{NewOperator, OperatorFault, Store};
use crate::web::demo::{Cast, DialLine, Person};

const PARTICIPANTS: &str = include_str!("../../../fixtures/participants.csv");
/// A telephone of somebody who does not take part yet, to sign up with.
const NEWCOMER: &str = "+31601000010";
const PLACES: &str = include_str!("../../../fixtures/places.csv");

/// Everybody, ready to move in.
pub(super) struct Town {
    services: Vec<ServiceId>,
    pub(super) people: Vec<ParticipantRow>,
    places: Vec<PlaceRow>,
    /// Everybody's telephone and how they tend to answer it, the desks' among them.
    pub(super) telephones: Vec<(Number, Habits)>,
    /// Who is who on the page.
    pub(super) cast: Cast,
}

impl Town {
    /// Reads the fixtures and draws habits from the seed.
    pub(super) fn of(
        config: &Config,
        catalogue: &Catalogue,
        seed: u64,
        now: Timestamp,
    ) -> anyhow::Result<Self> {
        let lines: Vec<Phone> = config.lines.iter().map(|line| line.number.clone()).collect();
        let services: Vec<ServiceId> = catalogue.ids().cloned().collect();
        let rules = participants::Rules {
            numbering: config.numbering,
            lines: &lines,
            services: &services,
            now,
        };
        let mut people = participants::read(PARTICIPANTS.as_bytes(), &rules, &mut |_| {})
            .map_err(|faults| anyhow!("fixtures/participants.csv: {faults}"))?;
        let places = places::read(PLACES.as_bytes(), &mut |_| {})
            .map_err(|faults| anyhow!("fixtures/places.csv: {faults}"))?;
        // Half of them may be rung at any hour, so that somebody can be found at night too.
        let always = Hours::parse(participants::DEFAULT_HOURS)?;
        for person in people.iter_mut().step_by(2) {
            person.hours = always.clone();
        }
        let desks = config.lines.iter().flat_map(|line| &line.desk);
        let numbers = people.iter().map(|person| Number::new(person.phone.e164()));
        let mut telephones = town::town(seed, numbers);
        telephones.extend(desks.map(|desk| (Number::new(desk.e164()), at_the_desk())));
        telephones.push((Number::new(NEWCOMER), at_the_desk()));
        let cast = cast(config, catalogue, &people, &places);
        Ok(Self { services, people, places, telephones, cast })
    }

    /// Writes everybody into the database, the way that an import does.
    pub(super) fn settle(&self, store: &Store, now: Timestamp) -> anyhow::Result<()> {
        let mut register = Stored::over(store, &self.services);
        register.put_places(&self.places, &mut |_| {})?;
        register.put_participants(&self.people, now, &mut |_| {})?;
        Ok(())
    }
}

/// Who works at the desk: one for each role, written down like anybody's colleagues. Nobody knows a
/// password of theirs: the demo lets them in.
pub(super) async fn desk(
    config: &Config,
    exchange: &Exchange,
    now: Timestamp,
) -> anyhow::Result<Vec<Operator>> {
    let lines: Vec<Phone> = config.lines.iter().map(|line| line.number.clone()).collect();
    let villages = config.lines.last().map(|line| line.area.clone()).unwrap_or_default();
    let somebody = |name: &str, role, lines: &[Phone], areas: &[Postcode]| NewOperator {
        name: name.to_owned(),
        role,
        password: String::new(),
        password_given: false,
        lines: lines.to_vec(),
        areas: areas.to_vec(),
    };
    let everybody = [
        somebody("Anneke", Role::Administrator, &[], &[]),
        somebody("Kees", Role::Operator, &lines[..1], &[]),
        somebody("Piet", Role::Coordinator, &[], &villages),
    ];
    // Whoever takes calls over does so at a telephone of the first line's desk.
    let seat = config.lines.first().and_then(|line| line.desk.first().cloned());
    let added = exchange.store().write(move |tx| {
        let mut operators = Vec::new();
        for new in &everybody {
            let id = tx.add_operator(new, now)?;
            if new.role.may(Right::SteerCalls) {
                tx.set_seat(id, seat.as_ref())?;
            }
            operators.extend(tx.operator_credentials(id)?.map(|known| known.operator));
        }
        Ok::<_, OperatorFault>(operators)
    });
    Ok(added.await?)
}

/// What some of them offer on the board of the neighbourhood, so many days from now: not today, so
/// that nobody is asked first for it.
const OFFERS: [(&str, &str, u64); 3] = [
    ("+31700010038", "company", 1),
    ("+31700010046", "company", 3),
    ("+31700010052", "groceries", 3),
];

/// Puts their offers on the board.
pub(super) async fn offers(exchange: &Exchange, now: Timestamp) -> anyhow::Result<()> {
    for (number, service, days) in OFFERS {
        let (phone, service) = (Phone::from_stored(number)?, ServiceId::parse(service)?);
        let day = now.wall_clock().date() + chrono::Days::new(days);
        let known = exchange.store().write(move |tx| tx.participant_by_phone(&phone)).await?;
        if let Some(known) = known {
            exchange.post_offer(known.id, service, day).await?;
        }
    }
    Ok(())
}

/// Whoever works at a desk, or has just signed up, nearly always answers.
fn at_the_desk() -> Habits {
    Habits {
        weekday: [0.95; 3],
        weekend: [0.95; 3],
        yes: 1.0,
        not_today: 0.0,
        stop: 0.0,
        no_patience: 0.0,
        engaged: 0.05,
        voicemail_after: None,
        seconds_to_pick_up: (2.0, 6.0),
        seconds_to_talk: (20.0, 120.0),
    }
}

fn cast(
    config: &Config,
    catalogue: &Catalogue,
    people: &[ParticipantRow],
    places: &[PlaceRow],
) -> Cast {
    let line = |line: &crate::domain::Line| DialLine {
        number: line.number.e164().to_owned(),
        name: line.name.clone(),
    };
    let mut cast = Cast::on(config.lines.iter().map(line).collect());
    for person in people {
        cast.add(Person {
            number: person.phone.e164().to_owned(),
            name: person.name.clone(),
            postcode: Some(person.postcode),
        });
    }
    cast.add(Person {
        number: NEWCOMER.to_owned(),
        name: "Noor, doet nog niet mee".to_owned(),
        postcode: config.lines.first().and_then(|line| line.area.first().copied()),
    });
    for line in &config.lines {
        for desk in &line.desk {
            let name = line.name.replace("Burenhulp", "Loket");
            cast.add(Person { number: desk.e164().to_owned(), name, postcode: None });
        }
    }
    for place in places {
        let neighbourhood = place.neighbourhood.as_deref().unwrap_or_default();
        cast.add_place(place.postcode, &place.name, neighbourhood);
    }
    for id in catalogue.ids() {
        if let Some(service) = catalogue.service(id) {
            let names = crate::domain::Language::ALL.map(|l| service.name(l).to_owned());
            cast.add_service(id.clone(), names);
        }
    }
    cast
}
