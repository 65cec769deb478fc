//! Prompts: words, and what stands between them.

use roxmltree::Node;

use super::{DEEPEST, Reader, line_of};
use crate::domain::Language;
use crate::flow::expr::Expr;
use crate::flow::tree::{Part, Prompt};

impl Reader<'_> {
    pub(super) fn prompt(&mut self, node: Node<'_, '_>) -> Option<Prompt> {
        self.only(node, &["lang", "count", "cond"]);
        let tag = node.attribute(("http://www.w3.org/XML/1998/namespace", "lang"));
        let language = tag.and_then(Language::parse);
        if let (Some(tag), None) = (tag, language) {
            self.fault(node, format!("xml:lang=\"{tag}\" is not spoken here; use nl-NL or en-GB"));
        }
        Some(Prompt {
            language,
            count: self.number(node, "count", 1),
            cond: self.optional_expr(node, "cond"),
            parts: self.parts(node),
            line: line_of(node),
        })
    }

    pub(super) fn parts(&mut self, node: Node<'_, '_>) -> Vec<Part> {
        if node.ancestors().count() > DEEPEST {
            self.fault(node, "this is nested too deeply");
            return Vec::new();
        }
        let mut parts = Vec::new();
        for child in node.children() {
            if let Some(text) = child.text().filter(|_| child.is_text()) {
                let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
                if !words.is_empty() {
                    parts.push(Part::Text(words));
                }
            } else if child.is_element() {
                parts.extend(self.part(child));
            }
        }
        parts
    }

    pub(super) fn part(&mut self, node: Node<'_, '_>) -> Option<Part> {
        Some(match node.tag_name().name() {
            "value" => {
                self.only(node, &["expr"]);
                let text = self.needs(node, "expr").to_owned();
                Part::Value(self.expr(node, &text))
            }
            "say-as" => {
                self.only(node, &["interpret-as"]);
                let how = self.needs(node, "interpret-as");
                if how != "digits" && how != "vxml:digits" {
                    self.fault(node, "interpret-as= is \"digits\" here: read one by one");
                }
                Part::Digits(self.parts(node))
            }
            "break" => {
                self.only(node, &["time"]);
                Part::Break(self.milliseconds(node, "time", 500))
            }
            "audio" => {
                self.only(node, &["src", "expr"]);
                let src = match node.attribute("src") {
                    Some(text) => Expr::Literal(crate::flow::Value::Text(text.to_owned())),
                    None => {
                        let text = self.needs(node, "expr").to_owned();
                        self.expr(node, &text)
                    }
                };
                Part::Audio { src, words: self.parts(node) }
            }
            "enumerate" => Part::Enumerate(self.parts(node)),
            _ => {
                self.unknown(node, "prompt");
                return None;
            }
        })
    }
}
