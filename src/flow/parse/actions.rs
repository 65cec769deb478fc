//! Actions: what is done at once, and the handlers that hold them.

use roxmltree::Node;

use super::{DEEPEST, Reader, elements, line_of};
use crate::flow::expr::Expr;
use crate::flow::tree::{Action, Handler, When};

impl Reader<'_> {
    pub(super) fn handler(&mut self, node: Node<'_, '_>) -> Option<Handler> {
        self.only(node, &["count"]);
        let when = if node.tag_name().name() == "noinput" { When::Silence } else { When::NoMatch };
        let count = self.number(node, "count", 1);
        Some(Handler { when, count, actions: self.actions(node), line: line_of(node) })
    }

    pub(super) fn actions(&mut self, node: Node<'_, '_>) -> Vec<Action> {
        if node.ancestors().count() > DEEPEST {
            self.fault(node, "this is nested too deeply");
            return Vec::new();
        }
        elements(node).filter_map(|child| self.action(child)).collect()
    }

    pub(super) fn action(&mut self, node: Node<'_, '_>) -> Option<Action> {
        Some(match node.tag_name().name() {
            "prompt" => Action::Prompt(self.prompt(node)?),
            "assign" | "var" => {
                self.only(node, &["name", "expr"]);
                let name = self.needs(node, "name").to_owned();
                let text = node.attribute("expr").unwrap_or("undefined").to_owned();
                Action::Assign { name, expr: self.expr(node, &text), line: line_of(node) }
            }
            "if" => Action::If(self.branches(node)),
            "goto" => {
                self.only(node, &["next"]);
                Action::Goto { form: self.form_named(node), line: line_of(node) }
            }
            "disconnect" => Action::Disconnect,
            "exit" => Action::Exit,
            _ => {
                let inside = node.parent().map_or("block", |p| p.tag_name().name()).to_owned();
                self.unknown(node, &inside);
                return None;
            }
        })
    }

    /// `<if>` with its `<elseif/>` and `<else/>`, which stand between the actions.
    pub(super) fn branches(&mut self, node: Node<'_, '_>) -> Vec<(Option<Expr>, Vec<Action>)> {
        self.only(node, &["cond"]);
        let cond = self.needs(node, "cond").to_owned();
        let mut branches = vec![(Some(self.expr(node, &cond)), Vec::new())];
        if node.ancestors().count() > DEEPEST {
            self.fault(node, "this is nested too deeply");
            return branches;
        }
        for child in elements(node) {
            match child.tag_name().name() {
                "elseif" => {
                    let cond = self.needs(child, "cond").to_owned();
                    branches.push((Some(self.expr(child, &cond)), Vec::new()));
                }
                "else" => branches.push((None, Vec::new())),
                _ => {
                    let action = self.action(child);
                    if let Some((_, actions)) = branches.last_mut() {
                        actions.extend(action);
                    }
                }
            }
        }
        branches
    }
}
