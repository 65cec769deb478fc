//! A form as a box: its name, its first words, what it waits for.

use super::super::Value;
use super::super::expr::Expr;
use super::super::graph::{self, actions};
use super::super::tree::{Action, Document, Form, Item, Kind, Part, Prompt};
use crate::domain::Language;

/// Characters in a line of a box.
const LINE: usize = 32;

/// Lines of words in a box.
const LINES: usize = 2;

/// A form as it is drawn.
pub(super) struct FormBox {
    pub(super) name: String,
    /// Its first words, broken into lines.
    pub(super) words: Vec<String>,
    pub(super) does: Does,
    /// What it does, in words: `1 key`, `find-desk`, `hangs up`.
    pub(super) what: String,
}

/// What a form is for, by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Asks for keys.
    Asks,
    /// Records.
    Records,
    /// Asks the exchange.
    Opens,
    /// Ends the flow.
    Ends,
    /// Leads on.
    Leads,
}

impl FormBox {
    pub(super) fn of(document: &Document, form: &Form, language: Language) -> Self {
        let (does, what) = purpose(document, form);
        let words = form.items.iter().map(|item| first_words(item, language));
        let words = words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
        let name = if form.id.is_empty() { "(begin)".to_owned() } else { form.id.clone() };
        Self { name, words: lines(&words), does, what }
    }
}

fn purpose(document: &Document, form: &Form) -> (Does, String) {
    let asked = form.items.iter().find_map(|item| match item.kind {
        Kind::Menu(_) | Kind::Boolean => Some((Does::Asks, "1 key".to_owned())),
        Kind::Digits(length) => Some((Does::Asks, format!("{length} keys"))),
        Kind::Record { max_seconds, .. } => {
            Some((Does::Records, format!("records {max_seconds} s")))
        }
        _ => None,
    });
    let mut steps: Vec<String> = asked.iter().map(|(_, what)| what.clone()).collect();
    let doors: Vec<String> = form.items.iter().filter_map(door).collect();
    steps.extend(doors.iter().cloned());
    let mut endings = Vec::new();
    for item in &form.items {
        look_at(actions(item), &mut steps, &mut endings);
    }
    let leads = graph::edges(document, form).iter().any(|edge| !edge.everywhere);
    let endings: Vec<_> = endings.iter().map(|ending| ending[usize::from(leads)]).collect();
    if !endings.is_empty() {
        steps.push(endings.join(" or "));
    }
    let does = match asked {
        Some((does, _)) => does,
        None if !doors.is_empty() => Does::Opens,
        None if leads => Does::Leads,
        None => Does::Ends,
    };
    (does, cut(steps.join(", "), LINE + 2))
}

/// A door, with the words that are handed in there: `answer yes`.
fn door(item: &Item) -> Option<String> {
    let (door, params) = match &item.kind {
        Kind::Object { door, params } => (door.as_str(), params.as_slice()),
        Kind::Transfer(_) => ("transfer", [].as_slice()),
        _ => return None,
    };
    let words = params.iter().filter_map(|(_, value)| match value {
        Expr::Literal(Value::Text(word)) => Some(word.as_str()),
        _ => None,
    });
    Some([door].into_iter().chain(words).collect::<Vec<_>>().join(" "))
}

/// What is settled on the way, and how it may end: certainly, and perhaps.
fn look_at(actions: &[Action], steps: &mut Vec<String>, endings: &mut Vec<[&'static str; 2]>) {
    for action in actions {
        let ending = match action {
            Action::Disconnect => ["hangs up", "may hang up"],
            Action::Exit => ["ends", "may end"],
            Action::Assign { name, expr, .. } => {
                steps.push(format!("{name} = {expr}"));
                continue;
            }
            Action::If(branches) => {
                branches.iter().for_each(|(_, inside)| look_at(inside, steps, endings));
                continue;
            }
            _ => continue,
        };
        if !endings.contains(&ending) {
            endings.push(ending);
        }
    }
}

fn first_words(item: &Item, language: Language) -> String {
    let mut said = Vec::new();
    let first = item.prompts.iter().map(|prompt| prompt.count).min();
    let own = item.prompts.iter().filter(|prompt| Some(prompt.count) == first);
    said.extend(own.filter(|prompt| spoken_in(prompt, language)).map(words));
    if matches!(item.kind, Kind::Block(_)) {
        of_actions(actions(item), language, &mut said);
    }
    said.join(" ")
}

fn of_actions(actions: &[Action], language: Language, said: &mut Vec<String>) {
    for action in actions {
        match action {
            Action::Prompt(prompt) if spoken_in(prompt, language) => said.push(words(prompt)),
            // The first branch stands for all of them.
            Action::If(branches) => {
                branches.iter().take(1).for_each(|(_, inside)| of_actions(inside, language, said));
            }
            _ => {}
        }
    }
}

fn spoken_in(prompt: &Prompt, language: Language) -> bool {
    prompt.language.is_none_or(|own| own == language)
}

fn words(prompt: &Prompt) -> String {
    let mut text = String::new();
    gather(&prompt.parts, &mut text);
    text
}

fn gather(parts: &[Part], text: &mut String) {
    let mut put = |words: &str| {
        if !text.is_empty() && !words.starts_with(['.', ',', ':', '!', '?']) {
            text.push(' ');
        }
        text.push_str(words);
    };
    for part in parts {
        match part {
            Part::Text(words) => put(words),
            Part::Value(expr) => put(&format!("{{{expr}}}")),
            Part::Enumerate(_) => put("\u{2026}"),
            Part::Digits(inside) | Part::Audio { words: inside, .. } => {
                let mut more = String::new();
                gather(inside, &mut more);
                put(&more);
            }
            Part::Break(_) => {}
        }
    }
}

/// At most so many characters, with an ellipsis for the rest.
fn cut(text: String, most: usize) -> String {
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most - 1).chain(['\u{2026}']).collect()
}

/// At most [`LINES`] lines of at most [`LINE`] characters, cut with an ellipsis.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LINE => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > LINES {
        lines.truncate(LINES);
        if let Some(last) = lines.last_mut() {
            last.push('\u{2026}');
        }
    }
    lines
}
