//! The card of a line: A5, large type, the number, and the menu in the order in which it is spoken.
//!
//! What stands on it is heard from the line's own flow, by calling it as a stranger would in office
//! hours and listening: so it says what the flow says, also after somebody changed the flow. Pure: no
//! file, clock or database.

mod page;
#[cfg(test)]
mod tests;
mod walk;

use crate::domain::{Language, Line};
use crate::flow::Flows;

pub use page::{STYLE, alone, page};

/// A card, in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// In which language.
    pub language: Language,
    /// What the line is called.
    pub name: String,
    /// Its number, as people here write it.
    pub number: String,
    /// The menus, in the order in which they are heard.
    pub menus: Vec<Menu>,
    /// What is asked after a choice: that of a service that comes first.
    pub then: Option<String>,
    /// Where the same can be asked on the web.
    pub address: String,
}

/// What can be keyed at one point of the call.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Menu {
    /// The keys that lead here, from the first one on.
    pub after: Vec<char>,
    /// What is said of each key, in the order in which it is said.
    pub choices: Vec<Choice>,
}

/// A key, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The key.
    pub key: char,
    /// What is said of it: "boodschappen", "Liever een medewerker?".
    pub what: String,
    /// In which language: the way to another language is told in that one.
    pub language: Language,
}

impl Card {
    /// The card of a line with these flows, in a language that the line speaks. `public_url` is where
    /// the exchange is on the web.
    pub fn of(line: &Line, flows: &Flows, language: Language, public_url: &str) -> Self {
        let (menus, then) = walk::menus(line, flows, language);
        Self {
            language,
            name: line.name.clone(),
            number: line.number.in_full(),
            menus,
            then,
            address: format!("{}{}", public_url.trim_end_matches('/'), page::ASK),
        }
    }
}
