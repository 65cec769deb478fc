//! Items of a form: what waits for keys, a recording or the exchange, or does things at once.

use roxmltree::Node;

use super::{Reader, elements, line_of};
use crate::flow::expr::Expr;
use crate::flow::tree::{Item, Kind};

impl Reader<'_> {
    pub(super) fn item(&mut self, node: Node<'_, '_>, kind: Kind) -> Item {
        Item {
            name: node.attribute("name").unwrap_or_default().to_owned(),
            line: line_of(node),
            cond: self.optional_expr(node, "cond"),
            prompts: Vec::new(),
            properties: Vec::new(),
            handlers: Vec::new(),
            filled: Vec::new(),
            kind,
        }
    }

    pub(super) fn part_of_item(&mut self, node: Node<'_, '_>, item: &mut Item, inside: &str) {
        match node.tag_name().name() {
            "prompt" => item.prompts.extend(self.prompt(node)),
            "property" => item.properties.extend(self.property(node)),
            "noinput" | "nomatch" => item.handlers.extend(self.handler(node)),
            "filled" => item.filled.extend(self.actions(node)),
            _ => self.unknown(node, inside),
        }
    }

    pub(super) fn parts_of_item(&mut self, node: Node<'_, '_>, item: &mut Item, but: &[&str]) {
        let inside = node.tag_name().name().to_owned();
        for child in elements(node).filter(|c| !but.contains(&c.tag_name().name())) {
            self.part_of_item(child, item, &inside);
        }
    }

    pub(super) fn field(&mut self, node: Node<'_, '_>) -> Item {
        self.only(node, &["name", "cond"]);
        self.needs(node, "name");
        let grammar = elements(node).find(|c| c.tag_name().name() == "grammar");
        let src = grammar.and_then(|g| g.attribute("src")).unwrap_or_default();
        let kind = match src.strip_prefix("builtin:digits?length=").map(str::parse) {
            Some(Ok(length @ 1..=20)) => Kind::Digits(length),
            _ if src == "builtin:boolean" => Kind::Boolean,
            _ => {
                self.fault(node, "a field needs <grammar src=\"builtin:digits?length=4\"/> or \"builtin:boolean\"");
                Kind::Boolean
            }
        };
        let mut item = self.item(node, kind);
        self.parts_of_item(node, &mut item, &["grammar"]);
        item
    }

    pub(super) fn record(&mut self, node: Node<'_, '_>) -> Item {
        self.only(node, &["name", "cond", "maxtime", "finalsilence", "beep", "dtmfterm"]);
        self.needs(node, "name");
        let max = self.milliseconds(node, "maxtime", 60_000) / 1000;
        let silence = self.milliseconds(node, "finalsilence", 4_000) / 1000;
        let kind = Kind::Record {
            max_seconds: u16::try_from(max).unwrap_or(u16::MAX).max(2),
            final_silence: u8::try_from(silence).unwrap_or(u8::MAX).max(1),
            beep: node.attribute("beep") == Some("true"),
        };
        let mut item = self.item(node, kind);
        self.parts_of_item(node, &mut item, &[]);
        item
    }

    pub(super) fn object(&mut self, node: Node<'_, '_>) -> Item {
        self.only(node, &["name", "cond", "classid"]);
        self.needs(node, "name");
        let class = self.needs(node, "classid").to_owned();
        let door = class.strip_prefix("builtin:").unwrap_or_default().to_owned();
        if door.is_empty() {
            self.fault(node, "classid= must begin with builtin:");
        }
        let mut params = Vec::new();
        for param in elements(node).filter(|c| c.tag_name().name() == "param") {
            self.only(param, &["name", "expr", "value"]);
            let name = self.needs(param, "name").to_owned();
            let value = match param.attribute("value") {
                Some(text) => Expr::Literal(crate::flow::Value::Text(text.to_owned())),
                None => {
                    let text = self.needs(param, "expr").to_owned();
                    self.expr(param, &text)
                }
            };
            params.push((name, value));
        }
        let mut item = self.item(node, Kind::Object { door, params });
        self.parts_of_item(node, &mut item, &["param"]);
        item
    }

    pub(super) fn transfer(&mut self, node: Node<'_, '_>) -> Item {
        self.only(node, &["name", "cond", "dest", "destexpr", "bridge"]);
        let dest = match node.attribute("dest") {
            Some(text) => Expr::Literal(crate::flow::Value::Text(text.to_owned())),
            None => {
                let text = self.needs(node, "destexpr").to_owned();
                self.expr(node, &text)
            }
        };
        let mut item = self.item(node, Kind::Transfer(dest));
        self.parts_of_item(node, &mut item, &[]);
        item
    }
}
