//! Checked rows, as they go to the database and come back from it.

use crate::domain::{Hours, Language, OtherPlace, Phone, Postcode, ServiceId, Timestamp};

/// How somebody said that they take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptedInVia {
    /// By telephone.
    Phone,
    /// On the web.
    Web,
    /// At the desk.
    Desk,
    /// On paper, at the door for example.
    Paper,
}

impl OptedInVia {
    const ALL: [Self; 4] = [Self::Phone, Self::Web, Self::Desk, Self::Paper];

    /// Reads the word of the file.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|via| via.word() == text)
    }

    /// The word of the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Web => "web",
            Self::Desk => "desk",
            Self::Paper => "paper",
        }
    }
}

/// One participant.
#[derive(Clone, PartialEq)]
pub struct ParticipantRow {
    /// Line of the file, from 1.
    pub line: u64,
    /// First name, 1 to 60 characters.
    pub name: String,
    /// The key: the same number again is the same person.
    pub phone: Phone,
    /// Where they live.
    pub postcode: Postcode,
    /// What they offer from home, in the order of the catalogue; may be empty.
    pub services: Vec<ServiceId>,
    /// Where else they offer something, by postcode; `None`: the file does not say, and what is known
    /// of it stays.
    pub elsewhere: Option<Vec<OtherPlace>>,
    /// When they like to be rung.
    pub hours: Hours,
    /// Never empty.
    pub languages: Vec<Language>,
    /// Nearest that they like to do something, metres.
    pub min_m: u32,
    /// Farthest, metres, more than `min_m`.
    pub max_m: u32,
    /// Most rings a day, 1 to 20.
    pub max_per_day: u32,
    /// Most rings a week, 1 to 50.
    pub max_per_week: u32,
    /// When they said that they take part.
    pub opted_in_at: Option<Timestamp>,
    /// How; there whenever `opted_in_at` is.
    pub opted_in_via: Option<OptedInVia>,
    /// When they confirmed it on their own telephone.
    pub verified_at: Option<Timestamp>,
}

/// One postcode.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceRow {
    /// The key.
    pub postcode: Postcode,
    /// The place, as it is spoken.
    pub name: String,
    /// The neighbourhood, as it is spoken, when one is known.
    pub neighbourhood: Option<String>,
    /// Degrees north, WGS 84.
    pub lat: f64,
    /// Degrees east, WGS 84.
    pub lon: f64,
}

impl ParticipantRow {
    /// Where they offer something, as far as the file says.
    pub(super) fn offered_at(&self) -> impl Iterator<Item = Postcode> {
        let home = (!self.services.is_empty()).then_some(self.postcode);
        home.into_iter().chain(self.elsewhere.iter().flatten().map(|place| place.postcode))
    }
}

impl std::fmt::Debug for ParticipantRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ParticipantRow(line {}, {})", self.line, self.phone)
    }
}
