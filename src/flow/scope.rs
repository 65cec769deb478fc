//! What holds at an item: settings and handlers of its own, of its form and of the file.

use super::tree::{Document, Form, Handler, Item, Property, When};

/// What the name of a global key's setting begins with.
pub(super) const KEY: &str = "burenhulp.key.";

/// An item in its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Scope<'f> {
    pub(super) document: &'f Document,
    pub(super) form: &'f Form,
    pub(super) item: &'f Item,
}

impl<'f> Scope<'f> {
    /// A setting, from the innermost place that has it.
    pub(super) fn property(&self, name: &str) -> Option<&'f Property> {
        let scopes: [&'f [Property]; 3] =
            [&self.item.properties, &self.form.properties, &self.document.properties];
        scopes.into_iter().find_map(|scope| scope.iter().rev().find(|p| p.name == name))
    }

    /// What a global key does here: its value is `#form` or `repeat`.
    pub(super) fn global_key(&self, key: char) -> Option<&'f Property> {
        self.property(&format!("{KEY}{key}")).filter(|property| !property.value.is_empty())
    }

    /// The handler that acts the `times`th time (VoiceXML 2.1, 5.2.4): of the highest count that
    /// was reached, and among equals the innermost, then the first.
    pub(super) fn handler(&self, when: When, times: u32) -> Option<&'f Handler> {
        let scopes = [&self.item.handlers, &self.form.handlers, &self.document.handlers];
        let mut best: Option<&'f Handler> = None;
        for handler in scopes.into_iter().flatten() {
            let fits = handler.when == when && handler.count <= times;
            if fits && best.is_none_or(|best| handler.count > best.count) {
                best = Some(handler);
            }
        }
        best
    }

    /// Every handler that can ever act here.
    pub(super) fn handlers(&self, when: When) -> Vec<&'f Handler> {
        let scopes = [&self.item.handlers, &self.form.handlers, &self.document.handlers];
        let counts = scopes.into_iter().flatten().map(|handler| handler.count);
        let mut counts: Vec<u32> = counts.collect();
        counts.sort_unstable();
        counts.dedup();
        counts.into_iter().filter_map(|times| self.handler(when, times)).fold(
            Vec::new(),
            |mut all, handler| {
                if !all.iter().any(|known| std::ptr::eq(*known, handler)) {
                    all.push(handler);
                }
                all
            },
        )
    }
}
