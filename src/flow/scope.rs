//! What holds at an item: settings and handlers of its own, of its form and of the file.

use super::tree::{Document, Form, Handler, Item, Property, When};
use super::{Value, Vars};

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
        self.scopes().into_iter().find_map(|scope| scope.iter().rev().find(|p| p.name == name))
    }

    /// What a global key does here: its value is `#form` or `repeat`. Where a variable `V` of these
    /// holds, `burenhulp.key.K.V` goes before `burenhulp.key.K`.
    pub(super) fn global_key(&self, key: char, vars: &Vars) -> Option<&'f Property> {
        let (plain, with_variable) = (format!("{KEY}{key}"), format!("{KEY}{key}."));
        let set = self.scopes().into_iter().find_map(|scope| {
            let holds = |p: &&Property| {
                let variable = p.name.strip_prefix(&with_variable);
                variable.and_then(|name| vars.get(name)).is_some_and(Value::holds)
            };
            scope.iter().find(holds).or_else(|| scope.iter().rev().find(|p| p.name == plain))
        });
        set.filter(|property| !property.value.is_empty())
    }

    /// Everything that a global key can ever do here.
    pub(super) fn global_keys(&self, key: char) -> impl Iterator<Item = &'f Property> {
        let (plain, with_variable) = (format!("{KEY}{key}"), format!("{KEY}{key}."));
        let plain = self.property(&plain).filter(|property| !property.value.is_empty());
        let all = self.scopes().into_iter().flatten();
        all.filter(move |property| property.name.starts_with(&with_variable)).chain(plain)
    }

    /// Settings, the innermost first.
    fn scopes(&self) -> [&'f [Property]; 3] {
        [&self.item.properties, &self.form.properties, &self.document.properties]
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
