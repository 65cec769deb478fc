//! What stands around every page, at the desk and for everybody: title, language, a notice.

use super::notice::{Notice, Tone};
use super::site::escaped;
use super::typed::Typed;
use super::way_back::FILLED_IN;
use crate::domain::Language;

/// What a `layout.html` needs; a page's struct has it as `layout`. The desk and the public pages each
/// have something of their own around a page as well: who is logged in, where one may go.
#[derive(Debug, Clone)]
pub struct Layout<Own> {
    /// The page's own name, for the browser's title and its first heading.
    pub title: String,
    /// In which language.
    pub language: Language,
    /// Where the page is: for the language switch.
    pub path: String,
    /// The page answers a form, and what was filled in is not in its address.
    pub filled_in: bool,
    /// The key that every form of somebody who is logged in carries.
    pub csrf: String,
    /// What was just done.
    pub notice: Option<Notice>,
    /// Something on the page moves: the address of its server-sent events; `live.js` comes along.
    pub events: Option<String>,
    /// What is around the pages of this side only.
    pub own: Own,
}

impl<Own> Layout<Own> {
    /// The page changes while it is read: its events come from this address.
    #[must_use]
    pub fn live(mut self, events: impl Into<String>) -> Self {
        self.events = Some(events.into());
        self
    }

    /// The page at `path` has a form that may have been refused: it says so on top, and knows its own
    /// address, which is not the one that the form was sent to.
    #[must_use]
    pub(super) fn with(mut self, typed: &Typed, path: &str) -> Self {
        if let Some(notice) = typed.notice(self.language) {
            path.clone_into(&mut self.path);
            self.filled_in = true;
            self.notice = Some(notice);
        }
        self
    }

    /// A page that answers a form and has nothing of it left to lose; the language switch leads to
    /// `path`.
    #[must_use]
    pub(super) fn done_with_form(self, path: &str) -> Self {
        Self { path: path.to_owned(), filled_in: false, ..self }
    }

    /// The text in the page's language; Dutch first.
    pub fn say<'a>(&self, nl: &'a str, en: &'a str) -> &'a str {
        self.language.pick(nl, en)
    }

    /// The hidden field that every form of a session carries: `{{ layout.key()|safe }}`.
    pub fn key(&self) -> String {
        // Only base64 stands in it.
        format!(r#"<input type="hidden" name="csrf" value="{}">"#, self.csrf)
    }

    /// Where the page is, as a value at the end of an address; and that something was filled in.
    pub fn here(&self) -> String {
        let filled_in = if self.filled_in { FILLED_IN } else { "" };
        format!("{}{filled_in}", escaped(&self.path))
    }

    /// Whether the notice is a warning.
    pub fn warns(&self) -> bool {
        self.notice.as_ref().is_some_and(|notice| notice.tone == Tone::Warning)
    }
}
