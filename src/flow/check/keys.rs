//! Keys: few choices, each key once, and words for whoever presses nothing or something else.

use super::super::hear::REPEAT;
use super::super::scope::{KEY, Scope};
use super::super::tree::{Choice, Document, Item, Kind, Property, When};
use super::{FileNotes, Look};

/// More choices than this nobody keeps in mind; 0, 9 and `*` mean the same everywhere.
const MOST_CHOICES: usize = 5;

pub(super) fn check(look: &Look<'_>, notes: &mut FileNotes<'_>) {
    let document = look.document;
    for form in &document.forms {
        for item in form.items.iter().filter(|item| item.takes_keys()) {
            answered(Scope { document, form, item }, notes);
            if let Kind::Menu(choices) = &item.kind {
                few_and_once(item, choices, notes);
            }
        }
    }
    for property in properties(document).filter(|property| property.name.starts_with(KEY)) {
        let value = property.value.as_str();
        if !value.is_empty() && value != REPEAT && !value.starts_with('#') {
            let sentence = format!(
                "a global key leads to a form (\"#desk\") or says \"{REPEAT}\"; \"{value}\" is neither"
            );
            notes.fault(property.line, sentence);
        }
    }
}

fn answered(scope: Scope<'_>, notes: &mut FileNotes<'_>) {
    let what = if matches!(scope.item.kind, Kind::Menu(_)) { "menu" } else { "field" };
    for (when, element, who) in [
        (When::Silence, "noinput", "presses nothing"),
        (When::NoMatch, "nomatch", "presses another key"),
    ] {
        if scope.handlers(when).is_empty() {
            let sentence = format!(
                "nobody tells who {who} in this {what} what to do; add a <{element}> here or at the top of the file"
            );
            notes.fault(scope.item.line, sentence);
        }
    }
}

fn few_and_once(item: &Item, choices: &[Choice], notes: &mut FileNotes<'_>) {
    let own = choices.iter().filter(|choice| !"09*".contains(choice.key)).count();
    if own > MOST_CHOICES {
        let sentence = format!(
            "this menu has {own} choices; nobody keeps more than {MOST_CHOICES} in mind, so move some to a second menu"
        );
        notes.fault(item.line, sentence);
    }
    for (at, choice) in choices.iter().enumerate() {
        if choices.iter().take(at).any(|earlier| earlier.key == choice.key) {
            let key = choice.key;
            notes.fault(choice.line, format!("key {key} is taken in this menu; give it another"));
        }
    }
}

/// Every setting of a file.
pub(super) fn properties(document: &Document) -> impl Iterator<Item = &Property> {
    let of_forms = document.forms.iter().flat_map(|form| {
        form.properties.iter().chain(form.items.iter().flat_map(|item| &item.properties))
    });
    document.properties.iter().chain(of_forms)
}
