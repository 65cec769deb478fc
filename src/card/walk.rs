//! Calls a flow and listens: which keys are named, for what, and where they lead.

use super::{Choice, Menu};
use crate::domain::{Language, Line};
use crate::flow::{Event, Flows, Position, Turn, Utterance, Value, Vars, Wait};

/// Menus below the first that are listened to: a caller does not go deeper.
const DEEPEST: usize = 3;

/// The menus of a call in office hours, from the first on; and what is asked once something was
/// chosen.
pub(super) fn menus(line: &Line, flows: &Flows, language: Language) -> (Vec<Menu>, Option<String>) {
    let mut walk = Walk { flows, language, menus: Vec::new(), then: None };
    if let Ok((at, turn)) = flows.start("caller", language, office_hours(line)) {
        walk.listen(&at, &turn, Vec::new());
    }
    (walk.menus, walk.then)
}

/// What a caller brings along whom nobody knows, at a time when everything is open.
fn office_hours(line: &Line) -> Vars {
    let mut vars = Vars::new();
    let mut set = |name: &str, value| vars.insert(name.to_owned(), value);
    set("service_name", Value::Text(line.name.clone()));
    set("part_of_day", Value::Text("morning".into()));
    set("desk_open", Value::Bool(!line.desk.is_empty()));
    set("desk_exists", Value::Bool(!line.desk.is_empty()));
    set("ringing_open", Value::Bool(true));
    set("can_call_back", Value::Bool(true));
    set("voice_note", Value::Bool(line.voice_note));
    set("more_languages", Value::Bool(line.languages.len() > 1));
    for name in ["known", "takes_part", "withheld", "searching"] {
        set(name, Value::Bool(false));
    }
    for service in &line.services {
        set(&format!("offers.{service}"), Value::Bool(true));
    }
    vars
}

struct Walk<'f> {
    flows: &'f Flows,
    language: Language,
    menus: Vec<Menu>,
    then: Option<String>,
}

impl Walk<'_> {
    fn listen(&mut self, at: &Position, turn: &Turn, after: Vec<char>) {
        match &turn.wait {
            Wait::Keys { digits: Some(1), .. } => {}
            // The place is keyed in: what comes after every service.
            Wait::Keys { .. } if self.then.is_none() && !after.is_empty() => {
                self.then = Some(words(turn, self.language));
                return;
            }
            _ => return,
        }
        let choices = choices(turn);
        let heard_before = self.menus.iter().any(|menu| menu.choices == choices);
        // A question with yes or no is none of the menu.
        if choices.len() < 2 || heard_before || at.language() != self.language {
            return;
        }
        let keys: Vec<char> = choices.iter().map(|choice| choice.key).collect();
        self.menus.push(Menu { after: after.clone(), choices });
        if after.len() >= DEEPEST {
            return;
        }
        for key in keys {
            let pressed = self.flows.resume(at.clone(), Event::Keys(key.to_string()));
            if let Ok((next, turn)) = pressed {
                let mut path = after.clone();
                path.push(key);
                self.listen(&next, &turn, path);
            }
        }
    }
}

/// Everything that is said in a language, in one text.
fn words(turn: &Turn, spoken: Language) -> String {
    let said = turn.spoken.iter().filter_map(|utterance| match utterance {
        Utterance::Say { text, language } | Utterance::Play { text, language, .. } => {
            (*language == spoken).then_some(text.trim())
        }
        Utterance::Pause { .. } => None,
    });
    said.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The keys that are named, in the order in which they are.
fn choices(turn: &Turn) -> Vec<Choice> {
    let mut found: Vec<Choice> = Vec::new();
    for utterance in &turn.spoken {
        let (Utterance::Say { text, language } | Utterance::Play { text, language, .. }) =
            utterance
        else {
            continue;
        };
        for (key, what) in named_keys(text) {
            if !found.iter().any(|choice| choice.key == key) {
                found.push(Choice { key, what, language: *language });
            }
        }
    }
    found
}

/// "Voor vervoer: toets 3." and "Liever een medewerker? Toets 0.", "For a lift, press 3.": the key, and
/// what was said before it, from the sentence that it is about.
fn named_keys(text: &str) -> Vec<(char, String)> {
    let mut keys = Vec::new();
    let mut before = "";
    for sentence in sentences(text) {
        let lower = sentence.to_lowercase();
        let verb =
            ["toets ", "press "].iter().find_map(|verb| Some((lower.rfind(verb)?, verb.len())));
        let key = verb.and_then(|(at, length)| {
            let mut rest = lower.get(at + length..)?.chars();
            let key = rest.next().filter(|c| c.is_ascii_digit() || matches!(c, '*' | '#'))?;
            // Not "toets de vier cijfers", and not "toets 2586".
            (!rest.next().is_some_and(char::is_alphanumeric)).then_some((at, key))
        });
        if let Some((at, key)) = key {
            // Lower case has the same length in the two languages that are spoken here.
            let own = sentence.get(..at).unwrap_or("").trim_end_matches([':', ',', ' ']);
            let what = if own.is_empty() { before } else { own };
            if !what.is_empty() {
                keys.push((key, what.to_owned()));
            }
        }
        before = sentence;
    }
    keys
}

/// Sentences with the question marks that they end with; without the full stops.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(['.', '?', '!'])
        .map(|sentence| sentence.trim().trim_end_matches(['.', '!']))
        .filter(|sentence| !sentence.is_empty())
}
