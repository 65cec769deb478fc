//! A card as a page to print: A5, upright, black on white.

use askama::Template;
use qrcode::{EcLevel, QrCode, render::svg};

use super::{Card, Menu};
use crate::domain::Language;

/// The page on which something can be asked on the web.
pub(super) const ASK: &str = "/vragen";

/// Choices that fit on a sheet in the largest type.
const AT_ITS_LARGEST: usize = 13;
/// Choices that fit on it in the next smaller one.
const FAIRLY_LARGE: usize = 17;

/// How a card looks, on screen and on paper.
pub const STYLE: &str = include_str!("templates/card.css");

#[derive(Template)]
#[template(path = "card.html")]
struct Page<'a> {
    card: &'a Card,
    /// In the page itself; else it comes from an address of the desk.
    style: Option<&'static str>,
    /// The code for the address, SVG.
    code: String,
    /// Links above the card, that are not printed.
    links: &'a [(String, String)],
}

/// The card by itself, with its style in it and nothing from elsewhere.
///
/// # Errors
/// None in practice: it writes into memory.
pub fn alone(card: &Card) -> Result<String, askama::Error> {
    Page { card, style: Some(STYLE), code: code(&card.address), links: &[] }.render()
}

/// The card as a page of the desk, with these links (address, words) above it.
///
/// # Errors
/// As [`alone`].
pub fn page(card: &Card, links: &[(String, String)]) -> Result<String, askama::Error> {
    Page { card, style: None, code: code(&card.address), links }.render()
}

/// Empty for an address that is too long for a code.
fn code(address: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else {
        return String::new();
    };
    let drawn = code.render::<svg::Color<'_>>().min_dimensions(120, 120).build();
    // The page that it stands in is no XML document.
    drawn.find("<svg").map(|begin| drawn[begin..].to_owned()).unwrap_or_default()
}

impl Page<'_> {
    /// The text in the card's language; Dutch first.
    fn say<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        self.card.language.pick(nl, en)
    }

    /// The page's address without what everybody knows.
    fn short(&self) -> &str {
        let address = self.card.address.as_str();
        address.split_once("://").map_or(address, |(_, rest)| rest)
    }

    /// How small the menu has to be to stay on one sheet; none: as large as it is by itself.
    fn size(&self) -> Option<&'static str> {
        let choices: usize = self.card.menus.iter().map(|menu| menu.choices.len()).sum();
        match choices {
            few if few <= AT_ITS_LARGEST => None,
            many if many <= FAIRLY_LARGE => Some("many"),
            _ => Some("very-many"),
        }
    }

    /// What is above a menu: where in the call it is heard.
    fn heading(&self, menu: &Menu) -> String {
        let keys: Vec<String> = menu.after.iter().map(char::to_string).collect();
        match (keys.as_slice(), self.card.language) {
            ([], Language::Nl) => "Dit hoort u eerst".to_owned(),
            ([], Language::En) => "This you hear first".to_owned(),
            (keys, Language::Nl) => format!("Na toets {}", keys.join(", dan ")),
            (keys, Language::En) => format!("After key {}", keys.join(", then ")),
        }
    }
}
