//! Words that nobody should hear: those that make a neighbour into a case.

use super::super::tree::{Kind, Part};
use super::{FileNotes, Look, each_prompt};
use crate::domain::{Language, unkind_word};

pub(super) fn check(look: &Look<'_>, notes: &mut FileNotes<'_>) {
    each_prompt(look.document, &mut |prompt| {
        let mut text = String::new();
        gather(&prompt.parts, &mut text);
        tell(&text, prompt.language, prompt.line, notes);
    });
    for item in look.document.forms.iter().flat_map(|form| &form.items) {
        if let Kind::Menu(choices) = &item.kind {
            for choice in choices {
                tell(&choice.text, None, choice.line, notes);
            }
        }
    }
}

/// The catalogue is spoken too; its comments are not.
pub(super) fn check_catalogue(text: &str, notes: &mut FileNotes<'_>) {
    for (at, line) in text.lines().enumerate() {
        if !line.trim_start().starts_with('#') {
            tell(line, None, at + 1, notes);
        }
    }
}

fn tell(text: &str, language: Option<Language>, line: usize, notes: &mut FileNotes<'_>) {
    let languages = language.map_or(Language::ALL.to_vec(), |language| vec![language]);
    for language in languages {
        let Some(word) = unkind_word(text, language) else { continue };
        let instead = match language {
            Language::Nl => "deelnemer, buurtgenoot, iemand uit de buurt, een vraag, medewerker",
            Language::En => "neighbour, participant, lend a hand, member of staff",
        };
        notes.fault(line, format!("\"{word}\" is not said here; say {instead}"));
    }
}

fn gather(parts: &[Part], text: &mut String) {
    for part in parts {
        match part {
            Part::Text(words) => {
                text.push_str(words);
                text.push(' ');
            }
            Part::Digits(inside) | Part::Enumerate(inside) => gather(inside, text),
            Part::Audio { words, .. } => gather(words, text),
            Part::Value(_) | Part::Break(_) => {}
        }
    }
}
