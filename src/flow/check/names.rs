//! Names: forms, doors, results and services that are named are there, each once.

use super::super::Value;
use super::super::doors::{self, Door};
use super::super::expr::Expr;
use super::super::graph;
use super::super::tree::{Action, Form, Item, Kind, Part, Prompt};
use super::{FileNotes, Look, each_action, each_list, each_prompt};
use crate::domain::Language;

/// Whether every way leads to a form that is there.
pub(super) fn check(look: &Look<'_>, notes: &mut FileNotes<'_>) -> bool {
    let whole = forms(look, notes);
    for item in look.document.forms.iter().flat_map(|form| &form.items) {
        match &item.kind {
            Kind::Object { door, params } => door_of(look, item, door, params, notes),
            Kind::Transfer(Expr::Literal(Value::Text(dest))) if !dest.starts_with("tel:+") => {
                let sentence = "a transfer goes to a telephone: write dest=\"tel:+31...\"";
                notes.fault(item.line, sentence);
            }
            _ => {}
        }
    }
    assignments(look, notes);
    results(look, notes);
    whole
}

fn forms(look: &Look<'_>, notes: &mut FileNotes<'_>) -> bool {
    let all = &look.document.forms;
    let mut whole = true;
    for (at, form) in all.iter().enumerate() {
        let earlier = all.iter().take(at).find(|earlier| earlier.id == form.id);
        if let Some(earlier) = earlier.filter(|_| !form.id.is_empty()) {
            let (id, line) = (&form.id, earlier.line);
            notes.fault(form.line, format!("#{id} is already the form of line {line}; rename one"));
            whole = false;
        }
        for edge in graph::edges(look.document, form) {
            if !all.iter().any(|form: &Form| form.id == edge.to) {
                notes.fault(
                    edge.line,
                    format!("there is no form #{}; write one, or lead elsewhere", edge.to),
                );
                whole = false;
            }
        }
    }
    whole
}

fn door_of(
    look: &Look<'_>,
    item: &Item,
    name: &str,
    params: &[(String, Expr)],
    notes: &mut FileNotes<'_>,
) {
    let Some(door) = doors::called(name) else {
        let known: Vec<_> = doors::DOORS.iter().map(|door| door.name).collect();
        let sentence = format!("there is no builtin:{name}; there are {}", known.join(", "));
        return notes.fault(item.line, sentence);
    };
    for needed in door.needs.iter().filter(|n| !params.iter().any(|(name, _)| name == *n)) {
        let sentence = format!("builtin:{name} needs <param name=\"{needed}\" .../>");
        notes.fault(item.line, sentence);
    }
    for (param, value) in params {
        if !door.needs.iter().chain(door.takes).any(|known| known == param) {
            let sentence =
                format!("builtin:{name} has no use for the param \"{param}\"; take it out");
            notes.fault(item.line, sentence);
        }
        let Expr::Literal(Value::Text(word)) = value else { continue };
        if param == doors::SERVICE {
            service(look, word, item.line, notes);
        }
        if param == doors::ANSWER && !doors::ANSWERS.contains(&word.as_str()) {
            let known = doors::ANSWERS.join(", ");
            notes.fault(
                item.line,
                format!("nobody answers \"{word}\"; an answer is one of {known}"),
            );
        }
    }
}

fn service(look: &Look<'_>, id: &str, line: usize, notes: &mut FileNotes<'_>) {
    if look.catalogue.called(id).is_none() {
        let sentence =
            format!("there is no service \"{id}\" in services.toml; add it there, or name another");
        notes.fault(line, sentence);
    }
}

/// Words given to the language, and to what becomes the service of a search.
fn assignments(look: &Look<'_>, notes: &mut FileNotes<'_>) {
    let services = variables_for_services(look);
    let vars = look.document.vars.iter();
    for (var, word) in vars.filter_map(|var| Some((var, literal(var.expr.as_ref()?)?))) {
        if services.contains(&var.name.as_str()) {
            service(look, word, var.line, notes);
        }
    }
    each_list(look.document, &mut |list, _| {
        each_action(list, &mut |action| {
            let Action::Assign { name, expr, line } = action else { return };
            let Some(word) = literal(expr) else { return };
            if services.contains(&name.as_str()) {
                service(look, word, *line, notes);
            }
            if name == "language" && Language::parse(word).is_none() {
                notes.fault(*line, format!("\"{word}\" is not spoken here; assign 'nl' or 'en'"));
            }
        });
    });
}

fn variables_for_services<'d>(look: &Look<'d>) -> Vec<&'d str> {
    let items = look.document.forms.iter().flat_map(|form| &form.items);
    let params = items.filter_map(|item| match &item.kind {
        Kind::Object { params, .. } => Some(params),
        _ => None,
    });
    let named = params.flatten().filter_map(|(param, expr)| match expr {
        Expr::Name(name) if param == doors::SERVICE => Some(name.as_str()),
        _ => None,
    });
    named.collect()
}

fn literal(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Literal(Value::Text(word)) => Some(word),
        _ => None,
    }
}

/// `search.resutl`: a result that no door returns; `offers.dgo`: no service.
fn results(look: &Look<'_>, notes: &mut FileNotes<'_>) {
    each_expr(look, &mut |expr, line| {
        expr.look(&mut |name, _| {
            let Some((of, key)) = name.split_once('.') else { return };
            if of == "offers" {
                return service(look, key, line, notes);
            }
            let doors = doors_called(look, of);
            if !doors.is_empty() && !doors.iter().any(|door| door.returns.contains(&key)) {
                let known: Vec<_> = doors.iter().flat_map(|door| door.returns).copied().collect();
                let sentence = match known.as_slice() {
                    [] => format!("{name} is never set: builtin:{} returns nothing", doors[0].name),
                    known => format!("{name} is never set; {of} returns {}", known.join(", ")),
                };
                notes.fault(line, sentence);
            }
        });
    });
}

/// The doors that objects of this name open.
fn doors_called(look: &Look<'_>, name: &str) -> Vec<&'static Door> {
    let items = look.document.forms.iter().flat_map(|form| &form.items);
    let named = items.filter(|item| item.name == name);
    let doors = named.filter_map(|item| match &item.kind {
        Kind::Object { door, .. } => doors::called(door),
        _ => None,
    });
    doors.collect()
}

/// Every expression of a file, with the nearest line.
fn each_expr(look: &Look<'_>, see: &mut dyn FnMut(&Expr, usize)) {
    for var in &look.document.vars {
        var.expr.iter().for_each(|expr| see(expr, var.line));
    }
    for item in look.document.forms.iter().flat_map(|form| &form.items) {
        item.cond.iter().for_each(|cond| see(cond, item.line));
        if let Kind::Object { params, .. } = &item.kind {
            params.iter().for_each(|(_, expr)| see(expr, item.line));
        }
    }
    each_list(look.document, &mut |list, line| {
        each_action(list, &mut |action| match action {
            Action::Assign { expr, line, .. } => see(expr, *line),
            Action::If(branches) => {
                branches
                    .iter()
                    .filter_map(|(cond, _)| cond.as_ref())
                    .for_each(|cond| see(cond, line));
            }
            _ => {}
        });
    });
    each_prompt(look.document, &mut |prompt| in_prompt(prompt, see));
}

fn in_prompt(prompt: &Prompt, see: &mut dyn FnMut(&Expr, usize)) {
    prompt.cond.iter().for_each(|cond| see(cond, prompt.line));
    in_parts(&prompt.parts, &mut |expr| see(expr, prompt.line));
}

fn in_parts(parts: &[Part], see: &mut dyn FnMut(&Expr)) {
    for part in parts {
        match part {
            Part::Value(expr) => see(expr),
            Part::Audio { src, words } => {
                see(src);
                in_parts(words, see);
            }
            Part::Digits(inside) | Part::Enumerate(inside) => in_parts(inside, see),
            Part::Text(_) | Part::Break(_) => {}
        }
    }
}
