//! Prompts: where one language speaks, the others do too, and a question is never silent.

use super::super::speak::Speaker;
use super::super::tree::{Action, Item, Prompt};
use super::super::{Value, Vars};
use super::worlds::Worlds;
use super::{FileNotes, Look, called, each_list};
use crate::domain::Language;

pub(super) fn check(look: &Look<'_>, notes: &mut FileNotes<'_>) {
    for item in look.document.forms.iter().flat_map(|form| &form.items) {
        of_item(look, item, notes);
    }
    each_list(look.document, &mut |list, _| of_actions(look, list, notes));
}

fn of_item(look: &Look<'_>, item: &Item, notes: &mut FileNotes<'_>) {
    let line = item.prompts.first().map_or(item.line, |prompt| prompt.line);
    let speaks = |vars: &Vars, language: Language, visits: u32| {
        !Speaker::with(look.catalogue, vars, language).item(item, visits).is_empty()
    };
    for visits in visits_of(item) {
        in_each_world(look, &Worlds::of_prompts(item.prompts.iter()), &mut |vars| {
            let silent = silent(look, vars, |vars, language| speaks(vars, language, visits));
            if silent.len() < look.languages.len() {
                missing(line, &silent, notes);
            } else if item.asks() && !look.languages.is_empty() {
                let sentence =
                    "at this question there can be nothing to hear; add a <prompt> without a cond";
                notes.fault(item.line, sentence);
            }
        });
    }
}

/// Visits that can sound different.
pub(super) fn visits_of(item: &Item) -> Vec<u32> {
    let mut visits: Vec<u32> = item.prompts.iter().map(|prompt| prompt.count).chain([1]).collect();
    visits.sort_unstable();
    visits.dedup();
    visits
}

/// Prompts that follow each other say one thing, in each language.
fn of_actions(look: &Look<'_>, actions: &[Action], notes: &mut FileNotes<'_>) {
    let mut together: Vec<&Prompt> = Vec::new();
    for action in actions {
        if let Action::Prompt(prompt) = action {
            together.push(prompt);
            continue;
        }
        of_prompts(look, &std::mem::take(&mut together), notes);
        if let Action::If(branches) = action {
            branches.iter().for_each(|(_, inside)| of_actions(look, inside, notes));
        }
    }
    of_prompts(look, &together, notes);
}

fn of_prompts(look: &Look<'_>, prompts: &[&Prompt], notes: &mut FileNotes<'_>) {
    let Some(first) = prompts.first() else { return };
    in_each_world(look, &Worlds::of_prompts(prompts.iter().copied()), &mut |vars| {
        let silent = silent(look, vars, |vars, language| {
            let speaker = Speaker::with(look.catalogue, vars, language);
            prompts.iter().any(|prompt| !speaker.prompt(prompt).is_empty())
        });
        if silent.len() < look.languages.len() {
            missing(first.line, &silent, notes);
        }
    });
}

fn missing(line: usize, silent: &[Language], notes: &mut FileNotes<'_>) {
    for language in silent {
        let (name, tag) = (called(*language), language.tag());
        let sentence =
            format!("there can be nothing to hear in {name} here; add <prompt xml:lang=\"{tag}\">");
        notes.fault(line, sentence);
    }
}

/// The languages in which nothing is heard.
fn silent(look: &Look<'_>, vars: &Vars, speaks: impl Fn(&Vars, Language) -> bool) -> Vec<Language> {
    let silent = look.languages.iter().filter(|language| {
        let mut vars = vars.clone();
        vars.insert("language".into(), Value::Text(language.code().into()));
        !speaks(&vars, **language)
    });
    silent.copied().collect()
}

pub(super) fn in_each_world(look: &Look<'_>, worlds: &Worlds, see: &mut dyn FnMut(&Vars)) {
    worlds.each(look.catalogue.ids().map(ToString::to_string), see);
}
