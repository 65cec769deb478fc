//! From prompts to what is heard.

use super::catalogue::Catalogue;
use super::position::Position;
use super::tree::{Choice, Item, Kind, Part, Prompt};
use super::{Utterance, Value, Vars};
use crate::domain::Language;

/// Speaks prompts in a language, with the variables of a moment.
pub(super) struct Speaker<'a> {
    catalogue: &'a Catalogue,
    vars: &'a Vars,
    language: Language,
}

impl<'a> Speaker<'a> {
    pub(super) fn new(catalogue: &'a Catalogue, at: &'a Position) -> Self {
        Self::with(catalogue, at.vars(), at.language())
    }

    pub(super) fn with(catalogue: &'a Catalogue, vars: &'a Vars, language: Language) -> Self {
        Self { catalogue, vars, language }
    }

    /// What an item says on this visit.
    pub(super) fn item(&self, item: &Item, visits: u32) -> Vec<Utterance> {
        let choices = match &item.kind {
            Kind::Menu(choices) => choices.as_slice(),
            _ => &[],
        };
        let heard = |prompt: &&Prompt| prompt.count <= visits && self.fits(prompt);
        let highest = item.prompts.iter().filter(heard).map(|prompt| prompt.count).max();
        let chosen = item.prompts.iter().filter(heard).filter(|p| Some(p.count) == highest);
        chosen.flat_map(|prompt| self.say(prompt, choices)).collect()
    }

    /// What a prompt among actions says.
    pub(super) fn prompt(&self, prompt: &Prompt) -> Vec<Utterance> {
        if self.fits(prompt) { self.say(prompt, &[]) } else { Vec::new() }
    }

    /// Whether a choice is there at this moment: services only where the line has them.
    pub(super) fn offers(&self, choice: &Choice) -> bool {
        self.catalogue.called(&choice.text).is_none()
            || self.vars.get(&format!("offers.{}", choice.text)) == Some(&Value::Bool(true))
    }

    fn fits(&self, prompt: &Prompt) -> bool {
        let own = prompt.language.is_none_or(|language| language == self.language);
        match &prompt.cond {
            Some(cond) => (own || cond.names("language")) && cond.holds(self.vars),
            None => own,
        }
    }

    fn say(&self, prompt: &Prompt, choices: &[Choice]) -> Vec<Utterance> {
        let language = prompt.language.unwrap_or(self.language);
        let mut mouth = Mouth { language, words: String::new(), out: Vec::new() };
        self.parts(&prompt.parts, self.vars, choices, &mut mouth);
        mouth.finish()
    }

    fn parts(&self, parts: &[Part], vars: &Vars, choices: &[Choice], mouth: &mut Mouth) {
        for part in parts {
            match part {
                Part::Text(words) => mouth.say(words),
                Part::Value(expr) => mouth.say(&spoken(&expr.value(vars))),
                Part::Digits(inside) => mouth.say(&one_by_one(&self.words(inside, vars, mouth))),
                Part::Break(ms) => mouth.put(Utterance::Pause { ms: *ms }),
                Part::Audio { src, words } => {
                    let text = self.words(words, vars, mouth);
                    match src.value(vars) {
                        Value::Text(src) if !src.is_empty() => {
                            let language = mouth.language;
                            mouth.put(Utterance::Play { src, text, language });
                        }
                        _ => mouth.say(&text),
                    }
                }
                Part::Enumerate(body) => self.enumerate(body, vars, choices, mouth),
            }
        }
    }

    /// Its body once for every choice that is there and has words.
    fn enumerate(&self, body: &[Part], vars: &Vars, choices: &[Choice], mouth: &mut Mouth) {
        let mut vars = vars.clone();
        for choice in choices.iter().filter(|c| !c.text.is_empty() && self.offers(c)) {
            let service = self.catalogue.called(&choice.text);
            let name = service.map_or(choice.text.as_str(), |s| s.name(mouth.language));
            let key = key_in_words(choice.key, mouth.language);
            if body.is_empty() {
                mouth.say(&match mouth.language {
                    Language::Nl => format!("Voor {name}: toets {key}."),
                    Language::En => format!("For {name}, press {key}."),
                });
            } else {
                vars.insert("_prompt".into(), Value::Text(name.to_owned()));
                vars.insert("_dtmf".into(), Value::Text(key));
                self.parts(body, &vars, &[], mouth);
            }
        }
    }

    /// The words of some parts, without their silences.
    fn words(&self, parts: &[Part], vars: &Vars, mouth: &Mouth) -> String {
        let mut inside = Mouth { language: mouth.language, words: String::new(), out: Vec::new() };
        self.parts(parts, vars, &[], &mut inside);
        let said = inside.finish().into_iter().filter_map(|utterance| match utterance {
            Utterance::Say { text, .. } | Utterance::Play { text, .. } => Some(text),
            Utterance::Pause { .. } => None,
        });
        said.collect::<Vec<_>>().join(" ")
    }
}

/// Gathers words until something else is to be heard.
struct Mouth {
    language: Language,
    words: String,
    out: Vec<Utterance>,
}

impl Mouth {
    fn say(&mut self, more: &str) {
        const CLOSING: [char; 7] = ['.', ',', ';', ':', '!', '?', ')'];
        if self.words.is_empty() {
            // What closed a sentence that ended in a recording or a silence.
            self.words.push_str(more.trim_start_matches(CLOSING).trim_start());
            return;
        }
        if !more.is_empty() && !more.starts_with(CLOSING) && !self.words.ends_with('(') {
            self.words.push(' ');
        }
        self.words.push_str(more);
    }

    fn put(&mut self, utterance: Utterance) {
        self.flush();
        self.out.push(utterance);
    }

    fn flush(&mut self) {
        // Punctuation that was left alone between two recordings is nothing to be heard.
        let words = std::mem::take(&mut self.words);
        if words.contains(char::is_alphanumeric) {
            self.out.push(Utterance::Say { text: words, language: self.language });
        }
    }

    fn finish(mut self) -> Vec<Utterance> {
        self.flush();
        self.out
    }
}

fn spoken(value: &Value) -> String {
    match value {
        Value::Text(text) => text.trim().to_owned(),
        Value::Bool(_) | Value::Undefined => String::new(),
    }
}

/// `2, 5, 8, 4`: a Dutch voice would say 2584 as one number.
fn one_by_one(text: &str) -> String {
    let characters = text.chars().filter(|c| c.is_alphanumeric()).map(String::from);
    characters.collect::<Vec<_>>().join(", ")
}

/// A key as it is called aloud.
fn key_in_words(key: char, language: Language) -> String {
    match (key, language) {
        ('*', Language::Nl) => "sterretje".into(),
        ('*', Language::En) => "star".into(),
        ('#', Language::Nl) => "hekje".into(),
        ('#', Language::En) => "hash".into(),
        _ => key.to_string(),
    }
}
