//! Where one can go from each form of a flow: for the checks and for the diagram.

use super::scope::Scope;
use super::tree::{Action, Document, Form, Item, Kind, When};

/// A way from a form to another.
#[derive(Debug, Clone)]
pub(super) struct Edge<'d> {
    /// The id of the form it leads to.
    pub(super) to: &'d str,
    /// Line of the file where that is written.
    pub(super) line: usize,
    /// What makes one go there.
    pub(super) by: By<'d>,
    /// What must hold as well, from the outside in.
    pub(super) conds: Vec<String>,
    /// Written once for the whole file, not in this form.
    pub(super) everywhere: bool,
}

/// What makes one go from a form to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By<'d> {
    /// A key of a menu, with what the choice is called.
    Choice(char, &'d str),
    /// A global key.
    Key(char),
    /// A silence or a wrong key, from this time on.
    Handler(When, u32),
    /// A `goto` in the course of the form.
    Course,
}

/// All ways out of a form, in the order of the file.
pub(super) fn edges<'d>(document: &'d Document, form: &'d Form) -> Vec<Edge<'d>> {
    let mut edges = Vec::new();
    for item in &form.items {
        edges.extend(course(item));
        if let Kind::Menu(choices) = &item.kind {
            edges.extend(choices.iter().map(|choice| Edge {
                to: &choice.next,
                line: choice.line,
                by: By::Choice(choice.key, &choice.text),
                conds: Vec::new(),
                everywhere: false,
            }));
        }
        let scope = Scope { document, form, item };
        edges.extend(keys(scope));
        edges.extend(handlers(scope));
    }
    edges
}

/// Ways out of a form on which nobody is asked anything.
pub(super) fn unasked(form: &Form) -> Vec<Edge<'_>> {
    let mut edges = Vec::new();
    for item in &form.items {
        let certain = item.cond.is_none();
        if item.asks() {
            if certain {
                break;
            }
            continue;
        }
        edges.extend(course(item));
        if certain && leaves(actions(item)) {
            break;
        }
    }
    edges
}

/// Whether a form can run out of items: nothing in it is sure to lead somewhere else.
pub(super) fn runs_out(form: &Form) -> bool {
    !form.items.iter().any(|item| {
        item.cond.is_none() && (matches!(item.kind, Kind::Menu(_)) || leaves(actions(item)))
    })
}

/// Whether the flow can end in this form.
pub(super) fn ends(document: &Document, form: &Form) -> bool {
    runs_out(form)
        || form.items.iter().any(|item| {
            let scope = Scope { document, form, item };
            let handled = waits(item)
                .then(|| [When::Silence, When::NoMatch].map(|when| scope.handlers(when)))
                .into_iter()
                .flatten()
                .flatten();
            stops(actions(item)) || handled.into_iter().any(|handler| stops(&handler.actions))
        })
}

/// What an item does in the normal course: a block itself, anything else once it is filled.
pub(super) fn actions(item: &Item) -> &[Action] {
    match &item.kind {
        Kind::Block(actions) => actions,
        _ => &item.filled,
    }
}

fn course(item: &Item) -> Vec<Edge<'_>> {
    let mut conds: Vec<String> = item.cond.iter().map(ToString::to_string).collect();
    let mut edges = Vec::new();
    gotos(actions(item), &mut conds, &mut |to, line, conds| {
        edges.push(Edge { to, line, by: By::Course, conds: conds.to_vec(), everywhere: false });
    });
    edges
}

fn keys(scope: Scope<'_>) -> Vec<Edge<'_>> {
    if !scope.item.takes_keys() {
        return Vec::new();
    }
    let keys = "0123456789*#".chars().filter(|key| !scope.item.uses(*key));
    let set = keys.flat_map(|key| scope.global_keys(key).map(move |property| (key, property)));
    let ways = set.filter_map(|(key, property)| {
        let everywhere = scope.document.properties.iter().any(|p| std::ptr::eq(p, property));
        // After `burenhulp.key.K.` stands what must hold.
        let conds = property.name.splitn(4, '.').nth(3).map(str::to_owned);
        Some(Edge {
            to: property.value.strip_prefix('#')?,
            line: property.line,
            by: By::Key(key),
            conds: conds.into_iter().collect(),
            everywhere,
        })
    });
    ways.collect()
}

fn handlers(scope: Scope<'_>) -> Vec<Edge<'_>> {
    let mut edges = Vec::new();
    if !waits(scope.item) {
        return edges;
    }
    for when in [When::Silence, When::NoMatch] {
        for handler in scope.handlers(when) {
            let everywhere = scope.document.handlers.iter().any(|h| std::ptr::eq(h, handler));
            gotos(&handler.actions, &mut Vec::new(), &mut |to, line, conds| {
                let by = By::Handler(when, handler.count);
                edges.push(Edge { to, line, by, conds: conds.to_vec(), everywhere });
            });
        }
    }
    edges
}

fn waits(item: &Item) -> bool {
    !matches!(item.kind, Kind::Block(_))
}

fn gotos<'d>(
    actions: &'d [Action],
    conds: &mut Vec<String>,
    found: &mut dyn FnMut(&'d str, usize, &[String]),
) {
    for action in actions {
        match action {
            Action::Goto { form, line } => found(form, *line, conds),
            Action::If(branches) => {
                for (cond, inside) in branches {
                    conds.push(cond.as_ref().map_or_else(|| "else".into(), ToString::to_string));
                    gotos(inside, conds, found);
                    conds.pop();
                }
            }
            _ => {}
        }
    }
}

/// Whether these actions are sure to lead somewhere else, or to end.
fn leaves(actions: &[Action]) -> bool {
    actions.iter().any(|action| match action {
        Action::Goto { .. } | Action::Disconnect | Action::Exit => true,
        Action::If(branches) => {
            branches.iter().any(|(cond, _)| cond.is_none())
                && branches.iter().all(|(_, inside)| leaves(inside))
        }
        Action::Prompt(_) | Action::Assign { .. } => false,
    })
}

/// Whether these actions can end the flow.
fn stops(actions: &[Action]) -> bool {
    actions.iter().any(|action| match action {
        Action::Disconnect | Action::Exit => true,
        Action::If(branches) => branches.iter().any(|(_, inside)| stops(inside)),
        _ => false,
    })
}
