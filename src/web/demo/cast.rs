//! Who is who on the page. Names belong to fixtures; the exchange itself never speaks one (R8).

use std::collections::{BTreeMap, HashMap};

use crate::domain::{Language, Postcode, ServiceId};

/// A line that can be dialled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialLine {
    /// Its number, E.164.
    pub number: String,
    /// Its name.
    pub name: String,
}

/// Somebody with a telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The number, E.164.
    pub number: String,
    /// What they are called.
    pub name: String,
    /// Where they live; none for the desk.
    pub postcode: Option<Postcode>,
}

/// Everybody and everything that has a name on the page.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// The lines, the first one chosen at first.
    pub lines: Vec<DialLine>,
    people: Vec<Person>,
    by_number: HashMap<String, usize>,
    places: BTreeMap<Postcode, (String, String)>,
    services: HashMap<ServiceId, [String; 2]>,
}

impl Cast {
    /// Nobody yet, on these lines.
    pub fn on(lines: Vec<DialLine>) -> Self {
        Self { lines, ..Self::default() }
    }

    /// Adds somebody.
    pub fn add(&mut self, person: Person) {
        self.by_number.insert(person.number.clone(), self.people.len());
        self.people.push(person);
    }

    /// Adds a place: its town or village, and its neighbourhood, which may be empty.
    pub fn add_place(&mut self, postcode: Postcode, place: &str, neighbourhood: &str) {
        self.places.insert(postcode, (place.to_owned(), neighbourhood.to_owned()));
    }

    /// Adds a service with its name in each of [`Language::ALL`].
    pub fn add_service(&mut self, id: ServiceId, names: [String; 2]) {
        self.services.insert(id, names);
    }

    /// Whoever has this number.
    pub(super) fn person(&self, number: &str) -> Option<&Person> {
        self.by_number.get(number).map(|at| &self.people[*at])
    }

    /// `Lettele`, `Scheveningen-Dorp` or `Binnenstad, Dokkum`: as short as it is clear; empty when
    /// the place is not known.
    pub(super) fn place(&self, postcode: Postcode) -> String {
        match self.places.get(&postcode) {
            None => String::new(),
            Some((place, neighbourhood)) if neighbourhood.is_empty() => place.clone(),
            Some((place, neighbourhood)) if neighbourhood.contains(place) => neighbourhood.clone(),
            Some((place, neighbourhood)) => format!("{neighbourhood}, {place}"),
        }
    }

    /// The name of a service.
    pub(super) fn service<'a>(&'a self, id: &'a ServiceId, language: Language) -> &'a str {
        let at = usize::from(language == Language::En);
        self.services.get(id).map_or(id.as_str(), |names| &names[at])
    }

    /// Participants by town or village, both in alphabetical order.
    pub(super) fn by_town(&self) -> BTreeMap<&str, Vec<&Person>> {
        let mut towns: BTreeMap<&str, Vec<&Person>> = BTreeMap::new();
        for person in &self.people {
            let town = person.postcode.and_then(|postcode| self.places.get(&postcode));
            if let Some((town, _)) = town {
                towns.entry(town).or_default().push(person);
            }
        }
        for people in towns.values_mut() {
            people.sort_by(|a, b| (&a.name, &a.number).cmp(&(&b.name, &b.number)));
        }
        towns
    }
}
