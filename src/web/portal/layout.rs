//! What stands around every page: the name, the telephone number, the navigation, a notice.

use axum::http::Method;

use super::routes::KNOWN;
use crate::domain::{Language, Line};
use crate::web::layout;

/// The pages of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The first page.
    Home,
    /// Asking something on the web.
    Ask,
    /// Taking part: the sign-up.
    Join,
    /// What others ask and offer.
    Board,
    /// One's own page, and logging in to it.
    Mine,
}

impl Section {
    const ALL: [Self; 5] = [Self::Home, Self::Ask, Self::Board, Self::Join, Self::Mine];

    /// Where it is.
    pub fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Ask => "/vragen",
            Self::Join => "/meedoen",
            Self::Board => "/mijn/prikbord",
            Self::Mine => "/mijn",
        }
    }

    /// What it is called.
    pub fn name(self, language: Language) -> &'static str {
        let (nl, en) = match self {
            Self::Home => ("Begin", "Start"),
            Self::Ask => ("Iets vragen", "Ask something"),
            Self::Join => ("Meedoen", "Take part"),
            Self::Board => ("Prikbord", "Board"),
            Self::Mine => ("Mijn pagina", "My page"),
        };
        language.pick(nl, en)
    }

    /// Whether its page is there.
    fn is_there(self) -> bool {
        KNOWN.iter().any(|(method, path, _)| *method == Method::GET && *path == self.path())
    }

    /// Whether it is for this visitor: the board for who is logged in, the sign-up for who is not.
    fn is_for(self, logged_in: bool) -> bool {
        match self {
            Self::Board => logged_in,
            Self::Join => !logged_in,
            Self::Home | Self::Ask | Self::Mine => true,
        }
    }
}

/// A place in the navigation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub path: &'static str,
    /// What it is called.
    pub name: &'static str,
    /// Whether this page is there.
    pub here: bool,
}

/// A number to dial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The line's name.
    pub line: String,
    /// The number as people write it.
    pub shown: String,
    /// The number for a telephone that reads the page: `tel:+31...`.
    pub link: String,
}

/// What is the same around all pages.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// What this place is called.
    pub name: String,
    /// The numbers to dial, in the order of the configuration.
    pub numbers: Vec<Number>,
    /// Where the demo's telephones are; only in the demo.
    pub telephones: Option<&'static str>,
}

impl Frame {
    /// The frame for these lines. One line gives its name to the whole; several have theirs below it.
    pub(super) fn around(lines: &[Line]) -> Self {
        let number = |line: &Line| Number {
            line: line.name.clone(),
            shown: line.number.in_full(),
            link: format!("tel:{}", line.number.e164()),
        };
        let name = match lines {
            [only] => only.name.clone(),
            several => words_in_common(several).unwrap_or_else(|| "Burenhulp".to_owned()),
        };
        Self { name, numbers: lines.iter().map(number).collect(), telephones: None }
    }
}

/// The words with which every line's name begins: "Burenhulp" of "Burenhulp Noord" and "Burenhulp Zuid".
fn words_in_common(lines: &[Line]) -> Option<String> {
    let mut names = lines.iter().map(|line| line.name.split_whitespace().collect::<Vec<_>>());
    let mut common = names.next()?;
    for name in names {
        let same = common.iter().zip(&name).take_while(|(one, other)| one == other).count();
        common.truncate(same);
    }
    (!common.is_empty()).then(|| common.join(" "))
}

/// What `portal/templates/layout.html` needs; a page's struct has it as `layout`.
pub type Layout = layout::Layout<Own>;

/// What is around the public pages, and those of whoever takes part, only.
#[derive(Debug, Clone)]
pub struct Own {
    /// What is around all pages.
    pub frame: std::sync::Arc<Frame>,
    /// The navigation.
    pub places: Vec<Place>,
    /// Whether somebody is logged in.
    pub logged_in: bool,
}

impl Layout {
    /// The address of a section, if its page is there and for this visitor.
    pub fn way_to(&self, section: Section) -> Option<&'static str> {
        (section.is_there() && section.is_for(self.own.logged_in)).then(|| section.path())
    }
}

/// The navigation: only pages that are there, and that are for this visitor.
pub(super) fn places(here: Section, logged_in: bool, language: Language) -> Vec<Place> {
    let shown = |section: &Section| section.is_there() && section.is_for(logged_in);
    let place = |section: Section| Place {
        path: section.path(),
        name: section.name(language),
        here: section == here,
    };
    Section::ALL.into_iter().filter(shown).map(place).collect()
}
