//! What the house asks of flows beyond their grammar: that everything they name is there, that
//! nobody gets lost in them, and that an older listener can follow.
//!
//! Every fault says where it is and what to do. `Flows::read` refuses what is found here.

mod keys;
mod length;
mod names;
mod paths;
mod prompts;
mod words;
mod worlds;

use std::collections::BTreeMap;

use super::Fault;
use super::catalogue::Catalogue;
use super::graph::actions;
use super::tree::{Action, Document, Prompt};
use crate::domain::Language;

/// Everything that is wrong with these flows, in the order of files and lines.
pub(super) fn faults(
    documents: &BTreeMap<String, Document>,
    catalogue: &Catalogue,
    catalogue_file: Option<&str>,
) -> Vec<Fault> {
    let mut notes = Notes::default();
    let spoken = spoken_languages(documents);
    for (flow, document) in documents {
        let file = format!("{flow}.vxml");
        let look = Look { document, catalogue, languages: &spoken };
        let mut notes = notes.of(&file);
        let whole = names::check(&look, &mut notes);
        keys::check(&look, &mut notes);
        // Where a way leads nowhere, what cannot be reached from it is no news.
        if whole {
            paths::check(&look, &mut notes);
        }
        length::check(&look, &mut notes);
        prompts::check(&look, &mut notes);
        words::check(&look, &mut notes);
    }
    if let Some(text) = catalogue_file {
        words::check_catalogue(text, &mut notes.of(super::catalogue::FILE));
    }
    notes.sorted()
}

/// Where these flows are silent in one of these languages.
pub(super) fn silent_in(
    documents: &BTreeMap<String, Document>,
    catalogue: &Catalogue,
    languages: &[Language],
) -> Vec<Fault> {
    let mut notes = Notes::default();
    for (flow, document) in documents {
        let look = Look { document, catalogue, languages };
        prompts::check(&look, &mut notes.of(&format!("{flow}.vxml")));
    }
    notes.sorted()
}

/// Languages that a flow is written in; the leading one always.
fn spoken_languages(documents: &BTreeMap<String, Document>) -> Vec<Language> {
    let mut found = vec![Language::default()];
    for document in documents.values() {
        each_prompt(document, &mut |prompt| {
            found.extend(prompt.language.filter(|language| !found.contains(language)));
        });
    }
    found
}

/// One file that is looked at, with what belongs to it.
struct Look<'d> {
    document: &'d Document,
    catalogue: &'d Catalogue,
    languages: &'d [Language],
}

/// Faults as they are found.
#[derive(Default)]
struct Notes {
    faults: Vec<Fault>,
}

/// Faults of one file.
struct FileNotes<'n> {
    file: String,
    faults: &'n mut Vec<Fault>,
}

impl Notes {
    fn of(&mut self, file: &str) -> FileNotes<'_> {
        FileNotes { file: file.to_owned(), faults: &mut self.faults }
    }

    fn sorted(mut self) -> Vec<Fault> {
        self.faults.sort();
        self.faults.dedup();
        self.faults
    }
}

impl FileNotes<'_> {
    fn fault(&mut self, line: usize, sentence: impl Into<String>) {
        self.faults.push(Fault::new(&self.file, line, sentence));
    }
}

/// Every list of actions in a file, with the line of what it belongs to.
fn each_list<'d>(document: &'d Document, see: &mut dyn FnMut(&'d [Action], usize)) {
    for handler in &document.handlers {
        see(&handler.actions, handler.line);
    }
    for form in &document.forms {
        for handler in &form.handlers {
            see(&handler.actions, handler.line);
        }
        for item in &form.items {
            see(actions(item), item.line);
            for handler in &item.handlers {
                see(&handler.actions, handler.line);
            }
        }
    }
}

/// Every action in a list, also those within conditions.
fn each_action<'d>(actions: &'d [Action], see: &mut dyn FnMut(&'d Action)) {
    for action in actions {
        see(action);
        if let Action::If(branches) = action {
            branches.iter().for_each(|(_, inside)| each_action(inside, see));
        }
    }
}

/// Every prompt of a file.
fn each_prompt<'d>(document: &'d Document, see: &mut dyn FnMut(&'d Prompt)) {
    for item in document.forms.iter().flat_map(|form| &form.items) {
        item.prompts.iter().for_each(&mut *see);
    }
    each_list(document, &mut |list, _| {
        each_action(list, &mut |action| {
            if let Action::Prompt(prompt) = action {
                see(prompt);
            }
        });
    });
}

/// A language as a technician calls it.
fn called(language: Language) -> &'static str {
    match language {
        Language::Nl => "Dutch",
        Language::En => "English",
    }
}
